//! The simulated accounts: each a provider of its own on a port of this machine, with the driver that speaks to it.
//!
//! Knows nothing of: history, traffic.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use salio_domain::Units;
use salio_engine::AccountOptions;
use salio_provider::Secret;
use salio_simulator::core::{Credentials, Micros};
use salio_simulator::{SimConfig, SimHandle, Simulator};

use super::texts::{Flavour, MARKETING, ONFON};
use crate::config::settings::AccountSettings;
use crate::failure::{Failure, Outcome, with_causes};
use crate::wiring;

/// Units a segment.
pub const PRICE: Units = Units::from_micros(800_000);
/// A provider that answers at once would look unreal.
const LATENCY_MS: (u64, u64) = (60, 120);
const TIMEOUT: Duration = Duration::from_secs(10);

/// One simulated account.
#[derive(Clone)]
pub struct DemoAccount {
    /// What it is like.
    pub flavour: Flavour,
    /// As the engine knows it.
    pub options: AccountOptions,
    /// Its provider.
    pub provider: SimHandle,
}

/// Starts the providers.
pub async fn start(seed: u64) -> Outcome<Vec<DemoAccount>> {
    let mut accounts = Vec::new();
    for (flavour, is_default) in [(ONFON, true), (MARKETING, false)] {
        accounts.push(account(flavour, is_default, seed).await?);
    }
    Ok(accounts)
}

async fn account(flavour: Flavour, is_default: bool, seed: u64) -> Outcome<DemoAccount> {
    let credentials = Credentials { api_key: format!("made-up-key-{}", flavour.slug), client_id: format!("made-up-client-{}", flavour.slug), ..Credentials::default() };
    let settings = settings(&flavour, is_default, &credentials);
    let mut config = SimConfig { seed, credit: Micros(Units::whole(flavour.credit).micros()), price: Micros(PRICE.micros()), credentials, ..SimConfig::default() };
    (config.faults.latency_ms, config.faults.jitter_ms) = LATENCY_MS;
    let bound = Simulator::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), config).await;
    let provider = bound.map_err(|error| Failure::failed(with_causes(&error)))?;
    let options = wiring::account(&AccountSettings { api_url: provider.api_url(), ..settings }, TIMEOUT)?;
    Ok(DemoAccount { flavour, options, provider })
}

fn settings(flavour: &Flavour, is_default: bool, credentials: &Credentials) -> AccountSettings {
    AccountSettings {
        slug: flavour.slug.to_owned(),
        provider: "onfon".to_owned(),
        api_url: String::new(),
        api_key: Secret::new(credentials.api_key.clone()),
        client_id: Secret::new(credentials.client_id.clone()),
        access_key: None,
        access_key_in: "header".to_owned(),
        sender_id: flavour.senders.first().map(|sender| (*sender).to_owned()),
        unit: "units".to_owned(),
        price: Some(PRICE),
        batch_size: 20,
        calls_per_second: 40,
        concurrency: 8,
        timeout: TIMEOUT,
        on_unknown: "hold".to_owned(),
        default_country: "KE".to_owned(),
        default: is_default,
        credit_limit: Units::ZERO,
        webhook_token: None,
        webhook_allow: Vec::new(),
    }
}
