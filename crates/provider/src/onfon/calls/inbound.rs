//! What a call with messages from phones says, in the shapes that have been seen.
//!
//! Knows nothing of: what a text asks for (stop lists and answers are the engine's).

use super::names::{FROM, ID, INBOUND, MESSAGE, RECEIVED, TO};
use super::record::Record;
use super::reports::{MAX_ID, MAX_WORD};
use super::{ENGINE_ACKNOWLEDGEMENT, records};
use crate::onfon::text::clip;
use crate::{Inbound, MOST_IN_CALL, RawCall, ReportCall};

/// How much of a text is kept, in bytes: far more than a phone can send.
const MAX_TEXT: usize = 16 * 1024;
/// The engine's mark for texts in UTF-16.
const CODING_UTF16: &str = "8";

/// Reads any call; what holds no text is no message.
pub(in crate::onfon) fn read(call: &RawCall<'_>) -> Vec<Inbound> {
    // One more than are taken shows that there are more.
    records(call, &INBOUND).iter().filter_map(message).take(MOST_IN_CALL + 1).collect()
}

/// What to answer.
pub(in crate::onfon) fn acknowledgement(call: &RawCall<'_>) -> &'static str {
    if records(call, &INBOUND).iter().any(is_engine) { ENGINE_ACKNOWLEDGEMENT } else { ReportCall::OK }
}

fn is_engine(record: &Record) -> bool {
    record.has("originconnector") || record.has("content") && (record.has("coding") || record.has("binary"))
}

fn message(record: &Record) -> Option<Inbound> {
    let name = MESSAGE.iter().find(|name| !record.raw(name).is_empty())?;
    let written = record.raw(name).first()?;
    let text = engine_text(record).unwrap_or_else(|| written.clone());
    let first = |names: &[&str], most: usize| record.first(names).map(|value| clip(value.to_owned(), most));
    let from = first(FROM, MAX_WORD);
    Some(Inbound {
        from: from.unwrap_or_default(),
        to: first(TO, MAX_WORD),
        text: clip(text, MAX_TEXT),
        provider_message_id: first(ID, MAX_ID),
        received_at: first(RECEIVED, MAX_WORD),
    })
}

/// The engine's `content` of a text in UTF-16 is not dependable; its bytes in hexadecimal are.
fn engine_text(record: &Record) -> Option<String> {
    if !is_engine(record) || record.of("coding").first() != Some(&CODING_UTF16) {
        return None;
    }
    let binary = record.of("binary");
    let hex = binary.first().filter(|hex| hex.len().is_multiple_of(4) && hex.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let units: Option<Vec<u16>> = hex.as_bytes().chunks(4).map(|unit| u16::from_str_radix(std::str::from_utf8(unit).ok()?, 16).ok()).collect();
    Some(String::from_utf16_lossy(&units?))
}
