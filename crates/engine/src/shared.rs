//! What every running part of one engine holds: the store, the clock, the hub, the batches in motion, the stop list, and the ways to wake the others.
//!
//! Knows no rules: it only carries news from who made it to who waits for it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use salio_domain::ids::BatchId;
use salio_domain::{AccountId, Timestamp};
use salio_store::{AccountSnapshot, BatchRow, MessageRow, Store};
use tokio::sync::Notify;
use tracing::warn;

use crate::balance::{Command, TrackerHandle};
use crate::batches::{BatchBook, BatchView};
use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::evidence::Keys;
use crate::hub::{Event, Hub, MessageEvent};
use crate::outbox::{Accepted, StopList};

/// How the parts of one account are reached.
#[derive(Clone, Debug)]
pub(crate) struct Reach {
    pub tracker: TrackerHandle,
    /// Somebody accepted, resumed, topped up.
    pub dispatcher: Arc<Notify>,
}

/// One for each engine.
pub(crate) struct Shared {
    pub store: Arc<dyn Store>,
    pub hub: Hub,
    pub clock: Clock,
    pub entropy: Arc<Entropy>,
    pub book: BatchBook,
    pub stops: StopList,
    pub reach: BTreeMap<AccountId, Reach>,
    /// There is something to take back.
    pub sweeping: Notify,
    /// A report waits to be handed on.
    pub forwarding: Notify,
    /// Keys that programs show.
    pub keys: Keys,
    /// How long a balance question may take.
    pub balance_timeout: Duration,
}

impl Shared {
    /// An account changed: viewers see it, its tracker plans anew, its dispatcher looks again.
    pub(crate) fn changed(&self, snapshot: AccountSnapshot) {
        let account = snapshot.account;
        self.hub.publish(snapshot);
        if let Some(reach) = self.reach.get(&account) {
            reach.tracker.nudge(Command::Changed);
            reach.dispatcher.notify_one();
        }
    }

    /// Something that was accepted before was asked for again: whoever sends looks now, whatever was missed then.
    pub(crate) fn wake_dispatchers(&self) {
        self.reach.values().for_each(|reach| reach.dispatcher.notify_one());
    }

    /// The balance is asked again, or a question that runs is joined; ends with its answer, or without one when the budget, the backoff or the time does not allow it.
    pub(crate) async fn ask_again(&self, account: AccountId) {
        if let Some(reach) = self.reach.get(&account) {
            let _ = tokio::time::timeout(self.balance_timeout, reach.tracker.ask_again()).await;
        }
    }

    /// Messages are on disk.
    pub(crate) fn accepted(&self, snapshot: AccountSnapshot, accepted: &Accepted, now: Timestamp) {
        let account = snapshot.account;
        self.hub.publish(snapshot);
        if let Some(reach) = self.reach.get(&account) {
            reach.dispatcher.notify_one();
        }
        if let Some(batch) = accepted.batch {
            self.book.learn(batch, accepted.messages.len());
            self.book.changed(batch);
        }
        if self.hub.is_heard() && accepted.batch.is_none_or(|batch| self.book.is_small(batch) == Some(true)) {
            for message in &accepted.messages {
                let event = MessageEvent { account, id: message.id, batch: accepted.batch, to: message.to.clone(), state: message.state, cause: None, at: now };
                self.hub.tell(Event::Message(Arc::new(event)));
            }
        }
    }

    /// Messages changed one by one: viewers hear of it, and of their batches.
    pub(crate) async fn messages_changed(&self, rows: &[MessageRow]) {
        for row in rows {
            if let Some(batch) = row.batch {
                self.book.changed(batch);
            }
            if self.is_told(row.batch).await {
                let event = MessageEvent { account: row.account, id: row.id, batch: row.batch, to: row.to.clone(), state: row.state, cause: row.cause.clone(), at: row.updated_at };
                self.hub.tell(Event::Message(Arc::new(event)));
            }
        }
    }

    /// Whether viewers hear of single messages of a batch: of a large one they hear as a whole.
    pub(crate) async fn is_told(&self, batch: Option<BatchId>) -> bool {
        let Some(batch) = batch else { return self.hub.is_heard() };
        if !self.hub.is_heard() {
            return false;
        }
        match self.book.is_small(batch) {
            Some(small) => small,
            None => self.batch_row(batch).await.is_some_and(|row| BatchBook::small(row.messages)),
        }
    }

    /// A batch as it stands; its size is remembered.
    pub(crate) async fn batch_row(&self, id: BatchId) -> Option<BatchRow> {
        match self.store.batch(id).await {
            Ok(row) => {
                self.book.learn(id, usize::try_from(row.messages).unwrap_or(0));
                Some(row)
            }
            Err(error) => {
                warn!(batch = %id, %error, "a batch could not be read");
                None
            }
        }
    }

    /// A batch, seen now.
    pub(crate) fn batch_view(&self, row: BatchRow) -> BatchView {
        let pace = self.book.pace(row.id, self.clock.steady());
        let snapshot = self.hub.latest(row.account);
        BatchView::of(row, snapshot.as_deref(), pace)
    }
}
