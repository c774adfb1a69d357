//! A letter as bytes: headers and text, in ASCII on the wire.
//!
//! Knows nothing of: servers, connections.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use salio_domain::Timestamp;

use super::{Letter, Mail};

/// A longer subject is cut by whoever shows it.
const MAX_SUBJECT: usize = 200;
/// The longest part of a letter's id that is ours, in bytes.
const MAX_ID: usize = 100;

/// The bytes of the letter; nothing when the mail library will not have it.
pub(super) fn compose(mail: &Mail, letter: &Letter) -> Option<Vec<u8>> {
    let mut message = Message::builder()
        .from(mail.from.clone())
        .subject(one_line(&letter.subject))
        .date(instant(letter.at))
        .message_id(Some(message_id(mail, &letter.id)))
        // Says that no person wrote it, so that no machine answers (RFC 3834).
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
        .header(ContentType::TEXT_PLAIN);
    for to in &mail.to {
        message = message.to(to.clone());
    }
    message.body(letter.body.clone()).ok().map(|message| message.formatted())
}

fn one_line(subject: &str) -> String {
    subject.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_SUBJECT).collect()
}

/// In the domain of the sender, as RFC 5322 would have it.
fn message_id(mail: &Mail, id: &str) -> String {
    let local: String = id.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).take(MAX_ID).collect();
    format!("<{local}.salio@{}>", mail.from.email.domain())
}

fn instant(at: Timestamp) -> SystemTime {
    UNIX_EPOCH + Duration::from_micros(u64::try_from(at.micros()).unwrap_or(0))
}
