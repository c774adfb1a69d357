//! What the first line of CSV says: the delimiter, and which column is what. Refuses the whole stream before anything of it is kept.
//!
//! Knows nothing of: the lines that follow.

use std::collections::HashMap;

use salio_domain::template::{self, Template};

use super::cells::Cells;
use super::cut::Head;
use super::own::Own;
use super::refusal::shortened;
use super::scan::Fault;
use crate::outbox::DraftError;

/// Names of the recipient's column, the first that is there.
const RECIPIENT: [&str; 6] = ["to", "number", "phone", "mobile", "msisdn", "recipient"];
/// Columns that a refusal names.
const LISTED: usize = 30;
const DELIMITERS: [u8; 3] = *b",;\t";

/// Which column is what.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    names: Vec<String>,
    /// By name, as placeholders are compared.
    places: HashMap<String, usize>,
    own: [Option<usize>; Own::ALL.len()],
}

fn wrong(code: &'static str, field: &'static str, detail: impl Into<String>) -> DraftError {
    DraftError { code, field, detail: detail.into() }
}

impl Columns {
    /// Reads the header. `template` is what the address gives for all lines.
    pub(super) fn read(head: &Head, to_column: Option<&str>, template: Option<&Template>) -> Result<Self, DraftError> {
        let names = names(head)?;
        let mut places = HashMap::new();
        for (place, name) in names.iter().enumerate().filter(|(_, name)| !name.trim().is_empty()) {
            if places.insert(template::key(name), place).is_some() {
                return Err(wrong("duplicate_column", "", format!("Two columns are named {:?}. Each column needs a name of its own.", shortened(name))));
            }
        }
        let mut columns = Self { names, places, own: [None; Own::ALL.len()] };
        columns.own = Own::ALL.map(|own| columns.first_of(own.columns()));
        columns.own[Own::To as usize] = Some(columns.recipient(to_column)?);
        columns.check(template)?;
        Ok(columns)
    }

    pub(super) fn count(&self) -> usize {
        self.names.len()
    }

    /// Where a placeholder's value stands.
    pub(super) fn place(&self, key: &str) -> Option<usize> {
        self.places.get(key).copied()
    }

    /// Where what is Salio's own stands.
    pub(super) fn own(&self, own: Own) -> Option<usize> {
        self.own.get(own as usize).copied().flatten()
    }

    /// Whether lines may have senders of their own.
    pub(super) fn names_sender(&self) -> bool {
        self.own(Own::From).is_some()
    }

    /// A column as the header names it.
    pub(super) fn name(&self, place: usize) -> &str {
        self.names.get(place).map_or("", |name| name.trim())
    }

    /// The names, for people.
    fn listed(&self) -> String {
        let names: Vec<String> = self.names.iter().take(LISTED).map(|name| format!("{:?}", shortened(name.trim()))).collect();
        let more = self.names.len().saturating_sub(LISTED);
        if more == 0 { names.join(", ") } else { format!("{} and {more} more", names.join(", ")) }
    }

    fn first_of(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.place(name))
    }

    fn recipient(&self, to_column: Option<&str>) -> Result<usize, DraftError> {
        let found = match to_column {
            Some(name) => self.place(&template::key(name)),
            None => self.first_of(&RECIPIENT),
        };
        found.ok_or_else(|| {
            let wanted = to_column.map_or_else(|| format!("one of {}", RECIPIENT.join(", ")), |name| format!("{name:?}"));
            wrong(
                "missing_column",
                "to_column",
                format!("There is no column with the recipients: looked for {wanted}. The header's columns are: {}. Name another one with \"to_column\".", self.listed()),
            )
        })
    }

    fn check(&self, template: Option<&Template>) -> Result<(), DraftError> {
        let Some(template) = template else {
            let found = self.own(Own::Text).map(|_| ());
            return found.ok_or_else(|| {
                wrong("text_missing", "text", format!("There is no text: give \"text\" in the address, or a column \"text\". The header's columns are: {}.", self.listed()))
            });
        };
        match template.names().find(|name| self.place(name).is_none()) {
            Some(name) => Err(wrong(
                "unknown_placeholder",
                "text",
                format!("The text needs {{{}}}, and no column has that name. The header's columns are: {}.", shortened(name), self.listed()),
            )),
            None => Ok(()),
        }
    }
}

fn names(head: &Head) -> Result<Vec<String>, DraftError> {
    let unreadable = |why: &str| wrong("header_invalid", "", format!("The header, the first line, cannot be read: {why}"));
    match head.fault {
        Some(Fault::TooLong) => return Err(unreadable("it is too long.")),
        Some(Fault::QuoteOpen) => return Err(unreadable("a quote is opened and not closed.")),
        Some(Fault::QuoteMisplaced) => return Err(unreadable("text follows a closing quote.")),
        None => {}
    }
    let mut cells = Cells::new(head.delimiter);
    cells.split(&head.bytes).map_err(|_| unreadable("it is not UTF-8. Save the file as \"CSV UTF-8\"."))?;
    Ok(cells.iter().map(str::to_owned).collect())
}

/// A line without anything.
pub(super) fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

/// The line `sep=;` with which some spreadsheets name the delimiter.
pub(super) fn is_separator(line: &[u8]) -> bool {
    matches!(line, [name @ .., _] if name.eq_ignore_ascii_case(b"sep="))
}

/// The delimiter that the first line speaks for; none while it has not come whole.
pub(super) fn sniffed(bytes: &[u8], ended: bool, limit: usize) -> Option<u8> {
    let seen = bytes.get(..limit).unwrap_or(bytes);
    let begin = seen.iter().position(|byte| !byte.is_ascii_whitespace());
    let line = begin.and_then(|begin| seen.get(begin..)).unwrap_or_default();
    let end = line.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
    if end.is_none() && !ended && seen.len() < limit {
        return None;
    }
    let line = end.and_then(|end| line.get(..end)).unwrap_or(line);
    match line.last() {
        Some(last) if is_separator(line) => Some(*last),
        _ => Some(most_frequent(line)),
    }
}

fn most_frequent(line: &[u8]) -> u8 {
    let outside: Vec<u8> = line.split(|byte| *byte == b'"').step_by(2).flatten().copied().collect();
    let count = |delimiter: u8| outside.iter().filter(|byte| **byte == delimiter).count();
    // The first of the most frequent: the last that `max_by_key` sees.
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}
