//! What a job sees: the transaction it shares with others, and the accounts and batches as they stand in it.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use rusqlite::Connection;
use salio_domain::ids::BatchId;
use salio_domain::message::{MessageState, Priority};
use salio_domain::{AccountId, Timestamp, Units};

use super::account::{self, Account};
use super::batch::{self, Batch};
use super::fault::Outcome;
use crate::AccountSnapshot;

/// Batches kept between transactions at most; beyond it all are read again.
const BATCHES_KEPT: usize = 1024;

const RANKS: usize = Priority::ALL.len();

/// Accounts and batches as they stand after what was written so far; between transactions, after the last commit.
#[derive(Debug, Default)]
pub(super) struct Memory {
    accounts: HashMap<i64, Kept<Account>>,
    batches: HashMap<i64, Kept<Batch>>,
    /// Of each account the batches whose lanes are served.
    served: HashMap<i64, BTreeSet<i64>>,
    /// Of each account and rank the lane that had the last turn. Lost at a restart: then the first lane begins.
    turns: HashMap<(i64, i64), i64>,
    /// Of each account the lanes of batches in which, by rank, nothing may go before this instant (microseconds).
    quiet: HashMap<i64, HashMap<i64, [i64; RANKS]>>,
}

#[derive(Debug)]
struct Kept<T> {
    row: T,
    dirty: bool,
}

impl Memory {
    /// Forgets all rows: they are read again when they are needed.
    pub(super) fn clear(&mut self) {
        self.accounts.clear();
        self.batches.clear();
        self.served.clear();
        self.quiet.clear();
    }

    /// Something of a batch may go sooner than was known.
    fn stir(&mut self, account: AccountId, batch: BatchId) {
        if let Some(lanes) = self.quiet.get_mut(&account.raw()) {
            lanes.remove(&batch.raw());
        }
    }

    /// Writes back what changed.
    pub(super) fn flush(&mut self, connection: &Connection) -> Outcome<()> {
        for kept in self.accounts.values_mut().filter(|kept| kept.dirty) {
            account::save(connection, &kept.row)?;
            kept.dirty = false;
        }
        for kept in self.batches.values_mut().filter(|kept| kept.dirty) {
            batch::save(connection, &kept.row)?;
            kept.dirty = false;
        }
        if self.batches.len() > BATCHES_KEPT {
            self.batches.clear();
        }
        Ok(())
    }
}

/// The kept batch; read when it is not there.
fn kept<'m>(batches: &'m mut HashMap<i64, Kept<Batch>>, connection: &Connection, id: BatchId) -> Outcome<&'m mut Kept<Batch>> {
    match batches.entry(id.raw()) {
        Entry::Occupied(kept) => Ok(kept.into_mut()),
        Entry::Vacant(place) => Ok(place.insert(Kept { row: batch::load(connection, id)?, dirty: false })),
    }
}

/// One transaction. A job works on copies of accounts and batches and puts them back last, so a job that fails leaves them as they were.
pub(super) struct Tx<'a> {
    pub(super) connection: &'a Connection,
    memory: &'a mut Memory,
    /// An account or a batch was changed in memory.
    pub(super) put: bool,
}

impl<'a> Tx<'a> {
    pub(super) const fn new(connection: &'a Connection, memory: &'a mut Memory) -> Self {
        Self { connection, memory, put: false }
    }

    /// A copy to work on.
    pub(super) fn account(&mut self, id: AccountId) -> Outcome<Account> {
        if let Some(kept) = self.memory.accounts.get(&id.raw()) {
            return Ok(kept.row.clone());
        }
        let account = account::load(self.connection, id)?;
        self.memory.accounts.insert(id.raw(), Kept { row: account.clone(), dirty: false });
        Ok(account)
    }

    /// The changed account under its next version: what a job does last.
    pub(super) fn put(&mut self, mut account: Account) -> AccountSnapshot {
        account.shown.version += 1;
        self.put_as_is(account)
    }

    /// The same, with the version it carries.
    pub(super) fn put_as_is(&mut self, mut account: Account) -> AccountSnapshot {
        self.put = true;
        if std::mem::take(&mut account.hurried) {
            self.memory.quiet.remove(&account.shown.account.raw());
        }
        let shown = account.shown.clone();
        self.memory.accounts.insert(shown.account.raw(), Kept { row: account, dirty: true });
        shown
    }

    /// A copy of a batch to work on. Copies grow old when messages are [`Tx::moved`].
    pub(super) fn batch(&mut self, id: BatchId) -> Outcome<Batch> {
        Ok(kept(&mut self.memory.batches, self.connection, id)?.row.clone())
    }

    /// The changed batch.
    pub(super) fn put_batch(&mut self, batch: Batch) {
        self.put = true;
        serve(&mut self.memory.served, &batch);
        self.memory.stir(batch.row.account, batch.row.id);
        self.memory.batches.insert(batch.row.id.raw(), Kept { row: batch, dirty: true });
    }

    /// A batch that was not there.
    pub(super) fn new_batch(&mut self, batch: Batch) -> Outcome<()> {
        batch::create(self.connection, &batch)?;
        self.put_batch(batch);
        Ok(())
    }

    /// A message went from one state to another (from none: it is new): its batch counts it, knows what is spent, when it began and when it ended.
    /// Every change of a message's state passes here.
    pub(super) fn moved(&mut self, batch: Option<BatchId>, from: Option<MessageState>, to: MessageState, charge: Units, now: Timestamp) -> Outcome<()> {
        self.moved_all(batch, from, to, (1, charge), now)
    }

    /// The same for several, with their charges together.
    pub(super) fn moved_all(&mut self, batch: Option<BatchId>, from: Option<MessageState>, to: MessageState, sum: (i64, Units), now: Timestamp) -> Outcome<()> {
        let (Some(id), true) = (batch, sum.0 > 0) else { return Ok(()) };
        let kept = kept(&mut self.memory.batches, self.connection, id)?;
        let was_served = kept.row.is_served();
        kept.row.moved(from, to, sum, now);
        kept.dirty = true;
        self.put = true;
        let account = kept.row.row.account;
        if kept.row.is_served() != was_served {
            serve(&mut self.memory.served, &kept.row);
        }
        if matches!(to, MessageState::Queued | MessageState::Scheduled) {
            self.memory.stir(account, id);
        }
        Ok(())
    }

    /// The lanes that are served, ascending: 0 and those of batches that run. Something may stand in them or nothing.
    fn lanes(&mut self, account: AccountId) -> Outcome<Vec<i64>> {
        if let Some(lanes) = self.memory.served.get(&account.raw()) {
            return Ok(lanes.iter().copied().collect());
        }
        self.memory.flush(self.connection)?;
        let lanes = served(self.connection, account)?;
        self.memory.served.insert(account.raw(), lanes.iter().copied().collect());
        Ok(lanes)
    }

    /// The served lanes in which something of this rank may stand that goes at `now`, ascending.
    pub(super) fn awake(&mut self, account: AccountId, rank: i64, now: Timestamp) -> Outcome<Vec<i64>> {
        let mut lanes = self.lanes(account)?;
        if let (Some(quiet), Ok(rank)) = (self.memory.quiet.get(&account.raw()), usize::try_from(rank)) {
            lanes.retain(|lane| quiet.get(lane).and_then(|until| until.get(rank)).is_none_or(|until| *until <= now.micros()));
        }
        Ok(lanes)
    }

    /// Nothing of this rank goes from the lane before `until`. Single messages come too often for that to be kept.
    pub(super) fn sleeps(&mut self, account: AccountId, rank: i64, lane: i64, until: i64) {
        let Ok(rank) = usize::try_from(rank) else { return };
        if lane != 0
            && let Some(known) = self.memory.quiet.entry(account.raw()).or_default().entry(lane).or_insert([i64::MIN; RANKS]).get_mut(rank)
        {
            *known = until;
        }
    }

    /// The lane that had the last turn.
    pub(super) fn turn(&self, account: AccountId, rank: i64) -> Option<i64> {
        self.memory.turns.get(&(account.raw(), rank)).copied()
    }

    /// A lane had its turn.
    pub(super) fn had_turn(&mut self, account: AccountId, rank: i64, lane: i64) {
        self.memory.turns.insert((account.raw(), rank), lane);
    }

    /// Writes back what changed, so that statements over accounts and batches see it.
    pub(super) fn flush(&mut self) -> Outcome<()> {
        self.memory.flush(self.connection)
    }

    /// Rows of accounts or batches were written past what is kept.
    pub(super) fn forget(&mut self) -> Outcome<()> {
        self.memory.flush(self.connection)?;
        self.memory.clear();
        Ok(())
    }
}

/// Keeps the served lanes of its account, where they are known, true to this batch.
fn serve(served: &mut HashMap<i64, BTreeSet<i64>>, batch: &Batch) {
    let Some(lanes) = served.get_mut(&batch.row.account.raw()) else { return };
    if batch.is_served() {
        lanes.insert(batch.row.id.raw());
    } else {
        lanes.remove(&batch.row.id.raw());
    }
}

pub(super) const SERVED: &str = "SELECT batch_id FROM batches WHERE account_id = ?1 AND state = 'running' AND sweeping = 0 AND ended_at IS NULL ORDER BY batch_id";

/// The lanes that are served, as the database has it.
pub(super) fn served(connection: &Connection, account: AccountId) -> Outcome<Vec<i64>> {
    let mut statement = connection.prepare_cached(SERVED)?;
    let rows = statement.query_map([account.raw()], |row| row.get(0))?;
    Ok(std::iter::once(Ok(0)).chain(rows).collect::<Result<_, _>>()?)
}
