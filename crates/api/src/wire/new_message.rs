//! What callers want sent, and what they are told about it. Fields that nobody knows are refused.

use std::fmt;

use salio_domain::Timestamp;
use salio_engine as engine;
use salio_engine::Draft;
use serde::de::{SeqAccess, Visitor, value::SeqAccessDeserializer};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::{Amount, Encoding, MessageState, OnShort, Priority};
use crate::problem::sentence;

/// One number or a list of numbers, as people write them.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum To {
    /// One recipient: the answer is one message.
    One(String),
    /// A list: the answer is a batch, even for a list of one.
    Many(Vec<String>),
}

impl To {
    /// The numbers, and whether a list was given.
    #[must_use]
    pub fn into_list(self) -> (Vec<String>, bool) {
        match self {
            Self::One(to) => (vec![to], false),
            Self::Many(list) => (list, true),
        }
    }
}

// By hand: the derived untagged form would only say that nothing matched.
impl<'de> Deserialize<'de> for To {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Numbers;
        impl<'de> Visitor<'de> for Numbers {
            type Value = To;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number as text, or a list of them")
            }
            fn visit_str<E>(self, text: &str) -> Result<To, E> {
                Ok(To::One(text.to_owned()))
            }
            fn visit_string<E>(self, text: String) -> Result<To, E> {
                Ok(To::One(text))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<To, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(To::Many)
            }
        }
        deserializer.deserialize_any(Numbers)
    }
}

/// What to send.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMessage {
    /// The recipients.
    pub to: To,
    /// The text.
    pub text: String,
    /// The approved sender; else the account's.
    #[serde(default)]
    pub from: Option<String>,
    /// Slug or id; needed only with several accounts and no default.
    #[serde(default)]
    pub account: Option<String>,
    /// Not before.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub send_at: Option<Timestamp>,
    /// Not after: past it the message expires.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_until: Option<Timestamp>,
    /// Who goes first.
    #[serde(default)]
    pub priority: Option<Priority>,
    /// What happens when the balance does not cover it, after it was asked again. Without this field the account's setting decides; without that, one message
    /// is held and a list is refused.
    #[serde(default)]
    pub on_short: Option<OnShort>,
    /// The caller's own word for it.
    #[serde(default)]
    pub reference: Option<String>,
}

impl NewMessage {
    /// The draft, and whether a list was given.
    #[must_use]
    pub fn into_draft(self) -> (Draft, bool) {
        let (to, list) = self.to.into_list();
        let draft = Draft {
            to,
            text: self.text,
            from: self.from,
            account: self.account,
            send_at: self.send_at,
            valid_until: self.valid_until,
            priority: self.priority.map(Into::into),
            reference: self.reference,
            on_short: self.on_short.map(Into::into),
            token: None,
        };
        (draft, list)
    }
}

/// A message that is on disk and will be tried.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Accepted {
    /// Its id.
    pub id: String,
    /// The recipient: E.164 digits.
    #[schema(example = "254712345678")]
    pub to: String,
    /// How it travels.
    pub encoding: Encoding,
    /// Parts on the air.
    pub segments: u32,
    /// What it should cost.
    pub charge: Amount,
    /// Where it is.
    pub state: MessageState,
}

impl From<&engine::AcceptedMessage> for Accepted {
    fn from(message: &engine::AcceptedMessage) -> Self {
        Self {
            id: message.id.to_string(),
            to: message.to.to_string(),
            encoding: message.encoding.into(),
            segments: message.segments,
            charge: Amount(message.charge),
            state: message.state.into(),
        }
    }
}

/// A recipient that was not accepted.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RefusedRecipient {
    /// Its place in the list.
    pub index: usize,
    /// As it was given.
    pub to: String,
    /// A stable word.
    pub code: String,
    /// For people.
    pub detail: String,
}

impl From<&engine::RejectedRecipient> for RefusedRecipient {
    fn from(refused: &engine::RejectedRecipient) -> Self {
        Self { index: refused.index, to: refused.to.clone(), code: refused.code.to_owned(), detail: sentence(&refused.detail) }
    }
}

/// Messages that were accepted together.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AcceptedMany {
    /// Their batch.
    pub batch_id: String,
    /// In the order of the list.
    pub messages: Vec<Accepted>,
    /// The others.
    pub rejected: Vec<RefusedRecipient>,
    /// The sum.
    pub charge: Amount,
}

/// The answer to a sending: one `to` is one message, a list is a batch.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum SendAnswer {
    /// One `to` was given.
    One(Accepted),
    /// A list was given.
    Many(AcceptedMany),
}

impl From<&engine::Accepted> for SendAnswer {
    fn from(made: &engine::Accepted) -> Self {
        match (made.batch, made.messages.as_slice()) {
            (None, [only]) => Self::One(only.into()),
            (batch, messages) => Self::Many(AcceptedMany {
                batch_id: batch.map(|batch| batch.to_string()).unwrap_or_default(),
                messages: messages.iter().map(Into::into).collect(),
                rejected: made.rejected.iter().map(Into::into).collect(),
                charge: Amount(made.charge),
            }),
        }
    }
}
