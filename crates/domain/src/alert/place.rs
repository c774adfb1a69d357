//! Where a figure lies: at its level, clear of it, or between. The tenth between keeps a figure that trembles from crying at each step.

use super::{Condition, Figure};
use crate::units::Units;

/// A tenth of the level is between firing and recovery.
const TENTHS: i128 = 10;
const MILLION: i128 = 1_000_000;

/// Where a figure lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At the level, or past it: fires.
    At,
    /// Not at the level, but within a tenth of it: changes nothing by itself.
    Between,
    /// Clear of it: recovers.
    Clear,
}

/// Where `figure` lies; none when it is no figure of this condition. `topped_up`: since it fired, a top-up was seen, so the level itself is enough to recover.
#[must_use]
pub fn place(condition: &Condition, figure: &Figure, topped_up: bool) -> Option<Place> {
    let found = match (*condition, *figure) {
        (Condition::BalanceBelow { level }, Figure::Balance { units }) => below(level.micros(), units.micros(), topped_up),
        (Condition::RunwayBelow { level_ms }, Figure::Runway { left_ms }) => below(level_ms, left_ms, topped_up),
        (Condition::DriftAbove { least, share }, Figure::Drift { units, charges }) => above(drift_level(least, share, charges), units.micros()),
        (Condition::NoObservation { level_ms }, Figure::NoFigure { for_ms }) => above(level_ms.into(), for_ms),
        (Condition::ProviderFailing { failures }, Figure::Failures { in_a_row }) => above(failures.into(), in_a_row.into()),
        (Condition::CredentialsRefused, Figure::Key { refused }) => above(1, refused.into()),
        (Condition::BurnAbove { ratio, least }, Figure::Burn { per_hour, usual }) => above(burn_level(ratio, least, usual), per_hour.micros()),
        (Condition::MessagesStuck { level_ms }, Figure::Stuck { for_ms, .. }) => above(level_ms.into(), for_ms),
        (Condition::UnknownWaiting { count, level_ms }, Figure::Doubt { messages, for_ms }) => {
            either(count.map(|count| above(count.into(), messages)), level_ms.map(|ms| above(ms.into(), for_ms)))
        }
        (Condition::ReportSilence { level_ms }, Figure::Silence { for_ms, .. }) => above(level_ms.into(), for_ms),
        _ => return None,
    };
    Some(found)
}

fn below(level: i64, value: i64, topped_up: bool) -> Place {
    let (level, value) = (i128::from(level), i128::from(value));
    if value <= level {
        Place::At
    } else if topped_up || (value - level) * TENTHS >= level.abs() {
        Place::Clear
    } else {
        Place::Between
    }
}

fn above(level: i128, value: i64) -> Place {
    let value = i128::from(value);
    if value >= level {
        Place::At
    } else if (level - value) * TENTHS >= level.abs() {
        Place::Clear
    } else {
        Place::Between
    }
}

/// Fires by either, recovers only from both.
fn either(one: Option<Place>, other: Option<Place>) -> Place {
    let both = [one, other];
    if both.contains(&Some(Place::At)) {
        Place::At
    } else if both.contains(&Some(Place::Between)) {
        Place::Between
    } else {
        Place::Clear
    }
}

/// The drift that alarms, in millionths of a unit: the larger of an amount and a share of the day's charges. No drift at all never alarms.
pub(super) fn drift_level(least: Units, share: i64, charges: Units) -> i128 {
    share_of(charges, share).max(least.micros().into()).max(1)
}

/// The burn an hour that alarms, in millionths of a unit: a multiple of the usual, but no less than an amount.
pub(super) fn burn_level(ratio: i64, least: Units, usual: Units) -> i128 {
    share_of(usual, ratio).max(least.micros().into())
}

/// Rounded up: a value reaches the exact share when it reaches this.
fn share_of(whole: Units, millionths: i64) -> i128 {
    let product = i128::from(whole.micros()) * i128::from(millionths);
    product.div_euclid(MILLION) + i128::from(product.rem_euclid(MILLION) != 0)
}

#[cfg(test)]
#[path = "place_tests.rs"]
mod tests;
