//! The state machine by hand: levels, confirmation, unknown readings, clocks.

use super::fixtures::*;
use super::*;
use crate::units::Units;

#[test]
fn it_fires_once_at_the_level_and_recovers_a_tenth_above() {
    let mut story = Story::new(balance_below(1_000));
    for (minute, micros, expected) in [
        (0, 1_000_000_001, None),
        (1, 1_000_000_000, Some("fired")),
        (2, 999_999_999, None),
        (3, 1_099_999_999, None),
        (4, 1_000_000_000, None),
        (5, 0, None),
        (6, 1_100_000_000, Some("recovered")),
        (7, 1_000_000_001, None),
        (8, 0, Some("fired")),
        (9, 5_000_000_000, Some("recovered")),
    ] {
        let told = story.step(minute * MINUTE, &fresh(Units::from_micros(micros), at(minute * MINUTE)));
        assert_eq!(told, expected.into_iter().collect::<Vec<_>>(), "{minute}: {micros}");
    }
    assert_eq!(story.told.iter().map(Notice::key).collect::<Vec<_>>(), ["fired:1", "recovered:1", "fired:2", "recovered:2"]);
    assert!(story.told.iter().all(|notice| notice.confirmation == Confirmation::Confirmed));
    assert_eq!((story.told[1].since, story.told[1].at), (at(MINUTE), at(6 * MINUTE)));
}

#[test]
fn three_levels_crossed_in_one_step_tell_three_times() {
    let told: Vec<_> = [2_000, 1_000, 500, 100].map(balance_below).into_iter().map(|rule| Story::new(rule).step(0, &fresh(Units::whole(500), at(0)))).collect();
    assert_eq!(told, [vec!["fired"], vec!["fired"], vec!["fired"], vec![]]);
}

#[test]
fn a_top_up_above_the_level_is_enough() {
    let topped_up = |whole, top_up_seq, ms| Reading { top_up_seq, ..fresh(Units::whole(whole), at(ms)) };
    let mut story = Story::new(balance_below(1_000));
    assert_eq!(story.step(0, &topped_up(400, 7, 0)), ["fired"]);
    assert_eq!(story.step(1, &topped_up(1_050, 7, 1)), NOTHING, "that top-up was before");
    assert_eq!(story.step(2, &topped_up(1_000, 8, 2)), NOTHING, "up to the level is not above it");
    assert_eq!(story.step(3, &topped_up(1_001, 8, 3)), ["recovered"]);
    assert_eq!(story.step(4, &topped_up(1_000, 8, 4)), ["fired"]);
    assert_eq!(story.step(5, &topped_up(1_001, 8, 5)), NOTHING, "each crossing needs its own");
}

#[test]
fn a_fresh_figure_confirms_first() {
    let mut story = Story::new(balance_below(1_000));
    assert_eq!(story.step(0, &estimated(1_500, 10, 10)), NOTHING);
    assert_eq!(story.step(MINUTE, &estimated(990, 10, 12)), NOTHING);
    assert!(story.asks);
    assert_eq!(story.next_at, Some(at(2 * MINUTE)));
    assert_eq!(story.step(MINUTE + SECOND, &estimated(980, 11, 13)), NOTHING, "asked before what made it cross");
    assert!(story.asks);
    assert_eq!(story.step(MINUTE + 2 * SECOND, &estimated(985, 13, 14)), ["fired"]);
    assert!(!story.asks);
    assert_eq!((story.told[0].confirmation.clone(), story.told[0].since), (Confirmation::Confirmed, at(MINUTE)));
    assert_eq!(story.told[0].seen.figure, Figure::Balance { units: Units::whole(985) });
}

#[test]
fn a_confirming_figure_above_the_level_tells_nothing() {
    for above in [1_001, 5_000] {
        let mut story = Story::new(balance_below(1_000));
        assert_eq!(story.step(0, &estimated(1_000, 10, 12)), NOTHING);
        assert_eq!(story.step(SECOND, &estimated(above, 13, 13)), NOTHING);
        assert!(!story.asks && story.told.is_empty() && story.state.phase == Phase::Quiet);
        assert_eq!(story.step(2 * HOUR, &estimated(above, 13, 13)), NOTHING);
    }
}

#[test]
fn without_a_confirmation_it_fires_at_the_deadline_and_says_so() {
    let failed = |reason: &str, is_last| Reading { unanswered: Some(Unanswered { reason: reason.to_owned(), is_last }), ..estimated(900, 10, 12) };
    let mut story = Story::new(balance_below(1_000));
    assert_eq!(story.step(0, &estimated(900, 10, 12)), NOTHING);
    assert_eq!(story.step(59_999, &failed("timeout", false)), NOTHING);
    assert_eq!(story.step(60_000, &failed("timeout", false)), ["fired"]);
    assert_eq!(story.told[0].confirmation, Confirmation::Failed { reason: "timeout".to_owned() });
    assert_eq!(story.step(61_000, &estimated(900, 13, 13)), NOTHING, "a late confirmation is no second alert");
    assert_eq!(story.state.firing().unwrap().confirmation, Confirmation::Confirmed);

    let mut silent = Story::new(balance_below(1_000));
    assert_eq!(silent.step(0, &estimated(900, 10, 12)), NOTHING);
    assert_eq!(silent.step(60_000, &estimated(900, 10, 12)), ["fired"]);
    assert_eq!(silent.told[0].confirmation, Confirmation::Failed { reason: "no answer within 1 min".to_owned() });

    let mut hopeless = Story::new(balance_below(1_000));
    assert_eq!(hopeless.step(0, &failed("credentials refused", true)), ["fired"], "nothing to wait for");
    assert_eq!(hopeless.told[0].confirmation, Confirmation::Failed { reason: "credentials refused".to_owned() });
}

#[test]
fn a_figure_asked_just_now_confirms_itself() {
    let reading = |age_ms: i64, newest_seq| Reading { asked: Some((10, at(-age_ms))), newest_seq, ..estimated(900, 10, 10) };
    for (age_ms, newest_seq, expected) in [(0, 10, true), (60_000, 10, true), (60_001, 10, false), (0, 11, false), (-1, 10, false)] {
        let mut story = Story::new(balance_below(1_000));
        assert_eq!(story.step(0, &reading(age_ms, newest_seq)).len(), usize::from(expected), "{age_ms} {newest_seq}");
        assert_eq!(story.asks, !expected);
    }
}

#[test]
fn unknown_readings_change_nothing() {
    let unknown = Reading::default();
    let mut story = Story::new(balance_below(1_000));
    assert_eq!(story.step(0, &unknown), NOTHING);
    assert_eq!(story.step(SECOND, &estimated(900, 10, 12)), NOTHING);
    assert_eq!(story.step(5 * MINUTE, &unknown), NOTHING, "past the deadline, but nothing is known");
    assert_eq!(story.next_at, None);
    assert_eq!(story.step(6 * MINUTE, &estimated(900, 13, 13)), ["fired"]);
    let before = story.state.clone();
    assert_eq!(story.step(7 * MINUTE, &unknown), NOTHING);
    assert_eq!(story.state, before);
    assert_eq!(story.step(7 * MINUTE, &Reading { seen: seen(Figure::Key { refused: false }), ..unknown.clone() }), NOTHING, "another rule's figure");
    assert_eq!(story.step(7 * HOUR, &unknown), ["reminder"], "what was last known lasts");
    assert_eq!(story.step(7 * HOUR, &estimated(1_200, 14, 14)), ["recovered"]);
}

#[test]
fn a_rule_switched_off_is_silent_and_starts_anew() {
    let mut story = Story::new(key_refused(Severity::Critical));
    assert_eq!(story.step(0, &key(true)), ["fired"]);
    story.rule.enabled = false;
    assert_eq!(story.step(SECOND, &key(true)), NOTHING);
    assert_eq!((story.state.firing(), story.state.crossings, story.next_at), (None, 1, None));
    story.rule.enabled = true;
    assert_eq!(story.step(2 * SECOND, &key(true)), ["fired"]);
    assert_eq!(story.told[1].key(), "fired:2");
}

#[test]
fn a_clock_that_steps_back_neither_repeats_nor_hangs() {
    let year = 365 * 24 * HOUR;
    let mut story = Story::new(key_refused(Severity::Critical));
    story.options.escalate_ms = Some(HOUR);
    assert_eq!(story.step(year, &key(true)), ["fired"]);
    assert_eq!(story.step(0, &key(true)), NOTHING);
    assert_eq!(story.step(HOUR, &key(true)), ["escalated"]);
    assert_eq!(story.step(6 * HOUR - 1, &key(true)), NOTHING);
    assert_eq!(story.step(6 * HOUR, &key(true)), ["reminder"]);

    let mut confirming = Story::new(balance_below(1_000));
    assert_eq!(confirming.step(year, &estimated(900, 10, 12)), NOTHING);
    assert_eq!(confirming.step(0, &estimated(900, 10, 12)), NOTHING);
    assert_eq!(confirming.step(MINUTE, &estimated(900, 10, 12)), ["fired"]);

    let mut snoozed = Story::new(key_refused(Severity::Critical));
    assert_eq!(snoozed.step(year, &key(true)), ["fired"]);
    snoozed.state.snooze("amina", at(year + HOUR), at(year));
    assert_eq!(snoozed.step(0, &key(true)), NOTHING);
    assert_eq!(snoozed.step(HOUR - 1, &key(true)), NOTHING);
    assert_eq!(snoozed.step(HOUR, &key(true)), ["reminder"], "an hour is an hour");
}

#[test]
fn ages_neither_shrink_nor_stop_when_the_clock_steps_back() {
    let rule = Rule { condition: Condition::NoObservation { level_ms: 30 * MINUTE }, ..key_refused(Severity::Warning) };
    let old = |since: i64, now: i64| Reading { seen: seen(Figure::NoFigure { for_ms: (now - since).max(0) }), since: Some(at(since)), ..Reading::default() };
    let mut story = Story::new(rule.clone());
    assert_eq!(story.step(29 * MINUTE, &old(0, 29 * MINUTE)), NOTHING);
    assert_eq!(story.step(30 * MINUTE, &old(0, 30 * MINUTE)), ["fired"]);
    assert_eq!(story.told[0].since, at(0));
    assert_eq!(story.step(5 * MINUTE, &old(0, 5 * MINUTE)), NOTHING, "the same figure is no new one");
    assert_eq!(story.step(35 * MINUTE, &old(0, 35 * MINUTE)), NOTHING);
    assert_eq!(story.step(36 * MINUTE, &old(35 * MINUTE, 36 * MINUTE)), ["recovered"]);

    let mut ahead = Story::new(rule);
    let year = 365 * 24 * HOUR;
    assert_eq!(ahead.step(year, &old(year, year)), NOTHING);
    assert_eq!(ahead.step(0, &old(year, 0)), NOTHING);
    assert_eq!(ahead.step(29 * MINUTE, &old(year, 29 * MINUTE)), NOTHING);
    assert_eq!(ahead.step(30 * MINUTE, &old(year, 30 * MINUTE)), ["fired"], "a figure from the future ages from now on");
}
