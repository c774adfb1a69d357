//! Batches as they are listed, looked at and told live: the same body everywhere.

use salio_domain::message;
use salio_engine::BatchView;
use salio_engine::store::{self, StateCounts};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Amount, BatchSource, Moment, Priority};

/// Where a batch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BatchState {
    /// Its stream has not ended: nothing of it is sent.
    Receiving,
    /// Its messages go out.
    Running,
    /// A person stopped it.
    Paused,
    /// A person took it back.
    Cancelled,
    /// Not accepted.
    Refused,
    /// Nothing of it waits any more.
    Done,
}

impl BatchState {
    /// The stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Receiving => "receiving",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Cancelled => "cancelled",
            Self::Refused => "refused",
            Self::Done => "done",
        }
    }

    fn of(row: &store::BatchRow) -> Self {
        match row.state {
            store::BatchState::Running if row.is_done() => Self::Done,
            store::BatchState::Running => Self::Running,
            store::BatchState::Receiving => Self::Receiving,
            store::BatchState::Paused => Self::Paused,
            store::BatchState::Cancelled => Self::Cancelled,
            store::BatchState::Refused => Self::Refused,
        }
    }
}

/// How many messages of a batch are in each state.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct BatchCounts {
    /// Wait for their time.
    pub scheduled: i64,
    /// Accepted, not yet begun.
    pub queued: i64,
    /// Being handed to the provider.
    pub submitting: i64,
    /// The provider took them.
    pub sent: i64,
    /// The network delivered them.
    pub delivered: i64,
    /// The network gave up.
    pub undelivered: i64,
    /// Past their `valid_until`.
    pub expired: i64,
    /// Refused by the provider.
    pub rejected: i64,
    /// Salio gave up before they could arrive.
    pub failed: i64,
    /// Taken back before they left.
    pub cancelled: i64,
    /// May have arrived.
    pub unknown: i64,
}

impl From<StateCounts> for BatchCounts {
    fn from(counts: StateCounts) -> Self {
        use message::MessageState as State;
        Self {
            scheduled: counts.get(State::Scheduled),
            queued: counts.get(State::Queued),
            submitting: counts.get(State::Submitting),
            sent: counts.get(State::Sent),
            delivered: counts.get(State::Delivered),
            undelivered: counts.get(State::Undelivered),
            expired: counts.get(State::Expired),
            rejected: counts.get(State::Rejected),
            failed: counts.get(State::Failed),
            cancelled: counts.get(State::Cancelled),
            unknown: counts.get(State::Unknown),
        }
    }
}

/// Messages that were accepted together.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Batch {
    /// Its id.
    pub id: String,
    /// The slug of its account.
    pub account: String,
    /// What a person called it.
    pub name: Option<String>,
    /// Where it is.
    pub state: BatchState,
    /// Why it is there; of a running one, why its messages wait: `account_paused`, `insufficient_balance`, `out_of_credit`, `credentials_refused`.
    pub cause: Option<String>,
    /// How it came.
    pub source: BatchSource,
    /// Who goes first.
    pub priority: Priority,
    /// Lines that carried something; recipients of a list.
    pub lines: i64,
    /// Of them accepted.
    pub messages: i64,
    /// Of them refused, duplicates included.
    pub rejected: i64,
    /// Of them a number with the same text again.
    pub duplicates: i64,
    /// What the accepted ones should cost.
    pub charge: Amount,
    /// Of it, what counts so far: begun, and not refused.
    pub spent: Amount,
    /// How many messages are in each state.
    pub counts: BatchCounts,
    /// When its first line came.
    pub created_at: Moment,
    /// When it was accepted as a whole; null before.
    pub released_at: Option<Moment>,
    /// When its first submission began.
    pub first_begun_at: Option<Moment>,
    /// When nothing of it waited any more.
    pub ended_at: Option<Moment>,
    /// Messages begun in a second, over the last 10 s; null when none were.
    pub rate_per_second: Option<i64>,
    /// How long what waits takes at that rate.
    pub time_left_ms: Option<i64>,
}

impl Batch {
    /// A batch, seen now.
    #[must_use]
    pub fn of(view: &BatchView, account: String) -> Self {
        let row = &view.row;
        Self {
            id: row.id.to_string(),
            account,
            name: row.name.clone(),
            state: BatchState::of(row),
            cause: view.cause.clone(),
            source: row.source.into(),
            priority: row.priority.into(),
            lines: row.lines,
            messages: row.messages,
            rejected: row.refused,
            duplicates: row.duplicates,
            charge: Amount(row.charge),
            spent: Amount(row.spent),
            counts: row.counts.into(),
            created_at: Moment(row.created_at),
            released_at: row.released_at.map(Moment),
            first_begun_at: row.begun_at.map(Moment),
            ended_at: row.ended_at.map(Moment),
            rate_per_second: view.rate_per_second,
            time_left_ms: view.time_left.map(|left| i64::try_from(left.as_millis()).unwrap_or(i64::MAX)),
        }
    }
}

/// One page of batches.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Batches {
    /// Newest first.
    pub batches: Vec<Batch>,
    /// Where the next page begins; null at the end.
    pub next_cursor: Option<String>,
}

/// A line that was refused.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LineError {
    /// From 1, as an editor counts.
    pub line: i64,
    /// Which column or member; empty for the line as a whole.
    pub field: String,
    /// A stable word.
    #[schema(example = "invalid_number")]
    pub code: String,
    /// For people.
    pub detail: String,
    /// What was given, shortened.
    pub given: String,
}

impl From<store::LineError> for LineError {
    fn from(error: store::LineError) -> Self {
        let store::LineError { line, field, code, detail, given } = error;
        Self { line, field, code, detail, given }
    }
}

/// One page of refused lines.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LineErrors {
    /// In their order.
    pub errors: Vec<LineError>,
    /// Where the next page begins; null at the end.
    pub next_cursor: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_of_a_message_is_counted_under_its_own_word() {
        let mut counts = StateCounts::default();
        for (at, state) in (1..).zip(message::MessageState::ALL) {
            counts.add(*state, at);
        }
        let shown = serde_json::to_value(BatchCounts::from(counts)).unwrap();
        assert_eq!(shown.as_object().unwrap().len(), message::MessageState::ALL.len());
        for (at, state) in (1..).zip(message::MessageState::ALL) {
            assert_eq!(shown[state.as_str()], at, "{}", state.as_str());
        }
    }

    #[test]
    fn the_words_are_those_that_the_store_filters_by() {
        for (state, word) in [
            (BatchState::Receiving, "receiving"),
            (BatchState::Running, "running"),
            (BatchState::Paused, "paused"),
            (BatchState::Cancelled, "cancelled"),
            (BatchState::Refused, "refused"),
        ] {
            assert_eq!((state.as_str(), store::BatchState::from_word(word).map(store::BatchState::as_str)), (word, Some(word)));
            assert_eq!(serde_json::to_value(state).unwrap(), word);
        }
        assert_eq!((BatchState::Done.as_str(), serde_json::to_value(BatchState::Done).unwrap()), ("done", "done".into()));
    }
}
