//! Reports on their way to the programs whose messages they are of.
//!
//! Knows nothing of: how a program is called, when a try is repeated.

use std::collections::HashSet;

use salio_domain::{MessageId, ReportId, Timestamp, TokenId};

use super::world::{World, missing};
use crate::{ForwardRow, Forwarded, Result, TokenRow};

pub(super) struct Forward {
    token: TokenId,
    message: MessageId,
    report: ReportId,
    attempts: u32,
    created_at: Timestamp,
    /// None once it has ended.
    next_try_at: Option<Timestamp>,
}

impl World {
    /// A forward for the program whose message this is, due as soon as the earlier ones of the message have ended; whether there is one that wants it. A key that was
    /// taken back wants nothing.
    pub fn forward(&mut self, message: MessageId, report: ReportId, now: Timestamp) -> Result<bool> {
        let token = self.messages.get(&message).ok_or(missing("message"))?.token;
        let wants = |token: &&TokenRow| token.dlr_url.is_some() && token.revoked_at.is_none();
        let Some(token) = token.and_then(|token| self.tokens.get(&token)).filter(wants) else { return Ok(false) };
        let number = self.forwards.last_key_value().map_or(1, |(number, _)| number + 1);
        self.forwards.insert(number, Forward { token: token.id, message, report, attempts: 0, created_at: now, next_try_at: Some(now) });
        Ok(true)
    }

    /// The first unfinished one of each message, but for those by busy keys.
    fn next_forwards(&self, busy: &[TokenId]) -> Vec<(Timestamp, i64)> {
        let mut messages = HashSet::new();
        let unfinished = self.forwards.iter().filter_map(|(id, forward)| forward.next_try_at.map(|at| (at, *id, forward)));
        let first = unfinished.filter(|(.., forward)| messages.insert(forward.message));
        let mut next: Vec<(Timestamp, i64)> = first.filter(|(.., forward)| !busy.contains(&forward.token)).map(|(at, id, _)| (at, id)).collect();
        next.sort_unstable();
        next
    }

    pub fn forwards_due(&self, now: Timestamp, busy: &[TokenId], limit: usize) -> Result<Vec<ForwardRow>> {
        let due = self.next_forwards(busy).into_iter().take_while(|(at, _)| *at <= now);
        due.take(limit).map(|(_, id)| self.forward_row(id)).collect()
    }

    fn forward_row(&self, id: i64) -> Result<ForwardRow> {
        let forward = self.forwards.get(&id).ok_or(missing("forward"))?;
        let token = self.tokens.get(&forward.token).ok_or(missing("key"))?;
        Ok(ForwardRow {
            id,
            token: token.id,
            url: token.dlr_url.clone().ok_or(missing("address"))?,
            attempts: forward.attempts,
            created_at: forward.created_at,
            message: self.message(forward.message)?.row,
            report: self.reports.get(&forward.report).cloned().ok_or(missing("report"))?,
        })
    }

    pub fn next_forward(&self, busy: &[TokenId]) -> Option<Timestamp> {
        self.next_forwards(busy).first().map(|(at, _)| *at)
    }

    /// One that has ended stays ended.
    pub fn forwarded(&mut self, id: i64, outcome: &Forwarded) -> Result<()> {
        let forward = self.forwards.get_mut(&id).ok_or(missing("forward"))?;
        if forward.next_try_at.is_some() {
            forward.attempts += 1;
            forward.next_try_at = match outcome {
                Forwarded::Again(at) => Some(*at),
                Forwarded::Done | Forwarded::GivenUp => None,
            };
            self.written = true;
        }
        Ok(())
    }
}
