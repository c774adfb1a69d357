//! `salio send --dry-run`: what it would cost.
//!
//! Knows nothing of: prices, which the API tells.

use salio_domain::Units;
use serde_json::{Value, json};

use super::hand_over::RECIPIENTS;
use super::plan::{Group, Plan, Recipient};
use crate::args::SendArgs;
use crate::client::Client;
use crate::client::wire::Quote;
use crate::commands;
use crate::failure::{Failure, Outcome};
use crate::{out, say};

/// Asks for each text.
pub async fn run(client: &Client, args: &SendArgs, plan: &Plan) -> Outcome {
    let mut quotes = Vec::new();
    for group in &plan.groups {
        quotes.push(quote(client, args, group).await?);
    }
    if args.json.json {
        out::json(&whole(plan, &quotes));
    } else {
        tell(plan, &quotes);
    }
    Ok(())
}

/// Of one text; recipients are only counted, so the parts of a long list add up.
async fn quote(client: &Client, args: &SendArgs, group: &Group) -> Outcome<Quote> {
    let mut whole: Option<Quote> = None;
    for recipients in group.recipients.chunks(RECIPIENTS) {
        let reply = client.post("/api/v1/messages/quote", Some(&question(args, &group.text, recipients))).await?;
        let part = commands::parsed::<Quote>(reply.ok()?)?;
        whole = Some(match whole {
            Some(before) => {
                Quote { charge: charge(&[before.clone(), part.clone()]).to_string(), balance_after: after(&[before, part.clone()]).map(|units| units.to_string()), ..part }
            }
            None => part,
        });
    }
    whole.ok_or_else(|| Failure::failed("nobody to send to"))
}

fn question(args: &SendArgs, text: &str, recipients: &[Recipient]) -> Value {
    let to: Vec<&str> = recipients.iter().map(|recipient| recipient.to.as_str()).collect();
    match &args.account {
        Some(account) => json!({ "to": to, "text": text, "account": account }),
        None => json!({ "to": to, "text": text }),
    }
}

fn charge(quotes: &[Quote]) -> Units {
    quotes.iter().filter_map(|quote| quote.charge.parse::<Units>().ok()).sum()
}

/// The estimate less everything: each quote subtracts only its own charge.
fn after(quotes: &[Quote]) -> Option<Units> {
    let first = quotes.first()?;
    let (left, own) = (first.balance_after.as_ref()?.parse::<Units>().ok()?, first.charge.parse::<Units>().ok()?);
    Some(left.plus(own).minus(charge(quotes)))
}

fn whole(plan: &Plan, quotes: &[Quote]) -> Value {
    let texts: Vec<Value> = plan
        .groups
        .iter()
        .zip(quotes)
        .map(|(group, quote)| json!({ "text": group.text, "recipients": group.recipients.len(), "encoding": quote.encoding, "segments": quote.segments, "charge": quote.charge }))
        .collect();
    json!({ "dry_run": true, "texts": texts, "charge": charge(quotes).to_string(), "balance_after": after(quotes).map(|units| units.to_string()) })
}

/// Texts shown one by one; of more only the sum interests.
const SHOWN: usize = 5;

fn tell(plan: &Plan, quotes: &[Quote]) {
    for (group, quote) in plan.groups.iter().zip(quotes).take(SHOWN) {
        let (recipients, segments) = (say::count(group.recipients.len(), "recipient"), say::count(usize::try_from(quote.segments).unwrap_or(0), "segment"));
        out::line(&format!("{recipients} × {segments} ({})  charge {}", quote.encoding, say::amount(&quote.charge)));
    }
    if quotes.len() > SHOWN {
        out::line(&format!("… and {} more texts", quotes.len() - SHOWN));
    }
    let left = after(quotes).map_or_else(|| "the balance is not known yet".to_owned(), |units| format!("{} would be left", units.grouped()));
    out::line(&format!("{} for {}; {left}. Nothing was sent.", charge(quotes).grouped(), say::count(plan.recipients(), "message")));
}
