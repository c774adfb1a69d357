//! Messages from phones, kept as they came.

use rusqlite::{Connection, Row, params};
use salio_domain::AccountId;
use salio_domain::ids::InboundId;

use super::fault::{Fault, Outcome};
use super::journal::limited;
use super::tx::Tx;
use super::words::{Sql, at};
use crate::InboundRow;

pub(super) fn keep(tx: &mut Tx<'_>, new: &InboundRow) -> Outcome<()> {
    tx.account(new.account)?;
    tx.connection
        .prepare_cached(
            "INSERT INTO inbound_messages (inbound_id, account_id, received_at, sender, recipient, body, provider_message_id, sent_at, raw)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![new.id.raw(), new.account.raw(), new.received_at.micros(), new.from, new.to, new.text, new.provider_message_id, new.sent_at, new.raw])
        .map_err(|error| Fault::or_conflict(error, "the message from a phone is there already"))?;
    Ok(())
}

macro_rules! inbound {
    ($condition:literal) => {
        concat!(
            "SELECT inbound_id, account_id, received_at, sender, recipient, body, provider_message_id, sent_at, raw FROM inbound_messages WHERE ",
            $condition,
            " AND inbound_id < ?2 ORDER BY inbound_id DESC LIMIT ?3"
        )
    };
}

pub(super) const OF_ONE: &str = inbound!("account_id = ?1");
pub(super) const OF_ALL: &str = inbound!("?1 IS NULL");

/// One page, newest first.
pub(super) fn page(connection: &Connection, account: Option<AccountId>, before: Option<InboundId>, limit: usize) -> Outcome<Vec<InboundRow>> {
    let mut statement = connection.prepare_cached(if account.is_some() { OF_ONE } else { OF_ALL })?;
    let before = before.map_or(i64::MAX, InboundId::raw);
    let rows = statement.query_map((account.map(AccountId::raw), before, limited(limit)), read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> Sql<InboundRow> {
    Ok(InboundRow {
        id: InboundId::from_raw(row.get(0)?),
        account: AccountId::from_raw(row.get(1)?),
        received_at: at(row, 2)?,
        from: row.get(3)?,
        to: row.get(4)?,
        text: row.get(5)?,
        provider_message_id: row.get(6)?,
        sent_at: row.get(7)?,
        raw: row.get(8)?,
    })
}
