//! What went wrong inside, and how it is told outside: which file, what the database said, what to do.
//!
//! Never holds a value of a row: a database's message names tables and columns at most.

use std::path::Path;

use rusqlite::{ErrorCode, ffi};

use crate::StoreError;

/// A failure on the way to an answer.
#[derive(Debug)]
pub(super) enum Fault {
    /// The database.
    Sql(rusqlite::Error),
    /// An answer of the store itself: nothing is broken.
    Answer(StoreError),
    /// The file is not what it should be.
    File(String),
}

pub(super) type Outcome<T> = std::result::Result<T, Fault>;

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Answer(error)
    }
}

impl Fault {
    /// As callers see it.
    pub(super) fn at(&self, path: &Path) -> StoreError {
        match self {
            Self::Answer(answer) => answer.clone(),
            Self::File(what) => StoreError::Broken { detail: format!("{}: {what}", path.display()) },
            Self::Sql(error) => StoreError::Broken { detail: format!("{}: {}{}", path.display(), said(error), advice(error)) },
        }
    }

    pub(super) const fn not_found(what: &'static str) -> Self {
        Self::Answer(StoreError::NotFound { what })
    }

    /// What it means when the key of a new row is there already.
    pub(super) fn or_conflict(error: rusqlite::Error, why: &'static str) -> Self {
        match error.sqlite_error().map(|error| error.extended_code) {
            Some(ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID | ffi::SQLITE_CONSTRAINT_UNIQUE) => Self::conflict(why),
            _ => Self::Sql(error),
        }
    }

    pub(super) const fn conflict(why: &'static str) -> Self {
        Self::Answer(StoreError::Conflict { why })
    }
}

/// The database's words without the SQL, which would be noise in a log.
fn said(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

fn advice(error: &rusqlite::Error) -> &'static str {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "; make room on the disk, nothing was lost",
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => "; make the file and its directory writable for the user that runs salio",
        Some(ErrorCode::CannotOpen) => "; create the directory, or make it accessible to the user that runs salio",
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => "; another program holds the database, close it",
        Some(ErrorCode::NotADatabase) => "; this is no SQLite file, name another one",
        Some(ErrorCode::DatabaseCorrupt) => "; the file is damaged, stop salio, keep a copy and restore the last backup",
        Some(ErrorCode::SystemIoFailure) => "; the disk failed, look at the system's log",
        _ => "",
    }
}
