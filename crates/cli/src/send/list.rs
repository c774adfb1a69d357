//! `salio send --to`: one number, or a list of them, in one request.
//!
//! Knows nothing of: transports, what becomes of messages.

use hyper::Method;
use rand::Rng;
use rand::rngs::StdRng;
use serde_json::{Value, json};

use super::progress::Progress;
use super::summary::{Sent, What};
use super::{options, quote, see_through};
use crate::args::SendArgs;
use crate::client::wire::{Accepted, Rejected};
use crate::client::{self, Client, Reply};
use crate::commands::parsed;
use crate::config::settings::Settings;
use crate::failure::{Failure, Outcome};
use crate::out;
use crate::signals::Signals;

/// Tries of the request; the key makes the later ones harmless.
const TRIES: usize = 3;
/// A single number that cannot be sent to.
const REFUSED: [&str; 2] = ["invalid_number", "stopped"];

/// Sends, or says what it would cost.
pub async fn run(settings: &Settings, args: &SendArgs) -> Outcome {
    // Without a server this process sends what waits.
    let mut client = client::open(settings, "send", !args.dry_run).await?;
    let done = if args.dry_run { quote::list(&client, args).await } else { send(&mut client, args).await };
    client.close().await;
    done
}

async fn send(client: &mut Client, args: &SendArgs) -> Outcome {
    let mut signals = Signals::listen()?;
    let progress = Progress::new(args.json.json);
    let key = args.key.clone().unwrap_or_else(random_key);
    let reply = hand(client, &body(args), &key).await?;
    let (replayed, status) = (reply.replayed, reply.status);
    if reply.is_problem() {
        return Err(refused(args, &reply, status));
    }
    let accepted: Accepted = parsed(reply.body)?;
    let what = match (accepted.id, accepted.batch_id) {
        (Some(id), _) => What::Message(id),
        (None, Some(id)) => What::Batch(id),
        (None, None) => return Err(Failure::failed("the answer of Salio names neither message nor batch; use the same version on both sides")),
    };
    if replayed {
        out::note("this was accepted before under the same --key: nothing was sent again");
    }
    see_through(client, args, Sent::list(what, accepted.rejected), &progress, &mut signals).await
}

fn body(args: &SendArgs) -> Value {
    let mut body = options::members(args);
    let to = if let [one] = args.to.as_slice() { json!(one) } else { json!(args.to) };
    body.insert("to".to_owned(), to);
    Value::Object(body)
}

async fn hand(client: &Client, body: &Value, key: &str) -> Outcome<Reply> {
    let mut last = Failure::Told;
    for _ in 0..TRIES {
        match client.call(Method::POST, "/api/v1/messages", Some(body), Some(key)).await {
            Ok(reply) => return Ok(reply),
            Err(failure) => last = failure,
        }
    }
    Err(last)
}

/// Nobody else's.
fn random_key() -> String {
    let mut random: StdRng = rand::make_rng();
    format!("cli-{:016x}{:016x}", random.next_u64(), random.next_u64())
}

/// Why nothing was accepted.
fn refused(args: &SendArgs, reply: &Reply, status: u16) -> Failure {
    let problem = reply.problem();
    let alone = status == 422 && REFUSED.contains(&problem.code.as_str());
    let rejected = match args.to.as_slice() {
        [one] if alone => vec![Rejected { to: one.clone(), detail: problem.detail.clone(), ..Rejected::default() }],
        _ => problem.rejected.clone(),
    };
    if rejected.is_empty() {
        return problem.failure(reply.retry_after_s);
    }
    tell(&rejected);
    Failure::usage("nothing was sent: no number after --to can be sent to")
}

/// Numbers that were refused.
pub fn tell(rejected: &[Rejected]) {
    rejected.iter().for_each(|refused| out::error(&format!("{} was refused: {}", refused.to, refused.detail)));
}
