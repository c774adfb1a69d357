//! Made-up traffic to develop the outlook with: eight weeks by seed, with daily and weekly shape, trend, campaigns, outages and jumps of the level. Integers only, as everywhere
//! here.

use super::history::{HOUR, KEPT, WEEK};
use super::{Past, Timestamp, Units};

/// Kinds of accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Little but the usual.
    Steady,
    /// Nothing at night and on Sunday.
    Office,
    /// All of it, in measure.
    Mixed,
    /// Most of it comes in campaigns.
    Campaigns,
    /// The level jumps several times.
    Jumps,
    /// Hours and days differ widely.
    Noisy,
}

impl Kind {
    pub(super) const ALL: [Self; 6] = [Self::Steady, Self::Office, Self::Mixed, Self::Campaigns, Self::Jumps, Self::Noisy];

    const fn noise(self) -> i64 {
        match self {
            Self::Steady => 150,
            Self::Noisy => 1_200,
            Self::Campaigns => 500,
            Self::Office | Self::Mixed | Self::Jumps => 450,
        }
    }

    /// Jumps, campaigns at random, campaigns every week.
    const fn events(self) -> (i64, i64, i64) {
        match self {
            Self::Steady => (0, 1, 0),
            Self::Office => (1, 6, 2),
            Self::Mixed => (2, 10, 2),
            Self::Campaigns => (1, 30, 3),
            Self::Jumps => (4, 6, 1),
            Self::Noisy => (1, 10, 1),
        }
    }
}

/// How busy the hours of a day are.
const PEOPLE: [i64; 24] = [2, 1, 1, 1, 1, 2, 5, 10, 18, 22, 24, 23, 20, 22, 23, 22, 20, 18, 16, 14, 12, 9, 6, 3];
const OFFICE: [i64; 24] = [0, 0, 0, 0, 0, 0, 0, 4, 20, 30, 28, 24, 12, 18, 26, 24, 18, 6, 0, 0, 0, 0, 0, 0];

/// Chance by seed.
pub(super) struct Lcg(u64);

impl Lcg {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5851_F42D_4C95_7F2D)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 ^ (self.0 >> 29)) >> 20
    }

    /// From `low` to below `high`.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.next() % u64::try_from(high - low).unwrap()).unwrap()
    }

    /// About 1,000, give or take about 0.6 × `spread`; never below 50.
    fn around(&mut self, spread: i64) -> i64 {
        let sum: i64 = (0..4).map(|_| self.between(-500, 501)).sum();
        (1_000 + sum * spread / 1_000).max(50)
    }
}

/// Eight weeks of an account.
#[derive(Debug)]
pub(super) struct Traffic {
    pub first: Timestamp,
    pub hours: Vec<Option<Units>>,
    pub turn: i64,
}

impl Traffic {
    pub(super) fn past(&self) -> Past<'_> {
        Past { first: self.first, hours: &self.hours }
    }

    /// The present instant, where all hours are past.
    pub(super) fn end(&self) -> Timestamp {
        Timestamp::from_micros(self.first.micros() + HOUR * i64::try_from(self.hours.len()).unwrap())
    }

    pub(super) fn slot_of(&self) -> impl Fn(Timestamp) -> u16 + use<> {
        let (first, turn) = (self.first.micros() / HOUR, self.turn);
        move |at| u16::try_from((at.micros().div_euclid(HOUR) - first + turn).rem_euclid(168)).unwrap()
    }

    pub(super) fn new(kind: Kind, seed: u64) -> Self {
        let mut chance = Lcg::new(seed.wrapping_mul(31) + kind as u64);
        let turn = chance.between(0, 168);
        let rate = rates(kind, turn, &mut chance);
        let mut hours: Vec<Option<Units>> = rate.iter().map(|rate| Some(Units::from_micros(700_000 * segments(*rate, &mut chance)))).collect();
        for _ in 0..chance.between(1, 6) {
            let (from, long, known) = (chance.between(0, 1_344), chance.between(1, 12), chance.between(0, 2) == 0);
            hours.iter_mut().skip(usize::try_from(from).unwrap()).take(usize::try_from(long).unwrap()).for_each(|hour| *hour = known.then_some(Units::ZERO));
        }
        Self { first: Timestamp::from_micros((472_000 + chance.between(0, 24)) * HOUR), hours, turn }
    }
}

/// Thousandths of segments that each hour should have.
fn rates(kind: Kind, turn: i64, chance: &mut Lcg) -> Vec<i64> {
    let base = 10_000 << chance.between(0, 8);
    let shape = week(kind, chance);
    let trend = chance.between(-12, 13);
    let (jumps, random, weekly) = kind.events();
    let mut level = vec![1_000_i64; KEPT];
    for _ in 0..if jumps == 0 { 0 } else { chance.between(0, jumps + 1) } {
        let factor = [350, 500, 2_000, 3_000][usize::try_from(chance.between(0, 4)).unwrap()];
        level.iter_mut().skip(usize::try_from(chance.between(120, 1_344)).unwrap()).for_each(|level| *level = *level * factor / 1_000);
    }
    let campaigns = campaigns(random, weekly, turn, chance);
    let mut day = 1_000;
    (0..KEPT)
        .map(|hour| {
            if hour % 24 == 0 {
                day = chance.around(kind.noise() / 3);
            }
            let slot = (hour + usize::try_from(turn).unwrap()) % WEEK;
            let level = base * level[hour] / 1_000 * (24_000 + trend * i64::try_from(hour).unwrap()) / 24_000;
            let usual = level * shape[slot] / 1_000 * day / 1_000 * chance.around(kind.noise()) / 1_000;
            usual + level * campaigns[hour] / 1_000
        })
        .collect()
}

/// Shares of the hours of a week in thousandths.
fn week(kind: Kind, chance: &mut Lcg) -> Vec<i64> {
    let table = if kind == Kind::Office { OFFICE } else { PEOPLE };
    let turn = usize::try_from(chance.between(0, 4)).unwrap();
    let mut days: Vec<i64> = (0..5).map(|_| chance.between(880, 1_120)).collect();
    days.push(chance.between(300, 1_000));
    days.push(if kind == Kind::Office { 0 } else { chance.between(150, 900) });
    let raw: Vec<i64> = (0..WEEK).map(|slot| table[(slot + turn) % 24] * days[slot / 24]).collect();
    let sum: i64 = raw.iter().sum();
    raw.iter().map(|share| share * 168_000 / sum).collect()
}

/// What campaigns add to each hour, in thousandths of a mean hour.
fn campaigns(random: i64, weekly: i64, turn: i64, chance: &mut Lcg) -> Vec<i64> {
    let mut added = vec![0_i64; KEPT];
    let mut add = |from: i64, long: i64, volume: i64| {
        for hour in from..from + long {
            if let Some(hour) = usize::try_from(hour).ok().and_then(|hour| added.get_mut(hour)) {
                *hour += volume / long;
            }
        }
    };
    for _ in 0..random {
        add(chance.between(0, 56) * 24 + chance.between(5, 17), chance.between(1, 6), 1_500 << chance.between(0, 5));
    }
    for _ in 0..chance.between(0, weekly + 1) {
        let (slot, long, volume) = (chance.between(0, 168), chance.between(1, 4), chance.between(3_000, 20_000));
        for week in -1..8 {
            add(week * 168 + slot - turn, long, volume * chance.around(300) / 1_000);
        }
    }
    added
}

/// Whole segments of about so many thousandths.
fn segments(rate: i64, chance: &mut Lcg) -> i64 {
    rate / 1_000 + i64::from(chance.between(0, 1_000) < rate % 1_000)
}

#[test]
fn the_same_seed_gives_the_same_traffic() {
    assert_eq!(Traffic::new(Kind::Mixed, 7).hours, Traffic::new(Kind::Mixed, 7).hours);
    assert_ne!(Traffic::new(Kind::Mixed, 7).hours, Traffic::new(Kind::Mixed, 8).hours);
}
