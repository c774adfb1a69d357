//! What is remembered of a rule and an account between two steps, and what a person can do to it.

use serde::{Deserialize, Serialize};

use super::aging::Aging;
use super::{Confirmation, Notice, Seen};
use crate::time::Timestamp;

/// Somebody has seen it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Nothing is told until then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snooze {
    /// Who wanted that.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Whether to remind of what still fires then; an acknowledgement makes that needless.
    pub reminds: bool,
}

/// At its level, and not told before a fresh figure says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirming {
    /// Since when.
    pub since: Timestamp,
    /// Figures asked after this sequence number confirm.
    pub newest_seq: i64,
    /// The last top-up known then.
    pub top_up_seq: i64,
}

/// At its level, until it recovers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Firing {
    /// Which crossing, from 1.
    pub crossing: i64,
    /// Since when.
    pub since: Timestamp,
    /// What was seen last.
    pub seen: Seen,
    /// Whether a fresh figure confirmed it.
    pub confirmation: Confirmation,
    /// The last sequence number of the balance when it crossed: figures asked after it confirm.
    pub newest_seq: i64,
    /// The last top-up known when it crossed.
    pub top_up_seq: i64,
    /// When it was told last; none: nobody has been told.
    pub told_at: Option<Timestamp>,
    /// Since when nobody has acknowledged it.
    pub unheeded_since: Timestamp,
    /// How many reminders were told.
    pub reminders: u32,
    /// The escalation channels were told.
    pub escalated: bool,
    /// Somebody has seen it.
    pub acknowledged: Option<Acknowledged>,
}

/// Where an alert is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Phase {
    /// Nothing is wrong.
    #[default]
    Quiet,
    /// A fresh figure is awaited.
    Confirming(Confirming),
    /// It fires.
    Firing(Box<Firing>),
}

/// The state of one rule for one account. Stored as JSON; starts as the default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// How often the level has been crossed.
    pub crossings: i64,
    /// Where it is.
    pub phase: Phase,
    /// The recovery of an earlier crossing, which could not be told yet.
    pub owed: Option<Box<Notice>>,
    /// Nothing is told until then.
    pub snooze: Option<Snooze>,
    /// The age watched.
    pub(super) aging: Option<Aging>,
}

impl State {
    /// What fires.
    #[must_use]
    pub fn firing(&self) -> Option<&Firing> {
        if let Phase::Firing(firing) = &self.phase { Some(firing) } else { None }
    }

    /// Whether a balance question is wanted.
    #[must_use]
    pub const fn asks(&self) -> bool {
        matches!(self.phase, Phase::Confirming(_))
    }

    /// Somebody has seen it: no reminders and no escalation any more for this crossing. False when nothing fires; the first to acknowledge stays named.
    pub fn acknowledge(&mut self, by: &str, at: Timestamp) -> bool {
        let Phase::Firing(firing) = &mut self.phase else { return false };
        if firing.acknowledged.is_none() {
            firing.acknowledged = Some(Acknowledged { by: by.to_owned(), at });
        }
        if let Some(snooze) = &mut self.snooze {
            snooze.reminds = false;
        }
        true
    }

    /// Nothing is told until `until`; then a reminder if it still fires, or the recovery if it recovered meanwhile. An instant that
    /// has passed ends a snooze.
    pub fn snooze(&mut self, by: &str, until: Timestamp, at: Timestamp) {
        self.snooze = (until > at).then(|| Snooze { by: by.to_owned(), at, until, reminds: true });
    }

    /// Ends a snooze: what waits is told with the next step, without a reminder of what somebody just looked at.
    pub fn wake(&mut self) {
        self.snooze = None;
    }

    /// A rule that was switched off: what fired is forgotten in silence; the count of crossings and a snooze stay.
    pub(super) fn switched_off(self) -> Self {
        Self { crossings: self.crossings, snooze: self.snooze, ..Self::default() }
    }

    /// No instant lies ahead of `now`: after the clock stepped backward spans count from now on, so nothing is told early and nothing waits for long.
    pub(super) fn behind(mut self, now: Timestamp) -> Self {
        match &mut self.phase {
            Phase::Quiet => {}
            Phase::Confirming(confirming) => confirming.since = confirming.since.min(now),
            Phase::Firing(firing) => {
                firing.since = firing.since.min(now);
                firing.told_at = firing.told_at.map(|at| at.min(now));
                firing.unheeded_since = firing.unheeded_since.min(now);
            }
        }
        if let Some(snooze) = self.snooze.as_mut().filter(|snooze| snooze.at > now) {
            snooze.until = now.after(snooze.at.until(snooze.until));
            snooze.at = now;
        }
        self
    }
}
