//! The data directory, its lock, and the database.
//!
//! Knows nothing of: what is stored.

use std::os::unix::fs::PermissionsExt;

use super::report::{Line, Report};
use crate::client::{self, Client};
use crate::config::settings::Settings;
use crate::data_dir::DataDir;
use crate::wiring;

/// Rights of anybody else.
const OTHERS: u32 = 0o077;

/// Adds what was found; the way to Salio, if there is one.
pub async fn check(report: &mut Report, settings: &Settings) -> Option<Client> {
    let data_dir = DataDir::new(settings.data_dir.clone());
    if settings.client.url.is_none() {
        directory(report, &data_dir);
        if settings.accounts.is_empty() {
            return None;
        }
    }
    match client::open(settings, "doctor", false).await {
        Ok(client) => {
            who(report, &client, &data_dir);
            database(report, &client, settings, &data_dir).await;
            Some(client)
        }
        Err(failure) => {
            report.add(Line::fail("database", failure.to_string(), "do what this line says, then run the doctor again"));
            None
        }
    }
}

fn directory(report: &mut Report, data_dir: &DataDir) {
    let path = data_dir.path();
    let shown = path.display();
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => report.add(Line::ok("data directory", format!("{shown} (made when it is first needed)"))),
        Err(error) => report.add(Line::fail("data directory", format!("{shown}: {error}"), "make it readable and writable for this user, or name another with SALIO_DATA_DIR")),
        Ok(found) if !found.is_dir() => report.add(Line::fail("data directory", format!("{shown} is a file"), "name another with SALIO_DATA_DIR")),
        Ok(found) if found.permissions().mode() & OTHERS != 0 => {
            report.add(Line::warn("data directory", format!("{shown} is open to other users of this machine"), format!("chmod 700 {shown}")))
        }
        Ok(_) => report.add(Line::ok("data directory", format!("{shown}, private"))),
    }
}

fn who(report: &mut Report, client: &Client, data_dir: &DataDir) {
    let text = match client {
        Client::Local(_) => "no server runs on it; commands work on the database themselves".to_owned(),
        Client::Socket(_) => format!("a server holds it and answers on {}", data_dir.socket().display()),
        Client::Tcp(_) => "SALIO_URL names a server, which answers".to_owned(),
    };
    report.add(Line::ok(if matches!(client, Client::Tcp(_)) { "server" } else { "lock" }, text));
}

async fn database(report: &mut Report, client: &Client, settings: &Settings, data_dir: &DataDir) {
    let what = match client {
        Client::Tcp(_) => "of the server".to_owned(),
        Client::Local(_) | Client::Socket(_) => wiring::database(settings, data_dir).display().to_string(),
    };
    match client.get("/readyz").await.and_then(client::Reply::ok) {
        Ok(_) => report.add(Line::ok("database", format!("{what}: its schema is this version's, and it can be written"))),
        Err(failure) => report.add(Line::fail("database", format!("{what}: {failure}"), "look at free space and rights of the file; restore a backup if it is damaged")),
    }
    if let Client::Local(_) = client {
        match wiring::integrity(&wiring::database(settings, data_dir)).await {
            Ok(()) => report.add(Line::ok("database", "every page and index is whole")),
            Err(failure) => report.add(Line::fail("database", failure.to_string(), "stop using it and restore a backup")),
        }
    }
}
