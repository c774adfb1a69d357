//! How values of the domain are written in rows, and read back. A word nobody knows is a damaged row, never a guess.

use rusqlite::types::Type;
use rusqlite::{Row, RowIndex};
use salio_domain::balance::{CallClass, Pool, Verdict};
use salio_domain::message::{MessageState, Priority};
use salio_domain::segments::Encoding;
use salio_domain::{Timestamp, Units};

use crate::ActivityKind;

pub(super) type Sql<T> = rusqlite::Result<T>;

/// Reads a word of a column.
pub(super) fn word<T>(row: &Row<'_>, column: impl RowIndex, from_word: impl Fn(&str) -> Option<T>) -> Sql<T> {
    optional_word(row, column, from_word)?.ok_or_else(|| unknown(""))
}

/// Reads a word of a column that may be empty.
pub(super) fn optional_word<T>(row: &Row<'_>, column: impl RowIndex, from_word: impl Fn(&str) -> Option<T>) -> Sql<Option<T>> {
    let text = row.get_ref(column)?.as_str_or_null()?;
    text.map(|text| from_word(text).ok_or_else(|| unknown(text))).transpose()
}

fn unknown(text: &str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, format!("a row holds a word this version does not know: {text:?}").into())
}

pub(super) fn units(row: &Row<'_>, column: impl RowIndex) -> Sql<Units> {
    row.get(column).map(Units::from_micros)
}

pub(super) fn optional_units(row: &Row<'_>, column: impl RowIndex) -> Sql<Option<Units>> {
    row.get::<_, Option<i64>>(column).map(|micros| micros.map(Units::from_micros))
}

pub(super) fn at(row: &Row<'_>, column: impl RowIndex) -> Sql<Timestamp> {
    row.get(column).map(Timestamp::from_micros)
}

pub(super) fn optional_at(row: &Row<'_>, column: impl RowIndex) -> Sql<Option<Timestamp>> {
    row.get::<_, Option<i64>>(column).map(|micros| micros.map(Timestamp::from_micros))
}

pub(super) fn micros(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::micros)
}

pub(super) fn encoding(word: &str) -> Option<Encoding> {
    [Encoding::Gsm7, Encoding::Ucs2].into_iter().find(|encoding| encoding.as_str() == word)
}

pub(super) fn priority(row: &Row<'_>, column: impl RowIndex) -> Sql<Priority> {
    let rank: i64 = row.get(column)?;
    Priority::ALL.iter().copied().find(|priority| priority.rank() == rank).ok_or_else(|| unknown("priority"))
}

pub(super) fn state(row: &Row<'_>, column: impl RowIndex) -> Sql<MessageState> {
    word(row, column, MessageState::from_word)
}

const POOLS: [(Pool, &str); 3] = [(Pool::People, "people"), (Pool::Automatic, "automatic"), (Pool::Shared, "shared")];
const CLASSES: [(CallClass, &str); 4] = [(CallClass::Person, "person"), (CallClass::Watch, "watch"), (CallClass::Steady, "steady"), (CallClass::Eager, "eager")];
const KINDS: [(ActivityKind, &str); 12] = [
    (ActivityKind::Sent, "sent"),
    (ActivityKind::Refused, "refused"),
    (ActivityKind::Unknown, "unknown"),
    (ActivityKind::Agreed, "agreed"),
    (ActivityKind::TopUp, "top_up"),
    (ActivityKind::LateCharge, "late_charge"),
    (ActivityKind::Drift, "drift"),
    (ActivityKind::Failure, "failure"),
    (ActivityKind::Recovered, "recovered"),
    (ActivityKind::Paused, "paused"),
    (ActivityKind::Resumed, "resumed"),
    (ActivityKind::FormChanged, "form_changed"),
];

fn name_of<T: Copy + PartialEq>(table: &[(T, &'static str)], value: T) -> &'static str {
    table.iter().find(|(known, _)| *known == value).map_or("", |(_, word)| word)
}

fn named<T: Copy>(table: &[(T, &'static str)], word: &str) -> Option<T> {
    table.iter().find(|(_, known)| *known == word).map(|(value, _)| *value)
}

pub(super) fn pool_word(pool: Pool) -> &'static str {
    name_of(&POOLS, pool)
}

pub(super) fn pool(word: &str) -> Option<Pool> {
    named(&POOLS, word)
}

pub(super) fn class_word(class: CallClass) -> &'static str {
    name_of(&CLASSES, class)
}

pub(super) fn class(word: &str) -> Option<CallClass> {
    named(&CLASSES, word)
}

pub(super) fn kind_word(kind: ActivityKind) -> &'static str {
    name_of(&KINDS, kind)
}

pub(super) fn kind(word: &str) -> Option<ActivityKind> {
    named(&KINDS, word)
}

pub(super) const fn verdict_word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Older => "older",
        Verdict::First => "first",
        Verdict::Agreed => "agreed",
        Verdict::Uncharged(_) => "uncharged",
        Verdict::ToppedUp(_) => "topped_up",
        Verdict::Fell { .. } => "fell",
    }
}
