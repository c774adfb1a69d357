//! Housekeeping: messages are taken back, messages expire, streams are dropped; some at a time.
//!
//! Knows nothing of: when it is done.

use std::collections::BTreeSet;

use salio_domain::ids::BatchId;
use salio_domain::message::MessageState;
use salio_domain::{MessageId, Timestamp};

use super::messages::{Message, Move};
use super::rows::Account;
use super::streams::STREAM_KEPT;
use super::world::{World, missing};
use crate::{BatchState, Result, Swept};

impl World {
    pub fn sweep(&mut self, now: Timestamp, limit: usize) -> Result<Swept> {
        let mut batches = self.drop_stale(now);
        let (back, late) = (self.to_take_back(), self.late(now));
        let more = back.len() + late.len() > limit;
        let due: Vec<(MessageId, Move)> = back
            .into_iter()
            .map(|(id, cause)| (id, Move::new(now, MessageState::Cancelled, cause)))
            .chain(late.into_iter().map(|id| (id, Move::new(now, MessageState::Expired, "valid_until"))))
            .take(limit)
            .collect();
        let (mut messages, mut changed) = (Vec::new(), BTreeSet::new());
        for (id, to) in due {
            let message = self.messages.get(&id).ok_or(missing("message"))?;
            batches.extend(message.batch);
            if self.stands(message) {
                changed.insert(message.account);
            }
            messages.push((id, self.take_out(id, to)?));
        }
        self.note_swept();
        let snapshots = changed.into_iter().map(|account| self.changed(account)).collect::<Result<_>>()?;
        Ok(Swept { messages, batches: batches.into_iter().collect(), snapshots, more })
    }

    /// Streams that nobody went on with.
    fn drop_stale(&mut self, now: Timestamp) -> BTreeSet<BatchId> {
        let stale = self.batches.values_mut().filter(|batch| batch.row.state == BatchState::Receiving && batch.row.updated_at.after(STREAM_KEPT) <= now);
        let mut dropped = BTreeSet::new();
        for batch in stale {
            batch.give_up(BatchState::Cancelled, "abandoned", now);
            dropped.insert(batch.row.id);
        }
        self.written |= !dropped.is_empty();
        dropped
    }

    /// What waits in a batch that is being swept and will not be sent, and why.
    fn to_take_back(&self) -> Vec<(MessageId, &'static str)> {
        let mut out = Vec::new();
        for batch in self.batches.values().filter(|batch| batch.sweeping) {
            let cause = if batch.row.state == BatchState::Cancelled { "batch_cancelled" } else { "insufficient_balance" };
            let stays = |id: MessageId| matches!(batch.row.state, BatchState::Running | BatchState::Paused) && batch.stands(id);
            out.extend(self.waiting_of(batch.row.id).into_iter().filter(|(id, _)| !stays(*id)).map(|(id, _)| (id, cause)));
        }
        out
    }

    /// Messages past their time in lanes that were released and are not being swept.
    fn late(&self, now: Timestamp) -> Vec<MessageId> {
        let in_order = |message: &&Message| {
            let batch = message.batch.and_then(|batch| self.batches.get(&batch));
            batch.is_none_or(|batch| matches!(batch.row.state, BatchState::Running | BatchState::Paused) && !batch.sweeping)
        };
        let waiting = self.accounts.values().flat_map(Account::waiting_ids).filter_map(|id| self.messages.get(&id));
        let mut late: Vec<&Message> = waiting.filter(|message| message.is_late(now)).filter(in_order).collect();
        late.sort_by_key(|message| (message.new.valid_until, message.new.id));
        late.into_iter().map(|message| message.new.id).collect()
    }

    /// Batches of which nothing is left to take back.
    fn note_swept(&mut self) {
        let left: BTreeSet<BatchId> = self.to_take_back().into_iter().filter_map(|(id, _)| self.messages.get(&id).and_then(|message| message.batch)).collect();
        for batch in self.batches.values_mut().filter(|batch| batch.sweeping && !left.contains(&batch.row.id)) {
            batch.sweeping = false;
            self.written = true;
        }
    }
}
