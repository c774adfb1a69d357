//! `salio balance --watch`, and waiting for the one question that reading a stale balance causes.
//!
//! Knows nothing of: transports, beyond this: without a server nobody asks by itself, so this room does.

use std::time::Duration;

use serde_json::Value;

use super::{account_path, parsed, show, slugs};
use crate::client::wire::Balance;
use crate::client::{Client, Event, Events};
use crate::failure::{Failure, Outcome};
use crate::out;
use crate::signals::Signals;

/// A question that reading caused has begun within this, or there is none (the budget is used up, or only a person can help).
const BEGINS_WITHIN: Duration = Duration::from_millis(500);
/// The longest a question may take.
const ENDS_WITHIN: Duration = Duration::from_secs(60);
/// Without a server: 60 an hour fit into what people may ask.
const ASK_EVERY: Duration = Duration::from_secs(60);

/// Shows each change until nobody looks any more.
pub async fn run(client: &Client, named: Option<&str>, as_json: bool) -> Outcome {
    let slugs = slugs(client, named).await?;
    for slug in &slugs {
        // An account that is not there is said at once, not waited for.
        client.get(&account_path(slug, "/balance")).await?.ok()?;
    }
    let mut signals = Signals::listen()?;
    let mut events = client.events().await?;
    let mut ask = tokio::time::interval(ASK_EVERY);
    loop {
        tokio::select! {
            event = events.next() => match event? {
                Some(event) => if !show_event(&event, &slugs, as_json)? { return Ok(()) },
                None => return Err(Failure::failed("the server has stopped; run the command again when it is back")),
            },
            _ = ask.tick(), if client.local().is_some() => ask_stale(client, &slugs).await?,
            () = signals.next() => return Ok(()),
        }
    }
}

/// Without a server: a figure for those who look.
async fn ask_stale(client: &Client, slugs: &[String]) -> Outcome {
    for slug in slugs {
        // A failure shows in the balance itself.
        client.post(&account_path(slug, "/balance/refresh"), None).await?;
    }
    Ok(())
}

fn show_event(event: &Event, slugs: &[String], as_json: bool) -> Outcome<bool> {
    if event.name != "balance" {
        return Ok(true);
    }
    let balance: Balance = parsed(event.data.clone())?;
    if !slugs.contains(&balance.account) {
        return Ok(true);
    }
    Ok(if as_json { out::json_line(&event.data) } else { show::balances(&[balance]).iter().all(|line| out::line(line)) })
}

/// The balance of an account. A server goes on asking by itself; without one, the question that reading a stale balance causes is waited for, since
/// it would end with this process.
pub async fn settled_read(client: &Client, slug: &str) -> Outcome<Value> {
    let path = account_path(slug, "/balance");
    if client.local().is_none() {
        return client.get(&path).await?.ok();
    }
    let mut events = client.events().await?;
    let body = client.get(&path).await?.ok()?;
    let balance: Balance = parsed(body.clone())?;
    if !matches!(balance.state.as_str(), "stale" | "unknown") {
        return Ok(body);
    }
    if phase(&mut events, &balance.account, BEGINS_WITHIN, |phase| phase == "started").await {
        phase(&mut events, &balance.account, ENDS_WITHIN, |phase| phase != "started").await;
    }
    client.get(&path).await?.ok()
}

/// Whether a question of the account reaches a phase in time.
async fn phase(events: &mut Events, slug: &str, within: Duration, wanted: impl Fn(&str) -> bool) -> bool {
    let heard = async {
        while let Ok(Some(event)) = events.next().await {
            let word = |name: &str| event.data.get(name).and_then(Value::as_str).unwrap_or_default();
            if event.name == "refresh" && word("account") == slug && wanted(word("phase")) {
                return true;
            }
        }
        false
    };
    tokio::time::timeout(within, heard).await.unwrap_or(false)
}
