//! Names and values of a query or form, also `reports[0][MessageId]` and repeated names; a form in parts; a form of which one value is JSON.
//!
//! Knows nothing of: what the fields mean.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;

use super::names::squash;
use super::record::{Kind, Record};
use super::wrap::json_records;

/// Decodes `a=b&c=d`.
pub(super) fn pairs(text: &str) -> impl Iterator<Item = (String, String)> {
    text.split('&').filter(|part| !part.is_empty()).map(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (decode(name), decode(value))
    })
}

fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// The records of names and values: one for each group of brackets, or the whole.
pub(super) fn records<'p>(pairs: impl Iterator<Item = (&'p str, &'p str)> + Clone, kind: &Kind) -> Vec<Record> {
    let mut whole = Record::default();
    let mut groups: Vec<Record> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (key, value) in pairs.clone() {
        let (group, name) = split(key);
        let value = Some(value.to_owned());
        if group.is_empty() {
            whole.add(kind, &squash(name), value);
        } else {
            let at = *places.entry(group).or_insert_with(|| {
                groups.push(Record::default());
                groups.len() - 1
            });
            if let Some(record) = groups.get_mut(at) {
                record.add(kind, &squash(name), value);
            }
        }
    }
    groups.retain(|record| record.is_part(kind));
    let found = nest(whole, groups, kind);
    if found.is_empty() { pairs.map(|(_, value)| json_records(value, kind)).find(|records| !records.is_empty()).unwrap_or_default() } else { found }
}

/// What stands around together with what stands inside: whole records on their own, parts under whoever's they are.
pub(super) fn nest(around: Record, mut inside: Vec<Record>, kind: &Kind) -> Vec<Record> {
    if around.is_whole(kind) {
        inside.retain(|record| record.is_whole(kind));
        inside.insert(0, around);
    } else if inside.is_empty() {
        inside.extend(around.is_part(kind).then_some(around));
    } else {
        inside.iter_mut().for_each(|record| record.inherit(&around, kind));
    }
    inside
}

/// `a[0][b]` is `b` of `a[0]`, `a[b]` is `b` of `a`; `a[]` and `a[0]` are values of `a`.
fn split(key: &str) -> (&str, &str) {
    let mut rest = key.trim();
    while let Some((before, inner)) = rest.strip_suffix(']').and_then(|open| open.rsplit_once('[')) {
        if inner.is_empty() || inner.bytes().all(|b| b.is_ascii_digit()) {
            rest = before;
        } else {
            return (if before.is_empty() { inner } else { before }, inner);
        }
    }
    ("", rest)
}

/// A form in parts (`multipart/form-data`), told by its own first line, which is its boundary.
pub(super) fn parts(text: &str) -> Option<Vec<(String, String)>> {
    let boundary = text.lines().next().filter(|line| line.starts_with("--") && line.len() > 2)?;
    let mut pairs = Vec::new();
    for part in text.split(boundary).skip(1) {
        let Some((head, value)) = part.split_once("\r\n\r\n").or_else(|| part.split_once("\n\n")) else { continue };
        let Some((_, name)) = head.split_once("name=\"") else { continue };
        let name = name.split('"').next().unwrap_or_default();
        let value = value.strip_suffix("\r\n").or_else(|| value.strip_suffix('\n')).unwrap_or(value);
        pairs.push((name.to_owned(), value.to_owned()));
    }
    Some(pairs)
}
