//! Walks through the past six hours by six hours and forecasts at each step from what was known then, so that the forecast of now rests on views that proved themselves and its
//! range on errors that were made. Knows no balance and nothing of what is scheduled.

use super::errors::{Errors, Spread};
use super::history::{History, KEPT, ONE, WEEK};
use super::level::{BLOCK, Tracker, apart};
use super::shape::{Shapes, Week};

/// How many hours ahead the past is tried; in between it is interpolated, beyond the last holds.
pub(super) const AHEAD: [usize; 10] = [1, 3, 6, 12, 24, 48, 72, 120, 168, 336];
/// Views of an account: the level of now under the weekdays and under the whole week, and the plain mean of four weeks where every day is alike.
pub(super) const VIEWS: usize = 3;
/// How much each view counts before it is known how good it is: the level of now far more than the plain mean, which only quiet accounts need.
const PRIOR: [i64; VIEWS] = [4, 4, 1];
/// The past is tried from this hour on.
const FIRST: usize = 24;
/// A shape is learned anew each day for two weeks, then every third day.
const YOUNG: usize = 14 * 24;
const SETTLED_EVERY: usize = 3 * 24;
/// By how much errors of views fade from one block to the next: a half in ten days.
const FADE: i64 = 982_821;
/// Errors below this (millionths) do not tell views apart.
const ALIKE: i64 = ONE / 50;

/// What goes in coming hours: for each view its level, already weighed, so that they add up.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mix(pub [i64; VIEWS]);

/// A forecast that waits for its truth.
struct Origin {
    at: usize,
    /// For each of [`AHEAD`]: what each view said, what they said together, and the yardstick of its error.
    said: [Said; AHEAD.len()],
}

#[derive(Clone, Copy, Default)]
struct Said {
    views: [i64; VIEWS],
    together: i64,
    yardstick: i64,
}

/// The past up to some instant, replayed.
pub(super) struct Replay<'a> {
    history: &'a History,
    shapes: Shapes,
    trackers: [Tracker; 2],
    origins: Vec<Origin>,
    /// For each of [`AHEAD`]: how many origins have met their truth, how far each view was off of late, and by how much all together.
    met: [usize; AHEAD.len()],
    off: [[i64; VIEWS]; AHEAD.len()],
    errors: [Errors; AHEAD.len()],
    /// The last step, and when the shape is learned next.
    at: usize,
    learn_at: usize,
}

impl<'a> Replay<'a> {
    /// Before the first step, which is the first six-hour mark of UTC.
    pub(super) fn new(history: &'a History) -> Self {
        let at = usize::try_from((-history.first_hour).rem_euclid(BLOCK as i64)).unwrap_or(0);
        let shapes = Shapes::learn(history, 0);
        let trackers = [Tracker::follow(history, &shapes.weekday, 0), Tracker::follow(history, &shapes.week, 0)];
        Self {
            history,
            shapes,
            trackers,
            origins: Vec::with_capacity(history.len() / BLOCK + 1),
            met: [0; AHEAD.len()],
            off: Default::default(),
            errors: Default::default(),
            at,
            learn_at: 0,
        }
    }

    /// Goes on to the last six-hour mark at or before `until`.
    pub(super) fn to(&mut self, until: usize) {
        while self.at + BLOCK <= until {
            let from = self.at;
            self.at += BLOCK;
            self.follow(from);
            if self.at >= FIRST {
                self.meet();
                let said = self.say(&self.levels(self.at), self.at);
                self.origins.push(Origin { at: self.at, said });
            }
        }
    }

    fn follow(&mut self, from: usize) {
        if self.at >= self.learn_at && self.at >= FIRST {
            self.shapes = Shapes::learn(self.history, self.at);
            self.trackers = [Tracker::follow(self.history, &self.shapes.weekday, self.at), Tracker::follow(self.history, &self.shapes.week, self.at)];
            self.learn_at = self.at + if self.at < YOUNG { 24 } else { SETTLED_EVERY };
        } else {
            let [weekday, week] = &mut self.trackers;
            weekday.push(self.history, &self.shapes.weekday, from, self.at);
            week.push(self.history, &self.shapes.week, from, self.at);
        }
    }

    /// The level of each view at an hour less than a block after the last step.
    pub(super) fn levels(&self, hour: usize) -> [i64; VIEWS] {
        let plain = self.history.mean(hour, 4 * WEEK).unwrap_or(0);
        let [weekday, week] = &self.trackers;
        let level = |tracker: &Tracker, shape: &Week| {
            let mut tracker = tracker.clone();
            if hour > self.at {
                tracker.push(self.history, shape, self.at, hour);
            }
            tracker.level().unwrap_or(plain)
        };
        [level(weekday, &self.shapes.weekday), level(week, &self.shapes.week), plain]
    }

    /// The shape of each view.
    pub(super) fn weeks(&self) -> [&Week; VIEWS] {
        [&self.shapes.weekday, &self.shapes.week, &self.shapes.day]
    }

    /// The views weighed for each of [`AHEAD`] by how far they were off of late.
    pub(super) fn mixes(&self, levels: &[i64; VIEWS]) -> [Mix; AHEAD.len()] {
        self.off.map(|off| Mix(weighed(levels, &off)))
    }

    /// What is said at an hour about each of [`AHEAD`].
    fn say(&self, levels: &[i64; VIEWS], hour: usize) -> [Said; AHEAD.len()] {
        let slot = self.history.slot(hour);
        let mixes = self.mixes(levels);
        std::array::from_fn(|index| {
            let ahead = AHEAD.get(index).copied().unwrap_or(0);
            let shares = self.weeks().map(|week| week.ahead(slot, ahead));
            let mix = mixes.get(index).copied().unwrap_or_default();
            let together = mix.burn(&shares);
            Said { views: std::array::from_fn(|view| product(levels[view], shares[view])), together, yardstick: self.yardstick(together, hour, ahead) }
        })
    }

    /// What an error is measured by: what was forecast, and a quarter of what usually goes in so many hours, so that a quiet night is no division by nothing.
    pub(super) fn yardstick(&self, forecast: i64, hour: usize, ahead: usize) -> i64 {
        let usual = self.history.mean(hour, WEEK).unwrap_or(0).max(self.history.mean(hour, 4 * WEEK).unwrap_or(0) / 8);
        forecast.saturating_add(usual.saturating_mul(i64::try_from(ahead).unwrap_or(0)) / 4)
    }

    /// Forecasts whose time has come meet what happened, unless too little of that is known.
    fn meet(&mut self) {
        for (index, ahead) in AHEAD.iter().enumerate() {
            while let Some(origin) = self.origins.get(self.met[index]).filter(|origin| origin.at + ahead <= self.at) {
                self.met[index] += 1;
                let Some(truth) = truth(self.history, origin.at, *ahead) else { continue };
                let said = origin.said[index];
                self.errors[index].take(origin.at, against(truth - said.together, said.yardstick));
                for (off, view) in self.off[index].iter_mut().zip(said.views) {
                    *off = *off * FADE / ONE + against((truth - view).abs(), said.yardstick);
                }
            }
        }
    }

    /// How far off a forecast from this hour will be, for each of [`AHEAD`].
    pub(super) fn spreads(&self, hour: usize) -> [Spread; AHEAD.len()] {
        let known = self.history.known(hour.saturating_sub(KEPT), hour);
        let mut spread = Spread::unproven(known);
        std::array::from_fn(|index| {
            spread = self.errors[index].spread(hour, AHEAD[index], known, spread);
            spread
        })
    }
}

impl Mix {
    /// What goes in hours that have these shares under each view.
    pub(super) fn burn(&self, shares: &[i64; VIEWS]) -> i64 {
        self.0.iter().zip(shares).fold(0_i64, |sum, (level, share)| sum.saturating_add(product(*level, *share)))
    }
}

fn product(level: i64, share: i64) -> i64 {
    i64::try_from(i128::from(level) * i128::from(share) / i128::from(ONE)).unwrap_or(i64::MAX)
}

/// What went in the hours from `from` on, where nine in ten of them are known, as if all were.
fn truth(history: &History, from: usize, ahead: usize) -> Option<i64> {
    let known = history.known(from, from + ahead);
    let count = |hours: usize| i64::try_from(hours).unwrap_or(i64::MAX);
    (known * 10 >= ahead * 9).then(|| history.spent(from, from + ahead) * count(ahead) / count(known).max(1))
}

/// An error in millionths of its yardstick, rounded up so that the truth stays inside; at most twenty times it.
fn against(error: i64, yardstick: i64) -> i64 {
    const MOST: i128 = 20 * ONE as i128;
    let size = (i128::from(error.abs()) * i128::from(ONE) + i128::from(yardstick) - 1).checked_div(i128::from(yardstick)).unwrap_or(MOST).min(MOST);
    error.signum() * i64::try_from(size).unwrap_or(0)
}

/// Weighs views by the eighth power of how far they were off: one that is half as good hardly counts. One that is wholly apart from the first counts
/// less, or a plain mean would hide that the level fell to a hundredth.
fn weighed(levels: &[i64; VIEWS], off: &[i64; VIEWS]) -> [i64; VIEWS] {
    let best = off.iter().min().copied().unwrap_or(0) + ALIKE;
    let power = |ratio: i64| (0..3).fold(ratio, |power, _| power * power / ONE);
    let near = |view: usize| {
        let apart = apart(levels[view], levels[0]) / 4;
        ONE * ONE / (ONE + apart * apart / ONE)
    };
    let weights: [i64; VIEWS] = std::array::from_fn(|view| PRIOR[view] * power(best * ONE / (off[view] + ALIKE)) * near(view) / ONE);
    let total = weights.iter().sum::<i64>().max(1);
    let part = |sum: i128| i64::try_from(sum / i128::from(total)).unwrap_or(i64::MAX);
    let [first, second, third] = std::array::from_fn(|view| i128::from(levels[view]) * i128::from(weights[view]));
    // What is lost by dividing goes to the first: views that agree are not made less.
    [part(first + second + third) - part(second) - part(third), part(second), part(third)]
}
