//! The envelope around every answer, `{ErrorCode, ErrorDescription, Data}`, in all the forms it has been seen in; and the rows inside.
//!
//! Knows nothing of: what a code means, what a row means, HTTP.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::json::{Disagreement, Object, Value, says_nothing, whole_number, words};

/// Names under which a description has been seen, the vendor's own first.
const DESCRIPTIONS: [&str; 6] = ["MessageErrorDescription", "ErrorDescription", "ErrorMessage", "Description", "Message", "Error"];
/// How deep rows are looked for; deeper is no answer of this vendor.
const MAX_DEPTH: usize = 8;
/// How much of a code is kept for the operator, in characters.
const CODE_CHARS: usize = 32;

/// What a code field says.
#[derive(Clone, Debug)]
pub(super) struct Code {
    /// Its meaning as a number.
    pub kind: CodeKind,
    /// As it came, shortened, for the operator.
    pub shown: String,
}

/// A code, whatever it was written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CodeKind {
    /// No code: absent, `null`, `""`, `"null"`. Counts as success and proves nothing.
    Silent,
    /// Zero: `0`, `"0"`, `"000"`, `0.0`.
    Ok,
    /// Any other number: `21`, `"021"`, `401.0`.
    Number(u32),
    /// Anything else.
    Strange,
}

impl PartialEq for Code {
    /// Two codes agree when they mean the same: `0` and `"000"`.
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && (self.kind != CodeKind::Strange || self.shown == other.shown)
    }
}

impl Code {
    /// What an absent field says.
    pub(super) const SILENT: Self = Self { kind: CodeKind::Silent, shown: String::new() };

    /// Whether it says success, or nothing.
    pub(super) const fn is_ok(&self) -> bool {
        matches!(self.kind, CodeKind::Ok | CodeKind::Silent)
    }

    /// Reads a code field.
    pub(super) fn of(raw: &RawValue) -> Self {
        let (kind, text) = match Value::of(raw) {
            Value::Null => return Self::SILENT,
            Value::Text(text) if says_nothing(&text) => return Self::SILENT,
            Value::Text(text) => (kind_of_text(text.trim()), text),
            Value::Number(token) => (kind_of_number(whole_number(token)), token.to_owned()),
            Value::Array(_) | Value::Object(_) | Value::Other => (CodeKind::Strange, raw.get().to_owned()),
        };
        Self { kind, shown: text.trim().chars().take(CODE_CHARS).collect() }
    }
}

/// `021`, `401.0`: digits, and a fraction of nothing but zeros.
fn kind_of_text(text: &str) -> CodeKind {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit());
    if digits && !fraction.is_empty() && fraction.bytes().all(|b| b == b'0') { kind_of_number(whole.parse().ok()) } else { CodeKind::Strange }
}

fn kind_of_number(number: Option<i64>) -> CodeKind {
    match number.map(u32::try_from) {
        Some(Ok(0)) => CodeKind::Ok,
        Some(Ok(number)) => CodeKind::Number(number),
        Some(Err(_)) | None => CodeKind::Strange,
    }
}

/// The envelope, opened.
pub(super) struct Envelope<'a> {
    /// Whether there is an `ErrorCode` field at all: the vendor's own mark, which a proxy's page does not carry.
    pub has_code: bool,
    /// What it says.
    pub code: Code,
    /// The description, if it says something.
    pub text: Option<String>,
    data: Option<&'a RawValue>,
}

/// The body as text: without a byte-order mark; bytes that are no UTF-8 become replacement characters, which no figure and no id may hold.
pub(super) fn text_of(body: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body))
}

impl<'a> Envelope<'a> {
    /// Opens it; `None` when the text is no JSON object with `ErrorCode` or `Data`, or contradicts itself.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let object: Object<'a> = serde_json::from_str(text).ok()?;
        if !object.has("ErrorCode") && !object.has("Data") {
            return None;
        }
        Self::open(&object).ok()
    }

    fn open(object: &Object<'a>) -> Result<Self, Disagreement> {
        // The raw tokens are compared as text: two `Data` of one name are believed only when they are the same.
        let data = object.one("Data", ByText)?.map(|found| found.0);
        Ok(Self { has_code: object.has("ErrorCode"), code: object.one("ErrorCode", Code::of)?.unwrap_or(Code::SILENT), text: description(object)?, data })
    }

    /// `Data`, if it is there.
    pub(super) fn data(&self) -> Option<&'a RawValue> {
        self.data
    }

    /// The rows of `Data`, whatever it is wrapped in: elements of arrays, an object that is itself a row (it has one of `marks`),
    /// or the arrays inside an object that is none. Elements that are no objects keep their place.
    pub(super) fn rows(&self, marks: &[&str]) -> Vec<&'a RawValue> {
        let mut rows = Vec::new();
        if let Some(data) = self.data {
            match Value::of(data) {
                Value::Array(elements) => elements.into_iter().for_each(|element| collect(element, MAX_DEPTH, &mut rows)),
                Value::Object(object) if marks.iter().any(|mark| object.has(mark)) => rows.push(data),
                Value::Object(object) => {
                    let arrays = object.values().filter(|raw| raw.get().starts_with('['));
                    arrays.for_each(|array| collect(array, MAX_DEPTH, &mut rows));
                }
                Value::Null | Value::Number(_) | Value::Text(_) | Value::Other => {}
            }
        }
        rows
    }
}

fn collect<'a>(raw: &'a RawValue, depth: usize, rows: &mut Vec<&'a RawValue>) {
    if depth == 0 || !raw.get().starts_with('[') {
        rows.push(raw);
    } else if let Value::Array(elements) = Value::of(raw) {
        elements.into_iter().for_each(|element| collect(element, depth - 1, rows));
    }
}

/// The description of an envelope or a row, under any of the names it has been seen under.
pub(super) fn description(object: &Object<'_>) -> Result<Option<String>, Disagreement> {
    object.first(&DESCRIPTIONS, words)
}

struct ByText<'a>(&'a RawValue);

impl PartialEq for ByText<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}
