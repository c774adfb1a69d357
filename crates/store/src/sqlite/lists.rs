//! Messages as people look at them: pages, one with its life, what is due.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row};
use salio_domain::ids::{BatchId, TokenId};
use salio_domain::message::{MessageState, Priority};
use salio_domain::{AccountId, MessageId, Msisdn, SubmissionId, Timestamp};

use super::fault::{Fault, Outcome};
use super::journal::limited;
use super::words::{self, Sql, at, optional_at, state, units};
use super::{queue, tx};
use crate::{MessageDetail, MessageFilter, MessageRow, Step};

macro_rules! columns {
    ($($rest:literal)?) => {
        concat!(
            "SELECT message_id, account_id, batch_id, recipient, sender, body, reference, state, cause, encoding, segments, charge, priority, attempts,
             created_at, updated_at, send_at, valid_until, next_try_at, token_id, line, resends, report_word, reported_at FROM messages",
            $($rest)?
        )
    };
}

/// One page, newest first.
pub(super) fn page(connection: &Connection, filter: &MessageFilter) -> Outcome<Vec<MessageRow>> {
    let mut page: Vec<MessageRow> = Vec::new();
    for part in parts(filter) {
        let (sql, values) = query(filter, *part);
        let mut statement = connection.prepare_cached(&sql)?;
        for row in statement.query_map(rusqlite::params_from_iter(values), read)? {
            page.push(row?);
        }
    }
    page.sort_by_key(|row| std::cmp::Reverse(row.id));
    page.truncate(filter.limit);
    Ok(page)
}

/// Where to look: messages that have left are found by indexes, those that wait one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    All,
    Left,
    Waiting,
}

pub(super) const fn parts(filter: &MessageFilter) -> &'static [Part] {
    match filter {
        MessageFilter { state: Some(MessageState::Scheduled | MessageState::Queued | MessageState::Submitting), .. } => &[Part::Waiting],
        MessageFilter { state: Some(_), .. } => &[Part::Left],
        MessageFilter { account: None, to: None, reference: None, batch: None, .. } => &[Part::All],
        _ => &[Part::Left, Part::Waiting],
    }
}

/// The statement of a filter: one of a few dozen texts, so that it is prepared once.
pub(super) fn query(filter: &MessageFilter, part: Part) -> (String, Vec<Value>) {
    let text = |text: &String| Value::Text(text.clone());
    let batch = || filter.batch.map(|batch| Value::Integer(batch.raw()));
    // A batch is looked for between its first message and its last, so that what others have waiting is not walked through.
    let within = || batch().filter(|_| part == Part::Waiting);
    let conditions: [(&str, Option<Value>); 8] = [
        ("account_id = ?", filter.account.map(|account| Value::Integer(account.raw()))),
        (state_condition(filter.state), filter.state.map(|state| Value::Text(state.as_str().to_owned()))),
        ("recipient = ?", filter.to.as_ref().map(text)),
        ("reference = ?", filter.reference.as_ref().map(text)),
        ("batch_id = ?", batch()),
        ("message_id >= (SELECT first_message_id FROM batches WHERE batch_id = ?)", within()),
        ("message_id <= (SELECT last_message_id FROM batches WHERE batch_id = ?)", within()),
        ("message_id < ?", filter.before.map(|before| Value::Integer(before.raw()))),
    ];
    let mut sql = columns!().to_owned();
    sql.push_str(match part {
        Part::All => " WHERE TRUE",
        Part::Left => " WHERE waits = 0",
        Part::Waiting => " INDEXED BY messages_waiting WHERE waits = 1",
    });
    let mut values = Vec::with_capacity(conditions.len() + 1);
    for (condition, value) in conditions {
        if let Some(value) = value {
            sql.push_str(" AND ");
            sql.push_str(condition);
            values.push(value);
        }
    }
    sql.push_str(" ORDER BY message_id DESC LIMIT ?");
    values.push(Value::Integer(limited(filter.limit)));
    (sql, values)
}

/// Repeats what the index on states leaves out, so that the database knows it may use it.
const fn state_condition(state: Option<MessageState>) -> &'static str {
    match state {
        Some(MessageState::Sent | MessageState::Delivered) => "state = ?",
        _ => "state <> 'sent' AND state <> 'delivered' AND state = ?",
    }
}

/// One message.
pub(super) fn one(connection: &Connection, id: MessageId) -> Outcome<MessageRow> {
    let mut statement = connection.prepare_cached(columns!(" WHERE message_id = ?1"))?;
    statement.query_row([id.raw()], read).optional()?.ok_or_else(|| Fault::not_found("message"))
}

fn read(row: &Row<'_>) -> Sql<MessageRow> {
    Ok(MessageRow {
        id: MessageId::from_raw(row.get(0)?),
        account: AccountId::from_raw(row.get(1)?),
        batch: row.get::<_, Option<i64>>(2)?.map(BatchId::from_raw),
        to: Msisdn::from_stored(row.get(3)?),
        sender: row.get(4)?,
        text: row.get(5)?,
        reference: row.get(6)?,
        state: state(row, 7)?,
        cause: row.get(8)?,
        encoding: words::word(row, 9, words::encoding)?,
        segments: row.get(10)?,
        charge: units(row, 11)?,
        priority: words::priority(row, 12)?,
        attempts: row.get(13)?,
        created_at: at(row, 14)?,
        updated_at: at(row, 15)?,
        send_at: optional_at(row, 16)?,
        valid_until: optional_at(row, 17)?,
        next_try_at: optional_at(row, 18)?,
        token: row.get::<_, Option<i64>>(19)?.map(TokenId::from_raw),
        line: row.get(20)?,
        resends: row.get(21)?,
        report: row.get::<_, Option<String>>(22)?.zip(optional_at(row, 23)?),
    })
}

/// One message with its life.
pub(super) fn detail(connection: &Connection, id: MessageId) -> Outcome<MessageDetail> {
    let row = one(connection, id)?;
    Ok(MessageDetail { timeline: timeline(connection, &row)?, row, provider_message_ids: names(connection, id)? })
}

/// The provider's names of a message, in the order it said them.
pub(super) fn names(connection: &Connection, id: MessageId) -> Outcome<Vec<String>> {
    let mut names = connection.prepare_cached("SELECT provider_message_id FROM provider_messages WHERE message_id = ?1 ORDER BY submission_id, provider_message_id")?;
    Ok(names.query_map([id.raw()], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// Acceptance, submissions in order, and between them what no submission tells.
fn timeline(connection: &Connection, row: &MessageRow) -> Outcome<Vec<Step>> {
    let scheduled = row.send_at.is_some_and(|send_at| send_at > row.created_at);
    let first = if scheduled { MessageState::Scheduled } else { MessageState::Queued };
    let mut steps = vec![Step { at: row.created_at, state: first, cause: None, submission: None }];
    let mut changes = changes(connection, row.id)?.into_iter().peekable();
    for (tries_before, submission) in (0_i64..).zip(submissions(connection, row.id)?) {
        while let Some((_, step)) = changes.next_if(|(attempts, _)| *attempts <= tries_before) {
            steps.push(step);
        }
        steps.extend(submission);
    }
    steps.extend(changes.map(|(_, step)| step));
    Ok(steps)
}

/// Each with the tries before it.
fn changes(connection: &Connection, id: MessageId) -> Outcome<Vec<(i64, Step)>> {
    let mut statement = connection.prepare_cached("SELECT attempts, at, state, cause FROM message_changes WHERE message_id = ?1 ORDER BY change_id")?;
    let rows = statement.query_map([id.raw()], |row| Ok((row.get(0)?, Step { at: at(row, 1)?, state: state(row, 2)?, cause: row.get(3)?, submission: None })))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Each as its begin and, once it has ended, its end.
fn submissions(connection: &Connection, id: MessageId) -> Outcome<Vec<Vec<Step>>> {
    let mut statement = connection.prepare_cached(
        "SELECT s.submission_id, s.begun_at, s.ended_at, c.state, c.cause FROM submission_messages c JOIN submissions s USING (submission_id)
         WHERE c.message_id = ?1 ORDER BY s.begun_seq",
    )?;
    let rows = statement.query_map([id.raw()], |row| {
        let submission = Some(SubmissionId::from_raw(row.get(0)?));
        let mut steps = vec![Step { at: at(row, 1)?, state: MessageState::Submitting, cause: None, submission }];
        if let Some(ended_at) = optional_at(row, 2)? {
            steps.push(Step { at: ended_at, state: state(row, 3)?, cause: row.get(4)?, submission });
        }
        Ok(steps)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) const NEXT_DUE: &str = "SELECT m.next_try_at FROM outbox o CROSS JOIN messages m USING (message_id)
    WHERE o.account_id = ?1 AND o.priority = ?2 AND o.lane = ?3 ORDER BY o.not_before, o.message_id LIMIT 1";

/// Of each priority and each lane that is served the first that may go, or is due next.
pub(super) fn next_due(connection: &Connection, account: AccountId) -> Outcome<Option<Timestamp>> {
    let lanes = tx::served(connection, account)?;
    let mut statement = connection.prepare_cached(NEXT_DUE)?;
    let mut earliest: Option<Timestamp> = None;
    for rank in Priority::ALL.iter().map(|priority| priority.rank()) {
        let mut from = i64::MIN;
        while let Some(lane) = queue::next_served(connection, &lanes, (account, rank), from)? {
            let due = statement.query_row((account.raw(), rank, lane), |row| optional_at(row, 0)).optional()?.flatten();
            earliest = [earliest, due].into_iter().flatten().min();
            from = lane.saturating_add(1);
        }
    }
    Ok(earliest)
}

/// The largest number of any id.
pub(super) fn last_id(connection: &Connection) -> Outcome<i64> {
    let sql = "SELECT max(coalesce((SELECT max(account_id) FROM accounts), 0), coalesce((SELECT max(message_id) FROM messages), 0),
        coalesce((SELECT max(submission_id) FROM submissions), 0), coalesce((SELECT max(batch_id) FROM batches), 0), coalesce((SELECT max(token_id) FROM tokens), 0),
        coalesce((SELECT max(report_id) FROM reports), 0), coalesce((SELECT max(inbound_id) FROM inbound_messages), 0))";
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}
