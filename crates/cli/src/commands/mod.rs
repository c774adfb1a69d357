//! The short commands: each asks the API and shows the answer.
//!
//! Knows nothing of: transports, rules.

pub mod balance;
pub mod cache;
pub mod completions;
pub mod messages;
pub mod show;
pub mod simulate;
mod watch;

use crate::args::Common;
use crate::client::{self, Client, escaped, wire};
use crate::config::settings::Settings;
use crate::failure::{Failure, Outcome};
use crate::{logging, wiring};

/// The settings of a command, with its log started.
pub fn begin(common: &Common) -> Outcome<Settings> {
    let settings = wiring::settings(common.flags())?;
    logging::start_command(&settings.log);
    Ok(settings)
}

/// The way to Salio for a command that sends nothing by itself.
pub async fn open(settings: &Settings, command: &str) -> Outcome<Client> {
    client::open(settings, command, false).await
}

/// Every account; an error when there is none.
pub async fn accounts(client: &Client) -> Outcome<wire::Accounts> {
    let accounts: wire::Accounts = parsed(client.get("/api/v1/accounts").await?.ok()?)?;
    if accounts.accounts.is_empty() {
        return Err(Failure::failed("the server has no account yet; its page and its log say what to set"));
    }
    Ok(accounts)
}

/// The account that was named, or all of them.
pub async fn slugs(client: &Client, named: Option<&str>) -> Outcome<Vec<String>> {
    let accounts = accounts(client).await?;
    if let Some(word) = named {
        return Ok(vec![accounts.find(word)?.slug.clone()]);
    }
    Ok(accounts.accounts.into_iter().map(|account| account.slug).collect())
}

/// The path of an account.
pub fn account_path(slug: &str, rest: &str) -> String {
    format!("/api/v1/accounts/{}{rest}", escaped(slug))
}

/// An answer in its type.
pub fn parsed<T: serde::de::DeserializeOwned>(body: serde_json::Value) -> Outcome<T> {
    serde_json::from_value(body).map_err(|error| Failure::failed(format!("the answer of Salio cannot be read ({error}); use the same version on both sides")))
}
