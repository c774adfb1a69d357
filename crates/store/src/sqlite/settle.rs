//! Messages in doubt, and the evidence that settles them.
//!
//! Knows nothing of: where evidence comes from. Charges are the business of the room beside.

use rusqlite::Connection;
use salio_domain::message::MessageState;
use salio_domain::{MessageId, Timestamp};

use super::account::Account;
use super::fault::{Fault, Outcome};
use super::queue::{self, Place};
use super::tx::Tx;
use super::{doubtful, doubts, intake, lists, reports};
use crate::{BatchState, IDEMPOTENCY_KEPT, MessageRow, Replay, Settle, Settled, Settlement};

const SENT: &str = "resolved_sent";
const NOT_SENT: &str = "resolved_not_sent";
const RESEND: &str = "resend";
/// Whose word may come twice.
const PERSON: &str = "person";

/// Once under a key.
pub(super) fn settle(tx: &mut Tx<'_>, settle: &Settle) -> Outcome<Settled> {
    let Some((key, answer)) = &settle.idempotency else { return settle_it(tx, settle) };
    match intake::kept(tx.connection, key, settle.now.before(IDEMPOTENCY_KEPT))? {
        Some(Replay::Same(_)) => {
            let message = lists::one(tx.connection, settle.message)?;
            let account = tx.account(message.account)?.shown;
            Ok(Settled { message, account, forwards: false })
        }
        Some(Replay::OtherBody) => Err(Fault::conflict("the key was used with another body")),
        None => {
            let settled = settle_it(tx, settle)?;
            intake::keep(tx.connection, key, answer, settle.now)?;
            Ok(settled)
        }
    }
}

fn settle_it(tx: &mut Tx<'_>, settle: &Settle) -> Outcome<Settled> {
    if !is_evidence(&settle.settlement) {
        return Err(Fault::conflict("the provider's list shows a message as sent, delivered or undelivered"));
    }
    let mut row = lists::one(tx.connection, settle.message)?;
    let resending = is_resending(tx.connection, &row)?;
    let mut account = tx.account(row.account)?;
    if !open_to(&row, resending, &settle.settlement) {
        return if was_said(&row, settle) { Ok(Settled { message: row, account: account.shown, forwards: false }) } else { Err(Fault::conflict("the message is not in doubt")) };
    }
    let mut forwards = false;
    match &settle.settlement {
        Settlement::Sent => {
            taken(tx.connection, &mut account, &row, settle.now)?;
            step(tx, &mut row, MessageState::Sent, SENT.to_owned(), settle.now)?;
        }
        Settlement::Found { provider_message_id, state } => {
            name(tx.connection, &row, provider_message_id)?;
            taken(tx.connection, &mut account, &row, settle.now)?;
            step(tx, &mut row, *state, settle.by.to_owned(), settle.now)?;
            forwards = reports::fold_early(tx, &mut account, provider_message_id, settle.now)?;
        }
        Settlement::NotSent => {
            doubtful::void(tx.connection, &mut account, row.id, settle.now)?;
            settled(tx.connection, &mut account, &row)?;
            step(tx, &mut row, MessageState::Failed, NOT_SENT.to_owned(), settle.now)?;
        }
        Settlement::Resend => resend(tx, &mut account, &mut row, settle.now)?,
    }
    Ok(Settled { message: lists::one(tx.connection, row.id)?, account: tx.put(account), forwards })
}

fn is_evidence(settlement: &Settlement) -> bool {
    match settlement {
        Settlement::Found { state, .. } => matches!(state, MessageState::Sent | MessageState::Delivered | MessageState::Undelivered),
        _ => true,
    }
}

/// Whether a queued message was in doubt and waits to be sent again.
pub(super) fn is_resending(connection: &Connection, row: &MessageRow) -> Outcome<bool> {
    Ok(row.state == MessageState::Queued && doubts::resending(connection, row.id)? == Some(true))
}

fn open_to(row: &MessageRow, resending: bool, settlement: &Settlement) -> bool {
    row.state == MessageState::Unknown || (resending && *settlement != Settlement::Resend)
}

/// A person's same word again.
fn was_said(row: &MessageRow, settle: &Settle) -> bool {
    let said = match settle.settlement {
        Settlement::Sent => (MessageState::Sent, SENT),
        Settlement::NotSent => (MessageState::Failed, NOT_SENT),
        Settlement::Resend => (MessageState::Queued, RESEND),
        Settlement::Found { .. } => return false,
    };
    settle.by == PERSON && (row.state, row.cause.as_deref()) == (said.0, Some(said.1))
}

/// Evidence that the provider took a message in doubt.
pub(super) fn taken(connection: &Connection, account: &mut Account, row: &MessageRow, now: Timestamp) -> Outcome<()> {
    doubtful::taken(connection, account, row.id, now)?;
    settled(connection, account, row)
}

/// It is in doubt no more; one that waited to be sent again does not wait any more.
fn settled(connection: &Connection, account: &mut Account, row: &MessageRow) -> Outcome<()> {
    doubts::forget(connection, row.id)?;
    if row.state == MessageState::Unknown {
        account.shown.standing.unknown_messages -= 1;
        return Ok(());
    }
    account.shown.standing.unqueue(row.charge);
    queue::leave(connection, &Place::of(row), row.next_try_at)
}

/// A step that no submission tells, in the rows, in the batch and in `row`.
pub(super) fn step(tx: &mut Tx<'_>, row: &mut MessageRow, state: MessageState, cause: String, now: Timestamp) -> Outcome<()> {
    if row.state == MessageState::Queued || state == MessageState::Queued {
        queue::step(tx.connection, row.id, state, &cause, now)?;
    } else {
        left(tx.connection, row, state, &cause, now)?;
    }
    tx.moved(row.batch, Some(row.state), state, row.charge, now)?;
    (row.state, row.cause, row.updated_at) = (state, Some(cause), now);
    row.next_try_at = row.next_try_at.filter(|_| !state.has_left());
    Ok(())
}

/// A message that had left already: whether it waits is not written again, so that nothing moves in the indexes over those that have left. With the network's
/// word as it is in `row`: reports come here most, and one statement is enough for both.
fn left(connection: &Connection, row: &MessageRow, state: MessageState, cause: &str, now: Timestamp) -> Outcome<()> {
    connection.prepare_cached("INSERT INTO message_changes (message_id, attempts, at, state, cause) VALUES (?1, ?2, ?3, ?4, ?5)")?.execute((
        row.id.raw(),
        row.attempts,
        now.micros(),
        state.as_str(),
        cause,
    ))?;
    let (word, reported_at) = row.report.as_ref().map(|(word, at)| (word, at.micros())).unzip();
    connection.prepare_cached("UPDATE messages SET state = ?2, cause = ?3, updated_at = ?4, report_word = ?5, reported_at = ?6 WHERE message_id = ?1")?.execute((
        row.id.raw(),
        state.as_str(),
        cause,
        now.micros(),
        word,
        reported_at,
    ))?;
    Ok(())
}

/// The provider's name of a message, said outside of a submission: it is of the last one.
pub(super) fn name(connection: &Connection, row: &MessageRow, name: &str) -> Outcome<()> {
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO provider_messages (account_id, provider_message_id, message_id, submission_id)
             SELECT ?1, ?2, ?3, submission_id FROM submission_messages WHERE message_id = ?3 ORDER BY submission_id DESC LIMIT 1",
        )?
        .execute((row.account.raw(), name, row.id.raw()))?;
    Ok(())
}

/// Queued again, in its batch's lane. The first charge stays in doubt.
fn resend(tx: &mut Tx<'_>, account: &mut Account, row: &mut MessageRow, now: Timestamp) -> Outcome<()> {
    if let Some(batch) = row.batch
        && matches!(tx.batch(batch)?.row.state, BatchState::Cancelled | BatchState::Refused)
    {
        return Err(Fault::conflict("its batch was cancelled"));
    }
    doubts::resend(tx.connection, row.id)?;
    account.shown.standing.unknown_messages -= 1;
    account.shown.standing.queue(row.charge);
    step(tx, row, MessageState::Queued, RESEND.to_owned(), now)?;
    due(tx.connection, row.id, now)?;
    queue::wait(tx.connection, &Place::of(row), 0)
}

fn due(connection: &Connection, message: MessageId, now: Timestamp) -> Outcome<()> {
    connection.prepare_cached("UPDATE messages SET next_try_at = ?2 WHERE message_id = ?1")?.execute((message.raw(), now.micros()))?;
    Ok(())
}
