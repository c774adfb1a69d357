//! What is shown of an account: a snapshot seen at an instant. Derived in one place, from what is stored.

use std::time::Duration;

use salio_domain::balance::{Failure, Health, State};
use salio_domain::outbox::Pause;
use salio_domain::pricing::PriceSource;
use salio_domain::{AccountId, Timestamp, Units};
use salio_store::{AccountSnapshot, Held};

/// Why nothing is sent for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PauseCause {
    /// A person stopped it.
    Person,
    /// The provider or its answers did.
    Provider(Pause),
}

impl PauseCause {
    /// The stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Provider(pause) => pause.as_str(),
        }
    }
}

/// Nothing is sent for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paused {
    /// Why; a person's word hides the others, because only a person ends it.
    pub cause: PauseCause,
    /// Since when.
    pub since: Timestamp,
}

impl Paused {
    /// Whether a snapshot says so.
    #[must_use]
    pub fn of(snapshot: &AccountSnapshot) -> Option<Self> {
        let person = snapshot.stopped_at.map(|since| Self { cause: PauseCause::Person, since });
        person.or_else(|| snapshot.paused.map(|(pause, since)| Self { cause: PauseCause::Provider(pause), since }))
    }
}

/// The balance of an account as product section 4 shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceView {
    /// The word people use.
    pub account: String,
    /// The id that never changes.
    pub account_id: AccountId,
    /// The vendor's word.
    pub provider: String,
    /// What every amount here counts.
    pub unit: String,
    /// The estimate; none when the provider has not said a figure yet.
    pub balance: Option<Units>,
    /// The figure last taken.
    pub observed: Option<Units>,
    /// When it was asked: an answer is as old as its question.
    pub observed_at: Option<Timestamp>,
    /// Charges that count and are not confirmed.
    pub pending: Units,
    /// Charges of messages accepted and not begun; not subtracted.
    pub queued: Units,
    /// Messages in doubt.
    pub unknown_messages: i64,
    /// How far the figure can be relied on.
    pub state: State,
    /// How asking goes.
    pub health: Health,
    /// Failures in a row.
    pub error: Option<Failure>,
    /// Where the price comes from.
    pub price_source: PriceSource,
    /// How old the figure is.
    pub age_ms: Option<i64>,
    /// When it will be asked next by itself; none when only a person can help.
    pub next_refresh_at: Option<Timestamp>,
    /// Why sending has stopped.
    pub paused: Option<Paused>,
    /// Credit is short for what waits next.
    pub held: Option<Held>,
    /// Only grows.
    pub version: i64,
}

impl BalanceView {
    /// The view of `snapshot` at `now`.
    #[must_use]
    pub fn of(snapshot: &AccountSnapshot, provider: &str, unit: &str, ttl: Duration, next_refresh_at: Option<Timestamp>, now: Timestamp) -> Self {
        let standing = &snapshot.standing;
        let observed_at = standing.base.map(|base| base.asked_at);
        Self {
            account: snapshot.slug.clone(),
            account_id: snapshot.account,
            provider: provider.to_owned(),
            unit: unit.to_owned(),
            balance: standing.estimate(),
            observed: standing.base.map(|base| base.units),
            observed_at,
            pending: standing.pending,
            queued: standing.queued,
            unknown_messages: standing.unknown_messages,
            state: standing.state(now, ttl),
            health: standing.health(),
            error: standing.failure.clone(),
            price_source: standing.price_source,
            age_ms: observed_at.map(|at| i64::try_from(now.since(at).as_millis()).unwrap_or(i64::MAX)),
            next_refresh_at,
            paused: Paused::of(snapshot),
            held: snapshot.held,
            version: snapshot.version,
        }
    }

    /// As on screen: `11,376.50 units`.
    #[must_use]
    pub fn formatted(&self) -> Option<String> {
        self.balance.map(|units| format!("{} {}", units.grouped(), self.unit))
    }
}
