//! Keys that Salio issues. Only hashes of their secrets come here.

use rusqlite::{Connection, OptionalExtension, Row, params};
use salio_domain::ids::TokenId;
use salio_domain::{AccountId, Timestamp};

use super::fault::{Fault, Outcome};
use super::tx::Tx;
use super::words::{Sql, at, micros, optional_at};
use crate::TokenRow;

/// When a key was used is kept to the minute, so that a busy one is not written with every call.
const MINUTE: i64 = 60_000_000;

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT token_id, name, scope, account_id, client_id, key_hash, access_hash, credits_format, dlr_url, created_at, last_used_at, revoked_at FROM tokens ", $rest)
    };
}

/// Names are unique among living keys, secrets among all.
pub(super) fn create(tx: &mut Tx<'_>, new: &TokenRow) -> Outcome<()> {
    tx.account(new.account)?;
    tx.connection
        .prepare_cached(
            "INSERT INTO tokens (token_id, name, scope, account_id, client_id, key_hash, access_hash, credits_format, dlr_url, created_at, last_used_at, revoked_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            new.id.raw(),
            new.name,
            new.scope,
            new.account.raw(),
            new.client_id,
            new.key_hash,
            new.access_hash,
            new.credits_format,
            new.dlr_url,
            new.created_at.micros(),
            micros(new.last_used_at),
            micros(new.revoked_at)
        ])
        .map_err(|error| Fault::or_conflict(error, "there is a key of this name already"))?;
    Ok(())
}

/// Oldest first.
pub(super) fn all(connection: &Connection) -> Outcome<Vec<TokenRow>> {
    let mut statement = connection.prepare_cached(select!("ORDER BY created_at, token_id"))?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn revoke(tx: &Tx<'_>, id: TokenId, now: Timestamp) -> Outcome<TokenRow> {
    tx.connection.prepare_cached("UPDATE tokens SET revoked_at = ?2 WHERE token_id = ?1 AND revoked_at IS NULL")?.execute((id.raw(), now.micros()))?;
    let mut statement = tx.connection.prepare_cached(select!("WHERE token_id = ?1"))?;
    statement.query_row([id.raw()], read).optional()?.ok_or_else(|| Fault::not_found("key"))
}

pub(super) fn used(tx: &Tx<'_>, id: TokenId, now: Timestamp) -> Outcome<()> {
    let minute = now.micros() - now.micros().rem_euclid(MINUTE);
    tx.connection.prepare_cached("UPDATE tokens SET last_used_at = ?2 WHERE token_id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)")?.execute((id.raw(), minute))?;
    Ok(())
}

fn read(row: &Row<'_>) -> Sql<TokenRow> {
    Ok(TokenRow {
        id: TokenId::from_raw(row.get(0)?),
        name: row.get(1)?,
        scope: row.get(2)?,
        account: AccountId::from_raw(row.get(3)?),
        client_id: row.get(4)?,
        key_hash: row.get(5)?,
        access_hash: row.get(6)?,
        credits_format: row.get(7)?,
        dlr_url: row.get(8)?,
        created_at: at(row, 9)?,
        last_used_at: optional_at(row, 10)?,
        revoked_at: optional_at(row, 11)?,
    })
}
