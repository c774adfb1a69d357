//! Plain lists: numbers that nobody may send to, and messages from phones.
//!
//! Knows nothing of: who looks at them.

use salio_domain::{AccountId, InboundId, Msisdn, Timestamp};

use super::world::World;
use crate::{InboundRow, Result, StoreError};

impl World {
    /// A number keeps the instant at which it came first.
    pub fn add_stops(&mut self, numbers: &[Msisdn], now: Timestamp) {
        for number in numbers {
            self.stops.entry(number.clone()).or_insert(now);
        }
        self.written = true;
    }

    pub fn remove_stop(&mut self, number: &Msisdn) -> bool {
        self.written = true;
        self.stops.remove(number).is_some()
    }

    pub fn stops(&self) -> Vec<(Msisdn, Timestamp)> {
        self.stops.iter().map(|(number, at)| (number.clone(), *at)).collect()
    }

    pub fn inbound(&mut self, new: InboundRow) -> Result<()> {
        self.account(new.account)?;
        if self.inbound.contains_key(&new.id) {
            return Err(StoreError::Conflict { why: "the message is there already" });
        }
        self.used(new.id.raw());
        self.inbound.insert(new.id, new);
        self.written = true;
        Ok(())
    }

    /// Newest first.
    pub fn inbound_messages(&self, account: Option<AccountId>, before: Option<InboundId>, limit: usize) -> Vec<InboundRow> {
        let end = before.unwrap_or(InboundId::from_raw(i64::MAX));
        let older = self.inbound.range(..end).rev().map(|(_, row)| row);
        older.filter(|row| account.is_none_or(|account| account == row.account)).take(limit).cloned().collect()
    }
}
