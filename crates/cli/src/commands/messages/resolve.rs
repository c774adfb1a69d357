//! A person says what became of a message in doubt.
//!
//! Knows nothing of: transports, what follows from it.

use std::io::BufRead;

use serde_json::json;

use super::one;
use crate::args::{Resolution, ResolveArgs};
use crate::client::Client;
use crate::client::wire::Message;
use crate::commands::{parsed, with_cause};
use crate::failure::{Failure, Outcome};
use crate::out;

/// Settles it; sending again is asked for twice, because it can cost twice.
pub(super) async fn run(client: &Client, args: &ResolveArgs) -> Outcome {
    if args.resolution == Resolution::Resend && !args.yes {
        confirm(client, &args.id).await?;
    }
    let body = client.post(&one::path(&args.id, "/resolve"), Some(&json!({ "as": args.resolution.word() }))).await?.ok()?;
    if args.json.json {
        out::json(&body);
        return Ok(());
    }
    let message: Message = parsed(body)?;
    out::line(&format!("{}  {}", message.id, with_cause(&message.state, message.cause.as_deref())));
    if args.resolution == Resolution::Resend && client.local().is_some() && message.state == "queued" {
        out::note("it leaves with `salio serve` or the next `salio send`");
    }
    Ok(())
}

async fn confirm(client: &Client, id: &str) -> Outcome {
    if !out::person_is_there() {
        return Err(Failure::usage("sending again can reach the phone twice and cost twice: say --yes to do it without being asked"));
    }
    let message: Message = parsed(client.get(&one::path(id, "")).await?.ok()?)?;
    out::note(&format!("{id} to {} may have arrived already. If it has, the phone gets it twice and both are paid for.", message.to));
    out::ask("Send it again? [y/N] ");
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).map_err(|error| Failure::failed(format!("the answer cannot be read: {error}")))?;
    if matches!(answer.trim(), "y" | "Y" | "yes") { Ok(()) } else { Err(Failure::failed("nothing was changed")) }
}
