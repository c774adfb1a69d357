//! The provider's later word on a message: what a report says, whose message it means ([`find`]) and what it makes of it ([`fold`]).
//!
//! Knows nothing of the shapes in which reports arrive, nor of where they are kept: every report is kept raw, whatever comes of it here.

mod find;
mod fold;

pub use find::{Candidate, by_name, by_number, other_spellings, written_digits};
pub use fold::{Folded, fold};

use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// What the provider's word means.
    ReportOutcome {
        /// It reached the phone.
        Delivered = "delivered",
        /// The network gave up.
        Failed = "failed",
        /// The provider has it and has not ended with it.
        Pending = "pending",
        /// A word that nobody has given a meaning: it changes nothing.
        Unmapped = "unmapped",
    }
}

/// A delivery report, read from whichever shape it came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryReport {
    /// The provider's name of the message. Not unique.
    pub provider_message_id: Option<String>,
    /// The recipient as written, in whatever form.
    pub number: Option<String>,
    /// The provider's word, as it came.
    pub word: Option<String>,
    /// What that word means.
    pub outcome: ReportOutcome,
    /// The provider's code, as it came.
    pub error_code: Option<String>,
    /// The message's text or its beginning, as echoed.
    pub text: Option<String>,
    /// When the network ended with it, as written.
    pub done_at: Option<String>,
}

#[cfg(test)]
mod tests;
