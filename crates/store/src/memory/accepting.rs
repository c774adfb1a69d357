//! Messages come in under their keys, and may be taken back before they leave.
//!
//! Knows nothing of: validation, prices, HTTP.

use std::collections::BTreeSet;

use salio_domain::message::MessageState;
use salio_domain::{MessageId, Timestamp};

use super::rows::{KeptAnswer, Message};
use super::world::{World, missing};
use crate::{Acceptance, AccountSnapshot, IDEMPOTENCY_KEPT, IdempotencyKey, MessageRow, NewMessages, Replay, Result, StoreError};

impl World {
    pub fn accept(&mut self, new: NewMessages) -> Result<Acceptance> {
        self.account(new.account)?;
        self.let_go(new.now);
        if let Some(replay) = new.idempotency.as_ref().and_then(|(key, _)| self.replay(key)) {
            return Ok(Acceptance::Replayed(replay));
        }
        let ids: BTreeSet<MessageId> = new.messages.iter().map(|message| message.id).collect();
        if ids.is_empty() || ids.len() < new.messages.len() || ids.iter().any(|id| self.messages.contains_key(id)) {
            return Err(StoreError::Conflict { why: "messages to accept are at least one, each with an id of its own" });
        }
        if let Some((key, answer)) = new.idempotency {
            self.answers_by_age.insert((new.now, key.scope.clone(), key.key.clone()));
            self.answers.insert((key.scope, key.key), KeptAnswer { body_sha256: key.body_sha256, answer, at: new.now });
        }
        self.used(new.batch.map_or(0, |batch| batch.raw()));
        for message in new.messages {
            self.used(message.id.raw());
            let message = Message::accepted(new.account, new.batch, message, new.now);
            let account = self.account_mut(new.account)?;
            account.standing.queue(message.new.charge);
            account.waiting.insert(message.place());
            self.messages.insert(message.new.id, message);
        }
        Ok(Acceptance::Accepted(Box::new(self.changed(new.account)?)))
    }

    pub fn replay(&self, key: &IdempotencyKey) -> Option<Replay> {
        let kept = self.answers.get(&(key.scope.clone(), key.key.clone()))?;
        Some(if kept.body_sha256 == key.body_sha256 { Replay::Same(kept.answer.clone()) } else { Replay::OtherBody })
    }

    /// Answers are kept for a time only.
    fn let_go(&mut self, now: Timestamp) {
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
        let message = self.messages.get_mut(&id).ok_or(missing("message"))?;
        if !message.waits() {
            return Err(StoreError::Conflict { why: "the message has left already" });
        }
        message.step(now, MessageState::Cancelled, Some("cancelled".to_owned()), None);
        let (row, place) = (message.row(), message.place());
        let account = self.account_mut(row.account)?;
        account.waiting.remove(&place);
        account.standing.unqueue(row.charge);
        let snapshot = self.changed(row.account)?;
        Ok((row, snapshot))
    }
}
