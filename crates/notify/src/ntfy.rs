//! ntfy: a topic of a server, the message as JSON at the server's root, so that the topic (whoever knows it can read along) stands in no address.
//!
//! Knows nothing of: rules, texts.

use salio_provider::Secret;
use salio_provider::http::{Address, Method, Outgoing};
use serde_json::{Value, json};

use crate::chat::cut;
use crate::{Chat, Invalid, plain};

/// A longer message becomes an attachment.
const MAX_BYTES: usize = 4000;
/// The server's own limit on topics.
const MAX_TOPIC: usize = 64;
/// Of 5: rings through "do not disturb".
const CRITICAL: u8 = 5;
/// Of 5: the usual.
const USUAL: u8 = 3;
/// Shown as a red light.
const CRITICAL_TAG: &str = "rotating_light";

/// A topic of an ntfy server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ntfy {
    server: Address,
    topic: Secret,
    token: Option<Secret>,
    tags: Vec<String>,
}

impl Ntfy {
    /// `tags`: words or names of emojis that go with every message.
    ///
    /// # Errors
    /// When one of them has another form.
    pub fn new(server: &str, topic: Secret, token: Option<Secret>, tags: Vec<String>) -> Result<Self, Invalid> {
        let server = Address::parse(server).map_err(|bad| Invalid::new("server", bad))?;
        let is_word = |text: &str| !text.is_empty() && text.len() <= MAX_TOPIC && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        if !is_word(topic.expose()) {
            return Err(Invalid::new("topic", "1 to 64 letters, digits, _ and -"));
        }
        if !tags.iter().all(|tag| is_word(tag)) {
            return Err(Invalid::new("tags", "each 1 to 64 letters, digits, _ and -"));
        }
        if !token.as_ref().is_none_or(|token| !token.is_empty() && token.expose().bytes().all(|b| b.is_ascii_graphic())) {
            return Err(Invalid::new("token", "letters, digits and signs, without spaces"));
        }
        Ok(Self { server, topic, token, tags })
    }

    pub(crate) fn shown(&self) -> String {
        self.server.to_string()
    }

    pub(crate) fn request(&self, chat: &Chat) -> Outgoing<'_> {
        let priority = if chat.critical { CRITICAL } else { USUAL };
        let tags: Vec<&str> = chat.critical.then_some(CRITICAL_TAG).into_iter().chain(self.tags.iter().map(String::as_str)).collect();
        let message = cut(&chat.body, MAX_BYTES, char::len_utf8);
        let body = json!({ "topic": self.topic.expose(), "title": chat.title, "message": message, "priority": priority, "tags": tags });
        let mut headers = vec![("content-type", "application/json".to_owned())];
        headers.extend(self.token.as_ref().map(|token| ("authorization", format!("Bearer {}", token.expose()))));
        Outgoing { method: Method::Post, to: &self.server, headers, body: body.to_string().into_bytes() }
    }
}

/// `{"code":40301,"http":403,"error":"forbidden"}`
pub(crate) fn words(ntfy: &Ntfy, body: &[u8]) -> Option<String> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let secrets = [ntfy.topic.expose(), ntfy.token.as_ref().map_or("", Secret::expose)];
    plain::words(answer.get("error")?.as_str()?, &secrets)
}
