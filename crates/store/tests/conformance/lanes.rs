//! Fair shares: lanes take turns within a priority, submissions begin several at a time.

use std::time::Duration;

use salio_domain::MessageId;
use salio_domain::ids::BatchId;
use salio_domain::message::{MessageState, Priority};
use salio_store::*;

use super::harness::{Harness, again, sent};

fn ids(begun: &BegunSubmission) -> Vec<MessageId> {
    begun.messages.iter().map(|message| message.id).collect()
}

/// From which batch each submission of a call is, and how many messages it has of it first.
fn shares(outcome: &BeginOutcome) -> Vec<Option<BatchId>> {
    outcome.begun.iter().map(|begun| begun.messages[0].batch).collect()
}

pub async fn lanes_take_turns(h: &mut Harness) {
    let (one, _) = h.queue_batch(Priority::Normal, &[1; 6]).await;
    let (two, _) = h.queue_batch(Priority::Normal, &[1; 6]).await;
    h.queue(&[1; 6]).await;
    let outcome = h.begin_many(6, 2).await;
    assert_eq!(shares(&outcome), vec![None, Some(one), Some(two), None, Some(one), Some(two)]);
    assert!(outcome.begun.iter().all(|begun| begun.messages.len() == 2 && begun.messages[0].batch == begun.messages[1].batch));
    let next = [h.begin(2).await, h.begin(2).await, h.begin(2).await];
    assert_eq!(next.iter().map(|begun| begun.messages[0].batch).collect::<Vec<_>>(), vec![None, Some(one), Some(two)], "from call to call");
    assert!(h.try_begin(2).await.begun.is_empty());
}

pub async fn a_submission_that_is_not_full_goes_on_with_the_next_lane(h: &mut Harness) {
    let (one, first) = h.queue_batch(Priority::Normal, &[1, 1]).await;
    let second: Vec<NewMessage> = (10..13).map(|number| h.message(number, 1)).collect();
    let two = BatchId::from_raw(h.id());
    let second_ids: Vec<MessageId> = second.iter().map(|message| message.id).collect();
    let new = h.new_messages(second);
    h.store().accept(NewMessages { batch: Some(NewBatch { id: two, lines: 3, refused: 0, duplicates: 0 }), ..new }).await.unwrap();
    let begun = h.begin(4).await;
    assert_eq!(ids(&begun), vec![first[0], first[1], second_ids[0], second_ids[1]]);
    assert_eq!((begun.messages[0].batch, begun.messages[2].batch), (Some(one), Some(two)));
    assert_eq!(ids(&h.begin(4).await), vec![second_ids[2]]);
}

pub async fn higher_priorities_of_any_lane_go_first(h: &mut Harness) {
    let (_, bulk) = h.queue_batch(Priority::Bulk, &[1; 3]).await;
    let (_, normal) = h.queue_batch(Priority::Normal, &[1; 3]).await;
    let code = h.message(50, 1);
    let code_id = code.id;
    h.accept(vec![NewMessage { priority: Priority::High, ..code }]).await;
    let outcome = h.begin_many(7, 1).await;
    let went: Vec<MessageId> = outcome.begun.iter().flat_map(ids).collect();
    assert_eq!((went[0], &went[1..4], &went[4..]), (code_id, &normal[..], &bulk[..]));
}

pub async fn several_submissions_begin_in_one_call(h: &mut Harness) {
    let all = h.queue(&[1; 45]).await;
    let before = h.snapshot().await;
    let outcome = h.begin_many(8, 20).await;
    assert_eq!(outcome.begun.iter().map(|begun| begun.messages.len()).collect::<Vec<_>>(), vec![20, 20, 5], "no more than are due");
    assert_eq!(outcome.begun.iter().flat_map(ids).collect::<Vec<_>>(), all);
    let snapshot = outcome.snapshot.unwrap();
    assert_eq!((snapshot.standing.in_flight, snapshot.standing.pending), (3, super::harness::whole(45)));
    assert!(snapshot.version > before.version && !outcome.more);
    for begun in outcome.begun {
        let results = vec![sent("x"); begun.messages.len()];
        h.end(begun.id, results).await;
    }
}

pub async fn no_more_begin_than_were_asked_for(h: &mut Harness) {
    let all = h.queue(&[1; 10]).await;
    let outcome = h.begin_many(2, 3).await;
    assert_eq!(outcome.begun.iter().flat_map(ids).collect::<Vec<_>>(), all[..6].to_vec());
    let ids_of: Vec<_> = outcome.begun.iter().map(|begun| begun.id).collect();
    let mut again = h.limits(1, 3);
    again.ids = vec![ids_of[0]];
    assert!(matches!(h.store().begin_submissions(h.account, again).await, Err(StoreError::Conflict { .. })), "an id begins once");
    assert_eq!(h.begin_many(9, 20).await.begun.len(), 1);
}

pub async fn submissions_of_one_call_may_differ_in_sender(h: &mut Harness) {
    for (number, sender) in (0..).zip(["SHOP", "BANK", "SHOP", "BANK"]) {
        let message = h.message(number, 1);
        h.accept(vec![NewMessage { sender: sender.to_owned(), ..message }]).await;
    }
    let outcome = h.begin_many(5, 20).await;
    let kinds: Vec<(&str, usize)> = outcome.begun.iter().map(|begun| (begun.sender.as_str(), begun.messages.len())).collect();
    assert_eq!(kinds, vec![("SHOP", 2), ("BANK", 2)]);
}

pub async fn the_same_number_goes_in_another_submission_of_the_call(h: &mut Harness) {
    let messages: Vec<NewMessage> = (0..3).map(|_| h.message(1, 1)).collect();
    let all: Vec<MessageId> = messages.iter().map(|message| message.id).collect();
    h.accept(messages).await;
    let outcome = h.begin_many(3, 20).await;
    assert_eq!(outcome.begun.iter().map(ids).collect::<Vec<_>>(), all.into_iter().map(|id| vec![id]).collect::<Vec<_>>());
}

pub async fn lanes_that_do_not_run_are_passed_over(h: &mut Harness) {
    let (paused, _) = h.queue_batch(Priority::High, &[1, 1]).await;
    let (cancelled, _) = h.queue_batch(Priority::High, &[1, 1]).await;
    let mut receiving = h.open_stream(None).await;
    h.stage(&mut receiving, &[1, 1]).await;
    h.order(paused, BatchOrder::Pause).await.unwrap();
    h.order(cancelled, BatchOrder::Cancel).await.unwrap();
    assert_eq!(h.store().next_due(h.account).await.unwrap(), None, "nothing that could go");
    let outcome = h.begin_many(5, 20).await;
    assert!(outcome.begun.is_empty() && outcome.snapshot.is_none());
    let single = h.queue(&[1]).await[0];
    let outcome = h.begin_many(5, 20).await;
    assert_eq!((outcome.begun.len(), ids(&outcome.begun[0])), (1, vec![single]));
    h.order(paused, BatchOrder::Resume).await.unwrap();
    assert_eq!(h.store().next_due(h.account).await.unwrap(), Some(h.now));
    assert_eq!(h.begin_many(5, 20).await.begun[0].messages[0].batch, Some(paused));
}

pub async fn what_was_tried_returns_to_its_lane(h: &mut Harness) {
    let (batch, all) = h.queue_batch(Priority::Normal, &[1, 1]).await;
    let begun = h.begin(20).await;
    assert_eq!(h.batch(batch).await.counts.get(MessageState::Submitting), 2);
    let at = h.now.after(Duration::from_secs(5));
    h.end(begun.id, vec![again(at), sent("x")]).await;
    let row = h.batch(batch).await;
    assert_eq!((row.counts.get(MessageState::Queued), row.counts.get(MessageState::Sent), row.ended_at), (1, 1, None));
    h.order(batch, BatchOrder::Pause).await.unwrap();
    h.now = at;
    assert!(h.try_begin(20).await.begun.is_empty(), "it waits with its batch");
    h.order(batch, BatchOrder::Resume).await.unwrap();
    assert_eq!(ids(&h.begin(20).await), vec![all[0]]);
}

pub async fn scheduled_messages_of_a_batch_are_counted_when_they_come_due(h: &mut Harness) {
    let message = h.message(1, 1);
    let at = h.now.after(Duration::from_secs(60));
    let id = BatchId::from_raw(h.id());
    let new = h.new_messages(vec![NewMessage { send_at: Some(at), ..message }]);
    h.store().accept(NewMessages { batch: Some(NewBatch { id, lines: 1, refused: 0, duplicates: 0 }), ..new }).await.unwrap();
    assert_eq!(h.batch(id).await.counts.get(MessageState::Scheduled), 1);
    assert!(h.try_begin(1).await.begun.is_empty());
    h.now = at;
    let begun = h.begin(1).await;
    let row = h.batch(id).await;
    assert_eq!((row.counts.get(MessageState::Scheduled), row.counts.get(MessageState::Submitting), row.begun_at), (0, 1, Some(at)));
    assert_eq!(begun.messages[0].batch, Some(id));
}
