//! The run loop that hands delivery reports on to the programs whose messages they are of: each is tried until it is taken, for three days.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::StreamExt;
use futures::stream;
use parking_lot::Mutex;
use salio_domain::{Timestamp, TokenId};
use salio_store::{ForwardRow, Forwarded, StoreError};
use tokio::task::{JoinError, JoinSet};
use tracing::{debug, error, warn};

use crate::shared::Shared;

/// A program that is down over a weekend hears of everything.
const KEPT: Duration = Duration::from_hours(72);
/// Salio itself may have been down all that time: nothing is given up before it was tried so often.
const FEWEST_TRIES: u32 = 10;
/// The pause after the first failure; doubled each time.
const FIRST: Duration = Duration::from_secs(5);
/// The longest pause.
const LONGEST: Duration = Duration::from_mins(30);
/// Handed on to one program at the same time.
const AT_ONCE: usize = 16;
/// Programs that are called at the same time. Each has a task of its own: one that hangs holds up nobody else's reports.
const PROGRAMS: usize = 64;
/// Read from the database at once.
const PAGE: usize = 256;
/// Nothing waits longer without being looked at again.
const LONGEST_NAP: Duration = Duration::from_secs(30);

/// Why a program did not take a report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct ForwardFailure {
    /// For the operator's log; never the address, which may carry a token.
    pub reason: String,
    /// The program is not there at all: its other reports wait with this one. Otherwise it has something against this one alone.
    pub is_down: bool,
}

/// Hands one report to one program. The protocol is its own business.
#[async_trait]
pub trait Forwarder: Send + Sync {
    /// Once; `Ok` when the program took it.
    async fn forward(&self, forward: &ForwardRow) -> Result<(), ForwardFailure>;
}

/// A program that is not there.
#[derive(Clone, Copy)]
struct Down {
    failures: u32,
    until: Timestamp,
}

struct Forwards {
    shared: Arc<Shared>,
    forwarder: Arc<dyn Forwarder>,
    /// By whose key reports are handed on. Found out anew after a restart.
    down: Mutex<HashMap<TokenId, Down>>,
}

/// Programs that are being called.
struct Calls {
    forwards: Arc<Forwards>,
    running: JoinSet<(TokenId, Result<(), StoreError>)>,
    busy: Vec<TokenId>,
}

/// Runs until it is dropped. A report may be handed on twice when the process dies between the program's answer and the note of it.
pub(crate) async fn forward_reports(shared: Arc<Shared>, forwarder: Arc<dyn Forwarder>) {
    let forwards = Arc::new(Forwards { shared: shared.clone(), forwarder, down: Mutex::default() });
    let mut calls = Calls { forwards, running: JoinSet::new(), busy: Vec::new() };
    loop {
        let woken = shared.forwarding.notified();
        let done = match calls.begin().await {
            Ok(true) => Ok(()),
            Ok(false) => calls.wait(woken).await,
            Err(error) => Err(error),
        };
        if let Err(error) = done {
            error!(%error, "delivery reports cannot be handed on while the database fails");
            shared.clock.sleep(LONGEST_NAP).await;
        }
    }
}

impl Calls {
    /// Calls the programs for which something is due and that are not being called; whether there are any.
    async fn begin(&mut self) -> Result<bool, StoreError> {
        let shared = &self.forwards.shared;
        if self.busy.len() >= PROGRAMS {
            return Ok(false);
        }
        let mut due: BTreeMap<TokenId, Vec<ForwardRow>> = BTreeMap::new();
        for forward in shared.store.forwards_due(shared.clock.now(), &self.busy, PAGE).await? {
            due.entry(forward.token).or_default().push(forward);
        }
        let any = !due.is_empty();
        for (token, due) in due.into_iter().take(PROGRAMS - self.busy.len()) {
            let forwards = self.forwards.clone();
            self.busy.push(token);
            self.running.spawn(async move { (token, forwards.hand_on(due).await) });
        }
        Ok(any)
    }

    /// Nothing more can begin: waits until a call has ended, something is due, or somebody says that there is more.
    async fn wait(&mut self, woken: impl Future<Output = ()>) -> Result<(), StoreError> {
        let nap = self.nap().await;
        tokio::select! {
            () = woken => Ok(()),
            () = self.forwards.shared.clock.sleep(nap) => Ok(()),
            Some(ended) = self.running.join_next() => self.ended(ended),
        }
    }

    fn ended(&mut self, ended: Result<(TokenId, Result<(), StoreError>), JoinError>) -> Result<(), StoreError> {
        match ended {
            Ok((token, done)) => {
                self.busy.retain(|busy| *busy != token);
                done
            }
            Err(failed) => {
                // Nobody knows whose it was: those that still run may be called a second time, which programs can bear.
                error!(%failed, "a task that hands reports on broke");
                self.running.abort_all();
                self.busy.clear();
                Ok(())
            }
        }
    }

    async fn nap(&self) -> Duration {
        let shared = &self.forwards.shared;
        if self.busy.len() >= PROGRAMS {
            return LONGEST_NAP;
        }
        let next = shared.store.next_forward(&self.busy).await.unwrap_or(None);
        next.map_or(LONGEST_NAP, |at| shared.clock.now().until(at).clamp(Duration::from_millis(10), LONGEST_NAP))
    }
}

impl Forwards {
    /// What is due for one program; of each message it is the oldest, so a program hears of it in the order in which reports came.
    async fn hand_on(&self, due: Vec<ForwardRow>) -> Result<(), StoreError> {
        // All of them end before a failure of the database is told: what a program took must be noted if that is possible at all.
        let ended: Vec<Result<(), StoreError>> = stream::iter(due).map(|forward| self.one(forward)).buffer_unordered(AT_ONCE).collect().await;
        ended.into_iter().collect()
    }

    async fn one(&self, forward: ForwardRow) -> Result<(), StoreError> {
        let begun_at = self.shared.clock.now();
        let outcome = match self.down_until(&forward, begun_at) {
            // The key was taken back while this waited.
            _ if !self.shared.keys.is_living(forward.token) => Forwarded::GivenUp,
            Some(until) => postponed(&forward, until, begun_at),
            None => match self.forwarder.forward(&forward).await {
                Ok(()) => self.taken(&forward),
                Err(failure) => self.not_taken(&forward, &failure, begun_at),
            },
        };
        self.shared.store.forwarded(forward.id, outcome, self.shared.clock.now()).await
    }

    fn down_until(&self, forward: &ForwardRow, now: Timestamp) -> Option<Timestamp> {
        self.down.lock().get(&forward.token).map(|down| down.until).filter(|until| *until > now)
    }

    fn taken(&self, forward: &ForwardRow) -> Forwarded {
        self.down.lock().remove(&forward.token);
        debug!(message = %forward.message.id, token = %forward.token, "a report was handed on");
        Forwarded::Done
    }

    fn not_taken(&self, forward: &ForwardRow, failure: &ForwardFailure, begun_at: Timestamp) -> Forwarded {
        let now = self.shared.clock.now();
        if forward.attempts == 0 {
            warn!(message = %forward.message.id, token = %forward.token, %failure, "a report was not taken; it is handed on again");
        }
        let until = if failure.is_down { self.note_down(forward.token, begun_at, now) } else { now.after(pause(forward.attempts)) };
        postponed(forward, until, now)
    }

    /// Tries that were under way together count as one.
    fn note_down(&self, token: TokenId, begun_at: Timestamp, now: Timestamp) -> Timestamp {
        let mut down = self.down.lock();
        let known = down.entry(token).or_insert(Down { failures: 0, until: begun_at });
        if known.until <= begun_at {
            *known = Down { failures: known.failures.saturating_add(1), until: now.after(pause(known.failures)) };
        }
        known.until
    }
}

fn pause(failures: u32) -> Duration {
    FIRST.saturating_mul(1 << failures.min(20)).min(LONGEST)
}

fn postponed(forward: &ForwardRow, until: Timestamp, now: Timestamp) -> Forwarded {
    if now.since(forward.created_at) >= KEPT && forward.attempts + 1 >= FEWEST_TRIES {
        warn!(message = %forward.message.id, token = %forward.token, "a report was not taken for three days and is given up; it stays in Salio");
        return Forwarded::GivenUp;
    }
    Forwarded::Again(until)
}

#[cfg(test)]
#[path = "forwards_tests.rs"]
mod tests;
