//! Batches and the streams that fill them.

use std::collections::BTreeMap;

use serde::Deserialize;

/// States in which a message waits.
const WAITING: [&str; 3] = ["scheduled", "queued", "submitting"];

/// A batch.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Batch {
    /// Its id.
    pub id: String,
    /// Who pays.
    pub account: String,
    /// What a person called it.
    pub name: Option<String>,
    /// Where it is.
    pub state: String,
    /// Why, or why its messages wait.
    pub cause: Option<String>,
    /// How it came.
    pub source: String,
    /// Who goes first.
    pub priority: String,
    /// Lines, or recipients given.
    pub lines: u64,
    /// Of them accepted.
    pub messages: u64,
    /// Of them refused, duplicates included.
    pub rejected: u64,
    /// Of them duplicates.
    pub duplicates: u64,
    /// What it should cost.
    pub charge: String,
    /// Of it, what counts so far.
    pub spent: String,
    /// Messages by state.
    pub counts: BTreeMap<String, u64>,
    /// When its first line came.
    pub created_at: String,
    /// When nothing of it waited any more.
    pub ended_at: Option<String>,
    /// Begun in a second.
    pub rate_per_second: Option<u64>,
    /// At that rate.
    pub time_left_ms: Option<u64>,
}

impl Batch {
    /// How many are in a state.
    pub fn count(&self, state: &str) -> u64 {
        self.counts.get(state).copied().unwrap_or(0)
    }

    /// How many have not left.
    pub fn waiting(&self) -> u64 {
        WAITING.iter().map(|state| self.count(state)).sum()
    }

    /// Whether nothing of it will change by itself, but for reports.
    pub fn has_ended(&self) -> bool {
        matches!(self.state.as_str(), "done" | "refused") || (self.state == "cancelled" && self.waiting() == 0)
    }
}

/// A page of batches.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Batches {
    /// Newest first.
    pub batches: Vec<Batch>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

/// A line that was refused.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct LineError {
    /// From 1.
    pub line: u64,
    /// Which column or member.
    pub field: String,
    /// For people.
    pub detail: String,
    /// What was given, shortened.
    pub given: String,
}

/// A page of refused lines.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct LineErrors {
    /// In their order.
    pub errors: Vec<LineError>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

/// A stream that was taken.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct BulkAccepted {
    /// Its batch.
    pub batch_id: String,
    /// Refused lines.
    pub rejected: u64,
    /// The first of them.
    pub errors: Vec<LineError>,
}
