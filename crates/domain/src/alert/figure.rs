//! What a rule sees: a figure of its kind, what stands beside it, and how fresh it is.

use serde::{Deserialize, Serialize};

use crate::time::{Millis, Timestamp};
use crate::units::Units;

/// A runway without an end in sight.
pub const ENDLESS: Millis = Millis::MAX;

/// What a rule watches, as it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Figure {
    /// The shown balance.
    Balance {
        /// In the account's unit.
        units: Units,
    },
    /// How long the balance lasts.
    Runway {
        /// Milliseconds; [`ENDLESS`] when nothing is used.
        left_ms: Millis,
    },
    /// What left in the last 24 h and nothing known explains.
    Drift {
        /// In the account's unit.
        units: Units,
        /// What was charged in the same time.
        charges: Units,
    },
    /// How old the last figure is.
    NoFigure {
        /// Milliseconds.
        for_ms: Millis,
    },
    /// Questions that failed in a row.
    Failures {
        /// How many.
        in_a_row: u32,
    },
    /// Whether the key is refused.
    Key {
        /// It is.
        refused: bool,
    },
    /// How fast units go.
    Burn {
        /// Units an hour, lately.
        per_hour: Units,
        /// Units an hour, usually at this time.
        usual: Units,
    },
    /// Messages that are due and do not leave.
    Stuck {
        /// How many.
        messages: i64,
        /// How long the oldest has waited, in milliseconds.
        for_ms: Millis,
    },
    /// Messages in doubt that nobody settled.
    Doubt {
        /// How many.
        messages: i64,
        /// For how long the oldest has been in doubt, in milliseconds.
        for_ms: Millis,
    },
    /// Messages that were sent since the last report came.
    Silence {
        /// How many.
        messages: i64,
        /// How long ago the first of them was sent, in milliseconds.
        for_ms: Millis,
    },
}

impl Figure {
    /// The age it is about, if it is about one.
    pub(super) fn age_mut(&mut self) -> Option<&mut Millis> {
        match self {
            Self::NoFigure { for_ms } | Self::Stuck { for_ms, .. } | Self::Doubt { for_ms, .. } | Self::Silence { for_ms, .. } => Some(for_ms),
            _ => None,
        }
    }
}

/// How much to top up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// In the account's unit.
    pub units: Units,
    /// For how many days that lasts, where that is known.
    pub days: Option<u32>,
    /// By when, where that is known.
    pub by: Option<Timestamp>,
}

/// What is told of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// What the rule watches.
    pub figure: Figure,
    /// The shown balance beside it, where one is known.
    pub balance: Option<Units>,
    /// What to top up, where that is known.
    pub advice: Option<Advice>,
}

/// Why the newest question brought no figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unanswered {
    /// For people, without secrets.
    pub reason: String,
    /// No other question follows by itself (credentials refused, or nobody stays to ask): waiting for a confirmation is useless.
    pub is_last: bool,
}

/// What a rule sees of an account at a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// None: nothing is known, and so nothing changes.
    pub seen: Option<Seen>,
    /// When what is watched began (the last figure, the oldest message, the first failure), where it says so itself. The same beginning is the same age.
    pub since: Option<Timestamp>,
    /// The sequence number at which the figure was asked for, and when. None: it does not rest on a question.
    pub asked: Option<(i64, Timestamp)>,
    /// The newest sequence number of the account's balance: figures asked after it have seen all that is known now.
    pub newest_seq: i64,
    /// The sequence number of the answer that showed the last top-up; 0 for none.
    pub top_up_seq: i64,
    /// The newest question failed.
    pub unanswered: Option<Unanswered>,
}
