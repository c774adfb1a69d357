//! What a mail server's refusals and silences come to, by how far the conversation had come.
//!
//! Knows nothing of: connections.

use std::error::Error as _;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::response::Code;

use super::Mail;
use crate::{Attempt, Outcome, plain};

/// The server said no, or nothing that could be understood, before the letter was handed over.
pub(super) fn before(mail: &Mail, step: &str, error: &Error) -> Attempt {
    match error.status() {
        Some(code) => refused(code, format!("{step} was refused{}", said(mail, code, error))),
        None => Attempt::not_sent(format!("{step}: {}", broken(error))),
    }
}

/// The server was given the letter.
pub(super) fn after(mail: &Mail, error: &Error) -> Attempt {
    match error.status() {
        Some(code) => refused(code, format!("the letter was refused{}", said(mail, code, error))),
        None => Attempt::in_doubt("the connection broke before the server said whether it took the letter"),
    }
}

/// 5yz is for good, 4yz for now.
pub(super) fn refused(code: Code, detail: String) -> Attempt {
    let code = u16::from(code);
    Attempt::answered(Outcome::Refused { permanent: code >= 500, detail }, code)
}

/// ` (550: User unknown)`
pub(super) fn said(mail: &Mail, code: Code, error: &Error) -> String {
    let words = error.source().and_then(|source| plain::words(&source.to_string(), &[mail.secret()]));
    words.map_or_else(|| format!(" ({code})"), |words| format!(" ({code}: {words})"))
}

/// Without the library's words, which may quote the server.
fn broken(error: &Error) -> &'static str {
    if error.is_client() { "the server does not offer a way that both know" } else { "the connection broke, or the server said something that is no reply" }
}
