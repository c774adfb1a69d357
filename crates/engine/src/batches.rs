//! Batches as viewers see them: the stored row with its shown state, why it waits, how fast it goes and how long it will take.
//!
//! Knows nothing of: who reads it, how a batch is sent.

mod book;
mod pace;
mod ticker;

use std::time::Duration;

use salio_store::{AccountSnapshot, BatchRow, BatchState};

pub(crate) use book::BatchBook;
pub(crate) use pace::Pace;
pub(crate) use ticker::tell_batches;

use crate::waiting;

/// A batch, seen at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchView {
    /// As stored.
    pub row: BatchRow,
    /// Why it is where it is, or, while it runs, why its messages wait.
    pub cause: Option<String>,
    /// Messages begun a second over the last 10 s; none when nothing was begun in them.
    pub rate_per_second: Option<i64>,
    /// How long what waits takes at that pace.
    pub time_left: Option<Duration>,
}

impl BatchView {
    pub(crate) fn of(row: BatchRow, account: Option<&AccountSnapshot>, pace: Option<Pace>) -> Self {
        let running = row.state == BatchState::Running && !row.is_done();
        let pace = pace.filter(|_| running);
        let waits = account.filter(|_| running).and_then(|account| waiting::account_cause(account, row.priority));
        Self {
            // Only people pause batches.
            cause: row.cause.clone().or_else(|| (row.state == BatchState::Paused).then(|| "person".to_owned())).or_else(|| waits.map(str::to_owned)),
            rate_per_second: pace.map(|pace| pace.per_second()),
            time_left: pace.map(|pace| pace.time_for(row.counts.waiting())),
            row,
        }
    }

    /// The word shown for its state: `done` once it runs and nothing of it waits.
    #[must_use]
    pub fn state(&self) -> &'static str {
        if self.row.is_done() { "done" } else { self.row.state.as_str() }
    }
}
