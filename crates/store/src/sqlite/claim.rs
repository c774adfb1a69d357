//! Claiming due messages and beginning their submission: charge pending, committed before the first byte leaves.

use rusqlite::{Connection, Row, params};
use salio_domain::message::MessageState;
use salio_domain::{AccountId, MessageId, Msisdn, Timestamp, Units};

use super::account::Account;
use super::fault::{Fault, Outcome};
use super::journal::limited;
use super::tx::Tx;
use super::words::{self, Sql, at, optional_at, units};
use crate::{BeginOutcome, BeginSubmission, BegunMessage, BegunSubmission};

/// Rows looked at for each place in a submission: behind another sender or a repeated number there may be more that fit, but not endlessly.
const LOOK_AHEAD: usize = 4;
/// Messages past their time removed in one claim; the next claim goes on.
const EXPIRED_AT_MOST: usize = 1000;
/// Waiting messages of one priority moved up in one claim; the next claim goes on.
const MOVED_UP_AT_MOST: i64 = 1000;
const RANKS: [i64; 3] = [0, 1, 2];

pub(super) const READY: &str = "SELECT o.message_id, m.recipient, m.sender, m.encoding, m.charge, m.body, m.attempts, m.created_at, m.valid_until
    FROM outbox o CROSS JOIN messages m USING (message_id) WHERE o.account_id = ?1 AND o.priority = ?2 AND o.not_before = 0 ORDER BY o.message_id LIMIT ?3";

pub(super) const DUE: &str = "SELECT message_id, not_before FROM outbox
    WHERE account_id = ?1 AND priority = ?2 AND not_before > 0 AND not_before <= ?3 ORDER BY not_before, message_id LIMIT ?4";

/// What was found in the queue.
#[derive(Default)]
struct Picked {
    sender: String,
    encoding: Option<salio_domain::segments::Encoding>,
    chosen: Vec<(BegunMessage, i64, Units)>,
    expired: Vec<(MessageId, i64, Units)>,
    looked_at: usize,
}

pub(super) fn begin(tx: &mut Tx<'_>, id: AccountId, begin: &BeginSubmission) -> Outcome<BeginOutcome> {
    let mut account = tx.account(id)?;
    let nothing = BeginOutcome { begun: None, expired: Vec::new(), snapshot: None };
    if account.shown.paused.is_some() {
        return Ok(nothing);
    }
    let mut picked = Picked::default();
    for rank in RANKS {
        move_up(tx.connection, id, rank, begin.now)?;
        picked.look(tx.connection, id, rank, begin)?;
    }
    if picked.chosen.is_empty() && picked.expired.is_empty() {
        return Ok(nothing);
    }
    for (message, rank, charge) in &picked.expired {
        leave_queue(tx.connection, id, *message, *rank, 0)?;
        step(tx.connection, *message, MessageState::Expired, "valid_until", begin.now)?;
        account.shown.standing.unqueue(*charge);
    }
    let expired = picked.expired.iter().map(|(message, ..)| *message).collect();
    let begun = if picked.chosen.is_empty() { None } else { submit(tx.connection, &mut account, begin, picked)? };
    Ok(BeginOutcome { begun, expired, snapshot: Some(tx.put(account)) })
}

impl Picked {
    /// Chooses among the messages of one priority that may go now.
    fn look(&mut self, connection: &Connection, account: AccountId, rank: i64, begin: &BeginSubmission) -> Outcome<()> {
        let most = begin.max.saturating_mul(LOOK_AHEAD).saturating_add(EXPIRED_AT_MOST);
        let mut statement = connection.prepare_cached(READY)?;
        let mut rows = statement.query((account.raw(), rank, limited(most)))?;
        while self.has_room(begin.max)
            && let Some(row) = rows.next()?
        {
            let (message, charge) = (MessageId::from_raw(row.get(0)?), units(row, 4)?);
            if optional_at(row, 8)?.is_some_and(|until| until <= begin.now) {
                self.expired.push((message, rank, charge));
                continue;
            }
            self.looked_at += 1;
            if self.fits(row)? {
                self.chosen.push((read(row)?, rank, charge));
            }
        }
        Ok(())
    }

    const fn has_room(&self, max: usize) -> bool {
        self.chosen.len() < max && self.looked_at < max.saturating_mul(LOOK_AHEAD) && self.expired.len() < EXPIRED_AT_MOST
    }

    /// The first one fixes sender and encoding; no number goes twice.
    fn fits(&mut self, row: &Row<'_>) -> Sql<bool> {
        let (sender, encoding) = (row.get_ref(2)?.as_str()?, words::word(row, 3, words::encoding)?);
        if self.encoding.is_none() {
            sender.clone_into(&mut self.sender);
            self.encoding = Some(encoding);
            return Ok(true);
        }
        let to = row.get_ref(1)?.as_str()?;
        Ok(self.encoding == Some(encoding) && self.sender == sender && !self.chosen.iter().any(|(chosen, ..)| chosen.to.as_str() == to))
    }
}

fn read(row: &Row<'_>) -> Sql<BegunMessage> {
    let attempts: u32 = row.get(6)?;
    Ok(BegunMessage {
        id: MessageId::from_raw(row.get(0)?),
        to: Msisdn::from_stored(row.get(1)?),
        text: row.get(5)?,
        attempts: attempts.saturating_add(1),
        accepted_at: at(row, 7)?,
    })
}

/// Messages whose time has come join those that may go now; scheduled ones are queued from here on.
fn move_up(connection: &Connection, account: AccountId, rank: i64, now: Timestamp) -> Outcome<()> {
    let mut due = connection.prepare_cached(DUE)?;
    let rows: Vec<(i64, i64)> = due.query_map((account.raw(), rank, now.micros(), MOVED_UP_AT_MOST), |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    for (message, not_before) in rows {
        connection.prepare_cached("UPDATE outbox SET not_before = 0 WHERE account_id = ?1 AND priority = ?2 AND not_before = ?3 AND message_id = ?4")?.execute((
            account.raw(),
            rank,
            not_before,
            message,
        ))?;
        if connection.prepare_cached("SELECT 1 FROM messages WHERE message_id = ?1 AND state = 'scheduled'")?.exists([message])? {
            step(connection, MessageId::from_raw(message), MessageState::Queued, "due", now)?;
        }
    }
    Ok(())
}

fn submit(connection: &Connection, account: &mut Account, begin: &BeginSubmission, picked: Picked) -> Outcome<Option<BegunSubmission>> {
    let Some(encoding) = picked.encoding else { return Ok(None) };
    let charge: Units = picked.chosen.iter().map(|(_, _, charge)| *charge).sum();
    let (id, seq) = (account.shown.account, account.next_seq());
    connection
        .prepare_cached(
            "INSERT INTO submissions (submission_id, account_id, begun_seq, begun_at, claimed_until, sender, encoding, messages, charge, sure_left)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)",
        )?
        .execute(params![
            begin.id.raw(),
            id.raw(),
            seq,
            begin.now.micros(),
            begin.claimed_until.micros(),
            picked.sender,
            encoding.as_str(),
            limited(picked.chosen.len()),
            charge.micros()
        ])
        .map_err(|error| Fault::or_conflict(error, "the submission has begun already"))?;
    for (position, (message, rank, charge)) in (0_i64..).zip(&picked.chosen) {
        leave_queue(connection, id, message.id, *rank, 0)?;
        connection
            .prepare_cached("UPDATE messages SET state = 'submitting', cause = NULL, attempts = attempts + 1, updated_at = ?2, next_try_at = NULL WHERE message_id = ?1")?
            .execute((message.id.raw(), begin.now.micros()))?;
        connection.prepare_cached("INSERT INTO submission_messages (submission_id, position, message_id, charge) VALUES (?1, ?2, ?3, ?4)")?.execute((
            begin.id.raw(),
            position,
            message.id.raw(),
            charge.micros(),
        ))?;
    }
    account.shown.standing.begin(seq, charge);
    let messages = picked.chosen.into_iter().map(|(message, ..)| message).collect();
    Ok(Some(BegunSubmission { id: begin.id, sender: picked.sender, encoding, messages }))
}

pub(super) fn leave_queue(connection: &Connection, account: AccountId, message: MessageId, rank: i64, not_before: i64) -> Outcome<()> {
    connection.prepare_cached("DELETE FROM outbox WHERE account_id = ?1 AND priority = ?2 AND not_before = ?3 AND message_id = ?4")?.execute((
        account.raw(),
        rank,
        not_before,
        message.raw(),
    ))?;
    Ok(())
}

/// A step of a message that no submission tells.
pub(super) fn step(connection: &Connection, message: MessageId, state: MessageState, cause: &str, now: Timestamp) -> Outcome<()> {
    connection
        .prepare_cached("INSERT INTO message_changes (message_id, attempts, at, state, cause) SELECT message_id, attempts, ?2, ?3, ?4 FROM messages WHERE message_id = ?1")?
        .execute((message.raw(), now.micros(), state.as_str(), cause))?;
    connection
        .prepare_cached("UPDATE messages SET state = ?2, waits = ?3, cause = ?4, updated_at = ?5, next_try_at = CASE WHEN ?3 THEN next_try_at END WHERE message_id = ?1")?
        .execute((message.raw(), state.as_str(), !state.has_left(), cause, now.micros()))?;
    Ok(())
}
