//! `salio balance` and `salio onfon:refresh-balance`.
//!
//! Knows nothing of: transports, what makes a figure right.

use serde_json::{Value, json};

use super::{account_path, begin, open, parsed, show, slugs, watch};
use crate::args::{BalanceArgs, Common, JsonFlag};
use crate::client::wire::Balance;
use crate::client::{Client, Problem, Reply};
use crate::failure::{Failure, Outcome};
use crate::out;

/// The account of the old cron line.
const ONFON: &str = "onfon";

/// `salio balance`
pub async fn run(common: &Common, args: &BalanceArgs) -> Outcome {
    let settings = begin(common)?;
    // Watching may hold the database for hours; whoever waits should know.
    let client = open(&settings, if args.watch { "balance --watch" } else { "balance" }).await?;
    let done = if args.watch {
        watch::run(&client, args.account.as_deref(), args.json.json).await
    } else if args.accept_form {
        ask(&client, args.account.as_deref(), "accept-form", args.json.json).await
    } else if args.refresh {
        ask(&client, args.account.as_deref(), "refresh", args.json.json).await
    } else {
        read(&client, args.account.as_deref(), args.json.json).await
    };
    client.close().await;
    done
}

/// `salio onfon:refresh-balance`
pub async fn refresh_onfon(common: &Common, json: JsonFlag) -> Outcome {
    let args = BalanceArgs { account: Some(ONFON.to_owned()), refresh: true, watch: false, accept_form: false, json };
    run(common, &args).await
}

/// Shows the figures that are known.
async fn read(client: &Client, named: Option<&str>, as_json: bool) -> Outcome {
    let mut bodies = Vec::new();
    for slug in slugs(client, named).await? {
        bodies.push(watch::settled_read(client, &slug).await?);
    }
    show_all(named.is_some(), &bodies, as_json)
}

fn show_all(one: bool, bodies: &[Value], as_json: bool) -> Outcome {
    match bodies {
        [body] if one && as_json => out::json(body),
        _ if as_json => out::json(&json!({ "balances": bodies })),
        _ => {
            let balances = bodies.iter().cloned().map(parsed::<Balance>).collect::<Outcome<Vec<_>>>()?;
            out::lines(&show::balances(&balances))
        }
    };
    Ok(())
}

/// Asks the provider of each account now.
async fn ask(client: &Client, named: Option<&str>, what: &str, as_json: bool) -> Outcome {
    let mut failed = false;
    let mut bodies = Vec::new();
    for slug in slugs(client, named).await? {
        let reply = client.post(&account_path(&slug, &format!("/balance/{what}")), None).await?;
        failed |= reply.is_problem();
        if !as_json {
            tell(&slug, &reply)?;
        }
        bodies.push(reply.body);
    }
    if as_json {
        show_all(named.is_some(), &bodies, true)?;
    }
    if failed { Err(Failure::Told) } else { Ok(()) }
}

fn tell(slug: &str, reply: &Reply) -> Outcome {
    if reply.is_problem() {
        out::error(&format!("{slug}: Failed to sync balance: {}", reply.problem().text(reply.retry_after_s)));
        tell_last(&reply.problem());
        return Ok(());
    }
    let balance: Balance = parsed(reply.body.clone())?;
    let formatted = balance.formatted.as_deref().unwrap_or("no figure yet");
    out::line(&format!("Balance updated: {formatted}"));
    Ok(())
}

fn tell_last(problem: &Problem) {
    if let Some(last) = problem.last.as_ref().filter(|last| last.formatted.is_some()) {
        show::balances(std::slice::from_ref(last)).iter().for_each(|line| out::note(&format!("last known: {line}")));
    }
}
