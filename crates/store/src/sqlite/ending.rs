//! The end of a submission: states, charges, queue and names in one transaction.

use rusqlite::{CachedStatement, Connection, OptionalExtension, params};
use salio_domain::balance::{EndSums, OpenCharge, reassign};
use salio_domain::ids::BatchId;
use salio_domain::ledger::EntryKind;
use salio_domain::message::MessageState;
use salio_domain::outbox::{ChargeFate, Decision, Pause, after_doubt};
use salio_domain::{AccountId, MessageId, SubmissionId, Timestamp, Units};

use super::account::Account;
use super::fault::{Fault, Outcome};
use super::journal::{self, Entry};
use super::queue::{self, Place};
use super::tx::Tx;
use super::words::{micros, units};
use super::{books, doubts, reports, stopping, taking};
use crate::{ActivityKind, EndSubmission, EndedSubmission, MessageResult};

/// A submission that has not ended.
struct Running {
    account: AccountId,
    open: OpenCharge,
    charge: Units,
    sender: String,
}

/// One of its messages.
struct Carried {
    message: MessageId,
    charge: Units,
    rank: i64,
    batch: Option<BatchId>,
    /// It was sent again, and the first doubt stands.
    resent: bool,
}

/// What its messages came to.
#[derive(Default)]
struct Tally {
    taken: (i64, Units),
    doubtful: (i64, Units),
    voided: Units,
    refused: i64,
    /// In doubt now, those too that were before.
    unknown: i64,
    messages: i64,
    requeued: Units,
    pause: Option<Pause>,
}

pub(super) fn end(tx: &mut Tx<'_>, id: SubmissionId, end: &EndSubmission) -> Outcome<EndedSubmission> {
    let mut running = running(tx.connection, id)?;
    let carried = carried(tx.connection, id)?;
    if carried.len() != end.results.len() {
        return Err(Fault::conflict("a submission ends with one result for each of its messages"));
    }
    let mut account = tx.account(running.account)?;
    let mut tally = Tally::default();
    let mut pens = Pens::new(tx.connection)?;
    for (position, (message, result)) in (0_i64..).zip(carried.iter().zip(&end.results)) {
        apply(tx, &mut pens, &running, (id, position), message, (result, end.now))?;
        tally.count(message, result);
    }
    drop(pens);
    let seq = account.next_seq();
    let excess = running.open.wrongly_confirmed(tally.voided);
    let own = running.open.end(seq, end.now, tally.voided, tally.doubtful.1);
    let in_doubt = book(tx.connection, &mut account, &running, &tally, end.now)?;
    close(tx.connection, &running.open, tally.voided, in_doubt, end.raw.as_deref())?;
    let released = own.plus(pass_on(tx.connection, running.account, excess)?);
    account.shown.standing.end(seq, end.now, EndSums { released, requeued: tally.requeued, unknown: tally.unknown });
    tell(tx.connection, &running, &tally, end.now)?;
    stopping::pause(tx.connection, &mut account, tally.pause, end.now)?;
    let forwards = fold_early(tx, &mut account, end)?;
    fold_held(tx, &mut account, &carried, end.now)?;
    Ok(EndedSubmission { account: tx.put(account), forwards })
}

/// Reports of the first try came while the second ran.
fn fold_held(tx: &mut Tx<'_>, account: &mut Account, carried: &[Carried], now: Timestamp) -> Outcome<()> {
    carried.iter().filter(|carried| carried.resent).try_for_each(|carried| reports::fold_held(tx, account, carried.message, now))
}

/// What the provider took is posted, what did not happen is voided; the rest stays pending, and is returned.
fn book(connection: &Connection, account: &mut Account, running: &Running, tally: &Tally, now: Timestamp) -> Outcome<Units> {
    let id = Some(running.open.submission);
    books::write(connection, account, EntryKind::ChargePosted, tally.taken.1, id, None, now)?;
    books::write(connection, account, EntryKind::ChargeVoided, tally.voided, id, None, now)?;
    Ok(running.charge.minus(tally.taken.1).minus(tally.voided))
}

pub(super) const UNMATCHED: &str =
    "SELECT 1 FROM reports INDEXED BY reports_unmatched_by_name WHERE message_id IS NULL AND provider_message_id IS NOT NULL AND account_id = ?1 LIMIT 1";

/// Reports may be faster than the answer that names their message; whether a program wants one of them.
fn fold_early(tx: &mut Tx<'_>, account: &mut Account, end: &EndSubmission) -> Outcome<bool> {
    if !tx.connection.prepare_cached(UNMATCHED)?.exists([account.shown.account.raw()])? {
        return Ok(false);
    }
    let mut forwards = false;
    let names = end.results.iter().filter_map(|result| result.provider_message_id.as_ref());
    for name in names {
        forwards |= reports::fold_early(tx, account, name, end.now)?;
    }
    Ok(forwards)
}

fn running(connection: &Connection, id: SubmissionId) -> Outcome<Running> {
    let mut statement = connection.prepare_cached("SELECT account_id, begun_seq, ended_seq, sure_left, doubtful_left, sender, charge FROM submissions WHERE submission_id = ?1")?;
    let row = statement.query_row([id.raw()], |row| {
        let open = OpenCharge { submission: id, begun_seq: row.get(1)?, ended: None, sure: units(row, 3)?, doubtful: units(row, 4)? };
        Ok((row.get::<_, Option<i64>>(2)?, Running { account: AccountId::from_raw(row.get(0)?), open, sender: row.get(5)?, charge: units(row, 6)? }))
    });
    match row.optional()? {
        None => Err(Fault::not_found("submission")),
        Some((Some(_), _)) => Err(Fault::conflict("the submission has ended already")),
        Some((None, running)) => Ok(running),
    }
}

pub(super) const CARRIED: &str = "SELECT s.message_id, s.charge, m.priority, m.batch_id,
      m.resends > 0 AND EXISTS (SELECT 1 FROM doubts d WHERE d.message_id = m.message_id AND d.resending = 1) FROM submission_messages s CROSS JOIN messages m USING (message_id)
    WHERE s.submission_id = ?1 ORDER BY s.position";

fn carried(connection: &Connection, id: SubmissionId) -> Outcome<Vec<Carried>> {
    let mut statement = connection.prepare_cached(CARRIED)?;
    let rows = statement.query_map([id.raw()], |row| {
        let batch = row.get::<_, Option<i64>>(3)?.map(BatchId::from_raw);
        Ok(Carried { message: MessageId::from_raw(row.get(0)?), charge: units(row, 1)?, rank: row.get(2)?, batch, resent: row.get(4)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// When a message that waits again may go.
fn again_at(result: &MessageResult, now: Timestamp) -> Option<Timestamp> {
    (result.decision.state == MessageState::Queued).then(|| result.decision.retry_at.unwrap_or(now))
}

const OUTCOME: &str = "UPDATE submission_messages SET state = ?3, cause = ?4 WHERE submission_id = ?1 AND position = ?2";

const LEFT: &str = "UPDATE messages SET state = ?2, waits = 0, cause = ?3, updated_at = ?4 WHERE message_id = ?1";

const AGAIN: &str = "UPDATE messages SET state = ?2, cause = ?3, updated_at = ?4, next_try_at = ?5 WHERE message_id = ?1";

const NAME: &str = "INSERT OR IGNORE INTO provider_messages (account_id, provider_message_id, message_id, submission_id) VALUES (?1, ?2, ?3, ?4)";

/// Statements that run for nearly every message, prepared once for all of a submission.
struct Pens<'c> {
    outcome: CachedStatement<'c>,
    left: CachedStatement<'c>,
    name: CachedStatement<'c>,
}

impl<'c> Pens<'c> {
    fn new(connection: &'c Connection) -> Outcome<Self> {
        Ok(Self { outcome: connection.prepare_cached(OUTCOME)?, left: connection.prepare_cached(LEFT)?, name: connection.prepare_cached(NAME)? })
    }
}

fn apply(tx: &mut Tx<'_>, pens: &mut Pens<'_>, running: &Running, place: (SubmissionId, i64), carried: &Carried, (result, now): (&MessageResult, Timestamp)) -> Outcome<()> {
    let (decision, message, (submission, position)) = (&result.decision, carried.message, place);
    let (state, cause) = (decision.state.as_str(), &decision.cause);
    pens.outcome.execute((submission.raw(), position, state, cause))?;
    if let Some(due) = again_at(result, now) {
        tx.connection.prepare_cached(AGAIN)?.execute((message.raw(), state, cause, now.micros(), due.micros()))?;
        let place = Place { account: running.account, rank: carried.rank, lane: queue::lane(carried.batch), message };
        queue::wait(tx.connection, &place, due.micros())?;
    } else {
        pens.left.execute((message.raw(), state, cause, now.micros()))?;
    }
    let after = if carried.resent { doubted(tx.connection, message, decision, now)? } else { decision.state };
    tx.moved(carried.batch, Some(MessageState::Submitting), after, carried.charge, now)?;
    if decision.state == MessageState::Unknown {
        doubts::doubt(tx.connection, message, now)?;
    }
    if let Some(name) = &result.provider_message_id {
        pens.name.execute((running.account.raw(), name, message.raw(), submission.raw()))?;
    }
    Ok(())
}

/// What the end of another try makes of the first doubt; where the message is then.
fn doubted(connection: &Connection, message: MessageId, decision: &Decision, now: Timestamp) -> Outcome<MessageState> {
    let after = after_doubt(decision.state);
    match after {
        MessageState::Sent => doubts::forget(connection, message)?,
        // It was not sent again after all: that is still to come.
        MessageState::Queued => _ = connection.prepare_cached("UPDATE messages SET resends = resends - 1 WHERE message_id = ?1")?.execute([message.raw()])?,
        _ if decision.state != after => {
            doubts::stays(connection, message)?;
            queue::step(connection, message, after, &decision.cause, now)?;
        }
        _ => {}
    }
    Ok(after)
}

impl Tally {
    fn count(&mut self, carried: &Carried, result: &MessageResult) {
        let (decision, charge) = (&result.decision, carried.charge);
        self.messages += 1;
        let after = if carried.resent { after_doubt(decision.state) } else { decision.state };
        self.unknown += i64::from(after == MessageState::Unknown);
        match decision.charge {
            ChargeFate::Stands => add(&mut self.taken, charge),
            ChargeFate::InDoubt => add(&mut self.doubtful, charge),
            ChargeFate::Voided => self.voided = self.voided.plus(charge),
        }
        match decision.state {
            MessageState::Queued => self.requeued = self.requeued.plus(charge),
            MessageState::Rejected => self.refused += 1,
            _ => {}
        }
        self.pause = self.pause.or(decision.pause);
    }
}

const fn add(sum: &mut (i64, Units), charge: Units) {
    *sum = (sum.0 + 1, sum.1.plus(charge));
}

fn close(connection: &Connection, open: &OpenCharge, voided: Units, books_pending: Units, raw: Option<&str>) -> Outcome<()> {
    let (seq, at) = open.ended.unzip();
    connection
        .prepare_cached(
            "UPDATE submissions SET ended_seq = ?2, ended_at = ?3, sure_left = ?4, doubtful_left = ?5, voided = ?6, raw = ?7, books_pending = ?8 WHERE submission_id = ?1",
        )?
        .execute(params![open.submission.raw(), seq, micros(at), open.sure.micros(), open.doubtful.micros(), voided.micros(), raw, books_pending.micros()])?;
    Ok(())
}

/// What a figure had seemed to confirm of a charge that never was goes to the charges it must have meant.
pub(super) fn pass_on(connection: &Connection, account: AccountId, excess: Units) -> Outcome<Units> {
    if excess.is_zero() {
        return Ok(excess);
    }
    let newest = "SELECT answered_seq FROM observations WHERE account_id = ?1 AND verdict <> 'older' ORDER BY question DESC LIMIT 1";
    let Some(answered_seq) = connection.prepare_cached(newest)?.query_row([account.raw()], |row| row.get(0)).optional()? else { return Ok(Units::ZERO) };
    let (changed, released) = reassign(&taking::open_charges(connection, account)?, answered_seq, excess);
    taking::keep(connection, &changed)?;
    Ok(released)
}

fn tell(connection: &Connection, running: &Running, tally: &Tally, now: Timestamp) -> Outcome<()> {
    let entry = |kind| Entry::new(now, kind).word(&running.sender);
    let spent = |kind, (messages, charge): (i64, Units)| entry(kind).messages(messages).amount(Units::ZERO.minus(charge));
    let entries = [
        (tally.taken.0 > 0).then(|| spent(ActivityKind::Sent, tally.taken)),
        (tally.doubtful.0 > 0).then(|| spent(ActivityKind::Unknown, tally.doubtful)),
        (tally.refused > 0 && tally.refused == tally.messages).then(|| entry(ActivityKind::Refused).messages(tally.refused)),
    ];
    entries.into_iter().flatten().try_for_each(|entry| journal::write(connection, running.account, entry))
}

/// A submission that began before the process ended: nobody knows what became of it. Its whole charge stays pending in the books.
pub(super) fn end_in_doubt(tx: &mut Tx<'_>, id: SubmissionId, now: Timestamp) -> Outcome<()> {
    const CAUSE: &str = "process_ended";
    let mut running = running(tx.connection, id)?;
    let carried = carried(tx.connection, id)?;
    let mut account = tx.account(running.account)?;
    let seq = account.next_seq();
    let charge = running.open.left();
    let released = running.open.end(seq, now, Units::ZERO, charge);
    close(tx.connection, &running.open, Units::ZERO, running.charge, None)?;
    for (position, message) in (0_i64..).zip(&carried) {
        let unknown = MessageState::Unknown;
        tx.connection.prepare_cached(OUTCOME)?.execute((id.raw(), position, unknown.as_str(), CAUSE))?;
        tx.connection.prepare_cached(LEFT)?.execute((message.message.raw(), unknown.as_str(), CAUSE, now.micros()))?;
        tx.moved(message.batch, Some(MessageState::Submitting), unknown, message.charge, now)?;
        doubts::doubt(tx.connection, message.message, now)?;
    }
    let messages = journal::limited(carried.len());
    account.shown.standing.end(seq, now, EndSums { released, requeued: Units::ZERO, unknown: messages });
    tell(tx.connection, &running, &Tally { doubtful: (messages, charge), ..Tally::default() }, now)?;
    fold_held(tx, &mut account, &carried, now)?;
    tx.put(account);
    Ok(())
}
