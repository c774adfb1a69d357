//! The usual week of an account: what part of its burn falls on each hour of the week. Knows no level: an hour's share is one where it is as busy as the mean hour.

use super::history::{Day, History, ONE, WEEK};

/// Shares stop here: an hour a thousand times as busy as the mean says no more than that.
const MOST: i64 = 1_000 * ONE;
/// Days on either side that say how much goes around a day: a week in all.
const AROUND: usize = 3;
/// A day of which less is known than this many hours of share one says nothing.
const ENOUGH: i64 = 8 * ONE;

/// The hours of a week with their shares, whose mean is one.
#[derive(Clone, Debug)]
pub(super) struct Week {
    shares: Vec<i64>,
    sums: Vec<i64>,
}

impl Week {
    /// Brought to a mean of one; flat when there is nothing in it.
    fn of(shares: &[i64]) -> Self {
        let shares = to_mean_one(shares);
        let sums = std::iter::once(0).chain(shares.iter().scan(0, |sum, share| {
            *sum += share;
            Some(*sum)
        }));
        Self { sums: sums.collect(), shares }
    }

    /// The share of an hour of the week.
    pub(super) fn share(&self, slot: usize) -> i64 {
        self.shares.get(slot).copied().unwrap_or(ONE)
    }

    /// The shares of `hours` hours from an hour of the week on, together.
    pub(super) fn ahead(&self, slot: usize, hours: usize) -> i64 {
        let end = slot + hours;
        let before = |hour: usize| self.sums.get(hour).copied().unwrap_or(0);
        let weeks = i64::try_from(end / WEEK).unwrap_or(0);
        weeks * before(WEEK) + before(end % WEEK) - before(slot)
    }
}

/// Three views of the usual week, from the plainest to the one that tells most and needs most.
#[derive(Clone, Debug)]
pub(super) struct Shapes {
    /// Every day alike.
    pub day: Week,
    /// The hours of a day, times the weekday.
    pub weekday: Week,
    /// Each hour of the week by itself, held to the one before while it was seen seldom: what comes back every week at the same hour shows here.
    pub week: Week,
}

impl Shapes {
    /// What the eight weeks before `until` say.
    pub(super) fn learn(history: &History, until: usize) -> Self {
        let from = until.saturating_sub(super::history::KEPT);
        let days: Vec<Day> = history.days.iter().filter(|day| day.until > from && day.from < until).map(|day| Day { until: day.until.min(until), ..*day }).collect();
        let mut draft = Draft { hours: vec![ONE; 24], weekdays: vec![ONE; 7], around: Vec::new() };
        for clipped in [false, true] {
            draft.improve(history, &days, clipped);
        }
        draft.shapes(history, &days)
    }
}

/// A shape that is being worked out: hours of the day and weekdays need the level around them, and the other way round.
struct Draft {
    hours: Vec<i64>,
    weekdays: Vec<i64>,
    /// For each day, what goes around it at share one.
    around: Vec<i64>,
}

impl Draft {
    fn improve(&mut self, history: &History, days: &[Day], clipped: bool) {
        let hour_share = |slot: usize| self.hours.get(slot % 24).copied().unwrap_or(ONE);
        let seen: Vec<Option<i64>> =
            days.iter().map(|day| history.seen(day.from, day.until, hour_share, clipped).filter(|seen| seen.share >= ENOUGH).map(|seen| seen.level)).collect();
        self.around = self.levels_around(&seen, days, clipped);
        self.weekdays = weekdays(&seen, days, &self.around);
        self.hours = self.hours_of_day(history, days);
    }

    /// What goes around each day, of days as they would be without their weekday: the middle of a week of them, which stays sharp where the level jumps.
    fn levels_around(&self, seen: &[Option<i64>], days: &[Day], median: bool) -> Vec<i64> {
        let plain: Vec<Option<i64>> = seen.iter().zip(days).map(|(level, day)| level.map(|level| level.saturating_mul(ONE) / self.weekday(day).max(ONE / 50))).collect();
        let start = |index: usize| index.saturating_sub(AROUND).min(plain.len().saturating_sub(2 * AROUND + 1));
        (0..plain.len())
            .map(|index| {
                let week: Vec<i64> = plain.iter().skip(start(index)).take(2 * AROUND + 1).flatten().copied().collect();
                if median { middle(week) } else { mean(&week) }
            })
            .collect()
    }

    fn weekday(&self, day: &Day) -> i64 {
        self.weekdays.get(day.weekday).copied().unwrap_or(ONE)
    }

    fn hours_of_day(&self, history: &History, days: &[Day]) -> Vec<i64> {
        let mut found: Vec<Vec<i64>> = vec![Vec::new(); 24];
        for (day, around) in days.iter().zip(&self.around) {
            let usual = around.saturating_mul(self.weekday(day)) / ONE;
            gather(history, day, usual, |slot, ratio| found.get_mut(slot % 24).map(|of| of.push(ratio)));
        }
        to_mean_one(&found.into_iter().map(|of| without_the_top(of).unwrap_or(ONE)).collect::<Vec<_>>())
    }

    fn shapes(&self, history: &History, days: &[Day]) -> Shapes {
        let mut found: Vec<Vec<i64>> = vec![Vec::new(); WEEK];
        for (day, around) in days.iter().zip(&self.around) {
            gather(history, day, *around, |slot, ratio| found.get_mut(slot).map(|of| of.push(ratio)));
        }
        let day: Vec<i64> = (0..WEEK).map(|slot| self.hours.get(slot % 24).copied().unwrap_or(ONE)).collect();
        let weekday: Vec<i64> = day.iter().enumerate().map(|(slot, share)| share.saturating_mul(self.weekdays.get(slot / 24).copied().unwrap_or(ONE)) / ONE).collect();
        let week: Vec<i64> = found.into_iter().zip(&weekday).map(|(of, held_to)| held(of, *held_to)).collect();
        Shapes { day: Week::of(&day), weekday: Week::of(&weekday), week: Week::of(&week) }
    }
}

/// Each known hour of a day against what is usual around it.
fn gather(history: &History, day: &Day, usual: i64, mut take: impl FnMut(usize, i64) -> Option<()>) {
    if usual <= 0 {
        return;
    }
    for hour in day.from..day.until {
        if let Some(spent) = history.telling(hour) {
            take(history.slot(hour), (spent * ONE / usual).min(MOST));
        }
    }
}

/// An hour of the week, held to what its hour of the day and weekday say as if that had been seen half a time.
fn held(seen: Vec<i64>, held_to: i64) -> i64 {
    let times = i64::try_from(seen.len()).unwrap_or(i64::MAX);
    without_the_top(seen).map_or(held_to, |own| (2 * times * own + held_to) / (2 * times + 1))
}

/// How busy each weekday is, with a mean of one. One that is near the middle of all, measured by its own ups and downs, is held to it; one that is clearly apart stays.
fn weekdays(seen: &[Option<i64>], days: &[Day], around: &[i64]) -> Vec<i64> {
    let mut found: Vec<Vec<i64>> = vec![Vec::new(); 7];
    for ((level, day), around) in seen.iter().zip(days).zip(around) {
        if let (Some(level), true, Some(of)) = (level, *around > 0, found.get_mut(day.weekday)) {
            of.push((level.saturating_mul(ONE) / around).min(MOST));
        }
    }
    let middles: Vec<Option<i64>> = found.iter().map(|of| (!of.is_empty()).then(|| middle(of.clone()))).collect();
    let of_all = middle(middles.iter().flatten().copied().collect());
    let noise = noise(&found, &middles, of_all);
    let held = |(middle, of): (&Option<i64>, &Vec<i64>)| middle.map_or(of_all, |own| held_to_middle(own, of_all, noise / of.len().max(1) as i128));
    to_mean_one(&middles.iter().zip(&found).map(held).collect::<Vec<_>>())
}

fn held_to_middle(own: i64, of_all: i64, noise: i128) -> i64 {
    let apart = i128::from(own - of_all);
    let square = apart * apart;
    if square == 0 { own } else { of_all + i64::try_from(apart * square / (square + noise)).unwrap_or(0) }
}

/// The variance of a weekday from one week to the next; while none was seen twice, half of what lies between the weekdays.
fn noise(found: &[Vec<i64>], middles: &[Option<i64>], of_all: i64) -> i128 {
    let square = |value: i64, from: i64| i128::from(value - from) * i128::from(value - from);
    let (mut sum, mut free) = (0_i128, 0_i128);
    for of in found {
        let mean = mean(of);
        sum += of.iter().map(|value| square(*value, mean)).sum::<i128>();
        free += of.len().saturating_sub(1) as i128;
    }
    if free > 0 {
        return sum / free;
    }
    let between: i128 = middles.iter().flatten().map(|middle| square(*middle, of_all)).sum();
    between / (2 * middles.iter().flatten().count().max(1) as i128)
}

/// The mean, where the largest eighth (from three on: at least one) counts as the one below it: a campaign that came once does not make a shape.
fn without_the_top(mut values: Vec<i64>) -> Option<i64> {
    values.sort_unstable();
    let count = values.len();
    let top = if count >= 3 { (count / 8).max(1) } else { 0 };
    let most = values.get(count.checked_sub(1 + top)?).copied()?;
    Some(mean(&values.iter().map(|value| (*value).min(most)).collect::<Vec<_>>()))
}

fn mean(values: &[i64]) -> i64 {
    values.iter().fold(0_i64, |sum, value| sum.saturating_add(*value)) / i64::try_from(values.len().max(1)).unwrap_or(i64::MAX)
}

/// The middle one, or the mean of the middle two; nothing of nothing.
pub(super) fn middle(mut values: Vec<i64>) -> i64 {
    values.sort_unstable();
    let half = values.len() / 2;
    let at = |index: usize| values.get(index).copied().unwrap_or(0);
    if values.len() % 2 == 1 { at(half) } else { at(half.saturating_sub(1)) / 2 + at(half) / 2 }
}

/// Divided by their mean; all one where there is nothing.
fn to_mean_one(values: &[i64]) -> Vec<i64> {
    let mean = mean(values);
    values.iter().map(|value| if mean > 0 { i64::try_from(i128::from(*value) * i128::from(ONE) / i128::from(mean)).unwrap_or(MOST) } else { ONE }).collect()
}
