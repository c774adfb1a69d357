//! Which path goes where; the OpenAPI document is made from the same list.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use bytes::Bytes;
use utoipa::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use crate::guard::GuardLayer;
use crate::problem::{Code, Problem};
use crate::routes::{accounts, activity, balance, batches, bulk, health, history, ledger, live, messages, onfon, reports, send, stops, tokens};
use crate::state::ApiState;
use crate::{assets, described, docs, dropin, webhooks, wire};

#[derive(OpenApi)]
#[openapi(
    info(title = "Salio", description = "A tower over prepaid SMS accounts: the live balance, sending, and what became of it. Units are decimal strings, times RFC 3339 in UTC, problems RFC 9457. Enums are open: expect new words.", license(name = "Apache-2.0", identifier = "Apache-2.0")),
    components(schemas(wire::Problem, wire::MessageEvent, wire::RefreshEvent, wire::AlertEvent, wire::RefreshPhase)),
    tags((name = "accounts"), (name = "balance"), (name = "messages"), (name = "batches"), (name = "reports"), (name = "stop-list"), (name = "ledger"), (name = "tokens"), (name = "drop-in"), (name = "webhooks"), (name = "events"), (name = "health"))
)]
struct Document;

fn described() -> OpenApiRouter<ApiState> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(accounts::info))
        .routes(routes!(accounts::list))
        .routes(routes!(accounts::one))
        .routes(routes!(accounts::pause))
        .routes(routes!(accounts::resume))
        .routes(routes!(balance::read))
        .routes(routes!(balance::refresh))
        .routes(routes!(balance::accept_form))
        .routes(routes!(balance::clear_cache))
        .routes(routes!(balance::questions))
        .routes(routes!(history::read))
        .routes(routes!(onfon::refresh))
        .routes(routes!(activity::list))
        .routes(routes!(live::events))
        .routes(routes!(messages::list, send::send))
        .routes(routes!(send::quote))
        .routes(routes!(bulk::send))
        .routes(routes!(messages::one, messages::cancel))
        .routes(routes!(messages::resolve))
        .routes(routes!(batches::list))
        .routes(routes!(batches::one))
        .routes(routes!(batches::errors))
        .routes(routes!(batches::pause))
        .routes(routes!(batches::resume))
        .routes(routes!(batches::cancel))
        .routes(routes!(reports::list))
        .routes(routes!(reports::inbound))
        .routes(routes!(stops::list, stops::add))
        .routes(routes!(stops::remove))
        .routes(routes!(ledger::read))
        .routes(routes!(ledger::verify))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
        .routes(routes!(dropin::routes::send).map(dropin::routes::in_envelope))
        .routes(routes!(dropin::routes::balance).map(dropin::routes::in_envelope))
        .routes(routes!(dropin::routes::status).map(dropin::routes::in_envelope))
        .routes(routes!(webhooks::report_by_get, webhooks::report_by_post))
        .routes(routes!(webhooks::inbound_by_get, webhooks::inbound_by_post))
        .routes(routes!(webhooks::previous_report_by_get, webhooks::previous_report_by_post))
        .routes(routes!(webhooks::previous_inbound_by_get, webhooks::previous_inbound_by_post))
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(health::metrics))
}

/// The OpenAPI document.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = described().into_openapi();
    env!("CARGO_PKG_VERSION").clone_into(&mut document.info.version);
    described::complete(&mut document);
    document
}

/// Every route, behind its one guard.
pub fn router(state: ApiState) -> Router {
    let document = Bytes::from(openapi().to_json().unwrap_or_default());
    let json = move || {
        let document = document.clone();
        async move { ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], document) }
    };
    let (router, _) = described().split_for_parts();
    router
        .route("/openapi.json", get(json))
        .route("/docs", get(docs::page))
        .route("/docs/{name}", get(docs::asset))
        .route("/docs/errors/{code}", get(docs::error_page))
        .route("/v1/sms", any(dropin::routes::other))
        .route("/v1/sms/", any(dropin::routes::other))
        .route("/v1/sms/{*service}", any(dropin::routes::other))
        .fallback(fallback)
        .method_not_allowed_fallback(wrong_method)
        .layer(GuardLayer(state.clone()))
        .with_state(state)
}

/// What no route answers: the drop-in endpoint in another spelling, the dashboard, or nothing.
async fn fallback(state: State<ApiState>, request: Request) -> Response {
    if dropin::routes::service(request.uri().path()).is_some() {
        return dropin::routes::other(state, request).await;
    }
    assets::fallback(request.method(), request.uri(), request.headers())
}

async fn wrong_method() -> Response {
    Problem::new(Code::MethodNotAllowed, "This route exists and does not answer that method; \"Allow\" names those that it does.").into_response()
}
