//! Housekeeping: some at a time, and whole in the end.

use std::time::Duration;

use salio_domain::Units;
use salio_domain::ids::BatchId;
use salio_domain::message::{MessageState, Priority};
use salio_domain::outbox::Pause;
use salio_store::*;

use super::harness::{Harness, paused, whole};

const DAY: Duration = Duration::from_hours(24);

pub async fn nothing_to_do_changes_nothing(h: &mut Harness) {
    h.queue(&[1]).await;
    let before = h.snapshot().await;
    let swept = h.store().sweep(h.now, 10).await.unwrap();
    assert!(swept.messages.is_empty() && swept.batches.is_empty() && swept.snapshots.is_empty() && !swept.more);
    assert_eq!(h.snapshot().await, before);
}

pub async fn at_most_so_many_at_once(h: &mut Harness) {
    let (id, _) = h.queue_batch(Priority::Normal, &[1; 7]).await;
    h.order(id, BatchOrder::Cancel).await.unwrap();
    let before = h.snapshot().await;
    assert_eq!(before.standing.queued, whole(7), "until it is taken back");
    let swept = h.store().sweep(h.now, 3).await.unwrap();
    assert_eq!((swept.messages.len(), swept.more, swept.batches), (3, true, vec![id]));
    assert!(swept.messages.iter().all(|(_, state)| *state == MessageState::Cancelled));
    assert_eq!((swept.snapshots.len(), swept.snapshots[0].standing.queued), (1, whole(4)));
    assert!(swept.snapshots[0].version > before.version);
    assert_eq!(swept.snapshots[0], h.snapshot().await);
    assert_eq!(h.sweep(3).await.len(), 4);
    assert_eq!((h.snapshot().await.standing.queued, h.batch(id).await.ended_at), (Units::ZERO, Some(h.now)));
}

pub async fn what_was_never_queued_takes_nothing_out_of_the_account(h: &mut Harness) {
    let mut place = h.open_stream(None).await;
    h.stage(&mut place, &[1, 2]).await;
    h.store().drop_stream(BatchId::from_raw(place.batch), place.epoch, h.now).await.unwrap();
    let before = h.snapshot().await;
    let swept = h.store().sweep(h.now, 10).await.unwrap();
    assert_eq!((swept.messages.len(), swept.snapshots.len()), (2, 0));
    assert_eq!(h.snapshot().await, before);
    assert_eq!(h.batch(BatchId::from_raw(place.batch)).await.counts.get(MessageState::Cancelled), 2);
}

/// A message that is too late after 30 seconds.
async fn short_lived(h: &mut Harness, number: u32) -> NewMessage {
    let until = h.now.after(Duration::from_secs(30));
    NewMessage { valid_until: Some(until), ..h.message(number, 2) }
}

pub async fn messages_expire_while_their_account_is_paused(h: &mut Harness) {
    h.queue(&[1]).await;
    let begun = h.begin(1).await;
    h.end(begun.id, vec![paused(h.now.after(DAY), Pause::OutOfCredit)]).await;
    let message = short_lived(h, 5).await;
    let id = message.id;
    h.accept(vec![message]).await;
    h.wait(29);
    assert_eq!(h.sweep(10).await, vec![]);
    h.wait(1);
    let swept = h.store().sweep(h.now, 10).await.unwrap();
    assert_eq!((swept.messages, swept.snapshots[0].standing.queued), (vec![(id, MessageState::Expired)], whole(1)));
    let detail = h.detail(id).await;
    let step = Step { at: h.now, state: MessageState::Expired, cause: Some("valid_until".to_owned()), submission: None };
    assert_eq!((detail.timeline.last(), detail.row.next_try_at), (Some(&step), None));
}

pub async fn messages_of_a_paused_batch_expire(h: &mut Harness) {
    let message = short_lived(h, 5).await;
    let id = BatchId::from_raw(h.id());
    let new = h.new_messages(vec![message]);
    h.store().accept(NewMessages { batch: Some(NewBatch { id, lines: 1, refused: 0, duplicates: 0 }), ..new }).await.unwrap();
    h.order(id, BatchOrder::Pause).await.unwrap();
    h.wait(31);
    let swept = h.store().sweep(h.now, 10).await.unwrap();
    assert_eq!((swept.messages.len(), swept.batches), (1, vec![id]));
    assert_eq!((h.batch(id).await.counts.get(MessageState::Expired), h.snapshot().await.standing.queued), (1, Units::ZERO));
}

pub async fn staged_messages_do_not_expire(h: &mut Harness) {
    let place = h.open_stream(None).await;
    let message = short_lived(h, 5).await;
    let block = h.block(&place, &[]);
    h.store().stage(Block { messages: vec![message], lines: 1, ..block }).await.unwrap();
    h.wait(31);
    assert_eq!(h.sweep(10).await, vec![]);
    h.release(&place, salio_domain::admission::OnShort::Refuse).await;
    assert_eq!(h.try_begin(20).await.expired.len(), 1, "released, it is too late");
    assert_eq!(h.snapshot().await.standing.queued, Units::ZERO);
}

pub async fn a_stream_that_nobody_goes_on_with_is_dropped(h: &mut Harness) {
    let mut place = h.open_stream(Some("k")).await;
    h.stage(&mut place, &[1]).await;
    let id = BatchId::from_raw(place.batch);
    h.now = h.now.after(DAY).before(Duration::from_secs(1));
    h.sweep(10).await;
    assert_eq!(h.batch(id).await.state, BatchState::Receiving);
    let open = h.opening(Some("k"));
    assert!(matches!(h.store().open_stream(open).await.unwrap(), StreamOpening::Resumed(_)));
    h.wait(2);
    h.sweep(10).await;
    assert_eq!(h.batch(id).await.state, BatchState::Receiving, "somebody went on with it");
    h.now = h.now.after(DAY);
    let moved = h.sweep(10).await;
    let row = h.batch(id).await;
    assert_eq!((moved.len(), row.state, row.cause.as_deref()), (1, BatchState::Cancelled, Some("abandoned")));
    h.open_stream(Some("k")).await;
}

pub async fn a_batch_that_was_taken_back_stays_so_across_restarts(h: &mut Harness) {
    let (id, ids) = h.queue_batch(Priority::Normal, &[1; 4]).await;
    h.order(id, BatchOrder::Cancel).await.unwrap();
    h.store().sweep(h.now, 2).await.unwrap();
    h.restart().await;
    assert!(h.try_begin(20).await.begun.is_empty());
    assert_eq!(h.sweep(10).await.len(), 2);
    for id in ids {
        assert_eq!(h.detail(id).await.row.state, MessageState::Cancelled);
    }
}

pub async fn a_stream_without_a_key_ends_with_its_process(h: &mut Harness) {
    let mut keyless = h.open_stream(None).await;
    let ids = h.stage(&mut keyless, &[1, 2]).await;
    let mut keyed = h.open_stream(Some("made-up-1")).await;
    h.stage(&mut keyed, &[1]).await;
    h.restart().await;
    let (dropped, kept) = (h.batch(BatchId::from_raw(keyless.batch)).await, h.batch(BatchId::from_raw(keyed.batch)).await);
    assert_eq!((dropped.state, dropped.cause.as_deref(), kept.state), (BatchState::Cancelled, Some("abandoned"), BatchState::Receiving));
    assert_eq!(h.sweep(100).await, ids.into_iter().map(|id| (id, MessageState::Cancelled)).collect::<Vec<_>>());
}
