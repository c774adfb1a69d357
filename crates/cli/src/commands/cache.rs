//! `salio cache`.
//!
//! Knows nothing of: transports.

use serde_json::{Value, json};

use super::{account_path, begin, open, parsed, slugs};
use crate::args::{CacheArgs, CacheCommand, Common};
use crate::client::wire::Balance;
use crate::client::{Client, Local};
use crate::config::settings::Settings;
use crate::failure::{Failure, Outcome};
use crate::{out, say};

/// `salio cache show|clear`
pub async fn run(common: &Common, command: &CacheCommand) -> Outcome {
    let settings = begin(common)?;
    let client = open(&settings, "cache").await?;
    let done = match command {
        CacheCommand::Show(args) => show(&client, args, &settings).await,
        CacheCommand::Clear(args) => clear(&client, args).await,
    };
    client.close().await;
    done
}

async fn show(client: &Client, args: &CacheArgs, settings: &Settings) -> Outcome {
    let mut bodies = Vec::new();
    for slug in slugs(client, args.account.as_deref()).await? {
        bodies.push(look(client, &slug).await?);
    }
    if args.json.json {
        out::json(&json!({ "cache": bodies.iter().map(entry).collect::<Vec<_>>() }));
        return Ok(());
    }
    let mut rows = vec![["ACCOUNT", "FIGURE", "STATE", "ASKED", "NEXT"].map(str::to_owned).to_vec()];
    for body in bodies {
        rows.push(row(&parsed(body)?, &settings.server.timezone));
    }
    out::lines(&out::table(&rows, &[1]));
    Ok(())
}

/// The state of an account. Without a server nothing is asked: a question that reading causes would end with this process.
async fn look(client: &Client, slug: &str) -> Outcome<Value> {
    let Some(engine) = client.local().map(Local::engine) else { return client.get(&account_path(slug, "/balance")).await?.ok() };
    let view = engine.find(slug).and_then(|account| engine.view(account)).ok_or_else(|| Failure::failed(format!("there is no account {slug:?}")))?;
    serde_json::to_value(salio_api::wire::Balance::from(view)).map_err(|error| Failure::failed(error.to_string()))
}

fn row(balance: &Balance, timezone: &str) -> Vec<String> {
    let asked = match (&balance.observed_at, balance.age_ms) {
        (Some(at), Some(age_ms)) => format!("{} ({})", say::instant(at, timezone), say::age(age_ms)),
        _ => "never".to_owned(),
    };
    let next = balance.next_refresh_at.as_ref().map_or_else(|| "when somebody reads or syncs".to_owned(), |at| say::instant(at, timezone));
    let figure = balance.observed.as_deref().map_or_else(|| "none".to_owned(), |units| format!("{} {}", say::amount(units), balance.unit));
    vec![balance.account.clone(), figure, balance.state.clone(), asked, next]
}

fn entry(body: &Value) -> Value {
    let keys = ["account", "unit", "observed", "observed_at", "age_ms", "state", "next_refresh_at", "version"];
    keys.iter().map(|key| ((*key).to_owned(), body.get(*key).cloned().unwrap_or(Value::Null))).collect::<serde_json::Map<_, _>>().into()
}

async fn clear(client: &Client, args: &CacheArgs) -> Outcome {
    let mut cleared = Vec::new();
    for slug in slugs(client, args.account.as_deref()).await? {
        client.delete(&account_path(&slug, "/balance/cache")).await?.ok()?;
        cleared.push(slug);
    }
    if args.json.json {
        out::json(&json!({ "cleared": cleared }));
    } else {
        for slug in &cleared {
            out::line(&format!("{slug}  cleared; the next reader asks the provider"));
        }
    }
    Ok(())
}
