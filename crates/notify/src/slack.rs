//! Slack's incoming webhooks, which others understand too. The address is the secret.
//!
//! Knows nothing of: rules, texts.

use salio_provider::Secret;
use salio_provider::http::{Address, Method, Outgoing};
use serde_json::json;

use crate::chat::cut;
use crate::{Chat, Invalid, plain};

/// What Slack recommends at most, in characters.
const MAX_CHARS: usize = 4000;

/// A Slack-compatible incoming webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slack {
    url: Address,
}

impl Slack {
    /// By its address, all of it secret but the host.
    ///
    /// # Errors
    /// When that is no address.
    pub fn new(url: &Secret) -> Result<Self, Invalid> {
        Ok(Self { url: Address::parse(url.expose()).map_err(|bad| Invalid::new("url", bad))? })
    }

    pub(crate) fn shown(&self) -> String {
        self.url.to_string()
    }

    pub(crate) fn request(&self, chat: &Chat) -> Outgoing<'_> {
        let text = escaped(&cut(&chat.text(), MAX_CHARS, |_| 1));
        let body = json!({ "text": text }).to_string().into_bytes();
        Outgoing { method: Method::Post, to: &self.url, headers: vec![("content-type", "application/json".to_owned())], body }
    }
}

/// Slack reads these three as the beginnings of links and mentions; the others show them as they are meant.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// It says `invalid_token`, `no_service`, `channel_is_archived` and the like.
pub(crate) fn words(slack: &Slack, body: &[u8]) -> Option<String> {
    plain::words(&String::from_utf8_lossy(body), &[slack.url.after_host()])
}
