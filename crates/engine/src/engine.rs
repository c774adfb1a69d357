//! The engine: opens the accounts, starts a tracker and a dispatcher for each, and is the one handle that the rooms above hold.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;
use salio_domain::balance::Budget;
use salio_domain::balance::budget::WINDOW;
use salio_domain::{AccountId, MessageId};
use salio_store::{AccountDef, AccountSnapshot, MessageRow, Store, StoreError};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::balance::{Command, RefreshError, Refreshed, Tracker, TrackerHandle, TrackerParts};
use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::hub::{Event, Hub, MessageEvent, Watching};
use crate::options::{AccountOptions, EngineOptions, Mode};
use crate::outbox::{Dispatcher, DispatcherParts, Intake, IntakeAccount};
use crate::schedule::Schedule;
use crate::view::BalanceView;

/// Commands a tracker keeps; beyond that callers wait.
const COMMANDS_KEPT: usize = 256;

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

struct Account {
    options: AccountOptions,
    tracker: TrackerHandle,
    dispatcher: Arc<Notify>,
}

/// The running engine; cheap to clone. Dropping the last clone ends its tasks at once; [`Engine::stop`] lets them end in order.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    options: EngineOptions,
    store: Arc<dyn Store>,
    hub: Hub,
    clock: Clock,
    intake: Intake,
    accounts: BTreeMap<AccountId, Account>,
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
        let schedule = Schedule::new(&options.balance.schedule, &options.balance.timezone)?;
        let defs: Vec<AccountDef> = options.accounts.iter().map(def).collect();
        let snapshots = store.open(&defs, clock.now()).await?;
        let order: Vec<AccountId> = snapshots.iter().map(|snapshot| snapshot.account).collect();
        let hub = Hub::new(snapshots);
        let mut building = Building { options, store, hub, clock, entropy, schedule, stop: CancellationToken::new(), tasks: JoinSet::new() };
        let mut accounts = BTreeMap::new();
        for (id, account) in order.iter().zip(building.options.accounts.clone()) {
            accounts.insert(*id, building.account(*id, account).await?);
        }
        let intake = building.intake(&order, &accounts);
        let Building { options, store, hub, clock, stop, tasks, .. } = building;
        Ok(Self { inner: Arc::new(Inner { options, store, hub, clock, intake, accounts, order, stop, tasks: Mutex::new(tasks) }) })
    }

    /// From where viewers hear.
    #[must_use]
    pub fn hub(&self) -> &Hub {
        &self.inner.hub
    }

    /// What is kept; for reading.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.inner.store
    }

    /// The clock everything here goes by.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
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
        self.inner.order.iter().filter_map(|id| self.inner.accounts.get(id).map(|account| (*id, &account.options)))
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
        let snapshot = self.inner.hub.latest(account)?;
        self.view_of(&snapshot)
    }

    /// A snapshot, seen now.
    #[must_use]
    pub fn view_of(&self, snapshot: &AccountSnapshot) -> Option<BalanceView> {
        let options = &self.inner.accounts.get(&snapshot.account)?.options;
        let ttl = self.inner.options.balance.ask.cache_ttl;
        Some(BalanceView::of(snapshot, options.provider.name(), &options.unit, ttl, self.inner.hub.next_refresh_at(snapshot.account), self.inner.clock.now()))
    }

    /// Somebody reads the balance: a stale one is asked for again, once.
    pub fn read(&self, account: AccountId) {
        if let Some(account) = self.inner.accounts.get(&account) {
            account.tracker.nudge(Command::Read);
        }
    }

    /// A dashboard opens; it stays open while the answer lives.
    #[must_use]
    pub fn watch(&self) -> Watching {
        let watching = self.inner.hub.watch();
        self.inner.order.iter().for_each(|account| self.read(*account));
        watching
    }

    /// A person's sync: asks the provider now, or joins the question that is running.
    ///
    /// # Errors
    /// When no figure came; the last one stays.
    pub async fn refresh(&self, account: AccountId) -> Result<Refreshed, RefreshError> {
        let account = self.inner.accounts.get(&account).ok_or(StoreError::NotFound { what: "account" })?;
        account.tracker.refresh().await
    }

    /// Makes the balance stale; deletes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clear_cache(&self, account: AccountId) -> Result<AccountSnapshot, StoreError> {
        let snapshot = self.inner.store.clear_cache(account, self.inner.clock.now()).await?;
        Ok(self.changed(snapshot))
    }

    /// A person confirms the new form of the provider's figure; it is asked for again at once.
    ///
    /// # Errors
    /// When nothing waits for that, or no figure came.
    pub async fn accept_form(&self, account: AccountId) -> Result<Refreshed, RefreshError> {
        let snapshot = self.inner.store.accept_form(account, self.inner.clock.now()).await?;
        self.changed(snapshot);
        self.refresh(account).await
    }

    /// Takes back a message that has not left.
    ///
    /// # Errors
    /// When it has left, or the database fails.
    pub async fn cancel(&self, id: MessageId) -> Result<MessageRow, StoreError> {
        let (row, snapshot) = self.inner.store.cancel(id, self.inner.clock.now()).await?;
        self.changed(snapshot);
        let event = MessageEvent { account: row.account, id, to: row.to.clone(), state: row.state, cause: row.cause.clone(), at: row.updated_at };
        self.inner.hub.tell(Event::Message(Arc::new(event)));
        Ok(row)
    }

    fn changed(&self, snapshot: AccountSnapshot) -> AccountSnapshot {
        self.inner.hub.publish(snapshot.clone());
        if let Some(account) = self.inner.accounts.get(&snapshot.account) {
            account.tracker.nudge(Command::Changed);
            account.dispatcher.notify_one();
        }
        snapshot
    }

    /// Stops taking, lets what is in flight end and be written, and closes the store.
    pub async fn stop(&self) {
        self.inner.stop.cancel();
        let mut tasks = std::mem::take(&mut *self.inner.tasks.lock());
        while tasks.join_next().await.is_some() {}
        self.inner.store.close().await;
    }

    /// Ends every task where it stands, as a crash would.
    pub fn abort(&self) {
        self.inner.tasks.lock().abort_all();
    }
}

fn def(account: &AccountOptions) -> AccountDef {
    AccountDef {
        slug: account.slug.clone(),
        provider: account.provider.name().to_owned(),
        unit: account.unit.clone(),
        client: account.client.clone(),
        credentials: account.credentials.clone(),
        price: account.price,
    }
}

/// What is needed while starting.
struct Building {
    options: EngineOptions,
    store: Arc<dyn Store>,
    hub: Hub,
    clock: Clock,
    entropy: Arc<Entropy>,
    schedule: Schedule,
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl Building {
    async fn account(&mut self, id: AccountId, options: AccountOptions) -> Result<Account, EngineError> {
        let (commands, receiver) = mpsc::channel(COMMANDS_KEPT);
        let tracker = TrackerHandle::new(commands);
        let dispatcher = Arc::new(Notify::new());
        let parts = self.tracker_parts(id, &options, dispatcher.clone()).await?;
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            let _ = stop.run_until_cancelled(Tracker::new(parts, receiver).run()).await;
        });
        if self.options.mode != (Mode::Command { dispatch: false }) {
            self.tasks.spawn(Dispatcher::new(self.dispatcher_parts(id, &options, tracker.clone(), dispatcher.clone())).run());
        }
        Ok(Account { options, tracker, dispatcher })
    }

    async fn tracker_parts(&self, account: AccountId, options: &AccountOptions, dispatcher: Arc<Notify>) -> Result<TrackerParts, EngineError> {
        let now = self.clock.now();
        let shares = self.options.balance.shares(self.schedule.most_per_hour(now));
        let calls = self.store.calls_since(account, now.before(WINDOW)).await?;
        Ok(TrackerParts {
            account,
            provider: options.provider.clone(),
            store: self.store.clone(),
            hub: self.hub.clone(),
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
            options: self.options.balance.clone(),
            schedule: self.schedule.clone(),
            budget: Budget::new(shares, calls),
            automatic: self.options.mode == Mode::Serve,
            dispatcher,
        })
    }

    fn dispatcher_parts(&self, account: AccountId, options: &AccountOptions, tracker: TrackerHandle, wake: Arc<Notify>) -> DispatcherParts {
        DispatcherParts {
            account,
            provider: options.provider.clone(),
            store: self.store.clone(),
            hub: self.hub.clone(),
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
            options: options.dispatch,
            tracker,
            wake,
            stop: self.stop.clone(),
        }
    }

    fn intake(&self, order: &[AccountId], accounts: &BTreeMap<AccountId, Account>) -> Intake {
        let known = order.iter().filter_map(|id| accounts.get(id).map(|account| (*id, account)));
        let accounts = known.map(|(id, account)| IntakeAccount {
            id,
            slug: account.options.slug.clone(),
            sender_id: account.options.sender_id.clone(),
            default_country: account.options.default_country.clone(),
            default: account.options.default,
            dispatcher: account.dispatcher.clone(),
        });
        Intake { store: self.store.clone(), hub: self.hub.clone(), clock: self.clock.clone(), entropy: self.entropy.clone(), accounts: Arc::new(accounts.collect()) }
    }
}
