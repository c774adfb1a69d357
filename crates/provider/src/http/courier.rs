//! Hands something on to a program of the user's: one GET, and whether it was taken.
//!
//! Knows nothing of: what is handed on, whether to try again.

use std::time::Duration;

use reqwest::Url;

use super::{HttpClient, SetupError, Tls, send};

/// A program that takes longer is asked again later; what it did meanwhile is its own to know.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A client for the programs of the user.
pub struct Courier {
    client: HttpClient,
}

/// Why it was not taken; never the address, which may carry a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// The address cannot be used.
    #[error("the address cannot be used")]
    Address,
    /// Another status than 200 to 299.
    #[error("answered with status {0}")]
    Status(u16),
    /// No answer.
    #[error("{0}")]
    NoAnswer(String),
}

impl NotTaken {
    /// Whether nothing of the program's is there: no answer, or only that of a proxy before it.
    #[must_use]
    pub const fn is_down(&self) -> bool {
        matches!(self, Self::NoAnswer(_) | Self::Status(429 | 502..=504))
    }
}

impl Courier {
    /// Makes the client.
    ///
    /// # Errors
    /// When TLS or the client cannot be set up.
    pub fn new() -> Result<Self, SetupError> {
        Ok(Self { client: HttpClient::new(&Tls::from_system()?, TIMEOUT)? })
    }

    /// Calls an address once.
    ///
    /// # Errors
    /// When it was not certainly taken.
    pub async fn get(&self, address: &str) -> Result<(), NotTaken> {
        let address: Url = address.parse().map_err(|_| NotTaken::Address)?;
        match send(self.client.get(address)).await {
            Ok(reply) if (200..300).contains(&reply.status) => Ok(()),
            Ok(reply) => Err(NotTaken::Status(reply.status)),
            Err(failure) => Err(NotTaken::NoAnswer(format!("no answer ({:?})", failure.kind))),
        }
    }
}
