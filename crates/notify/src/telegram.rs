//! Telegram's Bot API. The token stands in the path of the address, so that address is made for one request and never shown.
//!
//! Knows nothing of: rules, texts.

use std::time::Duration;

use salio_provider::Secret;
use salio_provider::http::{Address, Answer, Method, Outgoing};
use serde_json::{Value, json};

use crate::chat::cut;
use crate::{Chat, Invalid, plain};

const API: &str = "https://api.telegram.org";
/// The longest message, in UTF-16 units, as Telegram counts.
const MAX_UNITS: usize = 4096;
/// As for `Retry-After`.
const MAX_WAIT: u64 = 24 * 60 * 60;

/// A bot and the chat it writes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telegram {
    base: Address,
    token: Secret,
    chat: String,
}

impl Telegram {
    /// `chat`: a number (negative for groups) or `@channel`. `api_url`: another server that speaks the Bot API; Telegram's own when not given.
    ///
    /// # Errors
    /// When one of them has another form.
    pub fn new(token: Secret, chat: &str, api_url: Option<&str>) -> Result<Self, Invalid> {
        let base = Address::parse(api_url.unwrap_or(API)).map_err(|bad| Invalid::new("api_url", bad))?;
        let formed = token.expose().split_once(':').is_some_and(|(id, rest)| is_digits(id) && !rest.is_empty() && rest.bytes().all(is_name));
        if !formed {
            return Err(Invalid::new("token", "a bot's token looks like 123456:AbC-d_e"));
        }
        let is_chat = is_digits(chat.strip_prefix('-').unwrap_or(chat)) || chat.strip_prefix('@').is_some_and(|name| !name.is_empty() && name.bytes().all(is_name));
        if !is_chat {
            return Err(Invalid::new("chat", "a number such as -1001234567890, or a channel such as @name"));
        }
        Ok(Self { base, token, chat: chat.to_owned() })
    }

    pub(crate) fn shown(&self) -> String {
        format!("chat {}", self.chat)
    }

    /// Holds the token.
    pub(crate) fn address(&self) -> Address {
        self.base.below(&[&format!("bot{}", self.token.expose()), "sendMessage"])
    }

    pub(crate) fn request<'a>(&self, to: &'a Address, chat: &Chat) -> Outgoing<'a> {
        let text = cut(&chat.text(), MAX_UNITS, char::len_utf16);
        let body = json!({ "chat_id": self.chat, "text": text, "link_preview_options": { "is_disabled": true } }).to_string().into_bytes();
        Outgoing { method: Method::Post, to, headers: vec![("content-type", "application/json".to_owned())], body }
    }

    /// `{"ok":false,"description":"Bad Request: chat not found"}`
    pub(crate) fn words(&self, body: &[u8]) -> Option<String> {
        let answer: Value = serde_json::from_slice(body).ok()?;
        plain::words(answer.get("description")?.as_str()?, &[self.token.expose()])
    }
}

/// Telegram says in the body how long to wait: `{"parameters":{"retry_after":35}}`.
pub(crate) fn with_wait(answer: Answer) -> Answer {
    let told = serde_json::from_slice::<Value>(&answer.body).ok();
    let seconds = told.and_then(|told| told.get("parameters")?.get("retry_after")?.as_u64());
    let retry_after = seconds.map(|seconds| Duration::from_secs(seconds.min(MAX_WAIT))).or(answer.retry_after);
    Answer { retry_after, ..answer }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

const fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}
