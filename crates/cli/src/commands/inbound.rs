//! `salio inbound`.
//!
//! Knows nothing of: transports.

use super::{accounts, begin, open, page_path, parsed, show_more, show_rows};
use crate::args::{Common, InboundArgs};
use crate::client::Client;
use crate::client::wire::InboundMessages;
use crate::failure::Outcome;
use crate::{out, say};

/// `salio inbound …`
pub async fn run(common: &Common, args: &InboundArgs) -> Outcome {
    let settings = begin(common)?;
    let client = open(&settings, "inbound").await?;
    let done = list(&client, args, &settings.server.timezone).await;
    client.close().await;
    done
}

async fn list(client: &Client, args: &InboundArgs, timezone: &str) -> Outcome {
    if let Some(account) = &args.account {
        accounts(client).await?.find(account)?;
    }
    let body = client.get(&page_path("/api/v1/inbound", &args.page, &[("account", args.account.as_deref())])).await?.ok()?;
    if args.json.json {
        out::json(&body);
        return Ok(());
    }
    let page: InboundMessages = parsed(body)?;
    let row = |message: crate::client::wire::Inbound| {
        vec![say::instant(&message.received_at, timezone), message.account, message.from, message.to.unwrap_or_default(), message.text.replace('\n', " ")]
    };
    show_rows("no messages from phones", &["RECEIVED", "ACCOUNT", "FROM", "TO", "TEXT"], page.messages.into_iter().map(row).collect(), &[]);
    show_more(page.next_cursor.as_deref());
    Ok(())
}
