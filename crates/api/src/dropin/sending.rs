//! `SendBulkSMS`: read leniently, accepted in one transaction, answered row by row in the order of the request.

use axum::http::HeaderMap;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use salio_domain::Timestamp;
use salio_engine::store::{Replay, TokenRow};
use salio_engine::{AcceptError, Accepted, Engine, Key, RejectedRecipient, Rows};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::answer::{Code, Failed, SentRow, accepted_text, failed, refused, sent};
use super::face;
use super::fields::{Fields, MOST_ROWS, Row, Sent};
use crate::metrics::{accepted, batch_accepted};

/// How Onfon's portal writes the time of a scheduled message; seconds are seen too.
const SCHEDULES: [&str; 4] = ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
const IDEMPOTENCY_KEY: &str = "idempotency-key";
const LONGEST_KEY: usize = 255;

/// Everything one call needs.
pub(super) struct Call<'a> {
    pub engine: &'a Engine,
    pub key: &'a TokenRow,
    pub slug: String,
    pub zone: &'a TimeZone,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
}

impl Call<'_> {
    pub(super) async fn send(&self, call: &Sent<'_>) -> Result<String, Failed> {
        let key = self.idempotency()?;
        // Asked before the rows are looked at: what could be sent the first time may be on the stop list now.
        if let Some(first) = self.replayed(key.as_ref()).await? {
            return Ok(first);
        }
        let rows = call.rows();
        if rows.is_empty() {
            return Err(failed(Code::NoRows, "MessageParameters is empty"));
        }
        if rows.len() > MOST_ROWS {
            return Err(failed(Code::Parameter, format!("One call takes at most {MOST_ROWS} messages")));
        }
        let fields = Fields(&call.members);
        let send_at = self.schedule(fields.get("ScheduleDateTime"))?;
        let from = fields.text("SenderId").map(|sender| sender.trim().to_owned()).filter(|sender| !sender.is_empty());
        let given = rows.iter().map(|row| (row.number.clone(), row.text.clone().unwrap_or_default())).collect();
        let wanted = Rows { account: self.slug.clone(), rows: given, from, send_at, token: self.key.id };
        self.accept(wanted, key, &rows).await
    }

    async fn replayed(&self, key: Option<&Key>) -> Result<Option<String>, Failed> {
        let Some(key) = key else { return Ok(None) };
        match self.engine.replay(key).await {
            Ok(Some(Replay::Same(first))) => Ok(Some(first)),
            Ok(Some(Replay::OtherBody)) => Err(key_reused()),
            Ok(None) => Ok(None),
            Err(_) => Err(nothing_accepted()),
        }
    }

    async fn accept(&self, wanted: Rows, key: Option<Key>, rows: &[Row]) -> Result<String, Failed> {
        let text = self.engine.intake().accept_rows(wanted, key, |made| accepted_text(&told(rows, made))).await;
        match text {
            Ok(text) => {
                count(&text, rows.len());
                Ok(text)
            }
            Err(AcceptError::NoneValid(rejected)) => none(rows, &rejected),
            Err(AcceptError::Short { short, unit, .. }) => {
                Err(failed(Code::NoCredit, format!("Insufficient balance: {} {unit} needed, {} available", short.charge, short.available)))
            }
            Err(AcceptError::Draft(error)) => Err(failed(code(error.code), error.detail)),
            Err(AcceptError::KeyReused) => Err(key_reused()),
            Err(AcceptError::Store(_)) => Err(nothing_accepted()),
        }
    }

    /// Local time of the server's zone, unless it names its own; what is over is now.
    fn schedule(&self, written: Option<&Value>) -> Result<Option<Timestamp>, Failed> {
        let text = match written {
            None | Some(Value::Bool(false)) => return Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => return Ok(None),
            Some(Value::String(text)) => text.trim(),
            Some(_) => "",
        };
        let local = || SCHEDULES.iter().find_map(|form| DateTime::strptime(form, text).ok()).and_then(|local| local.to_zoned(self.zone.clone()).ok());
        let at = text.parse::<jiff::Timestamp>().ok().or_else(|| local().map(|at| at.timestamp()));
        let at = at.ok_or_else(|| failed(Code::Schedule, "ScheduleDateTime must be written as YYYY-MM-DD HH:MM"))?;
        let at = Timestamp::from_micros(at.as_microsecond());
        Ok((at > self.engine.clock().now()).then_some(at))
    }

    fn idempotency(&self) -> Result<Option<Key>, Failed> {
        let mut given = self.headers.get_all(IDEMPOTENCY_KEY).iter();
        let Some(first) = given.next() else { return Ok(None) };
        let key = first.to_str().ok().filter(|key| (1..=LONGEST_KEY).contains(&key.len()) && given.next().is_none());
        let key = key.ok_or_else(|| failed(Code::Parameter, "An Idempotency-Key has 1 to 255 printable ASCII characters"))?;
        Ok(Some(Key { scope: format!("{} POST /v1/sms/SendBulkSMS", self.key.id), key: key.to_owned(), body_sha256: Sha256::digest(self.body).into() }))
    }
}

fn key_reused() -> Failed {
    failed(Code::Parameter, "This Idempotency-Key was used with another body")
}

fn nothing_accepted() -> Failed {
    failed(Code::Server, "Nothing was accepted; please try again")
}

/// For the counters.
fn count(text: &str, rows: usize) {
    let taken = text.matches("\"MessageErrorCode\":0,").count();
    accepted(u64::try_from(taken).unwrap_or(u64::MAX));
    if rows > 1 {
        batch_accepted("list");
    }
}

/// A row for each recipient, in the order of the request.
fn told(rows: &[Row], made: &Accepted) -> Vec<SentRow> {
    let mut told: Vec<SentRow> = rows.iter().map(|row| refused(&row.number, Code::Server, "Not accepted")).collect();
    for (place, message) in made.places.iter().zip(&made.messages) {
        if let (Some(slot), Some(row)) = (told.get_mut(*place), rows.get(*place)) {
            *slot = sent(&row.number, face::uuid(message.id));
        }
    }
    refuse(&mut told, rows, &made.rejected);
    told
}

fn refuse(told: &mut [SentRow], rows: &[Row], rejected: &[RejectedRecipient]) {
    for refusal in rejected {
        if let (Some(slot), Some(row)) = (told.get_mut(refusal.index), rows.get(refusal.index)) {
            let code = if row.text.is_none() { Code::NoText } else { code(refusal.code) };
            *slot = refused(&row.number, code, &refusal.detail);
        }
    }
}

/// No row can be sent: still an accepted call, as Onfon answers it; but what is wrong with all of them alike is told for the call.
fn none(rows: &[Row], rejected: &[RejectedRecipient]) -> Result<String, Failed> {
    if let Some(first) = rejected.iter().find(|refusal| matches!(refusal.code, "sender_missing" | "sender_invalid")) {
        return Err(failed(code(first.code), first.detail.clone()));
    }
    let mut told: Vec<SentRow> = rows.iter().map(|row| refused(&row.number, Code::Server, "Not accepted")).collect();
    refuse(&mut told, rows, rejected);
    Ok(accepted_text(&told))
}

/// Our word for a refusal in Onfon's numbers.
fn code(word: &str) -> Code {
    match word {
        "invalid_number" | "stopped" => Code::Number,
        "text_missing" => Code::NoText,
        "text_too_long" | "price_too_large" => Code::TextTooLong,
        "text_invalid" => Code::TextOrNumber,
        "sender_missing" => Code::NoSender,
        "sender_invalid" => Code::Sender,
        "insufficient_balance" => Code::NoCredit,
        "unknown_account" | "no_account" => Code::Inactive,
        "too_many_recipients" => Code::Parameter,
        _ => Code::Server,
    }
}
