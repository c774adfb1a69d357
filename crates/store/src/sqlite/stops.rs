//! Numbers that nobody may send to.
//!
//! Knows nothing of: who asks whether a number is among them; that happens at intake, over a copy.

use rusqlite::Connection;
use salio_domain::{Msisdn, Timestamp};

use super::fault::Outcome;
use super::tx::Tx;
use super::words::at;

/// A number that is on the list already keeps its date.
pub(super) fn add(tx: &Tx<'_>, numbers: &[Msisdn], now: Timestamp) -> Outcome<()> {
    let mut statement = tx.connection.prepare_cached("INSERT INTO stop_list (number, added_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
    for number in numbers {
        statement.execute((number.as_str(), now.micros()))?;
    }
    Ok(())
}

/// Whether it was on the list.
pub(super) fn remove(tx: &Tx<'_>, number: &Msisdn) -> Outcome<bool> {
    Ok(tx.connection.prepare_cached("DELETE FROM stop_list WHERE tenant_id = 1 AND number = ?1")?.execute([number.as_str()])? > 0)
}

/// By number.
pub(super) fn all(connection: &Connection) -> Outcome<Vec<(Msisdn, Timestamp)>> {
    let mut statement = connection.prepare_cached("SELECT number, added_at FROM stop_list WHERE tenant_id = 1 ORDER BY number")?;
    let rows = statement.query_map([], |row| Ok((Msisdn::from_stored(row.get(0)?), at(row, 1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
