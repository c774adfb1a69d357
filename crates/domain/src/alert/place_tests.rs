//! Every kind at its level, a little off, at the tenth, and past it.

use super::*;

const MINUTE: i64 = 60_000;

fn at(condition: Condition, figure: Figure) -> Option<Place> {
    place(&condition, &figure, false)
}

#[test]
fn balances_fire_at_the_level_and_recover_a_tenth_above() {
    let micros = Units::from_micros;
    for (level, value, topped_up, expected) in [
        (1_000_000_000, 1_000_000_001, false, Place::Between),
        (1_000_000_000, 1_000_000_000, false, Place::At),
        (1_000_000_000, 1_000_000_000, true, Place::At),
        (1_000_000_000, 1_000_000_001, true, Place::Clear),
        (1_000_000_000, 1_099_999_999, false, Place::Between),
        (1_000_000_000, 1_100_000_000, false, Place::Clear),
        (1_000_000_000, 0, false, Place::At),
        (1_000_000_000, -5, false, Place::At),
        (0, 0, false, Place::At),
        (0, 1, false, Place::Clear),
        (0, -1, true, Place::At),
        (-100, -100, false, Place::At),
        (-100, -91, false, Place::Between),
        (-100, -90, false, Place::Clear),
        (7, 8, false, Place::Clear),
        (i64::MIN, i64::MAX, false, Place::Clear),
        (i64::MAX, i64::MIN, false, Place::At),
    ] {
        let condition = Condition::BalanceBelow { level: micros(level) };
        assert_eq!(place(&condition, &Figure::Balance { units: micros(value) }, topped_up), Some(expected), "{level} {value} {topped_up}");
    }
}

#[test]
fn what_must_not_grow_fires_at_the_level_and_recovers_a_tenth_below() {
    let level_ms = 30 * MINUTE;
    for (for_ms, expected) in [(level_ms, Place::At), (level_ms - 1, Place::Between), (27 * MINUTE + 1, Place::Between), (27 * MINUTE, Place::Clear), (0, Place::Clear)] {
        assert_eq!(at(Condition::NoObservation { level_ms }, Figure::NoFigure { for_ms }), Some(expected), "{for_ms}");
        assert_eq!(at(Condition::MessagesStuck { level_ms }, Figure::Stuck { messages: 1, for_ms }), Some(expected), "{for_ms}");
        assert_eq!(at(Condition::ReportSilence { level_ms }, Figure::Silence { messages: 1, for_ms }), Some(expected), "{for_ms}");
        assert_eq!(at(Condition::UnknownWaiting { count: None, level_ms: Some(level_ms) }, Figure::Doubt { messages: 99, for_ms }), Some(expected), "{for_ms}");
    }
    for (in_a_row, expected) in [(0, Place::Clear), (2, Place::Clear), (3, Place::At), (4, Place::At)] {
        assert_eq!(at(Condition::ProviderFailing { failures: 3 }, Figure::Failures { in_a_row }), Some(expected), "{in_a_row}");
    }
    assert_eq!(at(Condition::CredentialsRefused, Figure::Key { refused: true }), Some(Place::At));
    assert_eq!(at(Condition::CredentialsRefused, Figure::Key { refused: false }), Some(Place::Clear));
}

#[test]
fn runways_are_like_balances() {
    let level_ms = 1_440 * MINUTE;
    let of = |left_ms, topped_up| place(&Condition::RunwayBelow { level_ms }, &Figure::Runway { left_ms }, topped_up);
    assert_eq!(of(0, false), Some(Place::At));
    assert_eq!(of(level_ms, true), Some(Place::At));
    assert_eq!((of(level_ms + 1, false), of(level_ms + 1, true)), (Some(Place::Between), Some(Place::Clear)));
    assert_eq!(of(level_ms + level_ms / 10, false), Some(Place::Clear));
    assert_eq!(of(super::super::ENDLESS, false), Some(Place::Clear));
}

#[test]
fn drift_is_measured_by_the_larger_of_an_amount_and_a_share() {
    let condition = Condition::DriftAbove { least: Units::whole(10), share: 10_000 };
    for (drift, charges, expected) in [
        (9_999_999, 0, Place::Between),
        (10_000_000, 0, Place::At),
        (10_000_000, 1_000, Place::At),
        (10_000_000, 1_001, Place::Between),
        (50_000_000, 5_000, Place::At),
        (49_999_999, 5_000, Place::Between),
        (45_000_000, 5_000, Place::Clear),
        (9_000_000, 0, Place::Clear),
        (-20_000_000, 0, Place::Clear),
    ] {
        let figure = Figure::Drift { units: Units::from_micros(drift), charges: Units::whole(charges) };
        assert_eq!(at(condition, figure), Some(expected), "{drift} {charges}");
    }
    let share_alone = Condition::DriftAbove { least: Units::ZERO, share: 10_000 };
    assert_eq!(at(share_alone, Figure::Drift { units: Units::ZERO, charges: Units::ZERO }), Some(Place::Clear), "nothing is no drift");
}

#[test]
fn burn_is_measured_by_the_usual_but_quiet_accounts_do_not_cry() {
    let condition = Condition::BurnAbove { ratio: 3_000_000, least: Units::whole(50) };
    for (per_hour, usual, expected) in
        [(49, 0, Place::Between), (45, 0, Place::Clear), (50, 0, Place::At), (50, 20, Place::Clear), (60, 20, Place::At), (59, 20, Place::Between), (54, 20, Place::Clear)]
    {
        let figure = Figure::Burn { per_hour: Units::whole(per_hour), usual: Units::whole(usual) };
        assert_eq!(at(condition, figure), Some(expected), "{per_hour} {usual}");
    }
    assert_eq!(share_of(Units::from_micros(1), 1), 1, "a share is never rounded away");
}

#[test]
fn doubt_fires_by_count_or_age_and_recovers_from_both() {
    let both = Condition::UnknownWaiting { count: Some(10), level_ms: Some(100) };
    for (messages, for_ms, expected) in [(10, 0, Place::At), (1, 100, Place::At), (9, 0, Place::Clear), (9, 95, Place::Between), (0, 0, Place::Clear)] {
        assert_eq!(at(both, Figure::Doubt { messages, for_ms }), Some(expected), "{messages} {for_ms}");
    }
}

#[test]
fn another_rules_figure_is_no_figure() {
    assert_eq!(at(Condition::CredentialsRefused, Figure::Balance { units: Units::ZERO }), None);
    assert_eq!(at(Condition::BalanceBelow { level: Units::ZERO }, Figure::Failures { in_a_row: 9 }), None);
}
