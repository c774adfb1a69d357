//! One row of a `SendBulkSMS` answer: what it says about one recipient, and whose row it is.
//!
//! Knows nothing of: the envelope around it, the other rows, HTTP.

use salio_domain::outbox::{RecipientOutcome, Refusal};
use serde_json::value::RawValue;

use super::codes::{Level, Verdict, verdict};
use super::envelope::{Code, CodeKind, description};
use super::json::{Disagreement, Object, Value, says_nothing, whole_number};

/// Fields that make an object a row.
pub(super) const ROW_MARKS: [&str; 4] = ["MessageId", "MobileNumber", "MessageErrorCode", "Number"];
/// No provider's name of a message is longer, in bytes.
const MAX_ID_BYTES: usize = 200;

/// One row, read.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// The number it is about, digits only, if it names one.
    pub number: Option<String>,
    /// What it says.
    pub outcome: RecipientOutcome,
    /// The name it gives to the message.
    pub name: Option<String>,
    /// Whether it names a message, usably or not: a mark of acceptance, whatever else it says.
    pub has_id: bool,
    /// Whether it says nothing at all: neither code nor id.
    pub is_silent: bool,
}

impl Row {
    /// Reads an element of `Data`; what is no object, or contradicts itself, leaves its recipient in doubt.
    pub(super) fn read(raw: &RawValue) -> Self {
        let Value::Object(object) = Value::of(raw) else { return Self::unreadable(None, None) };
        let number = object.first(&["MobileNumber", "Number"], digits);
        let name = || object.one("MessageId", Id::of).ok().flatten().and_then(Id::name);
        Self::open(&object).map_or_else(|Disagreement| Self::unreadable(number.clone().ok().flatten(), name()), |row| Self { number: number.clone().ok().flatten(), ..row })
    }

    fn open(object: &Object<'_>) -> Result<Self, Disagreement> {
        object.first(&["MobileNumber", "Number"], digits)?;
        let code = match object.one("MessageErrorCode", Code::of)? {
            Some(code) => code,
            None => object.one("ErrorCode", Code::of)?.unwrap_or(Code::SILENT),
        };
        let text = description(object)?;
        let id = object.one("MessageId", Id::of)?.unwrap_or(Id::None);
        Ok(Self { number: None, name: id.clone().name(), is_silent: code.kind == CodeKind::Silent && id == Id::None, has_id: id != Id::None, outcome: outcome(&code, text, id) })
    }

    fn unreadable(number: Option<String>, name: Option<String>) -> Self {
        Self { number, ..Self::doubtful("unreadable_row", name) }
    }

    /// In doubt, whatever was said.
    pub(super) fn doubtful(reason: &str, name: Option<String>) -> Self {
        Self { number: None, outcome: in_doubt_as(reason, name.clone()), name, has_id: false, is_silent: false }
    }

    /// Whether two rows about one recipient say the same; the wording of a refusal does not matter.
    pub(super) fn agrees_with(&self, other: &Self) -> bool {
        match (&self.outcome, &other.outcome) {
            (RecipientOutcome::Rejected(one), RecipientOutcome::Rejected(two)) => (&one.code, one.class, one.stops_account) == (&two.code, two.class, two.stops_account),
            (one, two) => one == two,
        }
    }
}

/// The provider's name of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Id {
    None,
    Named(String),
    /// Something is there, but nothing that could be looked up later.
    Unusable,
}

impl Id {
    fn of(raw: &RawValue) -> Self {
        match Value::of(raw) {
            Value::Null => Self::None,
            Value::Text(text) if says_nothing(&text) => Self::None,
            Value::Text(text) => Self::usable(text.trim()),
            Value::Number(token) => Self::usable(token),
            Value::Array(_) | Value::Object(_) | Value::Other => Self::Unusable,
        }
    }

    fn name(self) -> Option<String> {
        if let Self::Named(name) = self { Some(name) } else { None }
    }

    fn usable(text: &str) -> Self {
        let fine = text.len() <= MAX_ID_BYTES && !text.contains(|c: char| c == char::REPLACEMENT_CHARACTER || c.is_control());
        if fine { Self::Named(text.to_owned()) } else { Self::Unusable }
    }
}

fn outcome(code: &Code, text: Option<String>, id: Id) -> RecipientOutcome {
    let said = match code.kind {
        CodeKind::Silent | CodeKind::Ok => {
            return match id {
                Id::Named(provider_message_id) => RecipientOutcome::Submitted { provider_message_id },
                Id::None | Id::Unusable => in_doubt("no_message_id"),
            };
        }
        CodeKind::Number(number) => verdict(Level::Row, number, text.as_deref()),
        CodeKind::Strange => Verdict::Ambiguous,
    };
    match rejected(said, code, text) {
        Some(refusal) if id == Id::None => refusal,
        Some(_) => in_doubt_as("contradictory_row", id.name()),
        None => in_doubt_as("ambiguous_code", id.name()),
    }
}

/// The refusal that a verdict stands for, with the provider's own code and words; `None` when it leaves doubt.
pub(super) fn rejected(verdict: Verdict, code: &Code, text: Option<String>) -> Option<RecipientOutcome> {
    match verdict {
        Verdict::Refused { code: word, class, stops_account } => {
            Some(RecipientOutcome::Rejected(Refusal { code: word.to_owned(), provider_code: code.shown.clone(), class, stops_account, text: text.unwrap_or_default() }))
        }
        Verdict::Ambiguous => None,
    }
}

/// It may have arrived.
pub(super) fn in_doubt(reason: &str) -> RecipientOutcome {
    in_doubt_as(reason, None)
}

/// The same, under the name that the provider gave it.
pub(super) fn in_doubt_as(reason: &str, name: Option<String>) -> RecipientOutcome {
    RecipientOutcome::InDoubt { reason: reason.to_owned(), provider_message_id: name }
}

/// The digits of a number that is written as text or as a JSON number; other signs are left out.
fn digits(raw: &RawValue) -> Option<String> {
    let digits: String = match Value::of(raw) {
        Value::Text(text) => text.chars().filter(char::is_ascii_digit).collect(),
        Value::Number(token) => whole_number(token).map(|number| number.unsigned_abs().to_string())?,
        Value::Null | Value::Array(_) | Value::Object(_) | Value::Other => return None,
    };
    (!digits.is_empty()).then_some(digits)
}
