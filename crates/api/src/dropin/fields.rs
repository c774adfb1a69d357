//! What programs write, in all the ways that they write it: any casing of names, numbers as text, one object where a list is meant, several numbers in one text.

use std::collections::BTreeMap;
use std::sync::Arc;

use salio_domain::message::MAX_SEGMENTS;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::characters;

/// Rows of one call at most.
pub(super) const MOST_ROWS: usize = 10_000;
/// Bytes of a text beyond which it is certainly too long; the rest of it need not be carried about.
const LONGEST_TEXT: usize = MAX_SEGMENTS as usize * 160 * 4;
/// Bytes of a member beside the rows: credentials, sender, date.
const LONGEST_MEMBER: usize = 4096;
const ROWS: &str = "MessageParameters";
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The members of an object, found in any casing.
pub(super) struct Fields<'a>(pub(super) &'a Map<String, Value>);

impl<'a> Fields<'a> {
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name).or_else(|| self.0.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)).filter(|value| !value.is_null())
    }

    /// A member as text; a number as its digits.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name).and_then(text)
    }
}

/// The body of a call. Its rows are not looked at until the key is known: what anybody can send must cost little.
pub(super) struct Sent<'a> {
    pub members: Map<String, Value>,
    rows: Option<&'a RawValue>,
}

impl<'a> Sent<'a> {
    /// None when it is no JSON object.
    pub(super) fn read(body: &'a [u8]) -> Option<Self> {
        let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
        let raw: BTreeMap<String, &'a RawValue> = serde_json::from_slice(body).ok()?;
        let rows = raw.get(ROWS).or_else(|| raw.iter().find(|(name, _)| name.eq_ignore_ascii_case(ROWS)).map(|(_, rows)| rows)).copied();
        let short = raw.into_iter().filter(|(name, value)| !name.eq_ignore_ascii_case(ROWS) && value.get().len() <= LONGEST_MEMBER);
        Some(Self { members: short.filter_map(|(name, value)| Some((name, serde_json::from_str(value.get()).ok()?))).collect(), rows })
    }

    /// The rows, one more than [`MOST_ROWS`] at most.
    pub(super) fn rows(&self) -> Vec<Row> {
        let Some(rows) = self.rows else { return Vec::new() };
        // Some forms send the list as a text.
        match string(rows).map(|text| objects(&text, &mut rows_of)) {
            Some(rows) => rows,
            None => objects(rows.get(), &mut rows_of),
        }
    }
}

/// The objects of a list, or one object by itself.
fn objects<T: Default>(json: &str, read: &mut impl FnMut(&[&RawValue]) -> T) -> T {
    match json.trim_start().as_bytes().first() {
        Some(b'[') => serde_json::from_str::<Vec<&RawValue>>(json).map(|objects| read(&objects)).unwrap_or_default(),
        Some(b'{') => serde_json::from_str::<&RawValue>(json).map(|object| read(&[object])).unwrap_or_default(),
        _ => T::default(),
    }
}

/// A text; half a character in it spoils only itself.
fn string(raw: &RawValue) -> Option<String> {
    let json = raw.get();
    let read = || serde_json::from_str(json).or_else(|_| serde_json::from_str(&characters::whole(json))).ok();
    json.starts_with('"').then(read).flatten()
}

/// Text, or the digits of a number.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => {
            let number = number.to_string();
            Some(number.strip_suffix(".0").map_or_else(|| number.clone(), str::to_owned))
        }
        _ => None,
    }
}

/// One recipient with its text, as a program wrote them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// As it will be echoed.
    pub number: String,
    /// None when it is missing. Shared by the numbers of one list.
    pub text: Option<Arc<str>>,
}

fn rows_of(objects: &[&RawValue]) -> Vec<Row> {
    let mut rows = Vec::new();
    for object in objects {
        row(object, &mut rows);
        if rows.len() > MOST_ROWS {
            break;
        }
    }
    rows
}

/// Several numbers in one text are several rows; a comma too many is none.
fn row(object: &RawValue, rows: &mut Vec<Row>) {
    let Ok(members) = serde_json::from_str::<BTreeMap<String, &RawValue>>(object.get()) else { return rows.push(Row { number: String::new(), text: None }) };
    let text: Option<Arc<str>> = member(&members, "Text").and_then(as_written).filter(|text| !text.is_empty()).map(|text| clip(&text).into());
    let numbers = member(&members, "Number").and_then(as_digits).unwrap_or_default();
    let (before, room) = (rows.len(), (MOST_ROWS + 1).saturating_sub(rows.len()));
    let several = numbers.split(',').map(str::trim).filter(|number| !number.is_empty()).take(room);
    rows.extend(several.map(|number| Row { number: number.to_owned(), text: text.clone() }));
    if rows.len() == before {
        rows.push(Row { number: String::new(), text });
    }
}

/// A member of an object, found in any casing.
fn member<'a>(members: &BTreeMap<String, &'a RawValue>, name: &str) -> Option<&'a RawValue> {
    members.get(name).or_else(|| members.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)).copied()
}

/// A text; or a number to the letter as the program wrote it, because that is what a phone shall show: `0.10` is no `0.1`.
fn as_written(raw: &RawValue) -> Option<String> {
    string(raw).or_else(|| is_number(raw).then(|| raw.get().to_owned()))
}

/// A text; or a number's digits, however it is written: `254712345678.0`, `2.54712345678E+11`.
fn as_digits(raw: &RawValue) -> Option<String> {
    string(raw).or_else(|| serde_json::from_str(raw.get()).ok().filter(|_| is_number(raw)).as_ref().and_then(text))
}

fn is_number(raw: &RawValue) -> bool {
    raw.get().starts_with(|first: char| first == '-' || first.is_ascii_digit())
}

/// Still too long, but not more than that.
fn clip(text: &str) -> &str {
    let end = (0..=text.len().min(LONGEST_TEXT)).rev().find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use salio_domain::segments::segment;
    use serde_json::json;

    use super::*;

    fn row(number: &str, text: Option<&str>) -> Row {
        Row { number: number.to_owned(), text: text.map(Into::into) }
    }

    fn rows(parameters: &Value) -> Vec<Row> {
        let body = format!("\u{feff} {{\"messageparameters\":{parameters},\"ApiKey\":\"made-up\"}}");
        let sent = Sent::read(body.as_bytes()).unwrap();
        assert_eq!(Fields(&sent.members).text("APIKEY").as_deref(), Some("made-up"));
        sent.rows()
    }

    #[test]
    fn rows_are_read_in_every_form() {
        assert_eq!(
            rows(&json!([{ "Number": "254712345678", "Text": "a" }, { "number": 254712345679_i64, "TEXT": "b" }])),
            [row("254712345678", Some("a")), row("254712345679", Some("b"))]
        );
        assert_eq!(rows(&json!([{ "Number": 254712345678.0, "Text": "a" }])), [row("254712345678", Some("a"))]);
        assert_eq!(rows(&json!({ "Number": "254712345678, 254712345679,", "Text": "a" })), [row("254712345678", Some("a")), row("254712345679", Some("a"))]);
        assert_eq!(
            rows(&json!([{ "Number": null, "Text": "" }, 7, { "Text": 12 }, { "Number": ",", "Text": "a" }])),
            [row("", None), row("", None), row("", Some("12")), row("", Some("a"))]
        );
        for none in [json!("x"), json!(null), json!([]), json!(7)] {
            assert_eq!(rows(&none), [], "{none}");
        }
    }

    #[test]
    fn only_objects_are_calls() {
        for body in ["", " ", "[]", "null", "7", "\"x\"", "{", "{\"ApiKey\":}", "ApiKey=1", "\u{feff}"] {
            assert!(Sent::read(body.as_bytes()).is_none(), "{body}");
        }
        assert!(Sent::read(b"{\"a\":\"\xff\"}").is_none() && Sent::read(b"{}").is_some_and(|sent| sent.rows().is_empty()));
        let deep = format!("{{\"MessageParameters\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(Sent::read(deep.as_bytes()).is_none_or(|sent| sent.rows() == [row("", None)]));
    }

    #[test]
    fn a_text_that_is_a_number_is_sent_as_it_is_written() {
        for number in ["0.10", "12345.50", "12345678901234567890123", "100.0", "1e3", "-0", "007".trim_start_matches('0')] {
            let body = format!("{{\"MessageParameters\":[{{\"Number\":254712345678,\"Text\":{number} }}]}}");
            assert_eq!(Sent::read(body.as_bytes()).unwrap().rows(), [row("254712345678", Some(number))], "{number}");
        }
        let body = br#"{"MessageParameters":[{"Number":2.54712345678E+11,"Text":true},{"Number":[],"Text":{}},{"Number":"1","Text":"half \ud83d"}]}"#;
        assert_eq!(Sent::read(body).unwrap().rows(), [row("254712345678", None), row("", None), row("1", Some("half \u{FFFD}"))]);
    }

    #[test]
    fn what_is_too_much_is_not_carried_about() {
        let numbers = "254712345678,".repeat(MOST_ROWS * 3);
        let found = rows(&json!([{ "Number": numbers, "Text": "é".repeat(1_000_000) }, { "Number": "1", "Text": "b" }]));
        assert_eq!(found.len(), MOST_ROWS + 1);
        let text = found[0].text.as_deref().unwrap();
        assert!(text.len() <= LONGEST_TEXT && segment(text).segments > MAX_SEGMENTS);
        for long in ["a", "é", "ж", "🙂"].map(|c| c.repeat(LONGEST_TEXT)) {
            assert!(segment(clip(&long)).segments > MAX_SEGMENTS);
        }
    }
}
