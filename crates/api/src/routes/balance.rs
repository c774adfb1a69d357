//! The balance: read, asked for anew, made stale, its new form confirmed, its questions listed.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use salio_engine::store::StoreError;
use salio_engine::{RefreshError, Refreshed as Synced};
use serde::Deserialize;
use utoipa::IntoParams;

use super::extract::{InPath, NoParams, Params, limit};
use crate::problem::{Code, Problem};
use crate::state::ApiState;
use crate::text::{ok, raw};
use crate::wire::{Amount, Balance, Questions, Refreshed};

/// Questions that are listed at most.
const MOST_QUESTIONS: usize = 1000;

/// The balance
///
/// The estimate as it is shown everywhere. Reading a stale one makes Salio ask the provider once; the answer does not wait for it.
#[utoipa::path(get, operation_id = "readBalance", path = "/api/v1/accounts/{id}/balance", tag = "balance", params(("id" = String, Path, description = "Id or slug")), responses((status = 200, body = Balance), (status = 404, body = crate::wire::Problem)))]
pub(crate) async fn read(State(state): State<ApiState>, InPath(account): InPath) -> Response {
    let Some(body) = state.body_of(account) else { return gone() };
    // The tracker looks again itself; a fresh figure need not wake it for every reader.
    if body.asks {
        state.engine().read(account);
    }
    raw(StatusCode::OK, body.json)
}

/// Ask the provider now
///
/// Joins a question that is running. `502` and `504` carry the last known balance in `last`, `429` also `Retry-After`.
#[utoipa::path(post, operation_id = "refreshBalance", path = "/api/v1/accounts/{id}/balance/refresh", tag = "balance", params(("id" = String, Path, description = "Id or slug")), responses((status = 200, body = Refreshed), (status = 404, body = crate::wire::Problem), (status = 429, body = crate::wire::Problem), (status = 502, body = crate::wire::Problem), (status = 504, body = crate::wire::Problem)))]
pub(crate) async fn refresh(State(state): State<ApiState>, _: NoParams, InPath(account): InPath) -> Response {
    synced(&state, state.engine().refresh(account).await)
}

/// Confirm a new form of the balance
///
/// When the provider writes its figure in another form than before, it is not taken until a person says that it means the same account. It is asked for again at once.
#[utoipa::path(post, operation_id = "acceptBalanceForm", path = "/api/v1/accounts/{id}/balance/accept-form", tag = "balance", params(("id" = String, Path, description = "Id or slug")), responses((status = 200, body = Refreshed), (status = 404, body = crate::wire::Problem), (status = 409, body = crate::wire::Problem), (status = 502, body = crate::wire::Problem)))]
pub(crate) async fn accept_form(State(state): State<ApiState>, _: NoParams, InPath(account): InPath) -> Response {
    match state.engine().accept_form(account).await {
        Err(RefreshError::Store(StoreError::Conflict { .. })) => Problem::new(Code::NothingToConfirm, "The provider's figure has the form it always had.").into_response(),
        result => synced(&state, result),
    }
}

/// Clear the cache
///
/// Makes the balance stale; no history is deleted. The next reader makes Salio ask the provider once.
#[utoipa::path(delete, operation_id = "clearBalanceCache", path = "/api/v1/accounts/{id}/balance/cache", tag = "balance", params(("id" = String, Path, description = "Id or slug")), responses((status = 200, body = Balance), (status = 404, body = crate::wire::Problem)))]
pub(crate) async fn clear_cache(State(state): State<ApiState>, _: NoParams, InPath(account): InPath) -> Response {
    match state.engine().clear_cache(account).await {
        Ok(snapshot) => state.balance_of(&snapshot).map_or_else(gone, |balance| ok(&balance)),
        Err(error) => Problem::from(error).into_response(),
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// How many, 1 to 1,000; 50 without it.
    limit: Option<usize>,
}

/// What was asked and answered
///
/// The latest questions to the provider, newest first.
#[utoipa::path(get, operation_id = "listQuestions", path = "/api/v1/accounts/{id}/questions", tag = "balance", params(("id" = String, Path, description = "Id or slug"), Wanted), responses((status = 200, body = Questions), (status = 400, body = crate::wire::Problem), (status = 404, body = crate::wire::Problem)))]
pub(crate) async fn questions(State(state): State<ApiState>, InPath(account): InPath, Params(wanted): Params<Wanted>) -> Result<Response, Problem> {
    let rows = state.engine().store().questions(account, limit(wanted.limit, MOST_QUESTIONS)?).await?;
    Ok(ok(&Questions { account: state.slug(account), questions: rows.into_iter().map(Into::into).collect() }))
}

fn synced(state: &ApiState, result: Result<Synced, RefreshError>) -> Response {
    match result {
        Ok(synced) => match state.balance_of(&synced.snapshot) {
            Some(balance) => ok(&Refreshed { changed: balance.balance.map(|now| now.0) != synced.previous, previous: synced.previous.map(Amount), balance }),
            None => gone(),
        },
        Err(error) => Problem::refresh(error, |snapshot| state.balance_of(snapshot)).into_response(),
    }
}

fn gone() -> Response {
    Problem::new(Code::UnknownAccount, "There is no such account.").into_response()
}
