//! The API of an engine.
//!
//! Knows nothing of: who asks.

use std::net::SocketAddr;

use axum::Router;
use salio_api::{ApiOptions, ApiState, Metrics, Setup};
use salio_engine::Engine;
use tokio_util::sync::CancellationToken;

use crate::config::settings::Settings;
use crate::failure::{Failure, Outcome};

/// What the API needs to know of the settings.
pub fn api_options(settings: &Settings, listen: Option<SocketAddr>) -> ApiOptions {
    let needed = settings.accounts.is_empty();
    let setup = Setup { needed, missing: settings.setup_missing.clone(), hint: if needed { hint() } else { String::new() } };
    ApiOptions {
        listen,
        public_url: settings.server.public_url.clone(),
        allowed_hosts: Vec::new(),
        demo: false,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        setup,
        timezone: settings.server.timezone.clone(),
    }
}

/// For the page of a server without accounts.
fn hint() -> String {
    "Put ONFON_API_KEY, ONFON_CLIENT_ID and ONFON_SENDER_ID into .env beside the program (or into its environment) and start it again. \"salio doctor\" checks them.".to_owned()
}

/// The routes of an engine; event streams end with `stop`.
pub fn router(engine: &Engine, options: ApiOptions, stop: &CancellationToken) -> Outcome<Router> {
    let metrics = Metrics::install().map_err(|error| Failure::failed(error.to_string()))?;
    Ok(salio_api::router(ApiState::new(engine.clone(), options, metrics, stop.clone())))
}
