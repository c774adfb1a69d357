//! What the flags say of all messages, in the words of each route, and the key that is made of it.
//!
//! Knows nothing of: transports, files.

use std::fmt::Write;

use salio_domain::admission::OnShort;
use salio_domain::message::Priority;
use salio_engine::bulk::{BulkForm, BulkRequest};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::args::SendArgs;
use crate::client::escaped;

/// Letters of a key that are made of a digest: 128 bits.
const KEY_LETTERS: usize = 32;

/// What a list has beside its recipients.
pub fn members(args: &SendArgs) -> Map<String, Value> {
    common(args).into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect()
}

/// The address of a stream.
pub fn bulk_path(args: &SendArgs) -> String {
    let query: Vec<String> = all(args).iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    if query.is_empty() { "/api/v1/messages/bulk".to_owned() } else { format!("/api/v1/messages/bulk?{}", query.join("&")) }
}

/// The kind of a stream.
pub const fn content_type(args: &SendArgs) -> &'static str {
    if args.ndjson.is_some() { "application/x-ndjson" } else { "text/csv" }
}

/// A stream as the engine reads it. The account is left out: where lines are checked there is one.
pub fn request(args: &SendArgs) -> BulkRequest {
    let delimiter = args.delimiter.and_then(|delimiter| u8::try_from(delimiter).ok());
    BulkRequest {
        form: if args.ndjson.is_some() { BulkForm::Ndjson } else { BulkForm::Csv { delimiter } },
        account: None,
        text: args.text.clone(),
        from: args.from.clone(),
        reference: args.reference.clone(),
        send_at: args.send_at,
        valid_until: args.valid_until,
        priority: args.priority.as_deref().and_then(Priority::from_word),
        on_short: args.on_short.as_deref().and_then(OnShort::from_word),
        to_column: args.to_column.clone(),
        name: args.name.clone(),
        key: None,
        token: None,
    }
}

/// The same file with the same options is the same request, so that a broken upload can be repeated.
pub fn key(args: &SendArgs, content: &[u8; 32]) -> String {
    let mut hasher = Sha256::new();
    hasher.update(content);
    for (name, value) in all(args) {
        // Its length first: no two lists of parts are the same bytes.
        hasher.update(format!("{name}={}:", value.len()));
        hasher.update(value);
    }
    hasher.update(content_type(args));
    let mut key = String::from("file-");
    for byte in hasher.finalize() {
        let _ = write!(key, "{byte:02x}");
    }
    key.truncate("file-".len() + KEY_LETTERS);
    key
}

fn all(args: &SendArgs) -> Vec<(&'static str, String)> {
    let own = [("to_column", args.to_column.clone()), ("delimiter", args.delimiter.map(String::from)), ("name", args.name.clone())];
    common(args).into_iter().chain(own.into_iter().filter_map(|(name, value)| Some((name, value?)))).collect()
}

fn common(args: &SendArgs) -> Vec<(&'static str, String)> {
    let words = [
        ("account", args.account.clone()),
        ("from", args.from.clone()),
        ("text", args.text.clone()),
        ("priority", args.priority.clone()),
        ("on_short", args.on_short.clone()),
        ("send_at", args.send_at.map(|at| at.to_string())),
        ("valid_until", args.valid_until.map(|at| at.to_string())),
        ("reference", args.reference.clone()),
    ];
    words.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::{Cli, Command};

    fn args(words: &[&str]) -> SendArgs {
        let cli = Cli::try_parse_from(["salio", "send"].iter().chain(words)).unwrap();
        if let Command::Send(args) = cli.command { args } else { panic!("not send") }
    }

    #[test]
    fn flags_become_a_query() {
        let args = args(&["--csv", "a.csv", "--text", "Hi {name}", "--delimiter", "tab", "--on-short", "partial", "--send-at", "2026-11-30T08:00:00+03:00"]);
        assert_eq!(bulk_path(&args), "/api/v1/messages/bulk?text=Hi%20%7Bname%7D&on_short=partial&send_at=2026-11-30T05%3A00%3A00.000000Z&delimiter=%09");
        assert_eq!((content_type(&args), request(&args).form), ("text/csv", BulkForm::Csv { delimiter: Some(b'\t') }));
    }

    #[test]
    fn a_key_stands_for_content_and_options() {
        let plain = args(&["--csv", "a.csv", "--text", "Hi"]);
        let first = key(&plain, &[1; 32]);
        assert_eq!((first.len(), first.as_str()), (37, key(&args(&["--csv", "b.csv", "--text", "Hi"]), &[1; 32]).as_str()), "the file's name does not matter");
        for other in [key(&plain, &[2; 32]), key(&args(&["--csv", "a.csv", "--text", "Ho"]), &[1; 32]), key(&args(&["--ndjson", "a.csv", "--text", "Hi"]), &[1; 32])] {
            assert_ne!(first, other);
        }
    }
}
