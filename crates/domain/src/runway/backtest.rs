//! How good the outlook was: replays history, and at several hours of each past day forecasts from what was known then. Knows no balance.

use std::time::Duration;

use super::curve::curve;
use super::history::{HOUR, History, WEEK};
use super::outlook::basis;
use super::replay::Replay;
use super::{Basis, Past};
use crate::time::Timestamp;
use crate::units::Units;

/// Hours from one forecast to the next: seven, so that all times of day have their turn.
const EVERY: usize = 7;
/// The first forecast is made after a day.
const FIRST: usize = 24;
/// How much history is looked at: more than a year.
const MOST: usize = 400 * 24;

/// How good forecasts of one length were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    /// What they stood on: those of the first two weeks are told apart.
    pub basis: Basis,
    /// How far ahead they looked.
    pub ahead: Duration,
    /// How many met a truth that is wholly known.
    pub tried: u32,
    /// Of those: how many had it inside the range of 10 to 90 %.
    pub inside: u32,
    /// By how much the middle was off in the mean.
    pub error: Units,
    /// By how much a plain forecast would have been off: the mean of the known hours of the seven days before, for each hour.
    pub plain_error: Units,
}

/// Sums of one length and basis, inside the scale.
#[derive(Clone, Copy, Default)]
struct Tally {
    tried: u32,
    inside: u32,
    error: i128,
    plain_error: i128,
}

/// Replays a past of at most 400 days: every seven hours forecasts so many hours `ahead` (each 1 to 1,440) and compares with what happened, where every hour of that is known. For
/// each basis and length that was tried one score, in the order of `ahead`, the short basis first.
#[must_use]
pub fn backtest(past: &Past<'_>, slot_of: &dyn Fn(Timestamp) -> u16, ahead: &[u16]) -> Vec<Score> {
    let span = i64::try_from(past.hours.len()).unwrap_or(i64::MAX).saturating_mul(HOUR);
    let history = History::new(past, slot_of, Timestamp::from_micros(past.first.micros().saturating_add(span)), MOST);
    let mut tallies = [vec![Tally::default(); ahead.len()], vec![Tally::default(); ahead.len()]];
    let mut replay = Replay::new(&history);
    for hour in (FIRST..history.len()).step_by(EVERY) {
        replay.to(hour);
        let [short, whole] = &mut tallies;
        match basis(history.known(hour.saturating_sub(super::history::KEPT), hour)) {
            Basis::None => {}
            Basis::Short => try_all(&history, &replay, hour, ahead, short),
            Basis::Whole => try_all(&history, &replay, hour, ahead, whole),
        }
    }
    let scores = [Basis::Short, Basis::Whole].into_iter().zip(&tallies).flat_map(|(basis, tallies)| ahead.iter().zip(tallies).map(move |(ahead, tally)| (basis, *ahead, *tally)));
    scores.filter_map(|(basis, ahead, tally)| score(&history, basis, ahead, tally)).collect()
}

fn try_all(history: &History, replay: &Replay<'_>, hour: usize, ahead: &[u16], tallies: &mut [Tally]) {
    let known = |ahead: u16| ahead > 0 && hour + usize::from(ahead) <= history.len() && history.known(hour, hour + usize::from(ahead)) == usize::from(ahead);
    let longest = ahead.iter().filter(|ahead| known(**ahead)).max().copied().unwrap_or(0);
    let Some(plain) = history.mean(hour, WEEK).filter(|_| longest > 0) else { return };
    let curve = curve(history, replay, hour, 0, usize::from(longest));
    for (ahead, tally) in ahead.iter().zip(tallies) {
        let Some(reach) = curve.get(usize::from(*ahead).wrapping_sub(1)).filter(|_| known(*ahead)) else { continue };
        let truth = history.spent(hour, hour + usize::from(*ahead));
        tally.tried += 1;
        tally.inside += u32::from((reach.low..=reach.high).contains(&truth));
        tally.error += i128::from(truth.abs_diff(reach.mid));
        tally.plain_error += i128::from(truth.abs_diff(plain * i64::from(*ahead)));
    }
}

fn score(history: &History, basis: Basis, ahead: u16, tally: Tally) -> Option<Score> {
    let mean = |sum: i128| sum.checked_div(i128::from(tally.tried)).map(|mean| history.scale.outside(mean));
    let (error, plain_error) = (mean(tally.error)?, mean(tally.plain_error)?);
    Some(Score { basis, ahead: Duration::from_hours(u64::from(ahead)), tried: tally.tried, inside: tally.inside, error, plain_error })
}
