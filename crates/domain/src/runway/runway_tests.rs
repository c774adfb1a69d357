//! The outlook against made-up traffic, at its edges, and against what must hold whatever the traffic: order, scale, certainty of what is scheduled.
#![allow(clippy::print_stdout, reason = "the quality of the forecast is measured, and what was measured is printed")]

use std::time::Duration;

use proptest::prelude::*;

use super::history::{HOUR, ONE};
use super::traffic::{Kind, Traffic};
use super::*;

const fn units(whole: i64) -> Units {
    Units::whole(whole)
}

const fn hours(count: u64) -> Duration {
    Duration::from_hours(count)
}

/// A Monday, 00:00 UTC.
fn monday() -> Timestamp {
    "2026-03-02T00:00:00Z".parse().unwrap()
}

/// The hour of the week in UTC.
fn utc(at: Timestamp) -> u16 {
    u16::try_from((at.micros() - monday().micros()).div_euclid(HOUR).rem_euclid(168)).unwrap()
}

fn at_end<'a>(spent: &'a [Option<Units>], upcoming: &'a [Upcoming]) -> Asked<'a> {
    Asked { past: Past { first: monday(), hours: spent }, now: monday().after(hours(spent.len() as u64)), so_far: Units::ZERO, upcoming, slot_of: &utc }
}

fn of_hours(spent: &[Option<Units>]) -> Outlook {
    outlook(&at_end(spent, &[]))
}

fn of_traffic(traffic: &Traffic, upcoming: &[Upcoming]) -> Outlook {
    outlook(&Asked { past: traffic.past(), now: traffic.end(), so_far: Units::ZERO, upcoming, slot_of: &traffic.slot_of() })
}

fn constant(whole: i64, count: usize) -> Vec<Option<Units>> {
    vec![Some(units(whole)); count]
}

/// What one kind of traffic, or all, came to: forecasts tried, how many were inside, errors and plain errors in millionths of a mean hour.
#[derive(Clone, Copy, Default)]
struct Sum {
    tried: i64,
    inside: i64,
    error: i64,
    plain: i64,
}

impl Sum {
    fn add(&mut self, score: &Score, mean_hour: i64) {
        let share = |amount: Units| amount.micros() * ONE / mean_hour * i64::from(score.tried);
        self.tried += i64::from(score.tried);
        self.inside += i64::from(score.inside);
        self.error += share(score.error);
        self.plain += share(score.plain_error);
    }

    /// In thousandths.
    fn cover(&self) -> i64 {
        self.inside * 1_000 / self.tried
    }

    fn against_plain(&self) -> i64 {
        self.error * 1_000 / self.plain
    }
}

#[test]
fn the_range_holds_the_truth_and_the_middle_beats_a_plain_mean() {
    const AHEAD: [u16; 3] = [6, 24, 72];
    let mut all = [Sum::default(); 3];
    for kind in Kind::ALL {
        let mut sums = [Sum::default(); 3];
        let mut worst = [0; 3];
        for seed in 0..6 {
            let traffic = Traffic::new(kind, seed);
            let known: Vec<Units> = traffic.hours.iter().flatten().copied().collect();
            let mean_hour = known.iter().copied().sum::<Units>().micros() / i64::try_from(known.len()).unwrap();
            let scores = backtest(&traffic.past(), &traffic.slot_of(), &AHEAD);
            for (score, index) in scores.iter().filter(|score| score.basis == Basis::Whole).zip(0..) {
                let mut one = Sum::default();
                one.add(score, mean_hour);
                sums[index].add(score, mean_hour);
                all[index].add(score, mean_hour);
                worst[index] = one.against_plain().max(worst[index]);
            }
        }
        println!(
            "{kind:?}: {}",
            AHEAD
                .iter()
                .zip(&sums)
                .zip(worst)
                .map(|((ahead, sum), worst)| format!("{ahead} h: {} ‰ inside, error {} ‰ of plain (worst seed {worst})  ", sum.cover(), sum.against_plain()))
                .collect::<String>()
        );
    }
    println!("all: {}", AHEAD.iter().zip(&all).map(|(ahead, sum)| format!("{ahead} h: {} ‰ inside, error {} ‰ of plain  ", sum.cover(), sum.against_plain())).collect::<String>());
    for sum in all {
        assert!((750..=900).contains(&sum.cover()), "{} ‰", sum.cover());
        assert!(sum.against_plain() <= 700, "{} ‰", sum.against_plain());
    }
}

/// The range of what goes within some hours.
fn within(outlook: &Outlook, count: u64) -> Range {
    outlook.burn(hours(count)).unwrap()
}

#[test]
fn nothing_known_gives_no_figure() {
    for spent in [vec![], vec![None; 30]] {
        let outlook = of_hours(&spent);
        assert_eq!((outlook.basis(), outlook.missing()), (Basis::None, hours(336)));
        assert_eq!((outlook.burn(hours(6)), outlook.usual_hour(3), outlook.burn_now()), (None, None, None));
        assert_eq!((outlook.runs_out(units(5)), outlook.advise(units(5), 7, hours(24))), (None, None));
    }
}

#[test]
fn one_hour_is_little_and_says_so() {
    let outlook = of_hours(&constant(10, 1));
    assert_eq!((outlook.basis(), outlook.missing()), (Basis::Short, hours(335)));
    let day = within(&outlook, 24);
    assert_eq!(day.mid, units(240));
    assert!(day.low < units(120) && day.high > units(480), "wide: {day:?}");
    let runway = outlook.runs_out(units(100)).unwrap();
    assert_eq!((runway.mid, runway.basis), (Some(monday().after(hours(11))), Basis::Short));
}

#[test]
fn a_constant_burn_gives_an_exact_runway_once_it_is_known_long_enough() {
    let outlook = of_hours(&constant(10, 8 * 168));
    let now = monday().after(hours(8 * 168));
    assert_eq!((outlook.basis(), outlook.missing()), (Basis::Whole, Duration::ZERO));
    for (balance, lasts) in [(100, 10), (5, 0), (10_000, 1_000)] {
        let at = Some(now.after(hours(lasts)).after(if balance == 5 { Duration::from_mins(30) } else { Duration::ZERO }));
        assert_eq!(outlook.runs_out(units(balance)), Some(Runway { early: at, mid: at, late: at, basis: Basis::Whole }));
    }
    let never = Runway { early: None, mid: None, late: None, basis: Basis::Whole };
    assert_eq!(outlook.runs_out(units(14_401)), Some(never), "later than in 60 days");
    assert_eq!(outlook.burn(hours(60 * 24 + 1)), None);
    assert_eq!(within(&outlook, 60 * 24).high, units(14_400));
}

#[test]
fn no_burn_never_runs_out_and_an_empty_balance_is_out() {
    for spent in [constant(0, 8 * 168), constant(0, 3)] {
        let outlook = of_hours(&spent);
        let now = monday().after(hours(spent.len() as u64));
        assert_eq!(within(&outlook, 1_000), Range { low: Units::ZERO, mid: Units::ZERO, high: Units::ZERO });
        let basis = outlook.basis();
        assert_eq!(outlook.runs_out(units(1)), Some(Runway { early: None, mid: None, late: None, basis }));
        for balance in [units(0), units(-3)] {
            assert_eq!(outlook.runs_out(balance), Some(Runway { early: Some(now), mid: Some(now), late: Some(now), basis }));
        }
    }
}

#[test]
fn a_level_a_hundred_times_higher_or_lower_is_followed_within_a_day() {
    for (before, after) in [(10, 1_000), (1_000, 10)] {
        let mut spent = constant(before, 7 * 168);
        spent.extend(constant(after, 24));
        let day = within(&of_hours(&spent), 24);
        assert!((units(after * 12)..=units(after * 48)).contains(&day.mid), "{before} to {after}: {day:?}");
    }
}

#[test]
fn a_day_of_one_campaign_is_no_new_level() {
    let mut spent = constant(10, 6 * 168);
    spent.extend(constant(600, 1));
    spent.extend(constant(10, 11));
    let day = within(&of_hours(&spent), 24);
    assert!((units(216)..=units(264)).contains(&day.mid), "{day:?}");
}

#[test]
fn an_outage_of_hours_is_no_new_level_but_a_day_of_nothing_is() {
    for (nothing, level) in [(5, 216..=264), (48, 0..=24)] {
        let mut spent = constant(10, 6 * 168);
        spent.extend(constant(0, nothing));
        let mid = within(&of_hours(&spent), 24).mid;
        assert!(level.contains(&(mid.micros() / 1_000_000)), "{nothing} hours of nothing: {mid}");
    }
}

#[test]
fn what_comes_back_every_week_is_expected_at_its_hour() {
    let spent: Vec<Option<Units>> = (0..6 * 168).map(|hour| Some(units(if hour % 168 == 34 { 500 } else { 10 }))).collect();
    let outlook = of_hours(&spent);
    let campaign = within(&outlook, 35).mid.minus(within(&outlook, 34).mid);
    assert!((units(400)..=units(520)).contains(&campaign), "{campaign}");
    assert!(outlook.usual_hour(34).unwrap() > units(350) && outlook.usual_hour(35).unwrap() < units(12));
}

#[test]
fn what_goes_now_is_told_against_the_usual_of_this_hour() {
    let mut spent = constant(10, 4 * 168);
    spent.push(Some(units(50)));
    let half_past = monday().after(hours(4 * 168 + 1)).after(Duration::from_mins(30));
    let asked = Asked { now: half_past, so_far: units(25), ..at_end(&spent, &[]) };
    assert_eq!(outlook(&asked).burn_now(), Some(BurnNow { per_hour: units(50), usual: units(10), ratio: Some(5 * ONE) }));
    let lost = [spent.clone(), vec![None]].concat();
    assert_eq!(outlook(&Asked { past: Past { first: monday(), hours: &lost }, now: half_past.after(hours(1)), ..asked }).burn_now(), None);
    let quiet = constant(0, 400);
    assert_eq!(of_hours(&quiet).burn_now(), Some(BurnNow { per_hour: Units::ZERO, usual: Units::ZERO, ratio: None }));
}

#[test]
fn advice_is_rounded_up_to_what_one_would_buy() {
    let outlook = of_hours(&constant(10, 8 * 168));
    let now = monday().after(hours(8 * 168));
    for (balance, days, lead, amount, by) in [
        (100, 7, 4, 1_600, Some(6)),
        (100, 1, 24, 140, Some(0)),
        (-5, 1, 1, 250, Some(0)),
        (235, 1, 1, 5, Some(22)),
        (240, 1, 1, 0, Some(23)),
        (20_000, 30, 1, 0, None),
        (0, 120, 1, 29_000, Some(0)),
        (5, 0, 0, 0, Some(0)),
    ] {
        let by = by.map(|lasts| now.after(hours(lasts)).after(if balance == 235 || balance == 5 { Duration::from_mins(30) } else { Duration::ZERO }));
        assert_eq!(outlook.advise(units(balance), days, hours(lead)), Some(Advice { amount: units(amount), days, by }), "{balance} {days}");
    }
}

#[test]
fn hours_from_now_on_are_not_looked_at() {
    let spent: Vec<Option<Units>> = (0..500).map(|hour| Some(units(if hour < 400 { 10 } else { 99 }))).collect();
    let early = Asked { now: monday().after(hours(400)), ..at_end(&spent, &[]) };
    let until_then = at_end(&spent[..400], &[]);
    assert_eq!(outlook(&early).burn(hours(50)), outlook(&until_then).burn(hours(50)));
}

#[test]
fn a_change_of_the_clocks_does_not_disturb_a_constant_burn() {
    let spent = constant(10, 8 * 168);
    let changed = monday().after(hours(20 * 24 + 1));
    let slot_of = |at: Timestamp| utc(if at >= changed { at.after(hours(1)) } else { at });
    let outlook = outlook(&Asked { slot_of: &slot_of, ..at_end(&spent, &[]) });
    assert_eq!(within(&outlook, 100), Range { low: units(1_000), mid: units(1_000), high: units(1_000) });
}

#[test]
fn a_backtest_forecasts_as_the_outlook_of_that_time_did() {
    let traffic = Traffic::new(Kind::Steady, 3);
    let scores = backtest(&traffic.past(), &traffic.slot_of(), &[24]);
    let (mut tried, mut inside, mut error) = (0, 0, 0);
    for hour in (24..traffic.hours.len() - 24).step_by(7) {
        let next = traffic.hours[hour..hour + 24].iter().copied().collect::<Option<Vec<Units>>>();
        let before = Past { hours: &traffic.hours[..hour], ..traffic.past() };
        let outlook = outlook(&Asked { past: before, now: traffic.first.after(hours(hour as u64)), so_far: Units::ZERO, upcoming: &[], slot_of: &traffic.slot_of() });
        let (Some(next), Basis::Whole) = (next, outlook.basis()) else { continue };
        let (truth, range) = (next.into_iter().sum::<Units>(), within(&outlook, 24));
        tried += 1;
        inside += u32::from((range.low..=range.high).contains(&truth));
        error += truth.micros().abs_diff(range.mid.micros());
    }
    let score = scores.iter().find(|score| score.basis == Basis::Whole).unwrap();
    assert_eq!((score.tried, score.ahead), (tried, hours(24)));
    assert!(score.inside.abs_diff(inside) <= 1, "{score:?} {inside}");
    assert!(score.error.micros().unsigned_abs().abs_diff(error / u64::from(tried)) <= error / u64::from(tried) / 1_000, "{score:?} {error}");
}

#[test]
fn words_come_back() {
    for word in Basis::ALL {
        assert_eq!(Basis::from_word(word.as_str()), Some(*word));
    }
}

/// What is said of traffic, and of the same traffic times a factor.
fn scaled(kind: Kind, seed: u64, factor: i64) -> Vec<(Units, Units)> {
    let traffic = Traffic::new(kind, seed);
    let hours = traffic.hours.iter().map(|spent| spent.and_then(|spent| spent.checked_mul(factor))).collect();
    let (one, many) = (of_traffic(&traffic, &[]), of_traffic(&Traffic { hours, ..traffic }, &[]));
    let pairs = [1, 6, 24, 72, 500].map(|ahead| (within(&one, ahead), within(&many, ahead)));
    pairs.into_iter().flat_map(|(one, many)| [(one.low, many.low), (one.mid, many.mid), (one.high, many.high)]).collect()
}

#[test]
fn scaling_the_past_scales_the_answer() {
    // Any factor may round otherwise, and then another of two errors may be the tenth: exactly it holds for powers of two, below.
    for (kind, seed) in Kind::ALL.into_iter().zip(40..) {
        for (one, many) in scaled(kind, seed, 1_731) {
            let off = many.micros().abs_diff(one.micros() * 1_731);
            assert!(off <= many.micros().unsigned_abs() / 1_000 + 1_731, "{kind:?} {seed}: {one} {many}");
        }
    }
}

fn kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(&Kind::ALL)
}

fn extreme() -> impl Strategy<Value = i64> {
    prop_oneof![Just(i64::MAX), Just(i64::MIN), Just(0), Just(1), any::<i64>(), 0..1_000_000_000_i64]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn ranges_are_ordered_and_grow(kind in kind(), seed in 0..1_000_u64, kept in 1..1_344_usize, minutes in 1..90_u64) {
        let mut traffic = Traffic::new(kind, seed);
        traffic.hours.truncate(kept);
        let outlook = of_traffic(&traffic, &[]);
        let mut before = Range { low: Units::ZERO, mid: Units::ZERO, high: Units::ZERO };
        for step in 0..60 * 24 * 60 / minutes {
            let Some(range) = outlook.burn(Duration::from_mins(step * minutes)) else { prop_assert_eq!(outlook.basis(), Basis::None); break };
            prop_assert!(range.low <= range.mid && range.mid <= range.high, "{:?}", range);
            prop_assert!(before.low <= range.low && before.mid <= range.mid && before.high <= range.high, "{:?} {:?}", before, range);
            before = range;
        }
    }

    #[test]
    fn runway_and_burn_agree(kind in kind(), seed in 0..1_000_u64, balance in 1..10_000_000_000_i64) {
        let traffic = Traffic::new(kind, seed);
        let (outlook, balance) = (of_traffic(&traffic, &[]), Units::from_micros(balance));
        let runway = outlook.runs_out(balance).unwrap();
        for (at, of) in [(runway.early, (|range| range.high) as fn(Range) -> Units), (runway.mid, |range| range.mid), (runway.late, |range| range.low)] {
            let gone = |at: Timestamp| of(outlook.burn(traffic.end().until(at)).unwrap());
            match at {
                Some(at) => prop_assert!(gone(at) >= balance && gone(at.before(Duration::from_micros(1))) < balance),
                None => prop_assert!(of(within(&outlook, 60 * 24)) < balance),
            }
        }
        prop_assert!(runway.late.is_none_or(|late| runway.mid.unwrap() <= late && runway.early.unwrap() <= runway.mid.unwrap()));
    }

    #[test]
    fn doubling_the_past_doubles_the_answer(kind in kind(), seed in 0..1_000_u64, power in 1..14_u32) {
        let factor = 2_i64.pow(power);
        for (one, many) in scaled(kind, seed, factor) {
            prop_assert!((0..factor).contains(&(many.micros() - one.micros() * factor)), "{} {}", one, many);
        }
    }

    #[test]
    fn unknown_hours_are_not_taken_for_nothing(lost in prop::collection::vec(0..1_344_usize, 0..600), kept in 700..1_344_usize) {
        let mut spent = constant(10, kept);
        for hour in lost.into_iter().filter(|hour| *hour < kept) {
            spent[hour] = None;
        }
        prop_assert_eq!(within(&of_hours(&spent), 50).mid, units(500));
    }

    #[test]
    fn what_is_scheduled_moves_the_runway_exactly(seed in 0..1_000_u64, due in 0..40 * 24 * 60_u64, charge in 1..5_000_000_000_i64, balance in 1..20_000_000_000_i64) {
        let traffic = Traffic::new(Kind::Mixed, seed);
        let (charge, balance) = (Units::from_micros(charge), Units::from_micros(balance));
        let at = traffic.end().after(Duration::from_mins(due));
        let (without, with) = (of_traffic(&traffic, &[]), of_traffic(&traffic, &[Upcoming { at, charge }]));
        let (plain, less) = (without.runs_out(balance).unwrap(), without.runs_out(balance.minus(charge)).unwrap());
        let moved = with.runs_out(balance).unwrap();
        for (plain, less, moved) in [(plain.early, less.early, moved.early), (plain.mid, less.mid, moved.mid), (plain.late, less.late, moved.late)] {
            let expected = match (plain, less) {
                (Some(plain), _) if plain <= at => Some(plain),
                (_, less) => less.map(|less| less.max(at)),
            };
            prop_assert_eq!(moved, expected);
        }
        let ahead = Duration::from_mins(due + 1);
        prop_assert_eq!(with.burn(ahead).unwrap().mid, without.burn(ahead).unwrap().mid.plus(charge));
        prop_assert!(due == 0 || with.burn(Duration::from_mins(due - 1)) == without.burn(Duration::from_mins(due - 1)));
    }

    #[test]
    fn nothing_is_too_extreme(
        spent in prop::collection::vec(prop::option::of(extreme()), 0..400),
        times in (extreme(), extreme()),
        so_far in extreme(),
        coming in prop::collection::vec((extreme(), extreme()), 0..5),
        balance in extreme(),
        days in any::<u32>(),
        near in any::<bool>(),
    ) {
        let spent: Vec<Option<Units>> = spent.into_iter().map(|hour| hour.map(Units::from_micros)).collect();
        let first = Timestamp::from_micros(times.0);
        let now = if near { first.after(hours(spent.len() as u64)) } else { Timestamp::from_micros(times.1) };
        let upcoming: Vec<Upcoming> = coming.into_iter().map(|(at, charge)| Upcoming { at: Timestamp::from_micros(at), charge: Units::from_micros(charge) }).collect();
        let slot_of = |at: Timestamp| u16::try_from(at.micros().unsigned_abs() % 65_536).unwrap();
        let outlook = outlook(&Asked { past: Past { first, hours: &spent }, now, so_far: Units::from_micros(so_far), upcoming: &upcoming, slot_of: &slot_of });
        let balance = Units::from_micros(balance);
        let runway = outlook.runs_out(balance);
        prop_assert_eq!(runway.is_none(), outlook.basis() == Basis::None);
        prop_assert_eq!(outlook.advise(balance, days, Duration::MAX).is_none(), runway.is_none());
        prop_assert!(outlook.burn(Duration::MAX).is_none());
        prop_assert!(outlook.burn(hours(100)).is_none_or(|range| Units::ZERO <= range.low && range.low <= range.mid && range.mid <= range.high));
        let scores = backtest(&Past { first, hours: &spent }, &slot_of, &[0, 6, u16::MAX]);
        prop_assert!(scores.iter().all(|score| score.inside <= score.tried));
    }
}
