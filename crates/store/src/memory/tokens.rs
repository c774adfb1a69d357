//! Keys that Salio issues.
//!
//! Knows nothing of: their secrets; only hashes come here.

use salio_domain::{Timestamp, TokenId};

use super::world::{World, missing};
use crate::{Result, StoreError, TokenRow};

/// When a key was used is kept to the minute, so that a busy one is not written with every call.
const MINUTE: i64 = 60_000_000;

impl World {
    pub fn create_token(&mut self, new: TokenRow) -> Result<()> {
        self.account(new.account)?;
        let clashes = |old: &TokenRow| old.id == new.id || old.key_hash == new.key_hash || (old.revoked_at.is_none() && old.name == new.name);
        if self.tokens.values().any(clashes) {
            return Err(StoreError::Conflict { why: "there is a key of this name already" });
        }
        self.used(new.id.raw());
        self.tokens.insert(new.id, new);
        self.written = true;
        Ok(())
    }

    pub fn tokens(&self) -> Vec<TokenRow> {
        let mut rows: Vec<TokenRow> = self.tokens.values().cloned().collect();
        rows.sort_by_key(|row| (row.created_at, row.id));
        rows
    }

    pub fn revoke_token(&mut self, id: TokenId, now: Timestamp) -> Result<TokenRow> {
        let token = self.tokens.get_mut(&id).ok_or(missing("key"))?;
        token.revoked_at.get_or_insert(now);
        let row = token.clone();
        self.written = true;
        Ok(row)
    }

    pub fn token_used(&mut self, id: TokenId, now: Timestamp) {
        let minute = Timestamp::from_micros(now.micros() - now.micros().rem_euclid(MINUTE));
        if let Some(token) = self.tokens.get_mut(&id).filter(|token| token.last_used_at.is_none_or(|last| last < minute)) {
            token.last_used_at = Some(minute);
            self.written = true;
        }
    }
}
