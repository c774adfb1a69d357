//! `salio send --dry-run`: what it would cost.
//!
//! Knows nothing of: prices, which the API tells.

use salio_domain::Units;
use serde_json::{Value, json};

use super::check::Checked;
use super::{list, options};
use crate::args::SendArgs;
use crate::client::Client;
use crate::client::wire::{Balance, Quote};
use crate::commands::{account_path, accounts, parsed};
use crate::failure::{Failure, Outcome};
use crate::{out, say};

/// Of a list.
pub async fn list(client: &Client, args: &SendArgs) -> Outcome {
    let mut question = options::members(args);
    // A quote says what is short; nothing follows from it.
    question.remove("on_short");
    question.insert("to".to_owned(), json!(args.to));
    let body = client.post("/api/v1/messages/quote", Some(&Value::Object(question))).await?.ok()?;
    let quote: Quote = parsed(body.clone())?;
    sender(client, args, &quote.account).await?;
    if args.json.json {
        out::json(&with_mark(body));
    } else {
        tell_list(&quote);
    }
    list::tell(&quote.rejected);
    if quote.rejected.is_empty() { Ok(()) } else { Err(Failure::Told) }
}

/// A quote asks for no sender; sending does.
async fn sender(client: &Client, args: &SendArgs, account: &str) -> Outcome {
    if args.from.is_some() || accounts(client).await?.find(account)?.sender_id.is_some() {
        return Ok(());
    }
    Err(Failure::usage(format!("The account {account} has no sender_id: name an approved sender with --from, or set ONFON_SENDER_ID.")))
}

fn with_mark(mut body: Value) -> Value {
    if let Some(members) = body.as_object_mut() {
        members.insert("dry_run".to_owned(), json!(true));
    }
    body
}

fn tell_list(quote: &Quote) {
    let (recipients, segments) = (say::count(quote.recipients, "recipient"), say::count(usize::try_from(quote.segments).unwrap_or(0), "segment"));
    out::line(&format!("{recipients} × {segments} ({})  charge {}", quote.encoding, say::amount(&quote.charge)));
    out::line(&format!("{} for {}; {}. Nothing was sent.", say::amount(&quote.charge), say::count(quote.recipients, "message"), left(quote.balance_after.as_deref())));
}

fn left(after: Option<&str>) -> String {
    match after.map(|after| (after, after.parse::<Units>())) {
        None => "the balance is not known yet".to_owned(),
        Some((_, Ok(units))) if units < Units::ZERO => format!("the balance does not cover it, {} are missing", Units::ZERO.minus(units).grouped()),
        Some((after, _)) => format!("{} would be left", say::amount(after)),
    }
}

/// Of a file that was checked.
pub async fn file(client: &Client, checked: &Checked) -> Outcome {
    let after = after(client, checked).await?;
    let messages = say::count(usize::try_from(checked.messages).unwrap_or(usize::MAX), "message");
    let segments = say::count(usize::try_from(checked.segments).unwrap_or(usize::MAX), "segment");
    out::line(&format!("{messages}, {segments}  charge {}", checked.charge.grouped()));
    out::line(&format!("{}. Nothing was sent.", capital(&left(after.as_deref()))));
    Ok(())
}

/// The same, with the lines that cannot be sent.
pub async fn file_json(client: &Client, checked: &Checked) -> Outcome {
    let errors: Vec<Value> = checked.first_bad.iter().map(|error| json!({ "line": error.line, "field": error.field, "detail": error.detail, "given": error.given })).collect();
    let truncated = checked.bad > u64::try_from(errors.len()).unwrap_or(0);
    out::json(&json!({
        "dry_run": true,
        "account": checked.account,
        "lines": checked.lines,
        "messages": checked.messages,
        "segments": checked.segments,
        "charge": checked.charge.to_string(),
        "balance_after": after(client, checked).await?,
        "rejected": checked.bad,
        "errors": errors,
        "errors_truncated": truncated,
    }));
    Ok(())
}

/// The estimate, less what is queued already, less this.
async fn after(client: &Client, checked: &Checked) -> Outcome<Option<String>> {
    let balance: Balance = parsed(client.get(&account_path(&checked.account, "/balance")).await?.ok()?)?;
    let queued = balance.queued.parse().unwrap_or(Units::ZERO);
    let known = balance.balance.and_then(|units| units.parse::<Units>().ok());
    Ok(known.map(|units| units.minus(queued).minus(checked.charge).to_string()))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(left(None), "the balance is not known yet");
        assert_eq!(left(Some("11374.50")), "11,374.50 would be left");
        assert_eq!(left(Some("-2.50")), "the balance does not cover it, 2.50 are missing");
    }
}
