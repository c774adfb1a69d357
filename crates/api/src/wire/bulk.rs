//! What a stream of messages is answered with. Every member is one that never changes of a batch once it is released.

use salio_engine::bulk::BulkOutcome;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Amount, BatchState, LineError};

/// A stream that is on disk and will be sent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BulkAccepted {
    /// Its batch: watch it under `/api/v1/batches/{id}`.
    pub batch_id: String,
    /// `running`: what it is in when it is taken.
    pub state: BatchState,
    /// The slug of its account.
    pub account: String,
    /// Lines that carried something.
    pub lines: i64,
    /// Lines that are messages now and will be sent.
    pub accepted: i64,
    /// With `on_short=partial`: lines after those that the balance does not cover. They are taken back.
    pub not_covered: i64,
    /// The others, duplicates included.
    pub rejected: i64,
    /// Of them, repeats of a number with the same text.
    pub duplicates: i64,
    /// The sum over the accepted.
    pub charge: Amount,
    /// The first hundred refused lines; all of them under `/api/v1/batches/{id}/errors`.
    pub errors: Vec<LineError>,
    /// Whether there are more.
    pub errors_truncated: bool,
}

impl BulkAccepted {
    pub(crate) fn of(outcome: &BulkOutcome, account: String) -> Self {
        let row = &outcome.row;
        Self {
            batch_id: row.id.to_string(),
            state: BatchState::Running,
            account,
            lines: row.lines,
            accepted: row.covered.map_or(row.messages, |(messages, _)| messages),
            not_covered: row.covered.map_or(0, |(messages, _)| row.messages - messages),
            rejected: row.refused,
            duplicates: row.duplicates,
            charge: Amount(row.covered.map_or(row.charge, |(_, charge)| charge)),
            errors: outcome.errors.iter().cloned().map(Into::into).collect(),
            errors_truncated: outcome.truncated,
        }
    }
}
