//! The guarded client on real sockets: where it goes, what it follows (nothing), how much it reads, and a name whose address changes between two looks.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use salio_provider::http::{Address, Answer, Failure, FailureKind, Guard, MAX_ANSWER_BYTES, Method, Names, NoAnswer, NoWay, Outgoing, Outside, Phase, Tls};
use support::Reaction::{Answer as Say, CloseAfterReading, KeepOpen, ResetAfter, ResetAtOnce, Stall};
use support::{DEADLINE, HASTY, PATIENT, Vendor, http, nowhere, promising};

const TOKEN: &str = "made-up-token";

fn open() -> Guard {
    Guard::new(true, vec![])
}

fn client(guard: Guard, timeout: Duration) -> Outside {
    Outside::new(&Tls::from_system().expect("roots"), guard, timeout).expect("a client")
}

async fn post(client: &Outside, to: &str) -> Result<Answer, NoAnswer> {
    let to = Address::parse(to).expect("an address");
    let outgoing = Outgoing { method: Method::Post, to: &to, headers: vec![("authorization", format!("Bearer {TOKEN}"))], body: b"{}".to_vec() };
    tokio::time::timeout(DEADLINE, client.send(outgoing)).await.expect("an end in time")
}

/// Gives the next answer at each look-up, the last one ever after.
struct Changing(Mutex<Vec<Vec<IpAddr>>>, AtomicUsize);

impl Changing {
    fn new(answers: &[&[[u8; 4]]]) -> Arc<Self> {
        let answers = answers.iter().map(|answer| answer.iter().map(|octets| IpAddr::V4(Ipv4Addr::from(*octets))).collect()).collect();
        Arc::new(Self(Mutex::new(answers), AtomicUsize::new(0)))
    }
}

#[async_trait]
impl Names for Changing {
    async fn look_up(&self, _name: &str) -> std::io::Result<Vec<IpAddr>> {
        self.1.fetch_add(1, Ordering::SeqCst);
        let mut answers = self.0.lock().expect("not poisoned");
        Ok(if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() })
    }
}

#[tokio::test]
async fn statuses_and_waits_come_back_and_redirects_are_not_followed() {
    let elsewhere = Vendor::always(Say(http(200, "followed"))).await;
    let client = client(open(), PATIENT);
    for (head, status, wait) in [
        ("200 OK", 200, None),
        ("410 Gone", 410, None),
        ("429 Slow down\r\nRetry-After: 7", 429, Some(7)),
        ("503 Later\r\nDate: Wed, 21 Oct 2026 07:28:00 GMT\r\nRetry-After: Wed, 21 Oct 2026 07:29:00 GMT", 503, Some(60)),
        (&format!("302 Found\r\nLocation: {}", elsewhere.url()), 302, None),
        (&format!("307 Again\r\nLocation: {}", elsewhere.url()), 307, None),
    ] {
        let vendor = Vendor::always(Say(format!("HTTP/1.1 {head}\r\nContent-Length: 2\r\n\r\nOK").into_bytes())).await;
        let answer = post(&client, &format!("{}/hook?token={TOKEN}", vendor.url())).await.expect(head);
        assert_eq!((answer.status, answer.retry_after, answer.body), (status, wait.map(Duration::from_secs), b"OK".to_vec()), "{head}");
        assert_eq!(vendor.requests().len(), 1, "{head}: asked once");
    }
    assert!(elsewhere.requests().is_empty(), "a redirect was followed");
}

#[tokio::test]
async fn a_little_of_the_body_is_read_and_its_end_changes_nothing() {
    let huge = "x".repeat(MAX_ANSWER_BYTES + 1);
    for (reaction, length) in [
        (Say(http(200, &huge)), MAX_ANSWER_BYTES),
        (Stall(promising(200, 1 << 40, &huge)), MAX_ANSWER_BYTES),
        (Say(promising(200, 100, "cut short")), 9),
        (Stall(promising(200, 100, "stalled")), 7),
        (Say(http(200, "")), 0),
    ] {
        let vendor = Vendor::always(reaction).await;
        let answer = post(&client(open(), HASTY), &vendor.url()).await.expect("an answer");
        assert_eq!((answer.status, answer.body.len()), (200, length));
    }
}

#[tokio::test]
async fn what_failed_says_what_is_certain() {
    for (reaction, kind) in [(CloseAfterReading, FailureKind::Lost), (ResetAfter(Vec::new()), FailureKind::Lost), (Stall(Vec::new()), FailureKind::TimedOut)] {
        let vendor = Vendor::always(reaction.clone()).await;
        let failed = post(&client(open(), HASTY), &format!("{}/{TOKEN}", vendor.url())).await.err();
        let Some(NoAnswer::Failed(failure)) = failed else { panic!("{reaction:?}") };
        assert_eq!(failure.kind, kind, "{reaction:?}");
        assert!(!format!("{failure} {failure:?}").contains(TOKEN), "{failure:?}");
        assert_eq!(vendor.requests().len(), 1, "{reaction:?}: asked once");
    }
    let vendor = Vendor::always(ResetAtOnce).await;
    assert!(matches!(post(&client(open(), HASTY), &vendor.url()).await.err(), Some(NoAnswer::Failed(Failure { kind: FailureKind::Lost, .. }))));
    let failed = post(&client(open(), HASTY), &nowhere().await).await.err();
    assert!(matches!(failed, Some(NoAnswer::Failed(Failure { kind: FailureKind::NotConnected(Phase::Connect), .. }))));
    let unsendable = Outgoing { method: Method::Post, to: &Address::parse(&vendor.url()).expect("an address"), headers: vec![("x", "a\r\nb: c".to_owned())], body: Vec::new() };
    assert_eq!(client(open(), HASTY).send(unsendable).await.err(), Some(NoAnswer::Unsendable));
}

#[tokio::test]
async fn nobody_private_is_spoken_to_unless_allowed() {
    let vendor = Vendor::always(Say(http(200, "OK"))).await;
    let port = vendor.addr.port();
    let strict = client(Guard::new(false, vec![]), PATIENT);
    for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0177.1", "0.0.0.0", "0", "169.254.169.254", "10.0.0.1"] {
        let failed = post(&strict, &format!("http://{host}:{port}/")).await.err();
        assert_eq!(failed, Some(NoAnswer::NoWay(NoWay::Forbidden)), "{host}");
    }
    assert!(vendor.requests().is_empty());
    let named = client(Guard::new(false, vec!["127.0.0.1".parse().expect("a network")]), PATIENT);
    assert_eq!(post(&named, &vendor.url()).await.map(|answer| answer.status), Ok(200));
}

/// Two servers on one port; the guard permits the first alone. Whatever the name says when, only the first is ever spoken to, and each connection asks for the name once.
#[tokio::test]
async fn a_name_that_changes_its_address_gets_nowhere() {
    let permitted = Vendor::always(Say(http(200, "OK"))).await;
    let port = permitted.addr.port();
    let forbidden = tokio::net::TcpListener::bind(("127.0.0.2", port)).await.expect("the same port");
    let names = Changing::new(&[&[[127, 0, 0, 1]], &[[127, 0, 0, 2]], &[[127, 0, 0, 2], [127, 0, 0, 1]], &[[127, 0, 0, 2]]]);
    let guard = Guard::new(false, vec!["127.0.0.1/32".parse().expect("a network")]).with_names(Arc::clone(&names) as Arc<dyn Names>);
    let client = client(guard, PATIENT);
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(post(&client, &format!("http://rebinding.test:{port}/")).await.map(|answer| answer.status));
    }
    let no = Err(NoAnswer::NoWay(NoWay::Forbidden));
    assert_eq!(seen, [Ok(200), no.clone(), Ok(200), no]);
    assert_eq!((permitted.requests().len(), names.1.load(Ordering::SeqCst)), (2, 4));
    let nobody = tokio::time::timeout(Duration::ZERO, forbidden.accept()).await;
    assert!(nobody.is_err(), "a forbidden address was connected to");
}

/// A connection that is kept goes to the address that was checked, whatever the name says by then.
#[tokio::test]
async fn a_kept_connection_stays_where_it_was() {
    let vendor = Vendor::always(KeepOpen(http(200, "OK"))).await;
    let names = Changing::new(&[&[[127, 0, 0, 1]], &[[127, 0, 0, 2]]]);
    let client = client(open().with_names(Arc::clone(&names) as Arc<dyn Names>), PATIENT);
    for _ in 0..2 {
        assert_eq!(post(&client, &format!("http://kept.test:{}/", vendor.addr.port())).await.map(|answer| answer.status), Ok(200));
    }
    assert_eq!((vendor.requests().len(), names.1.load(Ordering::SeqCst)), (2, 1));
}

#[test]
fn roots_of_a_private_authority_must_be_readable() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    assert!(Tls::from_system_and(&made.cert.pem()).is_ok());
    for text in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        assert!(Tls::from_system_and(text).is_err(), "{text}");
    }
}
