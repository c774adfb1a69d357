//! Questions: numbered and written down before they are asked, and what came of each.

use rusqlite::{Connection, OptionalExtension, Row, params};
use salio_domain::balance::{BalanceForm, Call, Failed, Reason, SettleRules};
use salio_domain::{AccountId, Timestamp, Units};

use super::account::Account;
use super::fault::{Fault, Outcome};
use super::journal::{self, Entry, limited};
use super::tx::Tx;
use super::words::{self, Sql, at, optional_at, optional_units, word};
use super::{stopping, taking};
use crate::{AccountSnapshot, ActivityKind, Answer, Ask, Ended, Question, QuestionRow};

/// A question that runs.
pub(super) struct Asked {
    pub(super) question: Question,
    pub(super) by_person: bool,
}

/// How one ended, for its row.
pub(super) struct Closing<'a> {
    pub(super) outcome: &'static str,
    pub(super) units: Option<Units>,
    pub(super) form: Option<BalanceForm>,
    pub(super) error_code: Option<&'a str>,
    pub(super) raw: Option<&'a str>,
}

pub(super) fn begin(tx: &mut Tx<'_>, id: AccountId, ask: &Ask) -> Outcome<(Question, AccountSnapshot)> {
    let mut account = tx.account(id)?;
    account.last_question += 1;
    let question = Question { number: account.last_question, asked_seq: account.next_seq(), asked_at: ask.now };
    tx.connection.prepare_cached("INSERT INTO questions (account_id, number, reason, class, pool, asked_seq, asked_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?.execute(params![
        id.raw(),
        question.number,
        ask.reason.as_str(),
        words::class_word(ask.reason.class()),
        words::pool_word(ask.pool),
        question.asked_seq,
        ask.now.micros()
    ])?;
    account.shown.standing.ask(ask.now);
    Ok((question, tx.put(account)))
}

pub(super) fn end(tx: &mut Tx<'_>, id: AccountId, number: i64, answer: &Answer, rules: SettleRules, now: Timestamp) -> Outcome<Ended> {
    let mut account = tx.account(id)?;
    let asked = running(tx.connection, id, number)?;
    let verdict = match answer {
        Answer::Failure { failed, raw } => {
            let closing = Closing { outcome: "failed", units: None, form: None, error_code: Some(&failed.code), raw: raw.as_deref() };
            close(tx.connection, id, number, &closing, now)?;
            fail(tx.connection, &mut account, failed, now)?;
            None
        }
        Answer::Figure { units, form, raw } if account.shown.form.is_some_and(|known| known != *form) => {
            let closing = Closing { outcome: "quarantined", units: Some(*units), form: Some(*form), error_code: Some(FORM_CHANGED), raw: Some(raw) };
            close(tx.connection, id, number, &closing, now)?;
            quarantine(tx.connection, &mut account, *form, now)?;
            None
        }
        Answer::Figure { units, form, raw } => Some(taking::fold(tx.connection, &mut account, &asked, &taking::Said { units: *units, form: *form, raw }, rules, now)?),
    };
    Ok(Ended { verdict, snapshot: tx.put(account) })
}

fn running(connection: &Connection, account: AccountId, number: i64) -> Outcome<Asked> {
    let mut statement = connection.prepare_cached("SELECT asked_seq, asked_at, reason, outcome IS NOT NULL FROM questions WHERE account_id = ?1 AND number = ?2")?;
    let row = statement.query_row((account.raw(), number), |row| {
        let question = Question { number, asked_seq: row.get(0)?, asked_at: at(row, 1)? };
        Ok((Asked { question, by_person: row.get_ref(2)?.as_str()? == Reason::Person.as_str() }, row.get::<_, bool>(3)?))
    });
    match row.optional()? {
        None => Err(Fault::not_found("question")),
        Some((_, true)) => Err(Fault::conflict("the question has ended already")),
        Some((asked, false)) => Ok(asked),
    }
}

pub(super) fn close(connection: &Connection, account: AccountId, number: i64, closing: &Closing<'_>, now: Timestamp) -> Outcome<()> {
    connection
        .prepare_cached("UPDATE questions SET answered_at = ?3, outcome = ?4, units = ?5, form = ?6, error_code = ?7, raw = ?8 WHERE account_id = ?1 AND number = ?2")?
        .execute(params![
            account.raw(),
            number,
            now.micros(),
            closing.outcome,
            closing.units.map(Units::micros),
            closing.form.map(BalanceForm::as_str),
            closing.error_code,
            closing.raw
        ])?;
    Ok(())
}

fn fail(connection: &Connection, account: &mut Account, failed: &Failed, now: Timestamp) -> Outcome<()> {
    if account.shown.standing.failure.is_none() {
        journal::write(connection, account.shown.account, Entry::new(now, ActivityKind::Failure).word(&failed.code))?;
    }
    account.shown.standing.fail(failed.clone(), now);
    Ok(())
}

const FORM_CHANGED: &str = "balance_form_changed";

/// Another form is never compared: it waits for a person, and the last figure stays.
fn quarantine(connection: &Connection, account: &mut Account, form: BalanceForm, now: Timestamp) -> Outcome<()> {
    let detail = match form {
        BalanceForm::Currency => "the provider now writes its figure with a currency mark; confirm that it still means the same account",
        BalanceForm::Bare => "the provider now writes its figure without a currency mark; confirm that it still means the same account",
    };
    if account.shown.quarantined.replace(form) != Some(form) {
        journal::write(connection, account.shown.account, Entry::new(now, ActivityKind::FormChanged).word(form.as_str()))?;
    }
    account.shown.standing.fail(Failed { code: FORM_CHANGED.to_owned(), detail: detail.to_owned(), credentials: false, jitter: 0 }, now);
    Ok(())
}

/// The quarantined form is the account's form from here on. Both words the same: confirmed, and its first figure has not come; until then the last one stays.
pub(super) fn accept_form(tx: &mut Tx<'_>, id: AccountId, now: Timestamp) -> Outcome<AccountSnapshot> {
    let mut account = tx.account(id)?;
    let waiting = account.shown.quarantined.filter(|form| account.shown.form != Some(*form));
    let Some(form) = waiting else { return Err(Fault::conflict("no changed form waits for a decision")) };
    tx.connection.prepare_cached("UPDATE top_ups SET settled_at = ?2 WHERE account_id = ?1 AND settled_at IS NULL")?.execute((id.raw(), now.micros()))?;
    account.shown.form = Some(form);
    account.shown.standing.opening = None;
    Ok(tx.put(account))
}

pub(super) fn clear_cache(tx: &mut Tx<'_>, id: AccountId) -> Outcome<AccountSnapshot> {
    let mut account = tx.account(id)?;
    account.shown.standing.cleared_seq = account.next_seq();
    Ok(tx.put(account))
}

/// A person got an answer: what was refused before is accepted again.
pub(super) fn person_was_answered(connection: &Connection, account: &mut Account, asked: &Asked, now: Timestamp) -> Outcome<()> {
    use salio_domain::outbox::Pause;
    if asked.by_person && matches!(account.shown.paused, Some((Pause::CredentialsRefused, _))) {
        stopping::unpause(connection, account, now)?;
    }
    Ok(())
}

/// As the budget counts them, oldest first.
pub(super) fn calls_since(connection: &Connection, account: AccountId, since: Option<Timestamp>) -> Outcome<Vec<Call>> {
    let since = since.map_or(i64::MIN, Timestamp::micros);
    let mut statement = connection.prepare_cached("SELECT asked_at, pool, class FROM questions WHERE account_id = ?1 AND asked_at > ?2 ORDER BY asked_at, number")?;
    let rows = statement.query_map((account.raw(), since), |row| Ok(Call { at: at(row, 0)?, pool: word(row, 1, words::pool)?, class: word(row, 2, words::class)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The latest, newest first.
pub(super) fn latest(connection: &Connection, account: AccountId, limit: usize) -> Outcome<Vec<QuestionRow>> {
    let mut statement = connection.prepare_cached(
        "SELECT number, asked_seq, asked_at, reason, answered_at, outcome, units, error_code, raw FROM questions WHERE account_id = ?1 ORDER BY number DESC LIMIT ?2",
    )?;
    let rows = statement.query_map((account.raw(), limited(limit)), read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> Sql<QuestionRow> {
    Ok(QuestionRow {
        question: Question { number: row.get(0)?, asked_seq: row.get(1)?, asked_at: at(row, 2)? },
        reason: row.get(3)?,
        answered_at: optional_at(row, 4)?,
        outcome: row.get(5)?,
        units: optional_units(row, 6)?,
        error_code: row.get(7)?,
        raw: row.get(8)?,
    })
}
