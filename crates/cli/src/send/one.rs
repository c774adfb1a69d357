//! Follows a single message until it has left.
//!
//! Knows nothing of: transports, why messages wait.

use std::time::Duration;

use super::ending::Ending;
use crate::client::wire::Message;
use crate::client::{Client, escaped};
use crate::commands::parsed;
use crate::failure::Outcome;

/// Between looks.
const LOOK_AGAIN: Duration = Duration::from_millis(100);
/// Looks without a change before it is said that sending has stopped: what was just resumed gets its chance.
const PATIENCE: u32 = 10;
/// Why a message waits for somebody to act.
const WAITS: [&str; 4] = ["account_paused", "credentials_refused", "insufficient_balance", "out_of_credit"];

/// How it stands.
pub async fn look(client: &Client, id: &str) -> Outcome<Message> {
    parsed(client.get(&format!("/api/v1/messages/{}", escaped(id))).await?.ok()?)
}

/// Until it has left, or nothing goes on by itself.
pub async fn follow(client: &Client, id: &str) -> Outcome<Ending> {
    let mut waited = 0_u32;
    loop {
        let message = look(client, id).await?;
        match message.state.as_str() {
            "scheduled" => return Ok(Ending::Scheduled),
            "cancelled" => return Ok(Ending::Cancelled),
            "queued" | "submitting" => {}
            _ => return Ok(Ending::Left),
        }
        let why = message.cause.filter(|cause| message.state == "queued" && WAITS.contains(&cause.as_str()));
        waited = if why.is_some() { waited + 1 } else { 0 };
        if let Some(why) = why.filter(|_| waited > PATIENCE) {
            return Ok(Ending::Stopped(message.account, why));
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}
