//! Reports on their way to the programs whose messages they are of.
//!
//! Knows nothing of: how a program is called, and when a try is repeated.

use rusqlite::{Connection, OptionalExtension, Row};
use salio_domain::ids::{ReportId, TokenId};
use salio_domain::{MessageId, Timestamp};

use super::fault::{Fault, Outcome};
use super::journal::limited;
use super::tx::Tx;
use super::words::{Sql, at, micros, optional_at};
use super::{lists, reports};
use crate::{ForwardRow, Forwarded};

/// A forward for the program whose message this is, due as soon as the earlier ones of the message have ended; whether there is one that wants it. A key that was taken
/// back wants nothing.
pub(super) fn queue(connection: &Connection, message: MessageId, report: ReportId, now: Timestamp) -> Outcome<bool> {
    let written = connection
        .prepare_cached(
            "INSERT INTO forwards (token_id, message_id, report_id, created_at, next_try_at)
             SELECT t.token_id, m.message_id, ?2, ?3, ?3 FROM messages m JOIN tokens t USING (token_id) WHERE m.message_id = ?1 AND t.dlr_url IS NOT NULL AND t.revoked_at IS NULL",
        )?
        .execute((message.raw(), report.raw(), now.micros()))?;
    Ok(written > 0)
}

pub(super) const DUE: &str = "SELECT f.forward_id, f.token_id, f.message_id, f.report_id, f.attempts, f.created_at, t.dlr_url
    FROM forwards f CROSS JOIN tokens t USING (token_id) WHERE f.next_try_at <= ?1 AND instr(?3, ',' || f.token_id || ',') = 0
    AND NOT EXISTS (SELECT 1 FROM forwards e WHERE e.message_id = f.message_id AND e.forward_id < f.forward_id AND e.next_try_at IS NOT NULL)
    ORDER BY f.next_try_at, f.forward_id LIMIT ?2";

pub(super) const NEXT: &str = "SELECT f.next_try_at FROM forwards f WHERE f.next_try_at IS NOT NULL AND instr(?1, ',' || f.token_id || ',') = 0
    AND NOT EXISTS (SELECT 1 FROM forwards e WHERE e.message_id = f.message_id AND e.forward_id < f.forward_id AND e.next_try_at IS NOT NULL)
    ORDER BY f.next_try_at LIMIT 1";

/// Keys as the statements look for them: `,7,9,`.
pub(super) fn busy(keys: &[TokenId]) -> String {
    keys.iter().fold(",".to_owned(), |list, key| format!("{list}{},", key.raw()))
}

/// What a row of it names.
struct Due {
    id: i64,
    token: TokenId,
    message: MessageId,
    report: ReportId,
    attempts: u32,
    created_at: Timestamp,
    url: String,
}

/// Oldest first.
pub(super) fn due(connection: &Connection, now: Timestamp, busy: &str, limit: usize) -> Outcome<Vec<ForwardRow>> {
    let mut statement = connection.prepare_cached(DUE)?;
    let rows: Vec<Due> = statement.query_map((now.micros(), limited(limit), busy), read)?.collect::<Result<_, _>>()?;
    rows.into_iter().map(|due| whole(connection, due)).collect()
}

fn read(row: &Row<'_>) -> Sql<Due> {
    Ok(Due {
        id: row.get(0)?,
        token: TokenId::from_raw(row.get(1)?),
        message: MessageId::from_raw(row.get(2)?),
        report: ReportId::from_raw(row.get(3)?),
        attempts: row.get(4)?,
        created_at: at(row, 5)?,
        url: row.get(6)?,
    })
}

fn whole(connection: &Connection, due: Due) -> Outcome<ForwardRow> {
    let Due { id, token, url, attempts, created_at, .. } = due;
    let (message, report) = (lists::one(connection, due.message)?, reports::one(connection, due.report)?);
    Ok(ForwardRow { id, token, url, attempts, created_at, message, report })
}

/// When the earliest is due.
pub(super) fn next(connection: &Connection, busy: &str) -> Outcome<Option<Timestamp>> {
    Ok(connection.prepare_cached(NEXT)?.query_row([busy], |row| at(row, 0)).optional()?)
}

/// What came of a try. One that has ended stays ended.
pub(super) fn ended(tx: &Tx<'_>, id: i64, outcome: &Forwarded, now: Timestamp) -> Outcome<()> {
    let (again, word) = match outcome {
        Forwarded::Done => (None, Some("done")),
        Forwarded::Again(at) => (Some(*at), None),
        Forwarded::GivenUp => (None, Some("given_up")),
    };
    let mut found = tx.connection.prepare_cached("SELECT ended_at FROM forwards WHERE forward_id = ?1")?;
    match found.query_row([id], |row| optional_at(row, 0)).optional()? {
        None => return Err(Fault::not_found("forward")),
        Some(Some(_)) => return Ok(()),
        Some(None) => {}
    }
    tx.connection.prepare_cached("UPDATE forwards SET attempts = attempts + 1, next_try_at = ?2, ended_at = ?3, outcome = ?4 WHERE forward_id = ?1")?.execute((
        id,
        micros(again),
        word.map(|_| now.micros()),
        word,
    ))?;
    Ok(())
}
