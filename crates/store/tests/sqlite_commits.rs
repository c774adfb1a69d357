//! Many callers, one writer: what they share and what they do not.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod sqlite_support;

use std::collections::BTreeSet;
use std::sync::Arc;

use salio_domain::{MessageId, Units};
use salio_store::*;
use sqlite_support::*;

/// All at once, as the web server does it.
async fn accept_all(store: &Arc<sqlite::SqliteStore>, account: &AccountSnapshot, ids: impl Iterator<Item = i64>) -> Vec<Result<Acceptance>> {
    let calls: Vec<_> = ids
        .map(|id| {
            let (store, new) = (store.clone(), new(account, vec![message(id), message(id + 1_000_000)]));
            tokio::spawn(async move { store.accept(new).await })
        })
        .collect();
    let mut out = Vec::new();
    for call in calls {
        out.push(call.await.unwrap());
    }
    out
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_accepted_message_is_there_once_and_versions_have_no_gap() {
    let place = Place::new();
    let (store, account) = place.open().await;
    let store = Arc::new(store);
    let versions: BTreeSet<i64> = accept_all(&store, &account, 1..=500)
        .await
        .into_iter()
        .map(|accepted| match accepted.unwrap() {
            Acceptance::Accepted(snapshot) => snapshot.version,
            other => panic!("no key was used, no cover asked for: {other:?}"),
        })
        .collect();
    assert_eq!(versions, (1..=500).map(|step| account.version + step).collect());
    let after = store.snapshot(account.account).await.unwrap();
    assert_eq!((after.standing.queued, after.version), (Units::whole(1000), account.version + 500));
    assert_eq!(store.messages(&MessageFilter { limit: 5000, ..MessageFilter::default() }).await.unwrap().len(), 1000);
    store.close().await;
    let (again, _) = place.open().await;
    assert_eq!(again.audit(account.account).await.unwrap().queued, Units::whole(1000));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_fails_half_way_writes_nothing_and_leaves_the_others_whole() {
    let place = Place::new();
    let (store, account) = place.open().await;
    let store = Arc::new(store);
    // The second message of every tenth call is there already, so these calls fail after they have written their first one.
    let taken = (1..=200).filter(|id| id % 10 == 0).map(|id| message(id + 1_000_000)).collect();
    store.accept(new(&account, taken)).await.unwrap();
    let results = accept_all(&store, &account, 1..=200).await;
    let refused = results.iter().filter(|result| matches!(result, Err(StoreError::Conflict { .. }))).count();
    assert_eq!((refused, results.iter().filter(|result| result.is_ok()).count()), (20, 180));
    for id in 1..=200 {
        assert_eq!(store.message(MessageId::from_raw(id)).await.is_ok(), id % 10 != 0, "{id}");
    }
    let audit = store.audit(account.account).await.unwrap();
    assert_eq!((audit.queued, audit.snapshot.standing.queued), (Units::whole(380), Units::whole(380)));
    assert_eq!(audit.snapshot.version, account.version + 181);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_at_once_under_one_key_give_one_message() {
    let place = Place::new();
    let (store, account) = place.open().await;
    let store = Arc::new(store);
    let calls: Vec<_> = (1..=20)
        .map(|id| {
            let key = IdempotencyKey { scope: "token:messages".into(), key: "made-up".into(), body_sha256: [7; 32] };
            let (store, new) = (store.clone(), NewMessages { idempotency: Some((key, format!("answer {id}"))), ..new(&account, vec![message(id)]) });
            tokio::spawn(async move { store.accept(new).await.unwrap() })
        })
        .collect();
    let (mut accepted, mut replayed) = (0, BTreeSet::new());
    for call in calls {
        match call.await.unwrap() {
            Acceptance::Accepted(_) => accepted += 1,
            Acceptance::Replayed(Replay::Same(answer)) => drop(replayed.insert(answer)),
            other => panic!("the bodies are the same: {other:?}"),
        }
    }
    assert_eq!((accepted, replayed.len()), (1, 1));
    assert_eq!(store.snapshot(account.account).await.unwrap().standing.queued, Units::whole(1));
}
