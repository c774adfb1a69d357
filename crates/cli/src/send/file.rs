//! `salio send --csv` and `--ndjson`: a file of any length, looked at as a whole, then handed over as one stream.
//!
//! Knows nothing of: transports, how lines are read.

use std::path::Path;

use salio_domain::template::Template;

use super::check::{self, Checked};
use super::progress::Progress;
use super::source::Source;
use super::summary::Sent;
use super::{options, quote, see_through, tell_lines, upload};
use crate::args::SendArgs;
use crate::client::wire::{BulkAccepted, LineError};
use crate::client::{self, Client, Reply};
use crate::commands::parsed;
use crate::config::settings::Settings;
use crate::failure::{Failure, Outcome};
use crate::out;
use crate::signals::Signals;

/// Of a file, enough to see its first line.
const FIRST_LINE: usize = 64 * 1024;
/// Columns that bring texts.
const TEXTS: [&str; 2] = ["text", "message"];

/// Checks, and sends or says what it would cost.
pub async fn run(settings: &Settings, args: &SendArgs, path: &Path) -> Outcome {
    let source = Source::open(path, &settings.data_dir)?;
    refuse_unclear(args, &source)?;
    // Without a server this process sends what waits, but not before the file is known to be good.
    let mut client = client::open(settings, "send", false).await?;
    let done = check_and_send(&mut client, settings, args, &source).await;
    client.close().await;
    done
}

/// A text that takes nothing from the file, beside a file that brings texts: one of them is not meant.
fn refuse_unclear(args: &SendArgs, source: &Source) -> Outcome {
    let plain = args.text.as_deref().is_some_and(|text| Template::parse(text).is_plain());
    if !plain || args.csv.is_none() || !brings_texts(&source.beginning(FIRST_LINE), args.delimiter) {
        return Ok(());
    }
    Err(Failure::usage(
        "the file has a column \"text\", and --text names no column in braces, so it is not clear which is meant: leave out --text, or take the column out of the file",
    ))
}

fn brings_texts(beginning: &[u8], delimiter: Option<char>) -> bool {
    let text = String::from_utf8_lossy(beginning);
    let first = text.trim_start_matches('\u{feff}').lines().find(|line| !line.trim().is_empty() && !line.starts_with("sep=")).unwrap_or_default();
    let stands_between = |character: char| delimiter.map_or(matches!(character, ',' | ';' | '\t'), |delimiter| character == delimiter);
    first.split(stands_between).any(|name| TEXTS.contains(&name.trim().trim_matches('"').trim().to_lowercase().as_str()))
}

async fn check_and_send(client: &mut Client, settings: &Settings, args: &SendArgs, source: &Source) -> Outcome {
    let progress = Progress::new(args.json.json);
    let checked = check::run(client, settings, args, source, &progress).await;
    progress.end();
    let checked = checked?;
    if args.dry_run && args.json.json {
        quote::file_json(client, &checked).await?;
    }
    judge(args, &checked)?;
    if args.dry_run {
        return if args.json.json { Ok(()) } else { quote::file(client, &checked).await };
    }
    send(client, args, source, &checked, &progress).await
}

/// Refuses a file for its bad lines, unless they are to be skipped.
fn judge(args: &SendArgs, checked: &Checked) -> Outcome {
    tell_lines(&checked.first_bad, checked.bad, if args.json.json { "" } else { "; --dry-run --json tells the first 1,000" });
    if checked.messages == 0 {
        return Err(Failure::failed("nothing to send: no line of the file can be used"));
    }
    if checked.bad > 0 && !args.skip_bad_lines {
        return Err(Failure::failed("nothing was sent: mend these lines, or send the others alone with --skip-bad-lines"));
    }
    Ok(())
}

async fn send(client: &mut Client, args: &SendArgs, source: &Source, checked: &Checked, progress: &Progress) -> Outcome {
    let key = args.key.clone().unwrap_or_else(|| options::key(args, &checked.digest));
    let mut signals = Signals::listen()?;
    client.set_sending(true).await?;
    let uploaded = tokio::select! {
        uploaded = upload::run(client, args, source, &key, progress) => uploaded,
        () = signals.next() => Err(Failure::failed("stopped while the file was handed over")),
    };
    progress.end();
    let reply = match uploaded {
        Ok(reply) if reply.is_problem() => return Err(refused(args, &reply)),
        Ok(reply) => reply,
        Err(failure) => {
            out::error(&failure.to_string());
            upload::tell_broken(&key);
            return Err(Failure::Told);
        }
    };
    let replayed = reply.replayed;
    let accepted: BulkAccepted = parsed(reply.body)?;
    if replayed {
        out::note(&format!(
            "this file was handed over before with the same options, as {}: nothing is sent again. To send it again on purpose, give it a --key of its own",
            accepted.batch_id
        ));
    }
    if accepted.rejected > checked.bad {
        tell_lines(&accepted.errors, accepted.rejected, &format!("; `salio batch errors {}` names them all", accepted.batch_id));
    }
    let sent = Sent::file(accepted.batch_id, accepted.errors, replayed);
    see_through(client, args, sent, progress, &mut signals).await
}

/// Why the stream was not taken, and what helps.
fn refused(args: &SendArgs, reply: &Reply) -> Failure {
    let errors: Vec<LineError> = reply.body.get("errors").cloned().and_then(|errors| serde_json::from_value(errors).ok()).unwrap_or_default();
    tell_lines(&errors, u64::try_from(errors.len()).unwrap_or(0), "");
    let problem = reply.problem();
    let fix = match problem.code.as_str() {
        "insufficient_balance" if args.on_short.is_none() || args.on_short.as_deref() == Some("refuse") => {
            " Top up; or let it wait with --on-short hold; or send the part that is covered with --on-short partial."
        }
        "idempotency_key_reused" => " Choose another --key.",
        _ => "",
    };
    match problem.failure(reply.retry_after_s) {
        Failure::Failed(text) => Failure::Failed(format!("{text}{fix}")),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_texts_is_seen_however_it_is_written() {
        for header in ["to,text\n1,a", "\u{feff}\"Text \";to\n", "sep=;\nto;Message\n", "\n\nto\ttext"] {
            assert!(brings_texts(header.as_bytes(), None), "{header}");
        }
        assert!(brings_texts(b"to|text", Some('|')) && !brings_texts(b"to|text", None));
        assert!(!brings_texts(b"to,name\ntext,text", None) && !brings_texts(b"", None));
    }
}
