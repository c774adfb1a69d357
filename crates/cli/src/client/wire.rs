//! What the API says, as far as commands show it. Enums are open and fields may come and go: everything has a default.
//!
//! Knows nothing of: transports, how it is shown.

mod batches;
mod books;
mod reports;

use serde::Deserialize;

use crate::failure::{Failure, Outcome};

pub use batches::{Batch, Batches, BulkAccepted, LineError, LineErrors};
pub use books::{Fault, Ledger, StopList, Token, Tokens, Verified, VerifiedAccount};
pub use reports::{Inbound, InboundMessages, Report, Reports};

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
    /// Never changes.
    pub id: String,
    /// The word people use.
    pub slug: String,
    /// Takes messages that name no account.
    pub default: bool,
    /// Whose API it is.
    pub provider: String,
    /// What amounts count.
    pub unit: String,
    /// The sender of messages that name none.
    pub sender_id: Option<String>,
    /// Whose numbers may be written without a country code.
    pub default_country: String,
    /// Units a segment.
    pub price_per_segment: String,
    /// Where that price comes from.
    pub price_source: String,
    /// Why sending has stopped.
    pub paused: Option<Paused>,
    /// Why the next message waits for credit.
    pub held: Option<Held>,
}

impl Accounts {
    /// The account that was named, by slug or id.
    pub fn find(&self, word: &str) -> Outcome<&Account> {
        let found = self.accounts.iter().find(|account| account.slug == word || account.id == word);
        found.ok_or_else(|| Failure::usage(format!("there is no account {word:?}; the accounts are: {}", self.slugs())))
    }

    /// The account that pays when none is named: the only one, or the default.
    pub fn payer(&self) -> Outcome<&Account> {
        let payer = if let [only] = self.accounts.as_slice() { Some(only) } else { self.accounts.iter().find(|account| account.default) };
        payer.ok_or_else(|| Failure::usage(format!("there are several accounts and none is the default; name one with --account: {}", self.slugs())))
    }

    fn slugs(&self) -> String {
        self.accounts.iter().map(|account| account.slug.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// `GET /api/v1/accounts/{id}/balance`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Balance {
    /// The word people use.
    pub account: String,
    /// What is counted.
    pub unit: String,
    /// The estimate.
    pub balance: Option<String>,
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
    pub paused: Option<Paused>,
}

/// Why sending has stopped.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Paused {
    /// A stable word.
    pub cause: String,
    /// Since when.
    pub since: String,
}

/// The credit does not cover the next message.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Held {
    /// Since when.
    pub since: String,
    /// What it takes.
    pub needed: String,
    /// What may be spent.
    pub available: String,
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
    /// Not before.
    pub send_at: Option<String>,
    /// Not after.
    pub valid_until: Option<String>,
    /// When it is tried next.
    pub next_try_at: Option<String>,
    /// Its line in the file it came in.
    pub line: Option<u64>,
    /// The network's latest word.
    pub report: Option<ReportWord>,
    /// Its life, when one message was asked for.
    pub timeline: Vec<Step>,
    /// What was reported of it, when one message was asked for.
    pub reports: Vec<Report>,
}

/// The network's word on a message.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReportWord {
    /// As the provider wrote it.
    pub word: String,
    /// When it came.
    pub at: String,
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
    pub rejected: Vec<Rejected>,
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
    /// Who would pay.
    pub account: String,
    /// How it travels.
    pub encoding: String,
    /// Parts.
    pub segments: u32,
    /// How many can be sent to.
    pub recipients: usize,
    /// Those that cannot.
    pub rejected: Vec<Rejected>,
    /// The sum.
    pub charge: String,
    /// What would be left.
    pub balance_after: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_or_the_others_are_named() {
        let account = |slug: &str, default| Account { id: format!("acc_{slug}"), slug: slug.to_owned(), default, ..Account::default() };
        let several = Accounts { accounts: vec![account("a", false), account("b", false)] };
        assert_eq!(several.find("acc_b").unwrap().slug, "b");
        assert_eq!(several.find("c").unwrap_err(), Failure::usage("there is no account \"c\"; the accounts are: a, b"));
        assert!(several.payer().unwrap_err().to_string().ends_with("--account: a, b"));
        let one_default = Accounts { accounts: vec![account("a", false), account("b", true)] };
        assert_eq!(one_default.payer().unwrap().slug, "b");
    }
}
