//! JSON read token by token: names in any case, duplicate names kept, numbers as they were written (never through a float).
//!
//! Knows nothing of: Onfon's fields. Reads lazily and never recurses by itself, so that no depth of nesting can hurt.

use std::fmt;

use salio_domain::balance::reading::parse_json_number;
use salio_domain::units::MICROS_PER_UNIT;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Two fields of one name that say different things: neither can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Disagreement;

/// One value, opened one level deep.
pub(super) enum Value<'a> {
    Null,
    /// A number as it was written.
    Number(&'a str),
    /// A string, decoded.
    Text(String),
    Array(Vec<&'a RawValue>),
    Object(Object<'a>),
    /// A boolean, or something that cannot be decoded (half a surrogate pair).
    Other,
}

impl<'a> Value<'a> {
    pub(super) fn of(raw: &'a RawValue) -> Self {
        let token = raw.get();
        match token.as_bytes().first() {
            Some(b'n') => Self::Null,
            Some(b'"') => serde_json::from_str(token).map_or(Self::Other, Self::Text),
            Some(b'[') => serde_json::from_str(token).map_or(Self::Other, Self::Array),
            Some(b'{') => serde_json::from_str(token).map_or(Self::Other, Self::Object),
            Some(b'-' | b'0'..=b'9') => Self::Number(token),
            _ => Self::Other,
        }
    }
}

/// An object with its fields in order; a name may occur several times.
pub(super) struct Object<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Object<'a> {
    /// The values under a name, in any case.
    fn all(&self, name: &str) -> impl Iterator<Item = &'a RawValue> {
        self.0.iter().filter(move |(have, _)| have.eq_ignore_ascii_case(name)).map(|(_, raw)| *raw)
    }

    /// Whether there is such a field.
    pub(super) fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// Every field in order.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(name, raw)| (name.as_str(), *raw))
    }

    /// Every value, whatever its name.
    pub(super) fn values(&self) -> impl Iterator<Item = &'a RawValue> {
        self.0.iter().map(|(_, raw)| *raw)
    }

    /// The value under a name, read by `read`; several must agree.
    pub(super) fn one<T: PartialEq>(&self, name: &str, read: impl Fn(&'a RawValue) -> T) -> Result<Option<T>, Disagreement> {
        let mut all = self.all(name);
        let Some(first) = all.next().map(&read) else { return Ok(None) };
        if all.all(|raw| read(raw) == first) { Ok(Some(first)) } else { Err(Disagreement) }
    }

    /// The first of several names that holds something, read by `read`.
    pub(super) fn first<T: PartialEq>(&self, names: &[&str], read: impl Fn(&'a RawValue) -> Option<T>) -> Result<Option<T>, Disagreement> {
        for name in names {
            if let Some(found) = self.one(name, &read)?.flatten() {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(fields)
            }
        }
        deserializer.deserialize_map(Fields).map(Object)
    }
}

/// The digits of a whole number, as a number token (`254712345678`, `2.54712345678e11`) says it.
pub(super) fn whole_number(token: &str) -> Option<i64> {
    let micros = parse_json_number(token).ok()?.units.micros();
    (micros % MICROS_PER_UNIT == 0).then_some(micros / MICROS_PER_UNIT)
}

/// A text for people: a string that says something, or the token of a number; `null`, `"null"` and blanks say nothing.
pub(super) fn words(raw: &RawValue) -> Option<String> {
    let text = match Value::of(raw) {
        Value::Text(text) => text,
        Value::Null => return None,
        Value::Number(_) | Value::Array(_) | Value::Object(_) | Value::Other => raw.get().to_owned(),
    };
    let text = text.trim();
    (!says_nothing(text)).then(|| text.to_owned())
}

/// Whether a text stands for nothing: blank, or the four letters `null`.
pub(super) fn says_nothing(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || text.eq_ignore_ascii_case("null")
}
