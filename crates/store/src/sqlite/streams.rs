//! Streams of messages: staged block by block, released in one step.
//!
//! Knows nothing of lines as they were written, nor of what digests are over.

use rusqlite::{Connection, OptionalExtension};
use salio_domain::admission::{OnShort, Short, admit};
use salio_domain::balance::Standing;
use salio_domain::ids::BatchId;
use salio_domain::message::MessageState;
use salio_domain::{MessageId, Timestamp, Units};

use super::batch::Batch;
use super::batches::take_back;
use super::fault::{Fault, Outcome};
use super::intake::{self, Incoming};
use super::tx::Tx;
use super::words::units;
use crate::{BatchRow, BatchState, Block, IDEMPOTENCY_KEPT, LineError, OpenStream, Release, Released, StateCounts, StreamOpening, StreamPlace};

/// The code of a line that repeats another's number and text.
const DUPLICATE: &str = "duplicate";

pub(super) fn open(tx: &mut Tx<'_>, open: &OpenStream) -> Outcome<StreamOpening> {
    tx.account(open.account)?;
    // Keys are looked for in the rows: what is kept in memory goes there first.
    tx.flush()?;
    let Some(mut batch) = of_key(tx, open)? else { return begin(tx, open) };
    if batch.row.account != open.account || batch.row.source != open.source {
        return Err(Fault::conflict("the key was used for another account or another form of lines"));
    }
    if batch.row.state != BatchState::Receiving {
        let place = place(&batch);
        return Ok(StreamOpening::Accepted(Box::new(batch.row), place));
    }
    batch.epoch += 1;
    batch.row.updated_at = open.now;
    let place = place(&batch);
    tx.put_batch(batch);
    Ok(StreamOpening::Resumed(place))
}

pub(super) const BY_KEY: &str = "SELECT batch_id FROM batches WHERE key_scope = ?1 AND key_word = ?2";

/// The batch that holds the key. One whose time is over lets it go.
fn of_key(tx: &mut Tx<'_>, open: &OpenStream) -> Outcome<Option<Batch>> {
    let Some((scope, word)) = &open.key else { return Ok(None) };
    let found: Option<i64> = tx.connection.prepare_cached(BY_KEY)?.query_row((scope, word), |row| row.get(0)).optional()?;
    let Some(id) = found else { return Ok(None) };
    let mut batch = tx.batch(BatchId::from_raw(id))?;
    if batch.row.created_at > open.now.before(IDEMPOTENCY_KEPT) {
        return Ok(Some(batch));
    }
    batch.key = None;
    tx.put_batch(batch);
    // Before another row takes the key.
    tx.flush()?;
    Ok(None)
}

fn begin(tx: &mut Tx<'_>, open: &OpenStream) -> Outcome<StreamOpening> {
    let mut batch = Batch::new(BatchRow {
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
    });
    batch.epoch = 1;
    batch.key.clone_from(&open.key);
    let place = place(&batch);
    tx.new_batch(batch)?;
    Ok(StreamOpening::New(place))
}

const fn place(batch: &Batch) -> StreamPlace {
    StreamPlace { batch: batch.row.id.raw(), epoch: batch.epoch, blocks: batch.blocks, digest: batch.digest }
}

/// The batch, if this stream may still add to it.
fn receiving(tx: &mut Tx<'_>, id: BatchId, epoch: i64) -> Outcome<Batch> {
    let batch = tx.batch(id)?;
    if batch.row.state != BatchState::Receiving {
        return Err(Fault::conflict("the batch is no longer being received"));
    }
    if batch.epoch != epoch {
        return Err(Fault::conflict("another stream has taken over"));
    }
    Ok(batch)
}

/// The hottest of all: two statements a message, one a refused line, and the rest in memory.
pub(super) fn stage(tx: &mut Tx<'_>, block: &Block) -> Outcome<()> {
    let mut batch = receiving(tx, block.batch, block.epoch)?;
    if block.block != batch.blocks + 1 {
        return Err(Fault::conflict("the block is not the next one"));
    }
    let incoming = Incoming { account: batch.row.account, batch: Some(block.batch), token: batch.row.token, now: block.now };
    for message in &block.messages {
        let state = intake::insert(tx.connection, &incoming, message)?;
        batch.row.counts.add(state, 1);
        batch.row.charge = batch.row.charge.plus(message.charge);
        batch.first_message = batch.first_message.map_or(Some(message.id), |first| Some(first.min(message.id)));
        batch.last_message = batch.last_message.max(Some(message.id));
    }
    refuse(tx.connection, block.batch, &block.errors)?;
    let row = &mut batch.row;
    row.lines += block.lines;
    row.messages += count(block.messages.len());
    row.refused += count(block.errors.len());
    row.duplicates += count(block.errors.iter().filter(|error| error.code == DUPLICATE).count());
    row.updated_at = block.now;
    (batch.blocks, batch.digest) = (block.block, Some(block.digest));
    tx.put_batch(batch);
    Ok(())
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

fn refuse(connection: &Connection, batch: BatchId, errors: &[LineError]) -> Outcome<()> {
    for error in errors {
        connection
            .prepare_cached("INSERT INTO batch_errors (batch_id, line, field, code, detail, given) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
            .execute((batch.raw(), error.line, &error.field, &error.code, &error.detail, &error.given))
            .map_err(|error| Fault::or_conflict(error, "a line is refused once"))?;
    }
    Ok(())
}

/// All of it is queued in one step, a part of it, or nothing.
pub(super) fn release(tx: &mut Tx<'_>, release: &Release) -> Outcome<Released> {
    let batch = receiving(tx, release.batch, release.epoch)?;
    if batch.row.messages == 0 {
        return Ok(Released::Empty(Box::new(refused(tx, batch, "none_valid", release.now))));
    }
    let account = tx.account(batch.row.account)?;
    let charge = batch.row.charge.minus(left_already(tx.connection, &batch)?);
    let standing = intake::found_by(tx, &account, batch.row.priority)?;
    match admitted(tx.connection, &batch, &standing, charge, release)? {
        Admitted::All => run(tx, batch, None, charge, release.now),
        Admitted::UpTo(covered) => run(tx, batch, Some(covered), covered.charge, release.now),
        Admitted::Nothing(short) => {
            refused(tx, batch, "insufficient_balance", release.now);
            Ok(Released::Short(short))
        }
    }
}

fn refused(tx: &mut Tx<'_>, mut batch: Batch, cause: &str, now: Timestamp) -> BatchRow {
    take_back(&mut batch, BatchState::Refused, cause);
    batch.row.updated_at = now;
    tx.put_batch(batch.clone());
    batch.row
}

fn run(tx: &mut Tx<'_>, mut batch: Batch, covered: Option<Covered>, charge: Units, now: Timestamp) -> Outcome<Released> {
    (batch.row.state, batch.row.released_at, batch.row.updated_at) = (BatchState::Running, Some(now), now);
    (batch.cut, batch.sweeping) = (covered.map(|covered| covered.cut), covered.is_some());
    batch.row.covered = covered.map(|covered| (covered.messages, covered.charge));
    batch.note_end(now);
    tx.put_batch(batch.clone());
    let mut account = tx.account(batch.row.account)?;
    account.shown.standing.queue(charge);
    Ok(Released::Running(Box::new(batch.row), Box::new(tx.put(account))))
}

/// What the balance lets through.
/// A run of messages from the first that the balance covers.
#[derive(Clone, Copy)]
struct Covered {
    /// Its last message.
    cut: MessageId,
    messages: i64,
    charge: Units,
}

enum Admitted {
    All,
    /// The first ones.
    UpTo(Covered),
    Nothing(Short),
}

fn admitted(connection: &Connection, batch: &Batch, standing: &Standing, charge: Units, release: &Release) -> Outcome<Admitted> {
    let Err(short) = admit(standing, charge, batch.row.priority, &release.rules) else { return Ok(Admitted::All) };
    Ok(match release.on_short {
        OnShort::Hold => Admitted::All,
        OnShort::Refuse => Admitted::Nothing(short),
        OnShort::Partial => covered(connection, batch, short.available)?.map_or(Admitted::Nothing(short), Admitted::UpTo),
    })
}

pub(super) const STAGED: &str = "SELECT message_id, charge FROM messages NOT INDEXED
    WHERE message_id BETWEEN ?1 AND ?2 AND batch_id = ?3 AND waits = 1 ORDER BY message_id";

/// The last message of the longest covered run, and the charge up to it. Looks at no message behind the cut but the first.
fn covered(connection: &Connection, batch: &Batch, available: Units) -> Outcome<Option<Covered>> {
    let (Some(first), Some(last)) = (batch.first_message, batch.last_message) else { return Ok(None) };
    let mut statement = connection.prepare_cached(STAGED)?;
    let mut rows = statement.query((first.raw(), last.raw(), batch.row.id.raw()))?;
    let mut covered: Option<Covered> = None;
    while let Some(row) = rows.next()? {
        let (messages, sum) = covered.map_or((0, Units::ZERO), |covered| (covered.messages, covered.charge));
        let charge = sum.plus(units(row, 1)?);
        if charge > available && charge > Units::ZERO {
            break;
        }
        covered = Some(Covered { cut: MessageId::from_raw(row.get(0)?), messages: messages + 1, charge });
    }
    Ok(covered)
}

pub(super) const LEFT: &str = "SELECT coalesce(sum(charge), 0) FROM messages WHERE batch_id = ?1 AND waits = 0";

/// Charges of messages that expired or were taken back one by one before the release.
fn left_already(connection: &Connection, batch: &Batch) -> Outcome<Units> {
    let staged = batch.row.counts.get(MessageState::Queued) + batch.row.counts.get(MessageState::Scheduled);
    if staged == batch.row.messages {
        return Ok(Units::ZERO);
    }
    Ok(connection.prepare_cached(LEFT)?.query_row([batch.row.id.raw()], |row| units(row, 0))?)
}

/// Nothing of it is sent. A stream that was taken over, and a batch that is no longer received, stay as they are.
pub(super) fn drop_stream(tx: &mut Tx<'_>, id: BatchId, epoch: i64, now: Timestamp) -> Outcome<()> {
    let batch = tx.batch(id)?;
    if batch.row.state == BatchState::Receiving && batch.epoch == epoch {
        abandon(tx, batch, now);
    }
    Ok(())
}

pub(super) fn abandon(tx: &mut Tx<'_>, mut batch: Batch, now: Timestamp) {
    take_back(&mut batch, BatchState::Cancelled, "abandoned");
    batch.row.updated_at = now;
    tx.put_batch(batch);
}
