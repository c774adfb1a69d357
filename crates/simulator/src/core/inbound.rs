//! Messages from phones: what the vendor sends on to the customer, in the shapes that have been seen. Pure; sending it is the business of `http`.

use serde::{Deserialize, Serialize};

use super::calendar::sortable;
use super::model::Model;
use super::shapes::{DlrRequest, Fields, get, object, post_form, post_json};

/// How a message from a phone looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InboundShape {
    /// POST JSON: `From, To, Message, MessageId, ReceivedTime`.
    #[default]
    Pascal,
    /// The same in `snake_case`.
    Snake,
    /// The engine underneath, POST form. Wants `ACK/Jasmin`.
    Engine,
    /// The same by GET.
    EngineGet,
    /// A sibling's: GET, `shortcode, mobile, message`.
    Shortcode,
}

impl InboundShape {
    /// Whether a message counts as received only when the body is exactly `ACK/Jasmin`.
    #[must_use]
    pub const fn wants_ack(self) -> bool {
        matches!(self, Self::Engine | Self::EngineGet)
    }
}

/// Where messages from phones go, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InboundPlan {
    /// Where they go (http only); its own query is kept, for a token.
    pub url: Option<String>,
    /// How they look.
    pub shape: InboundShape,
}

impl InboundPlan {
    /// Refuses settings that cannot be carried out.
    ///
    /// # Errors
    /// What is wrong and what is allowed, in words.
    pub fn check(&self) -> Result<(), String> {
        if self.url.as_ref().is_some_and(|url| !url.starts_with("http://")) {
            return Err("url must begin with http:// (messages are sent to a server under test, without TLS)".to_owned());
        }
        Ok(())
    }
}

/// A message from a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboundMessage {
    /// The vendor's name for it.
    pub message_id: String,
    /// Who wrote.
    pub from: String,
    /// To which short code or number.
    pub to: String,
    /// What.
    pub text: String,
    /// When it arrived at the vendor, in microseconds.
    pub received_at: i64,
}

impl Model {
    /// A phone writes. The vendor names the message; nothing is charged.
    pub fn receive(&mut self, now: i64, from: &str, to: &str, text: &str) -> InboundMessage {
        self.advance(now);
        self.received += 1;
        // Not drawn from the seed: a message from a phone must not change the ids of what is sent.
        let message_id = format!("mo-{}", self.received);
        InboundMessage { message_id, from: from.to_owned(), to: to.to_owned(), text: text.to_owned(), received_at: self.now }
    }
}

/// The request that carries `message` to `url` in `shape`.
#[must_use]
pub fn inbound_request(shape: InboundShape, url: &str, message: &InboundMessage) -> DlrRequest {
    match shape {
        InboundShape::Pascal => post_json(url, &object(&fields(message, ["From", "To", "Message", "MessageId", "ReceivedTime"]))),
        InboundShape::Snake => post_json(url, &object(&fields(message, ["from", "to", "message", "message_id", "received_time"]))),
        InboundShape::Engine => post_form(url, &engine(message)),
        InboundShape::EngineGet => get(url, &engine(message)),
        InboundShape::Shortcode => get(url, &vec![("shortcode", message.to.clone()), ("mobile", message.from.clone()), ("message", message.text.clone())]),
    }
}

fn fields(message: &InboundMessage, names: [&'static str; 5]) -> Fields {
    let [from, to, text, id, time] = names;
    vec![(from, message.from.clone()), (to, message.to.clone()), (text, message.text.clone()), (id, message.message_id.clone()), (time, sortable(message.received_at))]
}

fn engine(message: &InboundMessage) -> Fields {
    let wide = !message.text.is_ascii();
    let bytes: Vec<u8> = if wide { message.text.encode_utf16().flat_map(u16::to_be_bytes).collect() } else { message.text.bytes().collect() };
    vec![
        ("id", message.message_id.clone()),
        ("from", message.from.clone()),
        ("to", message.to.clone()),
        ("origin-connector", "simulated".to_owned()),
        ("priority", "0".to_owned()),
        ("coding", if wide { "8" } else { "0" }.to_owned()),
        ("validity", "None".to_owned()),
        ("content", message.text.clone()),
        ("binary", bytes.iter().map(|byte| format!("{byte:02x}")).collect()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> InboundMessage {
        InboundMessage { message_id: "mo-1".to_owned(), from: "254712345678".to_owned(), to: "20880".to_owned(), text: text.to_owned(), received_at: 1_521_209_548_000_000 }
    }

    #[test]
    fn every_shape_says_the_same() {
        let pascal = inbound_request(InboundShape::Pascal, "http://h/i", &message("STOP"));
        assert_eq!((pascal.method, pascal.content_type), ("POST", Some("application/json")));
        let json: serde_json::Value = serde_json::from_str(&pascal.body).unwrap();
        let expected = serde_json::json!({"From":"254712345678","To":"20880","Message":"STOP","MessageId":"mo-1","ReceivedTime":"2018-03-16 17:12:28"});
        assert_eq!(json, expected);
        let snake: serde_json::Value = serde_json::from_str(&inbound_request(InboundShape::Snake, "http://h/i", &message("STOP")).body).unwrap();
        assert_eq!(snake["received_time"], "2018-03-16 17:12:28");
        let shortcode = inbound_request(InboundShape::Shortcode, "http://h/i?token=made-up", &message("a&b"));
        assert_eq!((shortcode.method, shortcode.url.as_str()), ("GET", "http://h/i?token=made-up&shortcode=20880&mobile=254712345678&message=a%26b"));
    }

    #[test]
    fn the_engine_repeats_the_text_in_hexadecimal() {
        let plain = inbound_request(InboundShape::Engine, "http://h/i", &message("Hi"));
        assert!(plain.body.contains("coding=0&validity=None&content=Hi&binary=4869"), "{}", plain.body);
        let wide = inbound_request(InboundShape::EngineGet, "http://h/i", &message("é😀"));
        assert!(wide.url.contains("coding=8&") && wide.url.ends_with("&binary=00e9d83dde00"), "{}", wide.url);
        assert!(InboundShape::Engine.wants_ack() && !InboundShape::Pascal.wants_ack());
    }
}
