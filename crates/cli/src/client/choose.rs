//! Where a command acts: `SALIO_URL`; else the server in charge of the data directory; else the database itself, under the directory's lock.
//!
//! Knows nothing of: what is asked.

use std::time::Duration;

use super::Client;
use super::local::Local;
use super::socket::Socket;
use super::tcp::Tcp;
use crate::config::settings::Settings;
use crate::data_dir::{DataDir, Holder, Lock, Locking};
use crate::failure::{Failure, Outcome};

/// A server that starts answers within this; another command is likely to be over.
const PATIENCE: Duration = Duration::from_secs(5);
/// Between looks.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Finds the way for `command`, which may send what waits when it works by itself.
pub async fn open(settings: &Settings, command: &str, dispatch: bool) -> Outcome<Client> {
    if let Some(url) = &settings.client.url {
        return Ok(Client::Tcp(Tcp::new(url, settings.client.token.clone())?));
    }
    let data_dir = DataDir::new(settings.data_dir.clone());
    match find(&data_dir, command).await? {
        Way::Socket(socket) => Ok(Client::Socket(socket)),
        // Outside of the patience: a database may need longer to be brought up to date.
        Way::Here(lock) => Ok(Client::Local(Box::new(Local::start(settings, &data_dir, lock, dispatch).await?))),
    }
}

enum Way {
    Socket(Socket),
    Here(Lock),
}

async fn find(data_dir: &DataDir, command: &str) -> Outcome<Way> {
    let mut holder = Holder::default();
    let found = tokio::time::timeout(PATIENCE, async {
        loop {
            match data_dir.try_lock(command)? {
                Locking::Held(lock) => return Ok(Way::Here(lock)),
                Locking::Busy(busy) => holder = busy,
            }
            if let Some(socket) = Socket::knock(&data_dir.socket()).await {
                return Ok(Way::Socket(socket));
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    })
    .await;
    found.unwrap_or_else(|_| Err(busy(data_dir, &holder)))
}

/// Says who is in charge.
pub fn busy(data_dir: &DataDir, holder: &Holder) -> Failure {
    let (path, stop) = (data_dir.path().display(), holder.pid.map_or_else(String::new, |pid| format!(" (kill {pid})")));
    Failure::failed(format!("the data directory {path} is in use by {holder}; wait until it has ended, or stop it{stop}"))
}
