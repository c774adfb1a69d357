//! One question from its number to its meaning: written down, asked, answered, written down.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use salio_domain::balance::{Failed, Pool, Reason, SettleRules};
use salio_domain::{AccountId, Units};
use salio_provider::{BalanceAnswer, BalanceError, Provider};
use salio_store::{AccountSnapshot, Answer, Ask, Ended, Store};
use tracing::{debug, info, warn};

use super::RefreshError;
use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::hub::{Event, Hub, RefreshPhase};

/// The driver has its own deadline; this one is for a driver that forgets it.
const GRACE: Duration = Duration::from_secs(1);

pub(super) struct Asking {
    pub account: AccountId,
    pub provider: Arc<dyn Provider>,
    pub store: Arc<dyn Store>,
    pub hub: Hub,
    pub clock: Clock,
    pub entropy: Arc<Entropy>,
    pub rules: SettleRules,
    pub timeout: Duration,
    /// Filled once the question is written down.
    pub asked_seq: Arc<AtomicI64>,
    pub reason: Reason,
    pub pool: Pool,
}

pub(super) struct Asked {
    pub result: Result<AccountSnapshot, RefreshError>,
    /// The estimate just before the answer was folded in.
    pub previous: Option<Units>,
    /// The credentials had been refused before.
    pub refused_before: bool,
}

pub(super) async fn ask(asking: Asking) -> Asked {
    let refused_before = asking.hub.latest(asking.account).is_some_and(|latest| latest.standing.failure.as_ref().is_some_and(|failure| failure.credentials));
    let result = asking.run().await;
    let previous = result.as_ref().map_or(None, |(_, previous)| *previous);
    Asked { result: result.map(|(snapshot, _)| snapshot), previous, refused_before }
}

impl Asking {
    async fn run(&self) -> Result<(AccountSnapshot, Option<Units>), RefreshError> {
        let begin = Ask { reason: self.reason, pool: self.pool, now: self.clock.now() };
        let (question, snapshot) = self.store.begin_question(self.account, begin).await?;
        self.asked_seq.store(question.asked_seq, Ordering::Release);
        self.hub.publish(snapshot);
        self.hub.tell(Event::Refresh(self.account, RefreshPhase::Started));
        let answer = tokio::time::timeout(self.timeout + GRACE, self.provider.fetch_balance()).await.unwrap_or_else(|_| Err(too_late(self.timeout)));
        let previous = self.hub.latest(self.account).and_then(|latest| latest.standing.estimate());
        let timed_out = answer.as_ref().is_err_and(|error| error.timed_out);
        self.log(&answer);
        let answer = self.written(answer);
        let ended = self.store.end_question(self.account, question.number, answer, self.rules, self.clock.now()).await?;
        Self::result(ended, timed_out).map(|snapshot| (snapshot, previous))
    }

    fn written(&self, answer: Result<BalanceAnswer, BalanceError>) -> Answer {
        match answer {
            Ok(figure) => Answer::Figure { units: figure.units, form: figure.form, raw: figure.raw },
            Err(error) => Answer::Failure {
                failed: Failed { code: error.code.to_owned(), detail: error.detail, credentials: error.credentials, jitter: self.entropy.jitter() },
                raw: error.raw,
            },
        }
    }

    fn result(ended: Ended, timed_out: bool) -> Result<AccountSnapshot, RefreshError> {
        match (&ended.verdict, ended.snapshot.standing.failure.clone()) {
            (None, Some(failure)) => Err(RefreshError::Provider { failure, timed_out, last: Box::new(ended.snapshot) }),
            _ => Ok(ended.snapshot),
        }
    }

    fn log(&self, answer: &Result<BalanceAnswer, BalanceError>) {
        let (provider, reason) = (self.provider.name(), self.reason.as_str());
        match answer {
            Ok(figure) if self.reason == Reason::Watch => debug!(account = %self.account, provider, reason, units = %figure.units, "the provider said its balance"),
            Ok(figure) => info!(account = %self.account, provider, reason, units = %figure.units, "the provider said its balance"),
            // The driver has taken secrets out of it and cut it short; without it nobody can tell what could not be read.
            Err(BalanceError { code, detail, raw: Some(raw), .. }) if code.starts_with("unreadable") => {
                warn!(account = %self.account, provider, reason, code, text = ?raw, "the provider said no balance that can be read: {detail}");
            }
            Err(error) => warn!(account = %self.account, provider, reason, code = error.code, "the provider said no balance: {}", error.detail),
        }
    }
}

fn too_late(timeout: Duration) -> BalanceError {
    BalanceError { code: "timeout", detail: format!("The provider did not answer within {} s.", timeout.as_secs()), credentials: false, timed_out: true, raw: None }
}
