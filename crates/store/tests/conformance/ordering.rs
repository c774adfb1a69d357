//! What people want of batches, and how they look at them.

use salio_domain::Units;
use salio_domain::ids::BatchId;
use salio_domain::message::{MessageState, Priority};
use salio_store::*;

use super::harness::{Harness, again, sent, whole};

fn conflict<T: std::fmt::Debug>(result: Result<T>) {
    assert!(matches!(result, Err(StoreError::Conflict { .. })), "{result:?}");
}

async fn listed(h: &Harness, filter: BatchFilter) -> Vec<BatchId> {
    let filter = BatchFilter { limit: if filter.limit == 0 { 100 } else { filter.limit }, ..filter };
    h.store().batches(&filter).await.unwrap().into_iter().map(|row| row.id).collect()
}

pub async fn a_list_makes_a_batch(h: &mut Harness) {
    let messages: Vec<NewMessage> = (0..2).map(|number| h.message(number, 3)).collect();
    let id = BatchId::from_raw(h.id());
    let new = h.new_messages(messages);
    h.store().accept(NewMessages { batch: Some(NewBatch { id, lines: 5, refused: 3, duplicates: 1 }), ..new.clone() }).await.unwrap();
    let row = h.batch(id).await;
    assert_eq!((row.state, row.source, row.account, row.priority), (BatchState::Running, BatchSource::List, h.account, Priority::Normal));
    assert_eq!((row.lines, row.messages, row.refused, row.duplicates, row.charge), (5, 2, 3, 1, whole(6)));
    assert_eq!((row.created_at, row.released_at, row.begun_at, row.ended_at), (h.now, Some(h.now), None, None));
    assert_eq!((row.name, row.cause, row.token, row.spent, row.counts.get(MessageState::Queued)), (None, None, None, Units::ZERO, 2));
    let more = h.message(9, 1);
    let new = h.new_messages(vec![more]);
    assert!(h.store().accept(NewMessages { batch: Some(NewBatch { id, lines: 1, refused: 0, duplicates: 0 }), ..new }).await.is_err(), "a batch is made once");
    assert!(matches!(h.store().batch(BatchId::from_raw(7)).await, Err(StoreError::NotFound { .. })));
}

pub async fn pausing_and_resuming_a_batch(h: &mut Harness) {
    let (id, _) = h.queue_batch(Priority::Normal, &[1, 2]).await;
    h.wait(1);
    let (row, snapshot) = h.store().order_batch(id, BatchOrder::Pause, h.now).await.unwrap();
    assert_eq!((row.state, row.updated_at, snapshot.standing.queued), (BatchState::Paused, h.now, whole(3)));
    assert!(h.try_begin(20).await.begun.is_empty());
    let before = h.batch(id).await;
    h.wait(1);
    assert_eq!(h.order(id, BatchOrder::Pause).await.unwrap(), before, "again changes nothing");
    h.restart().await;
    assert_eq!(h.batch(id).await, before, "also across restarts");
    assert_eq!(h.order(id, BatchOrder::Resume).await.unwrap().state, BatchState::Running);
    h.order(id, BatchOrder::Resume).await.unwrap();
    assert_eq!(h.begin(20).await.messages.len(), 2);
    assert!(matches!(h.order(BatchId::from_raw(7), BatchOrder::Pause).await, Err(StoreError::NotFound { .. })));
}

pub async fn what_is_on_its_way_goes_on_while_a_batch_is_paused(h: &mut Harness) {
    let (id, _) = h.queue_batch(Priority::Normal, &[1, 2]).await;
    let begun = h.begin(1).await;
    h.order(id, BatchOrder::Pause).await.unwrap();
    h.end(begun.id, vec![sent("x")]).await;
    let row = h.batch(id).await;
    assert_eq!((row.counts.get(MessageState::Sent), row.counts.get(MessageState::Queued), row.spent), (1, 1, whole(1)));
}

pub async fn cancelling_takes_back_what_has_not_left(h: &mut Harness) {
    let (id, ids) = h.queue_batch(Priority::Normal, &[1, 2, 4]).await;
    let begun = h.begin(1).await;
    h.wait(1);
    let (row, _) = h.store().order_batch(id, BatchOrder::Cancel, h.now).await.unwrap();
    assert_eq!((row.state, row.cause.as_deref(), row.ended_at), (BatchState::Cancelled, Some("person"), None));
    assert!(h.try_begin(20).await.begun.is_empty(), "marked at once");
    assert_eq!(h.sweep(100).await, vec![(ids[1], MessageState::Cancelled), (ids[2], MessageState::Cancelled)]);
    let detail = h.detail(ids[1]).await;
    assert_eq!((detail.row.cause.as_deref(), detail.row.next_try_at, detail.timeline.len()), (Some("batch_cancelled"), None, 2));
    assert_eq!((h.snapshot().await.standing.queued, h.batch(id).await.ended_at), (Units::ZERO, None), "one is on its way");
    h.end(begun.id, vec![sent("x")]).await;
    let row = h.batch(id).await;
    assert_eq!((row.ended_at, row.state, row.is_done()), (Some(h.now), BatchState::Cancelled, false));
    assert_eq!(h.order(id, BatchOrder::Cancel).await.unwrap(), row, "again changes nothing");
    conflict(h.order(id, BatchOrder::Pause).await);
    conflict(h.order(id, BatchOrder::Resume).await);
}

pub async fn what_comes_back_to_a_cancelled_batch_is_taken_back(h: &mut Harness) {
    let (id, ids) = h.queue_batch(Priority::Normal, &[1]).await;
    let begun = h.begin(1).await;
    h.order(id, BatchOrder::Cancel).await.unwrap();
    assert_eq!(h.sweep(100).await, vec![]);
    h.end(begun.id, vec![again(h.now)]).await;
    assert!(h.try_begin(1).await.begun.is_empty());
    assert_eq!(h.sweep(100).await, vec![(ids[0], MessageState::Cancelled)]);
    assert_eq!(h.batch(id).await.ended_at, Some(h.now));
}

pub async fn a_paused_batch_may_be_cancelled(h: &mut Harness) {
    let (id, _) = h.queue_batch(Priority::Normal, &[1]).await;
    h.order(id, BatchOrder::Pause).await.unwrap();
    assert_eq!(h.order(id, BatchOrder::Cancel).await.unwrap().state, BatchState::Cancelled);
    assert_eq!(h.sweep(100).await.len(), 1);
}

pub async fn a_receiving_batch_can_only_be_cancelled(h: &mut Harness) {
    let mut place = h.open_stream(Some("k")).await;
    h.stage(&mut place, &[1]).await;
    let id = BatchId::from_raw(place.batch);
    conflict(h.order(id, BatchOrder::Pause).await);
    conflict(h.order(id, BatchOrder::Resume).await);
    let row = h.order(id, BatchOrder::Cancel).await.unwrap();
    assert_eq!((row.state, row.cause.as_deref(), row.released_at), (BatchState::Cancelled, Some("person"), None));
    let late = h.block(&place, &[1]);
    conflict(h.store().stage(late).await);
    assert_eq!(h.sweep(100).await.len(), 1);
    let again = h.opening(Some("k"));
    let opened = h.store().open_stream(again).await.unwrap();
    assert!(matches!(&opened, StreamOpening::Accepted(row, _) if row.id == id && row.released_at.is_none()), "what a person took back stays so: {opened:?}");
}

pub async fn what_has_ended_takes_no_orders(h: &mut Harness) {
    let (id, _) = h.queue_batch(Priority::Normal, &[1]).await;
    let begun = h.begin(1).await;
    h.end(begun.id, vec![sent("x")]).await;
    assert!(h.batch(id).await.is_done());
    conflict(h.order(id, BatchOrder::Pause).await);
    conflict(h.order(id, BatchOrder::Cancel).await);
    h.said(0).await;
    let mut place = h.open_stream(None).await;
    h.stage(&mut place, &[1]).await;
    h.release(&place, salio_domain::admission::OnShort::Refuse).await;
    let refused = BatchId::from_raw(place.batch);
    for order in [BatchOrder::Pause, BatchOrder::Resume, BatchOrder::Cancel] {
        conflict(h.order(refused, order).await);
    }
}

pub async fn batches_are_filtered_newest_first(h: &mut Harness) {
    h.defs.push(super::harness::account_def("onfon-two", "made-up-client-two"));
    let other = h.restart().await[1].account;
    let (done, _) = h.queue_batch(Priority::Normal, &[1]).await;
    let begun = h.begin(1).await;
    h.end(begun.id, vec![sent("x")]).await;
    let (running, _) = h.queue_batch(Priority::Normal, &[1]).await;
    let (paused, _) = h.queue_batch(Priority::Normal, &[1]).await;
    h.order(paused, BatchOrder::Pause).await.unwrap();
    let receiving = BatchId::from_raw(h.open_stream(None).await.batch);
    let any = BatchFilter::default;
    assert_eq!(listed(h, any()).await, vec![receiving, paused, running, done]);
    for (word, id) in [("done", done), ("running", running), ("paused", paused), ("receiving", receiving)] {
        assert_eq!(listed(h, BatchFilter { state: Some(word.to_owned()), ..any() }).await, vec![id], "{word}");
    }
    assert_eq!(listed(h, BatchFilter { state: Some("refused".to_owned()), ..any() }).await, vec![]);
    assert_eq!(listed(h, BatchFilter { account: Some(other), ..any() }).await, vec![]);
    assert_eq!(listed(h, BatchFilter { account: Some(h.account), limit: 2, ..any() }).await, vec![receiving, paused]);
    assert_eq!(listed(h, BatchFilter { before: Some(paused), ..any() }).await, vec![running, done]);
}
