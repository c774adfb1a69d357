//! Everything from which a shown figure can be derived again. Sums come from the rows themselves, not from what is kept with the account.

use rusqlite::{Connection, Row};
use salio_domain::balance::{Remembered, Taken};
use salio_domain::{AccountId, Units};

use super::fault::Outcome;
use super::words::{Sql, at, optional_at, optional_units, units};
use super::{account, questions, taking};
use crate::{Audit, ObservationRow, SubmissionRow};

pub(super) fn audit(connection: &Connection, id: AccountId) -> Outcome<Audit> {
    let snapshot = account::load(connection, id)?.shown;
    Ok(Audit {
        opening: snapshot.standing.opening,
        observations: rows(
            connection,
            "SELECT question, units, asked_seq, asked_at, answered_at, answered_seq, verdict, shown FROM observations WHERE account_id = ?1 ORDER BY question",
            id,
            observation,
        )?,
        submissions: rows(
            connection,
            "SELECT submission_id, begun_seq, ended_seq, ended_at, sure_left, doubtful_left, charge, voided, remembered + suspense, remembered_until FROM submissions WHERE account_id = ?1 ORDER BY begun_seq",
            id,
            submission,
        )?,
        calls: questions::calls_since(connection, id, None)?,
        queued: queued(connection, id)?,
        snapshot,
    })
}

fn rows<T>(connection: &Connection, sql: &str, id: AccountId, read: fn(&Row<'_>) -> Sql<T>) -> Outcome<Vec<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_map([id.raw()], read)?.collect::<Result<_, _>>()?)
}

fn observation(row: &Row<'_>) -> Sql<ObservationRow> {
    let taken = Taken { units: units(row, 1)?, question: row.get(0)?, asked_seq: row.get(2)?, asked_at: at(row, 3)?, answered_at: at(row, 4)? };
    Ok(ObservationRow { taken, answered_seq: row.get(5)?, verdict: row.get(6)?, shown: optional_units(row, 7)? })
}

fn submission(row: &Row<'_>) -> Sql<SubmissionRow> {
    let open = taking::open_charge(row)?;
    let (amount, until) = (units(row, 8)?, optional_at(row, 9)?);
    let remembered = until.map(|until| Remembered { submission: open.submission, amount, until });
    Ok(SubmissionRow { open, charge: units(row, 6)?, voided: units(row, 7)?, remembered })
}

/// What waits: not what its batch has not released, nor what lies behind its cut.
const QUEUED: &str = "SELECT coalesce(sum(m.charge), 0) FROM outbox o CROSS JOIN messages m USING (message_id) LEFT JOIN batches b ON b.batch_id = m.batch_id
    WHERE o.account_id = ?1 AND (m.batch_id IS NULL OR (b.released_at IS NOT NULL AND (b.cut_message_id IS NULL OR m.message_id <= b.cut_message_id)))";

fn queued(connection: &Connection, id: AccountId) -> Outcome<Units> {
    Ok(connection.prepare_cached(QUEUED)?.query_row([id.raw()], |row| units(row, 0))?)
}
