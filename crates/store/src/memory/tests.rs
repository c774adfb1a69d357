//! Death of a process between commits: what was committed stays, nothing else is written, and nobody hears anything any more.

use salio_domain::pricing::Price;
use salio_domain::{Timestamp, Units};

use super::MemoryStore;
use crate::{AccountDef, Store};

const NOW: Timestamp = Timestamp::from_micros(1_795_000_000_000_000);

fn defs() -> Vec<AccountDef> {
    let price = Price { per_segment: Units::whole(1), ..Price::ASSUMED };
    vec![AccountDef {
        slug: "onfon".into(),
        provider: "onfon".into(),
        unit: "units".into(),
        client: "made-up-client".into(),
        credentials: "made-up-key".into(),
        price,
        prices: vec![],
    }]
}

/// What a call gave when polled once; none while it pends. Calls complete inline, so once is enough.
async fn now_or_never<T>(call: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        done = call => Some(done),
        () = std::future::ready(()) => None,
    }
}

#[tokio::test]
async fn after_its_last_commit_a_process_writes_and_hears_nothing() {
    let store = MemoryStore::new();
    let process = store.process();
    let account = process.open(&defs(), NOW).await.unwrap()[0].account;
    process.crash_after(2);
    let first = process.touch(account).await.unwrap();
    assert!(!process.has_crashed() && now_or_never(process.crashed()).await.is_none());
    let second = process.clone().touch(account).await.unwrap();
    assert_eq!(second.version, first.version + 1);
    assert!(process.has_crashed() && now_or_never(process.crashed()).await.is_some());
    assert!(now_or_never(process.touch(account)).await.is_none());
    assert!(now_or_never(process.snapshot(account)).await.is_none());
    assert_eq!((store.commits(), process.commits()), (3, 3));
    assert_eq!(store.process().snapshot(account).await.unwrap().version, second.version);
}

#[tokio::test]
async fn the_last_commit_may_stay_unheard() {
    let store = MemoryStore::new();
    let process = store.process();
    let opened = process.open(&defs(), NOW).await.unwrap().remove(0);
    process.crash_unheard_after(1);
    assert!(process.snapshot(opened.account).await.is_ok(), "reading is no commit");
    assert!(now_or_never(process.touch(opened.account)).await.is_none());
    assert_eq!(store.process().snapshot(opened.account).await.unwrap().version, opened.version + 1);
}

#[tokio::test]
async fn a_crash_at_once_leaves_others_alone() {
    let store = MemoryStore::new();
    let (one, other) = (store.process(), store.process());
    let account = one.open(&defs(), NOW).await.unwrap()[0].account;
    one.crash();
    assert!(now_or_never(one.touch(account)).await.is_none());
    assert!(other.touch(account).await.is_ok() && !other.has_crashed());
    assert_eq!((other.commits(), store.commits()), (1, 2));
}
