//! Settings that hold for all rules, and the instant of a step. Knows no time zone: local time comes in as minutes since midnight.

use serde::{Deserialize, Serialize};

use crate::time::{Millis, Timestamp};

const DAY_MINUTES: u16 = 24 * 60;
const HOUR_MS: Millis = 3_600_000;

/// When a step is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The instant.
    pub at: Timestamp,
    /// Minutes since local midnight, 0 to 1,439.
    pub local_minute: u16,
}

/// The hours in which warnings wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// The first quiet minute since local midnight.
    pub from: u16,
    /// The first minute after them; smaller than `from` when they pass midnight, equal for none at all.
    pub to: u16,
}

impl QuietHours {
    /// Whether a local minute lies in them.
    #[must_use]
    pub const fn holds(self, local_minute: u16) -> bool {
        let (minute, from, to) = (local_minute % DAY_MINUTES, self.from % DAY_MINUTES, self.to % DAY_MINUTES);
        if from <= to { from <= minute && minute < to } else { minute >= from || minute < to }
    }

    /// Milliseconds from the start of a local minute until they end.
    #[must_use]
    pub const fn left_ms(self, local_minute: u16) -> Millis {
        let minutes = (self.to % DAY_MINUTES + DAY_MINUTES - local_minute % DAY_MINUTES) % DAY_MINUTES;
        minutes as Millis * 60_000
    }
}

/// How alerts are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// How often an alert that lasts is told again; none or nothing: never.
    pub reminder_ms: Option<Millis>,
    /// How long a low alert waits for a figure that confirms it.
    pub confirm_ms: Millis,
    /// When warnings wait.
    pub quiet: Option<QuietHours>,
    /// After how long without an acknowledgement the escalation channels are told; none or nothing: never.
    pub escalate_ms: Option<Millis>,
}

impl Default for Options {
    fn default() -> Self {
        Self { reminder_ms: Some(6 * HOUR_MS), confirm_ms: 60_000, quiet: None, escalate_ms: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_may_pass_midnight() {
        let night = QuietHours { from: 22 * 60, to: 6 * 60 };
        let noon = QuietHours { from: 12 * 60, to: 13 * 60 };
        let never = QuietHours { from: 60, to: 60 };
        for (minute, in_night, in_noon) in
            [(0, true, false), (359, true, false), (360, false, false), (719, false, false), (720, false, true), (779, false, true), (780, false, false)]
        {
            assert_eq!((night.holds(minute), noon.holds(minute), never.holds(minute)), (in_night, in_noon, false), "{minute}");
        }
        assert!(!night.holds(1_319) && night.holds(1_320) && night.holds(1_439) && night.holds(1_440));
        assert_eq!((night.left_ms(1_320), night.left_ms(0), night.left_ms(359)), (8 * HOUR_MS, 6 * HOUR_MS, 60_000));
    }
}
