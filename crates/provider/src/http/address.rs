//! An address of the web that a user has written down: http or https, a host, no user and no password. It may carry a token anywhere in it, so only its host is ever shown.
//!
//! Knows nothing of: who listens there, whether it may be reached.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

/// Longer than any address that works everywhere, in bytes.
const MAX_BYTES: usize = 2048;

/// An address of the web.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(Url);

/// Why a text is no address that can be used. Repeats nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// No address at all, or over 2,048 bytes.
    #[error("not an address of the web; allowed: http:// or https:// and a host")]
    Unreadable,
    /// Another scheme.
    #[error("neither http nor https")]
    Scheme,
    /// `user:password@`.
    #[error("it carries a user or a password")]
    UserInfo,
    /// `#…`, which is never sent.
    #[error("it carries a fragment (#)")]
    Fragment,
}

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, BadAddress> {
        // The parser repairs what a person would call wrong (spaces, `https:host`): look first.
        if text.len() > MAX_BYTES || !text.contains("://") || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(BadAddress::Unreadable);
        }
        let url = Url::parse(text).map_err(|_| BadAddress::Unreadable)?;
        let authority = text.split_once("://").map_or("", |(_, rest)| rest).split(['/', '?', '#', '\\']).next().unwrap_or_default();
        match url.scheme() {
            "http" | "https" if authority.contains('@') || !url.username().is_empty() || url.password().is_some() => Err(BadAddress::UserInfo),
            "http" | "https" if url.host_str().is_none_or(str::is_empty) => Err(BadAddress::Unreadable),
            "http" | "https" if url.fragment().is_some() => Err(BadAddress::Fragment),
            "http" | "https" => Ok(Self(url)),
            _ => Err(BadAddress::Scheme),
        }
    }

    /// The same with more path after its own, and no query; each part is encoded where that is needed.
    #[must_use]
    pub fn below(&self, parts: &[&str]) -> Self {
        let mut url = self.0.clone();
        url.set_query(None);
        // Every http address has a path.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(parts);
        }
        Self(url)
    }

    /// The host as it may be shown: `hooks.example.com`, `[::1]`.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// What is never shown: path and query, as they are sent.
    #[must_use]
    pub fn after_host(&self) -> &str {
        let rest = self.0.as_str().split_once("://").map_or("", |(_, rest)| rest);
        rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default()
    }

    /// The address of the machine, when no name stands for it. Every odd way to write one (`0x7f.1`, `2130706433`) has become the usual one by now.
    pub(super) fn literal(&self) -> Option<IpAddr> {
        self.host().trim_start_matches('[').trim_end_matches(']').parse().ok()
    }

    pub(super) const fn url(&self) -> &Url {
        &self.0
    }
}

/// Scheme and host; `…` for the rest, which may be a secret.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.0.scheme(), self.host())?;
        self.0.port().map_or(Ok(()), |port| write!(f, ":{port}"))?;
        f.write_str(if self.0.path() == "/" && self.0.query().is_none() { "" } else { "/…" })
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

#[cfg(test)]
#[path = "address_tests.rs"]
mod tests;
