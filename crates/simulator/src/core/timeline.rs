//! What is still to happen, in order of time and then of promise. Must not know what an event does.

use std::collections::BTreeMap;

use super::dlr::Report;
use super::request::SubmitRequest;

/// Something that happens later.
#[derive(Debug)]
pub(crate) enum Event {
    /// A promised charge, or part of one, is taken.
    Charge(i64),
    /// Somebody tops the account up.
    TopUp(i64),
    /// The other spender spends, if the settings of this number are still in force.
    Others { settings_no: u64 },
    /// A submission whose answer was spoiled is accepted after all.
    LateSubmission { request: Box<SubmitRequest>, call_no: u64 },
    /// A delivery report leaves.
    Report(Box<Report>),
}

/// Events in order.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    events: BTreeMap<(i64, u64), Event>,
    promised: u64,
}

impl Timeline {
    pub(crate) fn add(&mut self, at: i64, event: Event) {
        self.promised += 1;
        self.events.insert((at, self.promised), event);
    }

    /// The next event due at `now` or before, with its instant.
    pub(crate) fn pop_due(&mut self, now: i64) -> Option<(i64, Event)> {
        let first = self.events.first_entry().filter(|entry| entry.key().0 <= now)?;
        let ((at, _), event) = first.remove_entry();
        Some((at, event))
    }

    /// When the next event is due.
    pub(crate) fn next_at(&self) -> Option<i64> {
        self.events.first_key_value().map(|((at, _), _)| *at)
    }
}

/// `at` plus milliseconds.
pub(crate) fn after_ms(at: i64, ms: u64) -> i64 {
    at.saturating_add(i64::try_from(ms).unwrap_or(i64::MAX).saturating_mul(1000))
}
