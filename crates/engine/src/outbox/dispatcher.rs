//! The run loop that sends for one account: claims what is due, within rate and concurrency, each submission a task of its own.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use salio_domain::admission::SpendingRules;
use salio_domain::ids::BatchId;
use salio_domain::message::{MessageState, Priority};
use salio_domain::{AccountId, SubmissionId, Timestamp};
use salio_provider::Provider;
use salio_store::{AccountSnapshot, BeginOutcome, BeginSubmissions, BegunSubmission, StoreError};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::error;

use super::brake::Brake;
use super::rate::Rate;
use super::shortness::Shortness;
use super::submission::Submission;
use crate::balance::TrackerHandle;
use crate::hub::{Event, MessageEvent};
use crate::options::DispatchOptions;
use crate::shared::{Reach, Shared};

/// Nothing waits longer than this without being looked at again, whatever was missed.
const LONGEST_NAP: Duration = Duration::from_secs(30);
/// While credit is short for some, others of a higher priority may fall due: their time is not known apart from those that are held.
const HELD_NAP: Duration = Duration::from_secs(1);
/// After the database failed.
const DATABASE_PAUSE: Duration = Duration::from_secs(1);
/// A submission has its answer, or none, by its timeout; writing that down takes no longer than this.
const LEASE_GRACE: Duration = Duration::from_secs(5);

/// Submissions begun in one transaction at most. All that there is room for would go out together, come back together, and then wait for each other while
/// nothing is on its way.
const BEGUN_TOGETHER: usize = 8;
/// Submissions at most, of what may be with the provider at once: those whose answer has come keep no place there while it is written down, but while the
/// database fails they must not pile up.
const WITH_UNWRITTEN: usize = 3;

/// What a dispatcher is made of.
pub(crate) struct DispatcherParts {
    pub account: AccountId,
    pub slug: String,
    pub unit: String,
    pub provider: Arc<dyn Provider>,
    pub shared: Arc<Shared>,
    pub options: DispatchOptions,
    pub spending: SpendingRules,
    pub reach: Reach,
    pub stop: CancellationToken,
}

impl DispatcherParts {
    pub(super) const fn tracker(&self) -> &TrackerHandle {
        &self.reach.tracker
    }

    pub(super) fn wake(&self) {
        self.reach.dispatcher.notify_one();
    }
}

pub(crate) struct Dispatcher {
    parts: Arc<DispatcherParts>,
    running: JoinSet<()>,
    /// Places with the provider.
    places: Arc<Semaphore>,
    brake: Arc<Mutex<Brake>>,
    rate: Rate,
    shortness: Shortness,
    /// The account as viewers see it: while nothing may be sent, a change of it is what is waited for.
    snapshots: watch::Receiver<Arc<AccountSnapshot>>,
}

impl Dispatcher {
    /// None when the account is not running.
    pub(crate) fn new(parts: DispatcherParts) -> Option<Self> {
        let snapshots = parts.shared.hub.subscribe(parts.account)?;
        let rate = Rate::new(parts.options.calls_per_second);
        let places = Arc::new(Semaphore::new(parts.options.concurrency.clamp(1, Semaphore::MAX_PERMITS)));
        Some(Self { parts: Arc::new(parts), running: JoinSet::new(), places, brake: Arc::default(), rate, shortness: Shortness::default(), snapshots })
    }

    /// Runs until told to stop; then lets what is in flight end. What is being begun is begun to its end: stopping never tears it.
    pub(crate) async fn run(mut self) {
        while self.room().await {
            let ids = self.ids();
            if ids.is_empty() {
                continue;
            }
            self.snapshots.mark_unchanged();
            match self.begin(ids).await {
                Ok(outcome) => self.send(outcome).await,
                Err(error) => {
                    error!(account = %self.parts.account, %error, "nothing can be sent while the database fails");
                    self.pause(DATABASE_PAUSE).await;
                }
            }
        }
        while self.running.join_next().await.is_some() {}
    }

    /// Waits until another call may begin; false when told to stop.
    async fn room(&mut self) -> bool {
        let parts = self.parts.clone();
        while self.running.try_join_next().is_some() {}
        while self.free() == 0 && !parts.stop.is_cancelled() {
            let may_come_free = self.running.len() < self.most();
            tokio::select! {
                () = parts.stop.cancelled() => {}
                _ = self.running.join_next() => {}
                _ = self.places.acquire(), if may_come_free => {}
            }
        }
        let pause = parts.shared.clock.steady().until(self.rate.ready_at().max(self.brake.lock().ready_at()));
        if !pause.is_zero() {
            self.pause(pause).await;
        }
        !parts.stop.is_cancelled()
    }

    fn free(&self) -> usize {
        self.places.available_permits().min(self.most().saturating_sub(self.running.len()))
    }

    fn most(&self) -> usize {
        if self.brake.lock().is_on() {
            return 1;
        }
        self.parts.options.concurrency.max(1).saturating_mul(WITH_UNWRITTEN)
    }

    async fn pause(&self, span: Duration) {
        let _ = self.parts.stop.run_until_cancelled(self.parts.shared.clock.sleep(span)).await;
    }

    /// As many as there is room for.
    fn ids(&self) -> Vec<SubmissionId> {
        let shared = &self.parts.shared;
        let count = self.free().min(self.rate.ready(shared.clock.steady())).min(BEGUN_TOGETHER);
        let now = shared.clock.now();
        (0..count).map(|_| SubmissionId::from_raw(shared.entropy.id(now))).collect()
    }

    async fn begin(&self, ids: Vec<SubmissionId>) -> Result<BeginOutcome, StoreError> {
        let parts = &self.parts;
        let now = parts.shared.clock.now();
        // One message is enough to learn whether answers can be relied on again.
        let max = if self.brake.lock().is_on() { 1 } else { parts.options.batch_size.max(1) };
        let begin = BeginSubmissions { ids, max, rules: parts.spending, now, claimed_until: now.after(parts.options.timeout).after(LEASE_GRACE) };
        let mut outcome = parts.shared.store.begin_submissions(parts.account, begin).await?;
        if let Some(snapshot) = outcome.snapshot.take() {
            parts.shared.hub.publish(snapshot);
        }
        Ok(outcome)
    }

    async fn send(&mut self, outcome: BeginOutcome) {
        let shared = self.parts.shared.clone();
        self.rate.begun(outcome.begun.len(), shared.clock.steady());
        let idle = outcome.begun.is_empty();
        self.count(&outcome.begun, shared.clock.steady());
        let told = if shared.hub.is_heard() { self.begun_events(&outcome, shared.clock.now()).await } else { Vec::new() };
        told.into_iter().for_each(|event| shared.hub.tell(Event::Message(Arc::new(event))));
        for begun in outcome.begun {
            // Nobody else takes places, and no more were begun than were free.
            let place = self.places.clone().try_acquire_owned().ok();
            self.running.spawn(Submission { parts: self.parts.clone(), begun, place, brake: self.brake.clone() }.run());
        }
        super::housekeeping::tell_moved(&shared, outcome.expired).await;
        if outcome.short.is_some() {
            self.shortness.fell_short(&self.parts);
        }
        if !idle {
            return;
        }
        if outcome.more {
            tokio::task::yield_now().await;
        } else {
            self.rest(outcome.short.is_some()).await;
        }
    }

    /// Batches go at a pace.
    fn count(&self, begun: &[BegunSubmission], now: Timestamp) {
        let mut counts: BTreeMap<BatchId, i64> = BTreeMap::new();
        for batch in begun.iter().flat_map(|begun| &begun.messages).filter_map(|message| message.batch) {
            *counts.entry(batch).or_default() += 1;
        }
        counts.into_iter().for_each(|(batch, count)| self.parts.shared.book.begun(batch, count, now));
    }

    async fn begun_events(&self, outcome: &BeginOutcome, at: Timestamp) -> Vec<MessageEvent> {
        let mut events = Vec::new();
        for message in outcome.begun.iter().flat_map(|begun| &begun.messages) {
            if self.parts.shared.is_told(message.batch).await {
                let (id, batch, to) = (message.id, message.batch, message.to.clone());
                events.push(MessageEvent { account: self.parts.account, id, batch, to, state: MessageState::Submitting, cause: None, at });
            }
        }
        events
    }

    /// Nothing can begin: waits until something is due or somebody wakes it; while nothing may be sent, until the account changes.
    async fn rest(&mut self, short: bool) {
        let parts = self.parts.clone();
        let latest = parts.shared.hub.latest(parts.account);
        let blocked = short || latest.as_ref().is_some_and(|account| account.paused.is_some() || account.stopped_at.is_some());
        let nap = if blocked { held_nap(short, latest.as_deref()) } else { self.due().await };
        tokio::select! {
            () = parts.stop.cancelled() => {}
            () = parts.reach.dispatcher.notified() => {}
            () = parts.shared.clock.sleep(nap) => {}
            _ = self.snapshots.changed(), if blocked => {}
            () = self.shortness.asked() => {}
        }
    }

    /// How long nothing is due.
    async fn due(&self) -> Duration {
        let now = self.parts.shared.clock.now();
        let due = self.parts.shared.store.next_due(self.parts.account).await.unwrap_or(None);
        due.map_or(LONGEST_NAP, |at| now.until(at).clamp(Duration::from_millis(1), LONGEST_NAP))
    }
}

fn held_nap(short: bool, latest: Option<&AccountSnapshot>) -> Duration {
    let held = latest.filter(|_| short).and_then(|account| account.held);
    if held.is_some_and(|held| held.rank > Priority::High.rank()) { HELD_NAP } else { LONGEST_NAP }
}
