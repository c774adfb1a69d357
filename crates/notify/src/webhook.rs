//! A program of the user's that is told of events, signed as Standard Webhooks says.
//!
//! Knows nothing of: which events there are, what is in them.

use salio_domain::Timestamp;
use salio_provider::Secret;
use salio_provider::http::{Address, Method, Outgoing};

use crate::{Attempt, Invalid, Outcome, SigningSecret, sign};

/// During a change of secret there are two; more than a few would be a mistake.
const MAX_SECRETS: usize = 4;

/// A receiver of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    url: Address,
    secrets: Vec<SigningSecret>,
}

/// One event. The same event is sent again under the same id, by which the receiver knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Letters, digits, `_` and `-`.
    pub id: String,
    /// When this attempt is made: a receiver refuses what is over five minutes old.
    pub at: Timestamp,
    /// JSON.
    pub body: Vec<u8>,
}

impl Webhook {
    /// `secrets`: the newest first; with several, each signs, so that a receiver can change over when it likes.
    ///
    /// # Errors
    /// When the address or a secret has another form, or there is no secret.
    pub fn new(url: &Secret, secrets: &[Secret]) -> Result<Self, Invalid> {
        let url = Address::parse(url.expose()).map_err(|bad| Invalid::new("url", bad))?;
        if secrets.is_empty() || secrets.len() > MAX_SECRETS {
            return Err(Invalid::new("secrets", "one secret, or up to four while they are being changed"));
        }
        let secrets = secrets.iter().map(|secret| SigningSecret::parse(secret.expose())).collect::<Result<_, _>>();
        Ok(Self { url, secrets: secrets.map_err(|bad| Invalid::new("secrets", bad))? })
    }

    pub(crate) fn shown(&self) -> String {
        self.url.to_string()
    }

    pub(crate) fn request(&self, event: &Event) -> Result<Outgoing<'_>, Attempt> {
        let Some(signed) = sign(&self.secrets, &event.id, event.at, &event.body) else {
            let detail = "the id of the event has characters that an id must not have".to_owned();
            return Err(Attempt::unanswered(Outcome::Refused { permanent: true, detail }));
        };
        let headers =
            vec![("content-type", "application/json".to_owned()), ("webhook-id", signed.id), ("webhook-timestamp", signed.timestamp), ("webhook-signature", signed.signature)];
        Ok(Outgoing { method: Method::Post, to: &self.url, headers, body: event.body.clone() })
    }
}
