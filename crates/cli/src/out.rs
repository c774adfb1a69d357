//! The only room that prints. Results go to stdout, everything about them to stderr.
//!
//! Knows nothing of: what is printed. A closed pipe is no failure: whoever read has seen enough. Any other reason why a result cannot be written is one,
//! and is kept until the end: what a command does (sending, say) goes on.

use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::OnceLock;

use serde_json::Value;

/// Why the first result that could not be written could not be.
static FAILED: OnceLock<String> = OnceLock::new();

/// Why results are missing, if any are.
pub fn failure() -> Option<&'static str> {
    FAILED.get().map(String::as_str)
}

/// Remembers a failed write. False when it failed, for whatever reason.
pub fn written(done: std::io::Result<()>) -> bool {
    match done {
        Ok(()) => true,
        Err(error) => {
            if error.kind() != ErrorKind::BrokenPipe {
                let _first_counts = FAILED.set(error.to_string());
            }
            false
        }
    }
}

/// One line of a result. False when nobody reads any more.
pub fn line(text: &str) -> bool {
    let mut out = std::io::stdout().lock();
    written(writeln!(out, "{text}").and_then(|()| out.flush()))
}

/// Several lines of a result.
pub fn lines(lines: &[String]) -> bool {
    lines.iter().all(|text| line(text))
}

/// A result as JSON, on lines of its own.
pub fn json(value: &Value) -> bool {
    line(&format!("{value:#}"))
}

/// A result as JSON on one line, for streams.
pub fn json_line(value: &Value) -> bool {
    line(&value.to_string())
}

/// Bytes of a result as they are.
pub fn raw(bytes: &[u8]) -> bool {
    let mut out = std::io::stdout().lock();
    written(out.write_all(bytes).and_then(|()| out.flush()))
}

/// Something to know, beside the result.
pub fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Why it did not work, and the fix.
pub fn error(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "salio: {text}");
}

/// Whether a person looks at stderr.
pub fn stderr_is_terminal() -> bool {
    std::io::stderr().is_terminal()
}

/// Whether a person can be asked something.
pub fn person_is_there() -> bool {
    std::io::stdin().is_terminal() && stderr_is_terminal()
}

/// A question, with the cursor left behind it.
pub fn ask(text: &str) {
    let mut err = std::io::stderr().lock();
    let _ = write!(err, "{text}").and_then(|()| err.flush());
}

/// Rows with aligned columns; `right` names the columns of figures. The last column is never padded.
pub fn table(rows: &[Vec<String>], right: &[usize]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    rows.iter().map(|row| aligned(row, &widths, right)).collect()
}

fn aligned(row: &[String], widths: &[usize], right: &[usize]) -> String {
    let cell = |(column, text): (usize, &String)| {
        let width = widths.get(column).copied().unwrap_or(0);
        if right.contains(&column) { format!("{text:>width$}") } else { format!("{text:<width$}") }
    };
    row.iter().enumerate().map(cell).collect::<Vec<_>>().join("  ").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_characters_not_bytes() {
        let rows = [vec!["é".to_owned(), "1.00".to_owned(), "x".to_owned()], vec!["abc".to_owned(), "10.00".to_owned(), "yy".to_owned()]];
        assert_eq!(table(&rows, &[1]), ["é     1.00  x", "abc  10.00  yy"]);
    }
}
