//! The configuration as the rest of the binary sees it: every value read, checked and in its own type.
//!
//! Knows nothing of: layers, texts, defaults.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use salio_domain::Units;
use salio_provider::Secret;

pub use super::address::AllowedSource;

/// Everything that was configured.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `[server]`.
    pub server: ServerSettings,
    /// `[balance]`.
    pub balance: BalanceSettings,
    /// Complete accounts, in the order of their slugs.
    pub accounts: Vec<AccountSettings>,
    /// Where the database, the lock and the socket live.
    pub data_dir: PathBuf,
    /// The SQLite file, if it is not the one in `data_dir`.
    pub database_url: Option<PathBuf>,
    /// The log filter.
    pub log: String,
    /// The file that was read, if there was one.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests hold the search for the file against it"))]
    pub config_path: Option<PathBuf>,
    /// Whom commands talk to.
    pub client: ClientSettings,
    /// Variables that would complete the account `onfon`; empty when there is nothing to explain.
    pub setup_missing: Vec<String>,
}

/// `[server]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerSettings {
    /// Where `serve` listens.
    pub listen: SocketAddr,
    /// How it is reached from outside, if a proxy stands before it.
    pub public_url: Option<String>,
    /// Proxies whose word for the caller's address is believed.
    pub trusted_proxies: Vec<AllowedSource>,
    /// A known IANA name.
    pub timezone: String,
}

/// `[balance]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceSettings {
    /// The shown balance is `stale` when asked longer ago.
    pub cache_ttl: Duration,
    /// Five cron fields.
    pub schedule: String,
    /// Between questions while a dashboard is open.
    pub watch_interval: Duration,
    /// In any 3,600 s; at least the two reserved parts together.
    pub calls_per_hour: u32,
    /// Only for people.
    pub reserved_for_people: u32,
    /// Only for start, settling, schedule, alerts.
    pub reserved_for_automatic: u32,
    /// After the last submission ended; ascending, never empty.
    pub settle_after: Vec<Duration>,
    /// How long unconfirmed charges are remembered.
    pub late_charge_window: Duration,
    /// Of one balance call.
    pub timeout: Duration,
}

/// `[accounts.ID]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSettings {
    /// `[a-z0-9-]{1,40}`.
    pub slug: String,
    /// A known driver.
    pub provider: String,
    /// As it was written; the driver finds base and prefix in it.
    pub api_url: String,
    /// Never shown.
    pub api_key: Secret,
    /// Never shown.
    pub client_id: Secret,
    /// Never shown.
    pub access_key: Option<Secret>,
    /// `header`, `body` or `both`.
    pub access_key_in: String,
    /// Of messages that name no sender.
    pub sender_id: Option<String>,
    /// What the provider counts.
    pub unit: String,
    /// Of a segment; above zero. Without it, 1 is assumed.
    pub price: Option<Units>,
    /// Of a segment to numbers that begin with these digits.
    pub prices: Vec<(String, Units)>,
    /// Numbers in one call.
    pub batch_size: u32,
    /// Calls in a second.
    pub calls_per_second: u32,
    /// Calls under way at once.
    pub concurrency: u32,
    /// Of one send call.
    pub timeout: Duration,
    /// `hold` or `resend`.
    pub on_unknown: String,
    /// Whether the provider's list is asked about messages in doubt.
    pub look_ups: bool,
    /// `hold`, `refuse` or `partial`.
    pub on_short: Option<String>,
    /// What only messages of priority `high` may spend; zero or more.
    pub reserve_for_high: Units,
    /// Two capital letters.
    pub default_country: String,
    /// At most one account says so.
    pub default: bool,
    /// How far below zero the balance may go; zero or more.
    pub credit_limit: Units,
    /// Never shown.
    pub webhook_token: Option<Secret>,
    /// Who may report without the token.
    pub webhook_allow: Vec<AllowedSource>,
}

/// Whom commands talk to, from `SALIO_URL` and `SALIO_TOKEN`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientSettings {
    /// A running server.
    pub url: Option<String>,
    /// Never shown.
    pub token: Option<Secret>,
}
