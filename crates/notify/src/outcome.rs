//! What came of handing one notification over.
//!
//! Knows nothing of: channels, whether anybody tries again.

use std::fmt;
use std::time::Duration;

/// What is certain. The details are for people, and hold no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The other side said that it has it. Whether somebody reads it is another matter.
    Taken {
        /// What a person should know all the same: one of several receivers was refused.
        note: Option<String>,
    },
    /// The other side said that it will not have it.
    Refused {
        /// Trying again is pointless until somebody changes something.
        permanent: bool,
        /// Who refused what, with what words.
        detail: String,
    },
    /// It certainly did not arrive: nobody was reached, or nothing had been handed over yet.
    NotSent {
        /// What stood in the way.
        detail: String,
    },
    /// It may have arrived: no answer came after it had been handed over.
    InDoubt {
        /// What happened.
        detail: String,
    },
}

/// An outcome, and what the other side said beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// What is certain.
    pub outcome: Outcome,
    /// The status of the HTTP answer or the code of the SMTP reply, when there was one.
    pub status: Option<u16>,
    /// How long the other side asks to be left alone: at most a day.
    pub retry_after: Option<Duration>,
}

impl Outcome {
    /// A stable word for tables and logs: `taken`, `refused`, `not_sent`, `in_doubt`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Taken { .. } => "taken",
            Self::Refused { .. } => "refused",
            Self::NotSent { .. } => "not_sent",
            Self::InDoubt { .. } => "in_doubt",
        }
    }

    /// Whether it was taken.
    #[must_use]
    pub const fn is_taken(&self) -> bool {
        matches!(self, Self::Taken { .. })
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken { note: None } => f.write_str("taken"),
            Self::Taken { note: Some(note) } => write!(f, "taken, but {note}"),
            Self::Refused { permanent: true, detail } => write!(f, "refused for good: {detail}"),
            Self::Refused { permanent: false, detail } => write!(f, "refused: {detail}"),
            Self::NotSent { detail } => write!(f, "not sent: {detail}"),
            Self::InDoubt { detail } => write!(f, "in doubt: {detail}"),
        }
    }
}

impl Attempt {
    /// Without an answer from the other side.
    pub(crate) const fn unanswered(outcome: Outcome) -> Self {
        Self { outcome, status: None, retry_after: None }
    }

    pub(crate) fn not_sent(detail: impl Into<String>) -> Self {
        Self::unanswered(Outcome::NotSent { detail: detail.into() })
    }

    pub(crate) fn in_doubt(detail: impl Into<String>) -> Self {
        Self::unanswered(Outcome::InDoubt { detail: detail.into() })
    }

    pub(crate) const fn answered(outcome: Outcome, status: u16) -> Self {
        Self { outcome, status: Some(status), retry_after: None }
    }
}
