//! Connections that only read, a few at a time, on threads that may block. They see the last commit and never hold up the writer.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::Semaphore;

use super::fault::Outcome;
use super::{Options, connect};
use crate::{Result, StoreError};

#[derive(Debug)]
struct Shared {
    path: PathBuf,
    busy_timeout: Duration,
    idle: Mutex<Vec<Connection>>,
}

/// The handle.
#[derive(Debug)]
pub(super) struct Readers {
    shared: Arc<Shared>,
    places: Arc<Semaphore>,
    count: u32,
}

impl Readers {
    pub(super) fn new(path: PathBuf, options: &Options) -> Self {
        let shared = Shared { path, busy_timeout: options.busy_timeout, idle: Mutex::default() };
        let count = u32::from(options.readers.max(1));
        Self { shared: Arc::new(shared), places: Arc::new(Semaphore::new(usize::from(options.readers.max(1)))), count }
    }

    /// Runs `read` on one state of the database: all its statements see the same commit.
    pub(super) async fn call<T: Send + 'static>(&self, read: impl FnOnce(&Connection) -> Outcome<T> + Send + 'static) -> Result<T> {
        let place = self.places.clone().acquire_owned().await.map_err(|_| StoreError::Closed)?;
        let shared = self.shared.clone();
        let work = move || {
            let _place = place;
            shared.run(read).map_err(|fault| fault.at(&shared.path))
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| StoreError::Broken { detail: format!("a read did not end: {error}") })?
    }

    /// Lets nobody in any more; waits until those inside have left, so that the file has no reader when the log is folded in.
    pub(super) async fn close(&self) {
        let inside = self.places.acquire_many(self.count).await;
        self.places.close();
        drop(inside);
        self.shared.idle.lock().clear();
    }
}

impl Shared {
    fn run<T>(&self, read: impl FnOnce(&Connection) -> Outcome<T>) -> Outcome<T> {
        let kept = self.idle.lock().pop();
        let mut connection = kept.map_or_else(|| connect::reader(&self.path, self.busy_timeout), Ok)?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
        let outcome = read(&transaction);
        drop(transaction);
        self.idle.lock().push(connection);
        outcome
    }
}
