//! Connections and their settings, each with its reason.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::Options;
use super::fault::{Fault, Outcome};

/// `SALI`: tells a database of Salio from any other SQLite file.
pub(super) const APPLICATION_ID: i32 = 0x5341_4c49;
/// Statements kept ready; the whole store has fewer.
const STATEMENTS: usize = 128;

/// The one that writes.
pub(super) fn writer(path: &Path, options: &Options) -> Outcome<Connection> {
    create_private(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = common(Connection::open_with_flags(path, flags)?, options.busy_timeout)?;
    refuse_strangers(&connection)?;
    // WAL: readers never wait for the writer. FULL: a commit is on the disk before anybody hears of it.
    // 4,000 pages (16 MB) between checkpoints keeps their fsyncs rare; the log shrinks again to 64 MB after a burst.
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        return Err(Fault::File(format!("keeps its journal as {mode}, and cannot be read while it is written; put it on a local disk")));
    }
    connection.execute_batch(
        "PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA wal_autocheckpoint = 4000;
         PRAGMA journal_size_limit = 67108864;
         PRAGMA cache_size = -16000;",
    )?;
    Ok(connection)
}

/// One that only reads.
pub(super) fn reader(path: &Path, busy_timeout: Duration) -> Outcome<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = common(Connection::open_with_flags(path, flags)?, busy_timeout)?;
    connection.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -2000;")?;
    Ok(connection)
}

fn common(connection: Connection, busy_timeout: Duration) -> Outcome<Connection> {
    connection.busy_timeout(busy_timeout)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // A plan holds whatever values are bound: else statements that a partial index might serve are prepared anew with each other value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch("PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;")?;
    Ok(connection)
}

/// The file holds numbers and texts of people: nobody else on the machine reads it. The database gives its log the same rights.
fn create_private(path: &Path) -> Outcome<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .map(|_| ())
        .map_err(|error| Fault::File(format!("cannot be opened for writing ({error}); create its directory, or make both writable for the user that runs salio")))
}

/// Before anything is written: an empty file is ours, any other must say so.
fn refuse_strangers(connection: &Connection) -> Outcome<()> {
    let id: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables > 0 && id != APPLICATION_ID {
        return Err(Fault::File("is a database of another program; name another file".to_owned()));
    }
    Ok(())
}
