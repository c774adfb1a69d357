//! One engine over the memory store and the provider that knows the truth, in virtual time; it can crash and start again.

use std::sync::Arc;
use std::time::Duration;

use salio_domain::admission::{OnShort, SpendingRules};
use salio_domain::outbox::OnUnknown;
use salio_domain::pricing::{Price, PriceSource};
use salio_domain::{AccountId, Timestamp};
use salio_engine::{AcceptError, AccountOptions, BalanceOptions, Clock, DispatchOptions, Draft, Engine, EngineOptions, Entropy, Key, Mode};
use salio_store::Store;
use salio_store::memory::{MemoryStore, Process};

use crate::provider::{PRICE, SimProvider};

/// A running house.
pub struct House {
    /// What survives a crash.
    pub world: MemoryStore,
    /// The vendor.
    pub provider: Arc<SimProvider>,
    /// Everybody's clock.
    pub clock: Clock,
    /// The process that runs now.
    pub process: Process,
    /// Its engine.
    pub engine: Engine,
    seed: u64,
    starts: u64,
    tune: Tune,
}

/// Changes the settings of the one account.
pub type Tune = fn(&mut AccountOptions);

/// When every story begins: on a Sunday morning, half a minute after a schedule's tick.
pub const BEGIN: Timestamp = Timestamp::from_micros(1_795_330_830_000_000);

/// Runs a story in virtual time of its own.
pub fn in_virtual_time<T>(story: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.unwrap_or_else(|error| panic!("no runtime: {error}")).block_on(story)
}

impl House {
    /// Opens it.
    pub async fn open(seed: u64, holds: salio_domain::Units) -> Self {
        Self::tuned(seed, holds, |_| {}).await
    }

    /// Opens it with other settings.
    pub async fn tuned(seed: u64, holds: salio_domain::Units, tune: Tune) -> Self {
        let clock = Clock::simulated(BEGIN);
        let provider = SimProvider::new(seed, holds, clock.clone());
        let world = MemoryStore::new();
        let process = world.process();
        let engine = start(&process, &provider, &clock, seed, tune).await;
        Self { world, provider, clock, process, engine, seed, starts: 1, tune }
    }

    /// Ends the engine where it stands and starts another over what was committed.
    pub async fn restart(&mut self) {
        self.process.crash();
        self.engine.abort();
        tokio::task::yield_now().await;
        self.process = self.world.process();
        self.starts += 1;
        self.engine = start(&self.process, &self.provider, &self.clock, self.seed.wrapping_add(self.starts << 32), self.tune).await;
    }

    /// The one account.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.engine.accounts().map(|(id, _)| id).next().unwrap_or_else(|| panic!("no account"))
    }

    /// Accepts one message to each of `numbers` whatever the balance is, under a key, so that it can be asked again after a crash.
    ///
    /// # Errors
    /// As the intake says.
    pub async fn send(&self, text: &str, numbers: &[String]) -> Result<String, AcceptError> {
        let draft = Draft { to: numbers.to_vec(), text: text.to_owned(), on_short: Some(OnShort::Hold), ..Draft::default() };
        let key = Key { scope: "- POST /api/v1/messages".into(), key: text.to_owned(), body_sha256: [7; 32] };
        self.engine.intake().accept(draft, true, Some(key), |accepted| format!("{}", accepted.messages.len())).await
    }

    /// Passes virtual time.
    pub async fn pass(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }
}

async fn start(process: &Process, provider: &Arc<SimProvider>, clock: &Clock, seed: u64, tune: Tune) -> Engine {
    let mut account = AccountOptions {
        slug: "onfon".into(),
        provider: provider.clone(),
        client: "made-up-client".into(),
        credentials: "made-up-key".into(),
        unit: "units".into(),
        price: Price { per_segment: PRICE, source: PriceSource::Configured },
        prices: Vec::new(),
        spending: SpendingRules::default(),
        on_short: None,
        on_unknown: OnUnknown::Hold,
        look_ups: false,
        sender_id: Some("SALIO".into()),
        default_country: "KE".into(),
        default: true,
        dispatch: DispatchOptions::default(),
    };
    tune(&mut account);
    let options = EngineOptions { mode: Mode::Serve, balance: BalanceOptions::default(), accounts: vec![account], forwarder: None };
    let store: Arc<dyn Store> = Arc::new(process.clone());
    let last_id = store.last_id().await.unwrap_or_else(|error| panic!("no store: {error}"));
    Engine::start(options, store, clock.clone(), Arc::new(Entropy::seeded(seed, last_id))).await.unwrap_or_else(|error| panic!("no engine: {error}"))
}
