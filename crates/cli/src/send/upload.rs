//! Hands a file over as one stream, again and again under the same key until it is through.
//!
//! Knows nothing of: transports, what becomes of messages.

use std::time::Duration;

use super::options;
use super::progress::Progress;
use super::source::Source;
use crate::args::SendArgs;
use crate::client::{Client, Reply};
use crate::failure::{Failure, Outcome};
use crate::out;

/// Tries of the stream; each goes on where the one before broke.
const TRIES: u32 = 5;
/// Between them: a server that is restarted is back within a few.
const AGAIN: Duration = Duration::from_secs(2);
/// A stream that broke on its way, in the server's words.
const BROKEN: [&str; 4] = ["body_unreadable", "not_ready", "stopping", "storage_failed"];

/// The answer to the whole stream; a failure when it broke each time.
pub async fn run(client: &Client, args: &SendArgs, source: &Source, key: &str, progress: &Progress) -> Outcome<Reply> {
    let mut last = Failure::Told;
    for attempt in 0..TRIES {
        if attempt > 0 {
            tokio::time::sleep(AGAIN).await;
        }
        progress.bytes("uploading", source.bytes());
        match client.upload(&options::bulk_path(args), options::content_type(args), key, source.stream(progress)).await {
            Ok(reply) if reply.is_problem() && BROKEN.contains(&reply.problem().code.as_str()) => last = reply.problem().failure(reply.retry_after_s),
            Ok(reply) => return Ok(reply),
            Err(failure) => last = failure,
        }
    }
    Err(last)
}

/// What to do about a stream that did not come through.
pub fn tell_broken(key: &str) {
    out::note(&format!(
        "nothing of it is sent: its batch waits as `receiving` for the rest, for a day. The same command again goes on where it broke:\n  {}\n`salio batch list --state receiving` shows it, `salio batch cancel ID` drops it",
        command_again(key)
    ));
}

/// The command of this process with its key.
fn command_again(key: &str) -> String {
    let mut words: Vec<String> = std::env::args_os().skip(1).map(|word| quoted(&word.to_string_lossy())).collect();
    if !words.iter().any(|word| word == "--key" || word.starts_with("--key=")) {
        words.extend(["--key".to_owned(), quoted(key)]);
    }
    format!("salio {}", words.join(" "))
}

/// A word for a shell.
fn quoted(word: &str) -> String {
    let plain = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./:=,+@%".contains(&byte));
    if plain { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_can_be_pasted_again() {
        assert_eq!(["send", "a b", "it's", "", "{x}"].map(quoted), ["send", "'a b'", "'it'\\''s'", "''", "'{x}'"]);
        assert!(command_again("file-1").starts_with("salio ") && command_again("file-1").ends_with("--key file-1"));
    }
}
