//! Messages in: accepted durably, at most once under an `Idempotency-Key`; and quotes, which send nothing.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use salio_domain::segments::forced_by;
use salio_domain::{MessageId, Units};
use salio_engine::store::Replay;
use salio_engine::{AcceptError, Draft, Key};
use sha2::{Digest, Sha256};

use super::extract::NoParams;
use crate::body;
use crate::metrics::{accepted, batch_accepted};
use crate::problem::{Code, Problem, none_valid, short};
use crate::state::ApiState;
use crate::text::{ok, raw};
use crate::wire::{Amount, Forced, NewMessage, Quote, QuoteRequest, SendAnswer};

/// Keys are per caller (nobody has a token yet) and route.
const SCOPE: &str = "- POST /api/v1/messages";
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that the answer is the first one, told again.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const LONGEST_KEY: usize = 255;
/// Enough to mend a text; each is shown on the page.
const MOST_FORCED: usize = 100;
/// Of these too.
const MOST_REJECTED: usize = 100;

/// Send messages
///
/// `202` means that they are on disk and will be tried. One `to` is answered as one message, a list as a batch.
/// When the balance, asked again, does not cover it, `on_short` decides: `hold` accepts and lets wait, `refuse` answers `409`, `partial` accepts the first recipients that it covers and tells the others in `rejected`.
/// The same `Idempotency-Key` with the same body gives the first answer again.
#[utoipa::path(post, operation_id = "sendMessages", path = "/api/v1/messages", tag = "messages", request_body = NewMessage, params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 printable ASCII characters; kept for 7 days")), responses((status = 202, description = "One `to`: the message. A list: the batch.", body = SendAnswer), (status = 400, body = crate::wire::Problem), (status = 409, description = "`insufficient_balance`, with `charge`, `available`, `shortfall` and `unit`", body = crate::wire::Problem), (status = 413, body = crate::wire::Problem), (status = 415, body = crate::wire::Problem), (status = 422, body = crate::wire::Problem), (status = 503, body = crate::wire::Problem)))]
pub(crate) async fn send(State(state): State<ApiState>, _: NoParams, headers: HeaderMap, body: Body) -> Result<Response, Problem> {
    let bytes = body::read(&headers, body).await?;
    let key = key(&headers, &bytes)?;
    // Asked before the draft is looked at: what was right the first time may be past its time now.
    if let Some(key) = &key
        && let Some(replay) = state.engine().replay(key).await?
    {
        return replayed(replay);
    }
    let message: NewMessage = body::parse(&bytes)?;
    let (draft, list) = message.into_draft();
    accept(&state, draft, list, key).await
}

async fn accept(state: &ApiState, draft: Draft, list: bool, key: Option<Key>) -> Result<Response, Problem> {
    let (count, first) = (AtomicU64::new(0), AtomicI64::new(0));
    let keyed = key.is_some();
    let render = |made: &salio_engine::Accepted| {
        count.store(made.messages.len() as u64, Ordering::Relaxed);
        first.store(made.messages.first().map_or(0, |message| message.id.raw()), Ordering::Relaxed);
        serde_json::to_string(&SendAnswer::from(made)).unwrap_or_default()
    };
    let answer = state.engine().intake().accept(draft, list, key, render).await.map_err(|error| refused(error, list))?;
    // Two requests under one key at once: the later one gets the earlier one's answer.
    if keyed && !answer.contains(&MessageId::from_raw(first.load(Ordering::Relaxed)).to_string()) {
        return replayed(Replay::Same(answer));
    }
    accepted(count.load(Ordering::Relaxed));
    if list {
        batch_accepted("list");
    }
    Ok(raw(StatusCode::ACCEPTED, answer))
}

fn refused(error: AcceptError, list: bool) -> Problem {
    match error {
        AcceptError::Draft(error) => error.into(),
        AcceptError::NoneValid(rejected) => none_valid(&rejected, list),
        AcceptError::KeyReused => key_reused(),
        AcceptError::Short { short: missing, account, unit } => short(missing, &account, &unit),
        AcceptError::Store(error) => error.into(),
    }
}

pub(super) fn key_reused() -> Problem {
    Problem::new(Code::IdempotencyKeyReused, "A key belongs to one body for 7 days: take a new key for another message.")
}

fn replayed(replay: Replay) -> Result<Response, Problem> {
    match replay {
        Replay::Same(first) => Ok(mark_replayed(raw(StatusCode::ACCEPTED, first))),
        Replay::OtherBody => Err(key_reused()),
    }
}

/// Says that it was answered before.
pub(super) fn mark_replayed(mut response: Response) -> Response {
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

fn key(headers: &HeaderMap, body: &[u8]) -> Result<Option<Key>, Problem> {
    let text = key_text(headers)?;
    Ok(text.map(|key| Key { scope: SCOPE.to_owned(), key, body_sha256: Sha256::digest(body).into() }))
}

/// The caller's `Idempotency-Key`.
pub(super) fn key_text(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut given = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(first) = given.next() else { return Ok(None) };
    let text = first.to_str().unwrap_or_default();
    let visible = (1..=LONGEST_KEY).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    if !visible || given.next().is_some() {
        return Err(Problem::new(Code::InvalidIdempotencyKey, format!("Send one Idempotency-Key of 1 to {LONGEST_KEY} printable ASCII characters.")));
    }
    Ok(Some(text.to_owned()))
}

/// What a text would take
///
/// Encoding, segments, the characters that force UCS-2, the charge by each number's prefix, who cannot be sent to, and what would be left: the estimate less what is queued less the charge. Sends nothing, and does not ask the provider.
#[utoipa::path(post, operation_id = "quoteMessages", path = "/api/v1/messages/quote", tag = "messages", request_body = QuoteRequest, responses((status = 200, body = Quote), (status = 400, body = crate::wire::Problem), (status = 422, body = crate::wire::Problem)))]
pub(crate) async fn quote(State(state): State<ApiState>, _: NoParams, headers: HeaderMap, body: Body) -> Result<Response, Problem> {
    let wanted: QuoteRequest = body::parse(&body::read(&headers, body).await?)?;
    let draft = wanted.into_draft();
    let quote = state.engine().intake().quote(&draft)?;
    let view = state.engine().view(quote.account).ok_or_else(|| Problem::new(Code::UnknownAccount, "There is no such account."))?;
    let left = |balance: Units| balance.checked_sub(view.queued).and_then(|left| left.checked_sub(quote.charge));
    Ok(ok(&Quote {
        account: view.account.clone(),
        unit: view.unit.clone(),
        encoding: quote.segmented.encoding.into(),
        segments: quote.segmented.segments,
        characters: draft.text.chars().count(),
        recipients: quote.recipients,
        rejected: quote.rejected.iter().take(MOST_REJECTED).map(Into::into).collect(),
        charge: Amount(quote.charge),
        balance_after: view.balance.and_then(left).map(Amount),
        short: quote.short.map(Into::into),
        forced_by: forced_by(&draft.text).take(MOST_FORCED).map(|(index, character)| Forced { index, character }).collect(),
    }))
}
