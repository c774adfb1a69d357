//! A world whose provider reads calls as Onfon's driver does, takes submissions as a test wants them, and whose router can be asked over a port.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use salio_api::{AllowFn, ApiOptions, ApiState, Metrics, Webhook, forward_url, router, serve};
use salio_domain::Units;
use salio_domain::balance::BalanceForm;
use salio_domain::outbox::{RecipientOutcome, SubmitOutcome};
use salio_engine::store::ForwardRow;
use salio_engine::{AccountOptions, BalanceOptions, Clock, Engine, EngineOptions, Entropy, ForwardFailure, Forwarder, Mode};
use salio_provider::onfon::{AccessKeyIn, Onfon, OnfonConfig};
use salio_provider::{BalanceAnswer, BalanceError, Found, Inbound, LookUp, LookUpError, Provider, RawCall, ReportCall, Secret, SubmitRequest};
use salio_store::memory::MemoryStore;
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::support::{Script, World, account};

pub const TOKEN: &str = "made-up-webhook-5d1e";
/// The clock of these worlds begins then.
pub const BEGIN: &str = "2026-11-22T08:01:00Z";

/// Reads calls as Onfon's driver does; the rest is as told.
pub struct Desk {
    onfon: Onfon,
    /// What it says next of a recipient; `made-up-N` without.
    outcomes: Mutex<VecDeque<RecipientOutcome>>,
    /// Submissions wait for their turn here.
    gate: Semaphore,
    named: AtomicUsize,
    figure: Mutex<Option<Units>>,
    pub asked: AtomicUsize,
    pub calls: Mutex<Vec<SubmitRequest>>,
}

/// Settings of the driver against an address.
pub fn onfon(api_url: &str, keys: [&str; 3]) -> Onfon {
    let [api_key, client_id, access_key] = keys;
    let secret = |text: &str| Secret::from(text);
    let (balance_timeout, submit_timeout) = (Duration::from_secs(10), Duration::from_secs(10));
    let access_key = (!access_key.is_empty()).then(|| secret(access_key));
    Onfon::new(OnfonConfig {
        api_url: api_url.to_owned(),
        api_key: secret(api_key),
        client_id: secret(client_id),
        access_key,
        access_key_in: AccessKeyIn::Header,
        balance_timeout,
        submit_timeout,
    })
    .unwrap()
}

impl Desk {
    pub fn says(&self, outcome: RecipientOutcome) {
        self.outcomes.lock().push_back(outcome);
    }

    pub fn doubts(&self) {
        self.says(RecipientOutcome::in_doubt("timeout"));
    }

    /// Submissions wait from now on.
    pub fn close(&self) {
        self.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    pub fn open(&self) {
        self.gate.add_permits(1 << 20);
    }

    pub fn figure(&self, units: Option<&str>) {
        *self.figure.lock() = units.map(|units| units.parse().unwrap());
    }

    /// The name that the next message gets.
    pub fn next_name(&self) -> String {
        format!("made-up-{}", self.named.load(Ordering::SeqCst))
    }
}

#[async_trait]
impl Provider for Desk {
    fn name(&self) -> &'static str {
        "onfon"
    }

    async fn fetch_balance(&self) -> Result<BalanceAnswer, BalanceError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let failed = || BalanceError { code: "unreachable", detail: "Made up.".to_owned(), credentials: false, timed_out: false, raw: None };
        let units = self.figure.lock().ok_or_else(failed)?;
        Ok(BalanceAnswer { units, form: BalanceForm::Bare, raw: units.to_string() })
    }

    async fn submit(&self, request: &SubmitRequest) -> SubmitOutcome {
        self.calls.lock().push(request.clone());
        self.gate.acquire().await.unwrap().forget();
        let next = || {
            let said = self.outcomes.lock().pop_front();
            said.unwrap_or_else(|| RecipientOutcome::Submitted { provider_message_id: format!("made-up-{}", self.named.fetch_add(1, Ordering::SeqCst)) })
        };
        SubmitOutcome { recipients: request.recipients.iter().map(|_| next()).collect(), raw: None }
    }

    fn read_reports(&self, call: &RawCall<'_>) -> ReportCall {
        self.onfon.read_reports(call)
    }

    fn read_inbound(&self, call: &RawCall<'_>) -> Vec<Inbound> {
        self.onfon.read_inbound(call)
    }

    fn acknowledge_inbound(&self, call: &RawCall<'_>) -> &'static str {
        self.onfon.acknowledge_inbound(call)
    }

    async fn look_up(&self, _: &LookUp) -> Result<Vec<Found>, LookUpError> {
        Ok(Vec::new())
    }
}

/// A program that notes the addresses it is called by, unless it is down.
#[derive(Default)]
pub struct Program {
    pub is_down: std::sync::atomic::AtomicBool,
    pub called: Mutex<Vec<String>>,
}

#[async_trait]
impl Forwarder for Program {
    async fn forward(&self, forward: &ForwardRow) -> Result<(), ForwardFailure> {
        if self.is_down.load(Ordering::SeqCst) {
            return Err(ForwardFailure { reason: "down".to_owned(), is_down: true });
        }
        self.called.lock().push(forward_url(forward, &jiff::tz::TimeZone::get("Africa/Nairobi").unwrap()));
        Ok(())
    }
}

/// How a world is made.
pub struct Plan {
    pub slugs: &'static [&'static str],
    pub mode: Mode,
    pub webhooks: Vec<Webhook>,
    pub trusted_proxies: Option<AllowFn>,
    pub tune: fn(&mut AccountOptions),
}

impl Default for Plan {
    fn default() -> Self {
        Self { slugs: &["onfon"], mode: Mode::Serve, webhooks: vec![webhook("onfon", Some(TOKEN), None)], trusted_proxies: None, tune: |_| {} }
    }
}

pub fn webhook(account: &str, token: Option<&str>, allowed: Option<AllowFn>) -> Webhook {
    Webhook { account: account.to_owned(), token_sha256: token.map(|token| Sha256::digest(token.as_bytes()).into()), allowed }
}

pub struct Traffic {
    pub world: World,
    pub desk: Arc<Desk>,
    pub program: Arc<Program>,
}

pub async fn traffic(plan: Plan) -> Traffic {
    over(plan, &MemoryStore::new(), Arc::default()).await
}

/// The same over a store that may hold something already.
pub async fn over(plan: Plan, store: &MemoryStore, program: Arc<Program>) -> Traffic {
    on(plan, Arc::new(store.process()), program).await
}

/// The same over any store.
pub async fn on(plan: Plan, store: Arc<dyn salio_store::Store>, program: Arc<Program>) -> Traffic {
    let desk = Arc::new(Desk {
        onfon: onfon("http://127.0.0.1:9", ["made-up-key-0", "made-up-client-0", ""]),
        outcomes: Mutex::default(),
        gate: Semaphore::new(1 << 20),
        named: AtomicUsize::new(1),
        figure: Mutex::new(Some("11376.5".parse().unwrap())),
        asked: AtomicUsize::default(),
        calls: Mutex::default(),
    });
    let accounts = plan.slugs.iter().enumerate().map(|(at, slug)| {
        let mut options = AccountOptions { provider: desk.clone(), ..account(slug, Arc::new(Script::default()), at == 0) };
        (plan.tune)(&mut options);
        options
    });
    let options = EngineOptions { mode: plan.mode, balance: BalanceOptions::default(), accounts: accounts.collect(), forwarder: Some(program.clone()) };
    let last_id = store.last_id().await.unwrap();
    let engine = Engine::start(options, store, Clock::simulated(BEGIN.parse().unwrap()), Arc::new(Entropy::seeded(7, last_id))).await.unwrap();
    let stop = CancellationToken::new();
    let options = ApiOptions {
        listen: "127.0.0.1:8080".parse().ok(),
        version: "0.0.0-test".to_owned(),
        timezone: "Africa/Nairobi".to_owned(),
        webhooks: plan.webhooks,
        trusted_proxies: plan.trusted_proxies,
        ..ApiOptions::default()
    };
    let state = ApiState::new(engine.clone(), options, Metrics::install().unwrap(), stop.clone());
    Traffic { world: World { engine, provider: Arc::default(), router: router(state), stop }, desk, program }
}

impl Traffic {
    /// Listens on a port of its own until the test ends.
    pub async fn listen(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve(listener, self.world.router.clone(), self.world.stop.clone()));
        address
    }

    /// Accepts a message; its id.
    pub async fn message(&self, to: &str, text: &str) -> String {
        let body = serde_json::json!({ "to": to, "text": text }).to_string();
        self.world.post("/api/v1/messages", &body).await.json()["id"].as_str().unwrap().to_owned()
    }

    /// Waits until a message is in a state.
    pub async fn until_state(&self, id: &str, state: &str) -> serde_json::Value {
        self.world.until(&format!("/api/v1/messages/{id}"), |message| message["state"] == state).await
    }

    /// Waits until something holds; fails after 10 s.
    pub async fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let waiting = async {
            while !holds(self) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), waiting).await.unwrap_or_else(|_| panic!("never: {what}"));
    }
}
