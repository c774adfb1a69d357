//! Hands the messages over: lists for equal texts, single ones for personal texts.
//!
//! Knows nothing of: what becomes of them.

use std::collections::HashSet;

use futures::StreamExt;
use hyper::Method;
use rand::Rng;
use rand::rngs::StdRng;
use serde_json::{Value, json};

use super::plan::{Plan, Recipient};
use super::progress::Progress;
use crate::args::SendArgs;
use crate::client::wire::{Accepted, Rejected};
use crate::client::{Client, Reply};
use crate::commands;
use crate::failure::{Failure, Outcome};

/// Recipients of one request: some 40 kB, answered in well under a second.
pub const RECIPIENTS: usize = 1000;
/// Requests at the same time: they share commits.
const AT_ONCE: usize = 16;
/// Tries of one request; the key makes the later ones harmless.
const TRIES: usize = 3;

/// What was handed over.
#[derive(Clone, Debug, Default)]
pub struct Handed {
    /// Messages that were accepted.
    pub ids: Vec<String>,
    /// Their batches.
    pub batches: Vec<String>,
    /// Their lines of the file.
    pub lines: Vec<usize>,
    /// Handing over broke off: of lines that are not among these it is not known whether they were accepted.
    pub broke_off: bool,
    /// Charges of the accepted ones.
    pub charges: Vec<String>,
    /// Recipients that were refused, with their lines.
    pub refused: Vec<(Option<usize>, Rejected)>,
}

/// One request.
struct Parcel<'a> {
    body: Value,
    recipients: &'a [Recipient],
}

/// Hands everything over, until `stop`; then what is under way ends, so that it is known what was accepted. Stops at the first failure that is nobody's number.
pub async fn run(client: &Client, args: &SendArgs, plan: &Plan, handed: &mut Handed, progress: &Progress, stop: impl Future<Output = ()>) -> Outcome {
    let parcels = plan.groups.iter().flat_map(|group| group.recipients.chunks(RECIPIENTS).map(|recipients| parcel(args, &group.text, recipients)));
    let answers = futures::stream::iter(parcels).take_until(stop).map(|parcel| async move { (hand(client, &parcel).await, parcel.recipients) }).buffered(AT_ONCE);
    let mut answers = std::pin::pin!(answers);
    while let Some((reply, recipients)) = answers.next().await {
        handed.take(reply?, recipients)?;
        progress.more(recipients.len());
    }
    Ok(())
}

fn parcel<'a>(args: &SendArgs, text: &str, recipients: &'a [Recipient]) -> Parcel<'a> {
    let to = match recipients {
        [one] => json!(one.to),
        many => json!(many.iter().map(|recipient| &recipient.to).collect::<Vec<_>>()),
    };
    let mut body = json!({ "to": to, "text": text });
    for (name, value) in [("from", &args.from), ("account", &args.account), ("reference", &args.reference)] {
        if let (Some(value), Some(body)) = (value, body.as_object_mut()) {
            body.insert(name.to_owned(), json!(value));
        }
    }
    Parcel { body, recipients }
}

async fn hand(client: &Client, parcel: &Parcel<'_>) -> Outcome<Reply> {
    let key = key();
    let mut last = Failure::Told;
    for _ in 0..TRIES {
        match client.call(Method::POST, "/api/v1/messages", Some(&parcel.body), Some(&key)).await {
            Ok(reply) => return Ok(reply),
            Err(failure) => last = failure,
        }
    }
    Err(last)
}

/// Nobody else's.
fn key() -> String {
    let mut random: StdRng = rand::make_rng();
    format!("cli-{:016x}{:016x}", random.next_u64(), random.next_u64())
}

impl Handed {
    fn take(&mut self, reply: Reply, recipients: &[Recipient]) -> Outcome {
        if reply.is_problem() {
            let problem = reply.problem();
            if problem.rejected.is_empty() && !(reply.status == 422 && problem.code == "invalid_number") {
                return Err(problem.failure(reply.retry_after_s));
            }
            let alone = Rejected { index: 0, to: recipients.first().map(|first| first.to.clone()).unwrap_or_default(), code: problem.code.clone(), detail: problem.detail.clone() };
            self.refuse(if problem.rejected.is_empty() { vec![alone] } else { problem.rejected }, recipients);
            return Ok(());
        }
        let accepted: Accepted = commands::parsed(reply.body)?;
        let refused: HashSet<usize> = accepted.rejected.iter().map(|refused| refused.index).collect();
        let taken = recipients.iter().enumerate().filter(|(index, _)| !refused.contains(index));
        self.lines.extend(taken.filter_map(|(_, recipient)| recipient.line));
        self.charges.push(accepted.charge);
        self.ids.extend(accepted.id);
        self.ids.extend(accepted.messages.into_iter().map(|message| message.id));
        self.batches.extend(accepted.batch_id);
        self.refuse(accepted.rejected, recipients);
        Ok(())
    }

    fn refuse(&mut self, rejected: Vec<Rejected>, recipients: &[Recipient]) {
        self.refused.extend(rejected.into_iter().map(|refused| (recipients.get(refused.index).and_then(|recipient| recipient.line), refused)));
    }
}
