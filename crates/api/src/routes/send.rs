//! Messages in: accepted durably, at most once under an `Idempotency-Key`; and quotes, which send nothing.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use salio_domain::segments::forced_by;
use salio_domain::{MessageId, Units};
use salio_engine::store::Replay;
use salio_engine::{AcceptError, Draft, DraftError, Key};
use sha2::{Digest, Sha256};

use crate::body;
use crate::metrics::accepted;
use crate::problem::{Code, Problem, none_valid};
use crate::state::ApiState;
use crate::text::{ok, raw};
use crate::wire::{Amount, Forced, NewMessage, OnShort, Quote, QuoteRequest, SendAnswer};

/// Keys are per caller (nobody has a token yet) and route.
const SCOPE: &str = "- POST /api/v1/messages";
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that the answer is the first one, told again.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const ONLY_HOLD: &str = "Admission by balance is not built yet: nothing is checked against the balance before sending, and the provider alone decides. \
    Leave \"on_short\" out, or send \"hold\": a message then waits when the provider refuses it for lack of credit.";
const LONGEST_KEY: usize = 255;
/// Enough to mend a text; each is shown on the page.
const MOST_FORCED: usize = 100;

/// Send messages
///
/// `202` means that they are on disk and will be tried. One `to` is answered as one message, a list as a batch. The same `Idempotency-Key` with the same body gives the first answer again.
#[utoipa::path(post, operation_id = "sendMessages", path = "/api/v1/messages", tag = "messages", request_body = NewMessage, params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 printable ASCII characters; kept for 7 days")), responses((status = 202, description = "One `to`: the message. A list: the batch.", body = SendAnswer), (status = 400, body = crate::wire::Problem), (status = 413, body = crate::wire::Problem), (status = 415, body = crate::wire::Problem), (status = 422, body = crate::wire::Problem), (status = 503, body = crate::wire::Problem)))]
pub(crate) async fn send(State(state): State<ApiState>, headers: HeaderMap, body: Body) -> Result<Response, Problem> {
    let bytes = body::read(&headers, body).await?;
    let key = key(&headers, &bytes)?;
    // Asked before the draft is looked at: what was right the first time may be past its time now.
    if let Some(key) = &key
        && let Some(replay) = state.engine().store().replay(key).await?
    {
        return replayed(replay);
    }
    let message: NewMessage = body::parse(&bytes)?;
    if message.on_short.is_some_and(|wanted| wanted != OnShort::Hold) {
        return Err(Problem::new(Code::NotAvailable, ONLY_HOLD).with("field", "on_short"));
    }
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
    Ok(raw(StatusCode::ACCEPTED, answer))
}

fn refused(error: AcceptError, list: bool) -> Problem {
    match error {
        AcceptError::Draft(error) => error.into(),
        AcceptError::NoneValid(rejected) => none_valid(&rejected, list),
        AcceptError::KeyReused => key_reused(),
        AcceptError::Store(error) => error.into(),
    }
}

fn key_reused() -> Problem {
    Problem::new(Code::IdempotencyKeyReused, "A key belongs to one body for 7 days: take a new key for another message.")
}

fn replayed(replay: Replay) -> Result<Response, Problem> {
    match replay {
        Replay::Same(first) => {
            let mut response = raw(StatusCode::ACCEPTED, first);
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
            Ok(response)
        }
        Replay::OtherBody => Err(key_reused()),
    }
}

fn key(headers: &HeaderMap, body: &[u8]) -> Result<Option<Key>, Problem> {
    let mut given = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(first) = given.next() else { return Ok(None) };
    let text = first.to_str().unwrap_or_default();
    let visible = (1..=LONGEST_KEY).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    if !visible || given.next().is_some() {
        return Err(Problem::new(Code::InvalidIdempotencyKey, format!("Send one Idempotency-Key of 1 to {LONGEST_KEY} printable ASCII characters.")));
    }
    Ok(Some(Key { scope: SCOPE.to_owned(), key: text.to_owned(), body_sha256: Sha256::digest(body).into() }))
}

/// What a text would take
///
/// Encoding, segments, the characters that force UCS-2, the charge, and the balance after it. Sends nothing.
#[utoipa::path(post, operation_id = "quoteMessages", path = "/api/v1/messages/quote", tag = "messages", request_body = QuoteRequest, responses((status = 200, body = Quote), (status = 400, body = crate::wire::Problem), (status = 422, body = crate::wire::Problem)))]
pub(crate) async fn quote(State(state): State<ApiState>, headers: HeaderMap, body: Body) -> Result<Response, Problem> {
    let wanted: QuoteRequest = body::parse(&body::read(&headers, body).await?)?;
    let recipients = wanted.to.map_or(1, |to| to.into_list().0.len().max(1));
    let draft = Draft { text: wanted.text, account: wanted.account, ..Draft::default() };
    let (account, segmented, each) = state.engine().intake().quote(&draft)?;
    let charge = i64::try_from(recipients).ok().and_then(|count| each.checked_mul(count)).ok_or_else(too_large)?;
    let balance = state.engine().view(account).and_then(|view| view.balance);
    let forced_by = forced_by(&draft.text).take(MOST_FORCED).map(|(index, character)| Forced { index, character }).collect();
    Ok(ok(&Quote {
        account: state.slug(account),
        encoding: segmented.encoding.into(),
        segments: segmented.segments,
        characters: draft.text.chars().count(),
        recipients,
        charge: Amount(charge),
        balance_after: balance.and_then(|balance: Units| balance.checked_sub(charge)).map(Amount),
        forced_by,
    }))
}

fn too_large() -> DraftError {
    DraftError { code: Code::PriceTooLarge.as_str(), detail: "The charge is beyond what can be counted.".to_owned() }
}
