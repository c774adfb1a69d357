//! The control API under `/sim`: see what is really so, and change what happens next. For people and tests, never for Salio's own code.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Shared, reports, views};
use crate::core::{Charging, Credentials, DlrPlan, FaultPlan, InboundPlan, Micros, Model, Next, SimConfig, Variants};

/// Rows of a listing when the caller names no limit, and at most.
const ROWS: (usize, usize) = (100, 100_000);

/// Every route with one line each, as `GET /sim` shows them.
const ROUTES: [(&str, &str); 21] = [
    ("GET /sim", "this list"),
    ("GET /sim/state", "credit, what it holds after pending charges, calls, accepted messages, reports, faults"),
    ("GET /sim/accepted?number=&limit=&from=", "messages really accepted, oldest first; `from` skips that many"),
    ("GET /sim/duplicates?limit=", "recipient-and-text pairs accepted more than once"),
    ("POST /sim/top-up {\"units\":\"500\"}", "adds to the credit"),
    ("POST /sim/credit {\"units\":\"12.50\"}", "sets the credit"),
    ("POST /sim/spend {\"units\":\"5\"}", "somebody else on the account spends"),
    ("POST /sim/next {\"service\":\"Balance\",\"fault\":{\"kind\":\"stall\"},\"count\":1}", "a fault for the next calls"),
    ("GET /sim/faults", "the faults in force"),
    ("PUT /sim/faults {…}", "replaces them; {} ends all faults"),
    ("GET /sim/variants", "the forms of answers in force"),
    ("PUT /sim/variants {…}", "replaces them; {} is the usual form"),
    ("GET /sim/charging", "when money moves"),
    ("PUT /sim/charging {…}", "replaces it; {} charges at once"),
    ("GET /sim/dlr", "delivery reports"),
    ("PUT /sim/dlr {…}", "replaces them; {} sends none"),
    ("POST /sim/inbound {\"from\":\"254712345678\",\"to\":\"20880\",\"text\":\"STOP\"}", "a phone writes; says whether it was acknowledged"),
    ("GET /sim/inbound", "where messages from phones go"),
    ("PUT /sim/inbound {…}", "replaces it; {} sends them nowhere"),
    ("PUT /sim/credentials {…}", "replaces who may call"),
    ("POST /sim/reset {\"seed\":7}", "begins again as at the start; both the body and its fields may be left out"),
];

/// The control API.
pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/sim", get(routes))
        .route("/sim/", get(routes))
        .route("/sim/state", get(state))
        .route("/sim/accepted", get(accepted))
        .route("/sim/duplicates", get(duplicates))
        .route("/sim/top-up", post(top_up))
        .route("/sim/credit", post(credit))
        .route("/sim/spend", post(spend))
        .route("/sim/next", post(next))
        .route("/sim/faults", get(get_faults).put(put_faults))
        .route("/sim/variants", get(get_variants).put(put_variants))
        .route("/sim/charging", get(get_charging).put(put_charging))
        .route("/sim/dlr", get(get_dlr).put(put_dlr))
        .route("/sim/inbound", get(get_inbound).put(put_inbound).post(inbound))
        .route("/sim/credentials", put(put_credentials))
        .route("/sim/reset", post(reset))
}

/// What a caller did wrong and what to do about it.
struct Problem {
    error: String,
    advice: &'static str,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, Json(json!({ "error": self.error, "do": self.advice }))).into_response()
    }
}

const ADVICE: &str = "GET /sim lists the routes with examples; docs/simulator.md names every field, fault and form";

fn problem(error: impl ToString) -> Problem {
    Problem { error: error.to_string(), advice: ADVICE }
}

type Answered = Result<Json<Value>, Problem>;
type Sim = State<Arc<Shared>>;

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem { error: "the body is empty".to_owned(), advice: "send a JSON object; GET /sim shows an example of each" });
    }
    serde_json::from_slice(body).map_err(problem)
}

fn show(value: &impl serde::Serialize) -> Answered {
    serde_json::to_value(value).map(Json).map_err(problem)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Amount {
    units: Micros,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    number: Option<String>,
    limit: Option<usize>,
    from: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Phone {
    from: String,
    to: String,
    text: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Reset {
    seed: Option<u64>,
    credit: Option<Micros>,
}

async fn routes() -> Json<Value> {
    let routes: Vec<Value> = ROUTES.iter().map(|(route, does)| json!({ "route": route, "does": does })).collect();
    Json(json!({ "routes": routes }))
}

async fn state(State(shared): Sim) -> Answered {
    let (reports, inbound) = (shared.reports.view(), shared.reports.inbound_view());
    show(&shared.with(|model, _| views::state(model, reports, inbound)))
}

async fn accepted(State(shared): Sim, query: Result<Query<Page>, axum::extract::rejection::QueryRejection>) -> Answered {
    let Query(page) = query.map_err(|error| problem(error.body_text()))?;
    let limit = page.limit.unwrap_or(ROWS.0).min(ROWS.1);
    let number = page.number.as_deref().filter(|number| !number.is_empty());
    Ok(Json(shared.with(|model, _| {
        let found = || model.accepted().iter().filter(|message| number.is_none_or(|number| *message.number == *number));
        let items: Vec<_> = found().skip(page.from.unwrap_or(0)).take(limit).map(views::accepted).collect();
        let total = if number.is_none() { model.accepted().len() } else { found().count() };
        json!({ "total": total, "items": items })
    })))
}

async fn duplicates(State(shared): Sim, query: Result<Query<Page>, axum::extract::rejection::QueryRejection>) -> Answered {
    let Query(page) = query.map_err(|error| problem(error.body_text()))?;
    let limit = page.limit.unwrap_or(ROWS.0).min(ROWS.1);
    Ok(Json(shared.with(|model, _| json!({ "total": model.repeated(), "items": model.duplicates(limit) }))))
}

/// A change that is answered with the books.
fn booked(shared: &Shared, change: impl FnOnce(&mut Model, i64)) -> Answered {
    show(&shared.with(|model, now| {
        change(model, now);
        model.books()
    }))
}

async fn top_up(State(shared): Sim, body: Bytes) -> Answered {
    let Amount { units } = read(&body)?;
    if units.0 <= 0 {
        return Err(Problem { error: format!("a top-up of {units} adds nothing"), advice: "use more than 0; POST /sim/credit sets any figure" });
    }
    booked(&shared, |model, now| model.top_up(now, units))
}

async fn credit(State(shared): Sim, body: Bytes) -> Answered {
    let Amount { units } = read(&body)?;
    booked(&shared, |model, now| model.set_credit(now, units))
}

async fn spend(State(shared): Sim, body: Bytes) -> Answered {
    let Amount { units } = read(&body)?;
    booked(&shared, |model, now| {
        model.spend_by_others(now, units);
    })
}

async fn next(State(shared): Sim, body: Bytes) -> Answered {
    let next: Next = read(&body)?;
    next.check().map_err(problem)?;
    show(&shared.with(|model, _| {
        model.add_next(next);
        model.faults().clone()
    }))
}

async fn get_faults(State(shared): Sim) -> Answered {
    show(&shared.with(|model, _| model.faults().clone()))
}

async fn put_faults(State(shared): Sim, body: Bytes) -> Answered {
    let plan: FaultPlan = read(&body)?;
    plan.check().map_err(problem)?;
    shared.with(|model, now| model.set_faults(now, plan.clone()));
    show(&plan)
}

async fn get_variants(State(shared): Sim) -> Answered {
    show(&shared.with(|model, _| model.config().variants))
}

async fn put_variants(State(shared): Sim, body: Bytes) -> Answered {
    let variants: Variants = read(&body)?;
    shared.with(|model, _| model.set_variants(variants));
    show(&variants)
}

async fn get_charging(State(shared): Sim) -> Answered {
    show(&shared.with(|model, _| model.config().charging))
}

async fn put_charging(State(shared): Sim, body: Bytes) -> Answered {
    let charging: Charging = read(&body)?;
    charging.check().map_err(problem)?;
    shared.with(|model, now| model.set_charging(now, charging));
    show(&charging)
}

async fn get_dlr(State(shared): Sim) -> Answered {
    show(&shared.with(|model, _| model.config().dlr.clone()))
}

async fn put_dlr(State(shared): Sim, body: Bytes) -> Answered {
    let plan: DlrPlan = read(&body)?;
    plan.check().map_err(problem)?;
    shared.with(|model, _| model.set_dlr(plan.clone()));
    show(&plan)
}

async fn get_inbound(State(shared): Sim) -> Answered {
    show(&shared.with(|model, _| model.config().inbound.clone()))
}

async fn put_inbound(State(shared): Sim, body: Bytes) -> Answered {
    let plan: InboundPlan = read(&body)?;
    plan.check().map_err(problem)?;
    shared.with(|model, _| model.set_inbound(plan.clone()));
    show(&plan)
}

async fn inbound(State(shared): Sim, body: Bytes) -> Answered {
    let Phone { from, to, text } = read(&body)?;
    let (message, target) = shared.with(|model, now| {
        let message = model.receive(now, &from, &to, &text);
        let target = reports::inbound_target(model, &message);
        (message, target)
    });
    let Some(target) = target else {
        return Err(Problem { error: "messages from phones go nowhere".to_owned(), advice: "first PUT /sim/inbound {\"url\":\"http://…\"}" });
    };
    let acknowledged = reports::send_now(&shared, target).await;
    Ok(Json(json!({ "message_id": message.message_id, "acknowledged": acknowledged })))
}

async fn put_credentials(State(shared): Sim, body: Bytes) -> Answered {
    let credentials: Credentials = read(&body)?;
    shared.with(|model, _| model.set_credentials(credentials));
    Ok(Json(json!({ "changed": true })))
}

async fn reset(State(shared): Sim, body: Bytes) -> Answered {
    let Reset { seed, credit } = if body.is_empty() { Reset::default() } else { read(&body)? };
    let initial = &shared.initial;
    let config = SimConfig { seed: seed.unwrap_or(initial.seed), credit: credit.unwrap_or(initial.credit), ..initial.clone() };
    booked(&shared, |model, now| *model = Model::new(config, now))
}
