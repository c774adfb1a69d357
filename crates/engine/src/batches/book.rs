//! Which batches changed, how fast they go, and which are small: in memory, for viewers alone. Nothing is lost when it is.

use std::collections::HashMap;

use parking_lot::Mutex;
use salio_domain::Timestamp;
use salio_domain::ids::BatchId;
use tokio::sync::Notify;

use super::pace::{Pace, Samples};

/// Of batches with more messages than this viewers hear as a whole, not message by message.
const SMALL: i64 = 100;
/// Sizes remembered; beyond that they are read again.
const SIZES_KEPT: usize = 10_000;

#[derive(Debug, Default)]
struct Entry {
    changed: bool,
    begun: Samples,
}

#[derive(Debug, Default)]
struct Book {
    entries: HashMap<BatchId, Entry>,
    small: HashMap<BatchId, bool>,
}

#[derive(Debug, Default)]
pub(crate) struct BatchBook {
    book: Mutex<Book>,
    marked: Notify,
}

impl BatchBook {
    /// Something about a batch is new.
    pub(crate) fn changed(&self, batch: BatchId) {
        self.book.lock().entries.entry(batch).or_default().changed = true;
        self.marked.notify_one();
    }

    /// So many of its messages have begun.
    pub(crate) fn begun(&self, batch: BatchId, messages: i64, now: Timestamp) {
        let mut book = self.book.lock();
        let entry = book.entries.entry(batch).or_default();
        entry.changed = true;
        entry.begun.add(messages, now);
        self.marked.notify_one();
    }

    /// How large it is.
    pub(crate) fn learn(&self, batch: BatchId, messages: usize) {
        let mut book = self.book.lock();
        if book.small.len() >= SIZES_KEPT {
            book.small.clear();
        }
        book.small.insert(batch, Self::small(i64::try_from(messages).unwrap_or(i64::MAX)));
    }

    /// Whether viewers hear of its single messages, where its size is known.
    pub(crate) fn is_small(&self, batch: BatchId) -> Option<bool> {
        self.book.lock().small.get(&batch).copied()
    }

    pub(crate) const fn small(messages: i64) -> bool {
        messages <= SMALL
    }

    pub(crate) fn pace(&self, batch: BatchId, now: Timestamp) -> Option<Pace> {
        self.book.lock().entries.get_mut(&batch).and_then(|entry| entry.begun.pace(now))
    }

    /// Waits until there is something to tell, or a pace that will fade.
    pub(super) async fn marked(&self) {
        while self.book.lock().entries.is_empty() {
            self.marked.notified().await;
        }
    }

    /// What is new since this was asked last; a batch that has fallen silent is told once more, without its pace.
    pub(super) fn take(&self, now: Timestamp) -> Vec<BatchId> {
        let mut news = Vec::new();
        self.book.lock().entries.retain(|batch, entry| {
            let went = !entry.begun.is_empty();
            entry.begun.forget(now);
            let silent = entry.begun.is_empty();
            if std::mem::take(&mut entry.changed) || (went && silent) {
                news.push(*batch);
            }
            !silent
        });
        news.sort_unstable();
        news
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_batch_is_told_when_it_changed_and_once_more_when_it_falls_silent() {
        let (book, batch) = (BatchBook::default(), BatchId::from_raw(7));
        let at = |seconds| Timestamp::from_micros(1_795_000_000_000_000).after(Duration::from_secs(seconds));
        book.begun(batch, 20, at(0));
        assert_eq!((book.take(at(1)), book.take(at(2))), (vec![batch], vec![]));
        assert!(book.pace(batch, at(2)).is_some());
        assert_eq!((book.take(at(11)), book.take(at(12))), (vec![batch], vec![]));
        book.changed(batch);
        assert_eq!((book.take(at(13)), book.take(at(14))), (vec![batch], vec![]));
        assert!(book.book.lock().entries.is_empty(), "nothing is kept of a silent batch");
    }

    #[test]
    fn a_hundred_messages_are_small() {
        let book = BatchBook::default();
        book.learn(BatchId::from_raw(1), 100);
        book.learn(BatchId::from_raw(2), 101);
        assert_eq!([1, 2, 3].map(|raw| book.is_small(BatchId::from_raw(raw))), [Some(true), Some(false), None]);
    }
}
