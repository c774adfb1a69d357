//! A tolerant reader of `.env`: takes our variables, passes over everything else, whatever it looks like.
//!
//! Files of the previous system hold many odd lines: values with spaces, quotes that never close, texts over several lines. None of them may
//! keep Salio from starting; only a broken line of ours is a problem. Knows nothing of: what a variable means, the file system.

use std::collections::HashMap;

/// Names that are ours.
pub const PREFIXES: [&str; 2] = ["SALIO_", "ONFON_"];

/// A quoted value over more lines than this is an open quote (a 16-kbit private key takes about 200).
const MOST_LINES: usize = 300;

/// One line of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// The name, as far as it can be read.
    pub name: String,
    /// The value, or what is wrong with the line; a text that never repeats the line.
    pub value: Result<String, &'static str>,
    /// Counted from 1.
    pub line: usize,
}

/// The variables of ours in a `.env` text; `${NAME}` means the environment's, else an earlier line's.
pub fn read(text: &str, environment: &[(String, String)]) -> Vec<Variable> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines: Vec<&str> = text.lines().collect();
    let mut known: HashMap<String, String> = HashMap::new();
    let mut ours = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let start = at;
        at += 1;
        let Some((name, rest)) = split_name(line) else {
            continue;
        };
        let value = assigned(rest).and_then(|rest| {
            let (written, expands, last) = written_value(&lines, start, rest)?;
            at = last + 1;
            expand(&written, expands, |name| environment.iter().find(|(n, _)| n == name).map(|(_, v)| v).or_else(|| known.get(name)).cloned())
        });
        if let Ok(value) = &value {
            known.insert(name.to_owned(), value.clone());
        }
        if is_ours(name) {
            ours.push(Variable { name: name.to_owned(), value, line: start + 1 });
        }
    }
    ours
}

fn is_ours(name: &str) -> bool {
    PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// How `${NAME}` and backslashes are treated.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expands {
    Nothing,
    Names,
    NamesAndEscapes,
}

/// The name that a line begins with and what follows it; nothing for comments and lines without a name.
fn split_name(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let line = line.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t'])).map_or(line, str::trim_start);
    let end = line.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(line.len());
    line.split_at_checked(end).filter(|(name, _)| !name.is_empty())
}

fn assigned(rest: &str) -> Result<&str, &'static str> {
    rest.trim_start().strip_prefix('=').map(str::trim).ok_or("the line is broken: no = after the name")
}

/// The value as it was written, how it expands, and the index of its last line.
fn written_value(lines: &[&str], start: usize, rest: &str) -> Result<(String, Expands, usize), &'static str> {
    match rest.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let (written, last) = quoted(lines, start, rest, quote).ok_or("the line is broken: its quote is not closed, or something follows it")?;
            Ok((written, if quote == '"' { Expands::NamesAndEscapes } else { Expands::Nothing }, last))
        }
        _ => Ok((unquoted(rest).to_owned(), Expands::Names, start)),
    }
}

/// Up to a comment, which needs a space before it: `#` may be part of a key.
fn unquoted(rest: &str) -> &str {
    let comment = rest.char_indices().find(|(at, c)| {
        let before = rest.get(..*at).unwrap_or_default();
        *c == '#' && before.chars().next_back().is_none_or(char::is_whitespace)
    });
    comment.and_then(|(at, _)| rest.get(..at)).unwrap_or(rest).trim_end()
}

/// A quoted value, over several lines if need be. `None` when it is not properly closed; then the caller goes on with the next line, so
/// that an open quote somewhere above never swallows a variable of ours.
fn quoted(lines: &[&str], start: usize, rest: &str, quote: char) -> Option<(String, usize)> {
    let mut written = String::new();
    let mut line = rest.strip_prefix(quote)?;
    for at in start..start.saturating_add(MOST_LINES) {
        if let Some(end) = closing(line, quote) {
            let (value, after) = line.split_at_checked(end)?;
            let after = after.strip_prefix(quote)?.trim();
            written.push_str(value);
            return (after.is_empty() || after.starts_with('#')).then_some((written, at));
        }
        written.push_str(line);
        written.push('\n');
        line = lines.get(at + 1)?;
        let begins_ours = split_name(line).is_some_and(|(name, rest)| is_ours(name) && assigned(rest).is_ok());
        if begins_ours {
            return None;
        }
    }
    None
}

/// Where the closing quote is; in double quotes a backslash protects the next character.
fn closing(line: &str, quote: char) -> Option<usize> {
    let mut protected = false;
    line.char_indices().find_map(|(at, c)| {
        let closes = c == quote && !protected;
        protected = quote == '"' && c == '\\' && !protected;
        closes.then_some(at)
    })
}

/// Replaces `${NAME}` and, in double quotes, backslash pairs. A lone `$` stays: keys hold them.
fn expand(written: &str, expands: Expands, lookup: impl Fn(&str) -> Option<String>) -> Result<String, &'static str> {
    let mut out = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(c) = rest.chars().next().filter(|_| expands != Expands::Nothing) {
        if let Some((name, after)) = reference(rest) {
            out.push_str(&lookup(name).ok_or("it refers to a ${NAME} that is not set before this line; in single quotes it would stay as it is")?);
            rest = after;
            continue;
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        match rest.chars().next().filter(|_| c == '\\' && expands == Expands::NamesAndEscapes) {
            Some(next) => {
                push_escaped(&mut out, next);
                rest = rest.get(next.len_utf8()..).unwrap_or_default();
            }
            None => out.push(c),
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// `${NAME}` at the beginning, and what follows it.
fn reference(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.strip_prefix("${")?.split_once('}')?;
    let named = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    named.then_some((name, after))
}

fn push_escaped(out: &mut String, next: char) {
    match next {
        'n' => out.push('\n'),
        'r' => out.push('\r'),
        't' => out.push('\t'),
        '"' | '\\' | '$' | '\'' => out.push(next),
        other => {
            out.push('\\');
            out.push(other);
        }
    }
}
