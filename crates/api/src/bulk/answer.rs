//! The answers to a stream. Told again under its key they are the same to the letter: made only of what never changes of a batch.

use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use salio_domain::ids::BatchId;
use salio_engine::bulk::{Broken, BulkError, BulkOutcome};

use crate::problem::{Code, Problem, short};
use crate::text::answer;
use crate::wire::{BulkAccepted, LineError};

/// `202`: the batch is on disk and will be sent.
pub(crate) fn accepted(outcome: &BulkOutcome, account: String) -> Response {
    let mut response = answer(StatusCode::ACCEPTED, &BulkAccepted::of(outcome, account));
    if let Ok(location) = HeaderValue::from_str(&format!("/api/v1/batches/{}", outcome.row.id)) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

/// Why a stream was not taken.
pub(crate) fn refused(error: BulkError) -> Problem {
    match error {
        BulkError::Draft(error) => error.into(),
        BulkError::KeyReused => Problem::new(
            Code::IdempotencyKeyReused,
            "A key belongs to one stream for 7 days: the same bytes to the last, with the same parameters, account and kind. Take a new key for another one. What was sent under the key before stays as it is.",
        ),
        BulkError::TakenOver => Problem::new(Code::StreamTakenOver, "Another request under the same Idempotency-Key goes on with this stream; it will be answered there."),
        BulkError::Cancelled(batch) => {
            Problem::new(Code::BatchCancelled, "The batch of this stream was cancelled: nothing of it is sent. Send it under a new key if it shall be sent after all.")
                .with("batch_id", batch.to_string())
        }
        BulkError::NoneValid(outcome) => none_valid(&outcome),
        BulkError::Short { batch, short: missing, account, unit } => short(missing, &account, &unit).with("batch_id", batch.to_string()),
        BulkError::Broken(broken, waiting) => broke(broken, waiting),
        BulkError::Store(error) => error.into(),
    }
}

fn none_valid(outcome: &BulkOutcome) -> Problem {
    let BulkOutcome { row, errors, truncated, .. } = outcome;
    let errors: Vec<LineError> = errors.iter().cloned().map(Into::into).collect();
    let detail = if row.lines == 0 { "There is no line to send." } else { "None of the lines can be sent; \"errors\" says why." };
    let problem = Problem::new(Code::NoneValid, detail).with("batch_id", row.id.to_string()).with("lines", row.lines).with("rejected", row.refused);
    problem.with("duplicates", row.duplicates).with("errors", errors).with("errors_truncated", truncated)
}

fn broke(broken: Broken, waiting: Option<BatchId>) -> Problem {
    let rest = match waiting {
        Some(_) => "Nothing of it is sent. Send the same again under the same Idempotency-Key to go on.",
        None => "Nothing of it is sent or kept. With an Idempotency-Key it could be resumed.",
    };
    let problem = match broken {
        Broken::Cut => Problem::new(Code::BodyUnreadable, format!("The stream broke off before its end. {rest}")),
        Broken::Idle => Problem::new(Code::BodyUnreadable, format!("No byte of the stream came for a minute. {rest}")).status(408),
        Broken::Stopping => Problem::new(Code::Stopping, format!("Salio is shutting down. {rest}")),
    };
    match waiting {
        Some(batch) => problem.with("batch_id", batch.to_string()),
        None => problem,
    }
}
