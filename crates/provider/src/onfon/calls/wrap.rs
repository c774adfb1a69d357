//! What a body is, by its own looks and not by its label: JSON (bare, in a list, wrapped, or as a text inside JSON), a form, a form in parts.
//!
//! Knows nothing of: what the fields mean.

use serde_json::value::RawValue;

use super::form;
use super::names::squash;
use super::record::{Kind, Record};
use crate::onfon::envelope::text_of;
use crate::onfon::json::{Object, Value, whole_number};

/// How deep records are looked for.
const MAX_DEPTH: usize = 8;

/// The records of a body.
pub(super) fn body_records(body: &[u8], kind: &Kind) -> Vec<Record> {
    let text = text_of(body);
    let text = text.trim();
    let found = json_records(text, kind);
    if !found.is_empty() || text.is_empty() {
        return found;
    }
    let pairs = form::parts(text).unwrap_or_else(|| form::pairs(text).collect());
    form::records(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())), kind)
}

/// The records of a text, if it is JSON.
pub(super) fn json_records(text: &str, kind: &Kind) -> Vec<Record> {
    let text = text.trim();
    if !text.starts_with(['{', '[', '"']) {
        return Vec::new();
    }
    let Ok(raw) = serde_json::from_str::<&RawValue>(text) else { return Vec::new() };
    match Value::of(raw) {
        // A text that is itself JSON; once is enough.
        Value::Text(inner) if inner.trim_start().starts_with(['{', '[']) => {
            serde_json::from_str::<&RawValue>(inner.trim()).map_or_else(|_| Vec::new(), |raw| collect(raw, kind, MAX_DEPTH))
        }
        _ => collect(raw, kind, MAX_DEPTH),
    }
}

fn collect(raw: &RawValue, kind: &Kind, depth: usize) -> Vec<Record> {
    if depth == 0 {
        return Vec::new();
    }
    match Value::of(raw) {
        Value::Array(elements) => elements.into_iter().flat_map(|element| collect(element, kind, depth - 1)).collect(),
        Value::Object(object) => open(&object, kind, depth),
        Value::Null | Value::Number(_) | Value::Text(_) | Value::Other => Vec::new(),
    }
}

fn open(object: &Object<'_>, kind: &Kind, depth: usize) -> Vec<Record> {
    let (mut own, mut inside) = (Record::default(), Vec::new());
    for (name, raw) in object.fields() {
        let name = squash(name);
        match Value::of(raw) {
            Value::Array(elements) => {
                own.add(kind, &name, None);
                // Texts and numbers are values of this name; objects are records of their own.
                elements.iter().filter_map(|element| scalar(element)).for_each(|value| own.add(kind, &name, Some(value)));
                inside.extend(collect(raw, kind, depth - 1));
            }
            Value::Object(_) => inside.extend(collect(raw, kind, depth - 1)),
            Value::Null | Value::Number(_) | Value::Text(_) | Value::Other => own.add(kind, &name, scalar(raw)),
        }
    }
    form::nest(own, inside, kind)
}

/// A value as text; numbers without the fraction or the exponent that some writers give whole ones.
fn scalar(raw: &RawValue) -> Option<String> {
    match Value::of(raw) {
        Value::Text(text) => Some(text),
        Value::Number(token) if token.contains(['.', 'e', 'E']) => Some(whole_number(token).map_or_else(|| token.to_owned(), |number| number.to_string())),
        Value::Number(token) => Some(token.to_owned()),
        Value::Other => Some(raw.get().to_owned()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
