//! What an address is, after the registries of special addresses (RFC 6890 and those after it). For IPv6 what is not known to be public is private.
//!
//! Knows nothing of: names, what was allowed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Who can be reached at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Anybody on the internet.
    Public,
    /// This machine, its networks, or whatever a reserved block is used for here.
    Private,
    /// The link, and what clouds offer to their own machines there and elsewhere, credentials among it.
    Cloud,
    /// No single machine: unspecified, multicast, broadcast, never assigned.
    Nobody,
}

/// First address, leading bits, what it is; the first that fits counts.
const V4: &[(Ipv4Addr, u32, Reach)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8, Reach::Nobody),         // "this network"; on Linux 0.0.0.0 is this machine
    (Ipv4Addr::new(10, 0, 0, 0), 8, Reach::Private),       // RFC 1918
    (Ipv4Addr::new(100, 100, 100, 200), 32, Reach::Cloud), // metadata of Alibaba's machines
    (Ipv4Addr::new(100, 64, 0, 0), 10, Reach::Private),    // carrier-grade NAT, RFC 6598
    (Ipv4Addr::new(127, 0, 0, 0), 8, Reach::Private),      // this machine
    (Ipv4Addr::new(168, 63, 129, 16), 32, Reach::Cloud),   // Azure's host, though its address looks public
    (Ipv4Addr::new(169, 254, 0, 0), 16, Reach::Cloud),     // link-local; 169.254.169.254 is the metadata of most clouds
    (Ipv4Addr::new(172, 16, 0, 0), 12, Reach::Private),    // RFC 1918
    (Ipv4Addr::new(192, 0, 0, 192), 32, Reach::Cloud),     // metadata of Oracle's machines
    (Ipv4Addr::new(192, 0, 0, 0), 24, Reach::Private),     // protocol assignments, RFC 6890
    (Ipv4Addr::new(192, 0, 2, 0), 24, Reach::Private),     // documentation, RFC 5737
    (Ipv4Addr::new(192, 88, 99, 0), 24, Reach::Private),   // 6to4 relays, RFC 7526
    (Ipv4Addr::new(192, 168, 0, 0), 16, Reach::Private),   // RFC 1918
    (Ipv4Addr::new(198, 18, 0, 0), 15, Reach::Private),    // benchmarks, RFC 2544
    (Ipv4Addr::new(198, 51, 100, 0), 24, Reach::Private),  // documentation
    (Ipv4Addr::new(203, 0, 113, 0), 24, Reach::Private),   // documentation
    (Ipv4Addr::new(224, 0, 0, 0), 4, Reach::Nobody),       // multicast
    (Ipv4Addr::new(240, 0, 0, 0), 4, Reach::Nobody),       // reserved, and broadcast
];

/// The same for IPv6. What fits none is private.
const V6: &[(Ipv6Addr, u32, Reach)] = &[
    (Ipv6Addr::UNSPECIFIED, 128, Reach::Nobody),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, Reach::Nobody),          // multicast
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, Reach::Cloud),          // link-local
    (Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254), 128, Reach::Cloud), // metadata of Amazon's machines
    (Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254), 128, Reach::Cloud),  // metadata of Google's machines
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, Reach::Private),        // protocol assignments, Teredo among them
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, Reach::Private),    // documentation
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, Reach::Private),        // 6to4: any IPv4 address may hide in it
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, Reach::Private),        // documentation, RFC 9637
    (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3, Reach::Public),          // global unicast
];

/// `64:ff9b::/96`: the last 32 bits are an IPv4 address (NAT64, RFC 6052), which is what is reached.
const NAT64: Ipv6Addr = Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0);

pub(super) fn reach(address: IpAddr) -> Reach {
    match address.to_canonical() {
        IpAddr::V4(address) => v4(address),
        IpAddr::V6(address) if leading(address.to_bits() ^ NAT64.to_bits()) >= 96 => v4(low_bits(address)),
        IpAddr::V6(address) => V6.iter().find(|(first, bits, _)| leading(first.to_bits() ^ address.to_bits()) >= *bits).map_or(Reach::Private, |(.., reach)| *reach),
    }
}

fn v4(address: Ipv4Addr) -> Reach {
    let fits = |first: &Ipv4Addr, bits: u32| (first.to_bits() ^ address.to_bits()).leading_zeros() >= bits;
    V4.iter().find(|(first, bits, _)| fits(first, *bits)).map_or(Reach::Public, |(.., reach)| *reach)
}

const fn leading(differing: u128) -> u32 {
    differing.leading_zeros()
}

fn low_bits(address: Ipv6Addr) -> Ipv4Addr {
    let [.., a, b, c, d] = address.octets();
    Ipv4Addr::new(a, b, c, d)
}
