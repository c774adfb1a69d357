//! The sections with one of each key: server, balance, client; and what must hold between their keys.
//!
//! Knows nothing of: accounts, where values come from.

use super::layers::Layers;
use super::settings::{BalanceSettings, ClientSettings, ServerSettings};

/// `[server]`.
pub fn server(layers: &mut Layers) -> Option<ServerSettings> {
    let (listen, public_url) = (layers.get("server.listen"), layers.get("server.public_url"));
    let (trusted_proxies, timezone) = (layers.get("server.trusted_proxies"), layers.get("server.timezone"));
    Some(ServerSettings { listen: listen?, public_url, trusted_proxies: trusted_proxies?, timezone: timezone? })
}

/// `SALIO_URL`, `SALIO_TOKEN`.
pub fn client(layers: &mut Layers) -> ClientSettings {
    ClientSettings { url: layers.get("url"), token: layers.get("token") }
}

/// `[balance]`.
pub fn balance(layers: &mut Layers) -> Option<BalanceSettings> {
    // Everything is read before anything is given up, so that all problems are found.
    let cache_ttl = layers.get("balance.cache_ttl");
    let schedule = layers.get("balance.schedule");
    let watch_interval = layers.get("balance.watch_interval");
    let calls_per_hour = layers.get("balance.calls_per_hour");
    let reserved_for_people = layers.get("balance.reserved_for_people");
    let reserved_for_automatic = layers.get("balance.reserved_for_automatic");
    let settle_after = layers.get("balance.settle_after");
    let late_charge_window = layers.get("balance.late_charge_window");
    let timeout = layers.get("balance.timeout");
    check_budget(layers, calls_per_hour, reserved_for_people, reserved_for_automatic);
    Some(BalanceSettings {
        cache_ttl: cache_ttl?,
        schedule: schedule?,
        watch_interval: watch_interval?,
        calls_per_hour: calls_per_hour?,
        reserved_for_people: reserved_for_people?,
        reserved_for_automatic: reserved_for_automatic?,
        settle_after: settle_after?,
        late_charge_window: late_charge_window?,
        timeout: timeout?,
    })
}

/// The reserved parts must fit into the whole.
fn check_budget(layers: &mut Layers, whole: Option<u32>, people: Option<u32>, automatic: Option<u32>) {
    let (Some(whole), Some(people), Some(automatic)) = (whole, people, automatic) else {
        return;
    };
    if people.saturating_add(automatic) <= whole {
        return;
    }
    let problem = format!("reserved_for_people ({people}) and reserved_for_automatic ({automatic}) together must not exceed calls_per_hour ({whole})");
    let keys = ["balance.calls_per_hour", "balance.reserved_for_people", "balance.reserved_for_automatic"];
    // Named where somebody wrote something: the last of the three that is no default.
    let written = keys.iter().rev().find(|key| layers.entry(key).is_some()).unwrap_or(&keys[0]);
    layers.refuse_value(written, problem);
}
