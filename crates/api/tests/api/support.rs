//! A small world: two accounts, a scripted provider, the router, and answers with ids and times taken out.

use std::collections::{BTreeSet, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use http_body_util::BodyExt;
use parking_lot::Mutex;
use salio_api::{ApiOptions, ApiState, Metrics, Setup, router};
use salio_domain::Units;
use salio_domain::admission::SpendingRules;
use salio_domain::balance::BalanceForm;
use salio_domain::outbox::{OnUnknown, RecipientOutcome, SubmitOutcome};
use salio_domain::pricing::{Price, PriceSource};
use salio_engine::{AccountOptions, BalanceOptions, Clock, DispatchOptions, Engine, EngineOptions, Entropy, Mode};
use salio_provider::{BalanceAnswer, BalanceError, Provider, SubmitRequest};
use salio_store::memory::MemoryStore;
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

pub const KEY: &str = "made-up-key-7f3a";
pub const CLIENT: &str = "made-up-client-91bc";

/// Says what it is told to; then the last figure again.
#[derive(Default)]
pub struct Script {
    answers: Mutex<VecDeque<Result<BalanceAnswer, BalanceError>>>,
    figure: Mutex<i64>,
    /// Submissions that end in doubt, before the others are taken.
    in_doubt: AtomicUsize,
    pub calls: AtomicUsize,
}

impl Script {
    pub fn figure(&self, hundredths: i64) {
        *self.figure.lock() = hundredths;
    }

    pub fn fails(&self, code: &'static str, timed_out: bool) {
        let error = BalanceError { code, detail: format!("Made up: {code}."), credentials: code == "credentials_refused", timed_out, raw: Some("made-up raw answer".to_owned()) };
        self.answers.lock().push_back(Err(error));
    }

    pub fn doubts(&self, submissions: usize) {
        self.in_doubt.store(submissions, Ordering::SeqCst);
    }

    pub fn writes_with_currency(&self) {
        self.answers.lock().push_back(Ok(BalanceAnswer { form: BalanceForm::Currency, ..answer(1_000_000) }));
    }
}

fn answer(hundredths: i64) -> BalanceAnswer {
    BalanceAnswer { units: Units::from_micros(hundredths * 10_000), form: BalanceForm::Bare, raw: "made-up figure".to_owned() }
}

#[async_trait]
impl Provider for Script {
    fn name(&self) -> &'static str {
        "onfon"
    }

    async fn fetch_balance(&self) -> Result<BalanceAnswer, BalanceError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let scripted = self.answers.lock().pop_front();
        scripted.unwrap_or_else(|| Ok(answer(*self.figure.lock())))
    }

    async fn submit(&self, request: &SubmitRequest) -> SubmitOutcome {
        if self.in_doubt.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
            return SubmitOutcome::all(request.recipients.len(), &RecipientOutcome::in_doubt("timeout"), None);
        }
        let cost = i64::try_from(request.recipients.len()).unwrap_or(0) * 100;
        *self.figure.lock() -= cost;
        let row = |at: usize| RecipientOutcome::Submitted { provider_message_id: format!("made-up-id-{at}") };
        SubmitOutcome { recipients: (0..request.recipients.len()).map(row).collect(), raw: None }
    }
}

pub struct World {
    pub engine: Engine,
    pub provider: Arc<Script>,
    pub router: Router,
    pub stop: CancellationToken,
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Status, kind and body, without what differs from run to run.
    pub fn shown(&self) -> Value {
        let mut shown = Map::new();
        shown.insert("status".to_owned(), self.status.into());
        shown.insert("type".to_owned(), self.header("content-type").into());
        shown.insert("body".to_owned(), redacted(self.json()));
        sorted(Value::Object(shown))
    }

    pub fn code(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        let json = self.json();
        assert_eq!(json["status"], self.status, "{}", self.text);
        json["code"].as_str().unwrap_or_default().to_owned()
    }
}

pub fn account(slug: &str, provider: Arc<Script>, default: bool) -> AccountOptions {
    AccountOptions {
        slug: slug.to_owned(),
        provider,
        client: format!("{CLIENT}-{slug}"),
        credentials: KEY.to_owned(),
        unit: "units".to_owned(),
        price: price(1),
        prices: Vec::new(),
        spending: SpendingRules::default(),
        on_short: None,
        on_unknown: OnUnknown::Hold,
        look_ups: true,
        sender_id: Some("PROMO".to_owned()),
        default_country: "KE".to_owned(),
        default,
        dispatch: DispatchOptions::default(),
    }
}

pub const fn price(units: i64) -> Price {
    Price { per_segment: Units::whole(units), source: PriceSource::Configured }
}

/// Asks and sends only when told to.
pub async fn world() -> World {
    with(Mode::Command { dispatch: false }, &["onfon", "onfon-marketing"], BalanceOptions::default()).await
}

/// Works by itself, as a server does.
pub async fn serving() -> World {
    with(Mode::Serve, &["onfon", "onfon-marketing"], BalanceOptions::default()).await
}

pub async fn with(mode: Mode, slugs: &[&str], balance: BalanceOptions) -> World {
    with_accounts(mode, balance, |provider| slugs.iter().enumerate().map(|(at, slug)| account(slug, provider.clone(), at == 0)).collect()).await
}

pub async fn with_accounts(mode: Mode, balance: BalanceOptions, accounts: impl FnOnce(&Arc<Script>) -> Vec<AccountOptions>) -> World {
    let provider = Arc::new(Script::default());
    provider.figure(1_137_850);
    let accounts = accounts(&provider);
    let needed = accounts.is_empty();
    let clock = Clock::simulated("2026-11-22T08:01:00Z".parse().unwrap());
    let options = EngineOptions { mode, balance, accounts, forwarder: None };
    let engine = Engine::start(options, Arc::new(MemoryStore::new().process()), clock, Arc::new(Entropy::seeded(7, 0))).await.unwrap();
    let stop = CancellationToken::new();
    let options = ApiOptions {
        listen: "127.0.0.1:8080".parse().ok(),
        public_url: Some("https://sms.example.com".to_owned()),
        demo: true,
        version: "0.0.0-test".to_owned(),
        setup: Setup { needed, missing: Vec::new(), hint: String::new() },
        timezone: "Africa/Nairobi".to_owned(),
        ..ApiOptions::default()
    };
    let state = ApiState::new(engine.clone(), options, Metrics::install().unwrap(), stop.clone());
    World { engine, provider, router: router(state), stop }
}

impl World {
    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], "").await
    }

    pub async fn post(&self, path: &str, body: &str) -> Answer {
        self.ask("POST", path, &[("content-type", "application/json")], body).await
    }

    pub async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", "localhost:8080");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// Whatever a test asks for, the answer's status must be described.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let (status, described) = (parts.status.as_str(), described(method.as_str(), &path));
        assert!(described.is_none_or(|statuses| statuses.contains(status)), "{method} {path} answers {status}, which openapi.json does not know");
        Answer { status: parts.status.as_u16(), headers: parts.headers, text: String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| "(binary)".to_owned()) }
    }

    /// Asks again until the answer is as wanted; fails after 10 s.
    pub async fn until(&self, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let waiting = async {
            loop {
                let json = self.get(path).await.json();
                if wanted(&json) {
                    return json;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), waiting).await.unwrap_or_else(|_| panic!("{path} never became as wanted"))
    }
}

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(salio_api::openapi()).unwrap());

/// The statuses that the document lists for an operation; none when it describes no such one.
fn described(method: &str, path: &str) -> Option<BTreeSet<&'static str>> {
    let parts = |path: &str| path.split('/').count();
    let fits = |template: &str| parts(template) == parts(path) && template.split('/').zip(path.split('/')).all(|(want, have)| want == have || want.starts_with('{'));
    let fitting = DOCUMENT["paths"].as_object().unwrap().iter().filter(|(template, _)| fits(template));
    let (_, item) = fitting.min_by_key(|(template, _)| template.matches('{').count())?;
    Some(item.get(method.to_lowercase())?["responses"].as_object().unwrap().keys().map(String::as_str).collect())
}

/// Ids, times, ages and versions become words.
pub fn redacted(value: Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(map.into_iter().map(|(key, value)| redacted_member(key, value)).collect()),
        Value::Array(list) => list.into_iter().map(redacted).collect(),
        Value::String(text) => Value::String(redacted_text(&text)),
        other => other,
    }
}

fn redacted_member(key: String, value: Value) -> (String, Value) {
    let value = match key.as_str() {
        "age_ms" | "version" | "rate_per_second" | "time_left_ms" if value.is_number() => Value::String(format!("[{key}]")),
        "hash" | "api_key" | "client_id" | "access_key" if value.is_string() => Value::String(format!("[{key}]")),
        _ => redacted(value),
    };
    (key, value)
}

fn redacted_text(text: &str) -> String {
    let id = ["acc_", "msg_", "bat_", "sub_", "tok_", "rep_", "inb_"].into_iter().find(|prefix| text.starts_with(prefix) && text.len() == 17);
    match id {
        Some(prefix) => format!("[{prefix}]"),
        None if text.ends_with('Z') && text.parse::<salio_domain::Timestamp>().is_ok() => "[time]".to_owned(),
        None => text.to_owned(),
    }
}

/// The order of members is no promise.
pub fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut members: Vec<_> = map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(members.into_iter().collect())
        }
        Value::Array(list) => list.into_iter().map(sorted).collect(),
        other => other,
    }
}
