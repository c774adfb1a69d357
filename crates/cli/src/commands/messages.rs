//! `salio messages`.
//!
//! Knows nothing of: transports.

use serde_json::Value;

use super::{accounts, begin, open, parsed};
use crate::args::{Common, MessageFilter, MessagesArgs, MessagesCommand};
use crate::client::wire::{Message, Messages};
use crate::client::{Client, escaped};
use crate::failure::Outcome;
use crate::{out, say};

/// `salio messages …`
pub async fn run(common: &Common, args: &MessagesArgs) -> Outcome {
    let settings = begin(common)?;
    let client = open(&settings, "messages").await?;
    let timezone = settings.server.timezone.as_str();
    let done = match (&args.command, &args.id) {
        (Some(MessagesCommand::Cancel { id, json }), _) => cancel(&client, id, json.json).await,
        (None, Some(id)) => one(&client, id, args.json.json, timezone).await,
        (None, None) => list(&client, &args.filter, args.json.json, timezone).await,
    };
    client.close().await;
    done
}

async fn cancel(client: &Client, id: &str, as_json: bool) -> Outcome {
    let body = client.delete(&format!("/api/v1/messages/{}", escaped(id))).await?.ok()?;
    if as_json {
        out::json(&body);
    } else {
        out::line(&format!("{id}  cancelled"));
    }
    Ok(())
}

async fn one(client: &Client, id: &str, as_json: bool, timezone: &str) -> Outcome {
    let body = client.get(&format!("/api/v1/messages/{}", escaped(id))).await?.ok()?;
    if as_json {
        out::json(&body);
        return Ok(());
    }
    let message: Message = parsed(body)?;
    let fact = |name: &str, value: String| (!value.is_empty()).then(|| vec![name.to_owned(), value]);
    let facts = [
        fact("message", message.id.clone()),
        fact("state", with_cause(&message.state, message.cause.as_deref())),
        fact("to", message.to.clone()),
        fact("from", message.from.clone().unwrap_or_default()),
        fact("account", message.account.clone()),
        fact("text", message.text.clone().unwrap_or_default()),
        fact("charge", format!("{} ({}, {})", say::amount(&message.charge), say::count(usize::try_from(message.segments).unwrap_or(0), "segment"), message.encoding)),
        fact("reference", message.reference.clone().unwrap_or_default()),
        fact("batch", message.batch_id.clone().unwrap_or_default()),
        fact("next try", message.next_try_at.as_deref().map(|at| say::instant(at, timezone)).unwrap_or_default()),
    ];
    out::lines(&out::table(&facts.into_iter().flatten().collect::<Vec<_>>(), &[]));
    let steps: Vec<Vec<String>> =
        message.timeline.iter().map(|step| vec![format!("  {}", say::instant(&step.at, timezone)), with_cause(&step.state, step.cause.as_deref())]).collect();
    out::lines(&out::table(&steps, &[]));
    Ok(())
}

fn with_cause(state: &str, cause: Option<&str>) -> String {
    cause.map_or_else(|| state.to_owned(), |cause| format!("{state} ({})", cause.replace('_', " ")))
}

async fn list(client: &Client, filter: &MessageFilter, as_json: bool, timezone: &str) -> Outcome {
    if let Some(account) = &filter.account {
        accounts(client).await?.find(account)?;
    }
    let body = client.get(&path(filter)).await?.ok()?;
    if as_json {
        out::json(&body);
        return Ok(());
    }
    show(body, timezone)
}

/// The path of a page.
fn path(filter: &MessageFilter) -> String {
    let words =
        [("state", &filter.state), ("account", &filter.account), ("to", &filter.to), ("reference", &filter.reference), ("batch", &filter.batch), ("cursor", &filter.cursor)];
    let query: String = words.into_iter().filter_map(|(name, value)| Some(format!("&{name}={}", escaped(value.as_deref()?)))).collect();
    format!("/api/v1/messages?limit={}{query}", filter.limit)
}

fn show(body: Value, timezone: &str) -> Outcome {
    let page: Messages = parsed(body)?;
    if page.messages.is_empty() {
        out::note("no messages");
        return Ok(());
    }
    let mut rows = vec![["ID", "STATE", "TO", "FROM", "SEGMENTS", "CHARGE", "CREATED", "REFERENCE"].map(str::to_owned).to_vec()];
    rows.extend(page.messages.iter().map(|message| row(message, timezone)));
    out::lines(&out::table(&rows, &[4, 5]));
    if let Some(cursor) = page.next_cursor {
        out::note(&format!("more: --cursor {cursor}"));
    }
    Ok(())
}

fn row(message: &Message, timezone: &str) -> Vec<String> {
    vec![
        message.id.clone(),
        message.state.clone(),
        message.to.clone(),
        message.from.clone().unwrap_or_default(),
        message.segments.to_string(),
        say::amount(&message.charge),
        say::instant(&message.created_at, timezone),
        message.reference.clone().unwrap_or_default(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_becomes_a_query() {
        let filter = MessageFilter { state: Some("queued".into()), reference: Some("a b&c".into()), limit: 5, ..MessageFilter::default() };
        assert_eq!(path(&filter), "/api/v1/messages?limit=5&state=queued&reference=a%20b%26c");
    }
}
