//! Figures of the past, down-sampled by the store.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::extract::{InPath, Params};
use super::period::Period;
use crate::problem::Problem;
use crate::state::ApiState;
use crate::text::ok;
use crate::wire::History;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// RFC 3339, or a span before now such as `-24h`; without it the day before `to`.
    from: Option<String>,
    /// RFC 3339, `now`, or a span before now; without it now.
    to: Option<String>,
    /// Such as `30s`, `5m`, `1h`, `1d`; without it about 300 points.
    step: Option<String>,
}

/// Figures of the past
///
/// For charts: the last figure of each step with its lowest and highest, and the top-ups.
#[utoipa::path(get, operation_id = "readBalanceHistory", path = "/api/v1/accounts/{id}/balance/history", tag = "balance", params(("id" = String, Path, description = "Id or slug"), Wanted), responses((status = 200, body = History), (status = 400, body = crate::wire::Problem), (status = 404, body = crate::wire::Problem)))]
pub(crate) async fn read(State(state): State<ApiState>, InPath(account): InPath, Params(wanted): Params<Wanted>) -> Result<Response, Problem> {
    let engine = state.engine();
    let Period { from, to, step } = Period::read(wanted.from.as_deref(), wanted.to.as_deref(), wanted.step.as_deref(), engine.clock().now())?;
    let history = engine.store().history(account, from, to, step).await?;
    let unit = engine.accounts().find(|(id, _)| *id == account).map(|(_, options)| options.unit.clone()).unwrap_or_default();
    Ok(ok(&History::of(history, (state.slug(account), unit), (from, to), step)))
}
