//! Why the API refused something, and what failure of a command that is.
//!
//! Knows nothing of: transports, how it is shown.

use serde::Deserialize;

use super::wire::{Balance, Rejected};
use crate::failure::Failure;

/// Problems with what stands on the command line or is missing from it.
const AS_TYPED: [&str; 22] = [
    "account_needed",
    "duplicate_column",
    "header_invalid",
    "invalid_field",
    "invalid_idempotency_key",
    "invalid_message",
    "invalid_number",
    "invalid_parameter",
    "missing_column",
    "no_account",
    "no_valid_recipient",
    "reference_too_long",
    "sender_invalid",
    "sender_missing",
    "stopped",
    "text_invalid",
    "text_missing",
    "text_too_long",
    "too_many_recipients",
    "unknown_account",
    "unknown_placeholder",
    "valid_until_passed",
];
/// Fields of the API that are flags here.
const FLAGS: [(&str, &str); 13] = [
    ("account", "account"),
    ("batch", "batch"),
    ("cursor", "cursor"),
    ("dlr_url", "dlr-url"),
    ("from", "from"),
    ("name", "name"),
    ("on_short", "on-short"),
    ("reference", "reference"),
    ("send_at", "send-at"),
    ("state", "state"),
    ("text", "text"),
    ("to", "to"),
    ("valid_until", "valid-until"),
];

/// RFC 9457.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// What kind.
    pub title: String,
    /// What exactly.
    pub detail: String,
    /// Stable.
    pub code: String,
    /// The last known balance, where the problem is about one.
    pub last: Option<Balance>,
    /// Which part of the body.
    pub field: Option<String>,
    /// Which part of the address.
    pub parameter: Option<String>,
    /// Recipients that cannot be sent to, where the problem is about them.
    pub rejected: Vec<Rejected>,
}

impl Problem {
    /// For people.
    pub fn text(&self, retry_after_s: Option<u64>) -> String {
        let text = if self.detail.is_empty() { &self.title } else { &self.detail };
        let Some(seconds) = retry_after_s else { return text.clone() };
        // Some details say it too, in bare seconds; once is enough.
        let reason = text.split_once(" Ask again in ").map_or(text.as_str(), |(reason, _)| reason);
        format!("{reason} Try again in {}.", crate::say::seconds(seconds))
    }

    /// The failure of a command. What was wrong as it was typed is wrong usage, in the words of the command line.
    pub fn failure(&self, retry_after_s: Option<u64>) -> Failure {
        let text = self.text(retry_after_s);
        if !AS_TYPED.contains(&self.code.as_str()) {
            return Failure::failed(text);
        }
        Failure::usage(FLAGS.iter().filter(|(name, _)| self.names(name)).fold(text, |text, (name, flag)| text.replace(&format!("\"{name}\""), &format!("--{flag}"))))
    }

    /// Whether it is about that part, so that a quoted name of it is the API's and no word of the user's own. A text about columns repeats their names.
    fn names(&self, name: &str) -> bool {
        let part = self.field.as_deref().or(self.parameter.as_deref());
        let together = part == Some("valid_until") && name == "send_at";
        (part == Some(name) || together) && !self.detail.contains("column")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(code: &str, detail: &str) -> Problem {
        Problem { code: code.to_owned(), detail: detail.to_owned(), ..Problem::default() }
    }

    #[test]
    fn when_to_try_again_is_said_once() {
        let text = problem("out_of_calls", "It was asked often enough. Ask again in 3592 s.").text(Some(3_592));
        assert_eq!(text, "It was asked often enough. Try again in 60 min.");
        assert_eq!(problem("timeout", "No answer.").text(Some(5)), "No answer. Try again in 5 s.");
        assert_eq!(problem("stopping", "Ask again in a moment.").text(None), "Ask again in a moment.");
    }

    #[test]
    fn what_was_typed_wrong_is_wrong_usage() {
        let of = |code: &str, field: &str, detail: &str| Problem { field: Some(field.to_owned()), ..problem(code, detail) }.failure(None);
        assert_eq!(of("text_missing", "text", "\"text\" is empty."), Failure::usage("--text is empty."));
        assert_eq!(of("valid_until_passed", "valid_until", "\"valid_until\" lies before \"send_at\"."), Failure::usage("--valid-until lies before --send-at."));
        let parameter = Problem { parameter: Some("state".to_owned()), ..problem("invalid_parameter", "\"state\" is none.") };
        assert_eq!(parameter.failure(None), Failure::usage("--state is none."));
        // Words of the user's own.
        assert_eq!(of("sender_invalid", "from", "\"name\" cannot be a sender."), Failure::usage("\"name\" cannot be a sender."));
        let columns = "There is no text: give --text, or a column \"text\". The header's columns are: \"to\", \"name\".";
        assert_eq!(of("text_missing", "text", columns), Failure::usage(columns));
        assert_eq!(problem("provider_error", "It has a fault.").failure(None), Failure::failed("It has a fault."));
    }
}
