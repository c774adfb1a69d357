//! Credit that is short for what waits next: the balance is asked again once, and then somebody is told once, for each time it is short.

use salio_domain::Timestamp;
use salio_store::Held;
use tokio::sync::oneshot::Receiver;
use tokio::sync::oneshot::error::TryRecvError;
use tracing::warn;

use super::dispatcher::DispatcherParts;
use crate::hub::Event;

/// The stable code of the alert.
const CODE: &str = "insufficient_balance";

#[derive(Default)]
pub(super) struct Shortness {
    /// Since when it has been short, the last time that it was.
    since: Option<Timestamp>,
    /// The question that was asked because of it.
    question: Option<Receiver<()>>,
    told: bool,
}

impl Shortness {
    /// A message was not begun because the credit does not cover it (the account's `held` says since when).
    pub(super) fn fell_short(&mut self, parts: &DispatcherParts) {
        let Some(held) = parts.shared.hub.latest(parts.account).and_then(|account| account.held) else { return };
        if self.since != Some(held.since) {
            *self = Self { since: Some(held.since), question: Some(parts.tracker().ask_again()), told: false };
            return;
        }
        let asking = self.question.as_mut().is_some_and(|question| question.try_recv() == Err(TryRecvError::Empty));
        if !asking && !self.told {
            (self.question, self.told) = (None, true);
            tell(parts, &held);
        }
    }

    /// Ends when the question that was asked has its answer; never while there is none.
    pub(super) async fn asked(&mut self) {
        match &mut self.question {
            Some(question) => drop(question.await),
            None => std::future::pending().await,
        }
        self.question = None;
    }
}

fn tell(parts: &DispatcherParts, held: &Held) {
    let (slug, unit, needed, available) = (&parts.slug, &parts.unit, held.needed, held.available);
    let text = format!(
        "{slug}: the next message takes {needed} {unit} and {available} {unit} may be spent. Messages wait, and go by themselves after a top-up; \
         or allow a negative balance with credit_limit."
    );
    warn!(account = slug, provider = parts.provider.name(), %needed, %available, "messages wait: the credit does not cover the next one");
    parts.shared.hub.tell(Event::Alert(parts.account, CODE.to_owned(), text));
}
