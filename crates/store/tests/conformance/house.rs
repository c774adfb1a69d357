//! Where a store lives, so that its process can end and start again over the same data.
//!
//! Knows nothing of: what is tested.

use std::sync::Arc;

use salio_store::Store;
use salio_store::memory::{MemoryStore, Process};
use salio_store::sqlite::{Options, SqliteStore};
use tempfile::TempDir;

/// Data that outlives the processes over it.
pub trait House: Send {
    /// The connection of a new process. The one before must be gone.
    fn process(&mut self) -> Arc<dyn Store>;
}

/// In memory; the process before is killed.
#[derive(Default)]
pub struct Memory {
    store: MemoryStore,
    last: Option<Process>,
}

impl House for Memory {
    fn process(&mut self) -> Arc<dyn Store> {
        if let Some(last) = &self.last {
            last.crash();
        }
        let process = self.store.process();
        self.last = Some(process.clone());
        Arc::new(process)
    }
}

/// In one file of a directory of its own.
pub struct Sqlite {
    directory: TempDir,
}

impl Default for Sqlite {
    fn default() -> Self {
        Self { directory: tempfile::tempdir().expect("a temporary directory") }
    }
}

impl House for Sqlite {
    fn process(&mut self) -> Arc<dyn Store> {
        Arc::new(SqliteStore::open(self.directory.path().join("salio.db"), Options::default()).expect("the database opens"))
    }
}
