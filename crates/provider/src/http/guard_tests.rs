//! The table of addresses, and a resolver that changes its answer.

use std::sync::Mutex;

use async_trait::async_trait;

use super::*;

fn guard(allow_private: bool, networks: &[&str]) -> Guard {
    Guard::new(allow_private, networks.iter().map(|network| network.parse().unwrap()).collect())
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// Always permitted.
const PUBLIC: &[&str] = &["8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.0", "100.63.255.255", "100.128.0.0", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"];
/// With `allow_private`, or when its network is named.
const PRIVATE: &[&str] = &[
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fdff::1",
    "fec0::1",
];
/// Only when its network is named.
const CLOUD: &[&str] = &[
    "169.254.169.254",
    "169.254.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::169.254.169.254",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "fd00:ec2::254",
    "fd20:ce::254",
    "fe80::1",
    "febf::1",
];
/// Never.
const NOBODY: &[&str] = &["0.0.0.0", "0.1.2.3", "::ffff:0.0.0.0", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "ff02::1"];

#[test]
fn what_may_be_reached() {
    let (strict, lax, everything) = (guard(false, &[]), guard(true, &[]), guard(true, &["0.0.0.0/0", "::/0"]));
    for (addresses, expected) in [(PUBLIC, [true, true, true]), (PRIVATE, [false, true, true]), (CLOUD, [false, false, true]), (NOBODY, [false, false, false])] {
        for address in addresses {
            assert_eq!([&strict, &lax, &everything].map(|guard| guard.permits(ip(address))), expected, "{address}");
        }
    }
}

#[test]
fn a_named_network_opens_itself_alone() {
    let guard = guard(false, &["10.1.0.0/16", "192.168.7.7", "fd12::/16"]);
    for (address, permitted) in [
        ("10.1.255.1", true),
        ("::ffff:10.1.2.3", true),
        ("10.2.0.1", false),
        ("192.168.7.7", true),
        ("192.168.7.8", false),
        ("fd12::1", true),
        ("fd13::1", false),
        ("127.0.0.1", false),
        ("9.9.9.9", true),
    ] {
        assert_eq!(guard.permits(ip(address)), permitted, "{address}");
    }
}

#[test]
fn networks_are_read_or_refused() {
    for (text, shown) in [("10.1.0.0/16", "10.1.0.0/16"), ("10.1.2.3", "10.1.2.3/32"), ("fd00::/8", "fd00::/8"), ("::1", "::1/128"), ("0.0.0.0/0", "0.0.0.0/0")] {
        assert_eq!(text.parse::<Network>().map(|network| network.to_string()), Ok(shown.to_owned()));
    }
    for refused in ["", "10.1", "10.1.0.0/33", "10.1.0.0/", "::/129", "10.1.0.0/-1", "example.com", "10.1.0.0/16/8"] {
        assert_eq!(refused.parse::<Network>(), Err(BadNetwork), "{refused}");
    }
}

/// Gives the next answer at each look-up; none when they have run out.
struct Changing(Mutex<Vec<Vec<IpAddr>>>);

#[async_trait]
impl Names for Changing {
    async fn look_up(&self, _name: &str) -> std::io::Result<Vec<IpAddr>> {
        let mut answers = self.0.lock().unwrap();
        if answers.is_empty() { Err(std::io::Error::other("nobody to ask")) } else { Ok(answers.remove(0)) }
    }
}

#[tokio::test]
async fn a_name_gives_its_permitted_addresses_and_no_others() {
    let answers = vec![vec![ip("9.9.9.9"), ip("127.0.0.1"), ip("2606:4700::1")], vec![ip("127.0.0.1")], vec![ip("::ffff:169.254.169.254"), ip("10.0.0.1")], vec![]];
    let guard = guard(false, &[]).with_names(Arc::new(Changing(Mutex::new(answers))));
    let found = guard.addresses("made-up.test", 25).await.unwrap();
    assert_eq!(found, ["9.9.9.9:25".parse().unwrap(), "[2606:4700::1]:25".parse().unwrap()]);
    for expected in [NoWay::Forbidden, NoWay::Forbidden, NoWay::Unknown, NoWay::Unknown] {
        assert_eq!(guard.addresses("made-up.test", 25).await, Err(expected));
    }
}

#[tokio::test]
async fn a_literal_address_is_checked_without_a_look_up() {
    let guard = guard(false, &[]).with_names(Arc::new(Changing(Mutex::new(vec![]))));
    assert_eq!(guard.addresses("9.9.9.9", 80).await, Ok(vec!["9.9.9.9:80".parse().unwrap()]));
    for literal in ["127.0.0.1", "::1", "[::1]", "[::ffff:10.0.0.1]", "0.0.0.0", "169.254.169.254"] {
        assert_eq!(guard.addresses(literal, 80).await, Err(NoWay::Forbidden), "{literal}");
    }
}
