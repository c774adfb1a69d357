//! Whose message a report means: by the provider's name of it, else by the number, and only where no other message could be meant.

use std::time::Duration;

use super::DeliveryReport;
use crate::ids::MessageId;
use crate::message::MessageState;
use crate::msisdn::Msisdn;
use crate::planted::{Mistake, planted};
use crate::time::Timestamp;

/// How long after its submission a message in doubt may be found by its number alone.
const BY_NUMBER_WITHIN: Duration = Duration::from_hours(24);
/// Fewer digits than this name no subscriber: they are compared with nothing.
const FEWEST_DIGITS: usize = 7;

/// A message that a report may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Which.
    pub id: MessageId,
    /// To whom.
    pub number: Msisdn,
    /// Where it is. A queued one is a candidate only while it is in doubt and waits to be sent again.
    pub state: MessageState,
    /// Its text.
    pub text: String,
    /// When its last submission began.
    pub begun_at: Timestamp,
    /// Whether the provider has named it.
    pub named: bool,
}

/// How else a provider may write a name of its own: installations differ in the casing of ids. To be tried where nothing has the name as it was written.
pub fn other_spellings(name: &str) -> impl Iterator<Item = String> + '_ {
    [name.to_ascii_lowercase(), name.to_ascii_uppercase()].into_iter().filter(move |other| other != name)
}

/// By the provider's name: `named` are the messages of that name. Names are not unique: a report whose number is another's does not fit; of several that fit,
/// the oldest not yet final, else the newest.
#[must_use]
pub fn by_name(report: &DeliveryReport, named: &[Candidate]) -> Option<MessageId> {
    let fitting = || named.iter().filter(|candidate| same_number(report, &candidate.number) != Some(false));
    let age = |candidate: &&Candidate| (candidate.begun_at, candidate.id);
    let oldest_open = fitting().filter(|candidate| !candidate.state.is_final()).min_by_key(age);
    oldest_open.or_else(|| fitting().max_by_key(age)).map(|candidate| candidate.id)
}

/// Without a known name: the one message in doubt to that number, or taken without a name, that was begun within 24 h and that the provider has not named. None where
/// another could be meant (two of these, or one being submitted), or when the report carries a text that is not the message's.
#[must_use]
pub fn by_number(report: &DeliveryReport, to_number: &[Candidate], now: Timestamp) -> Option<MessageId> {
    let mut possible = to_number.iter().filter(|candidate| same_number(report, &candidate.number) == Some(true) && could_be_meant(candidate, now));
    let candidate = possible.next()?;
    let has_left = candidate.state != MessageState::Submitting;
    let only = possible.next().is_none() || planted(Mistake::GuessByNumber);
    (only && has_left && text_fits(report, &candidate.text)).then_some(candidate.id)
}

fn could_be_meant(candidate: &Candidate, now: Timestamp) -> bool {
    match candidate.state {
        MessageState::Submitting => true,
        MessageState::Unknown | MessageState::Queued | MessageState::Sent => !candidate.named && candidate.begun_at <= now && now.since(candidate.begun_at) <= BY_NUMBER_WITHIN,
        _ => false,
    }
}

/// What a written number can be compared by, in whatever form it is written (`0712…`, `712…`, `+254 712…`, `00254-712…`): its digits without zeros in front. It is any
/// number that ends so. None: it names no number that could be compared.
#[must_use]
pub fn written_digits(written: &str) -> Option<String> {
    if written.chars().any(|c| c.is_alphabetic() || c == '*') {
        return None;
    }
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    (digits.len() >= FEWEST_DIGITS).then(|| digits.to_owned())
}

/// Whether the report's number is this one. None: it names no number that could be compared.
fn same_number(report: &DeliveryReport, number: &Msisdn) -> Option<bool> {
    written_digits(report.number.as_deref()?).map(|digits| number.as_str().ends_with(&digits))
}

/// Whether the echoed text can be this one's: a beginning of it is enough, and single quotes around it are not part of it.
fn text_fits(report: &DeliveryReport, text: &str) -> bool {
    let echoed = report.text.as_deref().unwrap_or_default().trim();
    let unquoted = echoed.strip_prefix('\'').map(|rest| rest.strip_suffix('\'').unwrap_or(rest));
    let begins = |part: &str| text.trim_start().starts_with(part.trim());
    begins(echoed) || unquoted.is_some_and(begins)
}

#[cfg(test)]
#[path = "find_tests.rs"]
mod tests;
