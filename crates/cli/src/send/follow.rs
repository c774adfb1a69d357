//! Follows messages until they have left.
//!
//! Knows nothing of: transports, why messages wait.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::hand_over::Handed;
use super::progress::Progress;
use crate::client::wire::{Balance, Message, Messages};
use crate::client::{Client, escaped};
use crate::commands::{account_path, parsed};
use crate::failure::Outcome;

/// Messages of one page.
const PAGE: usize = 1000;
/// Between looks while few are followed, and while many are.
const LOOK_AGAIN: (Duration, Duration) = (Duration::from_millis(100), Duration::from_millis(500));
/// Looks without a change before it is asked whether sending has stopped: one that was just resumed gets its chance.
const PATIENCE: u32 = 10;

/// How following ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All have left.
    Left,
    /// A person pressed Ctrl-C.
    Interrupted,
    /// Sending has stopped: the account, and why.
    Stopped(String, String),
    /// Nobody wanted to wait.
    NotAwaited,
}

/// Messages on their way.
#[derive(Clone, Debug, Default)]
pub struct Follow {
    open: BTreeSet<String>,
    /// What was last seen of each.
    pub seen: BTreeMap<String, Message>,
}

impl Follow {
    /// Follows what was handed over.
    pub fn new(handed: &Handed) -> Self {
        Self { open: handed.ids.iter().cloned().collect(), seen: BTreeMap::new() }
    }

    /// How many have not left.
    pub fn waiting(&self) -> usize {
        self.open.len()
    }

    /// Until all have left, or sending has stopped.
    pub async fn run(&mut self, client: &Client, progress: &Progress) -> Outcome<Ending> {
        let total = self.open.len();
        let mut unchanged = 0;
        while !self.open.is_empty() {
            let before = self.open.len();
            self.look(client).await?;
            progress.done(total - self.open.len());
            unchanged = if self.open.len() < before { 0 } else { unchanged + 1 };
            if unchanged > PATIENCE
                && let Some(stopped) = self.stopped(client).await?
            {
                return Ok(stopped);
            }
            if !self.open.is_empty() {
                tokio::time::sleep(if self.open.len() <= PAGE { LOOK_AGAIN.0 } else { LOOK_AGAIN.1 }).await;
            }
        }
        Ok(Ending::Left)
    }

    /// Looks once: pages of the newest messages, back to the oldest one that is followed. Ids are ordered by time, as texts too.
    pub async fn look(&mut self, client: &Client) -> Outcome {
        let Some(oldest) = self.open.first().cloned() else { return Ok(()) };
        let mut cursor: Option<String> = None;
        loop {
            let from = cursor.as_deref().map(|cursor| format!("&cursor={}", escaped(cursor))).unwrap_or_default();
            let page: Messages = parsed(client.get(&format!("/api/v1/messages?limit={PAGE}{from}")).await?.ok()?)?;
            let end = page.messages.last().is_none_or(|message| message.id <= oldest);
            page.messages.into_iter().for_each(|message| self.see(message));
            cursor = page.next_cursor;
            if end || cursor.is_none() {
                return Ok(());
            }
        }
    }

    fn see(&mut self, message: Message) {
        if !self.open.contains(&message.id) {
            return;
        }
        if has_left(&message.state) {
            self.open.remove(&message.id);
        }
        self.seen.insert(message.id.clone(), message);
    }

    /// Whether the account of those that wait has stopped sending.
    async fn stopped(&self, client: &Client) -> Outcome<Option<Ending>> {
        let Some(account) = self.open.iter().find_map(|id| self.seen.get(id)).map(|message| message.account.clone()) else { return Ok(None) };
        let balance: Balance = parsed(client.get(&account_path(&account, "/balance")).await?.ok()?)?;
        Ok(balance.paused.map(|why| Ending::Stopped(account, why)))
    }
}

fn has_left(state: &str) -> bool {
    !matches!(state, "scheduled" | "queued" | "submitting")
}
