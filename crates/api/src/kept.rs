//! The body of each account's balance, written once for all who read it within the same millisecond.
//!
//! A thousand readers a second see one figure; writing it a thousand times was most of what a read cost. Knows nothing of who reads.

use std::collections::BTreeMap;

use bytes::Bytes;
use parking_lot::Mutex;
use salio_domain::balance::State;
use salio_domain::{AccountId, Timestamp};
use salio_engine::Engine;

use crate::wire::Balance;

/// What a body depends on.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Key {
    version: i64,
    next_refresh_at: Option<Timestamp>,
    at_ms: i64,
}

/// A body, and whether reading it should make Salio ask again.
#[derive(Clone)]
pub(crate) struct Body {
    pub json: Bytes,
    pub asks: bool,
}

/// One body an account.
pub(crate) struct Bodies {
    kept: BTreeMap<AccountId, Mutex<Option<(Key, Body)>>>,
}

impl Bodies {
    pub(crate) fn of(engine: &Engine) -> Self {
        Self { kept: engine.accounts().map(|(id, _)| (id, Mutex::new(None))).collect() }
    }

    /// The balance of `account` now; none when there is no such account.
    pub(crate) fn get(&self, engine: &Engine, account: AccountId) -> Option<Body> {
        let snapshot = engine.hub().latest(account)?;
        let key = Key { version: snapshot.version, next_refresh_at: engine.hub().next_refresh_at(account), at_ms: engine.clock().now().millis() };
        let mut kept = self.kept.get(&account)?.lock();
        if let Some((of, body)) = kept.as_ref()
            && *of == key
        {
            return Some(body.clone());
        }
        let view = engine.view_of(&snapshot)?;
        let asks = matches!(view.state, State::Stale | State::Unknown);
        let body = Body { json: serde_json::to_vec(&Balance::from(view)).ok()?.into(), asks };
        *kept = Some((key, body.clone()));
        Some(body)
    }
}
