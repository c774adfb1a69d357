//! What a text would take, before anything is sent.

use salio_domain::{Timestamp, admission};
use salio_engine::Draft;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Amount, Encoding, Priority, RefusedRecipient, To};

/// What to reckon.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteRequest {
    /// The recipients: each costs what its prefix costs. Without them: one, at the account's own price.
    #[serde(default)]
    pub to: Option<To>,
    /// The text.
    pub text: String,
    /// Slug or id; needed only with several accounts and no default.
    #[serde(default)]
    pub account: Option<String>,
    /// Who goes first: only `high` may use what is kept for it.
    #[serde(default)]
    pub priority: Option<Priority>,
    /// The sender that would be named; checked as it would be. Without it none is asked for.
    #[serde(default)]
    pub from: Option<String>,
    /// The caller's own word; checked.
    #[serde(default)]
    pub reference: Option<String>,
    /// Not before; checked.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub send_at: Option<Timestamp>,
    /// Not after; checked.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_until: Option<Timestamp>,
}

impl QuoteRequest {
    /// The draft.
    #[must_use]
    pub fn into_draft(self) -> Draft {
        Draft {
            to: self.to.map_or_else(Vec::new, |to| to.into_list().0),
            text: self.text,
            from: self.from,
            account: self.account,
            send_at: self.send_at,
            valid_until: self.valid_until,
            priority: self.priority.map(Into::into),
            reference: self.reference,
            ..Draft::default()
        }
    }
}

/// A character that GSM 03.38 lacks.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Forced {
    /// Its place, counted in characters from 0.
    pub index: usize,
    /// The character.
    #[schema(value_type = String)]
    pub character: char,
}

/// By how much the balance falls short.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Short {
    /// What is asked for.
    pub charge: Amount,
    /// What may still be promised; below zero when more waits already than the balance covers.
    pub available: Amount,
    /// What is missing.
    pub shortfall: Amount,
}

impl From<admission::Short> for Short {
    fn from(short: admission::Short) -> Self {
        Self { charge: Amount(short.charge), available: Amount(short.available), shortfall: Amount(short.shortfall) }
    }
}

/// What a text would take.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Quote {
    /// The slug of the account that would pay.
    pub account: String,
    /// What the amounts count.
    #[schema(example = "units")]
    pub unit: String,
    /// How it travels.
    pub encoding: Encoding,
    /// Parts on the air.
    pub segments: u32,
    /// Characters of the text.
    pub characters: usize,
    /// How many recipients can be sent to; one when none was named.
    pub recipients: usize,
    /// The first hundred recipients that cannot be sent to.
    pub rejected: Vec<RefusedRecipient>,
    /// For all recipients that can.
    pub charge: Amount,
    /// The estimate, less what is queued already, less that charge; null while the balance is unknown.
    pub balance_after: Option<Amount>,
    /// By how much the balance, as known now, falls short; null when it reaches.
    pub short: Option<Short>,
    /// The first characters that force UCS-2.
    pub forced_by: Vec<Forced>,
}
