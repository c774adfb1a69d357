//! Drivers: each speaks one vendor's wire protocol and reports what happened in words of the domain.
//!
//! Knows nothing of: retries, sleeping, storage, caching, when to ask. A vendor's words never leave its folder.

mod calls;
pub mod http;
mod look_up;
pub mod onfon;
mod secret;

use async_trait::async_trait;
use salio_domain::Units;
use salio_domain::balance::BalanceForm;
use salio_domain::outbox::SubmitOutcome;

pub use calls::{Inbound, MOST_IN_CALL, RawCall, ReportCall};
pub use look_up::{Found, LookUp, LookUpError};
pub use secret::Secret;

/// A balance as the provider said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceAnswer {
    /// The figure, exact.
    pub units: Units,
    /// How it was written.
    pub form: BalanceForm,
    /// The text of the figure, shortened, without secrets.
    pub raw: String,
}

/// Why there is no figure, by what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct BalanceError {
    /// Stable, ours: `timeout`, `unreachable`, `connection_lost`, `provider_error`, `http_status`, `unreadable_answer`, `unreadable_balance`, `credentials_refused`, `refused`.
    pub code: &'static str,
    /// For people; never a secret, never a URL with its query.
    pub detail: String,
    /// Credentials were refused: only a person can help; asking again by itself is pointless.
    pub credentials: bool,
    /// Whether the question may have run into its deadline.
    pub timed_out: bool,
    /// What came back, shortened and without secrets, for the operator alone.
    pub raw: Option<String>,
}

/// One recipient of a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// E.164 digits without the plus sign.
    pub to: String,
    /// The text for this recipient.
    pub text: String,
}

/// One submission: one sender and one encoding, never one number twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmitRequest {
    /// The approved sender.
    pub sender: String,
    /// Whether GSM 03.38 cannot carry the texts.
    pub unicode: bool,
    /// In order; at most the account's batch size.
    pub recipients: Vec<Recipient>,
}

/// A driver of one account at one vendor.
#[async_trait]
pub trait Provider: Send + Sync {
    /// The word for the vendor in API, logs and tables: `onfon`.
    fn name(&self) -> &'static str;

    /// Asks once what is left.
    ///
    /// # Errors
    /// When no figure came, classified by what to do next.
    async fn fetch_balance(&self) -> Result<BalanceAnswer, BalanceError>;

    /// Hands over once; says for each recipient what certainly happened, or that it is in doubt.
    async fn submit(&self, request: &SubmitRequest) -> SubmitOutcome;

    /// Reads a call about delivery. Never fails: what cannot be understood gives one report that says nothing and changes nothing, and is kept raw by the caller.
    fn read_reports(&self, call: &RawCall<'_>) -> ReportCall {
        let _ = call;
        ReportCall::not_understood()
    }

    /// Reads a call with messages from phones; empty when there is none in it; more than [`MOST_IN_CALL`] where it holds more than that.
    fn read_inbound(&self, call: &RawCall<'_>) -> Vec<Inbound> {
        let _ = call;
        Vec::new()
    }

    /// The body that the vendor wants to see after a call with messages from phones, to the letter.
    fn acknowledge_inbound(&self, call: &RawCall<'_>) -> &'static str {
        let _ = call;
        ReportCall::OK
    }

    /// Asks for the rows that may be about a message in doubt. It only reports rows; what follows is for whoever asks. No row proves nothing.
    ///
    /// # Errors
    /// When there is no look-up, when no answer came, or when the answer says nothing certain.
    async fn look_up(&self, ask: &LookUp) -> Result<Vec<Found>, LookUpError> {
        let _ = ask;
        Err(LookUpError::NotSupported)
    }

    /// The same for many, with as few calls as the vendor allows and a bound on them: one answer for each, in order. A driver with a list reads it once for all.
    async fn look_up_all(&self, asks: &[LookUp]) -> Vec<Result<Vec<Found>, LookUpError>> {
        let mut answers = Vec::with_capacity(asks.len());
        for ask in asks {
            answers.push(self.look_up(ask).await);
        }
        answers
    }
}
