//! The run loop that sends for one account: claims what is due, within rate and concurrency, each submission a task of its own.

use std::sync::Arc;
use std::time::Duration;

use salio_domain::{AccountId, SubmissionId, Timestamp};
use salio_provider::Provider;
use salio_store::{BeginSubmission, BegunSubmission, Store, StoreError};
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::error;

use super::submission::Submission;
use crate::balance::TrackerHandle;
use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::hub::{Event, Hub, MessageEvent};
use crate::options::DispatchOptions;

/// Nothing waits longer than this without being looked at again, whatever was missed.
const LONGEST_NAP: Duration = Duration::from_secs(30);
/// After the database failed.
const DATABASE_PAUSE: Duration = Duration::from_secs(1);
/// A submission has its answer, or none, by its timeout; writing that down takes no longer than this.
const LEASE_GRACE: Duration = Duration::from_secs(5);

/// What a dispatcher is made of.
#[derive(Clone)]
pub(crate) struct DispatcherParts {
    pub account: AccountId,
    pub provider: Arc<dyn Provider>,
    pub store: Arc<dyn Store>,
    pub hub: Hub,
    pub clock: Clock,
    pub entropy: Arc<Entropy>,
    pub options: DispatchOptions,
    pub tracker: TrackerHandle,
    /// Somebody accepted, resumed, topped up.
    pub wake: Arc<Notify>,
    pub stop: CancellationToken,
}

pub(crate) struct Dispatcher {
    parts: DispatcherParts,
    slots: Arc<Semaphore>,
    running: JoinSet<()>,
    /// The next call must not begin before this: calls are spaced, never bunched.
    next_call_at: Timestamp,
}

impl Dispatcher {
    pub(crate) fn new(parts: DispatcherParts) -> Self {
        let slots = Arc::new(Semaphore::new(parts.options.concurrency.max(1)));
        Self { parts, slots, running: JoinSet::new(), next_call_at: Timestamp::default() }
    }

    /// Runs until told to stop; then lets what is in flight end.
    pub(crate) async fn run(mut self) {
        let stop = self.parts.stop.clone();
        let _ = stop.run_until_cancelled(self.dispatch()).await;
        while self.running.join_next().await.is_some() {}
    }

    async fn dispatch(&mut self) {
        loop {
            let Ok(slot) = self.slots.clone().acquire_owned().await else { return };
            self.parts.clock.sleep_until(self.next_call_at).await;
            let wake = self.parts.wake.clone();
            let woken = wake.notified();
            match self.begin().await {
                Ok(Some(begun)) => {
                    self.next_call_at = self.parts.clock.now().after(Duration::from_secs(1) / self.parts.options.calls_per_second.max(1));
                    let submission = Submission { parts: self.parts.clone(), begun };
                    self.running.spawn(async move {
                        submission.run().await;
                        drop(slot);
                    });
                }
                Ok(None) => {
                    drop(slot);
                    let nap = self.nap().await;
                    tokio::select! {
                        () = woken => {}
                        () = self.parts.clock.sleep(nap) => {}
                    }
                }
                Err(error) => {
                    drop(slot);
                    error!(account = %self.parts.account, %error, "nothing can be sent while the database fails");
                    self.parts.clock.sleep(DATABASE_PAUSE).await;
                }
            }
            while self.running.try_join_next().is_some() {}
        }
    }

    async fn begin(&self) -> Result<Option<BegunSubmission>, StoreError> {
        let now = self.parts.clock.now();
        let begin = BeginSubmission {
            id: SubmissionId::from_raw(self.parts.entropy.id(now)),
            max: self.parts.options.batch_size.max(1),
            now,
            claimed_until: now.after(self.parts.options.timeout).after(LEASE_GRACE),
        };
        let outcome = self.parts.store.begin_submission(self.parts.account, begin).await?;
        if let Some(snapshot) = outcome.snapshot {
            self.parts.hub.publish(snapshot);
        }
        self.tell(outcome.begun.as_ref(), now);
        Ok(outcome.begun)
    }

    fn tell(&self, begun: Option<&BegunSubmission>, now: Timestamp) {
        let Some(begun) = begun.filter(|_| self.parts.hub.is_heard()) else { return };
        for message in &begun.messages {
            let event =
                MessageEvent { account: self.parts.account, id: message.id, to: message.to.clone(), state: salio_domain::message::MessageState::Submitting, cause: None, at: now };
            self.parts.hub.tell(Event::Message(Arc::new(event)));
        }
    }

    /// How long nothing is due.
    async fn nap(&self) -> Duration {
        let now = self.parts.clock.now();
        let paused = self.parts.hub.latest(self.parts.account).is_some_and(|snapshot| snapshot.paused.is_some());
        let due = if paused { None } else { self.parts.store.next_due(self.parts.account).await.unwrap_or(None) };
        due.map_or(LONGEST_NAP, |at| now.until(at).clamp(Duration::from_millis(1), LONGEST_NAP))
    }
}
