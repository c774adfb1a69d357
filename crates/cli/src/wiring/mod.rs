//! From settings to running parts: drivers, the database, the engine, the API.
//!
//! The only room that names vendors' drivers and the concrete store. Knows nothing of: commands.

mod accounts;
mod forwarder;
mod http;
mod integrity;
mod scratch;

use std::path::PathBuf;
use std::sync::Arc;

use salio_domain::balance::AskSettings;
use salio_engine::{BalanceOptions, Clock, Engine, EngineOptions, Entropy, Mode};
use salio_store::Store;
use salio_store::sqlite::{Options, SqliteStore};

use crate::config::FlagValue;
use crate::config::settings::{BalanceSettings, Settings};
use crate::data_dir::DataDir;
use crate::failure::{Failure, Outcome, with_causes};

pub use accounts::account;
pub use http::{api_options, router, webhook};
pub use integrity::integrity;
pub use scratch::{Rules, scratch};

/// Reads the configuration; prints what is likely wrong.
pub fn settings(flags: Vec<FlagValue>) -> Outcome<Settings> {
    let settings = crate::config::read_process(flags).map_err(|errors| Failure::Usage(errors.to_string()))?;
    Ok(settings)
}

/// The database of these settings.
pub fn database(settings: &Settings, data_dir: &DataDir) -> PathBuf {
    settings.database_url.clone().unwrap_or_else(|| data_dir.database())
}

/// Opens it; the caller holds the directory's lock.
pub fn store(path: &std::path::Path) -> Outcome<Arc<dyn Store>> {
    let opened = SqliteStore::open(path, Options::default());
    Ok(Arc::new(opened.map_err(|error| Failure::failed(with_causes(&error)))?))
}

/// Starts the engine of these settings.
pub async fn engine(settings: &Settings, data_dir: &DataDir, mode: Mode) -> Outcome<Engine> {
    let options = options(settings, mode)?;
    start(options, store(&database(settings, data_dir))?).await
}

/// Starts an engine on a store.
pub async fn start(options: EngineOptions, store: Arc<dyn Store>) -> Outcome<Engine> {
    let last_id = store.last_id().await.map_err(|error| Failure::failed(with_causes(&error)))?;
    let started = Engine::start(options, store, Clock::system(), Arc::new(Entropy::system(last_id))).await;
    started.map_err(|error| Failure::failed(with_causes(&error)))
}

fn options(settings: &Settings, mode: Mode) -> Outcome<EngineOptions> {
    let accounts = settings.accounts.iter().map(|account| accounts::account(account, settings.balance.timeout)).collect::<Outcome<Vec<_>>>()?;
    let forwarder = forwarder::forwarder(&settings.server.timezone)?;
    Ok(EngineOptions { mode, balance: balance(&settings.balance, &settings.server.timezone), accounts, forwarder: Some(forwarder) })
}

/// How the balance is asked for.
pub fn balance(settings: &BalanceSettings, timezone: &str) -> BalanceOptions {
    BalanceOptions {
        ask: AskSettings { cache_ttl: settings.cache_ttl, watch_interval: settings.watch_interval, settle_after: settings.settle_after.clone() },
        schedule: settings.schedule.clone(),
        timezone: timezone.to_owned(),
        calls_per_hour: number(settings.calls_per_hour),
        reserved_for_people: number(settings.reserved_for_people),
        reserved_for_automatic: number(settings.reserved_for_automatic),
        late_charge_window: settings.late_charge_window,
        timeout: settings.timeout,
    }
}

fn number(setting: u32) -> usize {
    usize::try_from(setting).unwrap_or(usize::MAX)
}

/// What to set when there is no account.
pub fn setup_text(settings: &Settings) -> String {
    let missing = if settings.setup_missing.is_empty() { "ONFON_API_KEY and ONFON_CLIENT_ID".to_owned() } else { settings.setup_missing.join(" and ") };
    format!("no account is configured yet: set {missing} (and ONFON_SENDER_ID) in .env or the environment. `salio demo` needs none of it")
}

/// The same for a server that goes on without one.
pub fn setup_lines(settings: &Settings) -> String {
    let missing = |name: &&str| settings.setup_missing.is_empty() || settings.setup_missing.iter().any(|missing| missing == name);
    let keys: Vec<String> = ["ONFON_API_KEY", "ONFON_CLIENT_ID"].iter().filter(|name| missing(name)).map(|name| format!("  {name}=…")).collect();
    format!(
        "No account is configured yet. Put these lines into .env, then start again:\n{}\n  ONFON_SENDER_ID=…\n(ONFON_API_URL only if the provider gave you another address. `salio demo` needs none of it.)",
        keys.join("\n")
    )
}
