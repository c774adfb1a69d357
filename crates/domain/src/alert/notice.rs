//! What is told: everything a text needs but the account's name and its unit. Stored until a channel has taken it.

use serde::{Deserialize, Serialize};

use super::{Condition, Firing, Rule, Seen, Severity};
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// Why something is told.
    NoticeKind {
        /// A level was reached.
        Fired = "fired",
        /// It lasts.
        Reminder = "reminder",
        /// It is over.
        Recovered = "recovered",
        /// Nobody acknowledged it; for the escalation channels.
        Escalated = "escalated",
    }
}

/// What a fresh figure said of a low alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Confirmation {
    /// This kind of alert needs none.
    NotNeeded,
    /// The provider said so when asked again.
    Confirmed,
    /// No fresh figure could be had.
    Failed {
        /// Why, for people, without secrets.
        reason: String,
    },
}

/// Something to tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Why.
    pub kind: NoticeKind,
    /// The slug of the rule.
    pub rule: String,
    /// What the rule watches, and its level, as it was then.
    pub condition: Condition,
    /// How urgent it is.
    pub severity: Severity,
    /// Which crossing of this rule and account, from 1.
    pub crossing: i64,
    /// Which reminder, from 1; 0 for what is not one.
    pub reminder: u32,
    /// Since when it has been so.
    pub since: Timestamp,
    /// When it was decided; of a recovery that had to wait, when it recovered.
    pub at: Timestamp,
    /// What was seen last.
    pub seen: Seen,
    /// Whether a fresh figure confirmed it.
    pub confirmation: Confirmation,
    /// The escalation channels have been told of this crossing, so they hear of its end too.
    pub escalated: bool,
}

impl Notice {
    pub(super) fn of(kind: NoticeKind, rule: &Rule, firing: &Firing, at: Timestamp) -> Self {
        Self {
            kind,
            rule: rule.slug.clone(),
            condition: rule.condition,
            severity: rule.severity,
            crossing: firing.crossing,
            reminder: if kind == NoticeKind::Reminder { firing.reminders } else { 0 },
            since: firing.since,
            at,
            seen: firing.seen,
            confirmation: firing.confirmation.clone(),
            escalated: firing.escalated,
        }
    }

    /// Unique per rule and account, so that an outbox can refuse a second one: `fired:3`, `reminder:3:2`.
    #[must_use]
    pub fn key(&self) -> String {
        let word = self.kind.as_str();
        if self.reminder == 0 { format!("{word}:{}", self.crossing) } else { format!("{word}:{}:{}", self.crossing, self.reminder) }
    }
}
