//! What a draft offers to the store: messages with their places in the list, and what was refused. It can be cut to what the balance covers.

use salio_domain::admission::SpendingRules;
use salio_domain::ids::{BatchId, TokenId};
use salio_domain::message::MessageState;
use salio_domain::{AccountId, Timestamp, Units};
use salio_store::{IdempotencyKey, NewBatch, NewMessage, NewMessages};

use super::draft::{Accepted, AcceptedMessage, RejectedRecipient};

pub(super) struct Offer {
    batch: Option<BatchId>,
    lines: usize,
    /// By place.
    messages: Vec<(usize, NewMessage)>,
    /// By place.
    rejected: Vec<RejectedRecipient>,
}

impl Offer {
    pub(super) const fn new(batch: Option<BatchId>, lines: usize, messages: Vec<(usize, NewMessage)>, rejected: Vec<RejectedRecipient>) -> Self {
        Self { batch, lines, messages, rejected }
    }

    pub(super) fn charge(&self) -> Units {
        self.messages.iter().map(|(_, message)| message.charge).sum()
    }

    /// What a caller is told when it is accepted as it stands.
    pub(super) fn accepted(&self, now: Timestamp) -> Accepted {
        let messages = self.messages.iter().map(|(_, message)| shown(message, now)).collect();
        Accepted { batch: self.batch, charge: self.charge(), messages, places: self.messages.iter().map(|(index, _)| *index).collect(), rejected: self.rejected.clone() }
    }

    /// What the store is asked to accept. Without a condition it cannot be short, and is not asked again: nothing is copied.
    pub(super) fn new_messages(
        &mut self,
        account: AccountId,
        token: Option<TokenId>,
        covered_by: Option<SpendingRules>,
        idempotency: Option<(IdempotencyKey, String)>,
        now: Timestamp,
    ) -> NewMessages {
        let messages = match covered_by {
            None => std::mem::take(&mut self.messages).into_iter().map(|(_, message)| message).collect(),
            Some(_) => self.messages.iter().map(|(_, message)| message.clone()).collect(),
        };
        NewMessages { account, batch: self.batch.map(|id| self.new_batch(id)), messages, token, covered_by, idempotency, now }
    }

    fn new_batch(&self, id: BatchId) -> NewBatch {
        let duplicates = self.rejected.iter().filter(|rejected| rejected.code == "duplicate").count();
        NewBatch { id, lines: count(self.lines), refused: count(self.rejected.len()), duplicates: count(duplicates) }
    }

    /// Keeps the longest run from the first that `available` covers; the others are rejected. False, and nothing changed, when it covers none of them.
    pub(super) fn cut(&mut self, available: Units, to: &[String]) -> bool {
        let mut sum = Units::ZERO;
        let covered = self.messages.iter().take_while(|(_, message)| {
            sum = sum.plus(message.charge);
            sum.is_zero() || sum <= available
        });
        let covered = covered.count();
        if covered == 0 {
            return false;
        }
        let others = self.messages.split_off(covered).into_iter().map(|(index, message)| RejectedRecipient {
            index,
            to: to.get(index).cloned().unwrap_or_default(),
            code: "insufficient_balance",
            detail: format!("The balance does not cover it: it takes {}.", message.charge),
        });
        self.rejected.extend(others);
        self.rejected.sort_by_key(|rejected| rejected.index);
        true
    }
}

fn shown(message: &NewMessage, now: Timestamp) -> AcceptedMessage {
    let state = if message.send_at.is_some_and(|at| at > now) { MessageState::Scheduled } else { MessageState::Queued };
    AcceptedMessage { id: message.id, to: message.to.clone(), encoding: message.encoding, segments: message.segments, charge: message.charge, state }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
