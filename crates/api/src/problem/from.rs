//! What the engine could not do, told as a problem.

use salio_domain::admission::Short;
use salio_engine::store::{AccountSnapshot, StoreError};
use salio_engine::{DraftError, RefreshError, RejectedRecipient};
use tracing::error;

use super::{Code, Problem};
use crate::wire::{Amount, Balance, RefusedRecipient};

impl Problem {
    /// Why a sync brought no figure, with the account as it stands.
    pub(crate) fn refresh(error: RefreshError, last: impl FnOnce(&AccountSnapshot) -> Option<Balance>) -> Self {
        match error {
            RefreshError::Provider { failure, timed_out, last: snapshot } => {
                let code = Code::from_word(&failure.code).unwrap_or(Code::ProviderFailed);
                let status = if timed_out || code == Code::Timeout { 504 } else { 502 };
                Self::new(code, failure.detail).status(status).word(failure.code).with("last", last(&snapshot))
            }
            RefreshError::OutOfBudget { retry_after, last: snapshot } => {
                let seconds = whole_seconds(retry_after);
                let detail = format!("The provider was asked as often as calls_per_hour allows. Ask again in {seconds} s.");
                Self::new(Code::OutOfCalls, detail).retry_after(seconds).with("last", last(&snapshot))
            }
            RefreshError::Store(error) => error.into(),
            RefreshError::Stopping => Self::new(Code::Stopping, "Salio is shutting down. Ask again in a moment."),
        }
    }
}

/// What a conflict means on this route; other failures mean the same everywhere.
pub(crate) fn conflict(code: Code, failed: StoreError) -> Problem {
    match failed {
        StoreError::Conflict { why } => Problem::new(code, format!("{} {}", sentence(why), way_out(code))),
        other => other.into(),
    }
}

const fn way_out(code: Code) -> &'static str {
    match code {
        Code::NotInDoubt => "Its timeline says what became of it.",
        Code::BatchEnded => "GET /api/v1/batches/{id} says where it is.",
        Code::BatchReceiving => "Cancel it, or pause it as soon as its stream has ended.",
        Code::NameTaken => "Take another name, or take that key back first.",
        _ => "",
    }
}

/// The balance does not cover it.
pub(crate) fn short(short: Short, account: &str, unit: &str) -> Problem {
    let Short { charge, available, shortfall } = short;
    let detail = format!("This takes {charge} {unit}, {available} {unit} of {account} are available, {shortfall} {unit} are missing. Nothing was accepted.");
    let problem = Problem::new(Code::InsufficientBalance, detail).with("account", account).with("unit", unit);
    problem.with("charge", Amount(charge)).with("available", Amount(available)).with("shortfall", Amount(shortfall))
}

/// `Retry-After` has whole seconds: rounded up, so that asking then is not too early, and at least one.
fn whole_seconds(span: std::time::Duration) -> u64 {
    let seconds = span.as_secs() + u64::from(span.subsec_nanos() > 0);
    seconds.max(1)
}

impl From<DraftError> for Problem {
    fn from(error: DraftError) -> Self {
        let code = Code::from_word(error.code).unwrap_or(Code::InvalidMessage);
        let problem = Self::new(code, error.detail).status(422).word(error.code);
        if error.field.is_empty() { problem } else { problem.with("field", error.field) }
    }
}

impl From<StoreError> for Problem {
    fn from(failed: StoreError) -> Self {
        match failed {
            StoreError::NotFound { what: "message" } => Self::new(Code::UnknownMessage, "There is no such message."),
            StoreError::NotFound { what: "batch" } => Self::new(Code::UnknownBatch, "There is no such batch."),
            StoreError::NotFound { what: "key" } => Self::new(Code::UnknownToken, "There is no such key."),
            StoreError::NotFound { what: "account" } => Self::new(Code::UnknownAccount, "There is no such account."),
            StoreError::NotFound { .. } => Self::new(Code::NotFound, "There is nothing here."),
            StoreError::Conflict { why } => Self::new(Code::AlreadyLeft, sentence(why)),
            StoreError::Broken { detail } => {
                error!(detail, "the database failed");
                Self::new(Code::StorageFailed, "The database failed; nothing was half done. Salio's log says more.")
            }
            StoreError::Closed => Self::new(Code::Stopping, "Salio is shutting down. Ask again in a moment."),
        }
    }
}

/// The same with a capital and a full stop.
pub(crate) fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
    let end = if words.ends_with('.') { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// No recipient is left: a single one is told by its own code, a list by each of its entries.
pub(crate) fn none_valid(rejected: &[RejectedRecipient], list: bool) -> Problem {
    let shown: Vec<RefusedRecipient> = rejected.iter().map(Into::into).collect();
    match rejected.first().filter(|_| !list) {
        Some(only) => Problem::new(Code::from_word(only.code).unwrap_or(Code::InvalidMessage), sentence(&only.detail)).with("field", "to").with("rejected", shown),
        None => Problem::new(Code::NoValidRecipient, "None of the recipients can be sent to; \"rejected\" says why.").with("field", "to").with("rejected", shown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn retry_after_is_never_too_early_and_never_zero() {
        for (span, seconds) in [(Duration::ZERO, 1), (Duration::from_millis(1), 1), (Duration::from_millis(1001), 2), (Duration::from_secs(42), 42)] {
            assert_eq!(whole_seconds(span), seconds);
        }
    }
}
