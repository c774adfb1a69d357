//! What answers to `MessageStatus` and `SMS` say. Pure: bytes in, rows or a classified error out. Never a row that is not there.
//!
//! Knows nothing of: connections, which row is asked for, secrets (its texts are cleaned by whoever calls it).

use salio_domain::report::ReportOutcome;
use serde_json::value::RawValue;

use super::answer::{self, Trouble};
use super::dates;
use super::envelope::{Envelope, text_of};
use super::json::{Disagreement, Object, Value, says_nothing, whole_number};
use super::words::{Figures, meaning};
use crate::Found;
use crate::http::Reply;

/// Fields that make an object a row.
const ROW_MARKS: [&str; 3] = ["MessageId", "MobileNumber", "Status"];

/// A piece of the vendor's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    /// The rows that could be read. Where a row does not name its message, the name is empty.
    pub rows: Vec<Found>,
    /// How many there were, readable or not.
    pub count: usize,
    /// How many the whole list has, if it says so.
    pub total: Option<usize>,
}

/// Reads an answer of any status.
pub(super) fn read(reply: &Reply) -> Result<Listed, Trouble> {
    let text = text_of(&reply.body);
    let envelope = answer::open(reply, &text)?;
    let data = envelope.data().map(Value::of);
    let (Some(Value::Array(_) | Value::Object(_)), Ok(total)) = (&data, total(data.as_ref())) else {
        return Err(Trouble::new("unreadable_answer", "Onfon's answer holds no list"));
    };
    let raws = rows_of(&envelope);
    Ok(Listed { rows: raws.iter().filter_map(|raw| row(raw)).collect(), count: raws.len(), total })
}

fn rows_of<'a>(envelope: &Envelope<'a>) -> Vec<&'a RawValue> {
    envelope.rows(&ROW_MARKS).into_iter().filter(|raw| !matches!(Value::of(raw), Value::Null)).collect()
}

/// The length of the whole list: a number, or a text with one.
fn total(data: Option<&Value<'_>>) -> Result<Option<usize>, Disagreement> {
    let Some(Value::Object(object)) = data else { return Ok(None) };
    let read = |raw| match Value::of(raw) {
        Value::Text(text) => text.trim().parse().ok(),
        Value::Number(token) => whole_number(token).and_then(|number| usize::try_from(number).ok()),
        Value::Null | Value::Array(_) | Value::Object(_) | Value::Other => None,
    };
    object.one("total", read).map(Option::flatten)
}

/// A row; `None` when it is none, or contradicts itself.
fn row(raw: &RawValue) -> Option<Found> {
    let Value::Object(object) = Value::of(raw) else { return None };
    open(&object).ok()
}

fn open(object: &Object<'_>) -> Result<Found, Disagreement> {
    let text = |names: &[&str]| object.first(names, said).map(Option::unwrap_or_default);
    let word = object.first(&["Status", "DeliveryStatus", "MessageStatus"], said)?;
    Ok(Found {
        provider_message_id: text(&["MessageId"])?.trim().to_owned(),
        number: text(&["MobileNumber", "Number"])?.chars().filter(char::is_ascii_digit).collect(),
        text: text(&["Message", "Text"])?,
        sender: text(&["SenderId", "Sender"])?.trim().to_owned(),
        submitted_at: dates::read(&text(&["SubmitDate"])?),
        outcome: word.as_deref().map_or(ReportOutcome::Unmapped, |word| meaning(word, Figures::Ours)),
        word: word.map(|word| word.trim().to_owned()),
    })
}

/// A text as it came, or the digits of a number.
fn said(raw: &RawValue) -> Option<String> {
    match Value::of(raw) {
        Value::Text(text) => (!says_nothing(&text)).then_some(text),
        Value::Number(token) => Some(whole_number(token).map_or_else(|| token.to_owned(), |number| number.to_string())),
        Value::Null | Value::Array(_) | Value::Object(_) | Value::Other => None,
    }
}
