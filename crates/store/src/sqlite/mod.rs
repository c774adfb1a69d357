//! The store in one SQLite file: a writer thread that shares commits, and readers that never hold it up.
//!
//! Knows no rules: charges, verdicts and retries are decided in the domain. One process at a time; who holds the file is not looked at here.

mod account;
mod audit;
mod batch;
mod batches;
mod books;
mod books_reading;
mod claim;
mod connect;
mod doubtful;
mod doubts;
mod ending;
mod fault;
mod figures;
mod finding;
mod forwards;
mod inbound;
mod intake;
mod journal;
mod lists;
mod migrate;
mod opening;
mod picking;
#[cfg(test)]
mod plans;
mod questions;
mod queue;
mod readers;
mod reports;
mod secrets;
mod settle;
mod stopping;
mod stops;
mod store;
mod streams;
mod sweep;
mod taking;
mod tokens;
mod tx;
mod words;
mod writer;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::{Result, StoreError};

/// How the file is used.
#[derive(Clone, Debug)]
pub struct Options {
    /// How long to wait for another connection's lock before giving up. Only a person with a tool of their own can hold one.
    pub busy_timeout: Duration,
    /// Readers at the same time; each keeps a connection with a cache of its own.
    pub readers: u16,
    /// Calls that share one commit at most: more would make the first of them wait for the last.
    pub commit_limit: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { busy_timeout: Duration::from_secs(5), readers: 4, commit_limit: 512 }
    }
}

/// Everything Salio keeps, in one file.
#[derive(Debug)]
pub struct SqliteStore {
    writer: writer::Writer,
    readers: readers::Readers,
}

impl SqliteStore {
    /// Opens or creates the database at `path` and brings its schema up to date.
    ///
    /// # Errors
    /// When the file cannot be used, is no database of Salio, or was written by a newer version; the detail says which file and what to do.
    pub fn open(path: impl AsRef<Path>, options: Options) -> Result<Self> {
        let path: PathBuf = path.as_ref().to_path_buf();
        let connection = Self::prepare(&path, &options).map_err(|error| error.at(&path))?;
        let readers = readers::Readers::new(path.clone(), &options);
        let writer = writer::Writer::start(connection, path.clone(), &options)
            .map_err(|error| StoreError::Broken { detail: format!("{}: the writer's thread does not start: {error}", path.display()) })?;
        Ok(Self { writer, readers })
    }

    fn prepare(path: &Path, options: &Options) -> fault::Outcome<rusqlite::Connection> {
        let mut connection = connect::writer(path, options)?;
        migrate::up(&mut connection, migrate::ALL)?;
        Ok(connection)
    }
}
