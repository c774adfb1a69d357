//! The command line of `salio send`.
//!
//! Knows nothing of: what commands do.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{ArgGroup, Args};
use salio_domain::Timestamp;
use salio_domain::admission::OnShort;
use salio_domain::message::Priority;

use super::JsonFlag;

/// `send`
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("whom").args(["to", "csv", "ndjson"]).required(true)), group(ArgGroup::new("file").args(["csv", "ndjson"])))]
pub struct SendArgs {
    /// Numbers, as people write them
    #[arg(long, value_name = "N", num_args = 1.., value_delimiter = ',', requires = "text")]
    pub to: Vec<String>,
    /// The text; with a file, {name} stands for the column "name" of each line
    #[arg(long, value_name = "T")]
    pub text: Option<String>,
    /// The sender [default: the account's sender_id]
    #[arg(long, value_name = "ID")]
    pub from: Option<String>,
    /// The account; needed only with several and no default
    #[arg(long, value_name = "A")]
    pub account: Option<String>,
    /// A file of any length whose first line names its columns: one with the numbers, and "text" unless --text is given; - reads standard input
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// A file of any length with one JSON object a line: "to", "text" unless --text is given, and what {…} stands for; - reads standard input
    #[arg(long, value_name = "FILE")]
    pub ndjson: Option<PathBuf>,
    /// The column with the numbers [default: the first of to, number, phone, mobile, msisdn, recipient]
    #[arg(long, value_name = "COLUMN", requires = "csv")]
    pub to_column: Option<String>,
    /// What stands between columns: one sign, or tab [default: found in the first line]
    #[arg(long, value_name = "C", requires = "csv", value_parser = delimiter)]
    pub delimiter: Option<char>,
    /// What you call this batch
    #[arg(long, value_name = "NAME", requires = "file")]
    pub name: Option<String>,
    /// Send to the usable lines of a file that has others; without it such a file is refused as a whole
    #[arg(long, requires = "file")]
    pub skip_bad_lines: bool,
    /// Who goes first [default: normal; of a file bulk]
    #[arg(long, value_name = "P", value_parser = priorities())]
    pub priority: Option<String>,
    /// When the balance does not cover it: let it wait, refuse it, or take the part that is covered [default: hold for one number, refuse for more]
    #[arg(long, value_name = "HOW", value_parser = on_short())]
    pub on_short: Option<String>,
    /// Not before, such as 2026-11-30T08:00:00+03:00
    #[arg(long, value_name = "TIME", value_parser = instant)]
    pub send_at: Option<Timestamp>,
    /// Not after: what has not left by then expires
    #[arg(long, value_name = "TIME", value_parser = instant)]
    pub valid_until: Option<Timestamp>,
    /// Your own word for these messages
    #[arg(long, value_name = "R")]
    pub reference: Option<String>,
    /// The same request under the same key is taken once, however often it is sent [default: for a file, made from its content and the options]
    #[arg(long, value_name = "K")]
    pub key: Option<String>,
    /// Check it and say what it would cost; send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// With a server: do not wait until they have left
    #[arg(long)]
    pub no_wait: bool,
    #[command(flatten)]
    pub json: JsonFlag,
}

fn priorities() -> PossibleValuesParser {
    PossibleValuesParser::new(Priority::ALL.iter().map(|priority| priority.as_str()))
}

fn on_short() -> PossibleValuesParser {
    PossibleValuesParser::new(OnShort::ALL.iter().map(|on_short| on_short.as_str()))
}

fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| "write it like 2026-11-30T08:00:00+03:00".to_owned())
}

fn delimiter(text: &str) -> Result<char, String> {
    let mut characters = text.chars();
    match (text, characters.next(), characters.next()) {
        ("tab" | "\\t", ..) => Ok('\t'),
        (_, Some(character), None) if character == '\t' || (character.is_ascii_punctuation() && character != '"') => Ok(character),
        _ => Err("write one sign, such as ; or |, or tab".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delimiter_is_one_sign() {
        assert_eq!(["tab", "\t", "\\t", ";", "|"].map(delimiter), [Ok('\t'), Ok('\t'), Ok('\t'), Ok(';'), Ok('|')]);
        assert!(["", "ab", "\"", "é", "\n", "a"].into_iter().all(|text| delimiter(text).is_err()));
    }
}
