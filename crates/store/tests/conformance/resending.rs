//! A message that was in doubt is sent again: whatever comes of that, the first doubt stands until the message is taken.

use std::time::Duration;

use salio_domain::MessageId;
use salio_domain::message::{MessageState, Priority};
use salio_domain::outbox::Pause;
use salio_domain::report::ReportOutcome;
use salio_store::*;

use super::harness::{Harness, again, given_up, in_doubt, paused, rejected, sent, whole};

/// In doubt, named `first`, and being sent again.
async fn sent_again(h: &mut Harness) -> (MessageId, BegunSubmission) {
    let message = h.message(1, 3);
    let id = message.id;
    h.accept(vec![message]).await;
    let begun = h.begin(1).await;
    h.end(begun.id, vec![MessageResult { provider_message_id: Some("first".to_owned()), ..in_doubt() }]).await;
    h.wait(60);
    h.settle(id, Settlement::Resend).await;
    h.wait(5);
    let begun = h.begin(1).await;
    assert_eq!((begun.messages[0].id, begun.messages[0].resent), (id, true));
    (id, begun)
}

pub async fn a_second_try_that_certainly_failed_leaves_the_first_in_doubt(h: &mut Harness) {
    for (result, cause) in [(rejected(), "number_refused"), (given_up(), "connect_failed")] {
        let others = h.snapshot().await.standing.pending;
        let (id, begun) = sent_again(h).await;
        let decided = result.decision.state;
        let after = h.end(begun.id, vec![result]).await;
        assert_eq!((after.standing.unknown_messages, after.standing.pending.minus(others), after.standing.queued), (1, whole(3), whole(0)), "the second charge is voided alone");
        let detail = h.detail(id).await;
        assert_eq!((detail.row.state, detail.row.cause.as_deref(), detail.row.resends), (MessageState::Unknown, Some(cause), 1));
        let steps: Vec<_> = detail.timeline.iter().rev().take(2).map(|step| (step.state, step.cause.as_deref(), step.submission)).collect();
        assert_eq!(steps, [(MessageState::Unknown, Some(cause), None), (decided, Some(cause), Some(begun.id))]);
        assert_eq!(h.store().doubts_since(h.account, h.now, 10).await.unwrap(), vec![], "once is all that the policy may");
        assert_eq!(h.store().doubts_to_look_up(h.account, h.now.after(Duration::from_hours(48)), 10).await.unwrap().len(), 1);
        let reported = h.report(Some("first"), None, ReportOutcome::Delivered).await;
        assert_eq!(reported.message.map(|row| (row.id, row.state)), Some((id, MessageState::Delivered)));
        let head = h.head().await;
        assert_eq!((head.submissions.0, head.balances.pending), (whole(0), whole(0)));
    }
}

pub async fn a_second_try_that_did_not_arrive_waits_and_evidence_stops_it(h: &mut Harness) {
    for pause in [None, Some(Pause::OutOfCredit), Some(Pause::CredentialsRefused)] {
        let others = h.snapshot().await.standing.pending;
        let (id, begun) = sent_again(h).await;
        let at = h.now.after(Duration::from_secs(30));
        let after = h.end(begun.id, vec![pause.map_or_else(|| again(at), |pause| paused(at, pause))]).await;
        assert_eq!((after.standing.unknown_messages, after.standing.queued, after.standing.pending.minus(others)), (0, whole(3), whole(3)));
        assert_eq!((h.detail(id).await.row.state, h.detail(id).await.row.resends), (MessageState::Queued, 0), "it was not sent again");
        let looked_for = h.store().doubts_to_look_up(h.account, h.now.after(Duration::from_hours(48)), 10).await.unwrap();
        assert_eq!((looked_for.len(), looked_for[0].begun_at), (1, h.now.before(Duration::from_secs(65))), "for the try that may have arrived");
        let reported = h.report(None, Some("+254 712-345-001"), ReportOutcome::Delivered).await;
        assert_eq!(reported.message, None, "it has a name");
        let reported = h.report(Some("first"), None, ReportOutcome::Delivered).await;
        assert_eq!((reported.message.map(|row| row.state), reported.snapshot.unwrap().standing.queued), (Some(MessageState::Delivered), whole(0)));
        h.store().resume(h.account, h.now).await.unwrap();
        h.wait(600);
        assert!(h.try_begin(20).await.begun.is_empty(), "it does not go out again");
        assert_eq!(h.head().await.submissions, (whole(0), whole(0)));
    }
}

pub async fn what_waits_for_a_third_try_is_in_doubt_when_it_is_taken_back(h: &mut Harness) {
    let (id, begun) = sent_again(h).await;
    h.end(begun.id, vec![again(h.now.after(Duration::from_secs(5)))]).await;
    let (row, after) = h.store().cancel(id, h.now).await.unwrap();
    assert_eq!((row.state, after.standing.unknown_messages, after.standing.queued), (MessageState::Unknown, 1, whole(0)));
    let (_, after) = h.settle(id, Settlement::Resend).await;
    assert_eq!(after.standing.unknown_messages, 0);
    let begun = h.begin(1).await;
    assert_eq!(h.detail(id).await.row.resends, 1);
    let after = h.end(begun.id, vec![sent("third")]).await;
    assert_eq!((after.standing.unknown_messages, after.standing.pending, h.detail(id).await.row.state), (0, whole(6), MessageState::Sent));
    assert!(h.store().doubts_to_look_up(h.account, h.now.after(Duration::from_hours(48)), 10).await.unwrap().is_empty());
}

pub async fn a_report_of_the_first_try_while_the_second_runs_is_folded_in_at_its_end(h: &mut Harness) {
    for (result, expected) in
        [(rejected(), MessageState::Delivered), (again(h.now), MessageState::Delivered), (in_doubt(), MessageState::Delivered), (sent("second"), MessageState::Delivered)]
    {
        let (id, begun) = sent_again(h).await;
        assert!(h.store().doubts_to_look_up(h.account, h.now.after(Duration::from_hours(48)), 10).await.unwrap().is_empty(), "nothing could be settled just now");
        assert!(matches!(h.try_settle(id, Settlement::Sent).await, Err(StoreError::Conflict { .. })));
        let reported = h.report(Some("first"), None, ReportOutcome::Delivered).await;
        assert!(!reported.changed);
        let after = h.end(begun.id, vec![result]).await;
        let detail = h.detail(id).await;
        assert_eq!((detail.row.state, detail.row.cause.as_deref()), (expected, Some("report:delivrd")));
        assert_eq!((after.standing.unknown_messages, after.standing.queued), (0, whole(0)));
        let kept = h.store().reports(&ReportFilter { message: Some(id), limit: 10, ..ReportFilter::default() }).await.unwrap();
        assert_eq!(kept.iter().map(|row| row.effect).collect::<Vec<_>>(), [Some(expected)]);
        h.wait(600);
        assert!(h.try_begin(20).await.begun.is_empty());
    }
}

pub async fn a_report_while_the_second_runs_outlives_its_process(h: &mut Harness) {
    let (id, _) = sent_again(h).await;
    h.report(Some("first"), None, ReportOutcome::Failed).await;
    h.restart().await;
    assert_eq!(h.detail(id).await.row.state, MessageState::Undelivered);
    assert_eq!(h.snapshot().await.standing.unknown_messages, 0);
}

pub async fn a_number_reported_while_the_second_runs_is_matched_when_that_did_not_arrive(h: &mut Harness) {
    let id = h.doubtful(1, 3).await;
    h.settle(id, Settlement::Resend).await;
    let begun = h.begin(1).await;
    assert_eq!(h.report(Some("unheard-of"), Some("0712345001"), ReportOutcome::Delivered).await.message, None);
    h.end(begun.id, vec![rejected()]).await;
    let matched = h.match_reports().await;
    assert_eq!(matched.iter().filter_map(|reported| reported.message.as_ref()).map(|row| (row.id, row.state)).collect::<Vec<_>>(), [(id, MessageState::Delivered)]);
}

pub async fn a_refused_second_try_counts_as_in_doubt_in_its_batch(h: &mut Harness) {
    let (batch, ids) = h.queue_batch(Priority::Normal, &[3, 1]).await;
    let begun = h.begin(2).await;
    h.end(begun.id, vec![in_doubt(), sent("other")]).await;
    h.settle(ids[0], Settlement::Resend).await;
    let begun = h.begin(1).await;
    h.end(begun.id, vec![rejected()]).await;
    let row = h.batch(batch).await;
    assert_eq!((row.ended_at, row.spent, row.counts.get(MessageState::Unknown), row.counts.get(MessageState::Sent)), (Some(h.now), whole(4), 1, 1));
}
