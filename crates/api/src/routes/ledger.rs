//! The books: read entry by entry, and gone through from end to end.

use axum::extract::State;
use axum::response::Response;
use salio_domain::AccountId;
use salio_engine::store::StoreError;
use serde::Deserialize;
use utoipa::IntoParams;

use super::extract::{InPath, MOST, Params, limit, page};
use crate::audit::{Stored, audit};
use crate::problem::Problem;
use crate::state::ApiState;
use crate::text::ok;
use crate::wire::{Ledger, Verified, VerifiedAccount};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// How many, 1 to 1,000; 50 without it.
    limit: Option<usize>,
    /// `next_cursor` of the page before: the last number on it.
    cursor: Option<i64>,
}

/// The books of an account
///
/// From the first entry on, page by page. Every entry moves an amount from one side to another and is never changed.
#[utoipa::path(get, operation_id = "readLedger", path = "/api/v1/accounts/{id}/ledger", tag = "ledger", params(("id" = String, Path, description = "Id or slug"), Wanted), responses((status = 200, body = Ledger), (status = 400, body = crate::wire::Problem), (status = 404, body = crate::wire::Problem)))]
pub(crate) async fn read(State(state): State<ApiState>, InPath(account): InPath, Params(wanted): Params<Wanted>) -> Result<Response, Problem> {
    let limit = limit(wanted.limit, MOST)?;
    let rows = state.engine().store().ledger(account, wanted.cursor.unwrap_or(0), limit + 1).await?;
    let (rows, next_cursor) = page(rows, limit, |row| row.entry.number.to_string());
    let unit = state.engine().accounts().find(|(id, _)| *id == account).map(|(_, options)| options.unit.clone()).unwrap_or_default();
    Ok(ok(&Ledger { account: state.slug(account), unit, entries: rows.into_iter().map(Into::into).collect(), next_cursor }))
}

/// Verify the books
///
/// Goes through every entry of every account: hashes, numbers, seals, balances, and what the submissions say is pending and in doubt. Finds whatever was altered, removed or added. Takes as long as it takes; sending goes on meanwhile.
#[utoipa::path(get, operation_id = "verifyLedger", path = "/api/v1/ledger/verify", tag = "ledger", responses((status = 200, body = Verified), (status = 503, body = crate::wire::Problem)))]
pub(crate) async fn verify(State(state): State<ApiState>) -> Result<Response, Problem> {
    let ids: Vec<AccountId> = state.engine().accounts().map(|(id, _)| id).collect();
    let mut accounts = Vec::with_capacity(ids.len());
    for id in ids {
        accounts.push(one(&state, id).await?);
    }
    let strays = state.engine().store().ledger_strays().await?;
    Ok(ok(&Verified { ok: strays.is_empty() && accounts.iter().all(|account| account.faults.is_empty()), accounts, strays }))
}

async fn one(state: &ApiState, account: AccountId) -> Result<VerifiedAccount, StoreError> {
    let audited = audit(&Stored { store: state.engine().store().as_ref(), account }, account).await?;
    Ok(VerifiedAccount {
        account: state.slug(account),
        entries: audited.entries,
        balances: audited.head.balances.into(),
        last_seal: audited.head.seals.last().map(Into::into),
        faults: audited.faults.into_iter().map(Into::into).collect(),
    })
}
