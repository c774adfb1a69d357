//! Streams of messages: staged block by block under an epoch, released in one step.
//!
//! Knows nothing of: lines, formats, connections.

use std::time::Duration;

use salio_domain::admission::{OnShort, Short, admit};
use salio_domain::ids::BatchId;
use salio_domain::{MessageId, Timestamp, Units};

use super::batches::Batch;
use super::messages::Message;
use super::world::World;
use crate::{BatchState, Block, IDEMPOTENCY_KEPT, OpenStream, Release, Released, Result, StoreError, StreamOpening, StreamPlace};

/// A stream that nobody went on with for this long is dropped.
pub(super) const STREAM_KEPT: Duration = Duration::from_hours(24);

const fn conflict(why: &'static str) -> StoreError {
    StoreError::Conflict { why }
}

impl Batch {
    fn place(&self) -> StreamPlace {
        StreamPlace { batch: self.row.id.raw(), epoch: self.epoch, blocks: self.blocks, digest: self.digest }
    }

    /// Only the newest stream of a batch that is still received may go on.
    fn check_stream(&self, epoch: i64) -> Result<()> {
        match (self.row.state, self.epoch == epoch) {
            (BatchState::Receiving, true) => Ok(()),
            (BatchState::Receiving, false) => Err(conflict("another stream has taken over")),
            _ => Err(conflict("the batch is no longer received")),
        }
    }
}

impl World {
    pub fn open_stream(&mut self, open: &OpenStream) -> Result<StreamOpening> {
        self.account(open.account)?;
        let found = self.batches.values_mut().find(|batch| batch.key.is_some() && batch.key == open.key);
        let Some(batch) = found else { return self.new_stream(open) };
        if batch.row.created_at.after(IDEMPOTENCY_KEPT) <= open.now {
            batch.key = None;
            return self.new_stream(open);
        }
        if (batch.row.account, batch.row.source) != (open.account, open.source) {
            return Err(conflict("the key was used with another account or form"));
        }
        if batch.row.state != BatchState::Receiving {
            return Ok(StreamOpening::Accepted(Box::new(batch.row.clone()), batch.place()));
        }
        batch.epoch += 1;
        batch.row.updated_at = open.now;
        let place = batch.place();
        self.written = true;
        Ok(StreamOpening::Resumed(place))
    }

    fn new_stream(&mut self, open: &OpenStream) -> Result<StreamOpening> {
        if self.batches.contains_key(&open.id) {
            return Err(conflict("the batch is there already"));
        }
        self.used(open.id.raw());
        let batch = Batch::streamed(open);
        let place = batch.place();
        self.batches.insert(open.id, batch);
        self.written = true;
        Ok(StreamOpening::New(place))
    }

    pub fn stage(&mut self, block: Block) -> Result<()> {
        let batch = self.a_batch(block.batch)?;
        batch.check_stream(block.epoch)?;
        if block.block != batch.blocks + 1 {
            return Err(conflict("the block is not the next"));
        }
        let (account, token) = (batch.row.account, batch.row.token);
        self.are_new(&block.messages)?;
        let batch = self.a_batch(block.batch)?;
        (batch.blocks, batch.digest, batch.row.updated_at) = (block.block, Some(block.digest), block.now);
        batch.row.lines += block.lines;
        for error in block.errors {
            batch.row.refused += 1;
            batch.row.duplicates += i64::from(error.code == "duplicate");
            batch.errors.insert(error.line, error);
        }
        for message in block.messages {
            self.put(Message::accepted(account, Some(block.batch), token, message, block.now))?;
        }
        self.written = true;
        Ok(())
    }

    pub fn release(&mut self, release: &Release) -> Result<Released> {
        let batch = self.a_batch(release.batch)?;
        batch.check_stream(release.epoch)?;
        if batch.row.messages == 0 {
            batch.give_up(BatchState::Refused, "none_valid", release.now);
            let row = batch.row.clone();
            self.written = true;
            return Ok(Released::Empty(Box::new(row)));
        }
        let (account, priority) = (batch.row.account, batch.row.priority);
        let waiting = self.waiting_of(release.batch);
        let charge = waiting.iter().map(|(_, charge)| *charge).sum();
        let standing = self.found_by(account, priority)?;
        match (admit(&standing, charge, priority, &release.rules), release.on_short) {
            (Ok(()), _) | (Err(_), OnShort::Hold) => self.let_run(release, None, charge),
            (Err(short), OnShort::Refuse) => self.refuse(release, short),
            (Err(short), OnShort::Partial) => match covered(&waiting, short.available) {
                Some(covered) => self.let_run(release, Some(&covered), covered.charge),
                None => self.refuse(release, short),
            },
        }
    }

    /// What waits of a batch, oldest first.
    pub fn waiting_of(&self, batch: BatchId) -> Vec<(MessageId, Units)> {
        self.messages.values().filter(|message| message.batch == Some(batch) && message.waits()).map(|message| (message.new.id, message.new.charge)).collect()
    }

    fn let_run(&mut self, release: &Release, covered: Option<&Covered>, charge: Units) -> Result<Released> {
        let batch = self.a_batch(release.batch)?;
        (batch.row.state, batch.row.released_at, batch.row.updated_at) = (BatchState::Running, Some(release.now), release.now);
        (batch.cut, batch.sweeping) = (covered.map(|covered| covered.cut), covered.is_some());
        batch.row.covered = covered.map(|covered| (covered.messages, covered.charge));
        batch.note_end(release.now);
        let row = batch.row.clone();
        self.account_mut(row.account)?.standing.queue(charge);
        let snapshot = self.changed(row.account)?;
        Ok(Released::Running(Box::new(row), Box::new(snapshot)))
    }

    fn refuse(&mut self, release: &Release, short: Short) -> Result<Released> {
        self.a_batch(release.batch)?.give_up(BatchState::Refused, "insufficient_balance", release.now);
        self.written = true;
        Ok(Released::Short(short))
    }

    pub fn drop_stream(&mut self, id: BatchId, epoch: i64, now: Timestamp) -> Result<()> {
        let batch = self.a_batch(id)?;
        if batch.check_stream(epoch).is_ok() {
            batch.give_up(BatchState::Cancelled, "abandoned", now);
            self.written = true;
        }
        Ok(())
    }
}

/// A run of messages from the first that the balance covers.
struct Covered {
    /// Its last message.
    cut: MessageId,
    messages: i64,
    charge: Units,
}

/// The longest one.
fn covered(waiting: &[(MessageId, Units)], available: Units) -> Option<Covered> {
    let sums = waiting.iter().scan((0, Units::ZERO), |(messages, sum), (id, charge)| {
        (*messages, *sum) = (*messages + 1, sum.plus(*charge));
        Some(Covered { cut: *id, messages: *messages, charge: *sum })
    });
    sums.take_while(|covered| covered.charge <= Units::ZERO || covered.charge <= available).last()
}
