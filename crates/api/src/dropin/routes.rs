//! The three services under `/v1/sms`, in any casing and with a slash at the end, as some programs write them; whatever else is asked for there is answered in the
//! same envelope.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{RawQuery, Request, State};
use axum::http::header::ALLOW;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use axum::routing::MethodRouter;
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use jiff::tz::TimeZone;
use salio_engine::store::{MessageDetail, StoreError, TokenRow};

use super::answer::{BalanceRow, Code, Failed, ListedRow, accepted_text, answer, failed};
use super::face;
use super::fields::{Fields, Sent};
use super::key::{self, Shown};
use super::sending::Call;
use crate::options::BODY_LIMIT;
use crate::problem::Problem;
use crate::state::ApiState;

/// Ten thousand rows with texts of their own take several times the room of a list with one text.
const SEND_LIMIT: usize = 8 * BODY_LIMIT;
/// A caller that dribbles gives its place back.
const BODY_WITHIN: Duration = Duration::from_secs(30);
const ROOT: &str = "v1/sms";

macro_rules! doors {
    ($($method:ident $path:literal $id:literal $name:ident ( $($argument:ident : $kind:ty),* ) = $inner:ident, $title:literal;)*) => {$(
        #[doc = $title]
        ///
        /// For programs written for Onfon: same fields, codes and quirks. Always status 200; what happened is in `ErrorCode`.
        #[utoipa::path($method, operation_id = $id, path = $path, tag = "drop-in", responses((status = 200, description = "Onfon's envelope", body = Object)))]
        pub(crate) async fn $name(State(state): State<ApiState>, $($argument: $kind),*) -> Response {
            answer($inner(&state, $($argument),*).await)
        }
    )*};
}

doors! {
    post "/v1/sms/SendBulkSMS" "dropInSend" send(headers: HeaderMap, query: RawQuery, body: Body) = sending, "Send, as Onfon's SendBulkSMS";
    get "/v1/sms/Balance" "dropInBalance" balance(headers: HeaderMap, query: RawQuery) = credits, "What is left, as Onfon's Balance";
    get "/v1/sms/MessageStatus" "dropInStatus" status(headers: HeaderMap, query: RawQuery) = listed, "What became of a message, as Onfon's MessageStatus";
}

/// Whatever else is asked for under `/v1/sms`: a service in another casing or with a slash behind it, by another method, or one that is not here.
pub(crate) async fn other(State(state): State<ApiState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let name = service(parts.uri.path()).unwrap_or_default().to_ascii_lowercase();
    let query = RawQuery(parts.uri.query().map(str::to_owned));
    let reads = matches!(parts.method, Method::GET | Method::HEAD);
    match (name.as_str(), reads) {
        ("sendbulksms", false) if parts.method == Method::POST => answer(sending(&state, parts.headers, query, body).await),
        ("balance", true) => answer(credits(&state, parts.headers, query).await),
        ("messagestatus", true) => answer(listed(&state, parts.headers, query).await),
        ("sendbulksms", _) => wrong_method("SendBulkSMS is asked for by POST", "POST"),
        ("balance" | "messagestatus", _) => wrong_method("This service is asked for by GET", "GET"),
        _ => answer(Err(failed(Code::Parameter, "There is no such service here: SendBulkSMS, Balance and MessageStatus are answered").status(StatusCode::NOT_FOUND))),
    }
}

/// The service that a path asks for, in any casing and with slashes before and behind it: a base URL may end in one. None when the path is not of this endpoint.
pub(crate) fn service(path: &str) -> Option<&str> {
    let path = path.trim_start_matches('/');
    let rest = path.get(ROOT.len()..).filter(|_| path.get(..ROOT.len()).is_some_and(|root| root.eq_ignore_ascii_case(ROOT)))?;
    (rest.is_empty() || rest.starts_with('/')).then(|| rest.trim_matches('/'))
}

/// What went wrong before a service was reached, as a program reads it.
pub(crate) fn refused(problem: &Problem) -> Response {
    let (status, detail, _) = problem.parts();
    let code = if status < 500 { Code::NotAuthorised } else { Code::Server };
    answer(Err(failed(code, detail).status(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))))
}

/// Other methods of a service are answered in the envelope too.
pub(crate) fn in_envelope(service: MethodRouter<ApiState>) -> MethodRouter<ApiState> {
    service.fallback(other)
}

fn wrong_method(description: &str, allowed: &'static str) -> Response {
    let mut response = answer(Err(failed(Code::Parameter, description).status(StatusCode::METHOD_NOT_ALLOWED)));
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    response
}

/// Parameters of the address in any casing.
struct Query(Vec<(String, String)>);

impl Query {
    fn of(RawQuery(text): RawQuery) -> Self {
        Self(form_urlencoded::parse(text.unwrap_or_default().as_bytes()).map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    fn get(&self, wanted: &str) -> Option<String> {
        self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.clone())
    }

    fn shown(&self) -> Shown {
        Shown { api_key: self.get("ApiKey").unwrap_or_default(), client_id: self.get("ClientId").unwrap_or_default(), access_key: self.get("AccessKey") }
    }
}

async fn sending(state: &ApiState, headers: HeaderMap, query: RawQuery, body: Body) -> Result<String, Failed> {
    let body = read(body).await?;
    let sent = Sent::read(&body).ok_or_else(|| failed(Code::Parameter, "The body is no JSON object"))?;
    let (fields, query) = (Fields(&sent.members), Query::of(query));
    let either = |name: &str| fields.text(name).filter(|text| !text.is_empty()).or_else(|| query.get(name));
    let shown = Shown { api_key: either("ApiKey").unwrap_or_default(), client_id: either("ClientId").unwrap_or_default(), access_key: either("AccessKey") };
    let key = key::key(state.engine(), &shown.with_header(&headers)).await?;
    let call = Call { engine: state.engine(), slug: state.slug(key.account), key: &key, zone: &zone(state), headers: &headers, body: &body };
    call.send(&sent).await
}

async fn read(body: Body) -> Result<Bytes, Failed> {
    let read = tokio::time::timeout(BODY_WITHIN, Limited::new(body, SEND_LIMIT).collect()).await;
    match read {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(failed(Code::Parameter, format!("A body has at most {SEND_LIMIT} bytes")).status(StatusCode::PAYLOAD_TOO_LARGE)),
        Ok(Err(_)) => Err(failed(Code::Parameter, "The body broke off before its end").status(StatusCode::BAD_REQUEST)),
        Err(_) => Err(failed(Code::Parameter, format!("The body did not come within {} s", BODY_WITHIN.as_secs())).status(StatusCode::REQUEST_TIMEOUT)),
    }
}

async fn known(state: &ApiState, headers: &HeaderMap, query: &Query) -> Result<TokenRow, Failed> {
    key::key(state.engine(), &query.shown().with_header(headers)).await
}

/// The live estimate. Unknown is never told as a figure.
async fn credits(state: &ApiState, headers: HeaderMap, query: RawQuery) -> Result<String, Failed> {
    let key = known(state, &headers, &Query::of(query)).await?;
    let engine = state.engine();
    if engine.accounts().all(|(id, _)| id != key.account) {
        return Err(failed(Code::Inactive, "The account of this key is no longer active"));
    }
    let units = engine.read_for_program(key.account).await.ok_or_else(|| failed(Code::Server, "The balance is not known yet"))?;
    Ok(accepted_text(&[BalanceRow { plugin_type: "SMS", credits: face::credits(units, &key.credits_format) }]))
}

/// One row of the sent-list shape; only of messages that this key sent.
async fn listed(state: &ApiState, headers: HeaderMap, query: RawQuery) -> Result<String, Failed> {
    let query = Query::of(query);
    let key = known(state, &headers, &query).await?;
    let named = query.get("MessageId").filter(|id| !id.trim().is_empty()).ok_or_else(|| failed(Code::Parameter, "MessageId is blank"))?;
    let id = face::message_id(&named).ok_or_else(|| failed(Code::NotFound, "No such message"))?;
    let detail = match state.engine().store().message(id).await {
        Ok(detail) if detail.row.token == Some(key.id) => detail,
        Ok(_) | Err(StoreError::NotFound { .. }) => return Err(failed(Code::NotFound, "No such message")),
        Err(_) => return Err(failed(Code::Server, "Please try again")),
    };
    Ok(accepted_text(&[row(&detail, &zone(state))]))
}

fn row(detail: &MessageDetail, zone: &TimeZone) -> ListedRow {
    let message = &detail.row;
    ListedRow {
        mobile_number: message.to.to_string(),
        sender_id: message.sender.clone(),
        message: message.text.clone(),
        submit_date: face::date(message.created_at, zone),
        done_date: if message.state.is_final() { face::date(message.updated_at, zone) } else { String::new() },
        message_id: face::uuid(message.id),
        status: face::status(message.state),
    }
}

fn zone(state: &ApiState) -> TimeZone {
    TimeZone::get(&state.options().timezone).unwrap_or(TimeZone::UTC)
}
