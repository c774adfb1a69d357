//! A house in virtual time for the rooms about evidence: an engine over the memory store, a provider that does what a story tells it to, and a program.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use salio_domain::admission::SpendingRules;
use salio_domain::balance::BalanceForm;
use salio_domain::ids::ReportId;
use salio_domain::message::MessageState;
use salio_domain::outbox::{OnUnknown, RecipientOutcome, SubmitOutcome};
use salio_domain::pricing::{Price, PriceSource};
use salio_domain::report::{DeliveryReport, ReportOutcome};
use salio_domain::{AccountId, MessageId, Timestamp, Units};
use salio_provider::{BalanceAnswer, BalanceError, Found, LookUp, LookUpError, Provider, SubmitRequest};
use salio_store::memory::{MemoryStore, Process};
use salio_store::{MessageDetail, NewReport, Store};

use super::{ForwardFailure, Forwarder, NewKey};
use crate::{AccountOptions, BalanceOptions, Clock, DispatchOptions, Draft, Engine, EngineOptions, Entropy, Mode, Rows};

pub(super) const BEGIN: Timestamp = Timestamp::from_micros(1_795_330_830_000_000);
pub(super) const NUMBER: &str = "254712345678";

/// Says of each recipient what it is told to, else takes it as `made-up-N`.
#[derive(Default)]
pub(super) struct Vendor {
    pub doubts: Mutex<usize>,
    /// The name that it gives to what it leaves in doubt.
    pub name: Mutex<Option<String>>,
    pub taken: Mutex<Vec<String>>,
    pub list: Mutex<VecDeque<Result<Vec<Found>, LookUpError>>>,
    /// What it answers when the list is at its end; no rows without it.
    pub always: Mutex<Option<Result<Vec<Found>, LookUpError>>>,
    /// When it was asked, and for what.
    pub asked: Mutex<Vec<(Timestamp, LookUp)>>,
    pub clock: Mutex<Option<Clock>>,
}

#[async_trait]
impl Provider for Vendor {
    fn name(&self) -> &'static str {
        "onfon"
    }

    async fn fetch_balance(&self) -> Result<BalanceAnswer, BalanceError> {
        Ok(BalanceAnswer { units: Units::whole(1000), form: BalanceForm::Bare, raw: "1000".to_owned() })
    }

    async fn submit(&self, request: &SubmitRequest) -> SubmitOutcome {
        let outcome = |recipient: &salio_provider::Recipient| {
            self.taken.lock().push(recipient.text.clone());
            let mut doubts = self.doubts.lock();
            if *doubts > 0 {
                *doubts -= 1;
                return RecipientOutcome::InDoubt { reason: "timeout".to_owned(), provider_message_id: self.name.lock().clone() };
            }
            RecipientOutcome::Submitted { provider_message_id: format!("made-up-{}", self.taken.lock().len()) }
        };
        SubmitOutcome { recipients: request.recipients.iter().map(outcome).collect(), raw: None }
    }

    async fn look_up(&self, ask: &LookUp) -> Result<Vec<Found>, LookUpError> {
        let now = self.clock.lock().as_ref().unwrap().now();
        self.asked.lock().push((now, ask.clone()));
        let next = self.list.lock().pop_front();
        next.or_else(|| self.always.lock().clone()).unwrap_or_else(|| Ok(Vec::new()))
    }
}

/// A row of the vendor's list about the message of these stories.
pub(super) fn listed(name: &str, text: &str, outcome: ReportOutcome) -> Found {
    let own = str::to_owned;
    Found { provider_message_id: own(name), number: own(NUMBER), text: own(text), sender: own("SALIO"), submitted_at: Some(BEGIN), outcome, word: None }
}

/// What a program answers to the report with this word; it takes the others.
#[derive(Default)]
pub(super) struct Program {
    pub is_down: Mutex<bool>,
    pub refuses: Mutex<Option<String>>,
    /// When, and with which word.
    pub tried: Mutex<Vec<(Timestamp, String)>>,
    pub taken: Mutex<Vec<String>>,
    pub clock: Mutex<Option<Clock>>,
}

#[async_trait]
impl Forwarder for Program {
    async fn forward(&self, forward: &salio_store::ForwardRow) -> Result<(), ForwardFailure> {
        let word = format!("{} {}", forward.url, forward.report.report.word.clone().unwrap_or_default());
        self.tried.lock().push((self.clock.lock().as_ref().unwrap().now(), word.clone()));
        if *self.is_down.lock() && !forward.url.contains("healthy") {
            tokio::time::sleep(Duration::from_secs(10)).await;
            return Err(ForwardFailure { reason: "no answer".to_owned(), is_down: true });
        }
        if self.refuses.lock().as_ref().is_some_and(|refused| word.ends_with(refused.as_str())) {
            return Err(ForwardFailure { reason: "answered with status 500".to_owned(), is_down: false });
        }
        self.taken.lock().push(word);
        Ok(())
    }
}

pub(super) struct House {
    pub store: MemoryStore,
    pub process: Process,
    pub engine: Engine,
    pub vendor: Arc<Vendor>,
    pub program: Arc<Program>,
    pub clock: Clock,
    policy: OnUnknown,
    look_ups: bool,
}

impl House {
    pub async fn open(policy: OnUnknown, look_ups: bool) -> Self {
        let (store, clock) = (MemoryStore::new(), Clock::simulated(BEGIN));
        let (vendor, program) = (Arc::new(Vendor::default()), Arc::new(Program::default()));
        *vendor.clock.lock() = Some(clock.clone());
        *program.clock.lock() = Some(clock.clone());
        let process = store.process();
        let engine = start(&process, &vendor, &program, &clock, policy, look_ups).await;
        Self { store, process, engine, vendor, program, clock, policy, look_ups }
    }

    /// Ends as in a crash, and starts again over what was committed.
    pub async fn restart(&mut self) {
        self.process.crash();
        self.engine.abort();
        tokio::task::yield_now().await;
        self.process = self.store.process();
        self.engine = start(&self.process, &self.vendor, &self.program, &self.clock, self.policy, self.look_ups).await;
    }

    pub fn account(&self) -> AccountId {
        self.engine.accounts().next().unwrap().0
    }

    /// Accepts one message and lets it leave.
    pub async fn send(&self, text: &str, valid_for: Option<Duration>) -> MessageId {
        let draft = Draft { to: vec![NUMBER.to_owned()], text: text.to_owned(), valid_until: valid_for.map(|span| self.clock.now().after(span)), ..Draft::default() };
        let id = self.engine.intake().accept(draft, false, None, |accepted| accepted.messages[0].id.to_string()).await.unwrap();
        pass(Duration::from_secs(1)).await;
        id.parse().unwrap()
    }

    /// A key whose reports go there.
    pub async fn key(&self, name: &str) -> salio_store::TokenRow {
        let new = NewKey { name: name.to_owned(), scope: "drop-in".to_owned(), account: self.account(), credits_format: "ksh".to_owned(), dlr_url: Some(format!("http://{name}")) };
        self.engine.create_key(new).await.unwrap().row
    }

    /// A message that came with a key.
    pub async fn send_by(&self, key: &salio_store::TokenRow, text: &str) -> MessageId {
        let rows = Rows { account: "onfon".to_owned(), rows: vec![(NUMBER.to_owned(), text.into())], from: None, send_at: None, token: key.id };
        let id = self.engine.intake().accept_rows(rows, None, |accepted| accepted.messages[0].id.to_string()).await.unwrap();
        pass(Duration::from_secs(1)).await;
        id.parse().unwrap()
    }

    pub async fn message(&self, id: MessageId) -> MessageDetail {
        self.engine.store().message(id).await.unwrap()
    }

    pub async fn state(&self, id: MessageId) -> MessageState {
        self.message(id).await.row.state
    }

    /// How often the vendor got a text.
    pub fn times(&self, text: &str) -> usize {
        self.vendor.taken.lock().iter().filter(|taken| *taken == text).count()
    }

    /// A report arrives, as `take_reports` writes it down.
    pub async fn report(&self, id: i64, name: &str, word: &str, outcome: ReportOutcome) {
        let report = DeliveryReport {
            provider_message_id: Some(name.to_owned()),
            number: Some(NUMBER.to_owned()),
            word: Some(word.to_owned()),
            outcome,
            error_code: None,
            text: None,
            done_at: None,
        };
        let new = NewReport { id: ReportId::from_raw(id), account: self.account(), received_at: self.clock.now(), shape: "s1".to_owned(), report, raw: String::new() };
        let reported = self.engine.store().report(new).await.unwrap();
        self.engine.shared().reported(reported).await;
    }
}

pub(super) async fn pass(span: Duration) {
    tokio::time::sleep(span).await;
}

async fn start(process: &Process, vendor: &Arc<Vendor>, program: &Arc<Program>, clock: &Clock, policy: OnUnknown, look_ups: bool) -> Engine {
    let account = AccountOptions {
        slug: "onfon".into(),
        provider: vendor.clone(),
        client: "made-up-client".into(),
        credentials: "made-up-key".into(),
        unit: "units".into(),
        price: Price { per_segment: Units::whole(1), source: PriceSource::Configured },
        prices: Vec::new(),
        spending: SpendingRules::default(),
        on_short: None,
        on_unknown: policy,
        look_ups,
        sender_id: Some("SALIO".into()),
        default_country: "KE".into(),
        default: true,
        dispatch: DispatchOptions::default(),
    };
    let options = EngineOptions { mode: Mode::Serve, balance: BalanceOptions::default(), accounts: vec![account], forwarder: Some(program.clone()) };
    let last_id = process.last_id().await.unwrap();
    Engine::start(options, Arc::new(process.clone()), clock.clone(), Arc::new(Entropy::seeded(7, last_id))).await.unwrap()
}
