//! The run loop that hands delivery reports on to the programs whose messages they are of: each is tried until it is taken, for three days.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::StreamExt;
use futures::stream;
use parking_lot::Mutex;
use salio_domain::{Timestamp, TokenId};
use salio_store::{ForwardRow, Forwarded, StoreError};
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
/// Handed on at the same time.
const AT_ONCE: usize = 16;
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

/// Runs until it is dropped. A report may be handed on twice when the process dies between the program's answer and the note of it.
pub(crate) async fn forward_reports(shared: Arc<Shared>, forwarder: Arc<dyn Forwarder>) {
    let forwards = Forwards { shared, forwarder, down: Mutex::default() };
    let shared = &forwards.shared;
    loop {
        let woken = shared.forwarding.notified();
        match forwards.round().await {
            Ok(true) => {}
            Ok(false) => {
                let nap = forwards.nap().await;
                tokio::select! {
                    () = woken => {}
                    () = shared.clock.sleep(nap) => {}
                }
            }
            Err(error) => {
                error!(%error, "delivery reports cannot be handed on while the database fails");
                shared.clock.sleep(LONGEST_NAP).await;
            }
        }
    }
}

impl Forwards {
    /// Whether there was anything to do. Of one message only the oldest goes: a program hears of it in the order in which reports came.
    async fn round(&self) -> Result<bool, StoreError> {
        let mut due = self.shared.store.forwards_due(self.shared.clock.now(), PAGE).await?;
        let any = !due.is_empty();
        let mut messages = HashSet::new();
        due.retain(|forward| messages.insert(forward.message.id));
        // All of them end before a failure of the database is told: what a program took must be noted if that is possible at all.
        let ended: Vec<Result<(), StoreError>> = stream::iter(due).map(|forward| self.one(forward)).buffer_unordered(AT_ONCE).collect().await;
        ended.into_iter().collect::<Result<(), StoreError>>().map(|()| any)
    }

    async fn one(&self, forward: ForwardRow) -> Result<(), StoreError> {
        let begun_at = self.shared.clock.now();
        let outcome = match self.down_until(&forward, begun_at) {
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

    async fn nap(&self) -> Duration {
        let next = self.shared.store.next_forward().await.unwrap_or(None);
        next.map_or(LONGEST_NAP, |at| self.shared.clock.now().until(at).clamp(Duration::from_millis(10), LONGEST_NAP))
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
