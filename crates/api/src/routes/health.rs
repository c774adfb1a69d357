//! For whoever watches over the process: alive, ready, counters.

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tracing::error;
use utoipa::ToSchema;

use crate::problem::{Code, Problem};
use crate::state::ApiState;
use crate::text::ok;

/// The answer of the two checks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Checked {
    /// Always `ok`; anything else is a problem.
    #[schema(example = "ok")]
    status: &'static str,
}

const OK: Checked = Checked { status: "ok" };

/// Alive
#[utoipa::path(get, operation_id = "healthz", path = "/healthz", tag = "health", responses((status = 200, body = Checked)))]
pub(crate) async fn alive() -> Response {
    ok(&OK)
}

/// Ready
///
/// The database answers and can be written.
#[utoipa::path(get, operation_id = "readyz", path = "/readyz", tag = "health", responses((status = 200, body = Checked), (status = 503, body = crate::wire::Problem)))]
pub(crate) async fn ready(State(state): State<ApiState>) -> Response {
    match state.engine().store().check().await {
        Ok(()) => ok(&OK),
        Err(failed) => {
            error!(%failed, "not ready: the database does not answer");
            Problem::new(Code::NotReady, "The database does not answer or cannot be written. Salio's log says more.").into_response()
        }
    }
}

/// Metrics
///
/// In the text format of Prometheus.
#[utoipa::path(get, operation_id = "metrics", path = "/metrics", tag = "health", responses((status = 200, content_type = "text/plain", body = String)))]
pub(crate) async fn metrics(State(state): State<ApiState>) -> Response {
    ([(CONTENT_TYPE, HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"))], state.metrics().render(state.engine())).into_response()
}
