//! What is shown of an account: the estimate, its state and its health. Product sections 2.1, 2.3 and 2.4.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::take::{Opening, Take, Taken};
use crate::planted::{Mistake, planted};
use crate::pricing::PriceSource;
use crate::time::Timestamp;
use crate::units::Units;

/// How far the shown figure can be relied on; the first that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// The provider has not said a figure yet.
    Unknown,
    /// Asked longer ago than the TTL, or the cache was cleared.
    Stale,
    /// Something was sent since the question, or charges are unconfirmed.
    Settling,
    /// The provider agrees.
    Fresh,
}

impl State {
    /// The stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Stale => "stale",
            Self::Settling => "settling",
            Self::Fresh => "fresh",
        }
    }
}

/// How asking goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// The last try succeeded.
    Ok,
    /// The last try failed.
    Degraded,
    /// Three or more failed in a row, or credentials were refused.
    Failing,
}

impl Health {
    /// The stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Degraded => "degraded",
            Self::Failing => "failing",
        }
    }
}

/// Failures in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Stable word.
    pub code: String,
    /// For people, without secrets.
    pub detail: String,
    /// When the first of them was.
    pub since: Timestamp,
    /// How many.
    pub attempts: u32,
    /// When the next automatic try may be; none when only a person can help.
    pub next_try_at: Option<Timestamp>,
    /// Credentials were refused.
    pub credentials: bool,
}

/// What is stored of an account's balance between two answers. Everything shown derives from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The figure last taken.
    pub base: Option<Taken>,
    /// Charges that count and that no observation has confirmed.
    pub pending: Units,
    /// Charges of messages accepted and not begun.
    pub queued: Units,
    /// Messages in doubt.
    pub unknown_messages: i64,
    /// Submissions begun and not ended.
    pub in_flight: i64,
    /// Sequence number of the last begin of a submission.
    pub last_begun_seq: i64,
    /// Sequence number of the last end of a submission.
    pub last_ended_seq: i64,
    /// When the last submission ended.
    pub last_ended_at: Option<Timestamp>,
    /// Sequence number of the last clearing of the cache: figures asked before it are stale.
    pub cleared_seq: i64,
    /// A figure whose meaning is open.
    pub opening: Option<Opening>,
    /// Failures in a row.
    pub failure: Option<Failure>,
    /// When a question was asked last, answered or not.
    pub last_asked_at: Option<Timestamp>,
    /// Where the price comes from.
    pub price_source: PriceSource,
}

impl Standing {
    /// Nothing known yet.
    #[must_use]
    pub const fn new(price_source: PriceSource) -> Self {
        Self {
            base: None,
            pending: Units::ZERO,
            queued: Units::ZERO,
            unknown_messages: 0,
            in_flight: 0,
            last_begun_seq: 0,
            last_ended_seq: 0,
            last_ended_at: None,
            cleared_seq: 0,
            opening: None,
            failure: None,
            last_asked_at: None,
            price_source,
        }
    }

    /// The balance shown: the last figure less the charges that count and are not confirmed. None when no figure is known.
    #[must_use]
    pub fn estimate(&self) -> Option<Units> {
        if planted(Mistake::ZeroOnFailure) && self.failure.is_some() {
            return Some(Units::ZERO);
        }
        self.base.map(|base| base.units.minus(self.pending))
    }

    /// Whether something was sent since the question of the figure last taken, or charges of it are unconfirmed.
    #[must_use]
    pub fn is_settling(&self) -> bool {
        if planted(Mistake::FreshTooEarly) {
            return self.in_flight > 0;
        }
        let asked = self.base.map_or(i64::MIN, |base| base.asked_seq);
        self.in_flight > 0 || self.last_begun_seq > asked || self.last_ended_seq > asked || !self.pending.is_zero() || self.opening.is_some()
    }

    /// The state at `now`.
    #[must_use]
    pub fn state(&self, now: Timestamp, ttl: Duration) -> State {
        match self.base {
            None => State::Unknown,
            Some(base) if self.is_cleared() || now.since(base.asked_at) > ttl => State::Stale,
            Some(_) if self.is_settling() => State::Settling,
            Some(_) => State::Fresh,
        }
    }

    /// Whether sending that stopped for lack of credit at `paused_at` may be tried again: a figure asked since then leaves something to spend.
    #[must_use]
    pub fn may_spend_again(&self, paused_at: Timestamp) -> bool {
        self.base.is_some_and(|base| base.asked_at >= paused_at) && self.estimate().is_some_and(|left| left > Units::ZERO)
    }

    /// Whether the cache was cleared after the figure last taken was asked for.
    #[must_use]
    pub fn is_cleared(&self) -> bool {
        self.base.is_some_and(|base| self.cleared_seq > base.asked_seq)
    }

    /// How asking goes.
    #[must_use]
    pub fn health(&self) -> Health {
        match &self.failure {
            None => Health::Ok,
            Some(failure) if failure.credentials || failure.attempts >= 3 => Health::Failing,
            Some(_) => Health::Degraded,
        }
    }
}

/// How a submission ended, for the sums of its account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EndSums {
    /// What leaves the pending sum.
    pub released: Units,
    /// Charges of messages that wait again.
    pub requeued: Units,
    /// Messages that are in doubt now.
    pub unknown: i64,
}

/// A question that brought no figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Stable word.
    pub code: String,
    /// For people, without secrets.
    pub detail: String,
    /// Credentials were refused.
    pub credentials: bool,
    /// 0 to 999: shortens the pause.
    pub jitter: u32,
}

/// What events do to a standing. The store applies these inside its transactions; it has no rules of its own.
impl Standing {
    /// A message of this charge waits.
    pub fn queue(&mut self, charge: Units) {
        self.queued = self.queued.plus(charge);
    }

    /// A waiting message of this charge will not be sent.
    pub fn unqueue(&mut self, charge: Units) {
        self.queued = self.queued.minus(charge);
    }

    /// A submission begins: its charge counts from now on.
    pub fn begin(&mut self, seq: i64, charge: Units) {
        self.queued = self.queued.minus(charge);
        self.pending = self.pending.plus(charge);
        self.in_flight += 1;
        self.last_begun_seq = seq;
    }

    /// A submission ended.
    pub fn end(&mut self, seq: i64, at: Timestamp, sums: EndSums) {
        self.pending = self.pending.minus(sums.released);
        self.queued = self.queued.plus(sums.requeued);
        self.unknown_messages += sums.unknown;
        self.in_flight -= 1;
        self.last_ended_seq = seq;
        self.last_ended_at = Some(at);
    }

    /// A question is asked.
    pub fn ask(&mut self, at: Timestamp) {
        self.last_asked_at = Some(at);
    }

    /// An answer was folded in. An older one only proves that the provider answers.
    pub fn take(&mut self, take: &Take) {
        self.failure = None;
        if let Some(base) = take.base {
            self.base = Some(base);
        }
        self.pending = self.pending.minus(take.released);
        self.opening = take.opening;
    }

    /// A question brought no figure: the last one stays.
    pub fn fail(&mut self, failed: Failed, now: Timestamp) {
        let before = self.failure.take();
        let attempts = before.as_ref().map_or(0, |failure| failure.attempts).saturating_add(1);
        self.failure = Some(Failure {
            code: failed.code,
            detail: failed.detail,
            since: before.map_or(now, |failure| failure.since),
            attempts,
            next_try_at: (!failed.credentials).then(|| now.after(backoff(attempts, failed.jitter))),
            credentials: failed.credentials,
        });
    }
}

/// The pause after `attempts` failures in a row: 1 s doubled up to 5 min; `jitter` of 1,000 only shortens, by up to a quarter.
fn backoff(attempts: u32, jitter: u32) -> Duration {
    const FIRST: Duration = Duration::from_secs(1);
    const LONGEST: Duration = Duration::from_mins(5);
    let whole = FIRST.saturating_mul(1_u32 << attempts.saturating_sub(1).min(20)).min(LONGEST);
    whole - whole * (jitter % 1000) / 4000
}
