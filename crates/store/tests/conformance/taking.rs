//! Answers folded into the estimate, against the rows that come of them. What they mean is the domain's table; here it must be written down.

use std::time::Duration;

use salio_domain::Units;
use salio_domain::balance::{State, TopUp, Verdict};
use salio_store::*;

use super::harness::{Harness, in_doubt, sent, whole};

const TTL: Duration = Duration::from_mins(15);

fn exactly(units: i64) -> (TopUp, bool) {
    (TopUp { low: whole(units), high: whole(units) }, true)
}

fn between(low: i64, high: i64) -> (TopUp, bool) {
    (TopUp { low: whole(low), high: whole(high) }, false)
}

async fn amounts(h: &Harness) -> Vec<(TopUp, bool)> {
    h.top_ups().await.into_iter().map(|row| (row.amount, row.settled)).collect()
}

pub async fn the_first_figure(h: &mut Harness) {
    assert_eq!(h.snapshot().await.standing.state(h.now, TTL), State::Unknown);
    let ended = h.said(100).await;
    assert_eq!(ended.verdict, Some(Verdict::First));
    assert_eq!((ended.snapshot.standing.estimate(), ended.snapshot.standing.state(h.now, TTL)), (Some(whole(100)), State::Fresh));
    assert_eq!(ended.snapshot, h.snapshot().await);
    let row = h.audit().await.observations[0].clone();
    assert_eq!((row.verdict.as_str(), row.shown, Some(row.taken)), ("first", Some(whole(100)), ended.snapshot.standing.base));
    assert!(row.answered_seq > row.taken.asked_seq);
    assert_eq!(h.kinds().await, vec![]);
}

pub async fn agreement_confirms_what_was_sent(h: &mut Harness) {
    h.said(100).await;
    let settling = h.send(&[3]).await;
    assert_eq!(settling.standing.state(h.now, TTL), State::Settling);
    let ended = h.said(97).await;
    assert_eq!(ended.verdict, Some(Verdict::Agreed));
    let standing = &ended.snapshot.standing;
    assert_eq!((standing.pending, standing.estimate(), standing.state(h.now, TTL)), (Units::ZERO, Some(whole(97)), State::Fresh));
    assert_eq!(h.kinds().await, vec![ActivityKind::Sent, ActivityKind::Agreed]);
    let sent = h.activity().await.pop().unwrap();
    assert_eq!((sent.amount, sent.messages, sent.account), (Some(whole(-3)), 1, h.account));
    assert_eq!(h.said(97).await.verdict, Some(Verdict::Agreed));
    assert_eq!(h.kinds().await.len(), 2, "agreeing again is no news");
}

pub async fn what_overlaps_a_question_may_be_in_its_answer(h: &mut Harness) {
    h.said(100).await;
    h.queue(&[3]).await;
    let question = h.ask().await;
    let begun = h.begin(1).await;
    h.end(begun.id, vec![sent("x")]).await;
    let ended = h.answer(question.number, 97).await;
    assert_eq!((ended.verdict, ended.snapshot.standing.pending), (Some(Verdict::Agreed), Units::ZERO));
    assert_eq!(ended.snapshot.standing.state(h.now, TTL), State::Settling, "asked before the last send");
    let question = h.ask().await;
    h.queue(&[4]).await;
    let begun = h.begin(1).await;
    let ended = h.answer(question.number, 97).await;
    assert_eq!((ended.verdict, ended.snapshot.standing.estimate()), (Some(Verdict::Uncharged(whole(4))), Some(whole(93))));
    h.end(begun.id, vec![sent("x")]).await;
    let ended = h.said(93).await;
    assert_eq!((ended.verdict, ended.snapshot.standing.state(h.now, TTL)), (Some(Verdict::Agreed), State::Fresh));
}

pub async fn a_charge_begun_after_the_answer_is_not_in_it(h: &mut Harness) {
    let question = h.ask().await;
    h.answer(question.number, 100).await;
    h.queue(&[3]).await;
    let begun = h.begin(1).await;
    assert_eq!(h.snapshot().await.standing.estimate(), Some(whole(97)));
    h.end(begun.id, vec![sent("x")]).await;
    assert_eq!(h.snapshot().await.standing.estimate(), Some(whole(97)));
}

pub async fn late_charging_settles_in_steps(h: &mut Harness) {
    h.said(100).await;
    h.send(&[3]).await;
    h.send(&[4]).await;
    let first = h.audit().await.submissions[0].open.submission;
    h.wait(5);
    let ended = h.said(97).await;
    assert_eq!((ended.verdict, ended.snapshot.standing.estimate()), (Some(Verdict::Uncharged(whole(4))), Some(whole(93))));
    let left: Vec<(bool, Units)> = h.audit().await.submissions.iter().map(|row| (row.open.submission == first, row.open.left())).collect();
    assert_eq!(left, vec![(true, Units::ZERO), (false, whole(4))], "the older one is confirmed first");
    h.wait(10);
    assert_eq!(h.said(93).await.verdict, Some(Verdict::Agreed));
    assert_eq!(h.snapshot().await.standing.pending, Units::ZERO);
}

/// 100, then 3 sent that the provider does not charge within the schedule.
async fn forgotten(h: &mut Harness) {
    h.said(100).await;
    h.send_in_doubt(&[3]).await;
    h.wait(61);
    let ended = h.said(100).await;
    assert_eq!((ended.snapshot.standing.pending, ended.snapshot.standing.estimate()), (Units::ZERO, Some(whole(100))));
}

pub async fn what_is_never_charged_is_remembered_and_explains_a_fall(h: &mut Harness) {
    forgotten(h).await;
    let until = h.now.after(Duration::from_hours(24));
    let row = h.audit().await.submissions[0].clone();
    assert_eq!((row.open.left(), row.remembered.map(|r| (r.amount, r.until))), (Units::ZERO, Some((whole(3), until))));
    h.wait(100);
    let ended = h.said(98).await;
    assert_eq!(ended.verdict, Some(Verdict::Fell { late: whole(2), drift: Units::ZERO }));
    let ended = h.said(95).await;
    assert_eq!(ended.verdict, Some(Verdict::Fell { late: whole(1), drift: whole(2) }));
    assert_eq!(ended.snapshot.standing.estimate(), Some(whole(95)));
    assert_eq!(h.said(94).await.verdict, Some(Verdict::Fell { late: Units::ZERO, drift: whole(1) }));
    let moved: Vec<(ActivityKind, Option<Units>)> = h.activity().await.into_iter().rev().skip(1).map(|happening| (happening.kind, happening.amount)).collect();
    use ActivityKind::{Drift, LateCharge};
    assert_eq!(moved, vec![(LateCharge, Some(whole(-2))), (LateCharge, Some(whole(-1))), (Drift, Some(whole(-2))), (Drift, Some(whole(-1)))]);
    assert_eq!(h.snapshot().await.standing.unknown_messages, 1, "a balance step settles no message");
}

pub async fn memory_ends_after_its_window(h: &mut Harness) {
    forgotten(h).await;
    h.wait(24 * 3600);
    assert_eq!(h.said(97).await.verdict, Some(Verdict::Fell { late: Units::ZERO, drift: whole(3) }));
    h.wait(1);
    assert_eq!(h.said(94).await.verdict, Some(Verdict::Fell { late: Units::ZERO, drift: whole(3) }), "what has expired does not come back");
}

pub async fn memory_survives_a_restart(h: &mut Harness) {
    forgotten(h).await;
    h.restart().await;
    h.wait(5);
    assert_eq!(h.said(97).await.verdict, Some(Verdict::Fell { late: whole(3), drift: Units::ZERO }));
}

pub async fn a_top_up_without_open_charges_is_exact(h: &mut Harness) {
    h.said(100).await;
    h.wait(3);
    let ended = h.said(600).await;
    assert_eq!((ended.verdict, ended.snapshot.standing.opening), (Some(Verdict::ToppedUp(exactly(500).0)), None));
    assert_eq!(h.top_ups().await, vec![TopUpRow { at: h.now, amount: exactly(500).0, settled: true }]);
    let happening = h.activity().await.remove(0);
    assert_eq!((happening.kind, happening.amount, happening.at), (ActivityKind::TopUp, Some(whole(500)), h.now));
}

pub async fn a_top_up_among_charges_is_a_range_until_they_agree(h: &mut Harness) {
    h.said(100).await;
    h.send(&[3]).await;
    h.wait(5);
    let ended = h.said(147).await;
    assert_eq!((ended.verdict, ended.snapshot.standing.estimate()), (Some(Verdict::ToppedUp(between(47, 50).0)), Some(whole(144))));
    let opening = ended.snapshot.standing.opening;
    assert!(opening.is_some() && h.audit().await.opening == opening);
    assert_eq!(amounts(h).await, vec![between(47, 50)]);
    assert_eq!(h.restart().await[0].standing.opening, opening, "also across restarts");
    let ended = h.said(144).await;
    assert_eq!((ended.verdict, ended.snapshot.standing.opening), (Some(Verdict::Agreed), None));
    assert_eq!(amounts(h).await, vec![exactly(47)]);
}

pub async fn a_top_up_among_charges_is_settled_by_the_schedule(h: &mut Harness) {
    h.said(100).await;
    h.send(&[3, 4]).await;
    h.wait(5);
    h.said(150).await;
    assert_eq!(amounts(h).await, vec![between(50, 57)]);
    h.wait(5);
    h.said(147).await;
    assert_eq!(amounts(h).await, vec![between(50, 54)], "3 more were charged: they were not in it");
    h.wait(60);
    let ended = h.said(147).await;
    assert_eq!((ended.snapshot.standing.pending, ended.snapshot.standing.opening), (Units::ZERO, None));
    assert_eq!((amounts(h).await, ended.snapshot.standing.estimate()), (vec![exactly(54)], Some(whole(147))));
    assert_eq!(h.audit().await.submissions[0].remembered, None, "it was charged already");
}

pub async fn a_second_top_up_ends_the_range_of_the_first(h: &mut Harness) {
    h.said(100).await;
    h.send(&[3]).await;
    h.wait(1);
    h.said(147).await;
    h.wait(1);
    h.said(247).await;
    assert_eq!(amounts(h).await, vec![exactly(47), between(100, 103)]);
    h.wait(60);
    h.said(247).await;
    assert_eq!(amounts(h).await, vec![exactly(47), exactly(103)]);
}

pub async fn a_top_up_after_the_schedule_is_fixed_at_once(h: &mut Harness) {
    h.said(100).await;
    h.send(&[3]).await;
    h.wait(61);
    let ended = h.said(147).await;
    assert_eq!((amounts(h).await, ended.snapshot.standing.opening, ended.snapshot.standing.pending), (vec![exactly(50)], None, Units::ZERO));
}

pub async fn a_doubtful_charge_is_remembered_beside_a_top_up(h: &mut Harness) {
    h.said(100).await;
    h.send_in_doubt(&[3]).await;
    h.wait(61);
    h.said(147).await;
    assert_eq!(amounts(h).await, vec![exactly(47)]);
    assert_eq!(h.audit().await.submissions[0].remembered.map(|r| r.amount), Some(whole(3)));
}

pub async fn two_top_ups_the_second_after_the_schedule(h: &mut Harness) {
    h.said(100).await;
    h.send(&[3]).await;
    h.wait(1);
    h.said(147).await;
    h.wait(60);
    h.said(247).await;
    assert_eq!(amounts(h).await, vec![exactly(47), exactly(103)]);
}

pub async fn a_first_figure_after_sends_is_open_but_no_top_up(h: &mut Harness) {
    h.send(&[3]).await;
    h.wait(5);
    let ended = h.said(97).await;
    assert_eq!((ended.verdict, ended.snapshot.standing.estimate()), (Some(Verdict::First), Some(whole(94))));
    assert!(ended.snapshot.standing.opening.is_some_and(|opening| opening.first_figure));
    h.wait(60);
    let ended = h.said(97).await;
    assert_eq!((ended.snapshot.standing.estimate(), ended.snapshot.standing.pending, ended.snapshot.standing.opening), (Some(whole(97)), Units::ZERO, None));
    assert_eq!(amounts(h).await, vec![]);
}

pub async fn under_traffic_that_never_pauses_old_charges_are_let_go(h: &mut Harness) {
    h.said(100).await;
    h.send_in_doubt(&[4]).await;
    h.queue(&[4]).await;
    let running = h.begin(1).await;
    h.wait(200);
    h.said(96).await;
    h.wait(50);
    h.said(96).await;
    assert_eq!(h.snapshot().await.standing.pending, whole(4), "confirmed or not, what runs keeps the schedule open");
    h.wait(51);
    h.said(96).await;
    assert_eq!(h.snapshot().await.standing.pending, Units::ZERO, "its own interval is over: remembered");
    assert_eq!(h.audit().await.submissions[0].remembered.map(|r| r.amount), Some(whole(4)));
    let after = h.end(running.id, vec![in_doubt()]).await;
    assert_eq!(after.standing.pending, Units::ZERO, "confirmed while it ran");
}

pub async fn drift_is_taken_at_once(h: &mut Harness) {
    h.said(100).await;
    let ended = h.said(80).await;
    assert_eq!(ended.verdict, Some(Verdict::Fell { late: Units::ZERO, drift: whole(20) }));
    assert_eq!(ended.snapshot.standing.estimate(), Some(whole(80)));
    assert_eq!(h.activity().await.into_iter().map(|happening| (happening.kind, happening.amount)).collect::<Vec<_>>(), vec![(ActivityKind::Drift, Some(whole(-20)))]);
}
