//! The three rows of a message: itself, its place in the queue, its charge. The same durability as Salio's: WAL, `synchronous=FULL`.

use std::path::Path;

use anyhow::Result;
use rusqlite::Connection;

const TABLES: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16000;
    CREATE TABLE messages (message_id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL, recipient TEXT NOT NULL, sender TEXT NOT NULL, body TEXT NOT NULL,
        state TEXT NOT NULL, segments INTEGER NOT NULL, created_at INTEGER NOT NULL) STRICT;
    CREATE TABLE outbox (account_id INTEGER NOT NULL, message_id INTEGER NOT NULL, PRIMARY KEY (account_id, message_id)) STRICT, WITHOUT ROWID;
    CREATE TABLE charges (message_id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL, amount INTEGER NOT NULL, state TEXT NOT NULL) STRICT;";

pub fn open(directory: &Path) -> Result<Connection> {
    let connection = Connection::open(directory.join("limit.db"))?;
    connection.set_prepared_statement_cache_capacity(16);
    connection.execute_batch(TABLES)?;
    Ok(connection)
}

/// Writes all three.
pub fn write(connection: &Connection, id: i64, to: &str, text: &str) -> Result<()> {
    connection
        .prepare_cached("INSERT INTO messages (message_id, account_id, recipient, sender, body, state, segments, created_at) VALUES (?1, 1, ?2, 'SALIO', ?3, 'queued', 1, ?4)")?
        .execute((id, to, text, 1_795_330_800_000_000_i64))?;
    connection.prepare_cached("INSERT INTO outbox (account_id, message_id) VALUES (1, ?1)")?.execute([id])?;
    connection.prepare_cached("INSERT INTO charges (message_id, account_id, amount, state) VALUES (?1, 1, 1000000, 'queued')")?.execute([id])?;
    Ok(())
}

pub fn begin(connection: &Connection) -> Result<()> {
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    Ok(())
}

pub fn commit(connection: &Connection) -> Result<()> {
    connection.prepare_cached("COMMIT")?.execute([])?;
    Ok(())
}
