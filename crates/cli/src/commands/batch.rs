//! `salio batch`.
//!
//! Knows nothing of: transports.

use serde_json::{Value, json};

use super::{accounts, begin, open, page_path, parsed, show_facts, show_more, show_rows, with_cause};
use crate::args::{BatchCommand, BatchErrorsArgs, BatchListArgs, Common, OneBatch};
use crate::client::wire::{Batch, Batches, LineErrors};
use crate::client::{Client, escaped};
use crate::failure::{Failure, Outcome};
use crate::send::watch;
use crate::{out, say};

/// Refused lines of one page.
const PAGE: u64 = 1000;

/// `salio batch …`
pub async fn run(common: &Common, command: &BatchCommand) -> Outcome {
    let settings = begin(common)?;
    let client = open(&settings, "batch").await?;
    let timezone = settings.server.timezone.as_str();
    let done = match command {
        BatchCommand::List(args) => list(&client, args, timezone).await,
        BatchCommand::Show(args) => show(&client, args, timezone).await,
        BatchCommand::Watch(args) => watch::batch(&client, &args.id, args.json.json).await,
        BatchCommand::Errors(args) => errors(&client, args).await,
        BatchCommand::Pause(args) => order(&client, args, "pause").await,
        BatchCommand::Resume(args) => order(&client, args, "resume").await,
        BatchCommand::Cancel(args) => order(&client, args, "cancel").await,
    };
    client.close().await;
    done
}

/// The path of a batch.
pub fn path(id: &str, rest: &str) -> String {
    format!("/api/v1/batches/{}{rest}", escaped(id))
}

async fn list(client: &Client, args: &BatchListArgs, timezone: &str) -> Outcome {
    if let Some(account) = &args.account {
        accounts(client).await?.find(account)?;
    }
    let path = page_path("/api/v1/batches", &args.page, &[("account", args.account.as_deref()), ("state", args.state.as_deref())]);
    let body = client.get(&path).await?.ok()?;
    if args.json.json {
        out::json(&body);
        return Ok(());
    }
    let page: Batches = parsed(body)?;
    let heads = ["ID", "STATE", "ACCOUNT", "MESSAGES", "WAITING", "REFUSED", "CHARGE", "CREATED", "NAME"];
    show_rows("no batches", &heads, page.batches.iter().map(|batch| row(batch, timezone)).collect(), &[3, 4, 5, 6]);
    show_more(page.next_cursor.as_deref());
    Ok(())
}

fn row(batch: &Batch, timezone: &str) -> Vec<String> {
    vec![
        batch.id.clone(),
        with_cause(&batch.state, batch.cause.as_deref()),
        batch.account.clone(),
        say::number(batch.messages),
        say::number(batch.waiting()),
        say::number(batch.rejected),
        say::amount(&batch.charge),
        say::instant(&batch.created_at, timezone),
        batch.name.clone().unwrap_or_default(),
    ]
}

async fn show(client: &Client, args: &OneBatch, timezone: &str) -> Outcome {
    let body = client.get(&path(&args.id, "")).await?.ok()?;
    if args.json.json {
        out::json(&body);
        return Ok(());
    }
    tell(&parsed(body)?, timezone);
    Ok(())
}

/// Everything that people ask about a batch.
fn tell(batch: &Batch, timezone: &str) {
    let refused = if batch.rejected == 0 {
        String::new()
    } else {
        format!("{} of {} lines, {} of them duplicates (salio batch errors {})", batch.rejected, batch.lines, batch.duplicates, batch.id)
    };
    show_facts(&[
        ("batch", batch.id.clone()),
        ("name", batch.name.clone().unwrap_or_default()),
        ("state", with_cause(&batch.state, batch.cause.as_deref())),
        ("account", batch.account.clone()),
        ("came as", batch.source.clone()),
        ("priority", batch.priority.clone()),
        ("messages", watch::states(batch)),
        ("refused", refused),
        ("charge", format!("{}, of it {} spent", say::amount(&batch.charge), say::amount(&batch.spent))),
        ("pace", watch::pace(batch)),
        ("created", say::instant(&batch.created_at, timezone)),
        ("ended", batch.ended_at.as_deref().map(|at| say::instant(at, timezone)).unwrap_or_default()),
    ]);
}

async fn errors(client: &Client, args: &BatchErrorsArgs) -> Outcome {
    let (mut left, mut cursor, mut all) = (args.limit.unwrap_or(u64::MAX), None::<String>, Vec::<Value>::new());
    let mut shown = 0_u64;
    while left > 0 {
        let from = cursor.as_deref().map(|cursor| format!("&cursor={}", escaped(cursor))).unwrap_or_default();
        let body = client.get(&path(&args.id, &format!("/errors?limit={}{from}", left.min(PAGE)))).await?.ok()?;
        let page: LineErrors = parsed(body.clone())?;
        let count = u64::try_from(page.errors.len()).unwrap_or(0);
        (left, shown) = (left.saturating_sub(count), shown + count);
        if args.json.json {
            all.extend(body.get("errors").and_then(Value::as_array).cloned().unwrap_or_default());
        } else if !page.errors.iter().all(|error| out::line(&watch::line_error(error))) {
            return Ok(());
        }
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    if args.json.json {
        out::json(&json!({ "errors": all, "next_cursor": cursor }));
    } else if shown == 0 {
        out::note("no line was refused");
    }
    Ok(())
}

async fn order(client: &Client, args: &OneBatch, order: &str) -> Outcome {
    let body = client.post(&path(&args.id, &format!("/{order}")), None).await?.ok()?;
    if args.json.json {
        out::json(&body);
        return Ok(());
    }
    let batch: Batch = parsed(body)?;
    if batch.id.is_empty() {
        return Err(Failure::failed("the answer of Salio names no batch; use the same version on both sides"));
    }
    out::line(&format!("{}  {}: {}", batch.id, batch.state, watch::states(&batch)));
    if order == "resume" && client.local().is_some() && batch.waiting() > 0 {
        out::note("it goes on with `salio serve` or the next `salio send`");
    }
    Ok(())
}
