//! Why a message waits: derived from its batch and its account when it is read, never stored. A message that waits for its own time has no such cause.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use salio_domain::ids::BatchId;
use salio_domain::message::{MessageState, Priority};
use salio_domain::outbox::Pause;
use salio_store::{AccountSnapshot, BatchRow, BatchState, MessageRow, StoreError};

use crate::engine::Engine;

/// Why nothing of this priority leaves an account.
pub(crate) fn account_cause(account: &AccountSnapshot, priority: Priority) -> Option<&'static str> {
    if account.stopped_at.is_some() {
        return Some("account_paused");
    }
    if let Some((pause, _)) = account.paused {
        return Some(Pause::as_str(pause));
    }
    account.held.filter(|held| priority.rank() >= held.rank).map(|_| "insufficient_balance")
}

/// Why nothing of a batch is begun.
const fn batch_cause(batch: &BatchRow) -> Option<&'static str> {
    match batch.state {
        BatchState::Receiving => Some("batch_receiving"),
        BatchState::Paused => Some("batch_paused"),
        // Being taken back.
        BatchState::Cancelled => Some("batch_cancelled"),
        BatchState::Refused => Some("insufficient_balance"),
        BatchState::Running => None,
    }
}

fn cause(row: &MessageRow, batch: Option<&BatchRow>, account: Option<&AccountSnapshot>) -> Option<&'static str> {
    match row.state {
        MessageState::Queued => batch.and_then(batch_cause).or_else(|| account.and_then(|account| account_cause(account, row.priority))),
        MessageState::Scheduled => batch.and_then(batch_cause),
        _ => None,
    }
}

impl Engine {
    /// Why each of these messages waits, where it is not for its own time: `batch_receiving`, `batch_paused`, `batch_cancelled`, `account_paused`,
    /// `out_of_credit`, `credentials_refused`, `insufficient_balance`. Each batch of the page is read once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn why_waits(&self, rows: &[MessageRow]) -> Result<Vec<Option<&'static str>>, StoreError> {
        let mut batches: HashMap<BatchId, BatchRow> = HashMap::new();
        for batch in rows.iter().filter(|row| !row.state.has_left()).filter_map(|row| row.batch) {
            if let Entry::Vacant(unread) = batches.entry(batch) {
                unread.insert(self.store().batch(batch).await?);
            }
        }
        let cause = |row: &MessageRow| cause(row, row.batch.and_then(|batch| batches.get(&batch)), self.hub().latest(row.account).as_deref());
        Ok(rows.iter().map(cause).collect())
    }
}
