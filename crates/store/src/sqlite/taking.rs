//! A figure folded in: the domain decides, this loads what it needs and writes down what it said.

use rusqlite::{Connection, Row, params};
use salio_domain::balance::{BalanceForm, Observed, OpenCharge, Opening, Remembered, SettleRules, Take, TakeInput, Taken, TopUp, Verdict, take};
use salio_domain::ledger::EntryKind;
use salio_domain::outbox::Pause;
use salio_domain::{AccountId, SubmissionId, Timestamp, Units};

use super::account::Account;
use super::fault::Outcome;
use super::journal::{self, Entry};
use super::questions::{self, Asked, Closing};
use super::words::{self, Sql, at, optional_at, units};
use super::{books, stopping};
use crate::ActivityKind;

/// What the provider said.
pub(super) struct Said<'a> {
    pub(super) units: Units,
    pub(super) form: BalanceForm,
    pub(super) raw: &'a str,
}

/// What was shown before.
struct Before {
    settling: bool,
    failing: bool,
    opening: Option<Opening>,
}

pub(super) const OPEN: &str = "SELECT submission_id, begun_seq, ended_seq, ended_at, sure_left, doubtful_left FROM submissions
    WHERE account_id = ?1 AND (ended_seq IS NULL OR sure_left > 0 OR doubtful_left > 0) ORDER BY begun_seq";

pub(super) const REMEMBERED: &str = "SELECT submission_id, remembered, remembered_until FROM submissions WHERE account_id = ?1 AND remembered > 0 ORDER BY remembered_until";

pub(super) fn fold(connection: &Connection, account: &mut Account, asked: &Asked, said: &Said<'_>, rules: SettleRules, now: Timestamp) -> Outcome<Verdict> {
    let id = account.shown.account;
    let observed = observed(account, asked, said.units, now);
    let standing = &account.shown.standing;
    let before = Before { settling: standing.is_settling(), failing: standing.failure.is_some(), opening: standing.opening };
    let (charges, remembered) = (open_charges(connection, id)?, remembered(connection, id)?);
    // The first figure of a form that a person has just confirmed is compared with nothing.
    let anew = account.shown.quarantined == Some(said.form);
    let input = TakeInput {
        base: standing.base.filter(|_| !anew),
        charges: &charges,
        remembered: &remembered,
        opening: standing.opening.filter(|_| !anew),
        last_ended_at: standing.last_ended_at,
        observed,
        rules,
    };
    let taken = take(&input);
    account.shown.standing.take(&taken);
    account.shown.form = Some(said.form);
    if taken.base.is_some() {
        account.shown.quarantined = None;
    }
    let outcome = if taken.base.is_some() { "figure" } else { "older" };
    questions::close(connection, id, asked.question.number, &Closing { outcome, units: Some(said.units), form: Some(said.form), error_code: None, raw: Some(said.raw) }, now)?;
    observe(connection, account, &observed, &taken)?;
    charge(connection, account, &taken, now)?;
    tell(connection, id, &before, &taken, asked.question.number, now)?;
    questions::person_was_answered(connection, account, asked, now)?;
    out_of_credit_no_more(connection, account, &taken, now)?;
    Ok(taken.verdict)
}

/// A top-up lets everything go at once; any other figure that leaves something to spend lets it be tried again.
fn out_of_credit_no_more(connection: &Connection, account: &mut Account, taken: &Take, now: Timestamp) -> Outcome<()> {
    match (taken.verdict, account.shown.paused) {
        (Verdict::ToppedUp(_), Some((Pause::OutOfCredit, _))) => stopping::unpause(connection, account, now),
        (_, Some((Pause::OutOfCredit, at))) if taken.base.is_some() && account.shown.standing.may_spend_again(at) => stopping::lift(connection, account, now),
        _ => Ok(()),
    }
}

const fn observed(account: &mut Account, asked: &Asked, units: Units, now: Timestamp) -> Observed {
    let question = asked.question;
    let taken = Taken { units, question: question.number, asked_seq: question.asked_seq, asked_at: question.asked_at, answered_at: now };
    Observed { taken, answered_seq: account.next_seq() }
}

pub(super) fn open_charge(row: &Row<'_>) -> Sql<OpenCharge> {
    let ended = row.get::<_, Option<i64>>(2)?.zip(optional_at(row, 3)?);
    Ok(OpenCharge { submission: SubmissionId::from_raw(row.get(0)?), begun_seq: row.get(1)?, ended, sure: units(row, 4)?, doubtful: units(row, 5)? })
}

pub(super) fn open_charges(connection: &Connection, account: AccountId) -> Outcome<Vec<OpenCharge>> {
    let mut statement = connection.prepare_cached(OPEN)?;
    let rows = statement.query_map([account.raw()], open_charge)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn remembered(connection: &Connection, account: AccountId) -> Outcome<Vec<Remembered>> {
    let mut statement = connection.prepare_cached(REMEMBERED)?;
    let rows = statement.query_map([account.raw()], |row| Ok(Remembered { submission: SubmissionId::from_raw(row.get(0)?), amount: units(row, 1)?, until: at(row, 2)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn observe(connection: &Connection, account: &Account, observed: &Observed, taken: &Take) -> Outcome<()> {
    let (late, drift) = fall(&taken.verdict);
    let (low, high) = taken.expected.unzip();
    let Observed { taken: said, answered_seq } = observed;
    connection
        .prepare_cached(
            "INSERT INTO observations (account_id, question, units, asked_seq, asked_at, answered_seq, answered_at, verdict, late, drift, expected_low, expected_high, shown)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?
        .execute(params![
            account.shown.account.raw(),
            said.question,
            said.units.micros(),
            said.asked_seq,
            said.asked_at.micros(),
            answered_seq,
            said.answered_at.micros(),
            words::verdict_word(&taken.verdict),
            late.micros(),
            drift.micros(),
            low.map(Units::micros),
            high.map(Units::micros),
            account.shown.standing.estimate().map(Units::micros)
        ])?;
    Ok(())
}

const fn fall(verdict: &Verdict) -> (Units, Units) {
    match verdict {
        Verdict::Fell { late, drift } => (*late, *drift),
        _ => (Units::ZERO, Units::ZERO),
    }
}

/// What of charges is still open.
pub(super) fn keep(connection: &Connection, charges: &[OpenCharge]) -> Outcome<()> {
    for open in charges {
        connection.prepare_cached("UPDATE submissions SET sure_left = ?2, doubtful_left = ?3 WHERE submission_id = ?1")?.execute((
            open.submission.raw(),
            open.sure.micros(),
            open.doubtful.micros(),
        ))?;
    }
    Ok(())
}

/// What became of charges: confirmed, remembered, used up, expired.
fn charge(connection: &Connection, account: &mut Account, taken: &Take, now: Timestamp) -> Outcome<()> {
    keep(connection, &taken.open)?;
    for old in &taken.remembered {
        connection.prepare_cached("UPDATE submissions SET remembered = ?2 WHERE submission_id = ?1")?.execute((old.submission.raw(), old.amount.micros()))?;
    }
    for old in &taken.expired {
        suspend(connection, account, old, now)?;
    }
    for new in &taken.forgotten {
        connection.prepare_cached("UPDATE submissions SET remembered = ?2, remembered_until = ?3 WHERE submission_id = ?1")?.execute((
            new.submission.raw(),
            new.amount.micros(),
            new.until.micros(),
        ))?;
    }
    Ok(())
}

const SUSPENDED: &str =
    "UPDATE submissions SET suspense = suspense + remembered, remembered = 0, books_pending = books_pending - ?2, books_suspense = books_suspense + ?2 WHERE submission_id = ?1";

/// Nobody waits any more for a charge to explain itself: what of it is in doubt goes from pending to suspense in the books.
fn suspend(connection: &Connection, account: &mut Account, old: &Remembered, now: Timestamp) -> Outcome<()> {
    let mut pending = connection.prepare_cached("SELECT books_pending FROM submissions WHERE submission_id = ?1")?;
    let doubtful = pending.query_row([old.submission.raw()], |row| units(row, 0))?.min(old.amount);
    connection.prepare_cached(SUSPENDED)?.execute((old.submission.raw(), doubtful.micros()))?;
    books::write(connection, account, EntryKind::ChargeSuspended, doubtful, Some(old.submission), None, now)
}

fn tell(connection: &Connection, id: AccountId, before: &Before, taken: &Take, question: i64, now: Timestamp) -> Outcome<()> {
    let entry = |kind| Entry::new(now, kind);
    let (late, drift) = fall(&taken.verdict);
    let minus = |kind, amount: Units| (!amount.is_zero()).then(|| entry(kind).amount(Units::ZERO.minus(amount)));
    let entries = [
        before.failing.then(|| entry(ActivityKind::Recovered)),
        (taken.verdict == Verdict::Agreed && before.settling).then(|| entry(ActivityKind::Agreed).amount(Units::ZERO)),
        minus(ActivityKind::LateCharge, late),
        minus(ActivityKind::Drift, drift),
    ];
    entries.into_iter().flatten().try_for_each(|entry| journal::write(connection, id, entry))?;
    if taken.base.is_some() {
        top_ups(connection, id, before.opening, taken, question, now)?;
    }
    Ok(())
}

/// An earlier top-up is fixed or narrowed; a new one is written down with what is known of it.
fn top_ups(connection: &Connection, id: AccountId, before: Option<Opening>, taken: &Take, question: i64, now: Timestamp) -> Outcome<()> {
    let Verdict::ToppedUp(seen) = taken.verdict else {
        return match (taken.settled, taken.opening.filter(|open| !open.first_figure)) {
            (Some(fixed), _) => bound(connection, id, fixed, Some(now)),
            (None, Some(open)) => bound(connection, id, TopUp { low: open.low, high: open.high }, None),
            (None, None) => Ok(()),
        };
    };
    if let Some(earlier) = before.filter(|open| !open.first_figure) {
        bound(connection, id, TopUp { low: earlier.low, high: earlier.low }, Some(now))?;
    }
    let known = taken.opening.map_or_else(|| whole(seen, taken), |open| TopUp { low: open.low, high: open.high });
    connection.prepare_cached("INSERT INTO top_ups (account_id, question, seen_at, low, high, settled_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute((
        id.raw(),
        question,
        now.micros(),
        known.low.micros(),
        known.high.micros(),
        taken.opening.is_none().then_some(now.micros()),
    ))?;
    journal::write(connection, id, Entry::new(now, ActivityKind::TopUp).top_up(connection.last_insert_rowid()))
}

/// A top-up that was settled by the answer that showed it: charges that were let go at once were in the figure already, as far as they are not remembered.
fn whole(seen: TopUp, taken: &Take) -> TopUp {
    let forgotten: Units = taken.forgotten.iter().map(|old| old.amount).sum();
    let amount = seen.low.plus(taken.released.minus(forgotten));
    TopUp { low: amount, high: amount }
}

/// The open one, at most one an account.
fn bound(connection: &Connection, id: AccountId, known: TopUp, settled_at: Option<Timestamp>) -> Outcome<()> {
    connection.prepare_cached("UPDATE top_ups SET low = ?2, high = ?3, settled_at = ?4 WHERE account_id = ?1 AND settled_at IS NULL")?.execute((
        id.raw(),
        known.low.micros(),
        known.high.micros(),
        words::micros(settled_at),
    ))?;
    Ok(())
}
