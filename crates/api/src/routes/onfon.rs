//! The previous system's route, for pages and scripts that still call it.

use axum::extract::State;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use salio_domain::AccountId;
use salio_engine::BalanceView;

use crate::problem::Problem;
use crate::state::ApiState;
use crate::text::answer;
use crate::wire::OnfonRefresh;

/// The slug that the old variables define.
const OLD_ACCOUNT: &str = "onfon";

/// Refresh, as the previous system did
///
/// The one route where a balance is a JSON number. Acts on the account `onfon`; without it on the default or only account at Onfon.
#[utoipa::path(post, operation_id = "refreshOnfonBalance", path = "/api/onfon/balance/refresh", tag = "balance", responses((status = 200, body = OnfonRefresh), (status = 404, body = OnfonRefresh), (status = 429, body = OnfonRefresh), (status = 502, body = OnfonRefresh), (status = 504, body = OnfonRefresh)))]
pub(crate) async fn refresh(State(state): State<ApiState>) -> Response {
    let Some(account) = account(&state) else {
        return failed(404, "no Onfon account is configured.", None);
    };
    match state.engine().refresh(account).await {
        Ok(synced) => updated(state.engine().view_of(&synced.snapshot).as_ref()),
        Err(error) => {
            let problem = Problem::refresh(error, |_| None);
            let (status, detail, retry_after) = problem.parts();
            let mut response = failed(status, detail, state.engine().view(account).as_ref());
            if let Some(seconds) = retry_after {
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            }
            response
        }
    }
}

fn account(state: &ApiState) -> Option<AccountId> {
    let at_onfon: Vec<_> = state.engine().accounts().filter(|(_, options)| options.provider.name() == OLD_ACCOUNT).collect();
    let named = at_onfon.iter().find(|(_, options)| options.slug == OLD_ACCOUNT);
    let default = at_onfon.iter().find(|(_, options)| options.default);
    let only = if at_onfon.len() == 1 { at_onfon.first() } else { None };
    named.or(default).or(only).map(|(id, _)| *id)
}

fn updated(view: Option<&BalanceView>) -> Response {
    let Some(formatted) = view.and_then(BalanceView::formatted) else {
        return failed(502, "the provider said no balance.", view);
    };
    answer(StatusCode::OK, &OnfonRefresh { success: true, balance: number(view), message: format!("Balance updated: {formatted}"), formatted: Some(formatted) })
}

fn failed(status: u16, reason: &str, last: Option<&BalanceView>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    answer(status, &OnfonRefresh { success: false, balance: number(last), formatted: last.and_then(BalanceView::formatted), message: format!("Failed to sync balance: {reason}") })
}

fn number(view: Option<&BalanceView>) -> Option<Box<serde_json::value::RawValue>> {
    view.and_then(|view| view.balance).and_then(crate::wire::number)
}
