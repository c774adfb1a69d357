//! A batch's row: read whole, kept in the writer, changed there (its counters move with every message), written back whole before a commit.

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use salio_domain::ids::{BatchId, TokenId};
use salio_domain::message::MessageState;
use salio_domain::{AccountId, MessageId, Timestamp, Units};

use super::fault::{Fault, Outcome};
use super::words::{self, Sql, at, micros, optional_at, optional_units, units, word};
use crate::{BatchRow, BatchSource, BatchState, StateCounts};

/// What the writer keeps of a batch: everything shown, and where its stream and its housekeeping stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Batch {
    pub(super) row: BatchRow,
    /// Who may stage.
    pub(super) epoch: i64,
    /// Scope and key of its stream; none once the key is free again.
    pub(super) key: Option<(String, String)>,
    pub(super) blocks: i64,
    pub(super) digest: Option<[u8; 32]>,
    pub(super) first_message: Option<MessageId>,
    pub(super) last_message: Option<MessageId>,
    /// Released in part: what comes after this one is taken back.
    pub(super) cut: Option<MessageId>,
    /// Its messages are being taken back.
    pub(super) sweeping: bool,
}

impl Batch {
    /// A batch without messages.
    pub(super) const fn new(row: BatchRow) -> Self {
        Self { row, epoch: 0, key: None, blocks: 0, digest: None, first_message: None, last_message: None, cut: None, sweeping: false }
    }

    /// Whether its lane is served.
    pub(super) fn is_served(&self) -> bool {
        let waits = |state| self.row.counts.get(state) > 0;
        self.row.state == BatchState::Running && !self.sweeping && (waits(MessageState::Queued) || waits(MessageState::Scheduled))
    }

    /// Whether the charge of this message, while it waits, counts as queued: the batch is released, and the message is not behind the cut.
    pub(super) fn stands(&self, message: MessageId) -> bool {
        self.row.released_at.is_some() && self.cut.is_none_or(|cut| message <= cut)
    }

    /// `count` messages with this charge together went from one state to another; from none: they are new.
    pub(super) fn moved(&mut self, from: Option<MessageState>, to: MessageState, (count, charge): (i64, Units), now: Timestamp) {
        let row = &mut self.row;
        if let Some(from) = from {
            row.counts.add(from, -count);
        }
        row.counts.add(to, count);
        row.spent = match (from.is_some_and(is_spent), is_spent(to)) {
            (false, true) => row.spent.plus(charge),
            (true, false) => row.spent.minus(charge),
            _ => row.spent,
        };
        if to == MessageState::Submitting {
            row.begun_at = row.begun_at.or(Some(now));
        }
        row.updated_at = now;
        // What comes back into the queue of a cancelled batch is taken back like the rest.
        self.sweeping |= row.state == BatchState::Cancelled && to == MessageState::Queued;
        self.note_end(now);
    }

    /// A released batch of which nothing waits has ended; it goes on when something waits again.
    pub(super) fn note_end(&mut self, now: Timestamp) {
        let ended = self.row.released_at.is_some() && self.row.counts.waiting() == 0;
        self.row.ended_at = if ended { self.row.ended_at.or(Some(now)) } else { None };
    }
}

/// Whether the charge of a message in this state stands.
const fn is_spent(state: MessageState) -> bool {
    matches!(state, MessageState::Submitting | MessageState::Sent | MessageState::Delivered | MessageState::Undelivered | MessageState::Unknown)
}

/// All columns, for [`read`]; what follows is `WHERE …`.
macro_rules! select_batch {
    ($($rest:literal)?) => {
        concat!("SELECT * FROM batches ", $($rest)?)
    };
}
pub(super) use select_batch;

/// The batch, or that there is none. In the writer use [`super::tx::Tx::batch`]: what is kept there may be newer.
pub(super) fn load(connection: &Connection, id: BatchId) -> Outcome<Batch> {
    connection.prepare_cached(select_batch!("WHERE batch_id = ?1"))?.query_row([id.raw()], read).optional()?.ok_or_else(|| Fault::not_found("batch"))
}

pub(super) fn read(row: &Row<'_>) -> Sql<Batch> {
    let message = |column| row.get::<_, Option<i64>>(column).map(|id| id.map(MessageId::from_raw));
    let key = row.get::<_, Option<String>>("key_scope")?.zip(row.get("key_word")?);
    Ok(Batch {
        row: shown(row)?,
        epoch: row.get("epoch")?,
        key,
        blocks: row.get("blocks")?,
        digest: row.get("digest")?,
        first_message: message("first_message_id")?,
        last_message: message("last_message_id")?,
        cut: message("cut_message_id")?,
        sweeping: row.get("sweeping")?,
    })
}

fn shown(row: &Row<'_>) -> Sql<BatchRow> {
    Ok(BatchRow {
        id: BatchId::from_raw(row.get("batch_id")?),
        account: AccountId::from_raw(row.get("account_id")?),
        state: word(row, "state", BatchState::from_word)?,
        cause: row.get("cause")?,
        source: word(row, "source", BatchSource::from_word)?,
        name: row.get("name")?,
        priority: words::priority(row, "priority")?,
        token: row.get::<_, Option<i64>>("token_id")?.map(TokenId::from_raw),
        lines: row.get("lines")?,
        messages: row.get("messages")?,
        refused: row.get("refused_lines")?,
        duplicates: row.get("duplicates")?,
        charge: units(row, "charge")?,
        covered: row.get::<_, Option<i64>>("covered_messages")?.zip(optional_units(row, "covered_charge")?),
        spent: units(row, "spent")?,
        counts: counts(row)?,
        created_at: at(row, "created_at")?,
        updated_at: at(row, "updated_at")?,
        released_at: optional_at(row, "released_at")?,
        begun_at: optional_at(row, "begun_at")?,
        ended_at: optional_at(row, "ended_at")?,
    })
}

/// The column of each state's counter.
const COUNTERS: [(MessageState, &str); MessageState::ALL.len()] = [
    (MessageState::Scheduled, "in_scheduled"),
    (MessageState::Queued, "in_queued"),
    (MessageState::Submitting, "in_submitting"),
    (MessageState::Sent, "in_sent"),
    (MessageState::Delivered, "in_delivered"),
    (MessageState::Undelivered, "in_undelivered"),
    (MessageState::Expired, "in_expired"),
    (MessageState::Rejected, "in_rejected"),
    (MessageState::Failed, "in_failed"),
    (MessageState::Cancelled, "in_cancelled"),
    (MessageState::Unknown, "in_unknown"),
];

fn counts(row: &Row<'_>) -> Sql<StateCounts> {
    let mut counts = StateCounts::default();
    for (state, column) in COUNTERS {
        counts.add(state, row.get(column)?);
    }
    Ok(counts)
}

const UPDATE: &str = "UPDATE batches SET state = :state, cause = :cause, name = :name, priority = :priority, token_id = :token_id, messages = :messages, charge = :charge,
    epoch = :epoch, key_scope = :key_scope, key_word = :key_word, blocks = :blocks, digest = :digest, lines = :lines, refused_lines = :refused_lines, duplicates = :duplicates,
    first_message_id = :first_message_id, last_message_id = :last_message_id, cut_message_id = :cut_message_id, covered_messages = :covered_messages, covered_charge = :covered_charge, sweeping = :sweeping,
    updated_at = :updated_at, released_at = :released_at, begun_at = :begun_at, ended_at = :ended_at, spent = :spent,
    in_scheduled = :in_scheduled, in_queued = :in_queued, in_submitting = :in_submitting, in_sent = :in_sent, in_delivered = :in_delivered, in_undelivered = :in_undelivered,
    in_expired = :in_expired, in_rejected = :in_rejected, in_failed = :in_failed, in_cancelled = :in_cancelled, in_unknown = :in_unknown
    WHERE batch_id = :batch_id";

/// A new row: what [`save`] does not write because it never changes.
pub(super) fn create(connection: &Connection, batch: &Batch) -> Outcome<()> {
    let row = &batch.row;
    connection
        .prepare_cached("INSERT INTO batches (batch_id, account_id, source, messages, charge, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
        .execute((row.id.raw(), row.account.raw(), row.source.as_str(), row.messages, row.charge.micros(), row.created_at.micros()))
        .map_err(|error| Fault::or_conflict(error, "the batch is there already"))?;
    Ok(())
}

/// Writes it back whole.
pub(super) fn save(connection: &Connection, batch: &Batch) -> Outcome<()> {
    let row = &batch.row;
    let count = |state| row.counts.get(state);
    let (key_scope, key_word) = batch.key.as_ref().map(|(scope, word)| (scope, word)).unzip();
    let message = |id: Option<MessageId>| id.map(MessageId::raw);
    connection.prepare_cached(UPDATE)?.execute(named_params! {
        ":batch_id": row.id.raw(), ":state": row.state.as_str(), ":cause": row.cause, ":name": row.name, ":priority": row.priority.rank(), ":token_id": row.token.map(TokenId::raw),
        ":messages": row.messages, ":charge": row.charge.micros(), ":epoch": batch.epoch, ":key_scope": key_scope, ":key_word": key_word, ":blocks": batch.blocks,
        ":digest": batch.digest, ":lines": row.lines, ":refused_lines": row.refused, ":duplicates": row.duplicates,
        ":first_message_id": message(batch.first_message), ":last_message_id": message(batch.last_message), ":cut_message_id": message(batch.cut),
        ":covered_messages": row.covered.map(|(messages, _)| messages), ":covered_charge": row.covered.map(|(_, charge)| charge.micros()), ":sweeping": batch.sweeping,
        ":updated_at": row.updated_at.micros(), ":released_at": micros(row.released_at), ":begun_at": micros(row.begun_at), ":ended_at": micros(row.ended_at),
        ":spent": row.spent.micros(),
        ":in_scheduled": count(MessageState::Scheduled), ":in_queued": count(MessageState::Queued), ":in_submitting": count(MessageState::Submitting),
        ":in_sent": count(MessageState::Sent), ":in_delivered": count(MessageState::Delivered), ":in_undelivered": count(MessageState::Undelivered),
        ":in_expired": count(MessageState::Expired), ":in_rejected": count(MessageState::Rejected), ":in_failed": count(MessageState::Failed),
        ":in_cancelled": count(MessageState::Cancelled), ":in_unknown": count(MessageState::Unknown),
    })?;
    Ok(())
}
