//! What a vendor calls us with: delivery reports and messages from phones, as they arrived, and what a driver made of them.
//!
//! Knows nothing of: any vendor's words, HTTP servers, tokens (whoever takes the call has checked and removed them), storage.

use salio_domain::report::{DeliveryReport, ReportOutcome};

/// Reports or messages that are taken of one call at most. Half a mebibyte of rows with a name and a status each has fewer; what has more is refused whole, before
/// anything of it is acknowledged, so that nothing is lost unseen.
pub const MOST_IN_CALL: usize = 10_000;

/// A call as it arrived, by whatever method.
#[derive(Clone, Copy, Debug)]
pub struct RawCall<'a> {
    /// The query, decoded, in order; `token` already removed.
    pub query: &'a [(String, String)],
    /// What the caller says the body is. Often wrong.
    pub content_type: Option<&'a str>,
    /// The body, already limited in size.
    pub body: &'a [u8],
}

/// What a call about delivery says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportCall {
    /// In order; at least one. Where nothing could be understood: one that says nothing, so that the raw call is kept all the same. More than [`MOST_IN_CALL`] where
    /// the call holds more than that; then not all of them.
    pub reports: Vec<DeliveryReport>,
    /// The body that the vendor wants to see, to the letter.
    pub acknowledge: &'static str,
    /// Which of the vendor's shapes it was; `unknown` for none of them.
    pub shape: &'static str,
}

/// A message from a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbound {
    /// Who wrote, as written; empty when the call does not say.
    pub from: String,
    /// The short code or number written to.
    pub to: Option<String>,
    /// The text.
    pub text: String,
    /// The provider's name for it.
    pub provider_message_id: Option<String>,
    /// When the provider got it, as written (often local time without a zone).
    pub received_at: Option<String>,
}

impl ReportCall {
    /// What is usual to answer.
    pub const OK: &'static str = "OK";

    /// A call that says nothing that could be understood.
    #[must_use]
    pub fn not_understood() -> Self {
        let nothing = DeliveryReport { provider_message_id: None, number: None, word: None, outcome: ReportOutcome::Unmapped, error_code: None, text: None, done_at: None };
        Self { reports: vec![nothing], acknowledge: Self::OK, shape: "unknown" }
    }
}
