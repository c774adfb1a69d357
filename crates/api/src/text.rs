//! JSON out: written once, straight into bytes.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tracing::error;

use crate::problem::{Code, Problem};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// Figures age; nobody may show one from a cache.
pub(crate) const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// `200` with a body.
pub(crate) fn ok(value: &impl Serialize) -> Response {
    answer(StatusCode::OK, value)
}

/// A body with its status.
pub(crate) fn answer(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => raw(status, bytes),
        Err(failed) => {
            error!(%failed, "an answer could not be written as JSON");
            Problem::new(Code::Internal, "The answer could not be written.").into_response()
        }
    }
}

/// JSON that is written already.
pub(crate) fn raw(status: StatusCode, json: impl Into<Body>) -> Response {
    let mut response = Response::new(json.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, JSON);
    response.headers_mut().insert(CACHE_CONTROL, NO_STORE);
    response
}
