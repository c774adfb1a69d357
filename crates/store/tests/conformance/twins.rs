//! Two stores that are told the same and must say the same.
//!
//! Knows nothing of: what they are told, and in which order.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use salio_domain::{AccountId, Timestamp};
use salio_store::*;

use super::books;
use super::harness::{START, account_def};
use super::house::{House, Memory, Sqlite};

pub struct Twin {
    house: Box<dyn House>,
    store: Option<Arc<dyn Store>>,
    version: i64,
}

/// Both stores; the account has the same id in both, for ids come from the clock.
pub struct Twins {
    pub memory: Twin,
    pub sqlite: Twin,
    pub account: AccountId,
    pub story: String,
    /// The latest that the clock has shown; it may have gone back.
    latest: Timestamp,
}

impl Twin {
    fn new(house: impl House + 'static) -> Self {
        Self { house: Box::new(house), store: None, version: 0 }
    }

    pub fn store(&self) -> &dyn Store {
        self.store.as_deref().expect("a process runs")
    }

    async fn restart(&mut self, now: Timestamp, story: &str) -> AccountSnapshot {
        drop(self.store.take());
        let store = self.house.process();
        let snapshot = store.open(&[account_def("onfon", "made-up-client")], now).await.expect("opens").remove(0);
        self.store = Some(store);
        assert!(snapshot.version > now.micros(), "{story}");
        self.seen(snapshot, story)
    }

    /// A snapshot without its version, which must have grown unless nothing changed.
    fn seen(&mut self, snapshot: AccountSnapshot, story: &str) -> AccountSnapshot {
        assert!(snapshot.version >= self.version, "{story}: {} after {}", snapshot.version, self.version);
        self.version = snapshot.version;
        AccountSnapshot { version: 0, ..snapshot }
    }
}

/// What kind of an error; the words for people may differ.
pub fn kind<T>(result: Result<T>) -> std::result::Result<T, &'static str> {
    result.map_err(|error| match error {
        StoreError::NotFound { .. } => "not found",
        StoreError::Conflict { .. } => "conflict",
        StoreError::Broken { .. } => "broken",
        StoreError::Closed => "closed",
    })
}

pub fn without_version(snapshot: AccountSnapshot) -> AccountSnapshot {
    AccountSnapshot { version: 0, ..snapshot }
}

impl Twins {
    pub async fn new() -> Self {
        let (memory, sqlite) = (Twin::new(Memory::default()), Twin::new(Sqlite::default()));
        let mut new = Self { memory, sqlite, account: AccountId::from_raw(0), story: "the start".to_owned(), latest: START };
        new.restart(START).await;
        new
    }

    pub async fn restart(&mut self, now: Timestamp) {
        let one = self.memory.restart(now, &self.story).await;
        let other = self.sqlite.restart(now, &self.story).await;
        self.same(&one, &other);
        self.account = one.account;
    }

    /// Tells both the same; what they answered, once it is the same.
    pub async fn both<T: Debug>(&self, tell: impl AsyncFn(&dyn Store) -> T) -> T {
        let one = tell(self.memory.store()).await;
        let other = tell(self.sqlite.store()).await;
        self.same(&one, &other);
        one
    }

    fn same<T: Debug>(&self, one: &T, other: &T) {
        let (one, other) = (format!("{one:#?}"), format!("{other:#?}"));
        let first = one.lines().zip(other.lines()).position(|(one, other)| one != other);
        let around = |text: &str| text.lines().skip(first.unwrap_or_default().saturating_sub(12)).take(20).collect::<Vec<_>>().join("\n");
        assert!(one == other, "memory and SQLite differ: {}\nmemory:\n{}\nSQLite:\n{}", self.story, around(&one), around(&other));
    }

    /// Both stand as they should, and as each other.
    pub async fn check(&mut self, now: Timestamp) {
        let (account, story) = (self.account, self.story.clone());
        let one = self.memory.store().snapshot(account).await.expect("there");
        let other = self.sqlite.store().snapshot(account).await.expect("there");
        let (one, other) = (self.memory.seen(one, &story), self.sqlite.seen(other, &story));
        self.same(&one, &other);
        // What is due already may be due since any earlier instant.
        self.latest = self.latest.max(now);
        let latest = self.latest;
        self.both(async |store| store.next_due(account).await.expect("read").map(|due| due.max(latest))).await;
        books::balance(self.memory.store(), account, &story).await;
        books::balance(self.sqlite.store(), account, &story).await;
    }

    /// Everything that can be looked at is the same.
    pub async fn compare(&self, now: Timestamp) {
        let account = self.account;
        let messages = self.both(async |store| store.messages(&MessageFilter { limit: 10_000, ..MessageFilter::default() }).await.expect("listed")).await;
        for row in messages {
            self.both(async |store| store.message(row.id).await.expect("there")).await;
        }
        self.both(async |store| {
            let mut audit = store.audit(account).await.expect("audited");
            // The clock may have gone back between two questions; the budget does not mind their order.
            audit.calls.sort_by_key(|call| (call.at, call.class as u8));
            Audit { snapshot: without_version(audit.snapshot), ..audit }
        })
        .await;
        self.both(async |store| store.activity(None, 10_000).await.expect("listed")).await;
        self.both(async |store| store.questions(account, 10_000).await.expect("listed")).await;
        for step in [1, 60, 3600] {
            self.both(async |store| store.history(account, START, now, Duration::from_secs(step)).await.expect("read")).await;
        }
        self.both(async |store| store.last_id().await.expect("read")).await;
    }
}
