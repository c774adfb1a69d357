//! A page of messages.
//!
//! Knows nothing of: transports.

use crate::args::MessageFilter;
use crate::client::Client;
use crate::client::wire::{Message, Messages};
use crate::commands::{accounts, page_path, parsed, show_more, show_rows, with_cause};
use crate::failure::Outcome;
use crate::{out, say};

/// What stands over the columns.
pub(super) const HEADS: [&str; 8] = ["ID", "STATE", "TO", "FROM", "SEGMENTS", "CHARGE", "CREATED", "REFERENCE"];
/// Columns of figures.
const RIGHT: [usize; 2] = [4, 5];

/// Shows a page.
pub(super) async fn run(client: &Client, filter: &MessageFilter, as_json: bool, timezone: &str) -> Outcome {
    known_account(client, filter).await?;
    let body = client.get(&path(filter)).await?.ok()?;
    if as_json {
        out::json(&body);
        return Ok(());
    }
    let page: Messages = parsed(body)?;
    show_rows("no messages", &HEADS, page.messages.iter().map(|message| row(message, timezone)).collect(), &RIGHT);
    show_more(page.next_cursor.as_deref());
    Ok(())
}

/// An account that is not there is wrong usage, with the others named.
pub(super) async fn known_account(client: &Client, filter: &MessageFilter) -> Outcome {
    if let Some(account) = &filter.account {
        accounts(client).await?.find(account)?;
    }
    Ok(())
}

/// The path of a page.
pub(super) fn path(filter: &MessageFilter) -> String {
    let words = [("state", &filter.state), ("account", &filter.account), ("to", &filter.to), ("reference", &filter.reference), ("batch", &filter.batch)];
    page_path("/api/v1/messages", &filter.page, &words.map(|(name, value)| (name, value.as_deref())))
}

/// A message as a row. Why it waits, or what is in doubt, stands beside its state.
pub(super) fn row(message: &Message, timezone: &str) -> Vec<String> {
    let waits = matches!(message.state.as_str(), "scheduled" | "queued" | "unknown");
    vec![
        message.id.clone(),
        with_cause(&message.state, message.cause.as_deref().filter(|_| waits)),
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
    use crate::args::PageArgs;

    #[test]
    fn a_filter_becomes_a_query() {
        let filter = MessageFilter { state: Some("queued".into()), reference: Some("a b&c".into()), page: PageArgs { limit: 5, cursor: None }, ..MessageFilter::default() };
        assert_eq!(path(&filter), "/api/v1/messages?limit=5&state=queued&reference=a%20b%26c");
    }
}
