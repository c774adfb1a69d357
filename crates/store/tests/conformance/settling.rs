//! Evidence about messages in doubt: a person, the provider's list, and sending again.

use std::time::Duration;

use salio_domain::message::{MessageState, Priority};
use salio_domain::outbox::look_up_at;
use salio_domain::report::ReportOutcome;
use salio_domain::{AccountId, MessageId, Units};
use salio_store::*;

use super::harness::{Harness, in_doubt, sent, whole};

fn conflict<T: std::fmt::Debug>(result: Result<T>) {
    assert!(matches!(result, Err(StoreError::Conflict { .. })), "{result:?}");
}

fn found(name: &str, state: MessageState) -> Settlement {
    Settlement::Found { provider_message_id: name.to_owned(), state }
}

async fn look_up(h: &Harness, message: MessageId, settlement: Settlement) -> Result<(MessageRow, AccountSnapshot)> {
    h.store().settle(Settle { message, settlement, by: "look_up", idempotency: None, now: h.now }).await.map(|settled| (settled.message, settled.account))
}

pub async fn a_person_says_it_was_sent(h: &mut Harness) {
    h.said(100).await;
    let id = h.doubtful(1, 3).await;
    h.wait(9);
    let before = h.snapshot().await;
    let (row, after) = h.settle(id, Settlement::Sent).await;
    assert_eq!((row.state, row.cause.as_deref(), row.updated_at), (MessageState::Sent, Some("resolved_sent"), h.now));
    assert_eq!((after.standing.unknown_messages, after.standing.pending, after.standing.estimate()), (0, whole(3), Some(whole(97))));
    assert!(after.version > before.version && after == h.snapshot().await);
    let audited = h.audit().await.submissions[0].clone();
    assert_eq!((audited.open.sure, audited.open.doubtful, audited.voided), (whole(3), Units::ZERO, Units::ZERO));
    assert_eq!(h.head().await.submissions, (Units::ZERO, Units::ZERO));
    assert_eq!(h.detail(id).await.timeline.last(), Some(&Step { at: h.now, state: MessageState::Sent, cause: Some("resolved_sent".to_owned()), submission: None }));
    assert_eq!(h.settle(id, Settlement::Sent).await, (row, after), "the same word again changes nothing");
    conflict(h.try_settle(id, Settlement::NotSent).await);
    conflict(h.try_settle(id, Settlement::Resend).await);
}

pub async fn a_person_says_it_was_not_sent(h: &mut Harness) {
    h.said(100).await;
    let id = h.doubtful(1, 3).await;
    let (row, after) = h.settle(id, Settlement::NotSent).await;
    assert_eq!((row.state, row.cause.as_deref()), (MessageState::Failed, Some("resolved_not_sent")));
    assert_eq!((after.standing.unknown_messages, after.standing.pending, after.standing.estimate()), (0, Units::ZERO, Some(whole(100))));
    let audited = h.audit().await.submissions[0].clone();
    assert_eq!((audited.open.left(), audited.voided), (Units::ZERO, whole(3)));
    assert_eq!(h.head().await.balances.credit, Units::ZERO);
    assert_eq!(h.settle(id, Settlement::NotSent).await, (row, after));
    conflict(h.try_settle(id, Settlement::Sent).await);
    assert!(!h.report(None, Some("0712345001"), ReportOutcome::Delivered).await.changed);
}

pub async fn only_what_is_in_doubt_is_settled(h: &mut Harness) {
    let queued = h.queue(&[1]).await[0];
    for settlement in [Settlement::Sent, Settlement::NotSent, Settlement::Resend, found("x", MessageState::Sent)] {
        conflict(h.try_settle(queued, settlement).await);
    }
    let begun = h.begin(1).await;
    conflict(h.try_settle(queued, Settlement::Sent).await);
    h.end(begun.id, vec![sent("x")]).await;
    conflict(h.try_settle(queued, Settlement::Sent).await);
    assert!(matches!(h.try_settle(MessageId::from_raw(7), Settlement::Sent).await, Err(StoreError::NotFound { .. })));
}

pub async fn what_a_figure_confirmed_is_passed_on_when_it_never_was(h: &mut Harness) {
    h.said(100).await;
    let id = h.doubtful(1, 3).await;
    h.wait(1);
    h.said(97).await;
    h.send(&[3]).await;
    assert_eq!(h.snapshot().await.standing.pending, whole(3), "the doubtful one was confirmed");
    let (_, after) = h.settle(id, Settlement::NotSent).await;
    assert_eq!((after.standing.pending, after.standing.estimate()), (whole(3), Some(whole(94))), "that figure came before the other: somebody else spent it");
}

pub async fn what_is_remembered_explains_nothing_once_it_never_was(h: &mut Harness) {
    h.said(100).await;
    let id = h.doubtful(1, 3).await;
    h.wait(61);
    assert_eq!(h.said(100).await.snapshot.standing.pending, Units::ZERO);
    assert_eq!(h.audit().await.submissions[0].remembered.map(|left| left.amount), Some(whole(3)));
    let (_, after) = h.settle(id, Settlement::NotSent).await;
    assert_eq!((after.standing.pending, after.standing.estimate()), (Units::ZERO, Some(whole(100))));
    assert_eq!(h.audit().await.submissions[0].remembered.map_or(Units::ZERO, |left| left.amount), Units::ZERO);
    h.wait(5);
    let verdict = h.said(97).await.verdict;
    assert_eq!(verdict, Some(salio_domain::balance::Verdict::Fell { late: Units::ZERO, drift: whole(3) }));
}

pub async fn a_look_up_finds_it(h: &mut Harness) {
    for (number, state) in [(1, MessageState::Sent), (2, MessageState::Delivered), (3, MessageState::Undelivered)] {
        let id = h.doubtful(number, 3).await;
        let name = format!("p-{number}");
        let (row, after) = look_up(h, id, found(&name, state)).await.unwrap();
        assert_eq!((row.state, row.cause.as_deref(), after.standing.unknown_messages), (state, Some("look_up"), 0));
        assert_eq!(h.detail(id).await.provider_message_ids, vec![name.clone()]);
        conflict(look_up(h, id, found(&name, state)).await);
    }
    assert_eq!(h.head().await.balances.spend, whole(9));
    let id = h.doubtful(4, 3).await;
    conflict(look_up(h, id, found("p-4", MessageState::Queued)).await);
}

pub async fn a_found_name_brings_its_reports(h: &mut Harness) {
    let (id, _) = (h.doubtful(1, 3).await, h.doubtful(1, 3).await);
    assert!(h.report(Some("p-1"), Some("0712345001"), ReportOutcome::Delivered).await.message.is_none(), "there are two");
    let (row, after) = look_up(h, id, found("p-1", MessageState::Sent)).await.unwrap();
    assert_eq!((row.state, row.cause.as_deref(), &after), (MessageState::Delivered, Some("report:delivrd"), &h.snapshot().await));
}

pub async fn sending_again_leaves_the_first_charge_in_doubt(h: &mut Harness) {
    h.said(100).await;
    let id = h.doubtful(1, 3).await;
    h.wait(5);
    let (row, after) = h.settle(id, Settlement::Resend).await;
    assert_eq!((row.state, row.cause.as_deref(), row.next_try_at, row.resends), (MessageState::Queued, Some("resend"), Some(h.now), 0));
    assert_eq!((after.standing.queued, after.standing.pending, after.standing.unknown_messages), (whole(3), whole(3), 0));
    assert_eq!(h.settle(id, Settlement::Resend).await, (row, after), "the same word again");
    assert_eq!(h.store().next_due(h.account).await.unwrap(), Some(h.now));
    let begun = h.begin(1).await;
    assert_eq!((begun.messages[0].id, begun.messages[0].attempts, h.detail(id).await.row.resends), (id, 2, 1));
    conflict(h.try_settle(id, Settlement::Resend).await);
    let after = h.end(begun.id, vec![sent("p-2")]).await;
    assert_eq!((after.standing.pending, after.standing.unknown_messages), (whole(6), 0));
    let head = h.head().await;
    assert_eq!((head.balances.spend, head.balances.pending), (whole(3), whole(3)), "the first one may have happened, too");
}

pub async fn evidence_stops_sending_again(h: &mut Harness) {
    let name_of = |number: u32| format!("p-{number}");
    for (number, settlement, state) in
        [(1, Settlement::Sent, MessageState::Sent), (2, Settlement::NotSent, MessageState::Failed), (3, found(&name_of(3), MessageState::Delivered), MessageState::Delivered)]
    {
        let id = h.doubtful(number, 3).await;
        h.settle(id, Settlement::Resend).await;
        let (row, after) = h.settle(id, settlement).await;
        assert_eq!((row.state, row.next_try_at, after.standing.queued), (state, None, Units::ZERO), "{number}");
    }
    let id = h.doubtful(5, 3).await;
    h.settle(id, Settlement::Resend).await;
    let reported = h.report(None, Some("0712345005"), ReportOutcome::Pending).await;
    assert_eq!((reported.message.map(|row| (row.id, row.state)), reported.snapshot.unwrap().standing.queued), (Some((id, MessageState::Sent)), Units::ZERO));
    assert!(h.try_begin(20).await.begun.is_empty());
    assert_eq!(h.head().await.submissions, (Units::ZERO, Units::ZERO));
}

pub async fn a_second_doubt_is_a_doubt_of_its_own(h: &mut Harness) {
    let id = h.doubtful(1, 3).await;
    h.settle(id, Settlement::Resend).await;
    h.wait(60);
    let begun = h.begin(1).await;
    h.end(begun.id, vec![in_doubt()]).await;
    assert_eq!(h.store().doubts_since(h.account, h.now, 10).await.unwrap(), vec![], "it was sent again already");
    let (_, after) = h.settle(id, Settlement::NotSent).await;
    assert_eq!((after.standing.unknown_messages, after.standing.pending), (0, Units::ZERO), "it was never sent, whenever it was tried");
    let rows = h.audit().await.submissions;
    assert_eq!((rows[0].voided, rows[1].voided, h.head().await.submissions), (whole(3), whole(3), (Units::ZERO, Units::ZERO)));
}

pub async fn a_second_doubt_that_was_sent_leaves_the_first_charge_in_doubt(h: &mut Harness) {
    let id = h.doubtful(1, 3).await;
    h.settle(id, Settlement::Resend).await;
    let begun = h.begin(1).await;
    h.end(begun.id, vec![in_doubt()]).await;
    let (_, after) = h.settle(id, Settlement::Sent).await;
    assert_eq!((after.standing.pending, h.head().await.balances.pending), (whole(6), whole(3)));
    let rows = h.audit().await.submissions;
    assert_eq!((rows[0].open.doubtful, rows[1].open.sure), (whole(3), whole(3)));
}

pub async fn nothing_is_sent_again_into_a_cancelled_batch(h: &mut Harness) {
    let (batch, ids) = h.queue_batch(Priority::Normal, &[3, 1]).await;
    let begun = h.begin(1).await;
    h.end(begun.id, vec![in_doubt()]).await;
    h.order(batch, BatchOrder::Cancel).await.unwrap();
    let before = h.snapshot().await;
    conflict(h.try_settle(ids[0], Settlement::Resend).await);
    assert_eq!((h.snapshot().await, h.detail(ids[0]).await.row.state), (before, MessageState::Unknown));
    h.settle(ids[0], Settlement::Sent).await;
}

pub async fn what_waits_to_be_sent_again_may_be_taken_back(h: &mut Harness) {
    let id = h.doubtful(1, 3).await;
    h.settle(id, Settlement::Resend).await;
    let (row, after) = h.store().cancel(id, h.now).await.unwrap();
    assert_eq!((row.state, row.cause.as_deref()), (MessageState::Unknown, Some("cancelled")), "it may have arrived the first time");
    assert_eq!((after.standing.queued, after.standing.pending, after.standing.unknown_messages), (Units::ZERO, whole(3), 1));
    assert_eq!(h.store().doubts_to_look_up(h.account, h.now.after(Duration::from_hours(48)), 10).await.unwrap().len(), 1);
    let (row, after) = h.settle(id, Settlement::NotSent).await;
    assert_eq!((row.state, after.standing.pending, after.standing.unknown_messages), (MessageState::Failed, Units::ZERO, 0));
}

pub async fn sending_again_moves_the_batch(h: &mut Harness) {
    let (batch, ids) = h.queue_batch(Priority::Normal, &[3]).await;
    let begun = h.begin(1).await;
    h.end(begun.id, vec![in_doubt()]).await;
    let ended = h.batch(batch).await;
    assert_eq!((ended.ended_at, ended.spent, ended.counts.get(MessageState::Unknown)), (Some(h.now), whole(3), 1));
    h.settle(ids[0], Settlement::Resend).await;
    let row = h.batch(batch).await;
    assert_eq!((row.ended_at, row.spent, row.counts.get(MessageState::Queued)), (None, Units::ZERO, 1));
    assert_eq!(h.begin(1).await.messages[0].batch, Some(batch));
}

pub async fn doubts_are_looked_up_when_they_are_due(h: &mut Harness) {
    let start = h.now;
    let one = h.doubtful(1, 3).await;
    h.wait(10);
    let two = h.doubtful(1, 3).await;
    let due = look_up_at(start, 0).unwrap();
    assert!(h.store().doubts_to_look_up(h.account, due.before(Duration::from_secs(1)), 10).await.unwrap().is_empty());
    h.now = due.after(Duration::from_secs(10));
    let rows = h.store().doubts_to_look_up(h.account, h.now, 10).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.message.id).collect::<Vec<_>>(), vec![one, two], "oldest first");
    assert_eq!((rows[0].since, rows[0].begun_at, rows[0].looked_up), (start, start, 0));
    assert_eq!(rows[0].message, h.detail(one).await.row);
    assert_eq!(h.store().doubts_to_look_up(h.account, h.now, 1).await.unwrap().len(), 1);
    let next = h.now.after(Duration::from_mins(8));
    h.store().looked_up(one, Some(next)).await.unwrap();
    h.store().looked_up(two, None).await.unwrap();
    assert!(h.store().doubts_to_look_up(h.account, next.before(Duration::from_secs(1)), 10).await.unwrap().is_empty());
    h.restart().await;
    let rows = h.store().doubts_to_look_up(h.account, next.after(Duration::from_hours(100)), 10).await.unwrap();
    assert_eq!(rows.iter().map(|row| (row.message.id, row.looked_up)).collect::<Vec<_>>(), vec![(one, 1)], "never again for the other");
}

pub async fn a_look_up_knows_the_names_of_others_to_that_number(h: &mut Harness) {
    let other = h.message(1, 1);
    h.accept(vec![other]).await;
    let begun = h.begin(1).await;
    h.end(begun.id, vec![sent("of-another")]).await;
    let message = h.message(1, 1);
    h.accept(vec![message]).await;
    let begun = h.begin(1).await;
    h.end(begun.id, vec![MessageResult { provider_message_id: Some("own".to_owned()), ..in_doubt() }]).await;
    h.doubtful(2, 1).await;
    let rows = h.store().doubts_to_look_up(h.account, h.now.after(Duration::from_hours(1)), 1).await.unwrap();
    assert_eq!((rows[0].provider_message_ids.clone(), rows[0].others.clone()), (vec!["own".to_owned()], vec!["of-another".to_owned()]));
}

pub async fn names_of_messages_that_wait_again_are_those_of_others(h: &mut Harness) {
    let message = h.message(1, 1);
    let again = message.id;
    h.accept(vec![message]).await;
    let begun = h.begin(1).await;
    h.end(begun.id, vec![MessageResult { provider_message_id: Some("of-another".to_owned()), ..in_doubt() }]).await;
    h.doubtful(1, 1).await;
    h.settle(again, Settlement::Resend).await;
    let rows = h.store().doubts_to_look_up(h.account, h.now.after(Duration::from_hours(1)), 10).await.unwrap();
    assert_eq!(rows[1].others, vec!["of-another".to_owned()], "else this one could be found under a name that is not its own");
}

pub async fn old_doubts_are_listed_by_age(h: &mut Harness) {
    let start = h.now;
    let one = h.doubtful(1, 3).await;
    h.wait(10);
    let two = h.doubtful(2, 3).await;
    let at = |seconds| start.after(Duration::from_secs(seconds));
    assert_eq!(h.store().doubts_since(h.account, at(9), 10).await.unwrap(), vec![one]);
    assert_eq!(h.store().doubts_since(h.account, at(10), 10).await.unwrap(), vec![one, two], "since then or longer");
    assert_eq!(h.store().doubts_since(h.account, at(10), 1).await.unwrap(), vec![one]);
    h.settle(one, Settlement::Resend).await;
    assert_eq!(h.store().doubts_since(h.account, at(10), 10).await.unwrap(), vec![two]);
    h.settle(two, Settlement::Sent).await;
    assert_eq!(h.store().doubts_since(h.account, at(10), 10).await.unwrap(), vec![]);
    assert_eq!(h.store().doubts_since(AccountId::from_raw(77), at(10), 10).await.unwrap_or_default(), vec![]);
}

pub async fn doubts_of_a_lost_process_are_doubts(h: &mut Harness) {
    let id = h.queue(&[3]).await[0];
    h.begin(1).await;
    h.wait(1);
    h.restart().await;
    assert_eq!(h.store().doubts_since(h.account, h.now, 10).await.unwrap(), vec![id]);
    let (row, after) = h.settle(id, Settlement::NotSent).await;
    assert_eq!((row.state, after.standing.pending), (MessageState::Failed, Units::ZERO));
}

pub async fn the_same_request_settles_once(h: &mut Harness) {
    let id = h.doubtful(1, 3).await;
    let key = |body| IdempotencyKey { scope: "made-up:resolve".to_owned(), key: "made-up-1".to_owned(), body_sha256: [body; 32] };
    let resend = |body, now| Settle { message: id, settlement: Settlement::Resend, by: "person", idempotency: Some((key(body), "{\"as\":\"resend\"}".to_owned())), now };
    conflict(h.store().settle(Settle { message: id, settlement: found("x", MessageState::Queued), by: "look_up", ..resend(1, h.now) }).await);
    assert_eq!(h.store().replay(&key(1)).await.unwrap(), None, "what was refused keeps no answer");
    h.store().settle(resend(1, h.now)).await.unwrap();
    assert_eq!(h.store().replay(&key(1)).await.unwrap(), Some(Replay::Same("{\"as\":\"resend\"}".to_owned())));
    let begun = h.begin(1).await;
    let ended = h.end(begun.id, vec![in_doubt()]).await;
    for _ in 0..2 {
        let Settled { message: row, account: snapshot, .. } = h.store().settle(resend(1, h.now)).await.unwrap();
        assert_eq!((row.state, row.attempts, snapshot.standing), (MessageState::Unknown, 2, ended.standing.clone()), "nothing is sent a third time");
        assert!(h.try_begin(1).await.begun.is_empty());
        h.restart().await;
    }
    conflict(h.store().settle(resend(2, h.now)).await);
    h.wait(7 * 24 * 3600 + 1);
    let row = h.store().settle(resend(1, h.now)).await.unwrap().message;
    assert_eq!(row.state, MessageState::Queued, "a key is kept for seven days");
}

pub async fn a_look_up_that_failed_does_not_count(h: &mut Harness) {
    let id = h.doubtful(1, 3).await;
    let due = h.now.after(Duration::from_mins(2));
    let again = due.after(Duration::from_mins(1));
    assert_eq!(h.store().doubt(id).await.unwrap().map(|row| (row.message.id, row.looked_up)), Some((id, 0)));
    h.store().look_up_failed(id, Some(again)).await.unwrap();
    assert!(h.store().doubts_to_look_up(h.account, due, 10).await.unwrap().is_empty());
    assert_eq!(h.store().doubts_to_look_up(h.account, again, 10).await.unwrap()[0].looked_up, 0);
    h.store().look_up_failed(id, None).await.unwrap();
    assert!(h.store().doubts_to_look_up(h.account, again.after(Duration::from_hours(48)), 10).await.unwrap().is_empty());
    h.settle(id, Settlement::Resend).await;
    assert!(h.store().doubt(id).await.unwrap().is_some(), "it waits to be sent again");
    let begun = h.begin(1).await;
    assert_eq!(h.store().doubt(id).await.unwrap(), None, "it is being sent again");
    h.end(begun.id, vec![sent("x")]).await;
    assert_eq!(h.store().doubt(id).await.unwrap(), None);
    h.store().look_up_failed(id, None).await.unwrap();
}
