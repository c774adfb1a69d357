//! Which row of the provider's list is a message in doubt. Pure: no row is no evidence, and a row that may be another message's is none either.

use std::collections::BTreeSet;
use std::time::Duration;

use salio_domain::message::MessageState;
use salio_domain::report::ReportOutcome;
use salio_provider::Found;
use salio_store::{DoubtRow, Settlement};

/// The provider's clock may be behind ours by this much.
const CLOCKS_APART: Duration = Duration::from_mins(10);
/// Messages in doubt have been seen to be taken an hour later; after this long a row is another message's.
const TAKEN_WITHIN: Duration = Duration::from_hours(24);
/// Digits of a number without country code and leading zero, at least.
const LOCAL_DIGITS: usize = 8;

/// What the provider's list shows of a message.
#[derive(Debug)]
pub(super) enum Shown {
    /// No row that could be it.
    Nothing,
    /// Rows that could be it or others.
    Several,
    /// It.
    This(Settlement),
}

/// What the rows say of the message.
pub(super) fn shown(doubt: &DoubtRow, rows: &[Found]) -> Shown {
    let fitting: Vec<&Found> = rows.iter().filter(|row| fits(doubt, row)).collect();
    let names: BTreeSet<&str> = fitting.iter().map(|row| row.provider_message_id.as_str()).collect();
    let best = fitting.iter().map(|row| state(row.outcome)).max_by_key(|state| state.is_final());
    match (fitting.first(), best) {
        // Several rows of the same text to the same number: which of them it is cannot be told, and other programs may share the account.
        (Some(row), Some(state)) if names.len() == 1 => Shown::This(Settlement::Found { provider_message_id: row.provider_message_id.clone(), state }),
        (Some(_), _) => Shown::Several,
        (None, _) => Shown::Nothing,
    }
}

const fn state(outcome: ReportOutcome) -> MessageState {
    match outcome {
        ReportOutcome::Delivered => MessageState::Delivered,
        ReportOutcome::Failed => MessageState::Undelivered,
        ReportOutcome::Pending | ReportOutcome::Unmapped => MessageState::Sent,
    }
}

fn fits(doubt: &DoubtRow, row: &Found) -> bool {
    let name = &row.provider_message_id;
    if name.is_empty() || doubt.others.contains(name) {
        return false;
    }
    if doubt.provider_message_ids.contains(name) {
        return true;
    }
    let message = &doubt.message;
    let in_time = row.submitted_at.is_none_or(|at| at.after(CLOCKS_APART) >= doubt.begun_at && at <= doubt.begun_at.after(TAKEN_WITHIN));
    same_number(message.to.as_str(), &row.number) && lines(&row.text) == lines(&message.text) && (row.sender.is_empty() || row.sender == message.sender) && in_time
}

/// The row may write the number as people do at home: with a zero in the place of the country code.
fn same_number(to: &str, row: &str) -> bool {
    to == row || row.strip_prefix('0').is_some_and(|rest| rest.len() >= LOCAL_DIGITS && to.ends_with(rest))
}

/// Line breaks travel in several spellings.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use salio_domain::message::Priority;
    use salio_domain::segments::Encoding;
    use salio_domain::{AccountId, MessageId, Msisdn, Timestamp, Units};
    use salio_store::MessageRow;

    use super::*;

    const BEGUN: Timestamp = Timestamp::from_micros(1_795_000_000_000_000);

    fn doubt() -> DoubtRow {
        let message = MessageRow {
            id: MessageId::from_raw(1),
            account: AccountId::from_raw(1),
            batch: None,
            to: Msisdn::from_stored("254712345678".to_owned()),
            sender: "SALIO".to_owned(),
            text: "two\nlines".to_owned(),
            reference: None,
            state: MessageState::Unknown,
            cause: None,
            encoding: Encoding::Gsm7,
            segments: 1,
            charge: Units::whole(1),
            priority: Priority::Normal,
            attempts: 1,
            created_at: BEGUN,
            updated_at: BEGUN,
            send_at: None,
            valid_until: None,
            next_try_at: None,
            token: None,
            line: None,
            resends: 0,
            report: None,
        };
        DoubtRow { message, since: BEGUN, begun_at: BEGUN, looked_up: 0, provider_message_ids: Vec::new(), others: vec!["made-up-other".to_owned()] }
    }

    fn row(name: &str, outcome: ReportOutcome) -> Found {
        let (number, text, sender) = ("254712345678".to_owned(), "two\r\nlines".to_owned(), "SALIO".to_owned());
        Found { provider_message_id: name.to_owned(), number, text, sender, submitted_at: Some(BEGUN.after(Duration::from_mins(50))), outcome, word: None }
    }

    fn found(rows: &[Found]) -> Option<(String, MessageState)> {
        match shown(&doubt(), rows) {
            Shown::This(Settlement::Found { provider_message_id, state }) => Some((provider_message_id, state)),
            _ => None,
        }
    }

    #[test]
    fn one_row_of_the_same_text_and_number_is_the_message() {
        assert_eq!(found(&[row("made-up-1", ReportOutcome::Pending)]), Some(("made-up-1".to_owned(), MessageState::Sent)));
        assert_eq!(found(&[row("made-up-1", ReportOutcome::Pending), row("made-up-1", ReportOutcome::Delivered)]), Some(("made-up-1".to_owned(), MessageState::Delivered)));
        assert_eq!(found(&[row("made-up-other", ReportOutcome::Delivered), row("made-up-1", ReportOutcome::Failed)]), Some(("made-up-1".to_owned(), MessageState::Undelivered)));
    }

    #[test]
    fn a_number_as_written_at_home_is_the_same() {
        let mut local = row("made-up-1", ReportOutcome::Delivered);
        local.number = "0712345678".to_owned();
        assert_eq!(found(&[local]), Some(("made-up-1".to_owned(), MessageState::Delivered)));
    }

    #[test]
    fn what_may_be_another_message_proves_nothing() {
        let pending = |name| row(name, ReportOutcome::Pending);
        assert_eq!(found(&[]), None);
        assert_eq!(found(&[pending("made-up-1"), pending("made-up-2")]), None);
        assert_eq!(found(&[pending("made-up-other")]), None);
        assert_eq!(found(&[pending("")]), None);
        for change in [
            |row: &mut Found| row.number = "254700000000".to_owned(),
            |row: &mut Found| row.number = "0712345679".to_owned(),
            |row: &mut Found| row.number = "045678".to_owned(),
            |row: &mut Found| row.number = String::new(),
            |row: &mut Found| row.text = "two lines".to_owned(),
            |row: &mut Found| row.sender = "OTHER".to_owned(),
            |row: &mut Found| row.submitted_at = Some(BEGUN.before(Duration::from_mins(11))),
            |row: &mut Found| row.submitted_at = Some(BEGUN.after(Duration::from_hours(25))),
        ] {
            let mut other = pending("made-up-1");
            change(&mut other);
            assert_eq!(found(&[other]), None);
        }
    }
}
