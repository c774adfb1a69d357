//! Messages come in under their keys, and may be taken back before they leave.
//!
//! Knows nothing of: validation, prices, HTTP.

use std::collections::BTreeSet;

use salio_domain::admission::admit;
use salio_domain::message::MessageState;
use salio_domain::{MessageId, Timestamp};

use super::batches::Batch;
use super::messages::{Message, Move};
use super::rows::KeptAnswer;
use super::world::{World, missing};
use crate::{Acceptance, AccountSnapshot, IDEMPOTENCY_KEPT, IdempotencyKey, MessageRow, NewMessage, NewMessages, Replay, Result, StoreError};

impl World {
    pub fn accept(&mut self, new: NewMessages) -> Result<Acceptance> {
        self.account(new.account)?;
        self.let_go(new.now);
        if let Some(replay) = new.idempotency.as_ref().and_then(|(key, _)| self.replay(key)) {
            return Ok(Acceptance::Replayed(replay));
        }
        let Some(first) = new.messages.first() else { return Err(NO_IDS) };
        self.are_new(&new.messages)?;
        if new.batch.as_ref().is_some_and(|batch| self.batches.contains_key(&batch.id)) {
            return Err(StoreError::Conflict { why: "the batch is there already" });
        }
        let charge = new.messages.iter().map(|message| message.charge).sum();
        if let Some(rules) = &new.covered_by
            && let Err(short) = admit(&self.found_by(new.account, first.priority)?, charge, first.priority, rules)
        {
            return Ok(Acceptance::Short(short));
        }
        let batch = new.batch.as_ref().map(|batch| batch.id);
        if let Some(listed) = &new.batch {
            self.used(listed.id.raw());
            self.batches.insert(listed.id, Batch::listed(listed, &new, first.priority));
        }
        if let Some((key, answer)) = new.idempotency {
            self.keep(key, answer, new.now);
        }
        for message in new.messages {
            self.account_mut(new.account)?.standing.queue(message.charge);
            self.put(Message::accepted(new.account, batch, new.token, message, new.now))?;
        }
        Ok(Acceptance::Accepted(Box::new(self.changed(new.account)?)))
    }

    /// Each has an id of its own that nobody has used.
    pub fn are_new(&self, messages: &[NewMessage]) -> Result<()> {
        let ids: BTreeSet<MessageId> = messages.iter().map(|message| message.id).collect();
        if ids.len() < messages.len() || ids.iter().any(|id| self.messages.contains_key(id)) { Err(NO_IDS) } else { Ok(()) }
    }

    /// A new message stands in its lane.
    pub fn put(&mut self, message: Message) -> Result<()> {
        self.used(message.new.id.raw());
        if let Some(batch) = message.batch.and_then(|batch| self.batches.get_mut(&batch)) {
            batch.add(&message);
        }
        self.account_mut(message.account)?.waiting.insert(message.place());
        self.messages.insert(message.new.id, message);
        Ok(())
    }

    pub fn replay(&self, key: &IdempotencyKey) -> Option<Replay> {
        let kept = self.answers.get(&(key.scope.clone(), key.key.clone()))?;
        Some(if kept.body_sha256 == key.body_sha256 { Replay::Same(kept.answer.clone()) } else { Replay::OtherBody })
    }

    pub fn keep(&mut self, key: IdempotencyKey, answer: String, now: Timestamp) {
        self.answers_by_age.insert((now, key.scope.clone(), key.key.clone()));
        self.answers.insert((key.scope, key.key), KeptAnswer { body_sha256: key.body_sha256, answer, at: now });
        self.written = true;
    }

    /// Answers are kept for a time only.
    pub fn let_go(&mut self, now: Timestamp) {
        while let Some((at, scope, key)) = self.answers_by_age.pop_first() {
            if at.after(IDEMPOTENCY_KEPT) > now {
                self.answers_by_age.insert((at, scope, key));
                return;
            }
            let place = (scope, key);
            if self.answers.get(&place).is_some_and(|kept| kept.at == at) {
                self.answers.remove(&place);
            }
        }
    }

    pub fn cancel(&mut self, id: MessageId, now: Timestamp) -> Result<(MessageRow, AccountSnapshot)> {
        let message = self.messages.get(&id).ok_or(missing("message"))?;
        if !message.waits() {
            return Err(StoreError::Conflict { why: "the message has left already" });
        }
        let account = message.account;
        self.take_out(id, Move::new(now, MessageState::Cancelled, "cancelled"))?;
        let snapshot = self.changed(account)?;
        Ok((self.message(id)?.row, snapshot))
    }
}

const NO_IDS: StoreError = StoreError::Conflict { why: "messages to accept are at least one, each with an id of its own" };
