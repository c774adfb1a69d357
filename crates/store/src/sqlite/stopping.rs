//! What stops sending and lets it go on: a pause and its end, a message taken back.

use rusqlite::Connection;
use salio_domain::message::MessageState;
use salio_domain::outbox::Pause;
use salio_domain::{AccountId, MessageId, Timestamp};

use super::account::Account;
use super::fault::{Fault, Outcome};
use super::journal::{self, Entry};
use super::tx::Tx;
use super::{claim, lists};
use crate::{AccountSnapshot, ActivityKind, MessageRow};

/// The first cause wins.
pub(super) fn pause(connection: &Connection, account: &mut Account, cause: Option<Pause>, now: Timestamp) -> Outcome<()> {
    let (None, Some(cause)) = (account.shown.paused, cause) else { return Ok(()) };
    account.shown.paused = Some((cause, now));
    journal::write(connection, account.shown.account, Entry::new(now, ActivityKind::Paused).word(cause.as_str()))
}

/// A person lets sending go on.
pub(super) fn resume(tx: &mut Tx<'_>, id: AccountId, now: Timestamp) -> Outcome<AccountSnapshot> {
    let mut account = tx.account(id)?;
    unpause(tx.connection, &mut account, now)?;
    hurry(tx.connection, id, now)?;
    Ok(tx.put(account))
}

/// Clears the pause; what waited for its end may go at once.
pub(super) fn unpause(connection: &Connection, account: &mut Account, now: Timestamp) -> Outcome<()> {
    if account.shown.paused.is_some() {
        hurry(connection, account.shown.account, now)?;
    }
    lift(connection, account, now)
}

/// Clears the pause; what was tried keeps its time, so that an account that is refused again and again is not hammered.
pub(super) fn lift(connection: &Connection, account: &mut Account, now: Timestamp) -> Outcome<()> {
    let Some((cause, _)) = account.shown.paused.take() else { return Ok(()) };
    journal::write(connection, account.shown.account, Entry::new(now, ActivityKind::Resumed).word(cause.as_str()))
}

/// Messages that were tried and wait may go at once. Scheduled ones keep their time.
fn hurry(connection: &Connection, id: AccountId, now: Timestamp) -> Outcome<()> {
    connection
        .prepare_cached(
            "UPDATE messages SET next_try_at = ?2 WHERE state = 'queued' AND next_try_at > ?2
             AND message_id IN (SELECT message_id FROM outbox WHERE account_id = ?1 AND priority IN (0, 1, 2) AND not_before > ?2)",
        )?
        .execute((id.raw(), now.micros()))?;
    connection
        .prepare_cached(
            "UPDATE outbox SET not_before = 0 WHERE account_id = ?1 AND priority IN (0, 1, 2) AND not_before > 0
             AND (SELECT state FROM messages m WHERE m.message_id = outbox.message_id) = 'queued'",
        )?
        .execute([id.raw()])?;
    Ok(())
}

/// Takes back what has not left.
pub(super) fn cancel(tx: &mut Tx<'_>, id: MessageId, now: Timestamp) -> Outcome<(MessageRow, AccountSnapshot)> {
    let row = lists::one(tx.connection, id)?;
    if !matches!(row.state, MessageState::Queued | MessageState::Scheduled) {
        return Err(Fault::conflict("the message has left, or is leaving just now"));
    }
    let mut account = tx.account(row.account)?;
    for not_before in [Some(Timestamp::from_micros(0)), row.next_try_at].into_iter().flatten() {
        claim::leave_queue(tx.connection, row.account, id, row.priority.rank(), not_before.micros())?;
    }
    claim::step(tx.connection, id, MessageState::Cancelled, "cancelled", now)?;
    account.shown.standing.unqueue(row.charge);
    Ok((lists::one(tx.connection, id)?, tx.put(account)))
}
