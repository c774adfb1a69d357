//! Housekeeping, some messages at a time: streams nobody went on with are dropped, batches that ended early take their messages back, messages past their time expire.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use rusqlite::Row;
use salio_domain::ids::BatchId;
use salio_domain::message::{MessageState, Priority};
use salio_domain::{AccountId, MessageId, Timestamp, Units};

use super::batch::Batch;
use super::fault::Outcome;
use super::journal::limited;
use super::queue::{self, Place};
use super::tx::Tx;
use super::words::{self, Sql, optional_at, state, units};
use super::{doubts, streams};
use crate::{BatchState, Swept};

/// How long a broken stream waits for its caller.
const ABANDONED_AFTER: Duration = Duration::from_hours(24);

/// Batches looked at in one call at most; the next call goes on.
const BATCHES: i64 = 1000;

/// A message that waits.
struct Waiting {
    place: Place,
    batch: Option<BatchId>,
    state: MessageState,
    charge: Units,
    next_try_at: Option<Timestamp>,
}

/// What one call does, and how much of it is left to do.
struct Broom<'a, 't> {
    tx: &'a mut Tx<'t>,
    now: Timestamp,
    left: usize,
    messages: Vec<(MessageId, MessageState)>,
    batches: BTreeSet<BatchId>,
    /// Of each account what leaves `queued`, and how many messages are in doubt again.
    unqueued: BTreeMap<AccountId, (Units, i64)>,
    more: bool,
}

pub(super) fn sweep(tx: &mut Tx<'_>, now: Timestamp, limit: usize) -> Outcome<Swept> {
    // Batches are looked for in the rows: what is kept in memory goes there first.
    tx.flush()?;
    let mut broom = Broom { tx, now, left: limit, messages: Vec::new(), batches: BTreeSet::new(), unqueued: BTreeMap::new(), more: false };
    broom.drop_abandoned()?;
    broom.take_back()?;
    broom.expire()?;
    broom.done()
}

pub(super) const ABANDONED: &str = "SELECT batch_id FROM batches WHERE state = 'receiving' AND updated_at <= ?1 ORDER BY updated_at LIMIT ?2";
pub(super) const SWEEPING: &str = "SELECT batch_id FROM batches WHERE sweeping = 1 ORDER BY batch_id LIMIT ?1";

/// Newest first: what would have gone last is taken back first. A cut batch keeps what is not behind the cut.
pub(super) const LANE: &str = "SELECT o.message_id, o.account_id, o.priority, o.lane, m.batch_id, m.state, m.charge, m.next_try_at
    FROM outbox o CROSS JOIN messages m USING (message_id)
    WHERE o.account_id = ?1 AND o.priority = ?2 AND o.lane = ?3 AND o.message_id > ?4 ORDER BY o.not_before DESC, o.message_id DESC LIMIT ?5";

/// Messages of batches that are not released, or are taken back anyway, do not expire.
pub(super) const EXPIRED: &str = "SELECT message_id, account_id, priority, coalesce(batch_id, 0), batch_id, state, charge, next_try_at FROM messages INDEXED BY messages_expiring
    WHERE waits = 1 AND valid_until IS NOT NULL AND valid_until <= ?1 AND state <> 'submitting'
      AND NOT EXISTS (SELECT 1 FROM batches b WHERE b.batch_id = messages.batch_id AND (b.sweeping = 1 OR b.state NOT IN ('running', 'paused')))
    ORDER BY valid_until, message_id LIMIT ?2";

fn read(row: &Row<'_>) -> Sql<Waiting> {
    let place = Place { account: AccountId::from_raw(row.get(1)?), rank: row.get(2)?, lane: row.get(3)?, message: MessageId::from_raw(row.get(0)?) };
    Ok(Waiting { place, batch: row.get::<_, Option<i64>>(4)?.map(BatchId::from_raw), state: state(row, 5)?, charge: units(row, 6)?, next_try_at: optional_at(row, 7)? })
}

impl Broom<'_, '_> {
    fn found(&self, sql: &str, bound: Option<Timestamp>) -> Outcome<Vec<BatchId>> {
        let mut statement = self.tx.connection.prepare_cached(sql)?;
        let id = |row: &Row<'_>| row.get(0).map(BatchId::from_raw);
        let rows = match words::micros(bound) {
            Some(bound) => statement.query_map((bound, BATCHES), id)?.collect::<Result<_, _>>(),
            None => statement.query_map([BATCHES], id)?.collect(),
        };
        Ok(rows?)
    }

    fn drop_abandoned(&mut self) -> Outcome<()> {
        for id in self.found(ABANDONED, Some(self.now.before(ABANDONED_AFTER)))? {
            let batch = self.tx.batch(id)?;
            streams::abandon(self.tx, batch, self.now);
            self.batches.insert(id);
        }
        // The next step finds them by their rows.
        self.tx.flush()
    }

    fn take_back(&mut self) -> Outcome<()> {
        for id in self.found(SWEEPING, None)? {
            let batch = self.tx.batch(id)?;
            for priority in Priority::ALL {
                self.take_back_lane(&batch, priority.rank())?;
            }
            if self.more {
                return Ok(());
            }
            let mut batch = self.tx.batch(id)?;
            batch.sweeping = false;
            self.tx.put_batch(batch);
        }
        // The next step looks at their rows.
        self.tx.flush()
    }

    fn take_back_lane(&mut self, batch: &Batch, rank: i64) -> Outcome<()> {
        let cancelled = batch.row.state == BatchState::Cancelled;
        // A batch that goes on and is swept was released in part; any other gives everything back.
        let kept = batch.cut.filter(|_| !cancelled && batch.row.state != BatchState::Refused);
        let waiting = {
            let mut statement = self.tx.connection.prepare_cached(LANE)?;
            let lane = queue::lane(Some(batch.row.id));
            let rows = statement.query_map((batch.row.account.raw(), rank, lane, kept.map_or(i64::MIN, MessageId::raw), self.one_more()), read)?;
            rows.collect::<Result<_, _>>()?
        };
        let cause = if cancelled { "batch_cancelled" } else { "insufficient_balance" };
        self.end_all(waiting, MessageState::Cancelled, cause)
    }

    fn expire(&mut self) -> Outcome<()> {
        if self.more {
            return Ok(());
        }
        let waiting = {
            let mut statement = self.tx.connection.prepare_cached(EXPIRED)?;
            let rows = statement.query_map((self.now.micros(), self.one_more()), read)?;
            rows.collect::<Result<_, _>>()?
        };
        self.end_all(waiting, MessageState::Expired, "valid_until")
    }

    /// One more than is done says whether there is more to do.
    fn one_more(&self) -> i64 {
        limited(self.left.saturating_add(1))
    }

    fn end_all(&mut self, mut waiting: Vec<Waiting>, to: MessageState, cause: &str) -> Outcome<()> {
        self.more |= waiting.len() > self.left;
        waiting.truncate(self.left);
        waiting.iter().try_for_each(|message| self.end(message, to, cause))
    }

    /// A message leaves the queue for good.
    fn end(&mut self, message: &Waiting, to: MessageState, cause: &str) -> Outcome<()> {
        let Place { message: id, account, .. } = message.place;
        queue::leave(self.tx.connection, &message.place, message.next_try_at)?;
        // What was to be sent again may have arrived the first time: it is in doubt as before.
        let in_doubt = doubts::stays(self.tx.connection, id)?;
        let to = if in_doubt { MessageState::Unknown } else { to };
        queue::step(self.tx.connection, id, to, cause, self.now)?;
        let stands = match message.batch {
            Some(batch) => self.tx.batch(batch)?.stands(id),
            None => true,
        };
        self.tx.moved(message.batch, Some(message.state), to, message.charge, self.now)?;
        if stands {
            let (sum, doubts) = self.unqueued.entry(account).or_default();
            *sum = sum.plus(message.charge);
            *doubts += i64::from(in_doubt);
        }
        self.messages.push((id, to));
        self.batches.extend(message.batch);
        self.left = self.left.saturating_sub(1);
        Ok(())
    }

    fn done(self) -> Outcome<Swept> {
        let mut snapshots = Vec::with_capacity(self.unqueued.len());
        for (id, (charge, doubts)) in self.unqueued {
            let mut account = self.tx.account(id)?;
            account.shown.standing.unqueue(charge);
            account.shown.standing.unknown_messages += doubts;
            snapshots.push(self.tx.put(account));
        }
        Ok(Swept { messages: self.messages, batches: self.batches.into_iter().collect(), snapshots, more: self.more })
    }
}
