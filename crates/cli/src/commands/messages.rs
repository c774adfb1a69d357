//! `salio messages`.
//!
//! Knows nothing of: transports.

mod follow;
mod list;
mod one;
mod resolve;

use super::{begin, open};
use crate::args::{Common, MessagesArgs, MessagesCommand};
use crate::client::Client;
use crate::failure::Outcome;

/// `salio messages …`
pub async fn run(common: &Common, args: &MessagesArgs) -> Outcome {
    let settings = begin(common)?;
    let client = open(&settings, "messages").await?;
    let done = act(&client, args, &settings.server.timezone).await;
    client.close().await;
    done
}

async fn act(client: &Client, args: &MessagesArgs, timezone: &str) -> Outcome {
    match (&args.command, &args.id) {
        (Some(MessagesCommand::Show(wanted)), _) => one::show(client, &wanted.id, wanted.json.json, timezone).await,
        (Some(MessagesCommand::Cancel(wanted)), _) => one::cancel(client, &wanted.id, wanted.json.json).await,
        (Some(MessagesCommand::Resolve(wanted)), _) => resolve::run(client, wanted).await,
        (None, Some(id)) => one::show(client, id, args.json.json, timezone).await,
        (None, None) if args.follow => follow::run(client, &args.filter, args.json.json, timezone).await,
        (None, None) => list::run(client, &args.filter, args.json.json, timezone).await,
    }
}
