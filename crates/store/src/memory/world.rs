//! Everything that survives a crash, and the few ways into it.
//!
//! Knows nothing of: processes, who may see what.

use std::collections::{BTreeMap, BTreeSet};

use salio_domain::message::MessageState;
use salio_domain::{AccountId, MessageId, SubmissionId, Timestamp};
use sha2::{Digest, Sha256};

use super::journal::Entry;
use super::rows::{Account, Fingerprint, KeptAnswer, Message, Submission};
use crate::{AccountSnapshot, Result, StoreError};

#[derive(Default)]
pub(super) struct World {
    pub accounts: BTreeMap<AccountId, Account>,
    pub messages: BTreeMap<MessageId, Message>,
    pub submissions: BTreeMap<SubmissionId, Submission>,
    /// By scope and key.
    pub answers: BTreeMap<(String, String), KeptAnswer>,
    /// The same by age, for letting go.
    pub answers_by_age: BTreeSet<(Timestamp, String, String)>,
    pub journal: Vec<Entry>,
    pub last_price: i64,
    pub last_id: i64,
    pub commits: u64,
    /// Whether the running transaction wrote anything.
    pub written: bool,
}

pub(super) const fn missing(what: &'static str) -> StoreError {
    StoreError::NotFound { what }
}

pub(super) fn fingerprint(text: &str) -> Fingerprint {
    Sha256::digest(text.as_bytes()).into()
}

impl World {
    pub fn account(&self, id: AccountId) -> Result<&Account> {
        self.accounts.get(&id).ok_or(missing("account"))
    }

    pub fn account_mut(&mut self, id: AccountId) -> Result<&mut Account> {
        self.accounts.get_mut(&id).ok_or(missing("account"))
    }

    /// Ends a transaction that changed an account: the next version.
    pub fn changed(&mut self, id: AccountId) -> Result<AccountSnapshot> {
        let account = self.accounts.get_mut(&id).ok_or(missing("account"))?;
        account.version += 1;
        self.written = true;
        Ok(account.snapshot())
    }

    pub fn used(&mut self, id: i64) {
        self.last_id = self.last_id.max(id);
    }

    /// Messages that wait for a later try become due.
    pub fn hurry(&mut self, id: AccountId, now: Timestamp) {
        let Some(account) = self.accounts.get(&id) else { return };
        for (_, message) in &account.waiting {
            if let Some(message) = self.messages.get_mut(message).filter(|message| message.state == MessageState::Queued) {
                (message.due_at, message.not_before) = (message.due_at.min(now), None);
            }
        }
    }
}
