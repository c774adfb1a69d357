//! An engine that keeps nothing and asks nobody: what it knows of an account is enough to check lines by the rules of the real one.
//!
//! Knows nothing of: commands, the database.

use std::sync::Arc;
use std::time::Duration;

use salio_domain::Units;
use salio_engine::{BalanceOptions, Engine, EngineOptions, Mode};
use salio_provider::Secret;
use salio_store::memory::MemoryStore;

use super::{account, start};
use crate::config::settings::AccountSettings;
use crate::failure::Outcome;

/// Nobody is ever asked there.
const NOWHERE: &str = "http://127.0.0.1:9/v1/sms";
const TIMEOUT: Duration = Duration::from_secs(1);

/// What the rules depend on.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The word people use.
    pub slug: String,
    /// What amounts count.
    pub unit: String,
    /// The sender of lines that name none.
    pub sender_id: Option<String>,
    /// Whose numbers may be written without a country code.
    pub default_country: String,
    /// Units a segment; assumed without it.
    pub price: Option<Units>,
    /// Of a segment to numbers that begin with these digits.
    pub prices: Vec<(String, Units)>,
}

/// Starts one.
pub async fn scratch(rules: Rules) -> Outcome<Engine> {
    let accounts = vec![account(&settings(rules), TIMEOUT)?];
    let options = EngineOptions { mode: Mode::Command { dispatch: false }, balance: BalanceOptions::default(), accounts, forwarder: None };
    start(options, Arc::new(MemoryStore::new().process())).await
}

fn settings(rules: Rules) -> AccountSettings {
    let nobody = || Secret::new("made-up".to_owned());
    AccountSettings {
        slug: rules.slug,
        provider: "onfon".to_owned(),
        api_url: NOWHERE.to_owned(),
        api_key: nobody(),
        client_id: nobody(),
        access_key: None,
        access_key_in: "header".to_owned(),
        sender_id: rules.sender_id,
        unit: rules.unit,
        price: rules.price,
        prices: rules.prices,
        batch_size: 1,
        calls_per_second: 1,
        concurrency: 1,
        timeout: TIMEOUT,
        on_unknown: "hold".to_owned(),
        look_ups: false,
        on_short: None,
        reserve_for_high: Units::ZERO,
        default_country: rules.default_country,
        default: true,
        credit_limit: Units::ZERO,
        webhook_token: None,
        webhook_allow: Vec::new(),
    }
}
