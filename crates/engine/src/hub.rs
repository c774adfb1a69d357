//! From where viewers hear: the newest snapshot of each account (newest wins, nobody is held up) and a bounded stream of happenings.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::RwLock;
use salio_domain::ids::BatchId;
use salio_domain::message::MessageState;
use salio_domain::{AccountId, MessageId, Msisdn, Timestamp};
use salio_store::AccountSnapshot;
use tokio::sync::{Notify, broadcast, watch};

use crate::batches::BatchView;

/// A viewer that is further behind than this loses happenings (never balances, which it hears whole).
const HAPPENINGS_KEPT: usize = 1024;

/// Something that happened, beside the balances.
#[derive(Clone, Debug)]
pub enum Event {
    /// A message changed: one of no batch, or of a small one.
    Message(Arc<MessageEvent>),
    /// A batch changed, or goes on.
    Batch(Arc<BatchView>),
    /// A question began or ended.
    Refresh(AccountId, RefreshPhase),
    /// Somebody should act: account, stable code, text for people.
    Alert(AccountId, String, String),
}

/// A message that changed.
#[derive(Clone, Debug)]
pub struct MessageEvent {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub id: MessageId,
    /// The batch it came in.
    pub batch: Option<BatchId>,
    /// To whom.
    pub to: Msisdn,
    /// Where it is now.
    pub state: MessageState,
    /// Why.
    pub cause: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// How far a question is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshPhase {
    /// Being asked.
    Started,
    /// Answered with a figure.
    Done,
    /// No figure.
    Failed,
}

#[derive(Debug)]
struct Slot {
    latest: watch::Sender<Arc<AccountSnapshot>>,
    next_refresh_at: RwLock<Option<Timestamp>>,
}

/// Cheap to clone.
#[derive(Clone, Debug)]
pub struct Hub {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    slots: BTreeMap<AccountId, Slot>,
    events: broadcast::Sender<Event>,
    watchers: AtomicUsize,
    watchers_changed: Notify,
}

/// While it lives, a dashboard is open.
#[derive(Debug)]
pub struct Watching {
    hub: Hub,
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.hub.inner.watchers.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Hub {
    /// For these accounts.
    #[must_use]
    pub fn new(snapshots: Vec<AccountSnapshot>) -> Self {
        let slots = snapshots.into_iter().map(|snapshot| (snapshot.account, Slot { latest: watch::Sender::new(Arc::new(snapshot)), next_refresh_at: RwLock::new(None) })).collect();
        Self { inner: Arc::new(Inner { slots, events: broadcast::Sender::new(HAPPENINGS_KEPT), watchers: AtomicUsize::new(0), watchers_changed: Notify::new() }) }
    }

    /// Shows a snapshot, unless a newer one is shown.
    pub fn publish(&self, snapshot: AccountSnapshot) {
        if let Some(slot) = self.inner.slots.get(&snapshot.account) {
            slot.latest.send_if_modified(|latest| {
                let newer = snapshot.version > latest.version;
                if newer {
                    *latest = Arc::new(snapshot);
                }
                newer
            });
        }
    }

    /// The newest snapshot.
    #[must_use]
    pub fn latest(&self, account: AccountId) -> Option<Arc<AccountSnapshot>> {
        self.inner.slots.get(&account).map(|slot| slot.latest.borrow().clone())
    }

    /// Hears of each newer snapshot; one that is slow hears only the newest.
    #[must_use]
    pub fn subscribe(&self, account: AccountId) -> Option<watch::Receiver<Arc<AccountSnapshot>>> {
        self.inner.slots.get(&account).map(|slot| slot.latest.subscribe())
    }

    /// When the account will be asked next by itself.
    #[must_use]
    pub fn next_refresh_at(&self, account: AccountId) -> Option<Timestamp> {
        self.inner.slots.get(&account).and_then(|slot| *slot.next_refresh_at.read())
    }

    pub(crate) fn set_next_refresh_at(&self, account: AccountId, at: Option<Timestamp>) {
        if let Some(slot) = self.inner.slots.get(&account) {
            *slot.next_refresh_at.write() = at;
        }
    }

    /// Hears of happenings.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.inner.events.subscribe()
    }

    /// Whether anybody would hear a happening.
    #[must_use]
    pub fn is_heard(&self) -> bool {
        self.inner.events.receiver_count() > 0
    }

    /// Tells whoever listens; nobody is waited for.
    pub fn tell(&self, event: Event) {
        let _ = self.inner.events.send(event);
    }

    /// A dashboard was opened.
    #[must_use]
    pub fn watch(&self) -> Watching {
        if self.inner.watchers.fetch_add(1, Ordering::Relaxed) == 0 {
            self.inner.watchers_changed.notify_waiters();
        }
        Watching { hub: self.clone() }
    }

    /// How many dashboards are open.
    #[must_use]
    pub fn watchers(&self) -> usize {
        self.inner.watchers.load(Ordering::Relaxed)
    }

    /// Ends when the first dashboard opens; hears of it from its making on, not from its first poll.
    pub(crate) fn first_watcher(&self) -> tokio::sync::futures::Notified<'_> {
        self.inner.watchers_changed.notified()
    }
}
