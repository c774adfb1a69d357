//! The other side's own words, for people, as far as they can only be plain words. What might be a token, an address or an encoded secret is left out: kept is what is known
//! to be harmless, so that no encoding has to be thought of.
//!
//! Knows nothing of: channels, what the words mean.

/// So many words are enough to see what is wrong.
const MAX_WORDS: usize = 24;
/// Longer than the longest word that explains a refusal (`authentication`), shorter than any generated token.
const MAX_PART: usize = 15;
/// Words joined by `_`, `-`, `/` or `'` (`channel_is_archived`).
const MAX_JOINED: usize = 40;
/// `550`, `5.7.26`.
const MAX_NUMBER: usize = 6;
/// A shorter piece of a secret gives nothing away, and would hide ordinary words.
const MIN_PIECE: usize = 3;
/// Stands for one or several words that were left out.
const LEFT_OUT: &str = "…";

/// The plain words of a text; nothing when there are none. `secrets` are left out even where they are plain words.
pub(crate) fn words(text: &str, secrets: &[&str]) -> Option<String> {
    let secrets: Vec<String> = secrets.iter().map(|secret| secret.to_lowercase()).collect();
    let mut kept: Vec<&str> = Vec::new();
    let mut any = false;
    for word in text.split_whitespace().take(MAX_WORDS) {
        if is_plain(word) && !is_piece(word, &secrets) {
            kept.push(word);
            any = true;
        } else if kept.last() != Some(&LEFT_OUT) {
            kept.push(LEFT_OUT);
        }
    }
    any.then(|| kept.join(" "))
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| ".,:;!?\"'()<>[]".contains(c))
}

fn is_plain(word: &str) -> bool {
    // Much punctuation is no sentence.
    let core = bare(word);
    if core.is_empty() || word.len() > core.len() + 4 || core.len() > MAX_JOINED {
        return false;
    }
    is_number(core) || core.split(['_', '-', '/', '\'']).all(is_word)
}

fn is_number(text: &str) -> bool {
    text.len() <= MAX_NUMBER && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// `refused`, `Refused`, `SMTP`; letters of mixed case are what base64 looks like.
fn is_word(text: &str) -> bool {
    let rest = text.get(1..).unwrap_or_default();
    let one_case = rest.bytes().all(|b| b.is_ascii_lowercase()) || text.bytes().all(|b| b.is_ascii_uppercase());
    text.len() <= MAX_PART && text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic()) && one_case
}

fn is_piece(word: &str, secrets: &[String]) -> bool {
    let word = bare(word).to_lowercase();
    secrets.iter().any(|secret| !secret.is_empty() && (word.contains(secret.as_str()) || word.len() >= MIN_PIECE && secret.contains(&word)))
}

#[cfg(test)]
#[path = "plain_tests.rs"]
mod tests;
