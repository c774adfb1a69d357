//! Asking the vendor what became of a message in doubt: the question, the rows that may be about it, and why there are none.
//!
//! Knows nothing of: any vendor's words, what follows from a row (the engine decides).

use salio_domain::Timestamp;
use salio_domain::report::ReportOutcome;

/// A message to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookUp {
    /// E.164 digits without the plus sign.
    pub to: String,
    /// The sender it was handed over with.
    pub sender: String,
    /// Its text.
    pub text: String,
    /// When it was handed over.
    pub submitted_at: Timestamp,
    /// What the provider has named it, if it has; of several tries the names of all.
    pub provider_message_ids: Vec<String>,
}

/// One row of the provider's that may be about the message. No row is no proof of anything.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Found {
    /// The provider's name for it.
    pub provider_message_id: String,
    /// The recipient, digits only; empty when the row does not say.
    pub number: String,
    /// The text; empty when the row does not say.
    pub text: String,
    /// The sender; empty when the row does not say.
    pub sender: String,
    /// When the provider took it.
    pub submitted_at: Option<Timestamp>,
    /// What it says became of it.
    pub outcome: ReportOutcome,
    /// Its word for that.
    pub word: Option<String>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LookUpError {
    /// This driver has nothing to look up with.
    #[error("not_supported: this provider has no look-up")]
    NotSupported,
    /// As many calls as one round may make were made for others: it is still to be looked for.
    #[error("not_reached: the calls of this round were used up")]
    NotReached,
    /// The question failed, or its answer says nothing certain.
    #[error("{code}: {detail}")]
    Failed {
        /// Stable, ours: `timeout`, `unreachable`, `connection_lost`, `http_status`, `unreadable_answer`, `credentials_refused`, `refused`, `too_many_rows`.
        code: &'static str,
        /// For people; never a secret, never a URL with its query.
        detail: String,
        /// Credentials were refused: only a person can help.
        credentials: bool,
    },
}

impl LookUpError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotSupported => "not_supported",
            Self::NotReached => "not_reached",
            Self::Failed { code, .. } => code,
        }
    }
}
