//! Takes the account's secrets out of every text of the provider before it leaves the driver, in whatever encoding they came back.
//!
//! Knows nothing of: what the texts mean.

use std::fmt;

use super::text::cut;
use crate::Secret;

mod base64;
mod forms;

/// What stands where a secret stood.
const HIDDEN: &str = "[hidden]";
/// How much of a raw answer is kept, in bytes.
pub(super) const RAW_BYTES: usize = 2048;
/// Base64 of less than this would hide ordinary words.
const BASE64_MIN_BYTES: usize = 6;
/// A text cut off inside a secret: this much of a secret at its end counts as the secret.
const PARTIAL_CHARS: usize = 4;

/// Knows the secrets of one account and takes them out of texts.
#[derive(Clone)]
pub(super) struct Redactor {
    needles: Vec<Needle>,
}

#[derive(Clone)]
struct Needle {
    chars: Vec<char>,
    /// Base64 has a case; a GUID comes back in either.
    any_case: bool,
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor")
    }
}

impl Redactor {
    pub(super) fn new<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let mut needles: Vec<Needle> = Vec::new();
        for secret in secrets.into_iter().map(Secret::expose).filter(|secret| !secret.is_empty()) {
            needles.push(Needle { chars: secret.chars().collect(), any_case: true });
            if secret.len() >= BASE64_MIN_BYTES {
                let encoded = base64::forms(secret.as_bytes());
                needles.extend(encoded.iter().map(|form| Needle { chars: form.chars().collect(), any_case: false }));
            }
        }
        Self { needles }
    }

    /// The text without secrets.
    pub(super) fn clean(&self, text: &str) -> String {
        self.clean_up_to(text, usize::MAX)
    }

    /// A raw answer without secrets, shortened, for the operator. Cleaned before it is cut: half a secret would not be found.
    pub(super) fn raw(&self, text: &str) -> String {
        let mut out = self.clean_up_to(text, RAW_BYTES);
        cut(&mut out, RAW_BYTES);
        out
    }

    /// Stops once a little more than `enough` bytes are clean, so that a large answer costs no more than a small one.
    fn clean_up_to(&self, text: &str, enough: usize) -> String {
        let mut out = String::new();
        let mut shown_to = 0;
        // Matches may overlap (a key that ends as the client id begins): each extends what is hidden, none is looked for in what was replaced.
        let mut hidden_to = 0;
        for (at, _) in text.char_indices() {
            if out.len().saturating_add(at.saturating_sub(shown_to)) > enough {
                out.push_str(text.get(shown_to..at).unwrap_or_default());
                return out;
            }
            let Some(end) = self.longest_match(text, at) else { continue };
            if at >= hidden_to {
                out.push_str(text.get(shown_to..at).unwrap_or_default());
                out.push_str(HIDDEN);
            }
            hidden_to = hidden_to.max(end);
            shown_to = hidden_to;
        }
        out.push_str(text.get(shown_to..).unwrap_or_default());
        out
    }

    fn longest_match(&self, text: &str, at: usize) -> Option<usize> {
        let rest = text.get(at..)?;
        self.needles.iter().filter_map(|needle| needle.match_len(rest)).max().map(|len| at + len)
    }
}

impl Needle {
    /// How many bytes at the start of `text` are this secret in some encoding, each character in its own.
    fn match_len(&self, text: &str) -> Option<usize> {
        let first = *self.chars.first()?;
        if !forms::may_begin(text, first, self.any_case) {
            return None;
        }
        let mut ends = vec![0];
        for (matched, wanted) in self.chars.iter().enumerate() {
            let mut next = Vec::new();
            for end in ends {
                let rest = text.get(end..).unwrap_or_default();
                if matched >= PARTIAL_CHARS && forms::is_cut_off(rest) {
                    return Some(text.len());
                }
                forms::ends_of(rest, *wanted, self.any_case, |len| next.push(end + len));
            }
            next.sort_unstable();
            next.dedup();
            if next.is_empty() {
                return None;
            }
            ends = next;
        }
        ends.last().copied()
    }
}

#[cfg(test)]
#[path = "redact_tests.rs"]
mod tests;
