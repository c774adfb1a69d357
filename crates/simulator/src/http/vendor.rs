//! The vendor's paths: read a call, let the model answer, wait as it says, and treat the wire as it says. Must not judge calls.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Response, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{any, get, post};
use axum::{Extension, Json, Router};
use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream;

use super::Shared;
use super::link::Link;
use crate::core::{Answer, Begun, Call, Service, Wire};

/// No response head is shorter: more bytes than this plus the kept part have left when the kept part has.
const SHORTEST_HEAD: u64 = 60;

/// The vendor's services under `/v1/sms`, and the place where redirects lead.
pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v1/sms/SendBulkSMS", post(send_bulk_sms))
        .route("/v1/sms/Balance", get(|shared, link, query, headers| ask(Service::Balance, shared, link, query, headers)))
        .route("/v1/sms/MessageStatus", get(|shared, link, query, headers| ask(Service::MessageStatus, shared, link, query, headers)))
        .route("/v1/sms/SMS", get(|shared, link, query, headers| ask(Service::SMS, shared, link, query, headers)))
        .route("/v1/redirected", any(redirected))
        .fallback(no_such_path)
}

/// A call with everything it owns, so that it can outlive a caller that gave up.
struct Arrived {
    service: Service,
    body: Bytes,
    query: String,
    access_key: Option<String>,
}

impl Arrived {
    fn call(&self) -> Call<'_> {
        let access_key = self.access_key.as_deref();
        match self.service {
            Service::SendBulkSMS => Call::SendBulkSMS { body: &self.body, access_key },
            service => Call::Get { service, query: &self.query, access_key },
        }
    }
}

async fn send_bulk_sms(State(shared): State<Arc<Shared>>, Extension(link): Extension<Arc<Link>>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let arrived = Arrived { service: Service::SendBulkSMS, body, query: String::new(), access_key: access_key(&headers) };
    carry_out(shared, link, arrived).await
}

async fn ask(service: Service, State(shared): State<Arc<Shared>>, Extension(link): Extension<Arc<Link>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response<Body> {
    let arrived = Arrived { service, body: Bytes::new(), query: query.unwrap_or_default(), access_key: access_key(&headers) };
    carry_out(shared, link, arrived).await
}

fn access_key(headers: &HeaderMap) -> Option<String> {
    headers.get("AccessKey").and_then(|value| value.to_str().ok()).map(str::to_owned)
}

async fn carry_out(shared: Arc<Shared>, link: Arc<Link>, arrived: Arrived) -> Response<Body> {
    let begun = shared.with(|model, now| model.begin(now, arrived.service));
    let answer = match begun.fault.before_ms() {
        0 => shared.with(|model, now| model.answer(now, &arrived.call(), &begun)),
        before_ms => match answer_later(&shared, arrived, begun, before_ms).await {
            Some(answer) => answer,
            None => return lose(&link).await,
        },
    };
    deliver(&shared, &link, answer).await
}

/// A slow vendor goes on with its work when the caller has hung up, so this does too.
async fn answer_later(shared: &Arc<Shared>, arrived: Arrived, begun: Begun, before_ms: u64) -> Option<Answer> {
    let working = Arc::clone(shared);
    let work = async move {
        tokio::select! {
            () = working.shutdown.cancelled() => None,
            () = tokio::time::sleep(Duration::from_millis(before_ms)) => Some(working.with(|model, now| model.answer(now, &arrived.call(), &begun))),
        }
    };
    shared.tasks.spawn(work).await.ok().flatten()
}

async fn deliver(shared: &Arc<Shared>, link: &Arc<Link>, mut answer: Answer) -> Response<Body> {
    for report in &answer.reports_first {
        let target = shared.with(|model, _| super::reports::target(model, report));
        if let Some(target) = target {
            shared.reports.send(&target).await;
        }
    }
    if answer.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(answer.delay_ms)).await;
    }
    match answer.wire {
        Wire::Whole => {
            let body = std::mem::take(&mut answer.body);
            response(&answer, body.len(), Body::from(body))
        }
        Wire::CutShort(keep) => response(&answer, answer.body.len(), cut_short(link, &answer.body, keep)),
        Wire::Stall => {
            shared.shutdown.cancelled().await;
            lose(link).await
        }
        Wire::Reset => lose(link).await,
    }
}

/// Has the connection reset and never answers.
async fn lose(link: &Link) -> Response<Body> {
    link.reset();
    std::future::pending().await
}

/// The first `keep` bytes, and after they have left an error, which makes the server close the connection.
fn cut_short(link: &Arc<Link>, whole: &[u8], keep: usize) -> Body {
    let target = link.written() + SHORTEST_HEAD + keep as u64;
    let (part, link) = (Bytes::copy_from_slice(&whole[..keep.min(whole.len())]), Arc::clone(link));
    let first = stream::iter((!part.is_empty()).then_some(Ok(part)));
    let end = stream::once(async move {
        link.written_at_least(target).await;
        Err(std::io::Error::other("cut short on purpose"))
    });
    Body::from_stream(first.chain(end.boxed()))
}

/// `length` is announced whatever `body` then sends.
fn response(answer: &Answer, length: usize, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    let mut set = |name, value: Option<String>| {
        if let Some(value) = value.and_then(|value| value.try_into().ok()) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, answer.content_type.clone());
    set(header::LOCATION, answer.location.clone());
    set(header::RETRY_AFTER, answer.retry_after_s.map(|seconds| seconds.to_string()));
    set(header::CONTENT_LENGTH, Some(length.to_string()));
    response
}

/// Where redirects lead: whoever arrives has followed one, which a client for this vendor must not.
async fn redirected(State(shared): State<Arc<Shared>>) -> impl IntoResponse {
    shared.with(|model, _| model.note_redirect_followed());
    (StatusCode::OK, "redirected")
}

async fn no_such_path() -> impl IntoResponse {
    let problem = serde_json::json!({
        "error": "no such path",
        "do": "the services are under /v1/sms (SendBulkSMS, Balance, MessageStatus, SMS); GET /sim lists the control API"
    });
    (StatusCode::NOT_FOUND, Json(problem))
}
