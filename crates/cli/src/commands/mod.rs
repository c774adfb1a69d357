//! The short commands: each asks the API and shows the answer.
//!
//! Knows nothing of: transports, rules.

pub mod account;
pub mod balance;
pub mod batch;
pub mod cache;
pub mod completions;
pub mod inbound;
pub mod ledger;
pub mod messages;
pub mod reports;
pub mod show;
pub mod simulate;
pub mod stop_list;
pub mod token;
mod watch;

use crate::args::{Common, PageArgs};
use crate::client::{self, Client, escaped, wire};
use crate::config::settings::Settings;
use crate::failure::{Failure, Outcome};
use crate::{logging, out, wiring};

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

/// The path of a page of a listing; of `words` those that have a value.
pub fn page_path(path: &str, page: &PageArgs, words: &[(&str, Option<&str>)]) -> String {
    let words = words.iter().copied().chain([("cursor", page.cursor.as_deref())]);
    let query: String = words.filter_map(|(name, value)| Some(format!("&{name}={}", escaped(value?)))).collect();
    format!("{path}?limit={}{query}", page.limit)
}

/// Rows under their heads; nothing to show is said.
pub fn show_rows(nothing: &str, heads: &[&str], rows: Vec<Vec<String>>, right: &[usize]) {
    if rows.is_empty() {
        return out::note(nothing);
    }
    let mut all = vec![heads.iter().map(|head| (*head).to_owned()).collect::<Vec<_>>()];
    all.extend(rows);
    out::lines(&out::table(&all, right));
}

/// How to read on.
pub fn show_more(next_cursor: Option<&str>) {
    if let Some(cursor) = next_cursor {
        out::note(&format!("more: --cursor {cursor}"));
    }
}

/// `sent (accepted)`
pub fn with_cause(state: &str, cause: Option<&str>) -> String {
    cause.map_or_else(|| state.to_owned(), |cause| format!("{state} ({})", cause.replace('_', " ")))
}

/// Facts of one thing, under each other; those without a value are left out.
pub fn show_facts(facts: &[(&str, String)]) {
    let rows: Vec<Vec<String>> = facts.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| vec![(*name).to_owned(), value.clone()]).collect();
    out::lines(&out::table(&rows, &[]));
}

/// An answer in its type.
pub fn parsed<T: serde::de::DeserializeOwned>(body: serde_json::Value) -> Outcome<T> {
    serde_json::from_value(body).map_err(|error| Failure::failed(format!("the answer of Salio cannot be read ({error}); use the same version on both sides")))
}
