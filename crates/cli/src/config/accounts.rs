//! The accounts: each one whole, and what must hold between them.
//!
//! Knows nothing of: layers' order, drivers. An incomplete account `onfon` is no problem but something to explain: it is what a half-filled
//! `.env` looks like.

use super::errors::{ConfigError, Place};
use super::layers::Layers;
use super::schema;
use super::settings::AccountSettings;

/// The complete accounts, and the variables that would complete `onfon`.
pub fn accounts(layers: &mut Layers) -> (Vec<AccountSettings>, Vec<String>) {
    let declared = layers.accounts();
    let mut complete = Vec::new();
    let mut missing = Vec::new();
    for (slug, place) in &declared {
        let absent = absent_keys(layers, slug);
        match absent.as_slice() {
            [] => complete.extend(account(layers, slug)),
            absent if slug == schema::ONFON => {
                missing.extend(absent.iter().map(|key| previous_name(key)));
                // Its other keys are still checked.
                let _incomplete = account(layers, slug);
            }
            absent => refuse_incomplete(layers, slug, place, absent),
        }
    }
    if declared.is_empty() {
        missing.extend(REQUIRED.iter().map(|key| previous_name(key)));
    }
    check_twins(layers, &complete);
    check_defaults(layers, &complete);
    (complete, missing)
}

/// Without these nobody can ask the provider anything.
const REQUIRED: [&str; 2] = ["api_key", "client_id"];

fn absent_keys(layers: &Layers, slug: &str) -> Vec<&'static str> {
    REQUIRED.iter().copied().filter(|key| layers.entry(&format!("accounts.{slug}.{key}")).is_none()).collect()
}

/// `api_key` → `ONFON_API_KEY`.
fn previous_name(key: &str) -> String {
    format!("ONFON_{}", key.to_ascii_uppercase())
}

fn refuse_incomplete(layers: &mut Layers, slug: &str, place: &Place, absent: &[&str]) {
    // Half a file says nothing about what is missing.
    if layers.file_is_broken {
        return;
    }
    for key in absent {
        let path = format!("accounts.{slug}.{key}");
        let problem = format!("missing; write {key} = \"…\" under [accounts.{slug}] or set {}", schema::variable(&path));
        layers.refuse(ConfigError { key: path, place: place.clone(), value: None, problem });
    }
    let _incomplete = account(layers, slug);
}

/// One account; nothing when a key is missing or was refused.
fn account(layers: &mut Layers, slug: &str) -> Option<AccountSettings> {
    let key = |name: &str| format!("accounts.{slug}.{name}");
    let provider = layers.get(&key("provider"));
    let api_url = layers.get(&key("api_url"));
    let api_key = layers.get(&key("api_key"));
    let client_id = layers.get(&key("client_id"));
    let access_key = layers.get(&key("access_key"));
    let access_key_in = layers.get(&key("access_key_in"));
    let sender_id = layers.get(&key("sender_id"));
    let unit = layers.get(&key("unit"));
    let price = layers.get(&key("price"));
    let prices = layers.get(&key("prices"));
    let batch_size = layers.get(&key("batch_size"));
    let calls_per_second = layers.get(&key("calls_per_second"));
    let concurrency = layers.get(&key("concurrency"));
    let timeout = layers.get(&key("timeout"));
    let on_unknown = layers.get(&key("on_unknown"));
    let look_ups = layers.get(&key("look_ups"));
    let on_short = layers.get(&key("on_short"));
    let reserve_for_high = layers.get(&key("reserve_for_high"));
    let default_country = layers.get(&key("default_country"));
    let default = layers.get(&key("default"));
    let credit_limit = layers.get(&key("credit_limit"));
    let webhook_token = layers.get(&key("webhook_token"));
    let webhook_allow = layers.get(&key("webhook_allow"));
    Some(AccountSettings {
        slug: slug.to_owned(),
        provider: provider?,
        api_url: api_url?,
        api_key: api_key?,
        client_id: client_id?,
        access_key,
        access_key_in: access_key_in?,
        sender_id,
        unit: unit?,
        price,
        prices: prices?,
        batch_size: batch_size?,
        calls_per_second: calls_per_second?,
        concurrency: concurrency?,
        timeout: timeout?,
        on_unknown: on_unknown?,
        look_ups: look_ups?,
        on_short,
        reserve_for_high: reserve_for_high?,
        default_country: default_country?,
        default: default?,
        credit_limit: credit_limit?,
        webhook_token,
        webhook_allow: webhook_allow?,
    })
}

/// Two accounts on one prepaid credit would each think the other's spending drift.
fn check_twins(layers: &mut Layers, accounts: &[AccountSettings]) {
    for (at, later) in accounts.iter().enumerate() {
        let twin = accounts.iter().take(at).find(|earlier| earlier.provider == later.provider && earlier.client_id == later.client_id);
        if let Some(earlier) = twin {
            let (first, second, provider) = (&earlier.slug, &later.slug, &later.provider);
            let problem = format!("the accounts {first} and {second} have the same provider ({provider}) and the same client id; keep one of them");
            layers.refuse_value(&format!("accounts.{second}.client_id"), problem);
        }
    }
}

fn check_defaults(layers: &mut Layers, accounts: &[AccountSettings]) {
    let slugs: Vec<&str> = accounts.iter().filter(|account| account.default).map(|account| account.slug.as_str()).collect();
    if let [_, .., last] = slugs.as_slice() {
        let problem = format!("only one account can be the default, not {}", slugs.join(" and "));
        layers.refuse_value(&format!("accounts.{last}.default"), problem);
    }
}
