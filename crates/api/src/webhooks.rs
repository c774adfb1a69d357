//! Calls from the provider: delivery reports and messages from phones, by GET and POST. Answered only when they are on the disk.
//!
//! Knows nothing of: any vendor's words or shapes (the account's driver reads the call), what a report does to a message.

mod caller;
mod raw;

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use salio_domain::AccountId;
use salio_engine::CallError;
use salio_engine::provider::{MOST_IN_CALL, RawCall};

use crate::problem::{Code, Problem};
use crate::state::ApiState;

pub(crate) use caller::Peer;
pub use caller::{AllowFn, Webhook};

/// The largest call that is read; a vendor's has a few hundred bytes, a bundle of a thousand reports some hundred thousand.
const CALL_LIMIT: usize = 512 * 1024;
/// Vendors give up after ten seconds; a caller that dribbles gives its place back.
const CALL_WITHIN: Duration = Duration::from_secs(10);
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
/// The word for the one vendor whose previous addresses are kept.
const PREVIOUS: &str = "onfon";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Reports,
    Inbound,
}

macro_rules! doors {
    ($($name:ident = $method:ident, $kind:expr, $path:literal, $id:literal, $title:literal;)*) => {$(
        #[doc = $title]
        ///
        /// In any of the shapes that the account's provider uses. The token stands in the address (`?token=…`), or the call comes from an allowed address.
        #[utoipa::path($method, operation_id = $id, path = $path, tag = "webhooks", params(("account" = String, Path, description = "Slug or id"), ("token" = Option<String>, Query, description = "`webhook_token` of the account")), responses((status = 200, description = "On the disk; the text is what the provider wants to see", body = String, content_type = "text/plain"), (status = 401, body = crate::wire::Problem), (status = 403, body = crate::wire::Problem), (status = 404, body = crate::wire::Problem), (status = 413, body = crate::wire::Problem), (status = 503, body = crate::wire::Problem)))]
        pub(crate) async fn $name(State(state): State<ApiState>, Path(account): Path<String>, request: Request) -> Result<Response, Problem> {
            take(&state, find(&state, &account)?, $kind, request).await
        }
    )*};
}

doors! {
    report_by_get = get, Kind::Reports, "/webhooks/{account}/dlr", "takeReportByGet", "A delivery report";
    report_by_post = post, Kind::Reports, "/webhooks/{account}/dlr", "takeReport", "Delivery reports";
    inbound_by_get = get, Kind::Inbound, "/webhooks/{account}/inbound", "takeInboundByGet", "A message from a phone";
    inbound_by_post = post, Kind::Inbound, "/webhooks/{account}/inbound", "takeInbound", "Messages from phones";
}

macro_rules! previous_doors {
    ($($name:ident = $method:ident, $kind:expr, $path:literal, $id:literal, $title:literal;)*) => {$(
        #[doc = $title]
        ///
        /// The previous system's address: of the only account, or the default one.
        #[utoipa::path($method, operation_id = $id, path = $path, tag = "webhooks", params(("token" = Option<String>, Query, description = "`webhook_token` of the account")), responses((status = 200, description = "On the disk; the text is what the provider wants to see", body = String, content_type = "text/plain"), (status = 401, body = crate::wire::Problem), (status = 403, body = crate::wire::Problem), (status = 404, body = crate::wire::Problem), (status = 413, body = crate::wire::Problem), (status = 503, body = crate::wire::Problem)))]
        pub(crate) async fn $name(State(state): State<ApiState>, request: Request) -> Result<Response, Problem> {
            take(&state, previous(&state)?, $kind, request).await
        }
    )*};
}

previous_doors! {
    previous_report_by_get = get, Kind::Reports, "/api/webhooks/onfon/dlr", "takePreviousReportByGet", "A delivery report at the previous address";
    previous_report_by_post = post, Kind::Reports, "/api/webhooks/onfon/dlr", "takePreviousReport", "Delivery reports at the previous address";
    previous_inbound_by_get = get, Kind::Inbound, "/api/webhooks/onfon/inbound", "takePreviousInboundByGet", "A message from a phone at the previous address";
    previous_inbound_by_post = post, Kind::Inbound, "/api/webhooks/onfon/inbound", "takePreviousInbound", "Messages from phones at the previous address";
}

fn find(state: &ApiState, word: &str) -> Result<AccountId, Problem> {
    state.engine().find(word).ok_or_else(|| Problem::unknown_account(word))
}

/// The account `onfon`, else the only account of that provider, else the default one.
fn previous(state: &ApiState) -> Result<AccountId, Problem> {
    let engine = state.engine();
    let own: Vec<_> = engine.accounts().filter(|(_, options)| options.provider.name() == PREVIOUS).collect();
    let found = own.iter().find(|(_, options)| options.slug == PREVIOUS).or_else(|| if own.len() == 1 { own.first() } else { own.iter().find(|(_, options)| options.default) });
    found.map(|(id, _)| *id).ok_or_else(|| Problem::unknown_account(PREVIOUS))
}

async fn take(state: &ApiState, account: AccountId, kind: Kind, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let query = raw::query(parts.uri.query().unwrap_or_default());
    let token = caller::check(state, account, &parts, &query)?;
    let body = read(body).await?;
    let query: Vec<(String, String)> = query.into_iter().filter(|(name, _)| !caller::is_token(name)).collect();
    let kept = raw::without(token.as_deref(), raw::kept(parts.method.as_str(), &query, &body));
    let call = RawCall { query: &query, content_type: content_type(&parts), body: &body };
    let engine = state.engine();
    let acknowledge = match kind {
        Kind::Reports => engine.take_reports(account, &call, &kept).await,
        Kind::Inbound => engine.take_inbound(account, &call, &kept).await,
    };
    let acknowledge = acknowledge.map_err(not_taken)?;
    let mut response = acknowledge.into_response();
    response.headers_mut().insert(CONTENT_TYPE, TEXT);
    Ok(response)
}

fn not_taken(error: CallError) -> Problem {
    match error {
        CallError::TooMany => {
            let detail = format!("A call holds at most {MOST_IN_CALL} reports or messages. Nothing of this one was taken: send it in parts.");
            Problem::new(Code::BodyTooLarge, detail).with("limit", MOST_IN_CALL)
        }
        CallError::Store(error) => error.into(),
    }
}

fn content_type(parts: &Parts) -> Option<&str> {
    parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok())
}

async fn read(body: Body) -> Result<Bytes, Problem> {
    let reading = tokio::time::timeout(CALL_WITHIN, Limited::new(body, CALL_LIMIT).collect());
    let Ok(read) = reading.await else {
        return Err(Problem::new(Code::BodyUnreadable, format!("The body did not come within {} s.", CALL_WITHIN.as_secs())).status(408));
    };
    match read {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Problem::new(Code::BodyTooLarge, format!("A call has at most {CALL_LIMIT} bytes.")).with("limit", CALL_LIMIT)),
        Err(_) => Err(Problem::new(Code::BodyUnreadable, "The body broke off before its end.")),
    }
}
