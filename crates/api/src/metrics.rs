//! What Prometheus reads. The only place where an amount becomes a float: the text format has nothing else, and nothing is reckoned with it.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use axum::http::Method;
use metrics::{Counter, counter, describe_counter, describe_gauge, gauge};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use salio_domain::Units;
use salio_engine::{BalanceView, Engine};

/// Another recorder stands in this process already.
#[derive(Debug, thiserror::Error)]
#[error("metrics are already recorded by something else in this process")]
pub struct MetricsError;

static INSTALLED: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// The counters of this process; cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
    requests: Arc<RwLock<Requests>>,
}

/// By route; of each a few methods and states.
type Requests = HashMap<String, Vec<(&'static str, u16, Counter)>>;

impl Metrics {
    /// Records for the whole process, from now on. Later calls give the same.
    ///
    /// # Errors
    /// When something else records already.
    pub fn install() -> Result<Self, MetricsError> {
        let handle = INSTALLED.get_or_init(|| PrometheusBuilder::new().install_recorder().ok()).clone().ok_or(MetricsError)?;
        describe();
        Ok(Self { handle, requests: Arc::default() })
    }

    /// Housekeeping of the recorder; cheap, wanted now and then.
    pub(crate) fn upkeep(&self) {
        self.handle.run_upkeep();
    }

    /// The text, with the gauges as they are now.
    pub(crate) fn render(&self, engine: &Engine) -> String {
        engine.accounts().filter_map(|(id, _)| engine.view(id)).for_each(|view| show(&view));
        gauge!("salio_viewers").set(float(&engine.hub().watchers().to_string()));
        self.handle.render()
    }

    /// One request more.
    pub(crate) fn request(&self, route: &str, method: &Method, status: u16) {
        let method = word(method);
        let find = |requests: &Requests| requests.get(route).and_then(|known| known.iter().find(|(m, s, _)| *m == method && *s == status).map(|(_, _, counter)| counter.clone()));
        let known = find(&self.requests.read().unwrap_or_else(PoisonError::into_inner));
        known.unwrap_or_else(|| self.first(route, method, status)).increment(1);
    }

    fn first(&self, route: &str, method: &'static str, status: u16) -> Counter {
        let counter = counter!("salio_http_requests_total", "route" => route.to_owned(), "method" => method, "status" => status.to_string());
        let mut requests = self.requests.write().unwrap_or_else(PoisonError::into_inner);
        requests.entry(route.to_owned()).or_default().push((method, status, counter.clone()));
        counter
    }
}

/// Messages that are on disk.
pub(crate) fn accepted(messages: u64) {
    counter!("salio_messages_accepted_total").increment(messages);
}

/// A batch that is on disk, from a list or a stream.
pub(crate) fn batch_accepted(source: &'static str) {
    counter!("salio_batches_accepted_total", "source" => source).increment(1);
}

fn describe() {
    describe_gauge!("salio_balance_units", "The estimate of an account; absent while it is unknown");
    describe_gauge!("salio_balance_age_seconds", "How old the figure is; absent while it is unknown");
    describe_gauge!("salio_pending_units", "Charges that count and that the provider has not confirmed");
    describe_gauge!("salio_queued_units", "Charges of messages accepted and not yet begun");
    describe_gauge!("salio_unknown_messages", "Messages that may or may not have arrived");
    describe_gauge!("salio_balance_failures", "Balance questions that failed in a row");
    describe_gauge!("salio_viewers", "Open event streams");
    describe_gauge!("salio_paused", "1 while nothing is sent for an account, whoever stopped it");
    describe_gauge!("salio_held", "1 while messages wait because the credit does not cover the next one");
    describe_counter!("salio_messages_accepted_total", "Messages accepted");
    describe_counter!("salio_batches_accepted_total", "Batches accepted, by source");
    describe_counter!("salio_http_requests_total", "Requests by route template, method and status");
    accepted(0);
}

fn show(view: &BalanceView) {
    let account = || view.account.clone();
    let set = |name: &'static str, text: &str| gauge!(name, "account" => account()).set(float(text));
    if let (Some(balance), Some(age_ms)) = (view.balance, view.age_ms) {
        set("salio_balance_units", &decimal(balance));
        set("salio_balance_age_seconds", &format!("{}.{:03}", age_ms / 1000, age_ms % 1000));
    }
    set("salio_pending_units", &decimal(view.pending));
    set("salio_queued_units", &decimal(view.queued));
    set("salio_unknown_messages", &view.unknown_messages.to_string());
    set("salio_paused", flag(view.paused.is_some()));
    set("salio_held", flag(view.held.is_some()));
    set("salio_balance_failures", &view.error.as_ref().map_or(0, |error| error.attempts).to_string());
}

const fn flag(set: bool) -> &'static str {
    if set { "1" } else { "0" }
}

fn decimal(units: Units) -> String {
    units.to_string()
}

/// The nearest float of a decimal text.
fn float(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

/// Callers may send any word; only these become labels.
fn word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
