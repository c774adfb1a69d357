//! Batches as people look at them, and what they want of them.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension};
use salio_domain::ids::BatchId;
use salio_domain::message::MessageState;
use salio_domain::{AccountId, Timestamp};

use super::batch::{self, Batch, select_batch};
use super::fault::{Fault, Outcome};
use super::journal::limited;
use super::tx::Tx;
use crate::{AccountSnapshot, BatchFilter, BatchOrder, BatchRow, BatchState, LineError};

pub(super) fn one(connection: &Connection, id: BatchId) -> Outcome<BatchRow> {
    Ok(batch::load(connection, id)?.row)
}

/// One page, newest first.
pub(super) fn page(connection: &Connection, filter: &BatchFilter) -> Outcome<Vec<BatchRow>> {
    let (sql, values) = query(filter);
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(rusqlite::params_from_iter(values), |row| batch::read(row).map(|batch| batch.row))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

const WAITING: &str = "in_scheduled + in_queued + in_submitting";

/// The statement of a filter: one of a dozen texts, so that it is prepared once.
pub(super) fn query(filter: &BatchFilter) -> (String, Vec<Value>) {
    let mut sql = select_batch!("WHERE batch_id < ?").to_owned();
    let mut values = vec![Value::Integer(filter.before.map_or(i64::MAX, BatchId::raw))];
    if let Some(account) = filter.account {
        sql.push_str(" AND account_id = ?");
        values.push(Value::Integer(account.raw()));
    }
    match filter.state.as_deref() {
        None => {}
        Some("done") => sql.push_str(&format!(" AND state = 'running' AND {WAITING} = 0")),
        Some("running") => sql.push_str(&format!(" AND state = 'running' AND {WAITING} > 0")),
        Some(state) => {
            sql.push_str(" AND state = ?");
            values.push(Value::Text(state.to_owned()));
        }
    }
    sql.push_str(" ORDER BY batch_id DESC LIMIT ?");
    values.push(Value::Integer(limited(filter.limit)));
    (sql, values)
}

pub(super) const ERRORS: &str = "SELECT line, field, code, detail, given FROM batch_errors WHERE batch_id = ?1 AND line > ?2 ORDER BY line LIMIT ?3";

/// In order.
pub(super) fn errors(connection: &Connection, id: BatchId, after: i64, limit: usize) -> Outcome<Vec<LineError>> {
    if connection.prepare_cached("SELECT 1 FROM batches WHERE batch_id = ?1")?.query_row([id.raw()], |_| Ok(())).optional()?.is_none() {
        return Err(Fault::not_found("batch"));
    }
    let mut statement = connection.prepare_cached(ERRORS)?;
    let rows = statement
        .query_map((id.raw(), after, limited(limit)), |row| Ok(LineError { line: row.get(0)?, field: row.get(1)?, code: row.get(2)?, detail: row.get(3)?, given: row.get(4)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What was wanted before is answered again.
pub(super) fn order(tx: &mut Tx<'_>, id: BatchId, order: BatchOrder, now: Timestamp) -> Outcome<(BatchRow, AccountSnapshot)> {
    let mut batch = tx.batch(id)?;
    if batch.row.state != wanted(order) {
        obey(&mut batch, order, now)?;
        tx.put_batch(batch.clone());
    }
    let account: AccountId = batch.row.account;
    Ok((batch.row, tx.account(account)?.shown))
}

const PERSON: &str = "person";

const fn wanted(order: BatchOrder) -> BatchState {
    match order {
        BatchOrder::Pause => BatchState::Paused,
        BatchOrder::Resume => BatchState::Running,
        BatchOrder::Cancel => BatchState::Cancelled,
    }
}

fn obey(batch: &mut Batch, order: BatchOrder, now: Timestamp) -> Outcome<()> {
    match (batch.row.state, order) {
        (BatchState::Cancelled | BatchState::Refused, _) => return Err(Fault::conflict("the batch has ended")),
        (BatchState::Running, _) if batch.row.is_done() => return Err(Fault::conflict("the batch has ended")),
        (BatchState::Receiving, BatchOrder::Pause | BatchOrder::Resume) => return Err(Fault::conflict("the batch is still being received")),
        (_, BatchOrder::Cancel) => take_back(batch, BatchState::Cancelled, PERSON),
        (_, BatchOrder::Pause | BatchOrder::Resume) => batch.row.state = wanted(order),
    }
    batch.row.updated_at = now;
    Ok(())
}

/// What waits of it is taken back by the sweep; what was never released was never accepted, so its key is free. What a person took back stays so: the client's next try is told.
pub(super) fn take_back(batch: &mut Batch, state: BatchState, cause: &str) {
    batch.row.state = state;
    batch.row.cause = Some(cause.to_owned());
    batch.sweeping = batch.row.counts.get(MessageState::Queued) + batch.row.counts.get(MessageState::Scheduled) > 0;
    if batch.row.released_at.is_none() && cause != PERSON {
        batch.key = None;
    }
}
