//! What happened, for people: one row a happening, newest last.

use rusqlite::Connection;
use salio_domain::{AccountId, Timestamp, Units};

use super::fault::Outcome;
use super::words::{self, at, optional_units, word};
use crate::{Activity, ActivityKind};

/// A happening to write down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    pub(super) at: Timestamp,
    pub(super) kind: ActivityKind,
    pub(super) amount: Option<Units>,
    pub(super) messages: i64,
    pub(super) word: Option<&'a str>,
    pub(super) top_up: Option<i64>,
}

impl<'a> Entry<'a> {
    pub(super) const fn new(at: Timestamp, kind: ActivityKind) -> Self {
        Self { at, kind, amount: None, messages: 0, word: None, top_up: None }
    }

    pub(super) const fn amount(self, amount: Units) -> Self {
        Self { amount: Some(amount), ..self }
    }

    pub(super) const fn messages(self, messages: i64) -> Self {
        Self { messages, ..self }
    }

    pub(super) const fn word(self, word: &'a str) -> Self {
        Self { word: Some(word), ..self }
    }

    pub(super) const fn top_up(self, top_up: i64) -> Self {
        Self { top_up: Some(top_up), ..self }
    }
}

pub(super) fn write(connection: &Connection, account: AccountId, entry: Entry<'_>) -> Outcome<()> {
    connection.prepare_cached("INSERT INTO journal (account_id, at, kind, amount, messages, word, top_up_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?.execute((
        account.raw(),
        entry.at.micros(),
        words::kind_word(entry.kind),
        entry.amount.map(Units::micros),
        entry.messages,
        entry.word,
        entry.top_up,
    ))?;
    Ok(())
}

/// The amount of a top-up is what is known of it by now: at least this.
macro_rules! entries {
    ($rest:literal) => {
        concat!("SELECT j.at, j.account_id, j.kind, coalesce(t.low, j.amount), j.messages, j.word FROM journal j LEFT JOIN top_ups t USING (top_up_id) ", $rest)
    };
}

pub(super) const OF_ONE: &str = entries!("WHERE j.account_id = ?1 ORDER BY j.entry_id DESC LIMIT ?2");
const OF_ALL: &str = entries!("WHERE ?1 IS NULL ORDER BY j.entry_id DESC LIMIT ?2");

/// The latest, newest first.
pub(super) fn latest(connection: &Connection, account: Option<AccountId>, limit: usize) -> Outcome<Vec<Activity>> {
    let mut statement = connection.prepare_cached(if account.is_some() { OF_ONE } else { OF_ALL })?;
    let rows = statement.query_map((account.map(AccountId::raw), limited(limit)), |row| {
        Ok(Activity {
            at: at(row, 0)?,
            account: AccountId::from_raw(row.get(1)?),
            kind: word(row, 2, words::kind)?,
            amount: optional_units(row, 3)?,
            messages: row.get(4)?,
            word: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A limit as the database counts.
pub(super) fn limited(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
