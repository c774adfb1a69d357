//! Batches: their counters, how they are shown, and what people want of them.
//!
//! Knows nothing of: how a stream fills one, who takes its messages back.

use std::collections::BTreeMap;

use salio_domain::ids::BatchId;
use salio_domain::message::{MessageState, Priority};
use salio_domain::{MessageId, Timestamp, Units};

use super::messages::Message;
use super::rows::Account;
use super::world::{World, missing};
use crate::{AccountSnapshot, BatchFilter, BatchOrder, BatchRow, BatchSource, BatchState, LineError, NewBatch, NewMessages, OpenStream, Result, StateCounts, StoreError};

pub(super) struct Batch {
    pub row: BatchRow,
    /// Who may stage.
    pub epoch: i64,
    /// Scope and key of its stream; none once the key is free again.
    pub key: Option<(String, String)>,
    pub blocks: i64,
    pub digest: Option<[u8; 32]>,
    /// Released in part: messages after this one are taken back.
    pub cut: Option<MessageId>,
    /// Its messages are being taken back.
    pub sweeping: bool,
    pub errors: BTreeMap<i64, LineError>,
}

impl Batch {
    fn new(row: BatchRow) -> Self {
        Self { row, epoch: 0, key: None, blocks: 0, digest: None, cut: None, sweeping: false, errors: BTreeMap::new() }
    }

    /// The batch of a list, released at once.
    pub fn listed(listed: &NewBatch, new: &NewMessages, priority: Priority) -> Self {
        let row = BatchRow {
            id: listed.id,
            account: new.account,
            state: BatchState::Running,
            cause: None,
            source: BatchSource::List,
            name: None,
            priority,
            token: new.token,
            lines: listed.lines,
            messages: 0,
            refused: listed.refused,
            duplicates: listed.duplicates,
            charge: Units::ZERO,
            covered: None,
            spent: Units::ZERO,
            counts: StateCounts::default(),
            created_at: new.now,
            updated_at: new.now,
            released_at: Some(new.now),
            begun_at: None,
            ended_at: None,
        };
        Self::new(row)
    }

    /// The batch of a stream.
    pub fn streamed(open: &OpenStream) -> Self {
        let row = BatchRow {
            id: open.id,
            account: open.account,
            state: BatchState::Receiving,
            cause: None,
            source: open.source,
            name: open.name.clone(),
            priority: open.priority,
            token: open.token,
            lines: 0,
            messages: 0,
            refused: 0,
            duplicates: 0,
            charge: Units::ZERO,
            covered: None,
            spent: Units::ZERO,
            counts: StateCounts::default(),
            created_at: open.now,
            updated_at: open.now,
            released_at: None,
            begun_at: None,
            ended_at: None,
        };
        Self { epoch: 1, key: open.key.clone(), ..Self::new(row) }
    }

    /// A new message of it.
    pub fn add(&mut self, message: &Message) {
        self.row.messages += 1;
        self.row.charge = self.row.charge.plus(message.new.charge);
        self.row.counts.add(message.state, 1);
    }

    /// A message of it went from one state to another.
    pub fn moved(&mut self, from: MessageState, to: MessageState, charge: Units, now: Timestamp) {
        let row = &mut self.row;
        row.counts.add(from, -1);
        row.counts.add(to, 1);
        if is_spent(from) {
            row.spent = row.spent.minus(charge);
        }
        if is_spent(to) {
            row.spent = row.spent.plus(charge);
        }
        if to == MessageState::Submitting {
            row.begun_at = row.begun_at.or(Some(now));
        }
        row.updated_at = now;
        if to == MessageState::Queued && matches!(row.state, BatchState::Cancelled | BatchState::Refused) {
            self.sweeping = true;
        }
        self.note_end(now);
    }

    /// A released batch of which nothing waits has ended; it goes on when something waits again.
    pub fn note_end(&mut self, now: Timestamp) {
        let ended = self.row.released_at.is_some() && self.row.counts.waiting() == 0;
        self.row.ended_at = ended.then(|| self.row.ended_at.unwrap_or(now));
    }

    /// Whether its lane is served.
    pub fn is_served(&self) -> bool {
        self.row.state == BatchState::Running && !self.sweeping
    }

    /// Whether the charge of this message of it counts as queued while it waits.
    pub fn stands(&self, message: MessageId) -> bool {
        self.row.released_at.is_some() && self.cut.is_none_or(|cut| message <= cut)
    }

    /// What waits of it is taken back; what was never released was never accepted, so its key is free.
    pub fn give_up(&mut self, state: BatchState, cause: &str, now: Timestamp) {
        (self.row.state, self.row.cause, self.row.updated_at) = (state, Some(cause.to_owned()), now);
        self.sweeping = self.row.counts.get(MessageState::Queued) + self.row.counts.get(MessageState::Scheduled) > 0;
        // What a person took back stays so: the client's next try is told.
        if self.row.released_at.is_none() && cause != "person" {
            self.key = None;
        }
    }

    fn obey(&mut self, order: BatchOrder, now: Timestamp) -> Result<()> {
        let conflict = |why| Err(StoreError::Conflict { why });
        match (self.row.state, order) {
            (BatchState::Paused, BatchOrder::Pause) | (BatchState::Running, BatchOrder::Resume) | (BatchState::Cancelled, BatchOrder::Cancel) => {}
            (BatchState::Cancelled | BatchState::Refused, _) => return conflict("the batch has ended"),
            (BatchState::Running, _) if self.row.is_done() => return conflict("the batch has ended"),
            (BatchState::Receiving, BatchOrder::Pause | BatchOrder::Resume) => return conflict("the batch is still being received"),
            (_, BatchOrder::Cancel) => self.give_up(BatchState::Cancelled, "person", now),
            (_, BatchOrder::Pause) => (self.row.state, self.row.updated_at) = (BatchState::Paused, now),
            (_, BatchOrder::Resume) => (self.row.state, self.row.updated_at) = (BatchState::Running, now),
        }
        Ok(())
    }
}

/// Whether the charge of a message in this state was begun and not voided.
const fn is_spent(state: MessageState) -> bool {
    matches!(state, MessageState::Submitting | MessageState::Sent | MessageState::Delivered | MessageState::Undelivered | MessageState::Unknown)
}

impl World {
    pub fn a_batch(&mut self, id: BatchId) -> Result<&mut Batch> {
        self.batches.get_mut(&id).ok_or(missing("batch"))
    }

    /// Whether a claim looks at this lane.
    pub fn is_served(&self, lane: i64) -> bool {
        lane == 0 || self.batches.get(&BatchId::from_raw(lane)).is_some_and(Batch::is_served)
    }

    pub fn batch(&self, id: BatchId) -> Result<BatchRow> {
        self.batches.get(&id).map(|batch| batch.row.clone()).ok_or(missing("batch"))
    }

    pub fn list_batches(&self, filter: &BatchFilter) -> Vec<BatchRow> {
        let end = filter.before.unwrap_or(BatchId::from_raw(i64::MAX));
        let older = self.batches.range(..end).rev().map(|(_, batch)| &batch.row);
        let shown = |row: &BatchRow| if row.is_done() { "done" } else { row.state.as_str() };
        older
            .filter(|row| filter.account.is_none_or(|account| account == row.account) && filter.state.as_deref().is_none_or(|state| state == shown(row)))
            .take(filter.limit)
            .cloned()
            .collect()
    }

    pub fn batch_errors(&self, id: BatchId, after: i64, limit: usize) -> Result<Vec<LineError>> {
        let errors = &self.batches.get(&id).ok_or(missing("batch"))?.errors;
        Ok(errors.values().filter(|error| error.line > after).take(limit).cloned().collect())
    }

    pub fn order_batch(&mut self, id: BatchId, order: BatchOrder, now: Timestamp) -> Result<(BatchRow, AccountSnapshot)> {
        let batch = self.a_batch(id)?;
        batch.obey(order, now)?;
        let row = batch.row.clone();
        self.written = true;
        let snapshot = self.account(row.account).map(Account::snapshot)?;
        Ok((row, snapshot))
    }
}
