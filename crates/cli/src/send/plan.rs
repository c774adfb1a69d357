//! Who gets which text: from the flags and the file.
//!
//! Knows nothing of: whether a number exists, what a text costs.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::csv::{self, Table};
use crate::args::SendArgs;
use crate::failure::{Failure, Outcome};
use crate::out;

/// A larger file goes through the bulk route, when there is one.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// Stands for what is piped in.
const STANDARD_INPUT: &str = "-";

/// A recipient and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// As it was written.
    pub to: String,
    /// The line of the file; none from `--to`.
    pub line: Option<usize>,
}

/// One text and those who get it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The text.
    pub text: String,
    /// In order.
    pub recipients: Vec<Recipient>,
}

/// Everything to send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// One for each text.
    pub groups: Vec<Group>,
    /// Lines that cannot be used, and why.
    pub bad_lines: Vec<(usize, String)>,
}

impl Plan {
    /// Reads flags and file.
    pub fn read(args: &SendArgs) -> Outcome<Self> {
        let mut plan = Self::default();
        if !args.to.is_empty() {
            let text = args.text.clone().ok_or_else(|| Failure::usage("--to needs --text"))?;
            let recipients = args.to.iter().map(|to| Recipient { to: to.clone(), line: None }).collect();
            plan.groups.push(Group { text, recipients });
        }
        if let Some(path) = &args.csv {
            plan.add(&csv::read(&read_file(path)?), args.text.as_deref())?;
        }
        Ok(plan)
    }

    /// How many messages this is.
    pub fn recipients(&self) -> usize {
        self.groups.iter().map(|group| group.recipients.len()).sum()
    }

    /// Says which lines cannot be used.
    pub fn tell_bad_lines(&self) {
        self.bad_lines.iter().for_each(|(line, why)| out::error(&format!("line {line}: {why}")));
    }

    fn add(&mut self, table: &Table, template: Option<&str>) -> Outcome {
        let column = |name: &str| table.columns.iter().position(|column| column == name);
        let to = column("to").ok_or_else(|| Failure::usage(format!("the file has no column \"to\"; its first line names: {}", table.columns.join(", "))))?;
        let pieces = match (template, column("text")) {
            (Some(template), text) => unambiguous(pieces(template, &table.columns)?, text.is_some())?,
            (None, Some(text)) => vec![Piece::Column(text)],
            (None, None) => return Err(Failure::usage("the file has no column \"text\"; add one, or give --text")),
        };
        let mut groups: HashMap<String, usize> = HashMap::new();
        for (line, cells) in &table.rows {
            match row(cells, table.columns.len(), to, &pieces) {
                Ok((to, text)) => self.group(&mut groups, text).push(Recipient { to, line: Some(*line) }),
                Err(why) => self.bad_lines.push((*line, why)),
            }
        }
        Ok(())
    }

    fn group(&mut self, known: &mut HashMap<String, usize>, text: String) -> &mut Vec<Recipient> {
        let at = *known.entry(text.clone()).or_insert_with(|| {
            self.groups.push(Group { text, recipients: Vec::new() });
            self.groups.len() - 1
        });
        &mut self.groups[at].recipients
    }
}

fn read_file(path: &Path) -> Outcome<String> {
    let shown = path.display();
    let unreadable = |error: std::io::Error| Failure::usage(format!("{shown}: {error}"));
    if path == Path::new(STANDARD_INPUT) {
        return read_text(std::io::stdin().lock(), "standard input");
    }
    // Asked before it is opened: opening a pipe would wait for its writer.
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(Failure::usage(format!("{shown} is no regular file; what another program writes can be read with --csv -")));
    }
    read_text(File::open(path).map_err(unreadable)?, &shown.to_string())
}

/// All of it, or a refusal once it is larger than is taken.
fn read_text(from: impl Read, shown: &str) -> Outcome<String> {
    let mut bytes = Vec::new();
    let read = from.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|error| Failure::usage(format!("{shown}: {error}")))?;
    if u64::try_from(read).is_ok_and(|read| read > MOST_BYTES) {
        return Err(Failure::usage(format!("{shown} is larger than {} MiB; split it", MOST_BYTES / 1024 / 1024)));
    }
    String::from_utf8(bytes).map_err(|_| Failure::usage(format!("{shown} is not UTF-8; save it as UTF-8")))
}

/// A text that takes nothing from the file, beside a file that brings texts: one of them is not meant.
fn unambiguous(pieces: Vec<Piece>, file_has_texts: bool) -> Outcome<Vec<Piece>> {
    if file_has_texts && pieces.iter().all(|piece| matches!(piece, Piece::Text(_))) {
        return Err(Failure::usage(
            "the file has a column \"text\", and --text names no column in braces, so it is not clear which is meant: leave out --text, or take the column out of the file",
        ));
    }
    Ok(pieces)
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Column(usize),
}

/// `Dear {name}` → what stays and what each line fills in; `{{` is a brace.
fn pieces(template: &str, columns: &[String]) -> Outcome<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        pieces.push(Piece::Text(before.to_owned()));
        if let Some(after) = after.strip_prefix('{') {
            pieces.push(Piece::Text("{".to_owned()));
            rest = after;
            continue;
        }
        let (name, after) = after.split_once('}').ok_or_else(|| Failure::usage("--text has { without }; write {{ for a brace"))?;
        let wanted = name.trim().to_lowercase();
        let at = columns.iter().position(|column| *column == wanted);
        pieces.push(Piece::Column(at.ok_or_else(|| Failure::usage(format!("--text names {{{name}}}, which is no column; there are: {}", columns.join(", "))))?));
        rest = after;
    }
    pieces.push(Piece::Text(rest.to_owned()));
    Ok(pieces)
}

fn row(cells: &[String], columns: usize, to: usize, pieces: &[Piece]) -> Result<(String, String), String> {
    if cells.len() != columns {
        return Err(format!("it has {} columns instead of {columns}", cells.len()));
    }
    let cell = |at: usize| cells.get(at).map(|cell| cell.trim()).unwrap_or_default();
    if cell(to).is_empty() {
        return Err("the number is missing".to_owned());
    }
    let text: String = pieces
        .iter()
        .map(|piece| {
            if let Piece::Column(at) = piece {
                cell(*at)
            } else if let Piece::Text(text) = piece {
                text
            } else {
                ""
            }
        })
        .collect();
    if text.trim().is_empty() {
        return Err("the text is missing".to_owned());
    }
    Ok((cell(to).to_owned(), text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planned(file: &str, template: Option<&str>) -> Outcome<Plan> {
        let mut plan = Plan::default();
        plan.add(&csv::read(file), template).map(|()| plan)
    }

    fn group(text: &str, recipients: &[(&str, usize)]) -> Group {
        Group { text: text.to_owned(), recipients: recipients.iter().map(|(to, line)| Recipient { to: (*to).to_owned(), line: Some(*line) }).collect() }
    }

    #[test]
    fn equal_texts_go_together_and_bad_lines_are_named() {
        let plan = planned("to,text\n1,hi\n2,other\n,hi\n3,hi\n4\n5,\n", None).unwrap();
        assert_eq!(plan.groups, [group("hi", &[("1", 2), ("3", 5)]), group("other", &[("2", 3)])]);
        let bad: Vec<_> = plan.bad_lines.iter().map(|(line, why)| (*line, why.as_str())).collect();
        assert_eq!(bad, [(4, "the number is missing"), (6, "it has 1 columns instead of 2"), (7, "the text is missing")]);
    }

    #[test]
    fn columns_fill_the_text() {
        let plan = planned("Name,to,Due\nAsha,1,{5}\n Juma ,2,7\n", Some("Dear {name}, pay {{ {due}")).unwrap();
        assert_eq!(plan.groups, [group("Dear Asha, pay { {5}", &[("1", 2)]), group("Dear Juma, pay { 7", &[("2", 3)])]);
    }

    #[test]
    fn what_the_file_lacks_is_wrong_usage() {
        for (file, template, why) in [
            ("number,text\n1,a", None, "the file has no column \"to\"; its first line names: number, text"),
            ("to\n1", None, "the file has no column \"text\"; add one, or give --text"),
            ("to\n1", Some("Hi {name}"), "--text names {name}, which is no column; there are: to"),
            (
                "to,text\n1,a",
                Some("Hi {{"),
                "the file has a column \"text\", and --text names no column in braces, so it is not clear which is meant: leave out --text, or take the column out of the file",
            ),
            ("to\n1", Some("Hi {name"), "--text has { without }; write {{ for a brace"),
        ] {
            assert_eq!(planned(file, template), Err(Failure::usage(why)));
        }
    }

    #[test]
    fn what_has_no_end_is_refused() {
        let error = read_text(std::io::repeat(b'0'), "standard input").unwrap_err();
        assert_eq!(error, Failure::usage("standard input is larger than 64 MiB; split it"));
        let most = usize::try_from(MOST_BYTES).unwrap();
        assert_eq!(read_text(std::io::repeat(b'0').take(MOST_BYTES), "all").map(|text| text.len()), Ok(most));
    }
}
