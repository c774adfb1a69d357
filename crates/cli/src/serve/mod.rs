//! `salio serve`: the dashboard, the API, sending.
//!
//! Knows nothing of: rules, providers.

mod listen;
pub mod running;

use std::net::SocketAddr;

use salio_engine::Mode;

use crate::args::{Common, ServeArgs};
use crate::client::busy;
use crate::config::FlagValue;
use crate::config::settings::Settings;
use crate::data_dir::{DataDir, Holder, LOCK_PATIENCE, LOOK_AGAIN, Lock, Locking};
use crate::failure::{Failure, Outcome};
use crate::{logging, out, wiring};

pub use listen::{next_free, tcp};
use running::Running;

/// As the lock names this command.
const NAME: &str = "serve";

/// `salio serve`
pub async fn run(common: &Common, args: &ServeArgs) -> Outcome {
    let mut flags = common.flags();
    flags.extend(args.listen.clone().map(|value| FlagValue { flag: "--listen".to_owned(), key: "server.listen".to_owned(), value }));
    let settings = wiring::settings(flags)?;
    logging::start(&settings.log);
    refuse_strangers(settings.server.listen)?;
    let data_dir = DataDir::new(settings.data_dir.clone());
    let lock = lock(&data_dir).await?;
    let listener = tcp(settings.server.listen).await?;
    let address = listener.local_addr().map_err(|error| Failure::failed(error.to_string()))?;
    let engine = wiring::engine(&settings, &data_dir, Mode::Serve).await?;
    let running = Running::start(engine, wiring::api_options(&settings, Some(address)), listener, &data_dir, lock).await?;
    tell(&settings, address);
    running.until_stopped().await
}

/// People's accounts and logins do not exist yet, so whoever reaches the port may do everything.
pub fn refuse_strangers(listen: SocketAddr) -> Outcome {
    if listen.ip().is_loopback() {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "serve listens on this machine only, not on {listen}: people's accounts and logins do not exist yet, so whoever reaches the port could read and send everything. \
         Listen on 127.0.0.1:{} and put a reverse proxy with a login, or an ssh tunnel, before it",
        listen.port()
    )))
}

/// Being in charge of the directory. Another server is named at once; a command (a cron line at boot, say) is likely to be over soon.
async fn lock(data_dir: &DataDir) -> Outcome<Lock> {
    let mut last = Holder::default();
    let waited = tokio::time::timeout(LOCK_PATIENCE, async {
        loop {
            match data_dir.try_lock(NAME)? {
                Locking::Held(lock) => return Ok(lock),
                Locking::Busy(holder) if holder.command == NAME => return Err(busy(data_dir, &holder)),
                Locking::Busy(holder) => last = holder,
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    })
    .await;
    waited.unwrap_or_else(|_| Err(busy(data_dir, &last)))
}

fn tell(settings: &Settings, address: SocketAddr) {
    out::line(&format!("Salio listens on http://{address}"));
    if settings.accounts.is_empty() {
        out::note(&wiring::setup_lines(settings));
    }
}
