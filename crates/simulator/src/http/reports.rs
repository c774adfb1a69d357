//! Sending delivery reports and messages from phones, and counting what became of them. Must not know what they say: the model makes the requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;

use super::Shared;
use super::views::ReportsView;
use crate::core::{DlrRequest, InboundMessage, Model, Report, dlr_request, inbound_request};
use crate::error::SimError;

/// Receivers have this long; then the report is discarded, as the portal does.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Reports under way at once.
const AT_ONCE: usize = 64;
/// Repetitions of a report that was not acknowledged, in the shape that wants acknowledgement.
const RETRIES: u32 = 3;
/// That acknowledgement, exactly.
const ACK: &str = "ACK/Jasmin";

/// A report, or a message from a phone, on its way.
pub(super) struct Target {
    request: DlrRequest,
    wants_ack: bool,
    is_report: bool,
    retry_after: Duration,
}

/// The request for `report` under the present settings; `None` when there is nowhere to send it.
pub(super) fn target(model: &Model, report: &Report) -> Option<Target> {
    let plan = &model.config().dlr;
    let url = plan.url.as_deref()?;
    let request = dlr_request(plan.shape, url, report);
    Some(Target { request, wants_ack: plan.shape.wants_ack(), is_report: true, retry_after: Duration::from_millis(plan.retry_ms) })
}

/// The request for a message from a phone under the present settings; `None` when there is nowhere to send it.
pub(super) fn inbound_target(model: &Model, message: &InboundMessage) -> Option<Target> {
    let plan = &model.config().inbound;
    let request = inbound_request(plan.shape, plan.url.as_deref()?, message);
    Some(Target { request, wants_ack: plan.shape.wants_ack(), is_report: false, retry_after: Duration::from_millis(model.config().dlr.retry_ms) })
}

/// The client with its counters.
pub(super) struct Sender {
    client: reqwest::Client,
    at_once: Arc<Semaphore>,
    reports: Tally,
    inbound: Tally,
}

/// What became of requests of one kind.
#[derive(Default)]
struct Tally {
    sent: AtomicU64,
    acknowledged: AtomicU64,
    refused: AtomicU64,
    failed: AtomicU64,
}

impl Tally {
    fn view(&self) -> ReportsView {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (sent, acknowledged) = (read(&self.sent), read(&self.acknowledged));
        ReportsView { sent, acknowledged, refused: read(&self.refused), failed: read(&self.failed) }
    }
}

impl Sender {
    pub(super) fn new() -> Result<Self, SimError> {
        Ok(Self { client: client()?, at_once: Arc::new(Semaphore::new(AT_ONCE)), reports: Tally::default(), inbound: Tally::default() })
    }

    pub(super) fn view(&self) -> ReportsView {
        self.reports.view()
    }

    /// The same for messages from phones.
    pub(super) fn inbound_view(&self) -> ReportsView {
        self.inbound.view()
    }

    /// Sends one report or message once. True when the receiver acknowledged it.
    pub(super) async fn send(&self, target: &Target) -> bool {
        let tally = if target.is_report { &self.reports } else { &self.inbound };
        tally.sent.fetch_add(1, Ordering::Relaxed);
        let DlrRequest { method, url, content_type, body } = &target.request;
        let mut request = if *method == "GET" { self.client.get(url) } else { self.client.post(url).body(body.clone()) };
        if let Some(content_type) = content_type {
            request = request.header(reqwest::header::CONTENT_TYPE, *content_type);
        }
        let acknowledged = match request.send().await {
            Err(_) => None,
            Ok(response) => {
                let success = response.status().is_success();
                response.text().await.ok().map(|body| success && (!target.wants_ack || body == ACK))
            }
        };
        let counter = match acknowledged {
            Some(true) => &tally.acknowledged,
            Some(false) => &tally.refused,
            None => &tally.failed,
        };
        counter.fetch_add(1, Ordering::Relaxed);
        acknowledged == Some(true)
    }
}

#[expect(clippy::disallowed_methods, reason = "the simulator plays the vendor here: it calls Salio, not a vendor, and shares no code with the drivers")]
fn client() -> Result<reqwest::Client, SimError> {
    let failed = |error: &dyn std::error::Error| SimError::ReportClient(error.to_string());
    // Reports go over plain HTTP; TLS settings that trust nobody keep the client from looking for a process-wide provider.
    let tls = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(&error))?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .http1_only()
        .timeout(TIMEOUT)
        .build()
        .map_err(|error| failed(&error))
}

/// Waits for a free place and sends in the background.
pub(super) async fn start(shared: &Arc<Shared>, target: Target) {
    let Ok(place) = Arc::clone(&shared.reports.at_once).acquire_owned().await else { return };
    let sending = Arc::clone(shared);
    shared.tasks.spawn(async move {
        let acknowledged = sending.reports.send(&target).await;
        drop(place);
        if !acknowledged && target.wants_ack {
            repeat(&sending, &target).await;
        }
    });
}

/// Sends once and says whether it was acknowledged; repetitions follow in the background.
pub(super) async fn send_now(shared: &Arc<Shared>, target: Target) -> bool {
    let acknowledged = shared.reports.send(&target).await;
    if !acknowledged && target.wants_ack {
        let sending = Arc::clone(shared);
        shared.tasks.spawn(async move { repeat(&sending, &target).await });
    }
    acknowledged
}

async fn repeat(shared: &Arc<Shared>, target: &Target) {
    for _ in 0..RETRIES {
        tokio::select! {
            () = shared.shutdown.cancelled() => return,
            () = tokio::time::sleep(target.retry_after) => {}
        }
        if shared.reports.send(target).await {
            return;
        }
    }
}
