//! Admission against the account's standing: the border itself, and that no run of admissions promises more than there is.

use proptest::prelude::*;

use super::*;
use crate::balance::Taken;
use crate::pricing::PriceSource;
use crate::time::Timestamp;

const fn units(micros: i64) -> Units {
    Units::from_micros(micros)
}

fn standing(figure: Option<i64>, pending: i64, queued: i64) -> Standing {
    let at = Timestamp::from_micros(0);
    let base = figure.map(|micros| Taken { units: units(micros), question: 1, asked_seq: 1, asked_at: at, answered_at: at });
    Standing { base, pending: units(pending), queued: units(queued), ..Standing::new(PriceSource::Configured) }
}

const fn rules(credit_limit: i64, reserve_for_high: i64) -> SpendingRules {
    SpendingRules { credit_limit: units(credit_limit), reserve_for_high: units(reserve_for_high) }
}

#[test]
fn the_border_is_where_the_rules_put_it() {
    for (figure, pending, queued, rules, priority, available) in [
        (100, 0, 0, rules(0, 0), Priority::Normal, 100),
        (100, 30, 20, rules(0, 0), Priority::Bulk, 50),
        (100, 30, 20, rules(15, 0), Priority::Normal, 65),
        (100, 30, 20, rules(15, 40), Priority::Normal, 25),
        (100, 30, 20, rules(15, 40), Priority::High, 65),
        (0, 0, 0, rules(0, 0), Priority::High, 0),
        (-5, 0, 0, rules(3, 0), Priority::Normal, -2),
        (10, 0, 30, rules(0, 0), Priority::Normal, -20),
    ] {
        let standing = standing(Some(figure), pending, queued);
        assert_eq!(spendable(&standing, priority, &rules), Some(units(available + queued)), "{figure} {pending} {queued} {rules:?}");
        let fits = units(available.max(0));
        assert_eq!(admit(&standing, fits, priority, &rules), Ok(()));
        let above = units(available.max(0) + 1);
        let short = Short { charge: above, available: units(available), shortfall: above.minus(units(available)) };
        assert_eq!(admit(&standing, above, priority, &rules), Err(short));
    }
}

#[test]
fn an_unknown_balance_blocks_nothing() {
    let standing = standing(None, 50, 70);
    assert_eq!(spendable(&standing, Priority::Bulk, &rules(0, 10)), None);
    assert_eq!(admit(&standing, Units::MAX, Priority::Bulk, &rules(0, 10)), Ok(()));
}

#[test]
fn words_come_back() {
    for word in OnShort::ALL {
        assert_eq!(OnShort::from_word(word.as_str()), Some(*word));
        assert_eq!(serde_json::to_string(word).unwrap(), format!("\"{}\"", word.as_str()));
    }
    assert_eq!(SpendingRules::default(), rules(0, 0));
}

proptest! {
    #[test]
    fn a_shortfall_is_exactly_what_is_missing(figure in -1000..1000_i64, pending in 0..500_i64, queued in 0..500_i64, limit in 0..300_i64, reserve in 0..300_i64, charge in 0..2000_i64) {
        let (mut standing, rules, charge) = (standing(Some(figure), pending, queued), rules(limit, reserve), units(charge));
        if let Err(short) = admit(&standing, charge, Priority::Normal, &rules) {
            prop_assert_eq!(short.available.plus(short.shortfall), short.charge);
            prop_assert_eq!(short.charge, charge);
            prop_assert!(short.shortfall > Units::ZERO);
            // A top-up of the shortfall is enough, and one millionth less is not.
            let told = short.shortfall.micros();
            standing.base = standing.base.map(|base| Taken { units: base.units.plus(units(told - 1)), ..base });
            prop_assert!(admit(&standing, charge, Priority::Normal, &rules).is_err());
            standing.base = standing.base.map(|base| Taken { units: base.units.plus(units(1)), ..base });
            prop_assert_eq!(admit(&standing, charge, Priority::Normal, &rules), Ok(()));
        }
    }

    #[test]
    fn no_run_of_admissions_promises_more_than_may_be_spent(figure in 0..1000_i64, limit in 0..300_i64, reserve in 0..300_i64, wishes in prop::collection::vec((1..200_i64, 0..3_usize), 0..30)) {
        let (mut standing, rules) = (standing(Some(figure), 0, 0), rules(limit, reserve));
        for (charge, priority) in wishes {
            let priority = Priority::ALL[priority];
            let before = standing.queued;
            if admit(&standing, units(charge), priority, &rules).is_ok() {
                standing.queued = standing.queued.plus(units(charge));
                prop_assert!(Some(standing.queued) <= spendable(&standing, priority, &rules));
                let high = Standing { queued: before, ..standing.clone() };
                prop_assert_eq!(admit(&high, units(charge), Priority::High, &rules), Ok(()), "what fits a lower priority fits the highest");
            }
            prop_assert!(standing.queued.micros() <= figure + limit);
        }
    }
}
