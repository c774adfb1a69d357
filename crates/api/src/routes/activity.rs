//! The latest happenings.

use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use salio_domain::Units;
use salio_engine::store::{self, StoreError};
use serde::Deserialize;
use utoipa::IntoParams;

use super::extract::{Params, limit};
use crate::problem::Problem;
use crate::state::ApiState;
use crate::text::ok;
use crate::wire::{Activities, Activity};

/// Happenings that are listed at most.
const MOST: usize = 1000;
/// The smallest step that a history has.
const INSTANT: Duration = Duration::from_secs(1);

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
    let mut rows = state.engine().store().activity(account, limit(wanted.limit, MOST)?).await?;
    // Written down in another order where several pasts were: of the demo's accounts, one after the other.
    rows.sort_by_key(|row| std::cmp::Reverse(row.at));
    let mut activity = Vec::with_capacity(rows.len());
    for mut row in rows {
        let open = open_top_up(&state, &row).await?;
        row.amount = open.or(row.amount);
        activity.push(Activity::of(&row, state.slug(row.account), open.is_some()));
    }
    Ok(ok(&Activities { activity }))
}

/// The least that a top-up brought while its amount is not fixed. Top-ups are rare, so each is looked up in the history by its instant.
async fn open_top_up(state: &ApiState, row: &store::Activity) -> Result<Option<Units>, StoreError> {
    if row.kind != store::ActivityKind::TopUp {
        return Ok(None);
    }
    let history = state.engine().store().history(row.account, row.at, row.at, INSTANT).await?;
    Ok(history.top_ups.iter().find(|top_up| !top_up.settled).map(|top_up| top_up.amount.low))
}
