//! A dead-man's ping: as long as it comes, whoever watches for it knows that Salio is alive.
//!
//! Knows nothing of: how often, whether Salio is well.

use salio_provider::Secret;
use salio_provider::http::{Address, Method, Outgoing};

use crate::Invalid;

/// An address that is called as a sign of life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ping {
    url: Address,
    method: Method,
}

impl Ping {
    /// By its address, all of it secret but the host.
    ///
    /// # Errors
    /// When that is no address.
    pub fn new(url: &Secret, method: Method) -> Result<Self, Invalid> {
        Ok(Self { url: Address::parse(url.expose()).map_err(|bad| Invalid::new("url", bad))?, method })
    }

    /// The address as far as it may be shown.
    #[must_use]
    pub fn shown(&self) -> String {
        self.url.to_string()
    }

    pub(crate) const fn request(&self) -> Outgoing<'_> {
        Outgoing { method: self.method, to: &self.url, headers: Vec::new(), body: Vec::new() }
    }
}
