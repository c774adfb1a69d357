//! The front of every answer to a question (`Balance`, `MessageStatus`, `SMS`): an envelope that says success, or why there is none to believe.
//!
//! Knows nothing of: what the answer is about, connections, secrets (its texts are cleaned by whoever calls it).

use super::codes::{Level, meaning, refuses_credentials};
use super::envelope::{CodeKind, Envelope};
use crate::http::{Ending, Reply};

/// Why nothing can be read: our code, our words, and whether credentials were refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub code: &'static str,
    pub detail: String,
    pub credentials: bool,
}

impl Trouble {
    pub(super) fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), credentials: false }
    }
}

/// Opens an answer of any status; `text` is its body. Neither the status nor the body is believed alone.
pub(super) fn open<'a>(reply: &Reply, text: &'a str) -> Result<Envelope<'a>, Trouble> {
    let status = reply.status;
    let http_status = || Trouble::new("http_status", format!("Onfon's server answered with HTTP status {status}"));
    let envelope = Envelope::read(text).filter(|_| reply.ending == Ending::Whole);
    let Some(envelope) = envelope.filter(|_| matches!(status, 200..=299 | 400..=599)) else {
        return Err(if matches!(status, 200..=299) { unreadable_answer(reply) } else { http_status() });
    };
    if status == 401 && envelope.has_code && envelope.code.kind != CodeKind::Strange {
        let detail = format!("Onfon refused the credentials (HTTP 401, code {})", shown(&envelope));
        return Err(Trouble { code: "credentials_refused", detail, credentials: true });
    }
    if !envelope.code.is_ok() {
        return Err(refusal(&envelope));
    }
    if matches!(status, 200..=299) { Ok(envelope) } else { Err(http_status()) }
}

fn unreadable_answer(reply: &Reply) -> Trouble {
    let detail = match reply.ending {
        Ending::CutShort => "Onfon's answer was cut short",
        Ending::TooLarge => "Onfon's answer was larger than 1 MiB",
        Ending::Whole if reply.body.iter().all(u8::is_ascii_whitespace) => "Onfon's answer was empty",
        Ending::Whole => "Onfon's answer was not in its own form (a page of a proxy, or a cut-off text)",
    };
    Trouble::new("unreadable_answer", detail)
}

fn shown<'a>(envelope: &'a Envelope<'_>) -> &'a str {
    if envelope.code.shown.is_empty() { "absent" } else { &envelope.code.shown }
}

fn refusal(envelope: &Envelope<'_>) -> Trouble {
    let CodeKind::Number(number) = envelope.code.kind else {
        return Trouble::new("refused", "Onfon refused to answer, with a code that is no number");
    };
    let detail = format!("Onfon refused with code {number:03}: {}", meaning(Level::Envelope, number));
    let credentials = refuses_credentials(number);
    Trouble { code: if credentials { "credentials_refused" } else { "refused" }, detail, credentials }
}
