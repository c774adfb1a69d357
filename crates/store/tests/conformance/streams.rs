//! Streams: staged block by block, broken, gone on with, and released in one step.

use std::time::Duration;

use salio_domain::admission::{OnShort, SpendingRules};
use salio_domain::ids::BatchId;
use salio_domain::message::{MessageState, Priority};
use salio_domain::{AccountId, Units};
use salio_store::*;

use super::harness::{Harness, sent, whole};

fn error(line: i64, code: &str) -> LineError {
    LineError { line, field: "to".to_owned(), code: code.to_owned(), detail: "in a test".to_owned(), given: "07".to_owned() }
}

fn conflict<T: std::fmt::Debug>(result: Result<T>) {
    assert!(matches!(result, Err(StoreError::Conflict { .. })), "{result:?}");
}

pub async fn staged_messages_count_nowhere_else(h: &mut Harness) {
    let before = h.snapshot().await;
    let mut place = h.open_stream(None).await;
    assert_eq!((place.blocks, place.digest), (0, None));
    h.wait(1);
    let ids = h.stage(&mut place, &[2, 3]).await;
    assert_eq!(h.snapshot().await, before, "the account does not know of them");
    let row = h.batch(BatchId::from_raw(place.batch)).await;
    assert_eq!((row.state, row.lines, row.messages, row.charge, row.spent), (BatchState::Receiving, 2, 2, whole(5), Units::ZERO));
    assert_eq!((row.account, row.source, row.name.as_deref(), row.priority), (h.account, BatchSource::Csv, Some("June"), Priority::Bulk));
    assert_eq!((row.counts.get(MessageState::Queued), row.released_at, row.ended_at, row.updated_at), (2, None, None, h.now));
    let detail = h.detail(ids[0]).await.row;
    assert_eq!((detail.batch, detail.line, detail.state), (Some(row.id), Some(1), MessageState::Queued));
    assert_eq!((h.store().next_due(h.account).await.unwrap(), h.try_begin(20).await.begun.len()), (None, 0));
    assert!(h.store().last_id().await.unwrap() >= place.batch);
}

pub async fn a_whole_batch_is_released_in_one_step(h: &mut Harness) {
    h.said(100).await;
    let mut place = h.open_stream(None).await;
    h.stage(&mut place, &[2, 3]).await;
    h.stage(&mut place, &[4]).await;
    h.wait(1);
    let before = h.snapshot().await;
    let Released::Running(row, snapshot) = h.release(&place, OnShort::Refuse).await else { panic!("it is covered") };
    assert_eq!((row.state, row.released_at, row.cause.as_deref(), row.messages), (BatchState::Running, Some(h.now), None, 3));
    assert_eq!((snapshot.standing.queued, snapshot.version > before.version), (whole(9), true));
    assert_eq!((*row, *snapshot), (h.batch(BatchId::from_raw(place.batch)).await, h.snapshot().await));
    let begun = h.begin(20).await;
    assert_eq!(begun.messages.len(), 3);
    h.wait(1);
    h.end(begun.id, vec![sent("a"), sent("b"), sent("c")]).await;
    let row = h.batch(BatchId::from_raw(place.batch)).await;
    assert_eq!((row.is_done(), row.ended_at, row.spent, row.begun_at), (true, Some(h.now), whole(9), Some(h.now.before(Duration::from_secs(1)))));
}

pub async fn only_the_next_block_of_a_receiving_batch_is_staged(h: &mut Harness) {
    let mut place = h.open_stream(None).await;
    h.stage(&mut place, &[1]).await;
    let again = Block { block: place.blocks, ..h.block(&place, &[1]) };
    conflict(h.store().stage(again).await);
    let later = Block { block: place.blocks + 2, ..h.block(&place, &[1]) };
    conflict(h.store().stage(later).await);
    let other = Block { epoch: place.epoch + 1, ..h.block(&place, &[1]) };
    conflict(h.store().stage(other).await);
    let nobody = Block { batch: BatchId::from_raw(7), ..h.block(&place, &[1]) };
    assert!(matches!(h.store().stage(nobody).await, Err(StoreError::NotFound { .. })));
    assert_eq!(h.batch(BatchId::from_raw(place.batch)).await.messages, 1);
    h.release(&place, OnShort::Hold).await;
    let late = h.block(&place, &[1]);
    conflict(h.store().stage(late).await);
}

pub async fn a_block_is_staged_whole_or_not_at_all(h: &mut Harness) {
    let taken = h.queue(&[1]).await[0];
    let mut place = h.open_stream(None).await;
    let mut block = h.block(&place, &[1, 1]);
    block.messages[1].id = taken;
    block.errors.push(error(3, "bad_number"));
    let first = block.messages[0].id;
    assert!(h.store().stage(block).await.is_err());
    assert!(matches!(h.store().message(first).await, Err(StoreError::NotFound { .. })));
    let row = h.batch(BatchId::from_raw(place.batch)).await;
    assert_eq!((row.messages, row.lines, row.refused), (0, 0, 0));
    assert_eq!(h.store().batch_errors(row.id, 0, 10).await.unwrap(), vec![]);
    h.stage(&mut place, &[1]).await;
}

pub async fn refused_lines_are_kept_in_order(h: &mut Harness) {
    let place = h.open_stream(None).await;
    let block = h.block(&place, &[1]);
    let errors = vec![error(2, "bad_number"), error(4, "duplicate"), error(9, "text_missing")];
    h.store().stage(Block { errors: errors.clone(), lines: 4, ..block }).await.unwrap();
    let id = BatchId::from_raw(place.batch);
    let row = h.batch(id).await;
    assert_eq!((row.lines, row.messages, row.refused, row.duplicates), (4, 1, 3, 1));
    assert_eq!(h.store().batch_errors(id, 0, 10).await.unwrap(), errors);
    assert_eq!(h.store().batch_errors(id, 2, 1).await.unwrap(), errors[1..2].to_vec(), "after a line, at most so many");
    assert_eq!(h.store().batch_errors(id, 9, 10).await.unwrap(), vec![]);
    assert!(matches!(h.store().batch_errors(BatchId::from_raw(7), 0, 10).await, Err(StoreError::NotFound { .. })));
}

pub async fn a_broken_stream_is_gone_on_with_under_its_key(h: &mut Harness) {
    let mut place = h.open_stream(Some("k")).await;
    h.stage(&mut place, &[1, 2]).await;
    let old = h.block(&place, &[3]);
    h.restart().await;
    h.wait(60);
    let open = h.opening(Some("k"));
    let StreamOpening::Resumed(again) = h.store().open_stream(open).await.unwrap() else { panic!("it was broken") };
    assert_eq!((again.batch, again.blocks, again.digest), (place.batch, 1, place.digest));
    assert!(again.epoch > place.epoch);
    conflict(h.store().stage(old).await);
    let early = Release { batch: BatchId::from_raw(place.batch), epoch: place.epoch, rules: h.rules, on_short: OnShort::Hold, now: h.now };
    conflict(h.store().release(early).await);
    h.store().drop_stream(BatchId::from_raw(place.batch), place.epoch, h.now).await.unwrap();
    assert_eq!(h.batch(BatchId::from_raw(place.batch)).await.state, BatchState::Receiving, "the older stream gives up nothing");
    let mut again = again;
    h.stage(&mut again, &[3]).await;
    assert!(matches!(h.release(&again, OnShort::Refuse).await, Released::Running(..)));
    assert_eq!(h.snapshot().await.standing.queued, whole(6));
}

pub async fn a_key_of_an_accepted_batch_tells_the_batch(h: &mut Harness) {
    let mut place = h.open_stream(Some("k")).await;
    h.stage(&mut place, &[1]).await;
    h.release(&place, OnShort::Refuse).await;
    let open = h.opening(Some("k"));
    let StreamOpening::Accepted(row, at) = h.store().open_stream(open).await.unwrap() else { panic!("it was accepted") };
    assert_eq!((row.id.raw(), at.blocks, at.digest), (place.batch, 1, place.digest));
    assert_eq!(*row, h.batch(row.id).await);
    h.order(row.id, BatchOrder::Cancel).await.unwrap();
    let open = h.opening(Some("k"));
    assert!(matches!(h.store().open_stream(open).await.unwrap(), StreamOpening::Accepted(..)), "cancelled later, it was accepted all the same");
}

pub async fn a_key_belongs_to_its_account_form_and_scope(h: &mut Harness) {
    h.defs.push(super::harness::account_def("onfon-two", "made-up-client-two"));
    let other = h.restart().await[1].account;
    h.open_stream(Some("k")).await;
    let open = h.opening(Some("k"));
    conflict(h.store().open_stream(OpenStream { source: BatchSource::Ndjson, ..open }).await);
    let open = h.opening(Some("k"));
    conflict(h.store().open_stream(OpenStream { account: other, ..open }).await);
    let open = h.opening(None);
    let scoped = OpenStream { key: Some(("b".to_owned(), "k".to_owned())), ..open };
    assert!(matches!(h.store().open_stream(scoped).await.unwrap(), StreamOpening::New(_)));
    let open = h.opening(None);
    assert!(matches!(h.store().open_stream(OpenStream { account: AccountId::from_raw(77), ..open }).await, Err(StoreError::NotFound { .. })));
}

pub async fn a_key_is_free_after_its_time(h: &mut Harness) {
    let mut place = h.open_stream(Some("k")).await;
    h.stage(&mut place, &[1]).await;
    h.release(&place, OnShort::Refuse).await;
    h.now = h.now.after(IDEMPOTENCY_KEPT).before(Duration::from_secs(1));
    let open = h.opening(Some("k"));
    assert!(matches!(h.store().open_stream(open).await.unwrap(), StreamOpening::Accepted(..)));
    h.wait(2);
    let again = h.open_stream(Some("k")).await;
    assert!(again.batch != place.batch && again.blocks == 0);
}

pub async fn what_is_not_covered_is_refused_and_its_key_is_free(h: &mut Harness) {
    h.said(10).await;
    h.queue(&[4]).await;
    let mut place = h.open_stream(Some("k")).await;
    h.stage(&mut place, &[3, 4]).await;
    let before = h.snapshot().await;
    let Released::Short(short) = h.release(&place, OnShort::Refuse).await else { panic!("6 are left") };
    assert_eq!((short.charge, short.available, short.shortfall), (whole(7), whole(6), whole(1)));
    let row = h.batch(BatchId::from_raw(place.batch)).await;
    assert_eq!((row.state, row.cause.as_deref(), row.released_at), (BatchState::Refused, Some("insufficient_balance"), None));
    assert_eq!(h.snapshot().await, before);
    let release = Release { batch: row.id, epoch: place.epoch, rules: h.rules, on_short: OnShort::Hold, now: h.now };
    conflict(h.store().release(release).await);
    let again = h.open_stream(Some("k")).await;
    assert!(again.batch != place.batch);
    assert_eq!(h.sweep(100).await.len(), 2);
}

pub async fn the_credit_limit_and_the_reserve_count_at_the_release(h: &mut Harness) {
    h.said(10).await;
    h.rules = SpendingRules { credit_limit: whole(2), reserve_for_high: whole(5) };
    let mut place = h.open_stream(None).await;
    h.stage(&mut place, &[8]).await;
    let Released::Short(short) = h.release(&place, OnShort::Refuse).await else { panic!("bulk may not use the reserve") };
    assert_eq!(short.available, whole(7));
    h.rules = SpendingRules { credit_limit: whole(3), reserve_for_high: whole(5) };
    h.stream(&[8]).await;
}

pub async fn a_held_batch_is_released_and_waits(h: &mut Harness) {
    h.said(1).await;
    let mut place = h.open_stream(None).await;
    h.stage(&mut place, &[3, 4]).await;
    assert!(matches!(h.release(&place, OnShort::Hold).await, Released::Running(..)));
    assert_eq!(h.snapshot().await.standing.queued, whole(7));
    let outcome = h.begin_many(1, 20).await;
    assert_eq!((outcome.begun.len(), outcome.short.map(|short| short.charge)), (0, Some(whole(3))));
}

pub async fn with_partial_the_longest_run_that_is_covered_is_released(h: &mut Harness) {
    h.said(10).await;
    let mut place = h.open_stream(None).await;
    let ids = h.stage(&mut place, &[3, 4, 5, 1]).await;
    let Released::Running(row, snapshot) = h.release(&place, OnShort::Partial).await else { panic!("a part is covered") };
    assert_eq!((row.state, row.messages, row.charge, snapshot.standing.queued), (BatchState::Running, 4, whole(13), whole(7)));
    assert_eq!(row.covered, Some((2, whole(7))));
    assert!(h.try_begin(20).await.begun.is_empty(), "not while its rest is being taken back");
    assert_eq!(h.sweep(100).await, vec![(ids[2], MessageState::Cancelled), (ids[3], MessageState::Cancelled)]);
    let detail = h.detail(ids[2]).await.row;
    assert_eq!((detail.cause.as_deref(), h.snapshot().await.standing.queued), (Some("insufficient_balance"), whole(7)));
    let begun = h.begin(20).await;
    assert_eq!(begun.messages.iter().map(|message| message.id).collect::<Vec<_>>(), ids[..2].to_vec());
    h.end(begun.id, vec![sent("a"), sent("b")]).await;
    let row = h.batch(row.id).await;
    assert_eq!((row.is_done(), row.counts.get(MessageState::Cancelled), row.spent), (true, 2, whole(7)));
}

pub async fn with_partial_nothing_covered_is_refused(h: &mut Harness) {
    h.said(2).await;
    let mut place = h.open_stream(None).await;
    h.stage(&mut place, &[3, 1]).await;
    assert!(matches!(h.release(&place, OnShort::Partial).await, Released::Short(_)));
    assert_eq!(h.batch(BatchId::from_raw(place.batch)).await.state, BatchState::Refused);
}

pub async fn with_partial_everything_covered_is_whole(h: &mut Harness) {
    h.said(4).await;
    let mut place = h.open_stream(None).await;
    h.stage(&mut place, &[3, 1]).await;
    assert!(matches!(h.release(&place, OnShort::Partial).await, Released::Running(..)));
    assert_eq!((h.snapshot().await.standing.queued, h.begin(20).await.messages.len()), (whole(4), 2));
}

pub async fn a_stream_without_a_good_line_is_refused(h: &mut Harness) {
    let place = h.open_stream(Some("k")).await;
    let block = h.block(&place, &[]);
    h.store().stage(Block { errors: vec![error(2, "bad_number")], lines: 1, ..block }).await.unwrap();
    let Released::Empty(row) = h.release(&place, OnShort::Partial).await else { panic!("nothing is in it") };
    assert_eq!((row.state, row.cause.as_deref(), row.refused), (BatchState::Refused, Some("none_valid"), 1));
    assert_eq!(*row, h.batch(row.id).await);
    h.open_stream(Some("k")).await;
}

pub async fn a_dropped_stream_sends_nothing(h: &mut Harness) {
    let mut place = h.open_stream(Some("k")).await;
    let ids = h.stage(&mut place, &[1, 2]).await;
    let id = BatchId::from_raw(place.batch);
    h.wait(1);
    h.store().drop_stream(id, place.epoch, h.now).await.unwrap();
    let row = h.batch(id).await;
    assert_eq!((row.state, row.cause.as_deref(), row.updated_at), (BatchState::Cancelled, Some("abandoned"), h.now));
    h.store().drop_stream(id, place.epoch, h.now).await.unwrap();
    assert_eq!(h.sweep(1).await.len(), 2);
    assert_eq!((h.detail(ids[0]).await.row.state, h.snapshot().await.standing.queued), (MessageState::Cancelled, Units::ZERO));
    h.open_stream(Some("k")).await;
    assert!(matches!(h.store().drop_stream(BatchId::from_raw(7), 1, h.now).await, Err(StoreError::NotFound { .. })));
}

pub async fn a_released_stream_is_not_dropped(h: &mut Harness) {
    let mut place = h.open_stream(None).await;
    h.stage(&mut place, &[1]).await;
    h.release(&place, OnShort::Refuse).await;
    let before = h.batch(BatchId::from_raw(place.batch)).await;
    h.wait(1);
    h.store().drop_stream(before.id, place.epoch, h.now).await.unwrap();
    assert_eq!(h.batch(before.id).await, before);
}

pub async fn a_staged_message_may_be_taken_back_alone(h: &mut Harness) {
    let mut place = h.open_stream(None).await;
    let ids = h.stage(&mut place, &[1, 2, 4]).await;
    h.store().cancel(ids[1], h.now).await.unwrap();
    assert_eq!(h.snapshot().await.standing.queued, Units::ZERO);
    assert!(matches!(h.release(&place, OnShort::Refuse).await, Released::Running(..)));
    assert_eq!(h.snapshot().await.standing.queued, whole(5), "what still waits");
}

pub async fn scheduled_lines_wait_for_their_time(h: &mut Harness) {
    let place = h.open_stream(None).await;
    let mut block = h.block(&place, &[1, 1]);
    let at = h.now.after(Duration::from_secs(60));
    block.messages[0].send_at = Some(at);
    let id = block.messages[0].id;
    h.store().stage(block).await.unwrap();
    let batch = BatchId::from_raw(place.batch);
    assert_eq!(h.batch(batch).await.counts.get(MessageState::Scheduled), 1);
    h.wait(90);
    assert!(h.try_begin(20).await.begun.is_empty());
    assert_eq!(h.detail(id).await.row.state, MessageState::Scheduled, "nobody looked at it");
    h.release(&place, OnShort::Refuse).await;
    assert_eq!(h.begin(20).await.messages.len(), 2);
}
