//! Many stored messages without sending them: copies of one that was sent, with numbers, names and times of their own, written straight into the file.
//!
//! Copies every column that there is, so that it follows the migrations by itself. What only grows at its end (submissions, the books) is not copied.

use std::path::Path;

use anyhow::{Result, ensure};
use rusqlite::Connection;

/// Rows a transaction.
const AT_ONCE: i64 = 100_000;
/// Between two ids.
const STEP: i64 = 4096;

/// What differs from row to row; `n.i` counts from 1, `?3` is how many there will be.
const TABLES: [(&str, &[(&str, &str)]); 3] = [
    (
        "messages",
        &[
            ("message_id", ID),
            ("recipient", "printf('2547%08d', n.i % 100000000)"),
            ("created_at", "o.created_at - (?3 - n.i) * 1000"),
            ("updated_at", "o.updated_at - (?3 - n.i) * 1000"),
        ],
    ),
    ("submission_messages", &[("message_id", ID), ("position", "n.i")]),
    ("provider_messages", &[("message_id", ID), ("provider_message_id", "printf('5a11ffff-0000-4000-8000-%012d', n.i)")]),
];
const ID: &str = "o.message_id - (?3 + 1 - n.i) * ?4";

/// Brings the database to so many messages.
pub fn grow(path: &Path, stored: i64) -> Result<()> {
    let connection = Connection::open(path)?;
    connection.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -64000;")?;
    let copies = stored - 1;
    for (table, differ) in TABLES {
        let statement = statement(&connection, table, differ)?;
        for first in (0..copies).step_by(AT_ONCE.try_into()?) {
            connection.execute(&statement, [first + 1, (first + AT_ONCE).min(copies), copies, STEP])?;
        }
    }
    let count: i64 = connection.query_row("SELECT count(*) FROM messages", [], |row| row.get(0))?;
    ensure!(count == stored, "{count} messages instead of {stored}");
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE);")?;
    Ok(())
}

fn statement(connection: &Connection, table: &str, differ: &[(&str, &str)]) -> Result<String> {
    let mut columns = connection.prepare("SELECT name FROM pragma_table_info(?1)")?;
    let columns: Vec<String> = columns.query_map([table], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let values = columns.iter().map(|column| differ.iter().find(|(name, _)| name == column).map_or_else(|| format!("o.{column}"), |(_, value)| (*value).to_owned()));
    let values: Vec<_> = values.collect();
    Ok(format!(
        "WITH RECURSIVE n(i) AS (VALUES (?1) UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
         INSERT INTO {table} ({}) SELECT {} FROM n, (SELECT * FROM {table} ORDER BY message_id DESC LIMIT 1) o WHERE ?3 > 0 AND ?4 > 0",
        columns.join(", "),
        values.join(", ")
    ))
}
