//! Who turns names into addresses, and the guard in the place where the HTTP client asks for them.
//!
//! Knows nothing of: which addresses are permitted.

use std::io;
use std::net::{IpAddr, SocketAddr};

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::Guard;

/// Turns a name into addresses.
#[async_trait]
pub trait Names: Send + Sync {
    /// Asks once.
    ///
    /// # Errors
    /// When nobody could be asked or the name is not known.
    async fn look_up(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// The system's resolver.
#[derive(Clone, Copy, Debug)]
pub struct SystemNames;

#[async_trait]
impl Names for SystemNames {
    async fn look_up(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        // The port is none of the resolver's business; 0 stands for "not given".
        Ok(tokio::net::lookup_host((name, 0)).await?.map(|address| address.ip()).collect())
    }
}

/// The HTTP client connects to the addresses that come from here and to no others.
pub(in crate::http) struct Guarded(pub(in crate::http) Guard);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.0.clone();
        Box::pin(async move {
            let addresses: Vec<SocketAddr> = guard.addresses(name.as_str(), 0).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
