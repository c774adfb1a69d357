//! How far off forecasts were, and from that how far off the next will be. Knows neither what was forecast nor what happened: only errors, in millionths of a yardstick.

use super::history::ONE;
use super::level::BLOCK;

/// Errors count half after this many hours.
const HALF_LIFE: usize = 14 * 24;
/// Windows that the errors of shorter forecasts stand for, beside the own ones; more while less than two weeks are known.
const BORROWED: i64 = 3 * ONE;
const BORROWED_YOUNG: i64 = 6 * ONE;
const YOUNG: i64 = 14 * 24;
/// As long as less than four weeks are known, a forecast that nothing speaks for may be off by this.
const LEARNED: i64 = 28 * 24;
const UNPROVEN: Spread = Spread { low: -ONE * 6 / 10, mid: 0, high: ONE * 12 / 10 };

/// How far off a forecast may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spread {
    /// It is below with 10 %.
    pub low: i64,
    /// What it is to be moved by.
    pub mid: i64,
    /// It is above with 10 %.
    pub high: i64,
}

impl Spread {
    /// Of forecasts that were never tried, with so many hours known: nothing is left of it after four weeks.
    pub(super) fn unproven(known: usize) -> Self {
        let left = (LEARNED - hours(known)).max(0);
        Self { low: UNPROVEN.low * left / LEARNED, mid: UNPROVEN.mid, high: UNPROVEN.high * left / LEARNED }
    }
}

/// The errors of forecasts of one length.
#[derive(Default)]
pub(super) struct Errors(Vec<Made>);

struct Made {
    at: usize,
    error: i64,
}

impl Errors {
    /// Takes the error of a forecast made at an hour; later ones come later.
    pub(super) fn take(&mut self, at: usize, error: i64) {
        self.0.push(Made { at, error });
    }

    /// The spread at `hour` of forecasts `ahead` hours ahead, with `shorter` for what is missing: recent errors weigh more, and for less than two days those made at about the
    /// same time of day.
    pub(super) fn spread(&self, hour: usize, ahead: usize, known: usize, shorter: Spread) -> Spread {
        let mut weighed: Vec<(i64, i64)> = self.0.iter().map(|made| (made.error, weight(hour.saturating_sub(made.at), ahead))).filter(|(_, weight)| *weight > 0).collect();
        weighed.sort_unstable();
        let own: i64 = weighed.iter().map(|(_, weight)| weight).sum();
        let borrowed = BORROWED + BORROWED_YOUNG * (YOUNG - hours(known)).max(0) / YOUNG;
        let blend = |own_error: i64, of_shorter: i64| {
            let sum = i128::from(own) * i128::from(own_error) + i128::from(borrowed) * i128::from(of_shorter);
            i64::try_from(sum / i128::from(own + borrowed)).unwrap_or(0)
        };
        let at = |tenths: i64| quantile(&weighed, own * tenths / 10);
        let (low, mid, high) = (at(1), at(5) * trusted(known) / ONE, at(9));
        // What is borrowed only widens: where one in ten of the own had nothing spent, that stays inside.
        Spread { low: blend(low, shorter.low).min(low), mid: blend(mid, shorter.mid), high: blend(high, shorter.high).max(high) }
    }
}

/// How far the middle of the errors moves a forecast: half, since the other half may well be chance; and not before the weekly shape shows, for what was off until then was off
/// for the lack of it. Grows from two weeks to four.
fn trusted(known: usize) -> i64 {
    (hours(known) - YOUNG).clamp(0, LEARNED - YOUNG) * ONE / (LEARNED - YOUNG) / 2
}

/// How many windows (in millionths) an error stands for that was made `ago` hours ago.
fn weight(ago: usize, ahead: usize) -> i64 {
    let fresh = ONE >> (ago / HALF_LIFE).min(62);
    let faded = fresh - fresh / 2 * hours(ago % HALF_LIFE) / hours(HALF_LIFE);
    let apart = hours((ago % 24).min(24 - ago % 24));
    // The hours of the day within which errors are alike.
    let alike = match ahead {
        0..24 => 4,
        24..48 => 8,
        _ => i64::MAX / ONE,
    };
    let near = (ONE - apart * ONE * 95 / 100 / alike).max(ONE / 20);
    // Windows that overlap are not seen anew each.
    faded * near / ONE * hours(BLOCK) / hours(BLOCK.max(ahead))
}

/// The first error up to which the weights come to `share`.
fn quantile(weighed: &[(i64, i64)], share: i64) -> i64 {
    let mut sum = 0;
    for (error, weight) in weighed {
        sum += weight;
        if sum >= share {
            return *error;
        }
    }
    weighed.last().map_or(0, |(error, _)| *error)
}

fn hours(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
