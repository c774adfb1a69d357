//! The API of an engine.
//!
//! Knows nothing of: who asks.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use salio_api::{AllowFn, ApiOptions, ApiState, Metrics, Setup, Webhook};
use salio_engine::Engine;
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

use crate::config::settings::{AccountSettings, AllowedSource, Settings};
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
        webhooks: settings.accounts.iter().map(webhook).collect(),
        trusted_proxies: allowed(&settings.server.trusted_proxies),
    }
}

/// Who may report to an account.
pub fn webhook(account: &AccountSettings) -> Webhook {
    let token_sha256 = account.webhook_token.as_ref().map(|token| Sha256::digest(token.expose().as_bytes()).into());
    Webhook { account: account.slug.clone(), token_sha256, allowed: allowed(&account.webhook_allow) }
}

fn allowed(sources: &[AllowedSource]) -> Option<AllowFn> {
    let sources = sources.to_vec();
    (!sources.is_empty()).then(|| -> AllowFn { Arc::new(move |address| sources.iter().any(|source| source.contains(address))) })
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
