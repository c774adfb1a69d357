//! One line of NDJSON: an object with what is Salio's own, and further members as values of placeholders. Knows nothing of numbers, prices or batches.

use std::borrow::Cow;
use std::fmt;

use salio_domain::template::{self, Template};
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::own::{Fields, Own};
use super::refusal::{LineRefusal, refused, shortened};

/// An object of one line.
#[derive(Debug, Default)]
pub(super) struct Object<'a> {
    own: [Option<Cow<'a, str>>; Own::ALL.len()],
    /// By name, as placeholders are compared, with the name as written.
    others: Vec<(String, Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Object<'a> {
    /// Reads a line that is UTF-8.
    pub(super) fn read(line: &'a str) -> Result<Self, LineRefusal> {
        let members: Members<'a> = serde_json::from_str(line).map_err(|error| not_json(&error, line))?;
        let mut object = Self::default();
        for (name, raw) in members.0 {
            object.put(name, raw.get())?;
        }
        Ok(object)
    }

    fn put(&mut self, name: Cow<'a, str>, written: &'a str) -> Result<(), LineRefusal> {
        let shown = shortened(&name);
        let wrong = |detail: String| refused(&shown, "invalid_field", detail, shortened(written));
        let own = Own::of(&name);
        let twice = match own {
            Some(own) => self.own.get(own as usize).is_some_and(Option::is_some),
            None => self.others.iter().any(|(key, _, _)| *key == template::key(&name)),
        };
        if twice {
            return Err(wrong(format!("{shown:?} stands twice in this line.")));
        }
        let value = match written.as_bytes().first() {
            Some(b'"') => serde_json::from_str::<Text<'a>>(written).map(|text| text.0).map_err(|_| wrong(format!("{shown:?} is no text that can be read.")))?,
            Some(b'n') => return Ok(()),
            Some(b'-' | b'0'..=b'9') if own.is_none() => Cow::Borrowed(written),
            _ if own.is_some() => return Err(wrong(format!("{shown:?} must be a text, in quotes."))),
            _ => return Err(wrong(format!("{shown:?} must be a text or a number: only those can stand in a message."))),
        };
        match own.and_then(|own| self.own.get_mut(own as usize)) {
            Some(slot) => *slot = Some(value),
            None => self.others.push((template::key(&name), name, value)),
        }
        Ok(())
    }

    /// Members that no placeholder uses, neither of the line's own text nor of the address's, are mistakes in writing.
    pub(super) fn all_used(&self, templates: [Option<&Template>; 2]) -> Result<(), LineRefusal> {
        let used = |key: &str| templates.into_iter().flatten().any(|template| template.names().any(|name| name == key));
        match self.others.iter().find(|(key, _, _)| !used(key)) {
            Some((_, name, value)) => {
                let detail =
                    format!("Nobody knows {:?}: it is none of to, text, from, reference, send_at, valid_until, and the text has no placeholder of that name.", shortened(name));
                Err(refused(name, "unknown_field", detail, shortened(value)))
            }
            None => Ok(()),
        }
    }
}

impl Fields for Object<'_> {
    fn own(&self, own: Own) -> Option<&str> {
        self.own.get(own as usize)?.as_deref()
    }

    fn value(&self, key: &str) -> Option<&str> {
        let other = self.others.iter().find(|(name, _, _)| name == key).map(|(_, _, value)| &**value);
        other.or_else(|| self.own(Own::of(key)?))
    }

    fn name(&self, own: Own) -> &str {
        own.name()
    }
}

fn not_json(error: &serde_json::Error, line: &str) -> LineRefusal {
    let text = error.to_string();
    let said = text.rsplit_once(" at line ").map_or(text.as_str(), |(said, _)| said);
    if error.is_data() {
        return refused("", "invalid_field", format!("A line holds one object, such as {{\"to\":\"0712345678\"}}: {said}."), shortened(line));
    }
    refused("", "malformed_json", format!("This line is no JSON: {said}, at byte {}.", error.column()), shortened(line))
}

/// Members in the order of the line, repeats included.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reading;
        impl<'de> Visitor<'de> for Reading {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::with_capacity(8);
                while let Some((Text(name), value)) = map.next_entry::<Text<'de>, &'de RawValue>()? {
                    if members.len() >= MEMBERS {
                        return Err(A::Error::custom(format_args!("an object of at most {MEMBERS} members is expected")));
                    }
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Reading)
    }
}

/// Members of one line at most; each is compared with the others.
const MEMBERS: usize = 200;

/// A text that is borrowed where nothing in it is escaped.
struct Text<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reading;
        impl<'de> Visitor<'de> for Reading {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Reading)
    }
}
