//! What the API says, as far as commands show it. Enums are open and fields may come and go: everything has a default.
//!
//! Knows nothing of: transports, how it is shown.

use serde::Deserialize;

/// RFC 9457.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// What kind.
    pub title: String,
    /// What exactly.
    pub detail: String,
    /// Stable.
    pub code: String,
    /// The last known balance, where the problem is about one.
    pub last: Option<Balance>,
    /// Recipients that cannot be sent to, where the problem is about them.
    pub rejected: Vec<Rejected>,
}

impl Problem {
    /// For people.
    pub fn text(&self, retry_after_s: Option<u64>) -> String {
        let text = if self.detail.is_empty() { &self.title } else { &self.detail };
        let wait = retry_after_s.map(|seconds| format!(" Try again in {}.", crate::say::seconds(seconds))).unwrap_or_default();
        format!("{text}{wait}")
    }
}

/// `GET /api/v1/accounts`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Accounts {
    /// All of them.
    pub accounts: Vec<Account>,
}

/// An account.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Account {
    /// The word people use.
    pub slug: String,
}

/// `GET /api/v1/accounts/{id}/balance`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Balance {
    /// The word people use.
    pub account: String,
    /// What is counted.
    pub unit: String,
    /// As on screen.
    pub formatted: Option<String>,
    /// What the provider said last.
    pub observed: Option<String>,
    /// Charges not confirmed.
    pub pending: String,
    /// Charges that wait.
    pub queued: String,
    /// Messages in doubt.
    pub unknown_messages: i64,
    /// How far it can be relied on.
    pub state: String,
    /// How asking goes.
    pub health: String,
    /// Why the last try failed.
    pub error: Option<BalanceError>,
    /// How old it is.
    pub age_ms: Option<u64>,
    /// When it was asked.
    pub observed_at: Option<String>,
    /// When it will be asked again.
    pub next_refresh_at: Option<String>,
    /// Why sending has stopped.
    pub paused: Option<String>,
}

/// Failures in a row.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct BalanceError {
    /// Stable.
    pub code: String,
    /// For people.
    pub detail: String,
    /// How many.
    pub attempts: u32,
}

/// A page of messages.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Messages {
    /// Newest first.
    pub messages: Vec<Message>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

/// A message.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// The recipient.
    pub to: String,
    /// The sender.
    pub from: Option<String>,
    /// The caller's word.
    pub reference: Option<String>,
    /// Where it is.
    pub state: String,
    /// Why.
    pub cause: Option<String>,
    /// Who pays.
    pub account: String,
    /// The text, where it is told.
    pub text: Option<String>,
    /// How it travels.
    pub encoding: String,
    /// Parts.
    pub segments: u32,
    /// What it should cost.
    pub charge: String,
    /// Its batch.
    pub batch_id: Option<String>,
    /// When it was accepted.
    pub created_at: String,
    /// When it is tried next.
    pub next_try_at: Option<String>,
    /// Its life, when one message was asked for.
    pub timeline: Vec<Step>,
}

/// One step of a message's life.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Step {
    /// When.
    pub at: String,
    /// Where it went.
    pub state: String,
    /// Why.
    pub cause: Option<String>,
}

/// What was accepted: one, or many.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Accepted {
    /// Of one.
    pub id: Option<String>,
    /// Of many.
    pub batch_id: Option<String>,
    /// Of many.
    pub messages: Vec<Message>,
    /// Of many.
    pub rejected: Vec<Rejected>,
    /// The sum.
    pub charge: String,
}

/// A recipient that was refused.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Rejected {
    /// Its place in the list.
    pub index: usize,
    /// As it was written.
    pub to: String,
    /// Stable.
    pub code: String,
    /// For people.
    pub detail: String,
}

/// What a text would take.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Quote {
    /// How it travels.
    pub encoding: String,
    /// Parts.
    pub segments: u32,
    /// The sum.
    pub charge: String,
    /// What would be left.
    pub balance_after: Option<String>,
}
