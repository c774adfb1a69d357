//! Whether the database file is whole: SQLite's own check, for `salio doctor`.
//!
//! Knows nothing of: tables. Reads only, on a connection of its own.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::failure::{Failure, Outcome};

/// Faults that are shown; the first ones tell enough.
const SHOWN: usize = 3;

/// Reads every page and index.
pub async fn integrity(path: &Path) -> Outcome {
    let path: PathBuf = path.to_owned();
    let checked = tokio::task::spawn_blocking(move || check(&path)).await;
    match checked {
        Ok(Ok(faults)) if faults.is_empty() => Ok(()),
        Ok(Ok(faults)) => Err(Failure::failed(format!("the file is damaged: {}", faults.join("; ")))),
        Ok(Err(error)) => Err(Failure::failed(format!("the file cannot be checked: {error}"))),
        Err(error) => Err(Failure::failed(format!("the check did not end: {error}"))),
    }
}

fn check(path: &Path) -> rusqlite::Result<Vec<String>> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    let mut statement = connection.prepare(&format!("PRAGMA integrity_check({SHOWN})"))?;
    let lines: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_whole_file_passes_and_a_damaged_one_does_not() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x.db");
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch("CREATE TABLE t (a TEXT); CREATE INDEX i ON t (a); INSERT INTO t VALUES ('one'), ('two');").unwrap();
        drop(connection);
        assert_eq!(integrity(&path).await, Ok(()));
        let mut bytes = std::fs::read(&path).unwrap();
        let at = bytes.windows(3).rposition(|three| three == b"two").unwrap();
        bytes[at..at + 3].copy_from_slice(b"zzz");
        std::fs::write(&path, bytes).unwrap();
        assert!(integrity(&path).await.unwrap_err().to_string().starts_with("the file is damaged"));
    }
}
