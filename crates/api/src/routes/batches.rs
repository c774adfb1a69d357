//! Batches: listed, looked at, paused, resumed, taken back.

use axum::extract::State;
use axum::response::Response;
use salio_domain::ids::BatchId;
use salio_engine::BatchView;
use salio_engine::store::{BatchFilter, BatchOrder, LineError};
use serde::Deserialize;
use utoipa::IntoParams;

use super::extract::{BatchInPath, MOST, NoParams, Params, account, cursor, limit, page};
use crate::problem::{Code, Problem, conflict};
use crate::state::ApiState;
use crate::text::ok;
use crate::wire::{Batch, BatchState, Batches, LineErrors};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Id or slug.
    account: Option<String>,
    /// Only these; `running` ones are not done.
    #[param(inline)]
    state: Option<BatchState>,
    /// How many, 1 to 1,000; 50 without it.
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Batches
///
/// Newest first, page by page: lists, and streams of CSV or NDJSON.
#[utoipa::path(get, operation_id = "listBatches", path = "/api/v1/batches", tag = "batches", params(Wanted), responses((status = 200, body = Batches), (status = 400, body = crate::wire::Problem), (status = 404, body = crate::wire::Problem)))]
pub(crate) async fn list(State(state): State<ApiState>, Params(wanted): Params<Wanted>) -> Result<Response, Problem> {
    let limit = limit(wanted.limit, MOST)?;
    let filter = BatchFilter {
        account: account(state.engine(), wanted.account.as_deref())?,
        state: wanted.state.map(|state| state.as_str().to_owned()),
        before: cursor(wanted.cursor.as_deref())?,
        limit: limit + 1,
    };
    let (views, next_cursor) = page(state.engine().batches(&filter).await?, limit, |view| view.row.id.to_string());
    Ok(ok(&Batches { batches: views.iter().map(|view| shown(&state, view)).collect(), next_cursor }))
}

fn shown(state: &ApiState, view: &BatchView) -> Batch {
    Batch::of(view, state.slug(view.row.account))
}

/// One batch
///
/// As the event `batch` tells it: counts by state, rate, time left.
#[utoipa::path(get, operation_id = "readBatch", path = "/api/v1/batches/{id}", tag = "batches", params(("id" = String, Path)), responses((status = 200, body = Batch), (status = 404, body = crate::wire::Problem)))]
pub(crate) async fn one(State(state): State<ApiState>, BatchInPath(id): BatchInPath) -> Result<Response, Problem> {
    Ok(ok(&shown(&state, &state.engine().batch(id).await?)))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedErrors {
    /// How many, 1 to 1,000; 50 without it.
    limit: Option<usize>,
    /// `next_cursor` of the page before: the last line on it.
    cursor: Option<i64>,
}

/// Refused lines of a batch
///
/// In their order, page by page. What was refused of a list stands in the answer to it, and nowhere else.
#[utoipa::path(get, operation_id = "listBatchErrors", path = "/api/v1/batches/{id}/errors", tag = "batches", params(("id" = String, Path), WantedErrors), responses((status = 200, body = LineErrors), (status = 400, body = crate::wire::Problem), (status = 404, body = crate::wire::Problem)))]
pub(crate) async fn errors(State(state): State<ApiState>, BatchInPath(id): BatchInPath, Params(wanted): Params<WantedErrors>) -> Result<Response, Problem> {
    let limit = limit(wanted.limit, MOST)?;
    let rows: Vec<LineError> = state.engine().batch_errors(id, wanted.cursor.unwrap_or(0), limit + 1).await?;
    let (rows, next_cursor) = page(rows, limit, |row| row.line.to_string());
    Ok(ok(&LineErrors { errors: rows.into_iter().map(Into::into).collect(), next_cursor }))
}

/// Pause a batch
///
/// Nothing more of it begins; what is under way ends. Again changes nothing.
#[utoipa::path(post, operation_id = "pauseBatch", path = "/api/v1/batches/{id}/pause", tag = "batches", params(("id" = String, Path)), responses((status = 200, body = Batch), (status = 404, body = crate::wire::Problem), (status = 409, description = "`batch_ended`", body = crate::wire::Problem)))]
pub(crate) async fn pause(State(state): State<ApiState>, _: NoParams, BatchInPath(id): BatchInPath) -> Result<Response, Problem> {
    order(&state, id, BatchOrder::Pause).await
}

/// Let a batch go on
///
/// Again changes nothing.
#[utoipa::path(post, operation_id = "resumeBatch", path = "/api/v1/batches/{id}/resume", tag = "batches", params(("id" = String, Path)), responses((status = 200, body = Batch), (status = 404, body = crate::wire::Problem), (status = 409, description = "`batch_ended`", body = crate::wire::Problem)))]
pub(crate) async fn resume(State(state): State<ApiState>, _: NoParams, BatchInPath(id): BatchInPath) -> Result<Response, Problem> {
    order(&state, id, BatchOrder::Resume).await
}

/// Take a batch back
///
/// What has not left is cancelled, soon; what has left stays as it is. A stream that has not ended is dropped. Again changes nothing.
#[utoipa::path(post, operation_id = "cancelBatch", path = "/api/v1/batches/{id}/cancel", tag = "batches", params(("id" = String, Path)), responses((status = 200, body = Batch), (status = 404, body = crate::wire::Problem), (status = 409, description = "`batch_ended`", body = crate::wire::Problem)))]
pub(crate) async fn cancel(State(state): State<ApiState>, _: NoParams, BatchInPath(id): BatchInPath) -> Result<Response, Problem> {
    order(&state, id, BatchOrder::Cancel).await
}

async fn order(state: &ApiState, id: BatchId, order: BatchOrder) -> Result<Response, Problem> {
    let ordered = state.engine().order_batch(id, order).await;
    let receiving = ordered.is_err() && state.engine().batch(id).await.is_ok_and(|view| view.state() == "receiving");
    let code = if receiving { Code::BatchReceiving } else { Code::BatchEnded };
    let view = ordered.map_err(|failed| conflict(code, failed))?;
    Ok(ok(&shown(state, &view)))
}
