//! When to ask the provider next without being told to, and why. Product sections 2.6 to 2.8.

use std::time::Duration;

use super::budget::CallClass;
use super::standing::{Standing, State};
use crate::time::Timestamp;

/// Why the provider is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The process started.
    Start,
    /// The schedule.
    Schedule,
    /// After submissions ended, until the figure agrees.
    Settle,
    /// A dashboard is open.
    Watch,
    /// Somebody pressed sync.
    Person,
    /// After a failure.
    Retry,
    /// Somebody read a stale or cleared figure.
    Reader,
    /// Before messages are held or an alert goes out.
    Alert,
}

impl Reason {
    /// The stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Schedule => "schedule",
            Self::Settle => "settle",
            Self::Watch => "watch",
            Self::Person => "person",
            Self::Retry => "retry",
            Self::Reader => "reader",
            Self::Alert => "alert",
        }
    }

    /// Which part of the budget pays.
    #[must_use]
    pub const fn class(self) -> CallClass {
        match self {
            Self::Person => CallClass::Person,
            Self::Watch => CallClass::Watch,
            Self::Schedule => CallClass::Steady,
            Self::Start | Self::Settle | Self::Retry | Self::Reader | Self::Alert => CallClass::Eager,
        }
    }
}

/// Settings of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskSettings {
    /// How old a figure may be before it is stale.
    pub cache_ttl: Duration,
    /// While a dashboard is open.
    pub watch_interval: Duration,
    /// After the last submission ended.
    pub settle_after: Vec<Duration>,
}

/// What happens around an account right now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Around {
    /// The process just started and has not asked yet.
    pub starting: bool,
    /// At least one dashboard is open.
    pub watched: bool,
    /// Somebody read a stale or cleared figure.
    pub read: bool,
    /// An alert or a hold wants a fresh figure.
    pub alert: bool,
    /// The next time the schedule fires after the last question.
    pub schedule_at: Option<Timestamp>,
}

/// The next question by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Not before this instant; in the past means now.
    pub at: Timestamp,
    /// Why.
    pub reason: Reason,
}

/// The next automatic question, within the budget; none when only a person can help. `not_yet` says until when the budget has no room for a
/// class at an instant, if so.
#[must_use]
pub fn next_ask(standing: &Standing, around: &Around, settings: &AskSettings, not_yet: impl Fn(CallClass, Timestamp) -> Option<Timestamp>, now: Timestamp) -> Option<Plan> {
    if standing.failure.as_ref().is_some_and(|failure| failure.credentials) {
        return None;
    }
    let not_before = standing.failure.as_ref().and_then(|failure| failure.next_try_at);
    candidates(standing, around, settings, now).into_iter().flatten().map(|plan| affordable(plan, not_before, &not_yet, now)).min_by_key(|plan| plan.at)
}

/// No earlier than the backoff allows, and when the budget has room.
fn affordable(plan: Plan, not_before: Option<Timestamp>, not_yet: impl Fn(CallClass, Timestamp) -> Option<Timestamp>, now: Timestamp) -> Plan {
    let due = not_before.map_or(plan.at, |earliest| plan.at.max(earliest)).max(now);
    Plan { at: not_yet(plan.reason.class(), due).unwrap_or(due), ..plan }
}

fn candidates(standing: &Standing, around: &Around, settings: &AskSettings, now: Timestamp) -> [Option<Plan>; 7] {
    let plan = |reason, at: Option<Timestamp>| at.map(|at| Plan { at, reason });
    let stale = matches!(standing.state(now, settings.cache_ttl), State::Unknown | State::Stale);
    let asked = standing.last_asked_at;
    [
        plan(Reason::Start, around.starting.then_some(now)),
        plan(Reason::Schedule, around.schedule_at),
        plan(Reason::Retry, standing.failure.as_ref().and_then(|failure| failure.next_try_at)),
        plan(Reason::Settle, settle_at(standing, settings)),
        plan(Reason::Watch, around.watched.then(|| asked.map_or(now, |at| at.after(settings.watch_interval)))),
        plan(Reason::Reader, (around.read && stale).then_some(now)),
        plan(Reason::Alert, around.alert.then_some(now)),
    ]
}

/// The first entry of the settle schedule that no question has been asked after; none while submissions run or once the figure agrees.
fn settle_at(standing: &Standing, settings: &AskSettings) -> Option<Timestamp> {
    let ended = standing.last_ended_at?;
    if standing.in_flight > 0 || !standing.is_settling() {
        return None;
    }
    let asked = standing.last_asked_at.unwrap_or(Timestamp::from_micros(i64::MIN));
    settings.settle_after.iter().map(|pause| ended.after(*pause)).find(|due| *due > asked)
}
