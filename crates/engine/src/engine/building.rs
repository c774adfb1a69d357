//! Puts an engine together: opens the accounts, makes what they share, and starts a tracker and a dispatcher for each.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;
use salio_domain::AccountId;
use salio_domain::balance::Budget;
use salio_domain::balance::budget::WINDOW;
use salio_store::{AccountDef, Store};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{Engine, EngineError, Inner};
use crate::balance::{Command, Tracker, TrackerHandle, TrackerParts};
use crate::batches::{BatchBook, tell_batches};
use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::evidence::{Doubts, Keys, forward_reports, settle_doubts};
use crate::hub::Hub;
use crate::options::{AccountOptions, EngineOptions, Mode};
use crate::outbox::{Dispatcher, DispatcherParts, Intake, IntakeAccount, StopList, keep_house};
use crate::schedule::Schedule;
use crate::shared::{Reach, Shared};

/// Commands a tracker keeps; beyond that callers wait.
const COMMANDS_KEPT: usize = 256;

pub(super) async fn build(options: EngineOptions, store: Arc<dyn Store>, clock: Clock, entropy: Arc<Entropy>) -> Result<Engine, EngineError> {
    let schedule = Schedule::new(&options.balance.schedule, &options.balance.timezone)?;
    let defs: Vec<AccountDef> = options.accounts.iter().map(def).collect();
    let snapshots = store.open(&defs, clock.now()).await?;
    let order: Vec<AccountId> = snapshots.iter().map(|snapshot| snapshot.account).collect();
    let (reach, commands): (BTreeMap<_, _>, Vec<_>) = order.iter().map(|id| reach(*id)).unzip();
    let stops = StopList::new(store.stops().await?.into_iter().map(|(number, _)| number));
    let keys = Keys::new(store.tokens().await?);
    let shared = Shared {
        store,
        hub: Hub::new(snapshots),
        clock,
        entropy,
        book: BatchBook::default(),
        stops,
        reach,
        sweeping: Notify::new(),
        forwarding: Notify::new(),
        keys,
        balance_timeout: options.balance.timeout,
    };
    let mut building = Building { options, shared: Arc::new(shared), schedule, stop: CancellationToken::new(), tasks: JoinSet::new() };
    for ((id, account), commands) in order.iter().zip(building.options.accounts.clone()).zip(commands) {
        building.account(*id, account, commands).await?;
    }
    Ok(building.done(order))
}

type Commands = mpsc::Receiver<Command>;

fn reach(account: AccountId) -> ((AccountId, Reach), Commands) {
    let (commands, receiver) = mpsc::channel(COMMANDS_KEPT);
    ((account, Reach { tracker: TrackerHandle::new(commands), dispatcher: Arc::new(Notify::new()) }), receiver)
}

fn def(account: &AccountOptions) -> AccountDef {
    AccountDef {
        slug: account.slug.clone(),
        provider: account.provider.name().to_owned(),
        unit: account.unit.clone(),
        client: account.client.clone(),
        credentials: account.credentials.clone(),
        price: account.price,
        prices: account.prices.clone(),
    }
}

/// What is needed while starting.
struct Building {
    options: EngineOptions,
    shared: Arc<Shared>,
    schedule: Schedule,
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl Building {
    async fn account(&mut self, id: AccountId, options: AccountOptions, commands: Commands) -> Result<(), EngineError> {
        let Some(reach) = self.shared.reach.get(&id).cloned() else { return Ok(()) };
        let tracker = Tracker::new(self.tracker_parts(id, &options, reach.dispatcher.clone()).await?, commands);
        self.until_stopped(async move { tracker.run().await });
        if self.dispatches()
            && let Some(dispatcher) = Dispatcher::new(self.dispatcher_parts(id, &options, reach))
        {
            self.tasks.spawn(dispatcher.run());
        }
        if self.options.mode == Mode::Serve {
            let (shared, provider, policy, look_ups) = (self.shared.clone(), options.provider, options.on_unknown, options.look_ups);
            self.until_stopped(settle_doubts(Doubts { shared, account: id, provider, policy, look_ups }));
        }
        Ok(())
    }

    fn dispatches(&self) -> bool {
        self.options.mode != (Mode::Command { dispatch: false })
    }

    /// Runs a task that loses nothing when it is dropped.
    fn until_stopped(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            let _ = stop.run_until_cancelled(task).await;
        });
    }

    async fn tracker_parts(&self, account: AccountId, options: &AccountOptions, dispatcher: Arc<Notify>) -> Result<TrackerParts, EngineError> {
        let shared = &self.shared;
        let now = shared.clock.now();
        let shares = self.options.balance.shares(self.schedule.most_per_hour(now));
        let calls = shared.store.calls_since(account, now.before(WINDOW)).await?;
        Ok(TrackerParts {
            account,
            provider: options.provider.clone(),
            store: shared.store.clone(),
            hub: shared.hub.clone(),
            clock: shared.clock.clone(),
            entropy: shared.entropy.clone(),
            options: self.options.balance.clone(),
            schedule: self.schedule.clone(),
            budget: Budget::new(shares, calls),
            automatic: self.options.mode == Mode::Serve,
            dispatcher,
        })
    }

    fn dispatcher_parts(&self, account: AccountId, options: &AccountOptions, reach: Reach) -> DispatcherParts {
        DispatcherParts {
            account,
            slug: options.slug.clone(),
            unit: options.unit.clone(),
            provider: options.provider.clone(),
            shared: self.shared.clone(),
            options: options.dispatch,
            spending: options.spending,
            reach,
            stop: self.stop.clone(),
        }
    }

    fn intake(&self, order: &[AccountId]) -> Intake {
        let accounts = order.iter().zip(&self.options.accounts).map(|(id, account)| IntakeAccount {
            id: *id,
            slug: account.slug.clone(),
            unit: account.unit.clone(),
            sender_id: account.sender_id.clone(),
            default_country: account.default_country.clone(),
            default: account.default,
            spending: account.spending,
            on_short: account.on_short,
        });
        Intake { shared: self.shared.clone(), accounts: Arc::new(accounts.collect()) }
    }

    /// Starts what all accounts share, and hands over.
    fn done(mut self, order: Vec<AccountId>) -> Engine {
        self.until_stopped(tell_batches(self.shared.clone()));
        if let Some(forwarder) = self.options.forwarder.clone().filter(|_| self.options.mode == Mode::Serve) {
            self.until_stopped(forward_reports(self.shared.clone(), forwarder));
        }
        if self.dispatches() {
            self.tasks.spawn(keep_house(self.shared.clone(), self.stop.clone()));
        }
        let intake = self.intake(&order);
        let accounts = order.iter().copied().zip(self.options.accounts.iter().cloned()).collect();
        let Self { options, shared, stop, tasks, .. } = self;
        Engine { inner: Arc::new(Inner { options, shared, intake, accounts, order, stop, tasks: Mutex::new(tasks) }) }
    }
}
