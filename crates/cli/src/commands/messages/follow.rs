//! `salio messages --follow`: each message as it comes and as it changes.
//!
//! Knows nothing of: transports. It looks at the newest page again and again, so that messages of large batches, which tell no events of their own, are seen too.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::Value;

use super::list::{known_account, path, row};
use crate::args::MessageFilter;
use crate::client::Client;
use crate::client::wire::Message;
use crate::commands::parsed;
use crate::failure::{Failure, Outcome};
use crate::out;
use crate::signals::Signals;

/// Between looks.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// Shows them until nobody looks any more.
pub(super) async fn run(client: &Client, filter: &MessageFilter, as_json: bool, timezone: &str) -> Outcome {
    if client.local().is_some() {
        return Err(Failure::failed("nothing changes while no server runs: start `salio serve`, then follow"));
    }
    known_account(client, filter).await?;
    let mut signals = Signals::listen()?;
    let mut seen = Seen::default();
    loop {
        let changed = seen.look(client.get(&path(filter)).await?.ok()?)?;
        if !changed.into_iter().all(|(message, body)| show(&message, &body, as_json, timezone)) {
            return Ok(());
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_AGAIN) => {}
            () = signals.next() => return Ok(()),
        }
    }
}

fn show(message: &Message, body: &Value, as_json: bool, timezone: &str) -> bool {
    if as_json { out::json_line(body) } else { out::table(&[row(message, timezone)], &[]).iter().all(|line| out::line(line)) }
}

/// What the last page showed.
#[derive(Default)]
struct Seen(HashMap<String, (String, Option<String>)>);

impl Seen {
    /// What is new or changed on a page, oldest first.
    fn look(&mut self, page: Value) -> Outcome<Vec<(Message, Value)>> {
        let bodies = page.get("messages").and_then(Value::as_array).cloned().unwrap_or_default();
        let mut now = HashMap::with_capacity(bodies.len());
        let mut changed = Vec::new();
        for body in bodies.into_iter().rev() {
            let message: Message = parsed(body.clone())?;
            let state = (message.state.clone(), message.cause.clone());
            if self.0.get(&message.id) != Some(&state) {
                changed.push((message.clone(), body));
            }
            now.insert(message.id, state);
        }
        self.0 = now;
        Ok(changed)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_change_is_seen_once_and_oldest_first() {
        let page = |states: &[(&str, &str)]| json!({ "messages": states.iter().map(|(id, state)| json!({ "id": id, "state": state })).collect::<Vec<_>>() });
        let mut seen = Seen::default();
        let mut look = |states: &[(&str, &str)]| seen.look(page(states)).unwrap().into_iter().map(|(message, _)| message.id).collect::<Vec<_>>();
        assert_eq!(look(&[("b", "queued"), ("a", "sent")]), ["a", "b"]);
        assert_eq!(look(&[("b", "queued"), ("a", "sent")]), Vec::<String>::new());
        assert_eq!(look(&[("c", "queued"), ("b", "sent"), ("a", "sent")]), ["b", "c"]);
    }
}
