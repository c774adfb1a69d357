//! What will have gone after each coming hour, with its range, from the views and errors of a replayed past. Inside the scale; knows no balance and nothing of what is scheduled.

use super::history::{History, ONE};
use super::replay::{AHEAD, Mix, Replay, VIEWS};

/// What goes from an instant on, inside the scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reach {
    pub low: i64,
    pub mid: i64,
    pub high: i64,
}

/// After the last of [`AHEAD`] the range widens by its own width in this many hours: a level wanders.
const WANDERS: i64 = 4 * 336;

/// What goes within 1 to `hours` hours from `fraction` (millionths) of `hour` on. Never falls from one hour to the next.
pub(super) fn curve(history: &History, replay: &Replay<'_>, hour: usize, fraction: i64, hours: usize) -> Vec<Reach> {
    let mixes = replay.mixes(&replay.levels(hour));
    let spreads = replay.spreads(hour);
    let slot = history.slot(hour);
    let one = |ahead: usize| {
        let shares: [i64; VIEWS] = replay.weeks().map(|week| {
            let whole = week.ahead(slot, ahead);
            let later = week.ahead(slot, ahead + 1) - week.ahead(slot, 1);
            whole + mul(later - whole, fraction)
        });
        let (index, part) = bracket(ahead);
        let between = |one: i64, next: i64| one + mul(next - one, part);
        let next = (index + 1).min(AHEAD.len() - 1);
        let burn = |mix: &Mix| mix.burn(&shares);
        let forecast = between(burn(&mixes[index]), burn(&mixes[next]));
        let yardstick = replay.yardstick(forecast, hour, ahead);
        let wider = ONE + (count(ahead) - count(AHEAD[AHEAD.len() - 1])).max(0) * ONE / WANDERS;
        let off = |one: i64, next: i64| forecast.saturating_add(outward(yardstick, mul(between(one, next), wider))).max(0);
        let (one, next) = (&spreads[index], &spreads[next]);
        let mid = forecast.saturating_add(mul(yardstick, between(one.mid, next.mid))).max(0);
        Reach { low: off(one.low, next.low).min(mid), mid, high: off(one.high, next.high).max(mid) }
    };
    (1..=hours)
        .map(one)
        .scan(Reach::default(), |before, reach| {
            *before = Reach { low: before.low.max(reach.low), mid: before.mid.max(reach.mid), high: before.high.max(reach.high) };
            Some(*before)
        })
        .collect()
}

/// The last of [`AHEAD`] at or before `ahead`, and how far it is on the way to the next.
fn bracket(ahead: usize) -> (usize, i64) {
    let index = AHEAD.partition_point(|tried| *tried <= ahead).saturating_sub(1);
    let part = match (AHEAD.get(index), AHEAD.get(index + 1)) {
        (Some(one), Some(next)) => count(ahead - one) * ONE / count(next - one),
        _ => 0,
    };
    (index, part)
}

fn mul(amount: i64, ratio: i64) -> i64 {
    i64::try_from(i128::from(amount) * i128::from(ratio) / i128::from(ONE)).unwrap_or(i64::MAX)
}

/// As [`mul`], rounded away from nothing.
fn outward(amount: i64, ratio: i64) -> i64 {
    let product = i128::from(amount) * i128::from(ratio);
    let size = (product.abs() + i128::from(ONE) - 1) / i128::from(ONE);
    i64::try_from(size * product.signum()).unwrap_or(i64::MAX)
}

fn count(hours: usize) -> i64 {
    i64::try_from(hours).unwrap_or(i64::MAX)
}
