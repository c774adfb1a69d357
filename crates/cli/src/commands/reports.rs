//! `salio reports`.
//!
//! Knows nothing of: transports, vendors' words.

use super::{accounts, begin, open, page_path, parsed, show_more, show_rows};
use crate::args::{Common, ReportsArgs};
use crate::client::Client;
use crate::client::wire::{Report, Reports};
use crate::failure::Outcome;
use crate::{out, say};

/// `salio reports …`
pub async fn run(common: &Common, args: &ReportsArgs) -> Outcome {
    let settings = begin(common)?;
    let client = open(&settings, "reports").await?;
    let done = list(&client, args, &settings.server.timezone).await;
    client.close().await;
    done
}

async fn list(client: &Client, args: &ReportsArgs, timezone: &str) -> Outcome {
    if let Some(account) = &args.account {
        accounts(client).await?.find(account)?;
    }
    let path = page_path("/api/v1/reports", &args.page, &[("account", args.account.as_deref()), ("matched", args.unmatched.then_some("false"))]);
    let body = client.get(&path).await?.ok()?;
    if args.json.json {
        out::json(&body);
        return Ok(());
    }
    let page: Reports = parsed(body)?;
    let heads = ["RECEIVED", "ACCOUNT", "WORD", "OUTCOME", "NUMBER", "MESSAGE", "EFFECT"];
    show_rows("no delivery reports", &heads, page.reports.iter().map(|report| row(report, timezone)).collect(), &[]);
    show_more(page.next_cursor.as_deref());
    Ok(())
}

fn row(report: &Report, timezone: &str) -> Vec<String> {
    let named = || report.provider_message_id.as_ref().map_or_else(|| "unknown".to_owned(), |name| format!("unknown ({name})"));
    vec![
        say::instant(&report.received_at, timezone),
        report.account.clone(),
        report.word.clone().unwrap_or_default(),
        report.outcome.clone(),
        report.number.clone().unwrap_or_default(),
        report.message_id.clone().unwrap_or_else(named),
        report.effect.clone().unwrap_or_else(|| "none".to_owned()),
    ]
}
