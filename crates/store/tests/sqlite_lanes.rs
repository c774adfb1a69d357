//! Many batches at once: lanes take turns, and what does not run is passed over.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod sqlite_support;

use std::collections::BTreeMap;
use std::time::Duration;

use salio_domain::ids::BatchId;
use salio_domain::message::Priority;
use salio_domain::{SubmissionId, Units};
use salio_store::sqlite::SqliteStore;
use salio_store::*;
use sqlite_support::*;

async fn list(store: &SqliteStore, account: &AccountSnapshot, batch: i64, messages: Vec<NewMessage>) {
    let lines = messages.len() as i64;
    let batch = NewBatch { id: BatchId::from_raw(batch), lines, refused: 0, duplicates: 0 };
    store.accept(NewMessages { batch: Some(batch), ..new(account, messages) }).await.unwrap();
}

fn bulk(ids: std::ops::RangeInclusive<i64>) -> Vec<NewMessage> {
    ids.map(|id| NewMessage { priority: Priority::Bulk, ..message(id) }).collect()
}

/// How many of each lane are in a submission.
fn shares(begun: &BegunSubmission) -> BTreeMap<i64, usize> {
    let mut shares = BTreeMap::new();
    for message in &begun.messages {
        *shares.entry(message.batch.map_or(0, BatchId::raw)).or_default() += 1;
    }
    shares
}

#[tokio::test]
async fn lanes_take_turns_and_a_submission_that_is_not_full_goes_on_with_the_next() {
    let place = Place::new();
    let (store, account) = place.open().await;
    list(&store, &account, 501, bulk(1..=60)).await;
    list(&store, &account, 502, bulk(101..=105)).await;
    list(&store, &account, 503, bulk(201..=260)).await;
    store.accept(new(&account, bulk(301..=330))).await.unwrap();
    let begun = begin_all(&store, account.account, &[9001, 9002, 9003, 9004, 9005, 9006, 9007], 20, NOW).await.begun;
    let shares: Vec<_> = begun.iter().map(shares).collect();
    let of = |lanes: &[(i64, usize)]| lanes.iter().copied().collect::<BTreeMap<_, _>>();
    assert_eq!(shares, [of(&[(0, 20)]), of(&[(501, 20)]), of(&[(502, 5), (503, 15)]), of(&[(503, 20)]), of(&[(0, 10), (501, 10)]), of(&[(501, 20)]), of(&[(503, 20)]),]);
    let row = store.batch(BatchId::from_raw(501)).await.unwrap();
    assert_eq!((row.counts.get(salio_domain::message::MessageState::Submitting), row.spent, row.begun_at), (50, Units::whole(50), Some(NOW)));
}

#[tokio::test]
async fn batches_that_do_not_run_are_not_served() {
    const PAUSED: i64 = 2_000;
    let place = Place::new();
    let (store, account) = place.open().await;
    for (batch, first) in [(501, 1), (502, PAUSED + 1)] {
        list(&store, &account, batch, bulk(first..=first + PAUSED - 1)).await;
        store.order_batch(BatchId::from_raw(batch), BatchOrder::Pause, NOW).await.unwrap();
    }
    assert_eq!(store.next_due(account.account).await.unwrap(), None);
    assert!(begin(&store, account.account, 90_000_000, 20, NOW).await.begun.is_empty());
    list(&store, &account, 503, bulk(100_001..=100_020)).await;
    assert_eq!(store.next_due(account.account).await.unwrap(), Some(NOW));
    let begun = begin(&store, account.account, 90_000_001, 20, NOW).await.begun;
    assert_eq!(shares(&begun[0]), BTreeMap::from([(503, 20)]));
    store.order_batch(BatchId::from_raw(501), BatchOrder::Resume, NOW).await.unwrap();
    let begun = begin(&store, account.account, 90_000_002, 20, NOW).await.begun;
    assert_eq!(shares(&begun[0]), BTreeMap::from([(501, 20)]));
    assert_eq!(store.audit(account.account).await.unwrap().queued, store.snapshot(account.account).await.unwrap().standing.queued);
}

#[tokio::test]
async fn a_thousand_batches_all_have_their_turn() {
    const LANES: i64 = 1200;
    let place = Place::new();
    let (store, account) = place.open().await;
    let mut calls = Vec::new();
    let store = std::sync::Arc::new(store);
    for lane in 1..=LANES {
        // One in two waits for its time: its lane is served, and nothing of it may go.
        let send_at = (lane % 2 == 0).then(|| NOW.after(Duration::from_hours(1)));
        let messages = bulk(lane * 10..=lane * 10 + 1).into_iter().map(|message| NewMessage { send_at, ..message }).collect();
        let (store, account) = (store.clone(), account.clone());
        calls.push(tokio::spawn(async move { list(&store, &account, 1_000_000 + lane, messages).await }));
    }
    for call in calls {
        call.await.unwrap();
    }
    let (mut left, mut calls) = (0, 0);
    while calls < 1000 {
        calls += 1;
        let outcome = begin(&store, account.account, 90_000_000 + calls, 20, NOW).await;
        left += outcome.begun.iter().map(|begun| begun.messages.len()).sum::<usize>();
        if outcome.begun.is_empty() && !outcome.more {
            break;
        }
    }
    assert_eq!(left, 1200);
    assert_eq!(store.next_due(account.account).await.unwrap(), Some(NOW.after(Duration::from_hours(1))));
}

#[tokio::test]
async fn a_batch_is_counted_through_a_restart() {
    use salio_domain::message::MessageState::{Cancelled, Queued, Rejected, Sent, Unknown};
    let place = Place::new();
    let (store, account) = place.open().await;
    list(&store, &account, 501, bulk(1..=6)).await;
    let begun = begin(&store, account.account, 9001, 4, NOW).await.begun.remove(0);
    end(&store, &begun, vec![sent("a"), sent("b"), rejected(), in_doubt()], NOW).await;
    begin(&store, account.account, 9002, 1, NOW).await;
    store.cancel(salio_domain::MessageId::from_raw(6), NOW).await.unwrap();
    let row = store.batch(BatchId::from_raw(501)).await.unwrap();
    assert_eq!((row.counts.waiting(), row.ended_at, row.spent), (1, None, Units::whole(4)));
    store.close().await;
    let (store, _) = place.open().await;
    let row = store.batch(BatchId::from_raw(501)).await.unwrap();
    let counts = [Sent, Rejected, Unknown, Cancelled, Queued].map(|state| row.counts.get(state));
    assert_eq!((counts, row.spent, row.ended_at, row.is_done()), ([2, 1, 2, 1, 0], Units::whole(4), Some(NOW), true));
    assert!(matches!(store.end_submission(SubmissionId::from_raw(9002), EndSubmission { results: vec![sent("c")], raw: None, now: NOW }).await, Err(StoreError::Conflict { .. })));
}
