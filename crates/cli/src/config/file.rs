//! The layer of the file: TOML into keys, each with its line.
//!
//! Knows nothing of: the file system, other layers, what values mean. The parser's own messages show the line at fault, which may hold a
//! key: only their first sentence is taken.

use toml::de::{DeTable, DeValue};

use super::errors::{ConfigError, Place};
use super::layers::Layers;
use super::raw::Raw;
use super::{schema, suggest};

/// After so many errors of form the rest are echoes of the first.
const MOST_SYNTAX_ERRORS: usize = 10;

struct Reader<'a> {
    path: &'a str,
    text: &'a str,
    layers: &'a mut Layers,
}

/// Lays the file's keys.
pub fn lay(path: &str, text: &str, layers: &mut Layers) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader { path, text, layers };
    if errors.is_empty() {
        reader.table(&[], table.get_ref());
    } else {
        reader.layers.file_is_broken = true;
        reader.refuse_form(&errors);
    }
}

impl Reader<'_> {
    fn place(&self, offset: usize) -> Place {
        let line = self.text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1;
        Place::File { path: self.path.to_owned(), line }
    }

    fn refuse_form(&mut self, errors: &[toml::de::Error]) {
        let mut before = None;
        for error in errors.iter().take(MOST_SYNTAX_ERRORS) {
            let place = self.place(error.span().map_or(self.text.len(), |span| span.start));
            if before.as_ref() == Some(&place) {
                continue;
            }
            before = Some(place.clone());
            let problem = format!("not TOML: {}", error.message().lines().next().unwrap_or("unreadable"));
            self.layers.refuse(ConfigError { key: String::new(), place, value: None, problem });
        }
    }

    fn table(&mut self, parents: &[&str], table: &DeTable<'_>) {
        for (key, value) in table {
            let place = self.place(key.span().start);
            let segments: Vec<&str> = parents.iter().copied().chain([key.get_ref().as_ref()]).collect();
            self.key(&segments, value.get_ref(), place);
        }
    }

    fn key(&mut self, segments: &[&str], value: &DeValue<'_>, place: Place) {
        let wrong_slug = matches!(segments, ["accounts", slug] if !schema::is_slug(slug));
        match (schema::is_section(segments), value, schema::find(segments)) {
            (true, DeValue::Table(_), _) if wrong_slug => {
                let problem = "an account's name is 1 to 40 of a-z, 0-9 and -".to_owned();
                self.layers.refuse(ConfigError { key: segments.join("."), place, value: None, problem });
            }
            (true, DeValue::Table(table), _) => {
                if let ["accounts", slug] = segments {
                    self.layers.declare_account(slug, place);
                }
                self.table(segments, table);
            }
            (_, _, Some(spec)) if spec.in_file => {
                let raw = raw(value);
                // An empty text in the place of something optional is a line left to be filled in.
                if !(raw.is_blank() && spec.default.is_none()) {
                    self.layers.set(spec, segments, raw, place);
                }
            }
            (section, _, spec) => {
                let problem = refusal(segments, section, spec.is_some());
                self.layers.refuse_unknown(&segments.join("."), &raw(value), place, problem);
            }
        }
    }
}

/// What to say about a key that the file may not hold.
fn refusal(segments: &[&str], section: bool, elsewhere: bool) -> String {
    let key = segments.join(".");
    if section {
        return format!("a section is expected, written [{key}]");
    }
    if elsewhere {
        return format!("not a key of the file; set {} or use the flag", schema::variable(&key));
    }
    let parents = segments.split_last().map(|(_, parents)| parents).unwrap_or_default();
    let mut names: Vec<String> = schema::names_in(parents, true).into_iter().map(str::to_owned).collect();
    if parents.is_empty() {
        names.extend(schema::SECTIONS.iter().map(|section| format!("[{section}]")));
    }
    let meant = suggest::path(segments, true).map(|path| format!("did you mean {path}? ")).unwrap_or_default();
    format!("unknown key; {meant}allowed here: {}", names.join(", "))
}

fn raw(value: &DeValue<'_>) -> Raw {
    match value {
        DeValue::String(text) => Raw::Text(text.clone().into_owned()),
        DeValue::Integer(number) => match i128::from_str_radix(number.as_str(), number.radix()) {
            Ok(plain) => Raw::Integer(plain.to_string()),
            Err(_) => Raw::Integer(number.to_string()),
        },
        DeValue::Float(number) => Raw::Fraction(number.as_str().to_owned()),
        DeValue::Boolean(flag) => Raw::Bool(*flag),
        DeValue::Datetime(date) => Raw::Date(date.to_string()),
        DeValue::Array(items) => Raw::List(items.iter().map(|item| raw(item.get_ref())).collect()),
        DeValue::Table(_) => Raw::Table,
    }
}
