//! What an answer to `SendBulkSMS` says about each recipient. Pure: bytes in, one outcome for each recipient out, in the order of the request.
//!
//! Knows nothing of: connections, whether to try again. Where the answer leaves any doubt it says so; it never makes an acceptance up.

use std::collections::HashMap;

use salio_domain::outbox::{RecipientOutcome, Refusal, RefusalClass};

use super::codes::{Level, is_about_one, verdict};
use super::envelope::{CodeKind, Envelope, text_of};
use super::rows::{ROW_MARKS, Row, in_doubt, in_doubt_as, rejected};
use crate::Recipient;

/// Digits of a Kenyan number without country code and leading zero; what two spellings of one number share.
const LOCAL_DIGITS: usize = 9;
/// The doubled country code that has been seen in the wild: `254254712345678`.
const DOUBLED: &str = "254254";

/// Reads an answer of any status.
pub(super) fn read(status: u16, body: &[u8], recipients: &[Recipient]) -> Vec<RecipientOutcome> {
    let text = text_of(body);
    let envelope = Envelope::read(&text);
    let rows: Vec<Row> = envelope.as_ref().map(|envelope| envelope.rows(&ROW_MARKS)).unwrap_or_default().into_iter().map(Row::read).collect();
    let by_recipient = assign(&rows, recipients);
    let refused_by_http = matches!(status, 400..=499) && status != 429;
    // A busy or broken server may have queued the messages; a redirect says nothing. What is inside does not change that, but a name in it is a name.
    let Some(envelope) = envelope.filter(|_| refused_by_http || matches!(status, 200..=299)) else {
        return all_in_doubt(if matches!(status, 200..=299) { "unreadable_answer" } else { "http_status" }, by_recipient);
    };
    if envelope.code.is_ok() && refused_by_http {
        // Status and body contradict each other: neither is believed.
        return all_in_doubt("http_status", by_recipient);
    }
    if envelope.code.is_ok() {
        return by_recipient.into_iter().map(|found| found.map_or_else(|| in_doubt("missing_row"), |row| row.outcome)).collect();
    }
    under_refusal(&envelope, &rows, by_recipient)
}

/// Nothing is believed but names.
fn all_in_doubt(reason: &str, by_recipient: Vec<Option<Row>>) -> Vec<RecipientOutcome> {
    by_recipient.into_iter().map(|row| in_doubt_as(reason, name_of(row))).collect()
}

fn name_of(row: Option<Row>) -> Option<String> {
    row.and_then(|row| row.name)
}

/// The envelope refuses (or is ambiguous), and rows may say otherwise: a row that shows acceptance wins, and then nobody else is certainly refused.
fn under_refusal(envelope: &Envelope<'_>, rows: &[Row], by_recipient: Vec<Option<Row>>) -> Vec<RecipientOutcome> {
    let refusal = match envelope.code.kind {
        CodeKind::Number(number) => {
            let refusal = rejected(verdict(Level::Envelope, number, envelope.text.as_deref()), &envelope.code, envelope.text.clone());
            if by_recipient.len() > 1 && is_about_one(number) { refusal.map(alone) } else { refusal }
        }
        CodeKind::Silent | CodeKind::Ok | CodeKind::Strange => None,
    };
    let something_accepted = rows.iter().any(|row| row.has_id);
    let one = |row: Option<Row>| {
        match row {
            Some(Row { outcome: accepted @ RecipientOutcome::Submitted { .. }, .. }) => return accepted,
            _ if refusal.is_none() => return in_doubt_as("ambiguous_code", name_of(row)),
            _ if something_accepted => return in_doubt_as("contradictory_answer", name_of(row)),
            Some(row) if !row.is_silent => return row.outcome,
            Some(_) | None => {}
        }
        refusal.clone().unwrap_or_else(|| in_doubt("ambiguous_code"))
    };
    by_recipient.into_iter().map(one).collect()
}

/// One of several is refused for good, and nobody said which: the others must not fall with it.
fn alone(outcome: RecipientOutcome) -> RecipientOutcome {
    match outcome {
        RecipientOutcome::Rejected(refusal) if refusal.class == RefusalClass::Permanent => RecipientOutcome::Rejected(Refusal { class: RefusalClass::Alone, ..refusal }),
        other => other,
    }
}

/// For each recipient the row that is about it: by number, or by position where rows name no number and are as many as the recipients.
fn assign(rows: &[Row], recipients: &[Recipient]) -> Vec<Option<Row>> {
    let index = Index::new(recipients);
    let positions_hold = rows.len() == recipients.len();
    let mut found: Vec<Option<Row>> = vec![None; recipients.len()];
    let numbered = rows.iter().filter_map(|row| Some((index.find(row.number.as_deref()?)?, row)));
    for (at, row) in numbered {
        put(&mut found, at, row);
    }
    // By position only afterwards, and only where no row named the number.
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| positions_hold && row.number.is_none()) {
        if found.get(at).is_some_and(Option::is_none) {
            put(&mut found, at, row);
        }
    }
    for at in &index.repeated {
        // One number twice in a request is against the contract; which row is whose cannot be known.
        put_doubt(&mut found, *at, "duplicate_number", None);
    }
    found
}

fn put(found: &mut [Option<Row>], at: usize, row: &Row) {
    let contradicted = found.get(at).and_then(Option::as_ref).filter(|earlier| !earlier.agrees_with(row));
    if let Some(earlier) = contradicted {
        // Two names are none.
        let name = [&earlier.name, &row.name].into_iter().flatten().try_fold(None, |name, next| (name.is_none_or(|name| name == next)).then_some(Some(next)));
        let name = name.flatten().cloned();
        put_doubt(found, at, "contradictory_row", name);
    } else if let Some(place) = found.get_mut(at)
        && place.is_none()
    {
        *place = Some(row.clone());
    }
}

fn put_doubt(found: &mut [Option<Row>], at: usize, reason: &str, name: Option<String>) {
    if let Some(place) = found.get_mut(at) {
        *place = Some(Row::doubtful(reason, name));
    }
}

/// Where in the request a number stands.
struct Index<'a> {
    whole: HashMap<&'a str, usize>,
    /// By the last nine digits; `None` where several recipients share them.
    local: HashMap<&'a str, Option<usize>>,
    repeated: Vec<usize>,
}

impl<'a> Index<'a> {
    fn new(recipients: &'a [Recipient]) -> Self {
        let mut index = Self { whole: HashMap::new(), local: HashMap::new(), repeated: Vec::new() };
        for (at, recipient) in recipients.iter().enumerate() {
            if let Some(earlier) = index.whole.insert(&recipient.to, at) {
                index.repeated.extend([earlier, at]);
            }
            if let Some(tail) = local(&recipient.to) {
                index.local.entry(tail).and_modify(|place| *place = None).or_insert(Some(at));
            }
        }
        index
    }

    /// By all digits; else, for a spelling without its country code or with a doubled one, by the last nine if they are one recipient's alone.
    fn find(&self, digits: &str) -> Option<usize> {
        if let Some(at) = self.whole.get(digits) {
            return Some(*at);
        }
        let is_local = digits.len() == LOCAL_DIGITS || digits.starts_with('0') || digits.starts_with(DOUBLED);
        if !is_local {
            return None;
        }
        *self.local.get(local(digits)?)?
    }
}

fn local(digits: &str) -> Option<&str> {
    digits.len().checked_sub(LOCAL_DIGITS).and_then(|start| digits.get(start..))
}
