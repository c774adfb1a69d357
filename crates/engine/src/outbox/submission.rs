//! One submission that has begun: handed over once, judged by the domain, written down.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use salio_domain::ids::BatchId;
use salio_domain::message::MessageState;
use salio_domain::outbox::{Pause, RecipientOutcome, SubmitOutcome, after_doubt, decide};
use salio_domain::segments::Encoding;
use salio_provider::{Recipient, SubmitRequest};
use salio_store::{AccountSnapshot, BegunSubmission, EndSubmission, MessageResult, StoreError};
use tokio::sync::OwnedSemaphorePermit;
use tracing::{debug, error, info, warn};

use super::brake::{Brake, Change};
use super::dispatcher::DispatcherParts;
use crate::balance::Command;
use crate::hub::{Event, MessageEvent};

/// Between tries to write down what happened while the database fails.
const WRITE_AGAIN: Duration = Duration::from_secs(1);
/// The driver has its own deadline; this one is for a driver that forgets it.
const GRACE: Duration = Duration::from_secs(1);

/// The stable code of the alert.
const IN_DOUBT: &str = "answers_in_doubt";

pub(super) struct Submission {
    pub parts: Arc<DispatcherParts>,
    pub begun: BegunSubmission,
    /// Its place with the provider.
    pub place: Option<OwnedSemaphorePermit>,
    pub brake: Arc<Mutex<Brake>>,
}

impl Submission {
    pub(super) async fn run(mut self) {
        let request = self.request();
        let submitted = tokio::time::timeout(self.parts.options.timeout + GRACE, self.parts.provider.submit(&request)).await;
        let outcome = submitted.unwrap_or_else(|_| SubmitOutcome::all(self.begun.messages.len(), &RecipientOutcome::in_doubt("timeout"), None));
        let end = self.judge(outcome);
        if end.results.iter().all(|result| result.decision.state == MessageState::Sent) {
            // The next may go while this is written down. Anything else may stop the account: that is written first.
            drop(self.place.take());
        }
        self.log(&end);
        self.brake(&end);
        if let Some(snapshot) = self.write(end.clone()).await {
            let paused = snapshot.paused;
            self.parts.shared.hub.publish(snapshot);
            self.tell(&end, paused.map(|(pause, _)| pause)).await;
        }
        self.parts.tracker().nudge(Command::Changed);
        self.parts.wake();
    }

    fn request(&self) -> SubmitRequest {
        SubmitRequest {
            sender: self.begun.sender.clone(),
            unicode: self.begun.encoding == Encoding::Ucs2,
            recipients: self.begun.messages.iter().map(|message| Recipient { to: message.to.as_str().to_owned(), text: message.text.clone() }).collect(),
        }
    }

    /// One decision for each message. A driver that answers for fewer recipients than it was given leaves the others in doubt.
    fn judge(&self, outcome: SubmitOutcome) -> EndSubmission {
        let now = self.parts.shared.clock.now();
        let missing = RecipientOutcome::in_doubt("missing_row");
        let mut outcomes = outcome.recipients.into_iter();
        let results = self.begun.messages.iter().map(|message| {
            let outcome = outcomes.next().unwrap_or_else(|| missing.clone());
            let decision = decide(&outcome, message.attempts, message.first_try_at, now, &self.parts.options.retry);
            let provider_message_id = outcome.provider_message_id().map(str::to_owned);
            MessageResult { decision, provider_message_id }
        });
        EndSubmission { results: results.collect(), raw: outcome.raw, now }
    }

    /// What happened is not lost while the process lives: tried until it is written. Without that it would be in doubt.
    async fn write(&self, end: EndSubmission) -> Option<AccountSnapshot> {
        loop {
            match self.parts.shared.store.end_submission(self.begun.id, end.clone()).await {
                Ok(ended) => {
                    if ended.forwards {
                        self.parts.shared.forwarding.notify_one();
                    }
                    return Some(ended.account);
                }
                Err(StoreError::Broken { detail }) => {
                    error!(submission = %self.begun.id, detail, "what happened to a submission could not be written down; trying again");
                    self.parts.shared.clock.sleep(WRITE_AGAIN).await;
                }
                Err(error) => {
                    error!(submission = %self.begun.id, %error, "a submission was ended by somebody else");
                    return None;
                }
            }
        }
    }

    fn log(&self, end: &EndSubmission) {
        let count = |state| end.results.iter().filter(|result| result.decision.state == state).count();
        let (provider, submission) = (self.parts.provider.name(), self.begun.id);
        let (sent, unknown, rejected) = (count(MessageState::Sent), count(MessageState::Unknown), count(MessageState::Rejected));
        let cause = end.results.first().map_or("", |result| result.decision.cause.as_str());
        if sent == end.results.len() {
            debug!(%submission, provider, sent, "the provider took a submission");
        } else {
            warn!(%submission, provider, sent, unknown, rejected, waiting = count(MessageState::Queued), cause, "the provider did not take a submission whole");
        }
    }

    /// Nothing but doubt again and again: the rest of the queue is spared.
    fn brake(&self, end: &EndSubmission) {
        let shared = &self.parts.shared;
        let change = self.brake.lock().ended(end, shared.clock.steady());
        let (slug, provider) = (&self.parts.slug, self.parts.provider.name());
        match change {
            Change::Nothing => {}
            Change::Pulled => {
                warn!(account = slug, provider, "no answer of the provider can be relied on: messages go one at a time until one can");
                let text =
                    format!("{slug}: the provider's answers leave open whether it takes messages. What was sent is in doubt; the rest waits and is tried one message at a time.");
                shared.hub.tell(Event::Alert(self.parts.account, IN_DOUBT.to_owned(), text));
            }
            Change::Released => info!(account = slug, provider, "the provider answers again: sending goes on as before"),
        }
    }

    async fn tell(&self, end: &EndSubmission, paused: Option<Pause>) {
        let shared = &self.parts.shared;
        if end.results.iter().any(|result| result.decision.pause.is_some()) {
            let pause = paused.map_or("resumed", Pause::as_str);
            shared.hub.tell(Event::Alert(self.parts.account, pause.to_owned(), format!("Sending has stopped: {}.", pause.replace('_', " "))));
            self.parts.tracker().nudge(Command::Alert);
        }
        let batches: BTreeSet<BatchId> = self.begun.messages.iter().filter_map(|message| message.batch).collect();
        batches.into_iter().for_each(|batch| shared.book.changed(batch));
        for (message, result) in self.begun.messages.iter().zip(&end.results) {
            if !shared.is_told(message.batch).await {
                continue;
            }
            let event = MessageEvent {
                account: self.parts.account,
                id: message.id,
                batch: message.batch,
                to: message.to.clone(),
                state: if message.resent { after_doubt(result.decision.state) } else { result.decision.state },
                cause: Some(result.decision.cause.clone()),
                at: end.now,
            };
            shared.hub.tell(Event::Message(Arc::new(event)));
        }
    }
}
