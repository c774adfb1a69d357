//! The event stream.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;

use crate::problem::{Code, Problem};
use crate::state::ApiState;

/// Server-Sent Events
///
/// On every connection first one `balance` event for each account (its body is that of the balance route, its id the version), then live: `balance`, `message`, `batch` (its body is that of the batch route), `refresh`, `alert`. A comment every 15 s.
/// Nothing is replayed: every balance is whole.
#[utoipa::path(get, operation_id = "events", path = "/api/v1/events", tag = "events", responses((status = 200, description = "Events `balance` (Balance), `message` (MessageEvent), `batch` (Batch), `refresh` (RefreshEvent), `alert` (AlertEvent)", content_type = "text/event-stream", body = String), (status = 503, body = crate::wire::Problem)))]
pub(crate) async fn events(State(state): State<ApiState>) -> Result<Response, Problem> {
    let viewer = state.frames().viewer(state.engine()).await.ok_or_else(|| Problem::new(Code::Stopping, "Salio is shutting down. Ask again in a moment."))?;
    let mut response = Response::new(Body::from_stream(viewer.into_stream()));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    // A proxy that collects answers would hold events back.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}
