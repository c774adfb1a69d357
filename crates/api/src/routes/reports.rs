//! What came from providers: delivery reports and messages from phones, as they came.

use axum::extract::State;
use axum::response::Response;
use salio_domain::ids::InboundId;
use salio_engine::store::ReportFilter;
use serde::Deserialize;
use utoipa::IntoParams;

use super::extract::{MOST, Params, account, cursor, limit, page};
use crate::problem::Problem;
use crate::state::ApiState;
use crate::text::ok;
use crate::wire::{Inbound, InboundMessages, ListedReport, Reports};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Id or slug.
    account: Option<String>,
    /// Of a known message, or of none.
    matched: Option<bool>,
    /// How many, 1 to 1,000; 50 without it.
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Delivery reports
///
/// Newest first, page by page: every one that came, also those of no known message (`matched=false`).
#[utoipa::path(get, operation_id = "listReports", path = "/api/v1/reports", tag = "reports", params(Wanted), responses((status = 200, body = Reports), (status = 400, body = crate::wire::Problem), (status = 404, body = crate::wire::Problem)))]
pub(crate) async fn list(State(state): State<ApiState>, Params(wanted): Params<Wanted>) -> Result<Response, Problem> {
    let limit = limit(wanted.limit, MOST)?;
    let filter = ReportFilter {
        account: account(state.engine(), wanted.account.as_deref())?,
        message: None,
        matched: wanted.matched,
        before: cursor(wanted.cursor.as_deref())?,
        limit: limit + 1,
    };
    let (rows, next_cursor) = page(state.engine().store().reports(&filter).await?, limit, |row| row.id.to_string());
    let reports = rows.into_iter().map(|row| (state.slug(row.account), row)).map(|(slug, row)| ListedReport::of(row, slug)).collect();
    Ok(ok(&Reports { reports, next_cursor }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedInbound {
    /// Id or slug.
    account: Option<String>,
    /// How many, 1 to 1,000; 50 without it.
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Messages from phones
///
/// Newest first, page by page.
#[utoipa::path(get, operation_id = "listInbound", path = "/api/v1/inbound", tag = "reports", params(WantedInbound), responses((status = 200, body = InboundMessages), (status = 400, body = crate::wire::Problem), (status = 404, body = crate::wire::Problem)))]
pub(crate) async fn inbound(State(state): State<ApiState>, Params(wanted): Params<WantedInbound>) -> Result<Response, Problem> {
    let limit = limit(wanted.limit, MOST)?;
    let account = account(state.engine(), wanted.account.as_deref())?;
    let before: Option<InboundId> = cursor(wanted.cursor.as_deref())?;
    let rows = state.engine().store().inbound_messages(account, before, limit + 1).await?;
    let (rows, next_cursor) = page(rows, limit, |row| row.id.to_string());
    let messages = rows.into_iter().map(|row| (state.slug(row.account), row)).map(|(slug, row)| Inbound::of(row, slug)).collect();
    Ok(ok(&InboundMessages { messages, next_cursor }))
}
