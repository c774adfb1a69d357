//! Where requests to addresses of the user's may go: public addresses, and private ones only when that was allowed. Checked on what a name resolves to, at the moment of the connection.
//!
//! Knows nothing of: what is sent, TLS, channels. What it hands out are addresses, and whoever connects connects to those and asks no second time: a name that
//! answers differently a moment later (DNS rebinding) changes nothing.

mod names;
mod network;
mod reach;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

pub(super) use names::Guarded;
pub use names::{Names, SystemNames};
pub use network::{BadNetwork, Network};
use reach::{Reach, reach};

/// Which addresses may be connected to, and who resolves names.
#[derive(Clone)]
pub struct Guard {
    allow_private: bool,
    networks: Arc<[Network]>,
    names: Arc<dyn Names>,
}

/// Why there is no address to connect to. Holds neither the name nor an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoWay {
    /// Every address is private, reserved or of a cloud's own service, and none was allowed.
    #[error("its address is private or reserved, and such addresses are not allowed here")]
    Forbidden,
    /// The name has no address, or nobody could be asked.
    #[error("its name cannot be resolved")]
    Unknown,
}

impl Guard {
    /// Public addresses alone. With `allow_private` also this machine and private networks; with `networks` also what lies in them.
    /// What clouds offer to their own machines (169.254.169.254 and the like, link-local addresses) is reached through `networks` alone: credentials are handed out there.
    #[must_use]
    pub fn new(allow_private: bool, networks: Vec<Network>) -> Self {
        Self { allow_private, networks: networks.into(), names: Arc::new(SystemNames) }
    }

    /// The same, with somebody else to resolve names.
    #[must_use]
    pub fn with_names(mut self, names: Arc<dyn Names>) -> Self {
        self.names = names;
        self
    }

    /// Whether this address may be connected to.
    #[must_use]
    pub fn permits(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        let named = || self.networks.iter().any(|network| network.contains(address));
        match reach(address) {
            Reach::Public => true,
            Reach::Private => self.allow_private || named(),
            Reach::Cloud => named(),
            Reach::Nobody => false,
        }
    }

    /// Resolves once; gives the permitted addresses, in the order they came. `host` is a name or a literal address, that of IPv6 with or without brackets.
    ///
    /// # Errors
    /// When there is no address, or none that is permitted.
    pub async fn addresses(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, NoWay> {
        let literal = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        let found = match literal.parse::<IpAddr>() {
            Ok(address) => vec![address],
            Err(_) => self.names.look_up(host).await.map_err(|_| NoWay::Unknown)?,
        };
        if found.is_empty() {
            return Err(NoWay::Unknown);
        }
        let permitted: Vec<_> = found.into_iter().filter(|address| self.permits(*address)).map(|address| SocketAddr::new(address, port)).collect();
        if permitted.is_empty() { Err(NoWay::Forbidden) } else { Ok(permitted) }
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").field("allow_private", &self.allow_private).field("networks", &self.networks).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "guard_tests.rs"]
mod tests;
