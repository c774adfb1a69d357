//! The simulated accounts: each a provider of its own on a port of this machine, with the driver that speaks to it.
//!
//! Knows nothing of: history, traffic.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use salio_api::Webhook;
use salio_domain::Units;
use salio_engine::AccountOptions;
use salio_provider::Secret;
use salio_simulator::core::{Credentials, DlrPlan, InboundPlan, Micros, Outcome as Word};
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
/// Reports come so long after a message, and up to so much later.
const REPORTED_MS: (u64, u64) = (2_500, 6_000);
/// Calls a second and recipients of a call: a campaign goes slowly enough to be seen.
const PACE: (u32, u32) = (40, 20);
const SLOW_PACE: (u32, u32) = (1, 10);

/// One simulated account.
#[derive(Clone)]
pub struct DemoAccount {
    /// What it is like.
    pub flavour: Flavour,
    /// As the engine knows it.
    pub options: AccountOptions,
    /// Its provider.
    pub provider: SimHandle,
    /// Who may report to it.
    pub webhook: Webhook,
}

/// Starts the providers, which report to `server`.
pub async fn start(seed: u64, server: SocketAddr) -> Outcome<Vec<DemoAccount>> {
    let mut accounts = Vec::new();
    for (flavour, is_default) in [(ONFON, true), (MARKETING, false)] {
        accounts.push(account(flavour, is_default, seed, server).await?);
    }
    Ok(accounts)
}

async fn account(flavour: Flavour, is_default: bool, seed: u64, server: SocketAddr) -> Outcome<DemoAccount> {
    let credentials = Credentials { api_key: format!("made-up-key-{}", flavour.slug), client_id: format!("made-up-client-{}", flavour.slug), ..Credentials::default() };
    let settings = settings(&flavour, is_default, &credentials);
    let mut config = SimConfig { seed, credit: Micros(Units::whole(flavour.credit).micros()), price: Micros(PRICE.micros()), credentials, ..SimConfig::default() };
    (config.faults.latency_ms, config.faults.jitter_ms) = LATENCY_MS;
    config.dlr = reports(webhook_url(server, flavour.slug, "dlr"));
    config.inbound = InboundPlan { url: Some(webhook_url(server, flavour.slug, "inbound")), ..InboundPlan::default() };
    let bound = Simulator::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), config).await;
    let provider = bound.map_err(|error| Failure::failed(with_causes(&error)))?;
    let settings = AccountSettings { api_url: provider.api_url(), ..settings };
    let options = wiring::account(&settings, TIMEOUT)?;
    Ok(DemoAccount { flavour, options, provider, webhook: wiring::webhook(&settings) })
}

fn token(slug: &str) -> String {
    format!("made-up-token-{slug}")
}

/// Where a provider calls Salio.
fn webhook_url(server: SocketAddr, slug: &str, what: &str) -> String {
    format!("http://{server}/webhooks/{slug}/{what}?token={}", token(slug))
}

/// What networks say of messages: most arrive, some do not, and of some nobody ever hears.
fn reports(url: String) -> DlrPlan {
    let outcome = |word: &str, per_mille, error_code: &str| Word { word: word.to_owned(), per_mille, error_code: error_code.to_owned() };
    DlrPlan {
        url: Some(url),
        delay_ms: REPORTED_MS.0,
        jitter_ms: REPORTED_MS.1,
        outcomes: vec![outcome("DELIVRD", 910, "000"), outcome("UNDELIV", 60, "027"), outcome("EXPIRED", 30, "028")],
        interim_per_mille: 80,
        duplicate_per_mille: 20,
        lost_per_mille: 30,
        ..DlrPlan::default()
    }
}

fn settings(flavour: &Flavour, is_default: bool, credentials: &Credentials) -> AccountSettings {
    let (calls_per_second, batch_size) = if is_default { PACE } else { SLOW_PACE };
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
        prices: Vec::new(),
        batch_size,
        calls_per_second,
        concurrency: 8,
        timeout: TIMEOUT,
        on_unknown: "hold".to_owned(),
        look_ups: true,
        on_short: None,
        reserve_for_high: Units::ZERO,
        default_country: "KE".to_owned(),
        default: is_default,
        credit_limit: Units::ZERO,
        webhook_token: Some(Secret::new(token(flavour.slug))),
        webhook_allow: Vec::new(),
    }
}
