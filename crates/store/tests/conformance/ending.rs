//! A submission ends: each message as the domain decided, each charge exactly.

use std::time::Duration;

use salio_domain::message::MessageState;
use salio_domain::{SubmissionId, Units};
use salio_store::*;

use super::harness::{Harness, again, given_up, in_doubt, rejected, sent, whole};

pub async fn every_decision_has_its_own_effect(h: &mut Harness) {
    h.said(100).await;
    let ids = h.queue(&[1, 2, 4, 8, 16]).await;
    let begun = h.begin(20).await;
    h.wait(2);
    let at = h.now.after(Duration::from_secs(9));
    let before = h.snapshot().await;
    let after = h.end(begun.id, vec![sent("p-1"), rejected(), again(at), given_up(), in_doubt()]).await;
    let standing = &after.standing;
    assert_eq!((standing.pending, standing.queued, standing.estimate()), (whole(17), whole(4), Some(whole(83))));
    assert_eq!((standing.in_flight, standing.unknown_messages, standing.last_ended_at), (0, 1, Some(h.now)));
    assert!(standing.last_ended_seq > standing.last_begun_seq && after.version > before.version);
    assert_eq!((after.paused, &after), (None, &h.snapshot().await));
    let wanted = [
        (MessageState::Sent, "accepted", None),
        (MessageState::Rejected, "number_refused", None),
        (MessageState::Queued, "connect_failed", Some(at)),
        (MessageState::Failed, "connect_failed", None),
        (MessageState::Unknown, "timeout", None),
    ];
    for (id, (state, cause, next_try_at)) in ids.into_iter().zip(wanted) {
        let detail = h.detail(id).await;
        assert_eq!((detail.row.state, detail.row.cause.as_deref(), detail.row.next_try_at), (state, Some(cause), next_try_at));
        assert_eq!((detail.row.updated_at, detail.row.attempts), (h.now, 1));
        let step = Step { at: h.now, state, cause: Some(cause.to_owned()), submission: Some(begun.id) };
        assert_eq!((detail.timeline.len(), detail.timeline.last()), (3, Some(&step)));
    }
    let row = h.audit().await.submissions[0].clone();
    assert_eq!((row.charge, row.voided, row.open.sure, row.open.doubtful), (whole(31), whole(14), whole(1), whole(16)));
    assert_eq!(row.open.ended, Some((standing.last_ended_seq, h.now)));
}

pub async fn refusing_everything_leaves_nothing_pending(h: &mut Harness) {
    h.said(100).await;
    h.queue(&[3, 4]).await;
    let begun = h.begin(20).await;
    let after = h.end(begun.id, vec![rejected(), rejected()]).await;
    assert_eq!((after.standing.pending, after.standing.queued, after.standing.estimate()), (Units::ZERO, Units::ZERO, Some(whole(100))));
    let happening = h.activity().await.remove(0);
    assert_eq!((happening.kind, happening.amount, happening.messages, happening.word.as_deref()), (ActivityKind::Refused, None, 2, Some("SHOP")));
    h.queue(&[3, 4]).await;
    let begun = h.begin(20).await;
    h.end(begun.id, vec![rejected(), again(h.now)]).await;
    assert_eq!(h.kinds().await.len(), 1, "not all were refused");
}

pub async fn a_submission_ends_once(h: &mut Harness) {
    let message = h.queue(&[3]).await[0];
    let begun = h.begin(20).await;
    let after = h.end(begun.id, vec![sent("x")]).await;
    assert!(matches!(h.try_end(begun.id, vec![rejected()]).await, Err(StoreError::Conflict { .. })));
    assert_eq!(h.snapshot().await, after);
    assert_eq!(h.detail(message).await.row.state, MessageState::Sent);
    assert!(matches!(h.try_end(SubmissionId::from_raw(3), vec![sent("x")]).await, Err(StoreError::NotFound { .. })));
}

pub async fn an_end_has_one_result_for_each_message(h: &mut Harness) {
    h.queue(&[3, 4]).await;
    let begun = h.begin(20).await;
    let before = h.snapshot().await;
    for results in [vec![], vec![sent("x")], vec![sent("x"), sent("y"), sent("z")]] {
        assert!(matches!(h.try_end(begun.id, results).await, Err(StoreError::Conflict { .. })));
    }
    assert_eq!(h.snapshot().await, before);
    h.end(begun.id, vec![sent("x"), sent("y")]).await;
}

pub async fn the_providers_names_are_kept_and_need_not_be_unique(h: &mut Harness) {
    let ids = h.queue(&[1, 1]).await;
    let begun = h.begin(20).await;
    h.end(begun.id, vec![sent("same"), sent("same")]).await;
    let third = h.queue(&[1]).await[0];
    let begun = h.begin(20).await;
    let doubted = MessageResult { provider_message_id: Some("same".to_owned()), ..in_doubt() };
    h.end(begun.id, vec![doubted]).await;
    for id in [ids[0], ids[1], third] {
        assert_eq!(h.detail(id).await.provider_message_ids, vec!["same".to_owned()]);
    }
}

pub async fn every_name_of_every_try_is_kept(h: &mut Harness) {
    let id = h.queue(&[1]).await[0];
    let begun = h.begin(20).await;
    h.end(begun.id, vec![MessageResult { provider_message_id: Some("first".to_owned()), ..again(h.now) }]).await;
    let begun = h.begin(20).await;
    h.end(begun.id, vec![sent("second")]).await;
    let detail = h.detail(id).await;
    assert_eq!(detail.provider_message_ids, vec!["first".to_owned(), "second".to_owned()]);
    let states: Vec<MessageState> = detail.timeline.iter().map(|step| step.state).collect();
    use MessageState::{Queued, Sent, Submitting};
    assert_eq!((states, detail.row.attempts), (vec![Queued, Submitting, Queued, Submitting, Sent], 2));
}

pub async fn what_an_answer_confirmed_is_not_given_back_by_a_refusal(h: &mut Harness) {
    h.said(100).await;
    h.queue(&[3, 4]).await;
    let begun = h.begin(20).await;
    h.said(96).await;
    assert_eq!(h.snapshot().await.standing.pending, whole(3), "4 of 7 were confirmed while it ran");
    let after = h.end(begun.id, vec![sent("x"), rejected()]).await;
    assert_eq!((after.standing.pending, after.standing.estimate()), (Units::ZERO, Some(whole(96))));
    let row = h.audit().await.submissions[0].clone();
    assert_eq!((row.charge, row.voided, row.open.left()), (whole(7), whole(4), Units::ZERO));
}

pub async fn several_submissions_run_side_by_side(h: &mut Harness) {
    h.said(100).await;
    h.queue(&[1, 2, 4]).await;
    let (one, two, three) = (h.begin(1).await, h.begin(1).await, h.begin(1).await);
    assert_eq!(h.snapshot().await.standing.in_flight, 3);
    let after = h.end(two.id, vec![sent("x")]).await;
    assert_eq!((after.standing.in_flight, after.standing.pending), (2, whole(7)));
    let after = h.end(three.id, vec![rejected()]).await;
    assert_eq!((after.standing.in_flight, after.standing.pending), (1, whole(3)));
    let after = h.end(one.id, vec![again(h.now)]).await;
    assert_eq!((after.standing.in_flight, after.standing.pending, after.standing.queued), (0, whole(2), whole(1)));
    let begins: Vec<i64> = h.audit().await.submissions.iter().map(|row| row.open.begun_seq).collect();
    assert!(begins.is_sorted() && begins.len() == 3);
}
