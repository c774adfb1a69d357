//! Fair shares: which lane of waiting messages goes next. Lane 0 holds single messages, every other lane is a batch.

/// The first of `lanes` (ascending) after `last`, else the first: each lane has its turn before any has a second.
#[must_use]
pub fn next_lane(lanes: &[i64], last: Option<i64>) -> Option<i64> {
    let after = last.map_or(0, |last| lanes.partition_point(|lane| *lane <= last));
    lanes.get(after).or_else(|| lanes.first()).copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_turn_goes_round() {
        for (lanes, last, next) in [
            (&[][..], None, None),
            (&[], Some(3), None),
            (&[0], None, Some(0)),
            (&[0], Some(0), Some(0)),
            (&[0, 5, 9], None, Some(0)),
            (&[0, 5, 9], Some(0), Some(5)),
            (&[0, 5, 9], Some(6), Some(9)),
            (&[0, 5, 9], Some(9), Some(0)),
            (&[5, 9], Some(i64::MAX), Some(5)),
            (&[5, 9], Some(i64::MIN), Some(5)),
        ] {
            assert_eq!(next_lane(lanes, last), next, "{lanes:?} after {last:?}");
        }
    }

    proptest! {
        #[test]
        fn every_lane_has_its_turn_before_any_has_a_second(lanes in prop::collection::btree_set(0..1000_i64, 1..30), last in prop::option::of(0..1000_i64)) {
            let ascending: Vec<i64> = lanes.iter().copied().collect();
            let mut at = last;
            let mut served: Vec<i64> = (0..ascending.len()).filter_map(|_| { at = next_lane(&ascending, at); at }).collect();
            served.sort_unstable();
            prop_assert_eq!(served, ascending);
        }
    }
}
