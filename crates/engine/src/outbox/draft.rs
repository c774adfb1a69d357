//! What goes into the intake and comes out of it.

use salio_domain::admission::{OnShort, Short};
use salio_domain::ids::{BatchId, TokenId};
use salio_domain::message::{MessageState, Priority};
use salio_domain::segments::{Encoding, Segmented};
use salio_domain::{AccountId, MessageId, Msisdn, Timestamp, Units};
use salio_store::{IdempotencyKey, StoreError};

/// Recipients of one request at most; longer lists go through the bulk route.
pub const MAX_RECIPIENTS: usize = 10_000;

/// What a caller wants sent.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// One or many numbers, as people write them.
    pub to: Vec<String>,
    /// The text.
    pub text: String,
    /// The sender; else the account's.
    pub from: Option<String>,
    /// Slug or id; needed only with several accounts and no default.
    pub account: Option<String>,
    /// Not before.
    pub send_at: Option<Timestamp>,
    /// Not after.
    pub valid_until: Option<Timestamp>,
    /// Who goes first.
    pub priority: Option<Priority>,
    /// The caller's own word for it.
    pub reference: Option<String>,
    /// What happens when the balance does not cover it; else what the account says, else one waits and many are refused.
    pub on_short: Option<OnShort>,
    /// Whose key it came with.
    pub token: Option<TokenId>,
}

/// An idempotency key as the caller sent it.
pub type Key = IdempotencyKey;

/// A message that is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedMessage {
    /// Its id.
    pub id: MessageId,
    /// The recipient.
    pub to: Msisdn,
    /// How it travels.
    pub encoding: Encoding,
    /// Parts on the air.
    pub segments: u32,
    /// What it should cost.
    pub charge: Units,
    /// Where it is.
    pub state: MessageState,
}

/// A recipient that was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedRecipient {
    /// Its place in the list.
    pub index: usize,
    /// As it was given.
    pub to: String,
    /// Stable word.
    pub code: &'static str,
    /// For people.
    pub detail: String,
}

/// What was accepted together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Set when a list was given.
    pub batch: Option<BatchId>,
    /// In the order of the list.
    pub messages: Vec<AcceptedMessage>,
    /// The place of each in the list.
    pub places: Vec<usize>,
    /// The others.
    pub rejected: Vec<RejectedRecipient>,
    /// The sum.
    pub charge: Units,
}

/// What a draft would take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Who would pay.
    pub account: AccountId,
    /// The text in parts.
    pub segmented: Segmented,
    /// Recipients that can be sent to; one when none was named.
    pub recipients: usize,
    /// The sum over them.
    pub charge: Units,
    /// Those that cannot.
    pub rejected: Vec<RejectedRecipient>,
    /// By how much the balance, as known, falls short.
    pub short: Option<Short>,
}

/// What is wrong with a draft.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct DraftError {
    /// Stable word.
    pub code: &'static str,
    /// Which part of the request, by its name there; empty where it is no single one.
    pub field: &'static str,
    /// For people, with the way to mend it.
    pub detail: String,
}

/// Why nothing was accepted.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AcceptError {
    /// The draft is wrong as a whole.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// No recipient can be sent to.
    #[error("no recipient can be sent to")]
    NoneValid(Vec<RejectedRecipient>),
    /// The balance does not cover it.
    #[error("the balance does not cover it: {short}")]
    Short {
        /// By how much.
        short: Short,
        /// The slug of the account.
        account: String,
        /// What its amounts count.
        unit: String,
    },
    /// The key was used with another body.
    #[error("this Idempotency-Key was used with another body")]
    KeyReused,
    /// The database failed; nothing was accepted.
    #[error(transparent)]
    Store(#[from] StoreError),
}
