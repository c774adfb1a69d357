//! Accepting messages: rows, their places in the queue and the answer under its key, in one transaction. The hottest path: two statements a message.

use rusqlite::{Connection, OptionalExtension, params};
use salio_domain::message::MessageState;
use salio_domain::{Timestamp, Units};

use super::fault::{Fault, Outcome};
use super::tx::Tx;
use super::words::micros;
use crate::{Acceptance, IDEMPOTENCY_KEPT, IdempotencyKey, NewMessage, NewMessages, Replay};

/// Old keys removed with each new one: more than one, so that a pile shrinks.
const KEYS_SWEPT: i64 = 4;

const NOT_NEW: &str = "messages to accept are at least one, each with an id of its own";

const MESSAGE: &str = "INSERT INTO messages (message_id, account_id, batch_id, recipient, sender, body, reference, state, encoding, segments, charge, price_id, priority,
    created_at, updated_at, send_at, valid_until, next_try_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?14, ?15, ?16, ?17)";

pub(super) const WAIT: &str = "INSERT INTO outbox (account_id, priority, not_before, message_id) VALUES (?1, ?2, ?3, ?4)";

/// All or none.
pub(super) fn accept(tx: &mut Tx<'_>, new: &NewMessages) -> Outcome<Acceptance> {
    let mut account = tx.account(new.account)?;
    if new.messages.is_empty() {
        return Err(Fault::conflict(NOT_NEW));
    }
    if let Some((key, answer)) = &new.idempotency {
        if let Some(replay) = kept(tx.connection, key, new.now.before(IDEMPOTENCY_KEPT))? {
            return Ok(Acceptance::Replayed(replay));
        }
        keep(tx.connection, key, answer, new.now)?;
    }
    if new.batch.is_some() {
        batch(tx.connection, new)?;
    }
    for message in &new.messages {
        insert(tx.connection, new, message)?;
        account.shown.standing.queue(message.charge);
    }
    Ok(Acceptance::Accepted(Box::new(tx.put(account))))
}

fn insert(connection: &Connection, new: &NewMessages, message: &NewMessage) -> Outcome<()> {
    let scheduled = message.send_at.filter(|at| *at > new.now);
    let state = if scheduled.is_some() { MessageState::Scheduled } else { MessageState::Queued };
    let next_try_at = scheduled.unwrap_or(new.now);
    let rank = message.priority.rank();
    connection
        .prepare_cached(MESSAGE)?
        .execute(params![
            message.id.raw(),
            new.account.raw(),
            new.batch.map(salio_domain::ids::BatchId::raw),
            message.to.as_str(),
            message.sender,
            message.text,
            message.reference,
            state.as_str(),
            message.encoding.as_str(),
            message.segments,
            message.charge.micros(),
            new.price_id,
            rank,
            new.now.micros(),
            micros(message.send_at),
            micros(message.valid_until),
            next_try_at.micros(),
        ])
        .map_err(|error| Fault::or_conflict(error, NOT_NEW))?;
    connection.prepare_cached(WAIT)?.execute((new.account.raw(), rank, micros(scheduled).unwrap_or(0), message.id.raw()))?;
    Ok(())
}

fn batch(connection: &Connection, new: &NewMessages) -> Outcome<()> {
    let charge: Units = new.messages.iter().map(|message| message.charge).sum();
    connection
        .prepare_cached(
            "INSERT INTO batches (batch_id, account_id, messages, charge, created_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (batch_id) DO UPDATE SET messages = messages + excluded.messages, charge = charge + excluded.charge",
        )?
        .execute((new.batch.map(salio_domain::ids::BatchId::raw), new.account.raw(), super::journal::limited(new.messages.len()), charge.micros(), new.now.micros()))?;
    Ok(())
}

/// What is kept under a key that was used after `since`.
pub(super) fn kept(connection: &Connection, key: &IdempotencyKey, since: Timestamp) -> Outcome<Option<Replay>> {
    let mut statement = connection.prepare_cached("SELECT body_sha256, answer FROM idempotency_keys WHERE scope = ?1 AND key = ?2 AND created_at > ?3")?;
    let row: Option<([u8; 32], String)> = statement.query_row((&key.scope, &key.key, since.micros()), |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(row.map(|(body, answer)| if body == key.body_sha256 { Replay::Same(answer) } else { Replay::OtherBody }))
}

fn keep(connection: &Connection, key: &IdempotencyKey, answer: &str, now: Timestamp) -> Outcome<()> {
    connection.prepare_cached("INSERT OR REPLACE INTO idempotency_keys (scope, key, body_sha256, answer, created_at) VALUES (?1, ?2, ?3, ?4, ?5)")?.execute((
        &key.scope,
        &key.key,
        key.body_sha256,
        answer,
        now.micros(),
    ))?;
    sweep(connection, now, KEYS_SWEPT)
}

/// Removes a few keys whose time is over.
pub(super) fn sweep(connection: &Connection, now: Timestamp, limit: i64) -> Outcome<()> {
    let mut old = connection.prepare_cached("SELECT scope, key FROM idempotency_keys WHERE created_at <= ?1 ORDER BY created_at LIMIT ?2")?;
    let keys: Vec<(String, String)> = old.query_map((now.before(IDEMPOTENCY_KEPT).micros(), limit), |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    for key in keys {
        connection.prepare_cached("DELETE FROM idempotency_keys WHERE scope = ?1 AND key = ?2")?.execute(key)?;
    }
    Ok(())
}
