//! Reports on their way to the programs whose messages they are of.
//!
//! Knows nothing of: how a program is called, when a try is repeated.

use salio_domain::{MessageId, ReportId, Timestamp, TokenId};

use super::world::{World, missing};
use crate::{ForwardRow, Forwarded, Result};

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
    /// A forward for the program whose message this is, due at once; whether there is one that wants it.
    pub fn forward(&mut self, message: MessageId, report: ReportId, now: Timestamp) -> Result<bool> {
        let token = self.messages.get(&message).ok_or(missing("message"))?.token;
        let Some(token) = token.and_then(|token| self.tokens.get(&token)).filter(|token| token.dlr_url.is_some()) else { return Ok(false) };
        let number = self.forwards.last_key_value().map_or(1, |(number, _)| number + 1);
        self.forwards.insert(number, Forward { token: token.id, message, report, attempts: 0, created_at: now, next_try_at: Some(now) });
        Ok(true)
    }

    pub fn forwards_due(&self, now: Timestamp, limit: usize) -> Result<Vec<ForwardRow>> {
        let mut due: Vec<(Timestamp, i64)> = self.forwards.iter().filter_map(|(id, forward)| forward.next_try_at.filter(|at| *at <= now).map(|at| (at, *id))).collect();
        due.sort_unstable();
        due.into_iter().take(limit).map(|(_, id)| self.forward_row(id)).collect()
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

    pub fn next_forward(&self) -> Option<Timestamp> {
        self.forwards.values().filter_map(|forward| forward.next_try_at).min()
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
