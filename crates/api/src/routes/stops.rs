//! The stop list: numbers that nobody may send to.

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use salio_domain::Msisdn;

use super::extract::{NoParams, WordInPath, number};
use crate::body;
use crate::problem::{Code, Problem};
use crate::state::ApiState;
use crate::text::ok;
use crate::wire::{NewStops, StopList, Stopped, Unstopped};

/// The stop list
///
/// All numbers that nobody may send to, with since when.
#[utoipa::path(get, operation_id = "listStops", path = "/api/v1/stop-list", tag = "stop-list", responses((status = 200, body = StopList)))]
pub(crate) async fn list(State(state): State<ApiState>) -> Result<Response, Problem> {
    let numbers = state.engine().stops().await?;
    Ok(ok(&StopList { numbers: numbers.into_iter().map(Into::into).collect() }))
}

/// Put numbers on the stop list
///
/// From now on they are refused at intake (`stopped`); what was accepted before still goes. All or none are taken; a number that is on the list keeps its place.
#[utoipa::path(post, operation_id = "addStops", path = "/api/v1/stop-list", tag = "stop-list", request_body = NewStops, responses((status = 200, body = Stopped), (status = 400, body = crate::wire::Problem), (status = 422, description = "`invalid_number`, with its place in `index`", body = crate::wire::Problem)))]
pub(crate) async fn add(State(state): State<ApiState>, _: NoParams, headers: HeaderMap, body: Body) -> Result<Response, Problem> {
    let wanted: NewStops = body::parse(&body::read(&headers, body).await?)?;
    if wanted.numbers.is_empty() {
        return Err(Problem::new(Code::InvalidField, "\"numbers\" names no number.").with("field", "numbers"));
    }
    let read = |(index, text): (usize, &String)| one(&state, text).map_err(|problem| problem.with("index", index).with("field", "numbers"));
    let numbers: Vec<Msisdn> = wanted.numbers.iter().enumerate().map(read).collect::<Result<_, _>>()?;
    state.engine().add_stops(&numbers).await?;
    Ok(ok(&Stopped { numbers: numbers.iter().map(ToString::to_string).collect() }))
}

/// Take a number off the stop list
///
/// Again changes nothing.
#[utoipa::path(delete, operation_id = "removeStop", path = "/api/v1/stop-list/{number}", tag = "stop-list", params(("number" = String, Path, description = "As people write it")), responses((status = 200, body = Unstopped), (status = 422, body = crate::wire::Problem)))]
pub(crate) async fn remove(State(state): State<ApiState>, _: NoParams, WordInPath(text): WordInPath) -> Result<Response, Problem> {
    let number = one(&state, &text).map_err(|problem| problem.with("field", "number"))?;
    let was_stopped = state.engine().remove_stop(&number).await?;
    Ok(ok(&Unstopped { number: number.to_string(), was_stopped }))
}

fn one(state: &ApiState, text: &str) -> Result<Msisdn, Problem> {
    number(state.engine(), None, text).map_err(|detail| Problem::new(Code::InvalidNumber, detail))
}
