//! Accepting messages: rows, their places in the queue and the answer under its key, in one transaction. The hottest path: two statements a message.

use rusqlite::{Connection, OptionalExtension, params};
use salio_domain::admission::admit;
use salio_domain::balance::Standing;
use salio_domain::ids::{BatchId, TokenId};
use salio_domain::message::{MessageState, Priority};
use salio_domain::{AccountId, Timestamp, Units};

use super::account::Account;
use super::batch::Batch;
use super::fault::{Fault, Outcome};
use super::journal::limited;
use super::queue::{self, Place};
use super::tx::Tx;
use super::words::{micros, units};
use crate::{Acceptance, BatchRow, BatchSource, BatchState, IDEMPOTENCY_KEPT, IdempotencyKey, NewMessage, NewMessages, Replay, StateCounts};

/// Old keys removed with each new one: more than one, so that a pile shrinks.
const KEYS_SWEPT: i64 = 4;

const NOT_NEW: &str = "messages to accept are at least one, each with an id of its own";

const MESSAGE: &str = "INSERT INTO messages (message_id, account_id, batch_id, recipient, sender, body, reference, state, encoding, segments, charge, price_id, priority,
    created_at, updated_at, send_at, valid_until, next_try_at, token_id, line) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?14, ?15, ?16, ?17, ?18, ?19)";

/// What messages that come together share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Incoming {
    pub(super) account: AccountId,
    pub(super) batch: Option<BatchId>,
    pub(super) token: Option<TokenId>,
    pub(super) now: Timestamp,
}

const HIGH_WAITS: &str = "SELECT coalesce(sum(m.charge), 0) FROM outbox o CROSS JOIN messages m USING (message_id) WHERE o.account_id = ?1 AND o.priority = 0
    AND (o.lane = 0 OR EXISTS (SELECT 1 FROM batches b WHERE b.batch_id = o.lane AND b.released_at IS NOT NULL))";

/// The account as new messages of a priority find it: what goes behind them is no matter to those of the highest.
pub(super) fn found_by(tx: &mut Tx<'_>, account: &Account, priority: Priority) -> Outcome<Standing> {
    let mut standing = account.shown.standing.clone();
    if priority == Priority::High {
        // Batches are looked at in their rows.
        tx.flush()?;
        standing.queued = tx.connection.prepare_cached(HIGH_WAITS)?.query_row([account.shown.account.raw()], |row| units(row, 0))?;
    }
    Ok(standing)
}

/// All or none.
pub(super) fn accept(tx: &mut Tx<'_>, new: &NewMessages) -> Outcome<Acceptance> {
    let mut account = tx.account(new.account)?;
    let Some(first) = new.messages.first() else { return Err(Fault::conflict(NOT_NEW)) };
    if let Some((key, _)) = &new.idempotency
        && let Some(replay) = kept(tx.connection, key, new.now.before(IDEMPOTENCY_KEPT))?
    {
        return Ok(Acceptance::Replayed(replay));
    }
    let charge: Units = new.messages.iter().map(|message| message.charge).sum();
    if let Some(rules) = &new.covered_by
        && let Err(short) = admit(&found_by(tx, &account, first.priority)?, charge, first.priority, rules)
    {
        return Ok(Acceptance::Short(short));
    }
    if let Some((key, answer)) = &new.idempotency {
        keep(tx.connection, key, answer, new.now)?;
    }
    write(tx, &mut account, new, first)?;
    account.shown.standing.queue(charge);
    Ok(Acceptance::Accepted(Box::new(tx.put(account))))
}

fn write(tx: &mut Tx<'_>, account: &mut Account, new: &NewMessages, first: &NewMessage) -> Outcome<()> {
    let mut batch = list(new, first);
    let incoming = Incoming { account: account.shown.account, batch: batch.as_ref().map(|batch| batch.row.id), token: new.token, now: new.now };
    for message in &new.messages {
        let state = insert(tx.connection, &incoming, message)?;
        if let Some(batch) = &mut batch {
            batch.moved(None, state, (1, message.charge), new.now);
        }
    }
    batch.map_or(Ok(()), |batch| tx.new_batch(batch))
}

/// A message's row and its place in the queue; the state in which it waits. Nothing counts it here.
pub(super) fn insert(connection: &Connection, incoming: &Incoming, message: &NewMessage) -> Outcome<MessageState> {
    let scheduled = message.send_at.filter(|at| *at > incoming.now);
    let state = if scheduled.is_some() { MessageState::Scheduled } else { MessageState::Queued };
    let rank = message.priority.rank();
    connection
        .prepare_cached(MESSAGE)?
        .execute(params![
            message.id.raw(),
            incoming.account.raw(),
            incoming.batch.map(BatchId::raw),
            message.to.as_str(),
            message.sender,
            message.text,
            message.reference,
            state.as_str(),
            message.encoding.as_str(),
            message.segments,
            message.charge.micros(),
            message.price_id,
            rank,
            incoming.now.micros(),
            micros(message.send_at),
            micros(message.valid_until),
            scheduled.unwrap_or(incoming.now).micros(),
            incoming.token.map(TokenId::raw),
            message.line,
        ])
        .map_err(|error| Fault::or_conflict(error, NOT_NEW))?;
    let place = Place { account: incoming.account, rank, lane: queue::lane(incoming.batch), message: message.id };
    queue::wait(connection, &place, micros(scheduled).unwrap_or(0))?;
    Ok(state)
}

/// The batch of a list, before its messages.
fn list(new: &NewMessages, first: &NewMessage) -> Option<Batch> {
    let given = new.batch.as_ref()?;
    let row = BatchRow {
        id: given.id,
        account: new.account,
        state: BatchState::Running,
        cause: None,
        source: BatchSource::List,
        name: None,
        priority: first.priority,
        token: new.token,
        lines: given.lines,
        messages: limited(new.messages.len()),
        refused: given.refused,
        duplicates: given.duplicates,
        charge: new.messages.iter().map(|message| message.charge).sum(),
        covered: None,
        spent: Units::ZERO,
        counts: StateCounts::default(),
        created_at: new.now,
        updated_at: new.now,
        released_at: Some(new.now),
        begun_at: None,
        ended_at: None,
    };
    let ids = || new.messages.iter().map(|message| message.id);
    Some(Batch { first_message: ids().min(), last_message: ids().max(), ..Batch::new(row) })
}

/// What is kept under a key that was used after `since`.
pub(super) fn kept(connection: &Connection, key: &IdempotencyKey, since: Timestamp) -> Outcome<Option<Replay>> {
    let mut statement = connection.prepare_cached("SELECT body_sha256, answer FROM idempotency_keys WHERE scope = ?1 AND key = ?2 AND created_at > ?3")?;
    let row: Option<([u8; 32], String)> = statement.query_row((&key.scope, &key.key, since.micros()), |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(row.map(|(body, answer)| if body == key.body_sha256 { Replay::Same(answer) } else { Replay::OtherBody }))
}

/// Keeps the answer to a request under its key.
pub(super) fn keep(connection: &Connection, key: &IdempotencyKey, answer: &str, now: Timestamp) -> Outcome<()> {
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
