//! The latest happenings.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::extract::{Params, limit};
use crate::problem::Problem;
use crate::state::ApiState;
use crate::text::ok;
use crate::wire::{Activities, Activity};

/// Happenings that are listed at most.
const MOST: usize = 1000;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Id or slug; without it all accounts.
    account: Option<String>,
    /// How many, 1 to 1,000; 50 without it.
    limit: Option<usize>,
}

/// What happened
///
/// The latest happenings, newest first.
#[utoipa::path(get, operation_id = "listActivity", path = "/api/v1/activity", tag = "accounts", params(Wanted), responses((status = 200, body = Activities), (status = 400, body = crate::wire::Problem), (status = 404, body = crate::wire::Problem)))]
pub(crate) async fn list(State(state): State<ApiState>, Params(wanted): Params<Wanted>) -> Result<Response, Problem> {
    let account = wanted.account.map(|word| state.engine().find(&word).ok_or_else(|| Problem::unknown_account(&word))).transpose()?;
    let rows = state.engine().store().activity(account, limit(wanted.limit, MOST)?).await?;
    Ok(ok(&Activities { activity: rows.iter().map(|row| Activity::of(row, state.slug(row.account))).collect() }))
}
