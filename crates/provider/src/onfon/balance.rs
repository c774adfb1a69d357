//! What an answer to `Balance` says. Pure: bytes in, a figure or a classified error out. Never a guess, never zero unless the vendor said zero.
//!
//! Knows nothing of: connections, secrets (its texts are cleaned by whoever calls it).

use salio_domain::balance::reading::{Figure, ReadingError, parse_figure, parse_json_number};
use serde_json::value::RawValue;

use super::answer::{self, Trouble};
use super::envelope::{Envelope, text_of};
use super::json::{Disagreement, Object, Value, says_nothing};
use crate::http::Reply;

/// Fields that make an object a row.
const ROW_MARKS: [&str; 2] = ["Credits", "PluginType"];
/// The plugin whose credits are SMS.
const SMS: &str = "SMS";

/// A figure and the text it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    pub figure: Figure,
    pub raw: String,
}

/// Reads an answer of any status.
pub(super) fn read(reply: &Reply) -> Result<Reading, Trouble> {
    figure(&answer::open(reply, &text_of(&reply.body))?)
}

fn unreadable_balance(detail: impl Into<String>) -> Trouble {
    Trouble::new("unreadable_balance", detail)
}

/// The one row about SMS.
fn figure(envelope: &Envelope<'_>) -> Result<Reading, Trouble> {
    let contradiction = || unreadable_balance("Onfon's answer contradicts itself about the balance");
    let mut rows = Vec::new();
    for raw in envelope.rows(&ROW_MARKS) {
        match Value::of(raw) {
            Value::Object(object) => rows.push(object),
            Value::Null => {}
            Value::Number(_) | Value::Text(_) | Value::Array(_) | Value::Other => {
                return Err(unreadable_balance("Onfon's answer holds something that is no row"));
            }
        }
    }
    let alone = rows.len() == 1;
    let mut found: Option<Reading> = None;
    for row in &rows {
        let plugin = row.one("PluginType", plugin).map_err(|Disagreement| contradiction())?.flatten();
        let is_sms = plugin.map_or(alone, |plugin| plugin.eq_ignore_ascii_case(SMS));
        if !is_sms {
            continue;
        }
        let reading = credits(row)?;
        if found.as_ref().is_some_and(|earlier| earlier.figure != reading.figure) {
            return Err(contradiction());
        }
        found.get_or_insert(reading);
    }
    found.ok_or_else(|| unreadable_balance("Onfon's answer holds no SMS balance"))
}

/// The plugin of a row; `None` where it names none.
fn plugin(raw: &RawValue) -> Option<String> {
    match Value::of(raw) {
        Value::Null => None,
        Value::Text(text) => (!says_nothing(&text)).then(|| text.trim().to_owned()),
        Value::Number(_) | Value::Array(_) | Value::Object(_) | Value::Other => Some(raw.get().to_owned()),
    }
}

fn credits(row: &Object<'_>) -> Result<Reading, Trouble> {
    let read = row.one("Credits", credit).map_err(|Disagreement| unreadable_balance("Onfon's answer holds two balances that disagree"))?;
    match read {
        None => Err(unreadable_balance("Onfon's SMS row holds no balance")),
        Some(Credit::Read(reading)) => Ok(reading),
        Some(Credit::Unreadable(error)) => Err(unreadable_balance(format!("Onfon's balance cannot be read: {}", error.fault))),
        Some(Credit::NoText) => Err(unreadable_balance("Onfon's balance is neither a number nor a text")),
    }
}

enum Credit {
    Read(Reading),
    Unreadable(ReadingError),
    NoText,
}

impl PartialEq for Credit {
    /// Two of one name agree when they are the same figure in the same form.
    fn eq(&self, other: &Self) -> bool {
        matches!((self, other), (Self::Read(one), Self::Read(two)) if one.figure == two.figure)
    }
}

fn credit(raw: &RawValue) -> Credit {
    let (text, read) = match Value::of(raw) {
        Value::Number(token) => (token.to_owned(), parse_json_number(token)),
        Value::Text(text) => {
            let read = parse_figure(&text);
            (text, read)
        }
        Value::Null | Value::Array(_) | Value::Object(_) | Value::Other => return Credit::NoText,
    };
    read.map_or_else(Credit::Unreadable, |figure| Credit::Read(Reading { figure, raw: text }))
}
