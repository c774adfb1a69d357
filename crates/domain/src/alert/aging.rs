//! Ages that survive a clock that steps backward: while the beginning is the same, an age never shrinks, and it goes on growing by what passes from then on.

use serde::{Deserialize, Serialize};

use super::read::age;
use super::{Reading, Seen};
use crate::time::{Millis, Timestamp};

/// The age that a rule has watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Aging {
    /// The beginning, as read.
    since: Timestamp,
    /// The beginning, never ahead of the clock.
    from: Timestamp,
    /// The most that was seen.
    most_ms: Millis,
}

/// The reading with the age that counts, and what to remember of it. Readings without an age, or without a beginning, are as they were.
pub(super) fn aged(kept: Option<Aging>, reading: &Reading, now: Timestamp) -> (Option<Seen>, Option<Aging>) {
    let Some(mut seen) = reading.seen else { return (None, kept) };
    let (Some(shown), Some(since)) = (seen.figure.age_mut(), reading.since) else { return (Some(seen), None) };
    let kept = kept.filter(|kept| kept.since == since).unwrap_or(Aging { since, from: since, most_ms: 0 });
    let from = kept.from.min(now);
    let most_ms = kept.most_ms.max(age(from, now));
    *shown = most_ms;
    (Some(seen), Some(Aging { since, from, most_ms }))
}
