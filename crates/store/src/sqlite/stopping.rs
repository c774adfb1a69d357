//! What stops sending and lets it go on: a pause and its end, a message taken back.

use rusqlite::Connection;
use salio_domain::message::{MessageState, Priority};
use salio_domain::outbox::Pause;
use salio_domain::{AccountId, MessageId, Timestamp};

use super::account::Account;
use super::fault::{Fault, Outcome};
use super::journal::{self, Entry};
use super::queue::{self, Place};
use super::tx::Tx;
use super::{doubts, lists};
use crate::{AccountSnapshot, ActivityKind, MessageRow};

/// The first cause wins.
pub(super) fn pause(connection: &Connection, account: &mut Account, cause: Option<Pause>, now: Timestamp) -> Outcome<()> {
    let (None, Some(cause)) = (account.shown.paused, cause) else { return Ok(()) };
    account.shown.paused = Some((cause, now));
    journal::write(connection, account.shown.account, Entry::new(now, ActivityKind::Paused).word(cause.as_str()))
}

/// What the journal calls a person's word.
const PERSON: &str = "person";

/// A person stops sending.
pub(super) fn stop(tx: &mut Tx<'_>, id: AccountId, now: Timestamp) -> Outcome<AccountSnapshot> {
    let mut account = tx.account(id)?;
    if account.shown.stopped_at.is_none() {
        account.shown.stopped_at = Some(now);
        journal::write(tx.connection, id, Entry::new(now, ActivityKind::Paused).word(PERSON))?;
    }
    Ok(tx.put(account))
}

/// A person lets sending go on, whatever stopped it.
pub(super) fn resume(tx: &mut Tx<'_>, id: AccountId, now: Timestamp) -> Outcome<AccountSnapshot> {
    let mut account = tx.account(id)?;
    if account.shown.stopped_at.take().is_some() {
        journal::write(tx.connection, id, Entry::new(now, ActivityKind::Resumed).word(PERSON))?;
    }
    unpause(tx.connection, &mut account, now)?;
    hurry(tx.connection, &mut account, now)?;
    Ok(tx.put(account))
}

/// Clears the pause; what waited for its end may go at once.
pub(super) fn unpause(connection: &Connection, account: &mut Account, now: Timestamp) -> Outcome<()> {
    if account.shown.paused.is_some() {
        hurry(connection, account, now)?;
    }
    lift(connection, account, now)
}

/// Clears the pause; what was tried keeps its time, so that an account that is refused again and again is not hammered.
pub(super) fn lift(connection: &Connection, account: &mut Account, now: Timestamp) -> Outcome<()> {
    let Some((cause, _)) = account.shown.paused.take() else { return Ok(()) };
    journal::write(connection, account.shown.account, Entry::new(now, ActivityKind::Resumed).word(cause.as_str()))
}

/// Messages that were tried and wait may go at once. Scheduled ones keep their time.
fn hurry(connection: &Connection, account: &mut Account, now: Timestamp) -> Outcome<()> {
    let id = account.shown.account;
    account.hurried = true;
    for rank in Priority::ALL.iter().map(|priority| priority.rank()) {
        let mut from = i64::MIN;
        while let Some(lane) = queue::next_lane(connection, id, rank, from)? {
            hurry_lane(connection, (id, rank, lane), now)?;
            from = lane.saturating_add(1);
        }
    }
    Ok(())
}

fn hurry_lane(connection: &Connection, place: (AccountId, i64, i64), now: Timestamp) -> Outcome<()> {
    let (id, rank, lane) = place;
    connection
        .prepare_cached(
            "UPDATE messages SET next_try_at = ?4 WHERE state = 'queued' AND next_try_at > ?4
             AND message_id IN (SELECT message_id FROM outbox WHERE account_id = ?1 AND priority = ?2 AND lane = ?3 AND not_before > ?4)",
        )?
        .execute((id.raw(), rank, lane, now.micros()))?;
    connection
        .prepare_cached(
            "UPDATE outbox SET not_before = 0 WHERE account_id = ?1 AND priority = ?2 AND lane = ?3 AND not_before > 0
             AND (SELECT state FROM messages m WHERE m.message_id = outbox.message_id) = 'queued'",
        )?
        .execute((id.raw(), rank, lane))?;
    Ok(())
}

/// Takes back what has not left. What waits to be sent again may have arrived the first time: it is in doubt as before.
pub(super) fn cancel(tx: &mut Tx<'_>, id: MessageId, now: Timestamp) -> Outcome<(MessageRow, AccountSnapshot)> {
    let row = lists::one(tx.connection, id)?;
    if !matches!(row.state, MessageState::Queued | MessageState::Scheduled) {
        return Err(Fault::conflict("the message has left, or is leaving just now"));
    }
    let mut account = tx.account(row.account)?;
    queue::leave(tx.connection, &Place::of(&row), row.next_try_at)?;
    let in_doubt = row.attempts > 0 && doubts::stays(tx.connection, id)?;
    let to = if in_doubt { MessageState::Unknown } else { MessageState::Cancelled };
    account.shown.standing.unknown_messages += i64::from(in_doubt);
    queue::step(tx.connection, id, to, "cancelled", now)?;
    tx.moved(row.batch, Some(row.state), to, row.charge, now)?;
    if row.batch.map_or(Ok(true), |batch| tx.batch(batch).map(|batch| batch.stands(id)))? {
        account.shown.standing.unqueue(row.charge);
    }
    Ok((lists::one(tx.connection, id)?, tx.put(account)))
}
