//! Which messages a delivery report may mean. Which of them it does mean is decided in the domain.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row};
use salio_domain::message::MessageState;
use salio_domain::report::{Candidate, DeliveryReport, by_name, by_number, other_spellings, written_digits};
use salio_domain::{AccountId, MessageId, Msisdn, Timestamp};

use super::fault::Outcome;
use super::words::{Sql, at, state};

/// A written number of more digits names its country: it is looked for as it stands, and only shorter ones among the endings of all.
const LOCAL_DIGITS: usize = 10;

/// The message that a report is of by the provider's name of it.
pub(super) fn by_its_name(connection: &Connection, account: AccountId, report: &DeliveryReport) -> Outcome<Option<MessageId>> {
    let Some(name) = &report.provider_message_id else { return Ok(None) };
    Ok(by_name(report, &named(connection, account, name)?))
}

/// The message that a report without a known name is of.
pub(super) fn by_its_number(connection: &Connection, account: AccountId, report: &DeliveryReport, now: Timestamp) -> Outcome<Option<MessageId>> {
    let Some(digits) = report.number.as_deref().and_then(written_digits) else { return Ok(None) };
    let mut candidates = rows(connection, if digits.len() > LOCAL_DIGITS { IN_DOUBT } else { ENDING_SO }, account, &digits)?;
    candidates.extend(rows(connection, SETTLED, account, &digits)?);
    if candidates.is_empty() {
        return Ok(None);
    }
    candidates.extend(others(connection, account, &candidates)?);
    let mut seen = BTreeSet::new();
    candidates.retain(|candidate| seen.insert(candidate.id));
    Ok(by_number(report, &candidates, now))
}

pub(super) const NAMED: &str = "SELECT DISTINCT message_id FROM provider_messages WHERE account_id = ?1 AND provider_message_id = ?2 ORDER BY message_id";

/// When the submission of a message began that left it in doubt, else its last one. A queued one is a candidate only while it waits to be sent again.
macro_rules! candidates {
    ($from:literal) => {
        concat!(
            "SELECT m.message_id, m.recipient, m.state, m.body,
               coalesce((SELECT s.begun_at FROM submission_messages c CROSS JOIN submissions s USING (submission_id) WHERE c.message_id = m.message_id AND c.state = 'unknown' ORDER BY c.submission_id DESC LIMIT 1),
               (SELECT s.begun_at FROM submission_messages c CROSS JOIN submissions s USING (submission_id) WHERE c.message_id = m.message_id ORDER BY c.submission_id DESC LIMIT 1), m.created_at),
               EXISTS (SELECT 1 FROM provider_messages p WHERE p.message_id = m.message_id) FROM ",
            $from
        )
    };
}

pub(super) const ONE: &str = candidates!(
    "messages m WHERE m.message_id = ?1 AND m.state <> 'scheduled' AND (m.state <> 'queued' OR EXISTS (SELECT 1 FROM doubts d WHERE d.message_id = m.message_id AND d.resending = 1))"
);
pub(super) const ALONE: &str = "SELECT m.message_id, m.recipient, m.state, '', m.created_at, TRUE FROM messages m
    WHERE m.message_id = ?1 AND m.state <> 'scheduled' AND (m.state <> 'queued' OR EXISTS (SELECT 1 FROM doubts d WHERE d.message_id = m.message_id AND d.resending = 1))";
pub(super) const IN_DOUBT: &str = candidates!("doubts d CROSS JOIN messages m USING (message_id) WHERE d.account_id = ?1 AND d.number = ?2");
pub(super) const ENDING_SO: &str = candidates!("doubts d CROSS JOIN messages m USING (message_id) WHERE d.account_id = ?1 AND d.number LIKE '%' || ?2");
pub(super) const RUNNING: &str = candidates!(
    "submissions r INDEXED BY submissions_running CROSS JOIN submission_messages x USING (submission_id) CROSS JOIN messages m ON m.message_id = x.message_id
     WHERE r.ended_seq IS NULL AND r.account_id = ?1 AND m.recipient = ?2"
);
/// Taken after a doubt, and never named.
pub(super) const SETTLED: &str = candidates!(
    "messages m INDEXED BY messages_settled WHERE m.waits = 0 AND m.state = 'sent' AND m.cause <> 'accepted' AND m.account_id = ?1
     AND substr(m.recipient, -7) = substr(?2, -7) AND m.recipient LIKE '%' || ?2 AND NOT EXISTS (SELECT 1 FROM provider_messages p WHERE p.message_id = m.message_id)"
);
pub(super) const UNNAMED: &str = candidates!(
    "messages m INDEXED BY messages_by_recipient WHERE m.waits = 0 AND m.recipient = ?2 AND m.account_id = ?1 AND m.state = 'sent'
     AND NOT EXISTS (SELECT 1 FROM provider_messages p WHERE p.message_id = m.message_id)"
);

fn candidate(row: &Row<'_>) -> Sql<Candidate> {
    Ok(Candidate {
        id: MessageId::from_raw(row.get(0)?),
        number: Msisdn::from_stored(row.get(1)?),
        state: state(row, 2)?,
        text: row.get(3)?,
        begun_at: at(row, 4)?,
        named: row.get(5)?,
    })
}

fn so_named(connection: &Connection, account: AccountId, name: &str) -> Outcome<Vec<i64>> {
    let mut statement = connection.prepare_cached(NAMED)?;
    let ids = statement.query_map((account.raw(), name), |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

fn named(connection: &Connection, account: AccountId, name: &str) -> Outcome<Vec<Candidate>> {
    let mut ids = so_named(connection, account, name)?;
    if ids.is_empty() {
        for other in other_spellings(name) {
            ids.extend(so_named(connection, account, &other)?);
        }
    }
    // Where there is no choice, nobody asks which was begun first.
    let mut one = connection.prepare_cached(if ids.len() == 1 { ALONE } else { ONE })?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(one.query_row([id], candidate).optional()?);
    }
    Ok(found)
}

/// Those to the same number that could be meant as well.
fn others(connection: &Connection, account: AccountId, found: &[Candidate]) -> Outcome<Vec<Candidate>> {
    let mut numbers: Vec<&str> = found.iter().filter(|found| found.state != MessageState::Submitting).map(|found| found.number.as_str()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let mut others = Vec::new();
    for number in numbers {
        others.extend(rows(connection, RUNNING, account, number)?);
        others.extend(rows(connection, UNNAMED, account, number)?);
    }
    Ok(others)
}

fn rows(connection: &Connection, sql: &str, account: AccountId, digits: &str) -> Outcome<Vec<Candidate>> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map((account.raw(), digits), candidate)?;
    Ok(rows.collect::<Result<_, _>>()?)
}
