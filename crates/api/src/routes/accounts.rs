//! What runs here, which accounts, and whether they send.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use salio_domain::AccountId;

use super::extract::{InPath, NoParams};
use crate::problem::{Code, Problem};
use crate::state::ApiState;
use crate::text::ok;
use crate::wire::{Account, Accounts, Info};

/// What runs here
///
/// The version, whether this is a demo, and what is still to be set.
#[utoipa::path(get, operation_id = "readInfo", path = "/api/v1/info", tag = "accounts", responses((status = 200, body = Info)))]
pub(crate) async fn info(State(state): State<ApiState>) -> Response {
    let options = state.options();
    ok(&Info { version: options.version.clone(), demo: options.demo, setup: options.setup.clone(), timezone: options.timezone.clone() })
}

/// All accounts
///
/// In the order of the configuration; never their secrets.
#[utoipa::path(get, operation_id = "listAccounts", path = "/api/v1/accounts", tag = "accounts", responses((status = 200, body = Accounts)))]
pub(crate) async fn list(State(state): State<ApiState>) -> Response {
    ok(&Accounts { accounts: state.accounts() })
}

/// One account
#[utoipa::path(get, operation_id = "readAccount", path = "/api/v1/accounts/{id}", tag = "accounts", params(("id" = String, Path, description = "Id or slug")), responses((status = 200, body = Account), (status = 404, body = crate::wire::Problem)))]
pub(crate) async fn one(State(state): State<ApiState>, InPath(id): InPath) -> Response {
    shown(&state, id)
}

/// Stop sending for an account
///
/// What is under way ends; nothing more begins until a person resumes it, also after a restart. Messages are still accepted and wait. Again changes nothing.
#[utoipa::path(post, operation_id = "pauseAccount", path = "/api/v1/accounts/{id}/pause", tag = "accounts", params(("id" = String, Path, description = "Id or slug")), responses((status = 200, body = Account), (status = 404, body = crate::wire::Problem)))]
pub(crate) async fn pause(State(state): State<ApiState>, _: NoParams, InPath(id): InPath) -> Result<Response, Problem> {
    state.engine().pause(id).await?;
    Ok(shown(&state, id))
}

/// Let sending go on
///
/// Whatever stopped it. Again changes nothing.
#[utoipa::path(post, operation_id = "resumeAccount", path = "/api/v1/accounts/{id}/resume", tag = "accounts", params(("id" = String, Path, description = "Id or slug")), responses((status = 200, body = Account), (status = 404, body = crate::wire::Problem)))]
pub(crate) async fn resume(State(state): State<ApiState>, _: NoParams, InPath(id): InPath) -> Result<Response, Problem> {
    state.engine().resume(id).await?;
    Ok(shown(&state, id))
}

fn shown(state: &ApiState, id: AccountId) -> Response {
    let wanted = id.to_string();
    match state.accounts().into_iter().find(|account| account.id == wanted) {
        Some(account) => ok(&account),
        None => Problem::new(Code::UnknownAccount, "There is no such account.").into_response(),
    }
}
