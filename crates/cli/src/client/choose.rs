//! Where a command acts: `SALIO_URL`; else the server in charge of the data directory; else the database itself, under the directory's lock.
//!
//! Knows nothing of: what is asked.

use super::Client;
use super::local::Local;
use super::socket::Socket;
use super::tcp::Tcp;
use crate::config::settings::Settings;
use crate::data_dir::{DataDir, Holder, LOCK_PATIENCE, LOOK_AGAIN, Lock, Locking};
use crate::failure::{Failure, Outcome};
use crate::wiring;

/// Finds the way for `command`, which may send what waits when it works by itself.
pub async fn open(settings: &Settings, command: &str, dispatch: bool) -> Outcome<Client> {
    if let Some(url) = &settings.client.url {
        return Ok(Client::Tcp(Tcp::new(url, settings.client.token.clone())?));
    }
    let data_dir = DataDir::new(settings.data_dir.clone());
    if settings.accounts.is_empty() && !data_dir.lock_file().exists() {
        // No server can be in charge there, and nothing is made for a command that cannot work.
        return Err(Failure::usage(wiring::setup_text(settings)));
    }
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
    let found = tokio::time::timeout(LOCK_PATIENCE, async {
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

/// Says who is in charge. Only a server is safe to stop from outside: a command may be in the middle of sending, and ends by itself.
pub fn busy(data_dir: &DataDir, holder: &Holder) -> Failure {
    let fix = match holder.pid {
        Some(pid) if holder.command == "serve" => format!("stop it (kill {pid}), or name another directory with --data-dir"),
        _ => "run this again when it has ended, or name another directory with --data-dir".to_owned(),
    };
    Failure::failed(format!("the data directory {} is in use by {holder}; {fix}", data_dir.path().display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_server_is_to_be_stopped() {
        let text = |command: &str| busy(&DataDir::new("d".into()), &Holder { pid: Some(42), command: command.to_owned() }).to_string();
        assert_eq!(text("serve"), "the data directory d is in use by process 42 (salio serve); stop it (kill 42), or name another directory with --data-dir");
        assert_eq!(text("send"), "the data directory d is in use by process 42 (salio send); run this again when it has ended, or name another directory with --data-dir");
    }
}
