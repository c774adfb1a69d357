//! Which intervals are enough for a price to be proposed, and which never are.

use proptest::prelude::*;

use super::*;

const fn step(segments: i64, micros: i64) -> Step {
    Step { segments, fell: Units::from_micros(micros) }
}

/// Intervals of ten segments at each of these prices (millionths); none: one that no price fits.
fn at(prices: &[Option<i64>]) -> Vec<Step> {
    prices.iter().map(|price| price.map_or(step(10, 7_000_003), |price| step(10, price * 10))).collect()
}

const OLD: i64 = 700_000;
const NEW: i64 = 650_000;

#[test]
fn what_is_proposed() {
    let (old, new, odd) = (Some(OLD), Some(NEW), None);
    for (prices, steps) in [
        (vec![], None),
        (vec![new, new], None),
        (vec![new, new, new], Some(3)),
        (vec![old, old, old, old], None),
        (vec![old, old, old, old, new, new], None),
        (vec![old, old, old, old, new, new, new], Some(3)),
        (vec![new, odd, new, new], Some(3)),
        (vec![new, new, new, odd], Some(3)),
        (vec![new, odd, new, odd, new], None),
        (vec![new, new, new, odd, odd], None),
        (vec![new, new, new, old, new], Some(4)),
        (vec![new, new, new, new, old], None),
        (vec![new, old, new, old, new, new, new, new], None),
        (vec![old, new, old, new, old, new], None),
        (vec![new, new, new, old, old, old], None),
        (vec![new, new, new, Some(OLD + 1), new, new, Some(OLD + 2), new, new], Some(7)),
        (vec![odd, odd, odd, new, new, new], Some(3)),
    ] {
        let expected = steps.map(|steps: usize| Proposal { per_segment: Units::from_micros(NEW), steps, segments: 10 * i64::try_from(steps).unwrap() });
        assert_eq!(learn(&at(&prices), Units::from_micros(OLD)), expected, "{prices:?}");
    }
}

#[test]
fn small_intervals_say_nothing_and_old_ones_no_more() {
    let in_force = Units::from_micros(OLD);
    assert_eq!(learn(&[step(4, 4 * NEW); 9], in_force), None);
    assert_eq!(learn(&[step(5, 5 * NEW); 3], in_force), Some(Proposal { per_segment: Units::from_micros(NEW), steps: 3, segments: 15 }));
    assert_eq!(learn(&[step(9, 0); 9], in_force), None, "nothing was charged: that is no price");
    let long_ago: Vec<Step> = std::iter::repeat_n(step(10, 10 * NEW), 20).chain(std::iter::repeat_n(step(10, 10 * OLD), 12)).collect();
    assert_eq!(learn(&long_ago, in_force), None);
    let then_little: Vec<Step> = std::iter::repeat_n(step(10, 10 * NEW), 3).chain(std::iter::repeat_n(step(1, OLD), 50)).collect();
    assert_eq!(learn(&then_little, in_force).map(|proposal| proposal.steps), Some(3));
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((prop_oneof![any::<i64>(), -2..40_i64], prop_oneof![any::<i64>(), -5..40_i64]).prop_map(|(segments, micros)| step(segments, micros)), 0..40)
}

proptest! {
    #[test]
    fn what_is_proposed_fits_at_least_three_to_the_last_millionth(steps in steps(), in_force in -2..40_i64) {
        if let Some(proposal) = learn(&steps, Units::from_micros(in_force)) {
            let fits = steps.iter().filter(|step| step.segments >= 5 && proposal.per_segment.checked_mul(step.segments) == Some(step.fell)).count();
            prop_assert!(proposal.steps >= 3 && fits >= proposal.steps && proposal.per_segment > Units::ZERO);
            prop_assert!(proposal.per_segment != Units::from_micros(in_force));
        }
    }

    #[test]
    fn one_price_is_found_through_a_quarter_of_odd_intervals(
        price in 1..10_000_000_i64,
        segments in prop::collection::vec(5..10_000_i64, 3..10),
        odd in prop::collection::vec((0..9_usize, 1..5_i64), 0..3),
    ) {
        let mut steps: Vec<Step> = segments.iter().map(|segments| step(*segments, segments * price)).collect();
        for (place, off) in odd.iter().take(steps.len() / 3) {
            steps.insert(1 + place % steps.len(), step(1_000_000_007, price * 1_000_000_007 + off));
        }
        let found = learn(&steps, Units::from_micros(price + 1));
        let expected = Proposal { per_segment: Units::from_micros(price), steps: segments.len(), segments: segments.iter().sum() };
        prop_assert_eq!(found, Some(expected));
        prop_assert_eq!(learn(&steps, Units::from_micros(price)), None, "in force already");
    }

    #[test]
    fn two_prices_by_turns_are_not_proposed(one in 1..5_000_000_i64, apart in 1..5_000_000_i64, which in prop::collection::vec(any::<bool>(), 0..5), turns in 2..8_usize) {
        let steps: Vec<Step> = which.iter().copied().chain((0..2 * turns).map(|turn| turn % 2 == 0)).map(|first| step(20, 20 * if first { one } else { one + apart })).collect();
        prop_assert_eq!(learn(&steps, Units::ZERO), None);
    }

    #[test]
    fn intervals_that_hold_both_prices_are_not_proposed(cheap in 1..5_000_000_i64, apart in 1..5_000_000_i64, mixes in prop::collection::hash_set(1..1_000_i64, 3..12)) {
        let steps: Vec<Step> = mixes.iter().map(|dear| step(1_009, 1_009 * cheap + dear * apart)).collect();
        prop_assert_eq!(learn(&steps, Units::ZERO), None, "1009 is a prime: each mix has another mean, or none");
    }
}
