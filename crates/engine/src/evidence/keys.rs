//! Keys that Salio issues to programs: made once, stored as hashes, checked without telling by time how much of a guess was right.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::RwLock;
use salio_domain::ids::TokenId;
use salio_domain::{AccountId, Timestamp, Units};
use salio_store::{StoreError, TokenRow};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tracing::warn;

use crate::engine::Engine;
use crate::shared::Shared;

/// Letters of a key: 62^40 is beyond guessing.
const KEY_LETTERS: usize = 40;
/// Letters of a client id, which is no secret.
const CLIENT_LETTERS: usize = 12;
/// The scope of keys for programs written for another gateway.
const DROP_IN: &str = "drop-in";
/// The last use is kept to this.
const USED_EVERY: Duration = Duration::from_mins(1);

/// What a key is made of.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// What a person calls it; unique among living ones.
    pub name: String,
    /// What it may do: `drop-in`.
    pub scope: String,
    /// Whose credit it spends.
    pub account: AccountId,
    /// `ksh` or `plain`.
    pub credits_format: String,
    /// Where reports of its messages go.
    pub dlr_url: Option<String>,
}

/// A new key with its secrets, which are shown this once.
#[derive(Clone)]
pub struct ShownKey {
    /// As stored.
    pub row: TokenRow,
    /// The secret.
    pub api_key: String,
    /// The second secret.
    pub access_key: String,
}

/// Why a key was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No living key is this one, or its client id is another.
    #[error("unknown key or client id")]
    Unknown,
    /// The access key is another.
    #[error("wrong access key")]
    AccessKey,
}

/// The living keys, by the hash of their secret.
#[derive(Debug, Default)]
pub struct Keys {
    living: RwLock<HashMap<[u8; 32], TokenRow>>,
}

fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

impl Keys {
    pub(crate) fn new(rows: Vec<TokenRow>) -> Self {
        let living = rows.into_iter().filter(|row| row.revoked_at.is_none()).map(|row| (row.key_hash, row)).collect();
        Self { living: RwLock::new(living) }
    }

    /// The key that a program shows, for the drop-in endpoint. An access key may be missing, but not wrong; programs that have none of their own and repeat the
    /// key or the client id in its place say nothing by it, so that counts as missing.
    ///
    /// # Errors
    /// Which part is wrong, no more.
    pub fn check(&self, api_key: &str, client_id: &str, access_key: Option<&str>) -> Result<TokenRow, KeyError> {
        let row = self.living.read().get(&hash(api_key)).filter(|row| row.scope == DROP_IN).cloned().ok_or(KeyError::Unknown)?;
        if !same(&row.client_id, client_id) {
            return Err(KeyError::Unknown);
        }
        let shown = access_key.filter(|shown| !same(shown, api_key) && !same(shown, client_id));
        match (shown, row.access_hash) {
            (Some(shown), Some(kept)) if !bool::from(hash(shown).ct_eq(&kept)) => Err(KeyError::AccessKey),
            _ => Ok(row),
        }
    }

    /// Whether a key has not been taken back.
    pub(crate) fn is_living(&self, id: TokenId) -> bool {
        self.living.read().values().any(|row| row.id == id)
    }

    /// Whether the note of its last use is old; notes the new one.
    fn used(&self, key: &TokenRow, now: Timestamp) -> bool {
        let mut living = self.living.write();
        let Some(row) = living.get_mut(&key.key_hash) else { return false };
        let old = row.last_used_at.is_none_or(|at| now.since(at) >= USED_EVERY);
        if old {
            row.last_used_at = Some(now);
        }
        old
    }
}

impl Engine {
    /// The keys that programs show.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.shared().keys
    }

    /// Makes a key; its secrets are in the answer and nowhere else.
    ///
    /// # Errors
    /// Conflict when a living key has the name; when the database fails.
    pub async fn create_key(&self, new: NewKey) -> Result<ShownKey, StoreError> {
        let shared = self.shared();
        let now = shared.clock.now();
        let (api_key, access_key) = (shared.entropy.letters(KEY_LETTERS), shared.entropy.letters(KEY_LETTERS));
        let row = TokenRow {
            id: TokenId::from_raw(shared.entropy.id(now)),
            name: new.name,
            scope: new.scope,
            account: new.account,
            client_id: shared.entropy.letters(CLIENT_LETTERS),
            key_hash: hash(&api_key),
            access_hash: Some(hash(&access_key)),
            credits_format: new.credits_format,
            dlr_url: new.dlr_url,
            created_at: now,
            last_used_at: None,
            revoked_at: None,
        };
        shared.store.create_token(row.clone()).await?;
        shared.keys.living.write().insert(row.key_hash, row.clone());
        Ok(ShownKey { row, api_key, access_key })
    }

    /// Takes a key back, at once: no call under it is answered any more, and no report handed on to its program.
    ///
    /// # Errors
    /// When there is no such key or the database fails.
    pub async fn revoke_key(&self, id: TokenId) -> Result<TokenRow, StoreError> {
        let shared = self.shared();
        let row = shared.store.revoke_token(id, shared.clock.now()).await?;
        shared.keys.living.write().remove(&row.key_hash);
        Ok(row)
    }

    /// What is left, for a program: asked now when nobody knows it yet, by itself within budget and backoff, as for any reader; a program must not spend the calls
    /// that are kept for people.
    pub async fn read_for_program(&self, account: AccountId) -> Option<Units> {
        let figure = || self.view(account).and_then(|view| view.balance);
        self.read(account);
        if figure().is_none() {
            self.shared().ask_again(account).await;
        }
        figure()
    }

    /// A key was used: noted, at most once a minute.
    pub async fn key_used(&self, key: &TokenRow) {
        let shared: &Shared = self.shared();
        let now = shared.clock.now();
        if shared.keys.used(key, now)
            && let Err(error) = shared.store.token_used(key.id, now).await
        {
            warn!(token = %key.id, %error, "the use of a key could not be noted");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(secret: &str, revoked: bool) -> TokenRow {
        let at = Timestamp::from_micros(1_795_000_000_000_000);
        TokenRow {
            id: TokenId::from_raw(1),
            name: "made-up".to_owned(),
            scope: "drop-in".to_owned(),
            account: AccountId::from_raw(1),
            client_id: "made-up-client".to_owned(),
            key_hash: hash(secret),
            access_hash: Some(hash("made-up-access")),
            credits_format: "ksh".to_owned(),
            dlr_url: None,
            created_at: at,
            last_used_at: None,
            revoked_at: revoked.then_some(at),
        }
    }

    #[test]
    fn a_key_is_known_by_its_parts() {
        let keys = Keys::new(vec![row("made-up-key", false), row("made-up-old-key", true)]);
        let check = |key, client, access| keys.check(key, client, access).map(|row| row.name).map_err(|error| error.to_string());
        let known = Ok("made-up".to_owned());
        assert_eq!(check("made-up-key", "made-up-client", None), known);
        assert_eq!(check("made-up-key", "made-up-client", Some("made-up-access")), known);
        assert_eq!(keys.check("made-up-key", "made-up-client", Some("x")), Err(KeyError::AccessKey));
        // Some programs have no access key and repeat another of their credentials.
        assert_eq!(check("made-up-key", "made-up-client", Some("made-up-client")), known);
        assert_eq!(check("made-up-key", "made-up-client", Some("made-up-key")), known);
        let other_scope = Keys::new(vec![TokenRow { scope: "made-up-scope".to_owned(), ..row("made-up-key", false) }]);
        assert_eq!(other_scope.check("made-up-key", "made-up-client", None), Err(KeyError::Unknown));
        for (key, client) in [("made-up-key", "x"), ("x", "made-up-client"), ("made-up-old-key", "made-up-client"), ("", "")] {
            assert_eq!(keys.check(key, client, None), Err(KeyError::Unknown), "{key} {client}");
        }
    }

    #[test]
    fn its_use_is_noted_once_a_minute() {
        let keys = Keys::new(vec![row("made-up-key", false)]);
        let (key, at) = (row("made-up-key", false), |seconds| Timestamp::from_micros(1_795_000_000_000_000).after(Duration::from_secs(seconds)));
        assert_eq!([0, 59, 60, 61].map(|seconds| keys.used(&key, at(seconds))), [true, false, true, false]);
    }
}
