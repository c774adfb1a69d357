//! The limit for reads: an axum route that answers a fixed JSON of the size of a balance, in a process of its own.

use anyhow::Result;
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;

/// As long as a balance as Salio answers it.
const BODY: &str = r#"{"account":"onfon","account_id":"acc_0000000000000","provider":"onfon","unit":"units","balance":"11378.67","formatted":"11,378.67 units","observed":"11378.67","observed_at":"2026-11-22T12:00:00.000000Z","pending":"0.00","queued":"0.00","unknown_messages":0,"state":"fresh","health":"ok","error":null,"price_source":"assumed","age_ms":12000,"next_refresh_at":"2026-11-22T12:05:00.000000Z","paused":null,"version":1795330800000000}"#;

/// Serves until killed.
pub async fn serve() -> Result<()> {
    super::listen(Router::new().route("/balance", get(|| async { ([(CONTENT_TYPE, "application/json")], BODY) }))).await
}
