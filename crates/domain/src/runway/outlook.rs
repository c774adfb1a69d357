//! The outlook of an account: what will go within any time ahead, with its range, what goes now, and what it stands on. Knows no balance.

use std::time::Duration;

use super::curve::{Reach, curve};
use super::history::{HOUR, History, KEPT, ONE, WEEK};
use super::replay::Replay;
use super::shape::middle;
use super::{Asked, Basis, Range, Upcoming};
use crate::time::Timestamp;
use crate::units::Units;

/// How far ahead an outlook looks: 60 days.
pub(super) const HORIZON: usize = 60 * 24;
/// Known hours from which the weekly shape shows: two weeks.
const WHOLE: usize = 2 * WEEK;

/// What goes now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BurnNow {
    /// What went an hour, in the present hour and the one before.
    pub per_hour: Units,
    /// What usually goes an hour at this time of the week, by the week before the last 24 hours.
    pub usual: Units,
    /// The one against the other, in millionths; none when usually nothing goes at this time.
    pub ratio: Option<i64>,
}

/// What lies ahead of an account.
#[derive(Clone, Debug)]
pub struct Outlook {
    pub(super) basis: Basis,
    missing: Duration,
    pub(super) now: Timestamp,
    /// The usual burn from now on, after each whole hour, beginning with nothing after none.
    pub(super) path: Vec<Range>,
    /// What is certain to come, in order, none of it before now, with what comes together until then.
    pub(super) upcoming: Vec<Upcoming>,
    usual: Vec<Units>,
    burn_now: Option<BurnNow>,
}

/// What lies ahead, from what was spent hour by hour. The same past always gives the same.
#[must_use]
pub fn outlook(asked: &Asked<'_>) -> Outlook {
    let history = History::new(&asked.past, asked.slot_of, asked.now, KEPT);
    let hour = history.len();
    let known = history.known(0, hour);
    let mut replay = Replay::new(&history);
    replay.to(hour);
    let usual = if known == 0 { Vec::new() } else { usual(&history, &replay) };
    Outlook {
        basis: basis(known),
        missing: Duration::from_hours(WHOLE.saturating_sub(known) as u64),
        now: asked.now,
        path: if known == 0 { Vec::new() } else { path(&history, &replay, fraction(asked.now)) },
        upcoming: upcoming(asked),
        burn_now: burn_now(asked, &history, &usual),
        usual: usual.iter().map(|level| history.scale.outside(i128::from(*level))).collect(),
    }
}

impl Outlook {
    /// How much it stands on.
    #[must_use]
    pub const fn basis(&self) -> Basis {
        self.basis
    }

    /// How many more hours must be known until the weekly shape shows; nothing when the basis is whole.
    #[must_use]
    pub const fn missing(&self) -> Duration {
        self.missing
    }

    /// What goes from now until `ahead`, scheduled messages included. None when nothing is known, or further ahead than 60 days.
    #[must_use]
    pub fn burn(&self, ahead: Duration) -> Option<Range> {
        let micros = i64::try_from(ahead.as_micros()).ok()?;
        let hour = usize::try_from(micros / HOUR).ok()?;
        let (from, to) = (self.path.get(hour)?, self.path.get(hour + 1).or_else(|| self.path.get(hour).filter(|_| micros % HOUR == 0))?);
        let until = self.now.after(ahead);
        let certain: Units = self.upcoming.iter().take_while(|upcoming| upcoming.at <= until).map(|upcoming| upcoming.charge).sum();
        let at = |from: Units, to: Units| between(from, to, micros % HOUR).plus(certain);
        Some(Range { low: at(from.low, to.low), mid: at(from.mid, to.mid), high: at(from.high, to.high) })
    }

    /// What usually goes in an hour of the week (0 is Monday 00:00, local), by the week before the last 24 hours, so that what began just now does not pass for usual. None when
    /// nothing is known.
    #[must_use]
    pub fn usual_hour(&self, slot: u16) -> Option<Units> {
        self.usual.get(usize::from(slot) % WEEK).copied()
    }

    /// What goes now. None when the hour before is not known.
    #[must_use]
    pub const fn burn_now(&self) -> Option<BurnNow> {
        self.burn_now
    }
}

/// The amount that is reached `micros` into an hour.
pub(super) fn between(from: Units, to: Units, micros: i64) -> Units {
    let part = i128::from(to.minus(from).micros()) * i128::from(micros) / i128::from(HOUR);
    from.plus(Units::from_micros(i64::try_from(part).unwrap_or(i64::MAX)))
}

pub(super) const fn basis(known: usize) -> Basis {
    match known {
        0 => Basis::None,
        1..WHOLE => Basis::Short,
        _ => Basis::Whole,
    }
}

fn fraction(now: Timestamp) -> i64 {
    now.micros().rem_euclid(HOUR) / (HOUR / ONE)
}

fn path(history: &History, replay: &Replay<'_>, fraction: i64) -> Vec<Range> {
    let outside = |inside: i64| history.scale.outside(i128::from(inside));
    let range = |reach: Reach| Range { low: outside(reach.low), mid: outside(reach.mid), high: outside(reach.high) };
    std::iter::once(Reach::default()).chain(curve(history, replay, history.len(), fraction, HORIZON)).map(range).collect()
}

fn upcoming(asked: &Asked<'_>) -> Vec<Upcoming> {
    let mut upcoming: Vec<Upcoming> =
        asked.upcoming.iter().filter(|upcoming| upcoming.charge > Units::ZERO).map(|upcoming| Upcoming { at: upcoming.at.max(asked.now), ..*upcoming }).collect();
    upcoming.sort_by_key(|upcoming| upcoming.at);
    upcoming
}

/// What usually goes in each hour of the week: the middle of the seven days before the last 24 hours, or the plain mean while there are none.
fn usual(history: &History, replay: &Replay<'_>) -> Vec<i64> {
    let [weekday, week, _] = replay.weeks();
    let end = history.len();
    let day = |back: usize| history.seen(end.checked_sub((back + 1) * 24)?, end - back * 24, |slot| weekday.share(slot), true).map(|seen| seen.level);
    let days: Vec<i64> = (1..=7).filter_map(day).collect();
    let level = if days.is_empty() { history.mean(end, KEPT).unwrap_or(0) } else { middle(days) };
    (0..WEEK).map(|slot| level.saturating_mul(week.share(slot)) / ONE).collect()
}

fn burn_now(asked: &Asked<'_>, history: &History, usual: &[i64]) -> Option<BurnNow> {
    let last = history.len().checked_sub(1)?;
    let fraction = fraction(asked.now);
    let spent = i128::from(history.hour(last)?) + i128::from(history.scale.inside(asked.so_far));
    let of = |hour: usize| i128::from(usual.get(history.slot(hour)).copied().unwrap_or(0));
    let usually = of(last) + of(last + 1) * i128::from(fraction) / i128::from(ONE);
    let hours = i128::from(ONE + fraction);
    let per_hour = |amount: i128| history.scale.outside(amount * i128::from(ONE) / hours);
    let ratio = (spent * i128::from(ONE)).checked_div(usually).map(|ratio| i64::try_from(ratio).unwrap_or(i64::MAX));
    Some(BurnNow { per_hour: per_hour(spent), usual: per_hour(usually), ratio })
}
