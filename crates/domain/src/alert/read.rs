//! What a rule sees of an account: the one place where what is known becomes a reading. What is not known stays unknown and changes nothing.

use super::{Advice, Condition, Figure, Reading, Seen, Unanswered};
use crate::balance::Standing;
use crate::pricing::PriceSource;
use crate::time::{Millis, Timestamp};
use crate::units::Units;

/// What left in the last 24 h and nothing known explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drift {
    /// More than nothing when units are gone.
    pub units: Units,
    /// What was charged in the same time.
    pub charges: Units,
    /// When the first of it was seen.
    pub since: Option<Timestamp>,
}

/// How fast units go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Burn {
    /// Units an hour, lately.
    pub per_hour: Units,
    /// Units an hour, usually at this time.
    pub usual: Units,
}

/// Messages that wait for something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// How many; 0: none waits, which is not the same as not knowing.
    pub messages: i64,
    /// Since when the oldest of them has waited.
    pub oldest_at: Option<Timestamp>,
}

/// What is known of an account when its rules are looked at. None is unknown.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// Its balance.
    pub standing: &'a Standing,
    /// The sequence number of the answer that showed the last top-up; 0 for none.
    pub top_up_seq: i64,
    /// The process has started and its first question has not ended: ages and failures of before say nothing yet.
    pub starting: bool,
    /// Since when figures have been expected: counts while there has never been one.
    pub watched_since: Timestamp,
    /// No further question will be asked by itself before long, whatever the step wishes.
    pub asks_no_more: bool,
    /// How long the balance lasts, in milliseconds; [`super::ENDLESS`] when nothing is used.
    pub runway: Option<Millis>,
    /// What to top up.
    pub advice: Option<Advice>,
    /// Drift of the last 24 h.
    pub drift: Option<Drift>,
    /// None while the history is too short for a usual burn.
    pub burn: Option<Burn>,
    /// Messages that are due, neither paused by a person nor held for credit.
    pub stuck: Option<Waiting>,
    /// Messages in doubt that nobody settled.
    pub doubt: Option<Waiting>,
    /// Messages sent since the last report came, of those whose reports usually come. None where reports do not usually come.
    pub silence: Option<Waiting>,
}

/// What a rule with this condition sees.
#[must_use]
pub fn read(condition: &Condition, view: &View<'_>, now: Timestamp) -> Reading {
    let (figure, since) = match figure(condition, view, now) {
        Some((figure, since)) => (Some(figure), since),
        None => (None, None),
    };
    let standing = view.standing;
    Reading {
        seen: figure.map(|figure| Seen { figure, balance: standing.estimate(), advice: view.advice }),
        since,
        asked: standing.base.map(|base| (base.asked_seq, base.asked_at)),
        newest_seq: standing.last_begun_seq.max(standing.last_ended_seq).max(standing.cleared_seq).max(standing.base.map_or(0, |base| base.asked_seq)),
        top_up_seq: view.top_up_seq,
        unanswered: unanswered(view),
    }
}

/// A figure of the condition's kind, and since when it is so where that is known.
fn figure(condition: &Condition, view: &View<'_>, now: Timestamp) -> Option<(Figure, Option<Timestamp>)> {
    let failure = view.standing.failure.as_ref();
    let since_failing = failure.map(|failure| failure.since);
    match condition {
        Condition::BalanceBelow { .. } => view.standing.estimate().map(|units| (Figure::Balance { units }, None)),
        Condition::RunwayBelow { .. } => view.runway.map(|left_ms| (Figure::Runway { left_ms }, None)),
        Condition::DriftAbove { .. } => drift(view),
        Condition::NoObservation { .. } => no_figure(view, now),
        Condition::ProviderFailing { .. } if view.starting => None,
        Condition::ProviderFailing { .. } => Some((Figure::Failures { in_a_row: failure.map_or(0, |failure| failure.attempts) }, since_failing)),
        Condition::CredentialsRefused => Some((Figure::Key { refused: failure.is_some_and(|failure| failure.credentials) }, since_failing)),
        Condition::BurnAbove { .. } => view.burn.map(|burn| (Figure::Burn { per_hour: burn.per_hour, usual: burn.usual }, None)),
        Condition::MessagesStuck { .. } if view.starting => None,
        Condition::MessagesStuck { .. } => waiting(view.stuck, now, |messages, for_ms| Figure::Stuck { messages, for_ms }),
        Condition::UnknownWaiting { .. } => waiting(view.doubt, now, |messages, for_ms| Figure::Doubt { messages, for_ms }),
        Condition::ReportSilence { .. } => waiting(view.silence, now, |messages, for_ms| Figure::Silence { messages, for_ms }),
    }
}

/// Under an assumed price nothing can be called drift. Product section 2.11.
fn drift(view: &View<'_>) -> Option<(Figure, Option<Timestamp>)> {
    let drift = view.drift.filter(|_| view.standing.price_source != PriceSource::Assumed)?;
    Some((Figure::Drift { units: drift.units, charges: drift.charges }, drift.since))
}

fn no_figure(view: &View<'_>, now: Timestamp) -> Option<(Figure, Option<Timestamp>)> {
    let last = view.standing.base.map_or(view.watched_since, |base| base.answered_at);
    (!view.starting).then(|| (Figure::NoFigure { for_ms: age(last, now) }, Some(last)))
}

fn waiting(waiting: Option<Waiting>, now: Timestamp, figure: impl Fn(i64, Millis) -> Figure) -> Option<(Figure, Option<Timestamp>)> {
    waiting.map(|waiting| (figure(waiting.messages, waiting.oldest_at.map_or(0, |oldest| age(oldest, now))), waiting.oldest_at))
}

fn unanswered(view: &View<'_>) -> Option<Unanswered> {
    let failure = view.standing.failure.as_ref();
    let is_last = view.asks_no_more || failure.is_some_and(|failure| failure.credentials);
    let reason = failure.map(|failure| failure.detail.clone()).or_else(|| is_last.then(|| "the provider is not asked now".to_owned()));
    reason.map(|reason| Unanswered { reason, is_last })
}

pub(super) fn age(earlier: Timestamp, now: Timestamp) -> Millis {
    Millis::try_from(now.since(earlier).as_millis()).unwrap_or(Millis::MAX)
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
