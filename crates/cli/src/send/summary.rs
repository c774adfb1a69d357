//! What became of the messages, said once at the end.
//!
//! Knows nothing of: transports.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::ending::{Ending, fix};
use super::{list, one, watch};
use crate::args::SendArgs;
use crate::client::wire::{Balance, Batch, LineError, Message, Messages, Rejected};
use crate::client::{Client, escaped};
use crate::commands::{account_path, parsed, show};
use crate::failure::{Failure, Outcome};
use crate::{out, say};

/// Messages that are named one by one.
const NAMED: u64 = 1000;

/// What was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// One message, by its id.
    Message(String),
    /// Many, by their batch.
    Batch(String),
}

/// What was accepted, and how it stands.
#[derive(Clone, Debug)]
pub struct Sent {
    /// What.
    pub what: What,
    /// Numbers that were refused.
    rejected: Vec<Rejected>,
    /// The first refused lines of a file.
    errors: Vec<LineError>,
    /// It was accepted before.
    replayed: bool,
    messages: Vec<Message>,
    batch: Option<(Batch, Value)>,
}

impl Sent {
    /// Of a list; not looked at yet.
    pub const fn list(what: What, rejected: Vec<Rejected>) -> Self {
        Self { what, rejected, errors: Vec::new(), replayed: false, messages: Vec::new(), batch: None }
    }

    /// Of a file; not looked at yet.
    pub const fn file(batch: String, errors: Vec<LineError>, replayed: bool) -> Self {
        Self { what: What::Batch(batch), rejected: Vec::new(), errors, replayed, messages: Vec::new(), batch: None }
    }

    /// Looks how it stands.
    pub async fn look(&mut self, client: &Client) -> Outcome {
        match &self.what {
            What::Message(id) => self.messages = vec![one::look(client, id).await?],
            What::Batch(id) => {
                let (batch, body) = watch::look(client, id).await?;
                if batch.messages <= NAMED {
                    let page: Messages = parsed(client.get(&format!("/api/v1/messages?limit={NAMED}&batch={}", escaped(id))).await?.ok()?)?;
                    self.messages = page.messages.into_iter().rev().collect();
                }
                self.batch = Some((batch, body));
            }
        }
        Ok(())
    }

    fn states(&self) -> BTreeMap<String, u64> {
        match &self.batch {
            Some((batch, _)) => batch.counts.iter().filter(|(_, count)| **count > 0).map(|(state, count)| (state.clone(), *count)).collect(),
            None => self.messages.iter().map(|message| (message.state.clone(), 1)).collect(),
        }
    }

    fn count(&self) -> u64 {
        self.batch.as_ref().map_or(1, |(batch, _)| batch.messages)
    }

    fn waiting(&self) -> u64 {
        match &self.batch {
            Some((batch, _)) => batch.waiting(),
            None => u64::from(self.states().keys().any(|state| matches!(state.as_str(), "scheduled" | "queued" | "submitting"))),
        }
    }

    fn refused_lines(&self) -> u64 {
        self.batch.as_ref().map_or(0, |(batch, _)| batch.rejected)
    }

    fn charge(&self) -> &str {
        let of_batch = self.batch.as_ref().map(|(batch, _)| batch.charge.as_str());
        of_batch.or_else(|| self.messages.first().map(|message| message.charge.as_str())).unwrap_or_default()
    }

    fn account(&self) -> Option<&str> {
        let of_batch = self.batch.as_ref().map(|(batch, _)| batch.account.as_str());
        of_batch.or_else(|| self.messages.first().map(|message| message.account.as_str()))
    }

    fn follow_with(&self) -> String {
        match &self.what {
            What::Message(id) => format!("salio messages {id}"),
            What::Batch(id) => format!("salio batch watch {id}"),
        }
    }

    fn take_back_with(&self) -> String {
        match &self.what {
            What::Message(id) => format!("salio messages cancel {id}"),
            What::Batch(id) => format!("salio batch cancel {id}"),
        }
    }
}

/// Shows it; an error when not everything is on its way.
pub async fn show(client: &Client, args: &SendArgs, sent: &Sent, ending: &Ending) -> Outcome {
    if args.json.json {
        out::json(&whole(sent));
    } else {
        tell(client, sent).await;
    }
    list::tell(&sent.rejected);
    if args.to.is_empty() && sent.refused_lines() > 0 {
        let (What::Batch(id) | What::Message(id)) = &sent.what;
        out::note(&format!("{} of the file went, {} did not: `salio batch errors {id}` names them", lines(sent.count()), say::number(sent.refused_lines())));
    }
    tell_ending(client, sent, ending);
    let waits = matches!(ending, Ending::NotAwaited | Ending::Scheduled);
    let good = |state: &str| matches!(state, "sent" | "delivered") || (waits && matches!(state, "scheduled" | "queued" | "submitting"));
    let all_good = sent.rejected.is_empty() && sent.refused_lines() == 0 && sent.count() > 0 && sent.states().keys().all(|state| good(state));
    if all_good && !matches!(ending, Ending::Interrupted | Ending::Stopped(..)) { Ok(()) } else { Err(Failure::Told) }
}

fn lines(count: u64) -> String {
    if count == 1 { "1 line".to_owned() } else { format!("{} lines", say::number(count)) }
}

fn whole(sent: &Sent) -> Value {
    let message = |message: &Message| json!({ "id": message.id, "to": message.to, "line": message.line, "state": message.state, "cause": message.cause, "charge": message.charge });
    let rejected = sent.rejected.iter().map(|refused| json!({ "index": refused.index, "to": refused.to, "code": refused.code, "detail": refused.detail }));
    let errors = sent.errors.iter().map(|error| json!({ "line": error.line, "field": error.field, "detail": error.detail, "given": error.given }));
    let batch_ids: Vec<&String> = if let What::Batch(id) = &sent.what { vec![id] } else { Vec::new() };
    json!({
        "messages": sent.messages.iter().map(message).collect::<Vec<_>>(),
        "messages_truncated": sent.count() > NAMED,
        "states": sent.states(),
        "batch_ids": batch_ids,
        "batch": sent.batch.as_ref().map(|(_, body)| body),
        "charge": sent.charge(),
        "rejected": rejected.collect::<Vec<_>>(),
        "errors": errors.collect::<Vec<_>>(),
        "replayed": sent.replayed,
    })
}

async fn tell(client: &Client, sent: &Sent) {
    let counts: Vec<String> = sent.states().iter().map(|(state, count)| format!("{} {state}", say::number(*count))).collect();
    let messages = say::count(usize::try_from(sent.count()).unwrap_or(usize::MAX), "message");
    out::line(&format!("{messages}: {}  (charge {})", counts.join(", "), say::amount(sent.charge())));
    let (What::Message(id) | What::Batch(id)) = &sent.what;
    out::line(id);
    tell_causes(sent);
    // The figure afterwards is a courtesy: that it cannot be had is no failure of sending.
    if let Some(account) = sent.account()
        && let Ok(reply) = client.get(&account_path(account, "/balance")).await
        && let Ok(balance) = reply.ok().and_then(parsed::<Balance>)
    {
        out::lines(&show::balances(&[balance]));
    }
}

/// Why some were not taken, each reason once.
fn tell_causes(sent: &Sent) {
    let mut causes: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for message in sent.messages.iter().filter(|message| !matches!(message.state.as_str(), "sent" | "delivered")) {
        if let Some(cause) = message.cause.as_deref() {
            *causes.entry((message.state.as_str(), cause)).or_insert(0) += 1;
        }
    }
    causes.iter().for_each(|((state, cause), count)| out::note(&format!("{count} {state}: {}", cause.replace('_', " "))));
}

fn tell_ending(client: &Client, sent: &Sent, ending: &Ending) {
    let (waiting, here) = (sent.waiting(), client.local().is_some());
    let stay = format!("{} {} queued", say::count(usize::try_from(waiting).unwrap_or(usize::MAX), "message"), if waiting == 1 { "stays" } else { "stay" });
    let goes_on = if here { "they leave with `salio serve` or the next `salio send`" } else { "the server goes on with them" };
    let ways = format!("Follow with `{}`, take back with `{}`", sent.follow_with(), sent.take_back_with());
    match ending {
        Ending::Left | Ending::Cancelled => {}
        Ending::NotAwaited => out::note(&format!("the server sends them; follow with `{}`", sent.follow_with())),
        Ending::Scheduled => out::note(&format!("{waiting} wait for their time: {goes_on}. {ways}")),
        Ending::Stopped(account, why) => {
            out::error(&format!("the account {account} has stopped sending ({}); {stay}. {}. {ways}", why.replace('_', " "), fix(why, account)));
        }
        Ending::Interrupted if waiting > 0 => out::note(&format!("{stay}: {goes_on}. {ways}")),
        Ending::Interrupted => {}
    }
}
