//! Everything that survives a crash, and the few ways into it.
//!
//! Knows nothing of: processes, who may see what.

use std::collections::{BTreeMap, BTreeSet};

use salio_domain::balance::Standing;
use salio_domain::ids::{BatchId, InboundId, ReportId, TokenId};
use salio_domain::message::{MessageState, Priority};
use salio_domain::{AccountId, MessageId, Msisdn, SubmissionId, Timestamp};
use sha2::{Digest, Sha256};

use super::batches::Batch;
use super::forwards::Forward;
use super::journal::Entry;
use super::messages::{Doubt, Message, Move, Submission};
use super::rows::{Account, Fingerprint, KeptAnswer};
use crate::{AccountSnapshot, InboundRow, ReportRow, Result, StoreError, TokenRow};

#[derive(Default)]
pub(super) struct World {
    pub accounts: BTreeMap<AccountId, Account>,
    pub messages: BTreeMap<MessageId, Message>,
    pub submissions: BTreeMap<SubmissionId, Submission>,
    pub batches: BTreeMap<BatchId, Batch>,
    /// Messages in doubt.
    pub doubts: BTreeMap<MessageId, Doubt>,
    /// Which messages the provider has named so.
    pub names: BTreeMap<(AccountId, String), BTreeSet<MessageId>>,
    pub reports: BTreeMap<ReportId, ReportRow>,
    pub inbound: BTreeMap<InboundId, InboundRow>,
    pub tokens: BTreeMap<TokenId, TokenRow>,
    /// By their numbers, from 1.
    pub forwards: BTreeMap<i64, Forward>,
    pub stops: BTreeMap<Msisdn, Timestamp>,
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

    /// The only way from one state of a message to another: its lane, its batch and its doubt go along. Charges do not: what happens to them depends on why it goes.
    pub fn go(&mut self, id: MessageId, to: Move) -> Result<()> {
        let message = self.messages.get_mut(&id).ok_or(missing("message"))?;
        let (from, waited, at, next) = (message.state, message.waits(), to.at, to.state);
        message.go(to);
        let account = self.accounts.get_mut(&message.account).ok_or(missing("account"))?;
        match (waited, message.waits()) {
            (false, true) => _ = account.waiting.insert(message.place()),
            (true, false) => _ = account.waiting.remove(&message.place()),
            _ => {}
        }
        if let Some(batch) = message.batch.and_then(|batch| self.batches.get_mut(&batch)) {
            batch.moved(from, next, message.new.charge, at);
        }
        self.doubts.remove(&id);
        self.written = true;
        Ok(())
    }

    /// Whether the charge of this message counts as queued while it waits.
    pub fn stands(&self, message: &Message) -> bool {
        message.batch.is_none_or(|batch| self.batches.get(&batch).is_some_and(|batch| batch.stands(message.new.id)))
    }

    /// The account as new messages of a priority find it: what goes behind them is no matter to those of the highest.
    pub fn found_by(&self, id: AccountId, priority: Priority) -> Result<Standing> {
        let mut standing = self.account(id)?.standing.clone();
        if priority == Priority::High {
            let high = |message: &&Message| message.account == id && message.waits() && message.new.priority == Priority::High && self.stands(message);
            standing.queued = self.messages.values().filter(high).map(|message| message.new.charge).sum();
        }
        Ok(standing)
    }

    /// A waiting message will not be sent; where it is then. One that waits to be sent again may have arrived the first time: it is in doubt as before.
    pub fn take_out(&mut self, id: MessageId, to: Move) -> Result<MessageState> {
        let message = self.messages.get(&id).ok_or(missing("message"))?;
        let (charge, account, stands) = (message.new.charge, message.account, self.stands(message));
        if stands {
            self.account_mut(account)?.standing.unqueue(charge);
        }
        let given_up = matches!(to.state, MessageState::Cancelled | MessageState::Expired);
        let doubt = self.doubts.get(&id).filter(|doubt| given_up && doubt.resending).cloned();
        let state = if doubt.is_some() { MessageState::Unknown } else { to.state };
        self.go(id, Move { state, ..to })?;
        if let Some(doubt) = doubt {
            self.doubts.insert(id, Doubt { resending: false, ..doubt });
            self.account_mut(account)?.standing.unknown_messages += 1;
        }
        Ok(state)
    }

    /// Messages that wait for a later try become due.
    pub fn hurry(&mut self, id: AccountId, now: Timestamp) {
        let Some(account) = self.accounts.get(&id) else { return };
        for (_, _, message) in &account.waiting {
            if let Some(message) = self.messages.get_mut(message).filter(|message| message.state == MessageState::Queued && message.not_before.is_some()) {
                (message.due_at, message.not_before) = (message.due_at.min(now), None);
            }
        }
    }
}
