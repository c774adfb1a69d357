//! Two stores that are told the same and must say the same.
//!
//! Knows nothing of: what they are told, and in which order.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use salio_domain::pricing::{Price, PriceSource};
use salio_domain::{AccountId, Timestamp, Units};
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
    /// Which prices the configuration names.
    pub prices: i64,
    /// The latest that the clock has shown; it may have gone back.
    latest: Timestamp,
}

/// Several lists of prices.
fn def(prices: i64) -> AccountDef {
    let at = |units| Price { per_segment: Units::whole(units), source: PriceSource::Configured };
    let named = [("2547", at(1)), ("25471", at(1 + prices))].into_iter().filter(|_| prices > 0);
    AccountDef { prices: named.map(|(prefix, price)| (prefix.to_owned(), price)).collect(), ..account_def("onfon", "made-up-client") }
}

impl Twin {
    fn new(house: impl House + 'static) -> Self {
        Self { house: Box::new(house), store: None, version: 0 }
    }

    pub fn store(&self) -> &dyn Store {
        self.store.as_deref().expect("a process runs")
    }

    async fn restart(&mut self, now: Timestamp, prices: i64, story: &str) -> AccountSnapshot {
        drop(self.store.take());
        let store = self.house.process();
        let snapshot = store.open(&[def(prices)], now).await.expect("opens").remove(0);
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
        let mut new = Self { memory, sqlite, account: AccountId::from_raw(0), story: "the start".to_owned(), prices: 0, latest: START };
        new.restart(START).await;
        new
    }

    pub async fn restart(&mut self, now: Timestamp) {
        let one = self.memory.restart(now, self.prices, &self.story).await;
        let other = self.sqlite.restart(now, self.prices, &self.story).await;
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
        self.both(async |store| store.batches(&BatchFilter { limit: 10_000, ..BatchFilter::default() }).await.expect("listed")).await;
        self.both(async |store| store.ledger_head(account).await.expect("books")).await;
        self.both(async |store| store.next_forward(&[]).await.expect("read")).await;
        self.both(async |store| doubts(store, account).await).await;
        books::balance(self.memory.store(), account, &story).await;
        books::balance(self.sqlite.store(), account, &story).await;
    }

    /// Nothing is left to take back.
    pub async fn check_swept(&self) {
        books::swept(self.memory.store(), self.account, &self.story).await;
        books::swept(self.sqlite.store(), self.account, &self.story).await;
    }

    /// Everything that can be looked at is the same.
    pub async fn compare(&self, now: Timestamp) {
        let account = self.account;
        let messages = self.both(async |store| store.messages(&MessageFilter { limit: 10_000, ..MessageFilter::default() }).await.expect("listed")).await;
        for row in messages {
            self.both(async |store| {
                let mut detail = store.message(row.id).await.expect("there");
                detail.provider_message_ids.sort();
                detail.provider_message_ids.dedup();
                detail
            })
            .await;
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
        self.compare_sending(now).await;
    }

    async fn compare_sending(&self, now: Timestamp) {
        let account = self.account;
        for batch in self.both(async |store| store.batches(&BatchFilter { limit: 10_000, ..BatchFilter::default() }).await.expect("listed")).await {
            self.both(async |store| store.batch_errors(batch.id, 0, 10_000).await.expect("listed")).await;
        }
        self.both(async |store| store.ledger(account, 0, 100_000).await.expect("books")).await;
        self.both(async |store| store.reports(&ReportFilter { limit: 10_000, ..ReportFilter::default() }).await.expect("listed")).await;
        self.both(async |store| store.forwards_due(now.after(Duration::from_hours(1000)), &[], 10_000).await.expect("listed")).await;
        self.both(async |store| store.tokens().await.expect("listed")).await;
        self.both(async |store| store.inbound_messages(None, None, 10_000).await.expect("listed")).await;
        self.both(async |store| {
            let mut stops = store.stops().await.expect("listed");
            stops.sort();
            stops
        })
        .await;
    }
}

/// All doubts, as the look-ups and the policy see them.
async fn doubts(store: &dyn Store, account: AccountId) -> (Vec<DoubtRow>, Vec<salio_domain::MessageId>) {
    let ever = START.after(Duration::from_hours(100_000));
    let mut rows = store.doubts_to_look_up(account, ever, 10_000).await.expect("listed");
    for row in &mut rows {
        row.provider_message_ids.sort();
        row.provider_message_ids.dedup();
    }
    (rows, store.doubts_since(account, ever, 10_000).await.expect("listed"))
}
