//! The engine: opens the accounts, starts a tracker and a dispatcher for each, and is the one handle that the rooms above hold.

mod building;
mod sending;

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;
use salio_domain::AccountId;
use salio_store::{AccountSnapshot, Replay, Store, StoreError};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::balance::{Command, RefreshError, Refreshed};
use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::hub::{Hub, Watching};
use crate::options::{AccountOptions, EngineOptions};
use crate::outbox::{Intake, Key};
use crate::shared::Shared;
use crate::view::BalanceView;

/// Why the engine cannot start.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The schedule cannot be read.
    #[error(transparent)]
    Schedule(#[from] crate::schedule::ScheduleError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The running engine; cheap to clone. Dropping the last clone ends its tasks at once; [`Engine::stop`] lets them end in order.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    options: EngineOptions,
    shared: Arc<Shared>,
    intake: Intake,
    /// By id; [`Engine::accounts`] has the order.
    accounts: BTreeMap<AccountId, AccountOptions>,
    order: Vec<AccountId>,
    stop: CancellationToken,
    tasks: Mutex<JoinSet<()>>,
}

impl Engine {
    /// Opens the accounts and starts working.
    ///
    /// # Errors
    /// When the schedule cannot be read or the database fails.
    pub async fn start(options: EngineOptions, store: Arc<dyn Store>, clock: Clock, entropy: Arc<Entropy>) -> Result<Self, EngineError> {
        building::build(options, store, clock, entropy).await
    }

    /// From where viewers hear.
    #[must_use]
    pub fn hub(&self) -> &Hub {
        &self.inner.shared.hub
    }

    /// What is kept; for reading.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.inner.shared.store
    }

    /// The clock everything here goes by.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.inner.shared.clock
    }

    /// Accepts messages.
    #[must_use]
    pub fn intake(&self) -> &Intake {
        &self.inner.intake
    }

    /// The settings it runs with.
    #[must_use]
    pub fn options(&self) -> &EngineOptions {
        &self.inner.options
    }

    /// The accounts, in the order of the configuration.
    pub fn accounts(&self) -> impl Iterator<Item = (AccountId, &AccountOptions)> {
        self.inner.order.iter().filter_map(|id| self.inner.accounts.get(id).map(|account| (*id, account)))
    }

    /// The account that a slug or an id stands for.
    #[must_use]
    pub fn find(&self, word: &str) -> Option<AccountId> {
        let id = word.parse::<AccountId>().ok();
        self.accounts().find(|(own, options)| options.slug == word || Some(*own) == id).map(|(own, _)| own)
    }

    /// The balance of an account, seen now. Causes nothing.
    #[must_use]
    pub fn view(&self, account: AccountId) -> Option<BalanceView> {
        let snapshot = self.inner.shared.hub.latest(account)?;
        self.view_of(&snapshot)
    }

    /// A snapshot, seen now.
    #[must_use]
    pub fn view_of(&self, snapshot: &AccountSnapshot) -> Option<BalanceView> {
        let options = self.inner.accounts.get(&snapshot.account)?;
        let ttl = self.inner.options.balance.ask.cache_ttl;
        Some(BalanceView::of(snapshot, options.provider.name(), &options.unit, ttl, self.inner.shared.hub.next_refresh_at(snapshot.account), self.inner.shared.clock.now()))
    }

    /// Somebody reads the balance: a stale one is asked for again, once.
    pub fn read(&self, account: AccountId) {
        if let Some(reach) = self.inner.shared.reach.get(&account) {
            reach.tracker.nudge(Command::Read);
        }
    }

    /// A dashboard opens; it stays open while the answer lives.
    #[must_use]
    pub fn watch(&self) -> Watching {
        let watching = self.inner.shared.hub.watch();
        self.inner.order.iter().for_each(|account| self.read(*account));
        watching
    }

    /// A person's sync: asks the provider now, or joins the question that is running.
    ///
    /// # Errors
    /// When no figure came; the last one stays.
    pub async fn refresh(&self, account: AccountId) -> Result<Refreshed, RefreshError> {
        let reach = self.inner.shared.reach.get(&account).ok_or(StoreError::NotFound { what: "account" })?;
        reach.tracker.refresh().await
    }

    /// Makes the balance stale; deletes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clear_cache(&self, account: AccountId) -> Result<AccountSnapshot, StoreError> {
        let snapshot = self.inner.shared.store.clear_cache(account, self.inner.shared.clock.now()).await?;
        Ok(self.changed(snapshot))
    }

    /// A person confirms the new form of the provider's figure; it is asked for again at once.
    ///
    /// # Errors
    /// When nothing waits for that, or no figure came.
    pub async fn accept_form(&self, account: AccountId) -> Result<Refreshed, RefreshError> {
        let snapshot = self.inner.shared.store.accept_form(account, self.inner.shared.clock.now()).await?;
        self.changed(snapshot);
        self.refresh(account).await
    }

    /// The first answer that is kept under a key. Its messages may wait for somebody who was never told: whoever sends is woken.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn replay(&self, key: &Key) -> Result<Option<Replay>, StoreError> {
        let replay = self.inner.shared.store.replay(key).await?;
        if matches!(replay, Some(Replay::Same(_))) {
            self.inner.shared.wake_dispatchers();
        }
        Ok(replay)
    }

    /// What every part of it holds.
    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.inner.shared
    }

    /// Shows a changed account, and wakes whoever waits for that.
    pub(crate) fn changed(&self, snapshot: AccountSnapshot) -> AccountSnapshot {
        self.inner.shared.changed(snapshot.clone());
        snapshot
    }

    /// Stops taking, lets what is in flight end and be written, and closes the store.
    pub async fn stop(&self) {
        self.inner.stop.cancel();
        let mut tasks = std::mem::take(&mut *self.inner.tasks.lock());
        while tasks.join_next().await.is_some() {}
        self.inner.shared.store.close().await;
    }

    /// Ends every task where it stands, as a crash would.
    pub fn abort(&self) {
        self.inner.tasks.lock().abort_all();
    }
}
