//! Choosing messages for a submission: by priority, lanes in turn, oldest first; one sender, one encoding, no number twice, as far as the credit goes.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, Row};
use salio_domain::admission::{Short, spendable};
use salio_domain::balance::Standing;
use salio_domain::ids::BatchId;
use salio_domain::message::{MessageState, Priority};
use salio_domain::outbox::next_lane;
use salio_domain::segments::Encoding;
use salio_domain::{AccountId, MessageId, Msisdn, Timestamp, Units};

use super::fault::Outcome;
use super::journal::limited;
use super::queue::{self, Place};
use super::tx::Tx;
use super::words::{self, Sql, optional_at, units};
use crate::{BeginSubmissions, BegunMessage};

/// Rows looked at for each place in a submission: behind another sender or a repeated number there may be more that fit, but not endlessly.
const LOOK_AHEAD: usize = 4;
/// Messages past their time removed with one submission; the next one goes on.
const EXPIRED_AT_MOST: usize = 1000;
/// Waiting messages of one lane moved up in one look; the next look goes on.
const MOVED_UP_AT_MOST: i64 = 1000;
/// Lanes of one priority looked at for one submission; the next one goes on behind them.
const LANES_AT_MOST: usize = 500;

pub(super) const READY: &str = "SELECT o.message_id, m.recipient, m.sender, m.encoding, m.charge, m.body, m.attempts,
    CASE WHEN m.attempts > 0 THEN (SELECT s.begun_at FROM submission_messages c CROSS JOIN submissions s USING (submission_id) WHERE c.message_id = m.message_id ORDER BY c.submission_id LIMIT 1) END,
    m.valid_until, m.batch_id, m.attempts > 0 AND EXISTS (SELECT 1 FROM doubts d WHERE d.message_id = m.message_id), m.attempts > 0 AND m.cause IS 'refused_together'
    FROM outbox o CROSS JOIN messages m USING (message_id) WHERE o.account_id = ?1 AND o.priority = ?2 AND o.lane = ?3 AND o.not_before = 0 ORDER BY o.message_id LIMIT ?4";

pub(super) const DUE: &str = "SELECT o.message_id, o.not_before, m.batch_id, m.state = 'scheduled', m.charge FROM outbox o CROSS JOIN messages m USING (message_id)
    WHERE o.account_id = ?1 AND o.priority = ?2 AND o.lane = ?3 AND o.not_before > 0 AND o.not_before <= ?4 ORDER BY o.not_before, o.message_id LIMIT ?5";

pub(super) const NEXT: &str = "SELECT not_before FROM outbox WHERE account_id = ?1 AND priority = ?2 AND lane = ?3 AND not_before > 0 ORDER BY not_before LIMIT 1";

/// A message that leaves the queue.
pub(super) struct Leaving {
    pub(super) place: Place,
    pub(super) batch: Option<BatchId>,
    pub(super) charge: Units,
    /// It waited to be sent again after a doubt.
    pub(super) resent: bool,
}

/// What was found for one submission.
#[derive(Default)]
pub(super) struct Picked {
    pub(super) sender: String,
    pub(super) encoding: Option<Encoding>,
    pub(super) chosen: Vec<(BegunMessage, Leaving)>,
    pub(super) expired: Vec<Leaving>,
    /// Messages that do not fit stand between those that were chosen, or behind them.
    pub(super) passed_over: bool,
    /// The one that was chosen goes by itself.
    alone: bool,
    looked_at: usize,
}

/// Lanes of one priority looked at for one submission.
#[derive(Default)]
struct Round {
    looked: usize,
    /// The first from which anything was taken.
    gave: Option<i64>,
    last: Option<i64>,
}

impl Round {
    const fn is_over(&self) -> bool {
        self.looked >= LANES_AT_MOST
    }
}

/// One call: several submissions are filled one after the other.
pub(super) struct Picking<'a> {
    account: AccountId,
    begin: &'a BeginSubmissions,
    /// Of each priority those in which something may stand that goes now, ascending.
    lanes: HashMap<i64, Vec<i64>>,
    /// Lanes of a priority in which nothing is left that may go now.
    empty: HashSet<(i64, i64)>,
    /// What may be begun of each priority.
    spendable: Vec<(Priority, Option<Units>)>,
    /// Priorities from this rank on wait for credit.
    pub(super) short: Option<(i64, Short)>,
    /// Something was left unlooked at.
    pub(super) more: bool,
}

impl<'a> Picking<'a> {
    pub(super) fn new(tx: &mut Tx<'_>, account: AccountId, standing: &Standing, begin: &'a BeginSubmissions) -> Outcome<Self> {
        let mut lanes = HashMap::new();
        for rank in Priority::ALL.iter().map(|priority| priority.rank()) {
            lanes.insert(rank, tx.awake(account, rank, begin.now)?);
        }
        let spendable = Priority::ALL.iter().map(|priority| (*priority, spendable(standing, *priority, &begin.rules))).collect();
        Ok(Self { account, begin, lanes, empty: HashSet::new(), spendable, short: None, more: false })
    }

    /// Fills one submission.
    pub(super) fn pick(&mut self, tx: &mut Tx<'_>) -> Outcome<Picked> {
        let mut picked = Picked::default();
        for rank in 0..limited(self.spendable.len()) {
            if self.short.is_some_and(|(blocked, _)| rank >= blocked) || !self.has_room(&picked) {
                break;
            }
            self.look_through(tx, rank, &mut picked)?;
        }
        // What is chosen can be spent only once.
        let charge: Units = picked.chosen.iter().map(|(_, leaving)| leaving.charge).sum();
        for (_, left) in &mut self.spendable {
            *left = left.map(|left| left.minus(charge));
        }
        Ok(picked)
    }

    /// The lanes of one priority, from the one whose turn it is, each once.
    fn look_through(&mut self, tx: &mut Tx<'_>, rank: i64, picked: &mut Picked) -> Outcome<()> {
        let Some(first) = next_lane(self.lanes(rank), tx.turn(self.account, rank)) else { return Ok(()) };
        let mut round = Round::default();
        self.look_from(tx, rank, (first, i64::MAX), &mut round, picked)?;
        self.look_from(tx, rank, (i64::MIN, first), &mut round, picked)?;
        // The first lane that gave something had its turn; where too many gave nothing, the next look goes on behind them.
        if let Some(lane) = round.gave.or(round.last.filter(|_| round.is_over())) {
            tx.had_turn(self.account, rank, lane);
        }
        Ok(())
    }

    /// Those from one number up to below another.
    fn look_from(&mut self, tx: &mut Tx<'_>, rank: i64, (mut from, below): (i64, i64), round: &mut Round, picked: &mut Picked) -> Outcome<()> {
        while self.short.is_none()
            && self.has_room(picked)
            && let Some(lane) = self.next(tx.connection, rank, from)?.filter(|lane| *lane < below)
        {
            if round.is_over() {
                self.more = true;
                return Ok(());
            }
            let before = picked.chosen.len();
            self.look(tx, rank, lane, picked)?;
            round.gave = round.gave.or_else(|| (picked.chosen.len() > before).then_some(lane));
            (round.last, round.looked, from) = (Some(lane), round.looked + 1, lane.saturating_add(1));
        }
        Ok(())
    }

    fn lanes(&self, rank: i64) -> &[i64] {
        self.lanes.get(&rank).map_or(&[], Vec::as_slice)
    }

    /// The next lane from a number on in which anything may stand that goes now.
    fn next(&self, connection: &Connection, rank: i64, mut from: i64) -> Outcome<Option<i64>> {
        while let Some(lane) = queue::next_served(connection, self.lanes(rank), (self.account, rank), from)? {
            if !self.empty.contains(&(rank, lane)) {
                return Ok(Some(lane));
            }
            from = lane.saturating_add(1);
        }
        Ok(None)
    }

    /// Chooses among the messages of one lane that may go now.
    fn look(&mut self, tx: &mut Tx<'_>, rank: i64, lane: i64, picked: &mut Picked) -> Outcome<()> {
        self.move_up(tx, rank, lane)?;
        let most = self.begin.max.saturating_mul(LOOK_AHEAD).saturating_add(EXPIRED_AT_MOST);
        let mut statement = tx.connection.prepare_cached(READY)?;
        let mut rows = statement.query((self.account.raw(), rank, lane, limited(most)))?;
        let mut passed_over = false;
        while self.has_room(picked) {
            let Some(row) = rows.next()? else {
                return if passed_over { Ok(()) } else { self.is_empty(tx, rank, lane) };
            };
            let leaving = leaving(row, self.account, rank, lane)?;
            if optional_at(row, 8)?.is_some_and(|until| until <= self.begin.now) {
                picked.expired.push(leaving);
                continue;
            }
            picked.looked_at += 1;
            if !picked.fits(row)? {
                (passed_over, picked.passed_over) = (true, true);
            } else if let Some(short) = self.shortfall(rank, leaving.charge, picked) {
                self.short = Some((rank, short));
                return Ok(());
            } else {
                picked.choose(row, leaving, self.begin.now)?;
            }
        }
        Ok(())
    }

    /// Nothing is left in a lane that may go now.
    fn is_empty(&mut self, tx: &mut Tx<'_>, rank: i64, lane: i64) -> Outcome<()> {
        let next = tx.connection.prepare_cached(NEXT)?.query_row((self.account.raw(), rank, lane), |row| row.get(0)).optional()?;
        tx.sleeps(self.account, rank, lane, next.unwrap_or(i64::MAX));
        self.empty.insert((rank, lane));
        Ok(())
    }

    fn has_room(&mut self, picked: &Picked) -> bool {
        self.more |= picked.expired.len() >= EXPIRED_AT_MOST;
        picked.chosen.len() < if picked.alone { 1 } else { self.begin.max }
            && picked.looked_at < self.begin.max.saturating_mul(LOOK_AHEAD)
            && picked.expired.len() < EXPIRED_AT_MOST
    }

    /// What is missing for one more message.
    fn shortfall(&self, rank: i64, charge: Units, picked: &Picked) -> Option<Short> {
        let (_, spendable) = self.spendable.iter().find(|(priority, _)| priority.rank() == rank)?;
        let chosen: Units = picked.chosen.iter().map(|(_, leaving)| leaving.charge).sum();
        let available = (*spendable)?.minus(chosen);
        (charge > Units::ZERO && charge > available).then(|| Short { charge, available, shortfall: charge.minus(available) })
    }

    /// Messages whose time has come join those that may go now; scheduled ones are queued from here on.
    fn move_up(&mut self, tx: &mut Tx<'_>, rank: i64, lane: i64) -> Outcome<()> {
        let mut due = tx.connection.prepare_cached(DUE)?;
        let values = (self.account.raw(), rank, lane, self.begin.now.micros(), MOVED_UP_AT_MOST);
        let rows = due.query_map(values, |row| Ok((row.get(0)?, row.get(1)?, batch(row, 2)?, row.get(3)?, units(row, 4)?)))?;
        let rows: Vec<(i64, i64, Option<BatchId>, bool, Units)> = rows.collect::<Result<_, _>>()?;
        self.more |= limited(rows.len()) == MOVED_UP_AT_MOST;
        for (message, not_before, batch, scheduled, charge) in rows {
            tx.connection
                .prepare_cached("UPDATE outbox SET not_before = 0 WHERE account_id = ?1 AND priority = ?2 AND lane = ?3 AND not_before = ?4 AND message_id = ?5")?
                .execute((self.account.raw(), rank, lane, not_before, message))?;
            if scheduled {
                queue::step(tx.connection, MessageId::from_raw(message), MessageState::Queued, "due", self.begin.now)?;
                tx.moved(batch, Some(MessageState::Scheduled), MessageState::Queued, charge, self.begin.now)?;
            }
        }
        Ok(())
    }
}

impl Picked {
    /// The first one fixes sender and encoding; no number goes twice; what was refused together with others goes first or not at all.
    fn fits(&self, row: &Row<'_>) -> Sql<bool> {
        let Some(encoding) = self.encoding else { return Ok(true) };
        let to = row.get_ref(1)?.as_str()?;
        Ok(!row.get::<_, bool>(11)?
            && encoding == words::word(row, 3, words::encoding)?
            && self.sender == row.get_ref(2)?.as_str()?
            && !self.chosen.iter().any(|(chosen, _)| chosen.to.as_str() == to))
    }

    fn choose(&mut self, row: &Row<'_>, leaving: Leaving, now: Timestamp) -> Sql<()> {
        self.alone = row.get(11)?;
        if self.encoding.is_none() {
            (self.sender, self.encoding) = (row.get(2)?, Some(words::word(row, 3, words::encoding)?));
        }
        let attempts: u32 = row.get(6)?;
        let message = BegunMessage {
            id: leaving.place.message,
            to: Msisdn::from_stored(row.get(1)?),
            text: row.get(5)?,
            attempts: attempts.saturating_add(1),
            first_try_at: optional_at(row, 7)?.unwrap_or(now),
            batch: leaving.batch,
            resent: leaving.resent,
        };
        self.chosen.push((message, leaving));
        Ok(())
    }
}

fn leaving(row: &Row<'_>, account: AccountId, rank: i64, lane: i64) -> Sql<Leaving> {
    let place = Place { account, rank, lane, message: MessageId::from_raw(row.get(0)?) };
    Ok(Leaving { place, batch: batch(row, 9)?, charge: units(row, 4)?, resent: row.get(10)? })
}

fn batch(row: &Row<'_>, column: usize) -> Sql<Option<BatchId>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(BatchId::from_raw))
}
