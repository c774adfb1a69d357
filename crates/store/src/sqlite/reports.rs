//! Delivery reports: kept as they came, folded into the message they are of.
//!
//! Knows nothing of: what a report means for a message; the domain says that.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params};
use salio_domain::ids::ReportId;
use salio_domain::message::MessageState;
use salio_domain::report::{DeliveryReport, ReportOutcome, fold, other_spellings, written_digits};
use salio_domain::{AccountId, MessageId, Timestamp};

use super::account::Account;
use super::fault::{Fault, Outcome};
use super::journal::limited;
use super::tx::Tx;
use super::words::{Sql, at, optional_word, word};
use super::{finding, forwards, lists, settle};
use crate::evidence::LOOKED_AT_FOR;
use crate::{MessageRow, NewReport, ReportFilter, ReportRow, Reported};

pub(super) fn take(tx: &mut Tx<'_>, new: &NewReport) -> Outcome<Reported> {
    let mut account = tx.account(new.account)?;
    let named = finding::by_its_name(tx.connection, new.account, &new.report)?;
    let found = if named.is_some() { named } else { finding::by_its_number(tx.connection, new.account, &new.report, new.received_at)? };
    let Some(id) = found else {
        keep(tx.connection, new, None, None)?;
        return Ok(Reported::default());
    };
    let mut row = lists::one(tx.connection, id)?;
    if let (None, Some(name)) = (named, &new.report.provider_message_id) {
        // Found by its number: from now on by its name.
        settle::name(tx.connection, &row, name)?;
    }
    let folded = fold_in(tx, &mut account, &mut row, &new.report, (new.received_at, new.received_at))?;
    keep(tx.connection, new, Some(id), folded.effect)?;
    let forwards = row.token.is_some() && forwards::queue(tx.connection, id, new.id, new.received_at)?;
    let snapshot = folded.account.then(|| tx.put(account));
    Ok(Reported { message: Some(row), changed: folded.effect.is_some(), snapshot, forwards })
}

/// What a report did.
struct FoldedIn {
    effect: Option<MessageState>,
    /// The account changed too.
    account: bool,
}

/// The message's row is kept true to what is written.
fn fold_in(tx: &mut Tx<'_>, account: &mut Account, row: &mut MessageRow, report: &DeliveryReport, (received_at, now): (Timestamp, Timestamp)) -> Outcome<FoldedIn> {
    let resending = settle::is_resending(tx.connection, row)?;
    let folded = fold(row.state, resending, report.outcome, report.word.as_deref());
    let done = FoldedIn { effect: folded.as_ref().map(|folded| folded.state), account: folded.as_ref().is_some_and(|folded| folded.taken) };
    // One that says nothing leaves no word that nobody said.
    let means = || (report.outcome != ReportOutcome::Unmapped).then(|| report.outcome.as_str().to_owned());
    if let Some(said) = report.word.clone().or_else(means) {
        row.report = Some((said, received_at));
    }
    let Some(folded) = folded else {
        note(tx.connection, row)?;
        return Ok(done);
    };
    if folded.taken {
        settle::taken(tx.connection, account, row, now)?;
    }
    settle::step(tx, row, folded.state, folded.cause, now)?;
    if resending {
        note(tx.connection, row)?;
    }
    Ok(done)
}

/// The latest word, where no step writes it down.
fn note(connection: &Connection, row: &MessageRow) -> Outcome<()> {
    let (word, reported_at) = row.report.as_ref().map(|(word, at)| (word, at.micros())).unzip();
    connection.prepare_cached("UPDATE messages SET report_word = ?2, reported_at = ?3 WHERE message_id = ?1")?.execute((row.id.raw(), word, reported_at))?;
    Ok(())
}

fn keep(connection: &Connection, new: &NewReport, message: Option<MessageId>, effect: Option<MessageState>) -> Outcome<()> {
    let NewReport { report, .. } = new;
    connection
        .prepare_cached(
            "INSERT INTO reports (report_id, account_id, received_at, shape, outcome, provider_message_id, number, word, error_code, body, done_at, raw, message_id, effect, digits)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        )?
        .execute(params![
            new.id.raw(),
            new.account.raw(),
            new.received_at.micros(),
            new.shape,
            report.outcome.as_str(),
            report.provider_message_id,
            report.number,
            report.word,
            report.error_code,
            report.text,
            report.done_at,
            new.raw,
            message.map(MessageId::raw),
            effect.map(MessageState::as_str),
            report.number.as_deref().and_then(written_digits)
        ])
        .map_err(|error| Fault::or_conflict(error, "the report is there already"))?;
    Ok(())
}

macro_rules! select {
    ($($rest:literal)?) => {
        concat!(
            "SELECT report_id, account_id, received_at, shape, outcome, provider_message_id, number, word, error_code, body, done_at, raw, message_id, effect FROM reports",
            $($rest)?
        )
    };
}

pub(super) const EARLY: &str = select!(" WHERE account_id = ?1 AND provider_message_id = ?2 AND message_id IS NULL ORDER BY report_id");

/// A message was named just now: reports under that name that are of no message yet are folded in, oldest first. Names are not unique, so that a report
/// may turn out to be another's, or still nobody's. Whether a program wants one of them.
pub(super) fn fold_early(tx: &mut Tx<'_>, account: &mut Account, name: &str, now: Timestamp) -> Outcome<bool> {
    let mut early = Vec::new();
    for name in std::iter::once(name.to_owned()).chain(other_spellings(name)) {
        let mut statement = tx.connection.prepare_cached(EARLY)?;
        for row in statement.query_map((account.shown.account.raw(), name), read)? {
            early.push(row?);
        }
    }
    early.sort_by_key(|report: &ReportRow| report.id);
    let mut forwards = false;
    for report in early {
        if let Some(message) = finding::by_its_name(tx.connection, account.shown.account, &report.report)? {
            forwards |= attach(tx, account, &report, message, now)?.forwards;
        }
    }
    Ok(forwards)
}

pub(super) const HELD: &str = select!(" WHERE message_id = ?1 AND effect IS NULL AND outcome <> 'unmapped' ORDER BY report_id");

/// A message that was sent again is on its way no more: what was said meanwhile of the first try is folded in, oldest first.
pub(super) fn fold_held(tx: &mut Tx<'_>, account: &mut Account, message: MessageId, now: Timestamp) -> Outcome<()> {
    let held: Vec<ReportRow> = {
        let mut statement = tx.connection.prepare_cached(HELD)?;
        let rows = statement.query_map([message.raw()], read)?;
        rows.collect::<Result<_, _>>()?
    };
    for report in held {
        let mut row = lists::one(tx.connection, message)?;
        let folded = fold_in(tx, account, &mut row, &report.report, (report.received_at, now))?;
        note_effect(tx.connection, &report, message, folded.effect)?;
    }
    Ok(())
}

fn note_effect(connection: &Connection, report: &ReportRow, message: MessageId, effect: Option<MessageState>) -> Outcome<()> {
    let mut statement = connection.prepare_cached("UPDATE reports SET message_id = ?2, effect = ?3 WHERE report_id = ?1")?;
    statement.execute((report.id.raw(), message.raw(), effect.map(MessageState::as_str)))?;
    Ok(())
}

/// A kept report turns out to be of a message.
fn attach(tx: &mut Tx<'_>, account: &mut Account, report: &ReportRow, message: MessageId, now: Timestamp) -> Outcome<Reported> {
    let mut row = lists::one(tx.connection, message)?;
    let folded = fold_in(tx, account, &mut row, &report.report, (report.received_at, now))?;
    note_effect(tx.connection, report, message, folded.effect)?;
    let forwards = forwards::queue(tx.connection, message, report.id, now)?;
    let snapshot = folded.account.then(|| account.shown.clone());
    Ok(Reported { message: Some(row), changed: folded.effect.is_some(), snapshot, forwards })
}

/// A written number is any that ends so: at least the seven digits that are compared, and no number has more than fifteen.
pub(super) const UNMATCHED: &str = "SELECT r.report_id FROM doubts d CROSS JOIN reports r INDEXED BY reports_unmatched_by_number
    ON r.account_id = d.account_id AND r.digits IN (d.number, substr(d.number, 2), substr(d.number, 3), substr(d.number, 4), substr(d.number, 5),
      substr(d.number, 6), substr(d.number, 7), substr(d.number, 8), substr(d.number, 9))
    WHERE d.account_id = ?1 AND r.message_id IS NULL AND r.received_at >= ?2 LIMIT ?3";

/// Reports that no message was known for, to numbers of messages in doubt, oldest first.
pub(super) fn unmatched(connection: &Connection, id: AccountId, now: Timestamp, limit: usize) -> Outcome<Vec<ReportId>> {
    let mut statement = connection.prepare_cached(UNMATCHED)?;
    let rows = statement.query_map((id.raw(), now.before(LOOKED_AT_FOR).micros(), UNMATCHED_AT_MOST), |row| row.get(0).map(ReportId::from_raw))?;
    let mut ids: Vec<ReportId> = rows.collect::<Result<_, _>>()?;
    ids.sort_unstable();
    ids.dedup();
    let mut found = Vec::new();
    for report in ids {
        let row = one(connection, report)?;
        // Most stay where they are, and must not keep the others from being looked at.
        if whose(connection, id, &row)?.is_some() {
            found.push(report);
        }
        if found.len() >= limit {
            break;
        }
    }
    Ok(found)
}

/// Looked at in one round: a reader's work of a second or two.
const UNMATCHED_AT_MOST: i64 = 50_000;

/// Whose it is as far as is known now: by name, else by number.
fn whose(connection: &Connection, id: AccountId, report: &ReportRow) -> Outcome<Option<MessageId>> {
    let named = finding::by_its_name(connection, id, &report.report)?;
    if named.is_some() { Ok(named) } else { finding::by_its_number(connection, id, &report.report, report.received_at) }
}

/// They are looked at again.
pub(super) fn match_again(tx: &mut Tx<'_>, id: AccountId, again: &[ReportId], now: Timestamp) -> Outcome<Vec<Reported>> {
    let mut account = tx.account(id)?;
    let mut matched = Vec::new();
    for report in again {
        let report = one(tx.connection, *report)?;
        let found = if report.message.is_some() { None } else { whose(tx.connection, id, &report)? };
        let Some(message) = found else { continue };
        if let Some(name) = &report.report.provider_message_id {
            settle::name(tx.connection, &lists::one(tx.connection, message)?, name)?;
        }
        let mut reported = attach(tx, &mut account, &report, message, now)?;
        if reported.snapshot.is_some() {
            let shown = tx.put(account);
            account = tx.account(id)?;
            reported.snapshot = Some(shown);
        }
        matched.push(reported);
    }
    Ok(matched)
}

pub(super) fn one(connection: &Connection, id: ReportId) -> Outcome<ReportRow> {
    let mut statement = connection.prepare_cached(select!(" WHERE report_id = ?1"))?;
    statement.query_row([id.raw()], read).optional()?.ok_or_else(|| Fault::not_found("report"))
}

/// One page, newest first.
pub(super) fn page(connection: &Connection, filter: &ReportFilter) -> Outcome<Vec<ReportRow>> {
    let (sql, values) = query(filter);
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(rusqlite::params_from_iter(values), read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The statement of a filter: one of a dozen texts, so that it is prepared once.
pub(super) fn query(filter: &ReportFilter) -> (String, Vec<Value>) {
    let conditions =
        [("account_id = ?", filter.account.map(AccountId::raw)), ("message_id = ?", filter.message.map(MessageId::raw)), ("report_id < ?", filter.before.map(ReportId::raw))];
    let mut sql = select!(" WHERE TRUE").to_owned();
    sql.push_str(match filter.matched {
        None => "",
        Some(true) => " AND message_id IS NOT NULL",
        Some(false) => " AND message_id IS NULL",
    });
    let mut values = Vec::with_capacity(conditions.len() + 1);
    for (condition, value) in conditions {
        if let Some(value) = value {
            sql.push_str(" AND ");
            sql.push_str(condition);
            values.push(Value::Integer(value));
        }
    }
    sql.push_str(" ORDER BY report_id DESC LIMIT ?");
    values.push(Value::Integer(limited(filter.limit)));
    (sql, values)
}

fn read(row: &Row<'_>) -> Sql<ReportRow> {
    let report = DeliveryReport {
        provider_message_id: row.get(5)?,
        number: row.get(6)?,
        word: row.get(7)?,
        outcome: word(row, 4, ReportOutcome::from_word)?,
        error_code: row.get(8)?,
        text: row.get(9)?,
        done_at: row.get(10)?,
    };
    Ok(ReportRow {
        id: ReportId::from_raw(row.get(0)?),
        account: AccountId::from_raw(row.get(1)?),
        received_at: at(row, 2)?,
        shape: row.get(3)?,
        report,
        raw: row.get(11)?,
        message: row.get::<_, Option<i64>>(12)?.map(MessageId::from_raw),
        effect: optional_word(row, 13, MessageState::from_word)?,
    })
}
