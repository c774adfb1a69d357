//! Messages: listed, looked at, taken back, settled when in doubt.

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use salio_domain::ids::BatchId;
use salio_domain::{MessageId, message as domain};
use salio_engine::store::{IdempotencyKey, MessageFilter, MessageRow, Replay, ReportFilter, StoreError};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use utoipa::IntoParams;

use super::extract::{MOST, MessageInPath, NoParams, Params, account, cursor, limit, number, page, wrong};
use super::send;
use crate::body;
use crate::problem::{Code, Problem, conflict};
use crate::state::ApiState;
use crate::text::ok;
use crate::wire::{Message, MessageDetail, MessageState, Messages, Resolve};

/// Reports of one message that are shown at most: providers repeat themselves.
const MOST_REPORTS: usize = 100;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Only these.
    #[param(inline)]
    state: Option<MessageState>,
    /// Id or slug.
    account: Option<String>,
    /// To this number, as people write it.
    to: Option<String>,
    /// With this reference.
    reference: Option<String>,
    /// Of this batch.
    batch: Option<String>,
    /// How many, 1 to 1,000; 50 without it.
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

impl Wanted {
    fn filter(self, state: &ApiState) -> Result<MessageFilter, Problem> {
        let engine = state.engine();
        let account = account(engine, self.account.as_deref())?;
        let to = self.to.map(|text| number(engine, account, &text).map_err(|detail| wrong("to", detail)));
        let batch = self.batch.map(|text| text.parse::<BatchId>().map_err(|error| wrong("batch", format!("{error}."))));
        Ok(MessageFilter {
            account,
            state: self.state.map(Into::into),
            to: to.transpose()?.map(|to| to.to_string()),
            reference: self.reference,
            batch: batch.transpose()?,
            before: cursor(self.cursor.as_deref())?,
            limit: limit(self.limit, MOST)?,
        })
    }
}

/// Messages
///
/// Newest first, page by page. `cause` says of waiting ones what holds them up now.
#[utoipa::path(get, operation_id = "listMessages", path = "/api/v1/messages", tag = "messages", params(Wanted), responses((status = 200, body = Messages), (status = 400, body = crate::wire::Problem), (status = 404, body = crate::wire::Problem)))]
pub(crate) async fn list(State(state): State<ApiState>, Params(wanted): Params<Wanted>) -> Result<Response, Problem> {
    let mut filter = wanted.filter(&state)?;
    let limit = filter.limit;
    filter.limit += 1;
    let rows = state.engine().store().messages(&filter).await?;
    let (rows, next_cursor) = page(rows, limit, |row| row.id.to_string());
    let waits = state.engine().why_waits(&rows).await?;
    let messages = rows.into_iter().zip(waits).map(|(row, waits)| (state.slug(row.account), row, waits));
    Ok(ok(&Messages { messages: messages.map(|(slug, row, waits)| Message::of(row, slug, waits)).collect(), next_cursor }))
}

/// One message
///
/// With its text, its timeline, the provider's names of it and the delivery reports of it as they came.
#[utoipa::path(get, operation_id = "readMessage", path = "/api/v1/messages/{id}", tag = "messages", params(("id" = String, Path)), responses((status = 200, body = MessageDetail), (status = 404, body = crate::wire::Problem)))]
pub(crate) async fn one(State(state): State<ApiState>, MessageInPath(id): MessageInPath) -> Result<Response, Problem> {
    detail(&state, id).await
}

async fn detail(state: &ApiState, id: MessageId) -> Result<Response, Problem> {
    let detail = state.engine().store().message(id).await?;
    let reports = state.engine().store().reports(&ReportFilter { message: Some(id), limit: MOST_REPORTS, ..ReportFilter::default() }).await?;
    let waits = waits(state, &detail.row).await?;
    let slug = state.slug(detail.row.account);
    Ok(ok(&MessageDetail::of(detail, slug, waits, reports)))
}

/// What holds one message up.
async fn waits(state: &ApiState, row: &MessageRow) -> Result<Option<&'static str>, StoreError> {
    let waits = state.engine().why_waits(std::slice::from_ref(row)).await?;
    Ok(waits.into_iter().next().flatten())
}

/// Take a message back
///
/// Only while it has not left. One that was taken back already is answered again.
#[utoipa::path(delete, operation_id = "cancelMessage", path = "/api/v1/messages/{id}", tag = "messages", params(("id" = String, Path)), responses((status = 200, body = Message), (status = 404, body = crate::wire::Problem), (status = 409, body = crate::wire::Problem)))]
pub(crate) async fn cancel(State(state): State<ApiState>, _: NoParams, MessageInPath(id): MessageInPath) -> Result<Response, Problem> {
    let row = match state.engine().cancel(id).await {
        Err(conflict @ StoreError::Conflict { .. }) => cancelled_before(&state, id).await?.ok_or(conflict)?,
        other => other?,
    };
    let (slug, waits) = (state.slug(row.account), waits(&state, &row).await?);
    Ok(ok(&Message::of(row, slug, waits)))
}

/// The message, when it was taken back before: asking twice is no fault of the caller.
async fn cancelled_before(state: &ApiState, id: MessageId) -> Result<Option<MessageRow>, StoreError> {
    let row = state.engine().store().message(id).await?.row;
    Ok((row.state == domain::MessageState::Cancelled).then_some(row))
}

/// Settle a message in doubt
///
/// A person says what became of it. The same word again is answered again; evidence that came meanwhile makes it `409`. The same request again under its
/// `Idempotency-Key` changes nothing and is answered with the message as it is then, so that one wish never sends twice.
#[utoipa::path(post, operation_id = "resolveMessage", path = "/api/v1/messages/{id}/resolve", tag = "messages", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 printable ASCII characters; kept for 7 days")), request_body = Resolve, responses((status = 200, body = MessageDetail), (status = 400, body = crate::wire::Problem), (status = 404, body = crate::wire::Problem), (status = 409, description = "`not_in_doubt`", body = crate::wire::Problem)))]
pub(crate) async fn resolve(State(state): State<ApiState>, _: NoParams, MessageInPath(id): MessageInPath, headers: HeaderMap, body: Body) -> Result<Response, Problem> {
    let raw = body::read(&headers, body).await?;
    let wanted: Resolve = body::parse(&raw)?;
    let scope = format!("resolve {id}");
    let key = send::key_text(&headers)?.map(|key| IdempotencyKey { scope, key, body_sha256: Sha256::digest(&raw).into() });
    let settlement = wanted.r#as.into();
    let Some(key) = key else {
        state.engine().resolve(id, settlement).await.map_err(|failed| conflict(Code::NotInDoubt, failed))?;
        return detail(&state, id).await;
    };
    match state.engine().store().replay(&key).await? {
        Some(Replay::Same(_)) => return Ok(send::mark_replayed(detail(&state, id).await?)),
        Some(Replay::OtherBody) => return Err(send::key_reused()),
        None => {}
    }
    state.engine().resolve_once(id, settlement, Some((key, SETTLED.to_owned()))).await.map_err(|failed| conflict(Code::NotInDoubt, failed))?;
    detail(&state, id).await
}

/// What is kept under the key of a settlement: its answer is the message, as it is whenever it is asked for.
const SETTLED: &str = "settled";
