//! What an answer to `Balance` says. Pure: bytes in, a figure or a classified error out. Never a guess, never zero unless the vendor said zero.
//!
//! Knows nothing of: connections, secrets (its texts are cleaned by whoever calls it).

use salio_domain::balance::reading::{Figure, ReadingError, parse_figure, parse_json_number};
use serde_json::value::RawValue;

use super::codes::{Level, meaning, refuses_credentials};
use super::envelope::{CodeKind, Envelope, text_of};
use super::json::{Disagreement, Object, Value, says_nothing};
use crate::http::{Ending, Reply};

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

/// Why there is no figure: our code, our words, and whether credentials were refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub code: &'static str,
    pub detail: String,
    pub credentials: bool,
}

impl Trouble {
    fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), credentials: false }
    }

    fn unreadable_balance(detail: impl Into<String>) -> Self {
        Self::new("unreadable_balance", detail)
    }
}

/// Reads an answer of any status. Neither the status nor the body is believed alone.
pub(super) fn read(reply: &Reply) -> Result<Reading, Trouble> {
    let status = reply.status;
    let http_status = || Trouble::new("http_status", format!("Onfon's server answered with HTTP status {status}"));
    let text = text_of(&reply.body);
    let envelope = Envelope::read(&text).filter(|_| reply.ending == Ending::Whole);
    let Some(envelope) = envelope.filter(|_| matches!(status, 200..=299 | 400..=599)) else {
        return Err(if matches!(status, 200..=299) { unreadable_answer(reply) } else { http_status() });
    };
    if status == 401 && envelope.has_code && envelope.code.kind != CodeKind::Strange {
        let detail = format!("Onfon refused the credentials (HTTP 401, code {})", shown(&envelope));
        return Err(Trouble { code: "credentials_refused", detail, credentials: true });
    }
    if !envelope.code.is_ok() {
        return Err(refusal(&envelope));
    }
    if !matches!(status, 200..=299) {
        return Err(http_status());
    }
    figure(&envelope)
}

fn unreadable_answer(reply: &Reply) -> Trouble {
    let detail = match reply.ending {
        Ending::CutShort => "Onfon's answer was cut short",
        Ending::TooLarge => "Onfon's answer was larger than 1 MiB",
        Ending::Whole if reply.body.iter().all(u8::is_ascii_whitespace) => "Onfon's answer was empty",
        Ending::Whole => "Onfon's answer was not in its own form (a page of a proxy, or a cut-off text)",
    };
    Trouble::new("unreadable_answer", detail)
}

fn shown<'a>(envelope: &'a Envelope<'_>) -> &'a str {
    if envelope.code.shown.is_empty() { "absent" } else { &envelope.code.shown }
}

fn refusal(envelope: &Envelope<'_>) -> Trouble {
    let CodeKind::Number(number) = envelope.code.kind else {
        return Trouble::new("refused", "Onfon refused to say the balance, with a code that is no number");
    };
    let detail = format!("Onfon refused with code {number:03}: {}", meaning(Level::Envelope, number));
    let credentials = refuses_credentials(number);
    Trouble { code: if credentials { "credentials_refused" } else { "refused" }, detail, credentials }
}

/// The one row about SMS.
fn figure(envelope: &Envelope<'_>) -> Result<Reading, Trouble> {
    let contradiction = || Trouble::unreadable_balance("Onfon's answer contradicts itself about the balance");
    let mut rows = Vec::new();
    for raw in envelope.rows(&ROW_MARKS) {
        match Value::of(raw) {
            Value::Object(object) => rows.push(object),
            Value::Null => {}
            Value::Number(_) | Value::Text(_) | Value::Array(_) | Value::Other => {
                return Err(Trouble::unreadable_balance("Onfon's answer holds something that is no row"));
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
    found.ok_or_else(|| Trouble::unreadable_balance("Onfon's answer holds no SMS balance"))
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
    let read = row.one("Credits", credit).map_err(|Disagreement| Trouble::unreadable_balance("Onfon's answer holds two balances that disagree"))?;
    match read {
        None => Err(Trouble::unreadable_balance("Onfon's SMS row holds no balance")),
        Some(Credit::Read(reading)) => Ok(reading),
        Some(Credit::Unreadable(error)) => Err(Trouble::unreadable_balance(format!("Onfon's balance cannot be read: {}", error.fault))),
        Some(Credit::NoText) => Err(Trouble::unreadable_balance("Onfon's balance is neither a number nor a text")),
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
