//! The queue: where a waiting message stands, how it comes in and leaves, and steps of messages that no submission tells.

use rusqlite::{Connection, OptionalExtension};
use salio_domain::ids::BatchId;
use salio_domain::message::MessageState;
use salio_domain::{AccountId, MessageId, Timestamp};

use super::fault::Outcome;
use crate::MessageRow;

/// Where a waiting message stands: the lane is its batch, or 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) account: AccountId,
    pub(super) rank: i64,
    pub(super) lane: i64,
    pub(super) message: MessageId,
}

impl Place {
    pub(super) fn of(row: &MessageRow) -> Self {
        Self { account: row.account, rank: row.priority.rank(), lane: lane(row.batch), message: row.id }
    }
}

/// The lane of a batch; 0 for single messages.
pub(super) fn lane(batch: Option<BatchId>) -> i64 {
    batch.map_or(0, BatchId::raw)
}

/// Comes in; `not_before` 0: may go now.
pub(super) fn wait(connection: &Connection, place: &Place, not_before: i64) -> Outcome<()> {
    connection.prepare_cached("INSERT INTO outbox (account_id, priority, lane, not_before, message_id) VALUES (?1, ?2, ?3, ?4, ?5)")?.execute((
        place.account.raw(),
        place.rank,
        place.lane,
        not_before,
        place.message.raw(),
    ))?;
    Ok(())
}

/// Leaves, whether it may go now or waits for its time.
pub(super) fn leave(connection: &Connection, place: &Place, next_try_at: Option<Timestamp>) -> Outcome<()> {
    connection.prepare_cached("DELETE FROM outbox WHERE account_id = ?1 AND priority = ?2 AND lane = ?3 AND not_before IN (0, ?4) AND message_id = ?5")?.execute((
        place.account.raw(),
        place.rank,
        place.lane,
        next_try_at.map_or(0, Timestamp::micros),
        place.message.raw(),
    ))?;
    Ok(())
}

/// Everything of a lane that may go now leaves, from `first` to `last`.
pub(super) fn leave_range(connection: &Connection, first: &Place, last: MessageId) -> Outcome<()> {
    connection.prepare_cached("DELETE FROM outbox WHERE account_id = ?1 AND priority = ?2 AND lane = ?3 AND not_before = 0 AND message_id BETWEEN ?4 AND ?5")?.execute((
        first.account.raw(),
        first.rank,
        first.lane,
        first.message.raw(),
        last.raw(),
    ))?;
    Ok(())
}

/// A step of a message that no submission tells. Its batch counts it elsewhere ([`super::tx::Tx::moved`]).
pub(super) fn step(connection: &Connection, message: MessageId, state: MessageState, cause: &str, now: Timestamp) -> Outcome<()> {
    connection
        .prepare_cached("INSERT INTO message_changes (message_id, attempts, at, state, cause) SELECT message_id, attempts, ?2, ?3, ?4 FROM messages WHERE message_id = ?1")?
        .execute((message.raw(), now.micros(), state.as_str(), cause))?;
    connection
        .prepare_cached("UPDATE messages SET state = ?2, waits = ?3, cause = ?4, updated_at = ?5, next_try_at = CASE WHEN ?3 THEN next_try_at END WHERE message_id = ?1")?
        .execute((message.raw(), state.as_str(), !state.has_left(), cause, now.micros()))?;
    Ok(())
}

/// The first lane from a number on in which anything of this priority stands.
pub(super) const LANE: &str = "SELECT lane FROM outbox WHERE account_id = ?1 AND priority = ?2 AND lane >= ?3 ORDER BY lane LIMIT 1";

pub(super) fn next_lane(connection: &Connection, account: AccountId, rank: i64, from: i64) -> Outcome<Option<i64>> {
    Ok(connection.prepare_cached(LANE)?.query_row((account.raw(), rank, from), |row| row.get(0)).optional()?)
}

/// The first of these lanes (ascending) from a number on in which anything of this priority stands: both sides are skipped through, neither is walked.
pub(super) fn next_served(connection: &Connection, lanes: &[i64], of: (AccountId, i64), mut from: i64) -> Outcome<Option<i64>> {
    while let Some(served) = lanes.get(lanes.partition_point(|lane| *lane < from)).copied() {
        match next_lane(connection, of.0, of.1, served)? {
            Some(found) if found > served => from = found,
            found => return Ok(found),
        }
    }
    Ok(None)
}
