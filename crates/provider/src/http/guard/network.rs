//! A network in the usual writing: `10.1.0.0/16`, `fd00::/8`, or one address.
//!
//! Knows nothing of: what it is allowed or refused for.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// Addresses with the same leading bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

/// A text that names no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a network looks like 10.1.0.0/16 or fd00::/8, or is one address")]
pub struct BadNetwork;

impl Network {
    /// The first `prefix` bits of `address`.
    ///
    /// # Errors
    /// When the address has fewer bits (32 or 128).
    pub fn new(address: IpAddr, prefix: u8) -> Result<Self, BadNetwork> {
        let bits = if address.is_ipv4() { 32 } else { 128 };
        if prefix <= bits { Ok(Self { address, prefix }) } else { Err(BadNetwork) }
    }

    /// Whether the address lies in it; an IPv4 address written as IPv6 (`::ffff:10.1.2.3`) counts as what it is.
    #[must_use]
    pub fn contains(&self, other: IpAddr) -> bool {
        let same = match (self.address, other.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => (own.to_bits() ^ other.to_bits()).leading_zeros(),
            (IpAddr::V6(own), IpAddr::V6(other)) => (own.to_bits() ^ other.to_bits()).leading_zeros(),
            _ => return false,
        };
        same >= u32::from(self.prefix)
    }
}

impl FromStr for Network {
    type Err = BadNetwork;

    fn from_str(text: &str) -> Result<Self, BadNetwork> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.parse().map_err(|_| BadNetwork)?;
        let whole = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(whole), |prefix| prefix.parse().map_err(|_| BadNetwork))?;
        Self::new(address, prefix)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}
