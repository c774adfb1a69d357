//! What was spent hour by hour, brought to a scale in which ratios fit, with sums at hand. Knows no shape, no level, no future.

use super::Past;
use crate::time::Timestamp;
use crate::units::Units;

/// Microseconds in an hour.
pub(super) const HOUR: i64 = 3_600_000_000;
/// One, as a ratio in millionths.
pub(super) const ONE: i64 = 1_000_000;
/// Hours in a week.
pub(super) const WEEK: usize = 168;
/// Hours that an outlook looks back: eight weeks.
pub(super) const KEPT: usize = 8 * WEEK;

/// The largest hour takes this many bits. Then hours × millionths × the hours of eight weeks stay below 2⁶³, and an hour of a thousandth of the largest is still exact to a few
/// millionths.
const BITS: u32 = 28;

/// Between micro-units and the scale inside: a power of two, so that a constant burn stays constant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale(i32);

impl Scale {
    /// The scale in which `largest` just fits.
    fn of(largest: i64) -> Self {
        let bits = i64::BITS - largest.max(1).leading_zeros();
        Self(BITS.cast_signed() - bits.cast_signed())
    }

    /// An amount, inside; what is below zero counts as nothing.
    pub(super) fn inside(self, amount: Units) -> i64 {
        let micros = amount.micros().max(0);
        if self.0 >= 0 { i64::try_from(i128::from(micros) << self.0).unwrap_or(i64::MAX) } else { micros >> -self.0 }
    }

    /// Back to an amount; stops at the end instead of wrapping.
    pub(super) fn outside(self, inside: i128) -> Units {
        let micros = if self.0 >= 0 { inside >> self.0 } else { inside.saturating_mul(1_i128 << -self.0) };
        Units::from_micros(i64::try_from(micros.max(0)).unwrap_or(i64::MAX))
    }
}

/// A run of hours of one local day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Day {
    /// Its first hour.
    pub from: usize,
    /// The hour after its last.
    pub until: usize,
    /// 0 is Monday.
    pub weekday: usize,
}

/// What goes at share one, from some hours, and how many hours of share one that was seen in (in millionths).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub level: i64,
    pub share: i64,
}

/// The hours, oldest first.
#[derive(Debug)]
pub(super) struct History {
    /// Spent in each hour, inside the scale; none where it is not known.
    hours: Vec<Option<i64>>,
    /// Each hour's place in the week.
    slots: Vec<usize>,
    /// Hours since 1970 of the first.
    pub first_hour: i64,
    /// Sums of what was spent, and of how many hours are known, before each hour.
    spent: Vec<i64>,
    known: Vec<usize>,
    /// Hours that tell nothing of the usual burn: outages.
    outage: Vec<bool>,
    /// Its local days.
    pub days: Vec<Day>,
    /// Between outside and inside.
    pub scale: Scale,
}

impl History {
    /// At most `kept` hours before the one that `until` lies in.
    pub(super) fn new(past: &Past<'_>, slot_of: &dyn Fn(Timestamp) -> u16, until: Timestamp, kept: usize) -> Self {
        let first = past.first.micros().div_euclid(HOUR);
        let end = usize::try_from(until.micros().div_euclid(HOUR).saturating_sub(first)).unwrap_or(0);
        let start = end.saturating_sub(kept);
        let raw: Vec<Option<Units>> = (start..end).map(|hour| past.hours.get(hour).copied().flatten()).collect();
        let scale = Scale::of(raw.iter().flatten().map(|spent| spent.micros()).max().unwrap_or(0));
        let hours: Vec<Option<i64>> = raw.into_iter().map(|spent| spent.map(|amount| scale.inside(amount))).collect();
        let first_hour = first.saturating_add(i64::try_from(start).unwrap_or(i64::MAX));
        let slots: Vec<usize> = (first_hour..).take(hours.len()).map(|hour| slot_at(hour, slot_of)).collect();
        let spent = sums(hours.iter().map(|hour| hour.unwrap_or(0)));
        let known = sums(hours.iter().map(|hour| usize::from(hour.is_some())));
        Self { days: days(&slots), outage: outages(&hours, &slots), hours, slots, first_hour, spent, known, scale }
    }

    /// How many hours it has, known or not.
    pub(super) fn len(&self) -> usize {
        self.hours.len()
    }

    /// What was spent in an hour, where that is known.
    pub(super) fn hour(&self, hour: usize) -> Option<i64> {
        self.hours.get(hour).copied().flatten()
    }

    /// What was spent in an hour, where that is known and tells something of the usual burn.
    pub(super) fn telling(&self, hour: usize) -> Option<i64> {
        self.hour(hour).filter(|_| !self.outage.get(hour).is_some_and(|outage| *outage))
    }

    /// An hour's place in the week; hours after the last follow on it.
    pub(super) fn slot(&self, hour: usize) -> usize {
        match (self.slots.get(hour), self.slots.last()) {
            (Some(slot), _) => *slot,
            (None, Some(last)) => (last + 1 + hour - self.len()) % WEEK,
            (None, None) => 0,
        }
    }

    /// Known hours in `from..until`.
    pub(super) fn known(&self, from: usize, until: usize) -> usize {
        let at = |hour: usize| self.known.get(hour.min(self.len())).copied().unwrap_or(0);
        at(until).saturating_sub(at(from))
    }

    /// Spent in the known hours of `from..until`.
    pub(super) fn spent(&self, from: usize, until: usize) -> i64 {
        let at = |hour: usize| self.spent.get(hour.min(self.len())).copied().unwrap_or(0);
        at(until).saturating_sub(at(from))
    }

    /// The plain mean of the known hours among the `back` before `until`.
    pub(super) fn mean(&self, until: usize, back: usize) -> Option<i64> {
        let from = until.saturating_sub(back);
        let known = i64::try_from(self.known(from, until)).unwrap_or(i64::MAX);
        (known > 0).then(|| self.spent(from, until) / known)
    }

    /// What goes at share one in `from..until`, where each hour has its `share` (millionths). `clipped`: hours beyond two and a half times what would be usual count no more than
    /// that, so that a campaign of an hour does not pass for a busier day. None where less than a twentieth of an hour of share one is known.
    pub(super) fn seen(&self, from: usize, until: usize, share: impl Fn(usize) -> i64, clipped: bool) -> Option<Seen> {
        let total: i64 = (from..until).filter(|hour| self.telling(*hour).is_some()).map(|hour| share(self.slot(hour))).sum();
        if total < ONE / 20 {
            return None;
        }
        let mut level = self.spent(from, until) * ONE / total;
        for _ in 0..if clipped { 2 } else { 0 } {
            let most = |hour: usize| share(self.slot(hour)).saturating_mul(level) / ONE * 5 / 2;
            let sum: i64 = (from..until).filter_map(|hour| self.telling(hour).map(|spent| spent.min(most(hour)))).sum();
            level = sum * ONE / total;
        }
        Some(Seen { level, share: total })
    }
}

/// An hour's place in the week, 0 to 167, by its start.
pub(super) fn slot_at(hour: i64, slot_of: &dyn Fn(Timestamp) -> u16) -> usize {
    usize::from(slot_of(Timestamp::from_micros(hour.saturating_mul(HOUR)))) % WEEK
}

/// Sums before each element, and of all.
fn sums<T: Copy + Default + std::ops::Add<Output = T>>(values: impl Iterator<Item = T>) -> Vec<T> {
    let running = values.scan(T::default(), |sum, value| {
        *sum = *sum + value;
        Some(*sum)
    });
    std::iter::once(T::default()).chain(running).collect()
}

/// Marks the first half day of nothing at hours of the day at which hardly ever nothing went before: the account was held up, it did not become quiet. What lasts longer counts.
fn outages(hours: &[Option<i64>], slots: &[usize]) -> Vec<bool> {
    const LONGEST: usize = 12;
    const SEEN: usize = 7;
    let (mut seen, mut empty, mut run) = ([0_usize; 24], [0_usize; 24], 0);
    let mut mark = |(hour, slot): (&Option<i64>, &usize)| {
        let (Some(spent), of_day) = (hour, slot % 24) else { return false };
        let rare = seen[of_day] >= SEEN && empty[of_day] * 10 < seen[of_day];
        let nothing = *spent == 0;
        seen[of_day] += 1;
        empty[of_day] += usize::from(nothing);
        run = if nothing { run + 1 } else { 0 };
        nothing && rare && run <= LONGEST
    };
    hours.iter().zip(slots).map(&mut mark).collect()
}

/// Cuts the hours where the local day changes.
fn days(slots: &[usize]) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::with_capacity(slots.len() / 24 + 2);
    for (hour, slot) in slots.iter().enumerate() {
        let weekday = slot / 24;
        match days.last_mut() {
            Some(day) if day.weekday == weekday => day.until = hour + 1,
            _ => days.push(Day { from: hour, until: hour + 1, weekday }),
        }
    }
    days
}
