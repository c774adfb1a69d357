//! Messages in as a stream of any length.

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::EXPECT;
use axum::response::Response;

use super::extract::Params;
use super::send::{key_text, mark_replayed};
use crate::bulk::{BulkParams, accepted, drain, patient, refused, request};
use crate::metrics;
use crate::problem::Problem;
use crate::state::ApiState;
use crate::wire::BulkAccepted;

/// Keys are per caller and route.
const SCOPE: &str = "- POST /api/v1/messages/bulk";

/// Send a file
///
/// CSV with a header line, or one JSON object a line, of any length. Lines are read as they come and stand in a batch that is `receiving`; nothing is sent before the end of the stream, when the whole is admitted as `on_short` says.
/// Lines that cannot be sent are told apart with their numbers. A stream that breaks is never sent: under an `Idempotency-Key` the same request resumes it, without one it is dropped. The same request again gives the first answer. See docs/bulk.md.
#[utoipa::path(post, operation_id = "sendBulk", path = "/api/v1/messages/bulk", tag = "messages", request_body(content((String = "text/csv"), (String = "application/x-ndjson"))), params(BulkParams, ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 printable ASCII characters; kept for 7 days")), responses((status = 202, description = "The batch is on disk and will be sent; `Location` is its address.", body = BulkAccepted), (status = 400, body = crate::wire::Problem), (status = 408, body = crate::wire::Problem), (status = 409, description = "`insufficient_balance`, `stream_taken_over` or `batch_cancelled`", body = crate::wire::Problem), (status = 415, body = crate::wire::Problem), (status = 422, description = "`none_valid`, `unknown_placeholder`, `missing_column`, `idempotency_key_reused` and others", body = crate::wire::Problem), (status = 503, body = crate::wire::Problem)))]
pub(crate) async fn send(State(state): State<ApiState>, params: Result<Params<BulkParams>, Problem>, headers: HeaderMap, body: Body) -> Result<Response, Problem> {
    let mut bytes = patient(body, state.stopping().clone());
    let taken = async {
        let key = key_text(&headers)?.map(|key| (SCOPE.to_owned(), key));
        let request = request(params?.0, &headers, key)?;
        state.engine().intake().bulk(request, &mut bytes).await.map_err(refused)
    };
    let taken = taken.await;
    let outcome = match taken {
        Ok(outcome) => outcome,
        Err(problem) => {
            // Who waits for leave to send has sent nothing, and is not asked to now.
            if !headers.contains_key(EXPECT) {
                drain(&mut bytes).await;
            }
            return Err(problem);
        }
    };
    let response = accepted(&outcome, state.slug(outcome.row.account));
    if outcome.replayed {
        return Ok(mark_replayed(response));
    }
    metrics::accepted(u64::try_from(outcome.row.messages).unwrap_or(0));
    metrics::batch_accepted(outcome.row.source.as_str());
    Ok(response)
}
