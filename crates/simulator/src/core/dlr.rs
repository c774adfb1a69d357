//! Delivery reports: what they say, when and how often. Must not know how they look (that is `shapes`) nor how they are sent.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::fault_check::check_share;
use super::shapes::DlrShape;

/// What the vendor says later about one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The id given at submission.
    pub message_id: Arc<str>,
    /// The recipient.
    pub number: Box<str>,
    /// The status word, for example `DELIVRD`.
    pub word: Arc<str>,
    /// The network's code; `000` for none.
    pub error_code: Arc<str>,
    /// The text of the message.
    pub text: Arc<str>,
    /// When it was submitted, in microseconds.
    pub submitted_at: i64,
    /// When the word was spoken.
    pub done_at: i64,
}

/// What to report, when and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DlrPlan {
    /// Where reports go (http only); its own query is kept, for a token.
    pub url: Option<String>,
    /// Make reports at all; on when there is a `url`. Simulations without sockets switch it on without one.
    pub enabled: Option<bool>,
    /// How they look.
    pub shape: DlrShape,
    /// From the submission to the report,
    pub delay_ms: u64,
    /// and up to this much longer by chance.
    pub jitter_ms: u64,
    /// Final words by probability; the last one takes what is left.
    pub outcomes: Vec<Outcome>,
    /// Reports that follow a first one with a pending word.
    pub interim_per_mille: u16,
    /// The pending word.
    pub interim_word: String,
    /// Reports of which the pending word comes after the final one.
    pub reordered_per_mille: u16,
    /// Reports that come twice.
    pub duplicate_per_mille: u16,
    /// Reports that arrive before the answer to the submission.
    pub before_answer_per_mille: u16,
    /// Reports that never come.
    pub lost_per_mille: u16,
    /// S4 only: a report that was not acknowledged is repeated after this long, three times.
    pub retry_ms: u64,
}

/// A final word with its share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// For example `DELIVRD`.
    pub word: String,
    /// Of a thousand messages.
    pub per_mille: u16,
    /// The network's code.
    #[serde(default = "no_error")]
    pub error_code: String,
}

fn no_error() -> String {
    "000".to_owned()
}

impl Default for DlrPlan {
    fn default() -> Self {
        Self {
            url: None,
            enabled: None,
            shape: DlrShape::S1,
            delay_ms: 1000,
            jitter_ms: 0,
            outcomes: vec![Outcome { word: "DELIVRD".to_owned(), per_mille: 1000, error_code: no_error() }],
            interim_per_mille: 0,
            interim_word: "SUBMITTED".to_owned(),
            reordered_per_mille: 0,
            duplicate_per_mille: 0,
            before_answer_per_mille: 0,
            lost_per_mille: 0,
            retry_ms: 30_000,
        }
    }
}

impl DlrPlan {
    /// Whether reports are made.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.enabled.unwrap_or(self.url.is_some())
    }

    /// Refuses settings that cannot be carried out.
    ///
    /// # Errors
    /// What is wrong and what is allowed, in words.
    pub fn check(&self) -> Result<(), String> {
        if self.url.as_ref().is_some_and(|url| !url.starts_with("http://")) {
            return Err("url must begin with http:// (reports are sent to a server under test, without TLS)".to_owned());
        }
        if self.outcomes.is_empty() {
            return Err("outcomes is empty: name at least one, such as {\"word\":\"DELIVRD\",\"per_mille\":1000}".to_owned());
        }
        self.outcomes.iter().try_for_each(|outcome| check_share(outcome.per_mille))?;
        [self.interim_per_mille, self.reordered_per_mille, self.duplicate_per_mille, self.before_answer_per_mille, self.lost_per_mille].into_iter().try_for_each(check_share)
    }
}
