//! Messages: listed, looked at, taken back.

use axum::extract::State;
use axum::response::Response;
use salio_domain::ids::BatchId;
use salio_domain::{MessageId, Msisdn, message as domain};
use salio_engine::store::{MessageFilter, MessageRow, StoreError};
use serde::Deserialize;
use utoipa::IntoParams;

use super::extract::{MessageInPath, Params, limit, wrong};
use crate::problem::Problem;
use crate::state::ApiState;
use crate::text::ok;
use crate::wire::{Message, MessageDetail, MessageState, Messages};

/// Messages on one page at most.
const MOST: usize = 1000;
/// Where numbers without a country code belong when no account says otherwise.
const USUAL_COUNTRY: &str = "KE";

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
        let account = self.account.map(|word| engine.find(&word).ok_or_else(|| Problem::unknown_account(&word))).transpose()?;
        let country = engine.accounts().find(|(id, options)| account.map_or(options.default, |wanted| *id == wanted)).or_else(|| engine.accounts().next());
        let country = country.map_or(USUAL_COUNTRY, |(_, options)| options.default_country.as_str());
        let to = self.to.map(|text| Msisdn::parse(&text, country).map_err(|error| wrong("to", format!("{error}."))));
        let batch = self.batch.map(|text| text.parse::<BatchId>().map_err(|error| wrong("batch", format!("{error}."))));
        let before = self.cursor.map(|text| text.parse::<MessageId>().map_err(|_| wrong("cursor", "\"cursor\" must be the \"next_cursor\" of a page.")));
        Ok(MessageFilter {
            account,
            state: self.state.map(Into::into),
            to: to.transpose()?.map(|to| to.to_string()),
            reference: self.reference,
            batch: batch.transpose()?,
            before: before.transpose()?,
            limit: limit(self.limit, MOST)?,
        })
    }
}

/// Messages
///
/// Newest first, page by page.
#[utoipa::path(get, operation_id = "listMessages", path = "/api/v1/messages", tag = "messages", params(Wanted), responses((status = 200, body = Messages), (status = 400, body = crate::wire::Problem), (status = 404, body = crate::wire::Problem)))]
pub(crate) async fn list(State(state): State<ApiState>, Params(wanted): Params<Wanted>) -> Result<Response, Problem> {
    let mut filter = wanted.filter(&state)?;
    let page = filter.limit;
    // One more than is shown tells whether there is a next page.
    filter.limit = page + 1;
    let mut rows = state.engine().store().messages(&filter).await?;
    let more = rows.len() > page;
    rows.truncate(page);
    let next_cursor = rows.last().filter(|_| more).map(|row| row.id.to_string());
    let messages = rows.into_iter().map(|row| (state.slug(row.account), row)).map(|(slug, row)| Message::of(row, slug)).collect();
    Ok(ok(&Messages { messages, next_cursor }))
}

/// One message
///
/// With its text, its timeline and the provider's names of it.
#[utoipa::path(get, operation_id = "readMessage", path = "/api/v1/messages/{id}", tag = "messages", params(("id" = String, Path)), responses((status = 200, body = MessageDetail), (status = 404, body = crate::wire::Problem)))]
pub(crate) async fn one(State(state): State<ApiState>, MessageInPath(id): MessageInPath) -> Result<Response, Problem> {
    let detail = state.engine().store().message(id).await?;
    let slug = state.slug(detail.row.account);
    Ok(ok(&MessageDetail::of(detail, slug)))
}

/// Take a message back
///
/// Only while it has not left. One that was taken back already is answered again.
#[utoipa::path(delete, operation_id = "cancelMessage", path = "/api/v1/messages/{id}", tag = "messages", params(("id" = String, Path)), responses((status = 200, body = Message), (status = 404, body = crate::wire::Problem), (status = 409, body = crate::wire::Problem)))]
pub(crate) async fn cancel(State(state): State<ApiState>, MessageInPath(id): MessageInPath) -> Result<Response, Problem> {
    let row = match state.engine().cancel(id).await {
        Err(conflict @ StoreError::Conflict { .. }) => cancelled_before(&state, id).await?.ok_or(conflict)?,
        other => other?,
    };
    let slug = state.slug(row.account);
    Ok(ok(&Message::of(row, slug)))
}

/// The message, when it was taken back before: asking twice is no fault of the caller.
async fn cancelled_before(state: &ApiState, id: MessageId) -> Result<Option<MessageRow>, StoreError> {
    let row = state.engine().store().message(id).await?.row;
    Ok((row.state == domain::MessageState::Cancelled).then_some(row))
}
