//! `salio demo`: two simulated accounts with a week of history and gentle traffic, on loopback, without a login.
//!
//! Knows nothing of: the user's configuration, except what is logged. Everything in it is made up; the seed decides.

mod accounts;
mod dice;
mod history;
mod home;
mod texts;
mod traffic;

use std::net::{Ipv4Addr, SocketAddr};

use salio_engine::{BalanceOptions, Clock, EngineOptions, Mode};

use crate::args::{Common, DemoArgs};
use crate::client::busy;
use crate::config::settings::Settings;
use crate::data_dir::{DataDir, Lock, Locking};
use crate::failure::{Failure, Outcome};
use crate::serve::running::Running;
use crate::serve::{next_free, refuse_strangers};
use crate::{logging, out, wiring};

use accounts::DemoAccount;
use home::Home;

const USUAL: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// `salio demo`
pub async fn run(common: &Common, args: &DemoArgs) -> Outcome {
    let settings = crate::config::read_log_alone(common.flags()).map_err(|errors| Failure::Usage(errors.to_string()))?;
    logging::start_command(&settings.log);
    let wanted = args.listen.unwrap_or(USUAL);
    refuse_strangers(wanted)?;
    let home = Home::new(common.data_dir.as_deref())?;
    let data_dir = DataDir::new(home.path().to_owned());
    let lock = lock(&data_dir)?;
    let listener = next_free(wanted).await?;
    let address = listener.local_addr().map_err(|error| Failure::failed(error.to_string()))?;
    let accounts = accounts::start(args.seed, address).await?;
    let engine = engine(&accounts, &data_dir, args.seed).await?;
    let running = Running::start(engine, options(&settings, &accounts, address), listener, &data_dir, lock).await?;
    tell(args, &home, wanted, address);
    let traffic = traffic::start(running.engine().clone(), accounts, args.seed, running.stop().clone());
    let ended = running.until_stopped().await;
    let _ = traffic.await;
    ended
}

fn lock(data_dir: &DataDir) -> Outcome<Lock> {
    match data_dir.try_lock("demo")? {
        Locking::Held(lock) => Ok(lock),
        Locking::Busy(holder) => Err(busy(data_dir, &holder)),
    }
}

/// Writes the past, and starts the engine on it.
async fn engine(accounts: &[DemoAccount], data_dir: &DataDir, seed: u64) -> Outcome<salio_engine::Engine> {
    let store = wiring::store(&data_dir.database())?;
    history::write(&store, accounts, seed, Clock::system().now()).await?;
    let options = accounts.iter().map(|account| account.options.clone()).collect();
    wiring::start(EngineOptions { mode: Mode::Serve, balance: BalanceOptions::default(), accounts: options, forwarder: None }, store).await
}

fn options(settings: &Settings, accounts: &[DemoAccount], address: SocketAddr) -> salio_api::ApiOptions {
    let setup = salio_api::Setup::default();
    let webhooks = accounts.iter().map(|account| account.webhook.clone()).collect();
    salio_api::ApiOptions { demo: true, setup, webhooks, ..wiring::api_options(settings, Some(address)) }
}

fn tell(args: &DemoArgs, home: &Home, wanted: SocketAddr, address: SocketAddr) {
    if !args.quiet {
        out::line("This is a demo: the provider, the accounts and all messages are simulated. Nothing is sent to anybody.");
        if wanted.port() != address.port() && wanted.port() != 0 {
            out::line(&format!("Port {} is taken, so it listens on {}.", wanted.port(), address.port()));
        }
    }
    out::line(&format!("Open http://{address}"));
    if !args.quiet {
        out::line(if home.is_temporary() { "Ctrl-C ends it and leaves nothing behind." } else { "Ctrl-C ends it." });
    }
}
