//! A line that is refused: which part of it, by which stable word, in which words for people. Knows nothing of how lines are read.

use std::borrow::Cow;

use salio_store::LineError;

/// Characters of what was given that are told again.
const GIVEN: usize = 80;

/// Why a line is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LineRefusal {
    pub field: String,
    pub code: &'static str,
    pub detail: String,
    pub given: String,
}

impl LineRefusal {
    pub(super) fn at(self, line: i64) -> LineError {
        LineError { line, field: self.field, code: self.code.to_owned(), detail: self.detail, given: self.given }
    }
}

pub(super) fn refused(field: &str, code: &'static str, detail: impl Into<String>, given: impl Into<String>) -> LineRefusal {
    // A member's name is the caller's own, and as long as that likes.
    LineRefusal { field: shortened(field), code, detail: sentence(detail.into()), given: given.into() }
}

/// Begins with a capital.
fn sentence(detail: String) -> String {
    let mut letters = detail.chars();
    match letters.next().filter(char::is_ascii_lowercase) {
        Some(first) => format!("{}{}", first.to_ascii_uppercase(), letters.as_str()),
        None => detail,
    }
}

/// The beginning of what was given.
pub(super) fn shortened(given: &str) -> String {
    match given.char_indices().nth(GIVEN) {
        Some((end, _)) => format!("{}…", given.get(..end).unwrap_or_default()),
        None => given.to_owned(),
    }
}

/// The beginning of a line, whatever bytes it is of.
pub(super) fn shortened_line(line: &[u8]) -> String {
    // Four bytes a character and the one that is cut.
    let seen = line.get(..(GIVEN + 2) * 4).unwrap_or(line);
    let text: Cow<'_, str> = String::from_utf8_lossy(seen);
    shortened(text.trim_end())
}
