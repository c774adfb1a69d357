//! Holding back and speaking again: reminders, acknowledgement, snooze, quiet hours, escalation.

use super::fixtures::*;
use super::*;

const NIGHT: QuietHours = QuietHours { from: 22 * 60, to: 6 * 60 };

/// A story that starts at noon, with quiet hours from 22:00 to 06:00: they begin at 10 h and end at 18 h.
fn at_night(severity: Severity) -> Story {
    Story::with(Options { quiet: Some(NIGHT), ..Options::default() }, key_refused(severity))
}

#[test]
fn it_reminds_every_six_hours_until_acknowledged() {
    let mut story = Story::new(key_refused(Severity::Warning));
    assert_eq!(story.step(0, &key(true)), ["fired"]);
    assert_eq!(story.next_at, Some(at(6 * HOUR)));
    assert_eq!(story.step(6 * HOUR - 1, &key(true)), NOTHING);
    assert_eq!(story.step(6 * HOUR, &key(true)), ["reminder"]);
    assert_eq!(story.step(6 * HOUR, &key(true)), NOTHING);
    assert_eq!(story.step(30 * HOUR, &key(true)), ["reminder"], "what was missed is not made up for");
    assert_eq!(story.told.iter().map(Notice::key).collect::<Vec<_>>(), ["fired:1", "reminder:1:1", "reminder:1:2"]);
    assert!(story.state.acknowledge("amina", at(31 * HOUR)) && story.state.acknowledge("brian", at(32 * HOUR)));
    assert_eq!(story.state.firing().unwrap().acknowledged, Some(Acknowledged { by: "amina".to_owned(), at: at(31 * HOUR) }));
    assert_eq!(story.step(300 * HOUR, &key(true)), NOTHING);
    assert_eq!(story.next_at, None);
    assert_eq!(story.step(301 * HOUR, &key(false)), ["recovered"]);
    assert!(!story.state.acknowledge("amina", at(302 * HOUR)), "nothing fires");
    assert_eq!(story.step(303 * HOUR, &key(true)), ["fired"]);
    assert_eq!(story.step(309 * HOUR, &key(true)), ["reminder"], "the next crossing is not acknowledged");
}

#[test]
fn reminders_can_be_switched_off() {
    for reminder_ms in [None, Some(0)] {
        let mut story = Story::with(Options { reminder_ms, ..Options::default() }, key_refused(Severity::Warning));
        assert_eq!(story.step(0, &key(true)), ["fired"]);
        assert_eq!((story.step(1_000 * HOUR, &key(true)), story.next_at), (vec![], None));
    }
}

#[test]
fn a_snooze_ends_with_a_reminder_or_with_the_recovery() {
    let snoozed = || {
        let mut story = Story::new(key_refused(Severity::Critical));
        assert_eq!(story.step(0, &key(true)), ["fired"]);
        story.state.snooze("amina", at(20 * HOUR), at(HOUR));
        assert_eq!(story.step(19 * HOUR, &key(true)), NOTHING);
        assert_eq!(story.next_at, Some(at(20 * HOUR)));
        story
    };
    let mut lasts = snoozed();
    assert_eq!(lasts.step(20 * HOUR, &key(true)), ["reminder"]);
    assert_eq!((lasts.step(20 * HOUR, &key(true)), lasts.state.snooze.clone()), (vec![], None));

    let mut over = snoozed();
    assert_eq!(over.step(19 * HOUR, &key(false)), NOTHING);
    assert_eq!(over.next_at, Some(at(20 * HOUR)));
    assert_eq!(over.step(20 * HOUR, &key(false)), ["recovered"]);
    assert_eq!(over.told[1].at, at(19 * HOUR), "when it recovered, not when it is told");

    let mut again = snoozed();
    assert_eq!(again.step(18 * HOUR, &key(false)), NOTHING);
    assert_eq!(again.step(19 * HOUR, &key(true)), NOTHING);
    assert_eq!(again.step(21 * HOUR, &key(true)), ["recovered", "fired"], "the next crossing is told too");

    let mut flutter = snoozed();
    for (minute, refused) in [(1, false), (2, true), (3, false)] {
        assert_eq!(flutter.step(19 * HOUR + minute * MINUTE, &key(refused)), NOTHING);
    }
    assert_eq!(flutter.step(21 * HOUR, &key(false)), ["recovered"], "a crossing that nobody was told of ends in silence");
    assert_eq!(flutter.told[1].crossing, 1);

    let mut woken = snoozed();
    woken.state.wake();
    assert_eq!(woken.step(19 * HOUR, &key(true)), ["reminder"], "six hours have passed");
}

#[test]
fn a_snooze_before_anything_fires_delays_the_first_word() {
    let mut story = Story::new(key_refused(Severity::Critical));
    story.state.snooze("amina", at(HOUR), at(0));
    assert_eq!(story.step(0, &key(true)), NOTHING);
    assert_eq!(story.step(HOUR, &key(true)), ["fired"]);
    let mut passed = Story::new(key_refused(Severity::Critical));
    passed.state.snooze("amina", at(0), at(0));
    assert_eq!((passed.state.snooze.clone(), passed.step(0, &key(true))), (None, vec!["fired"]));
}

#[test]
fn an_acknowledgement_and_a_snooze_together() {
    let mut later = Story::new(key_refused(Severity::Critical));
    assert_eq!(later.step(0, &key(true)), ["fired"]);
    assert!(later.state.acknowledge("amina", at(1)));
    later.state.snooze("amina", at(HOUR), at(2));
    assert_eq!(later.step(HOUR, &key(true)), ["reminder"], "whoever snoozes wants to be reminded");
    assert_eq!(later.step(100 * HOUR, &key(true)), NOTHING);

    let mut before = Story::new(key_refused(Severity::Critical));
    assert_eq!(before.step(0, &key(true)), ["fired"]);
    before.state.snooze("amina", at(HOUR), at(2));
    assert!(before.state.acknowledge("brian", at(3)));
    assert_eq!(before.step(100 * HOUR, &key(true)), NOTHING, "somebody took it over");
}

#[test]
fn warnings_wait_for_the_morning_and_critical_ones_do_not() {
    let mut warning = at_night(Severity::Warning);
    assert_eq!(warning.step(11 * HOUR, &key(true)), NOTHING);
    assert_eq!(warning.next_at, Some(at(18 * HOUR)));
    assert_eq!(warning.step(18 * HOUR - 1, &key(true)), NOTHING);
    assert_eq!(warning.step(18 * HOUR, &key(true)), ["fired"]);
    assert_eq!((warning.told[0].since, warning.told[0].at), (at(11 * HOUR), at(18 * HOUR)));
    assert_eq!(at_night(Severity::Critical).step(11 * HOUR, &key(true)), ["fired"]);

    let mut over = at_night(Severity::Warning);
    assert_eq!(over.step(11 * HOUR, &key(true)), NOTHING);
    assert_eq!(over.step(12 * HOUR, &key(false)), NOTHING);
    assert_eq!(over.step(18 * HOUR, &key(false)), NOTHING, "nobody was told, so there is nothing to take back");
}

#[test]
fn what_was_told_in_the_evening_goes_on_in_the_morning() {
    let mut recovery = at_night(Severity::Warning);
    assert_eq!(recovery.step(9 * HOUR, &key(true)), ["fired"]);
    assert_eq!(recovery.step(11 * HOUR, &key(false)), NOTHING);
    assert_eq!(recovery.next_at, Some(at(18 * HOUR)));
    assert_eq!(recovery.step(18 * HOUR, &key(false)), ["recovered"]);

    let mut reminder = at_night(Severity::Warning);
    reminder.options.escalate_ms = Some(2 * HOUR);
    assert_eq!(reminder.step(9 * HOUR, &key(true)), ["fired"]);
    assert_eq!(reminder.step(17 * HOUR, &key(true)), NOTHING);
    assert_eq!(reminder.step(18 * HOUR, &key(true)), ["reminder", "escalated"]);

    let mut snooze = at_night(Severity::Warning);
    assert_eq!(snooze.step(9 * HOUR, &key(true)), ["fired"]);
    snooze.state.snooze("amina", at(12 * HOUR), at(9 * HOUR));
    assert_eq!(snooze.step(13 * HOUR, &key(true)), NOTHING, "the snooze ended at night");
    assert_eq!(snooze.step(18 * HOUR, &key(true)), ["reminder"]);
}

#[test]
fn an_acknowledgement_before_the_first_word_loses_nothing() {
    let mut story = at_night(Severity::Warning);
    assert_eq!(story.step(11 * HOUR, &key(true)), NOTHING);
    assert!(story.state.acknowledge("amina", at(12 * HOUR)));
    assert_eq!(story.step(18 * HOUR, &key(true)), ["fired"], "the others have not seen it");
    assert_eq!(story.step(48 * HOUR, &key(true)), NOTHING);
}

#[test]
fn it_escalates_once_when_nobody_acknowledges() {
    let options = Options { escalate_ms: Some(30 * MINUTE), ..Options::default() };
    let mut story = Story::with(options, key_refused(Severity::Critical));
    assert_eq!(story.step(0, &key(true)), ["fired"]);
    assert_eq!(story.next_at, Some(at(30 * MINUTE)));
    assert_eq!(story.step(30 * MINUTE - 1, &key(true)), NOTHING);
    assert_eq!(story.step(30 * MINUTE, &key(true)), ["escalated"]);
    assert_eq!(story.step(5 * HOUR, &key(true)), NOTHING);
    assert_eq!(story.step(6 * HOUR, &key(false)), ["recovered"]);
    assert_eq!(story.told.iter().map(|notice| notice.escalated).collect::<Vec<_>>(), [false, true, true]);
    assert_eq!(story.step(7 * HOUR, &key(true)), ["fired"]);
    assert_eq!(story.step(8 * HOUR, &key(true)), ["escalated"], "each crossing by itself");

    let mut heeded = Story::with(options, key_refused(Severity::Critical));
    assert_eq!(heeded.step(0, &key(true)), ["fired"]);
    assert!(heeded.state.acknowledge("amina", at(MINUTE)));
    assert_eq!(heeded.step(5 * HOUR, &key(true)), NOTHING);

    let mut snoozed = Story::with(options, key_refused(Severity::Critical));
    assert_eq!(snoozed.step(0, &key(true)), ["fired"]);
    snoozed.state.snooze("amina", at(HOUR), at(MINUTE));
    assert_eq!(snoozed.step(HOUR, &key(true)), ["reminder"], "whoever snoozed had seen it");
    assert_eq!(snoozed.step(HOUR + 30 * MINUTE, &key(true)), ["escalated"]);
}
