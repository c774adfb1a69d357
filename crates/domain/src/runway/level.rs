//! How much goes at present at share one: the mean since the level last changed, where every moment at which it may have changed is weighed by how well what came since agrees.
//!
//! Knows the shape it is given and the past; not the future, nor how good it was. Ratios, squares and chances are in millionths.

use super::history::{History, ONE, Seen, WEEK};
use super::shape::Week;

/// Hours that are looked at together.
pub(super) const BLOCK: usize = 6;
/// How far back a level may reach.
const BACK: usize = 4 * WEEK;
/// Moments of change that are kept in mind; more of them change nothing.
const MOMENTS: usize = 8;
/// The chance that a level ends within a block: one in twenty days.
const CHANGE: i64 = ONE * 6 / (24 * 20);
/// How far from the old level a new one usually lies, as in [`apart`].
const JUMP: i64 = ONE / 3;
/// A block says nothing when it stands for less than this of a usual one: a night, or hours that are not known.
const LEAST_WORTH: i64 = ONE * 3 / 100;
/// How far blocks of one level lie apart at least, and as long as that is not known.
const LEAST_SPREAD: i64 = ONE / 2_500;
const UNKNOWN_SPREAD: i64 = ONE / 20;
/// Weights add up to this.
const HEAVY: i64 = 1 << 30;

/// Six hours: their level, and how many usual blocks they stand for.
#[derive(Clone, Copy, Debug)]
struct Block {
    level: i64,
    worth: i64,
}

impl Block {
    /// None where too little of it is known.
    fn of(history: &History, week: &Week, from: usize, until: usize) -> Option<Self> {
        let Seen { level, share } = history.seen(from, until, |slot| week.share(slot), true)?;
        let worth = share / BLOCK as i64;
        (worth >= LEAST_WORTH).then_some(Self { level, worth })
    }
}

/// A level that would hold since some moment.
#[derive(Clone, Copy, Debug)]
struct Since {
    /// How much is to be said for it.
    weight: i64,
    /// Level × worth of its blocks.
    sum: i128,
    /// Their worth.
    worth: i64,
}

impl Since {
    fn level(&self) -> i64 {
        i64::try_from(self.sum / i128::from(self.worth.max(1))).unwrap_or(i64::MAX)
    }

    /// Takes a block that would be of the same level: the less it agrees, the less is to be said for that, and the less it moves the level.
    fn take(&mut self, block: Block, spread: i64, total: i64) {
        let usual = spread * ONE / block.worth + spread * ONE / self.worth.max(1);
        let apart = apart(block.level, self.level());
        self.weight = weigh(i128::from(self.weight) * i128::from(HEAVY) / i128::from(total), ONE - CHANGE, likely(apart, usual));
        let believed = (block.worth * 4 * ONE / (3 * ONE + apart * ONE / usual.max(1))).clamp(1, block.worth);
        self.sum += i128::from(block.level) * i128::from(believed);
        self.worth += believed;
    }
}

/// Follows the level of one account under one shape.
#[derive(Clone, Debug)]
pub(super) struct Tracker {
    moments: Vec<Since>,
    /// How far blocks of one level lie apart, as in [`apart`].
    spread: i64,
}

impl Tracker {
    /// What the blocks of the last four weeks say, of which the last ends at `until`.
    pub(super) fn follow(history: &History, week: &Week, until: usize) -> Self {
        let blocks: Vec<Option<Block>> = (0..until.min(BACK) / BLOCK).rev().map(|back| until - back * BLOCK).map(|end| Block::of(history, week, end - BLOCK, end)).collect();
        let mut tracker = Self { moments: Vec::with_capacity(MOMENTS + 1), spread: spread(&blocks) };
        for block in blocks.into_iter().flatten() {
            tracker.take(block);
        }
        tracker
    }

    /// Takes what followed in `from..until`, at most a block.
    pub(super) fn push(&mut self, history: &History, week: &Week, from: usize, until: usize) {
        if let Some(block) = Block::of(history, week, from, until) {
            self.take(block);
        }
    }

    /// The level now; none when nothing was seen.
    pub(super) fn level(&self) -> Option<i64> {
        let weight: i128 = self.moments.iter().map(|since| i128::from(since.weight)).sum();
        let sum: i128 = self.moments.iter().map(|since| i128::from(since.weight) * i128::from(since.level())).sum();
        sum.checked_div(weight).and_then(|level| i64::try_from(level).ok())
    }

    fn take(&mut self, block: Block) {
        let best = self.moments.iter().max_by_key(|since| since.weight).map(Since::level);
        let begins = best.map_or(HEAVY, |level| weigh(i128::from(HEAVY), CHANGE, likely(apart(block.level, level), self.spread * ONE / block.worth + JUMP)));
        let total = self.moments.iter().map(|since| since.weight).sum::<i64>().max(1);
        for since in &mut self.moments {
            since.take(block, self.spread, total);
        }
        self.moments.push(Since { weight: begins, sum: i128::from(block.level) * i128::from(block.worth), worth: block.worth });
        if self.moments.len() > MOMENTS
            && let Some((least, _)) = self.moments.iter().enumerate().min_by_key(|(_, since)| since.weight)
        {
            self.moments.remove(least);
        }
    }
}

/// Never nothing: what is hardly likely now may turn out to be so.
fn weigh(weight: i128, chance: i64, likely: i64) -> i64 {
    let product = weight * i128::from(chance) / i128::from(ONE) * i128::from(likely) / i128::from(ONE);
    i64::try_from(product).unwrap_or(i64::MAX).clamp(1, HEAVY * 1_000)
}

/// How likely levels are to lie so far apart where `usual` is usual. The tail is long, since campaigns and outages come.
fn likely(apart: i64, usual: i64) -> i64 {
    let usual = usual.max(1);
    (usual * ONE).isqrt() * ONE / (usual + apart)
}

/// How far two levels lie apart: the square of their difference over their product, so that ten times more is as far as ten times less. At most twenty.
pub(super) fn apart(one: i64, other: i64) -> i64 {
    let (small, large) = (one.min(other), one.max(other));
    if large <= 0 {
        return 0;
    }
    let ratio = i64::try_from(i128::from(small) * i128::from(ONE) / i128::from(large)).unwrap_or(0);
    (ONE - ratio) * (ONE - ratio) / (ratio + (ONE + ratio * ratio / ONE) / 20)
}

/// How far blocks lie apart from those a day before. The seventh tenth of all, so that many empty blocks do not hide how the others differ.
fn spread(blocks: &[Option<Block>]) -> i64 {
    let pairs = blocks.iter().zip(blocks.iter().skip(24 / BLOCK)).filter_map(|(one, other)| one.zip(*other));
    let mut found: Vec<i64> = pairs.filter(|(one, other)| one.worth.min(other.worth) > ONE / 10).map(|(one, other)| difference(one, other)).collect();
    found.sort_unstable();
    // 1.07: the square that seven in ten of a bell curve stay below.
    found.get(found.len() * 7 / 10).map_or(UNKNOWN_SPREAD, |square| (square * 100 / 107).max(LEAST_SPREAD))
}

/// As if both stood for a whole block: the less they stand for, the more they differ by chance.
fn difference(one: Block, other: Block) -> i64 {
    apart(one.level, other.level) * (one.worth * other.worth / (one.worth + other.worth)) / ONE
}
