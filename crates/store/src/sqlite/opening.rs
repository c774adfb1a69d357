//! The start: accounts of the configuration are found or made, and what the last process left unfinished is ended.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension};
use salio_domain::ids::{BatchId, IdSource};
use salio_domain::outbox::Pause;
use salio_domain::pricing::Price;
use salio_domain::{AccountId, SubmissionId, Timestamp};

use super::fault::Outcome;
use super::secrets::{Hash, Salt};
use super::tx::Tx;
use super::{account, books, ending, intake, lists, stopping, streams};
use crate::{AccountDef, AccountSnapshot};

/// Old idempotency keys removed at a start.
const KEYS_SWEPT: i64 = 10_000;

/// A configured account and its row.
struct Known<'a> {
    def: &'a AccountDef,
    id: AccountId,
    client: Hash,
    credentials: Hash,
}

pub(super) fn open(tx: &mut Tx<'_>, defs: &[AccountDef], now: Timestamp) -> Outcome<Vec<AccountSnapshot>> {
    tx.forget()?;
    let known = find(tx.connection, defs, now)?;
    let mut changed = HashSet::new();
    for account in &known {
        if describe(tx.connection, account)? {
            changed.insert(account.id);
        }
        date_prices(tx.connection, account.id, account.def, now)?;
    }
    tx.forget()?;
    keep_books(tx, now)?;
    for submission in running(tx.connection)? {
        ending::end_in_doubt(tx, submission, now)?;
    }
    for batch in unkeyed(tx.connection)? {
        let batch = tx.batch(batch)?;
        streams::abandon(tx, batch, now);
    }
    tx.connection.execute("UPDATE questions SET outcome = 'abandoned', answered_at = ?1 WHERE outcome IS NULL", [now.micros()])?;
    intake::sweep(tx.connection, now, KEYS_SWEPT)?;
    known.iter().map(|account| start(tx, account.id, changed.contains(&account.id), now)).collect()
}

/// By slug, else by provider and client among the rows that nobody named; else a new one.
fn find<'a>(connection: &Connection, defs: &'a [AccountDef], now: Timestamp) -> Outcome<Vec<Known<'a>>> {
    let salt = Salt::load(connection)?;
    let mut known: Vec<(Known<'a>, bool)> = Vec::with_capacity(defs.len());
    for def in defs {
        let id: Option<i64> = connection.query_row("SELECT account_id FROM accounts WHERE tenant_id = 1 AND slug = ?1", [&def.slug], |row| row.get(0)).optional()?;
        let found =
            Known { def, id: AccountId::from_raw(id.unwrap_or_default()), client: salt.hash("client", &def.client), credentials: salt.hash("credentials", &def.credentials) };
        known.push((found, id.is_some()));
    }
    let mut taken: HashSet<AccountId> = known.iter().filter(|(_, found)| *found).map(|(account, _)| account.id).collect();
    let mut ids = IdSource::new(lists::last_id(connection)?);
    for (account, _) in known.iter_mut().filter(|(_, found)| !found) {
        account.id = match by_client(connection, account)?.filter(|id| !taken.contains(id)) {
            Some(id) => id,
            None => create(connection, account, AccountId::from_raw(ids.next(now.millis(), 0)))?,
        };
        taken.insert(account.id);
    }
    free_hashes(connection, known.iter().map(|(account, _)| account))?;
    Ok(known.into_iter().map(|(account, _)| account).collect())
}

fn by_client(connection: &Connection, account: &Known<'_>) -> Outcome<Option<AccountId>> {
    let mut statement = connection.prepare_cached("SELECT account_id FROM accounts WHERE tenant_id = 1 AND provider = ?1 AND client_hash = ?2")?;
    Ok(statement.query_row((&account.def.provider, account.client), |row| row.get(0).map(AccountId::from_raw)).optional()?)
}

/// With a client that nobody has yet: its own is written when all rows are known.
fn create(connection: &Connection, account: &Known<'_>, id: AccountId) -> Outcome<AccountId> {
    connection.prepare_cached("INSERT INTO accounts (account_id, provider, slug, unit, client_hash, credentials_hash) VALUES (?1, ?2, ?3, ?4, randomblob(32), ?5)")?.execute((
        id.raw(),
        &account.def.provider,
        &account.def.slug,
        &account.def.unit,
        account.credentials,
    ))?;
    Ok(id)
}

/// Accounts may have swapped their clients, or taken one from an account that is no longer configured: nobody holds a wanted one for a moment.
fn free_hashes<'k, 'a: 'k>(connection: &Connection, known: impl Iterator<Item = &'k Known<'a>>) -> Outcome<()> {
    for account in known {
        connection
            .prepare_cached("UPDATE accounts SET client_hash = randomblob(32) WHERE tenant_id = 1 AND provider = ?1 AND client_hash = ?2 AND account_id <> ?3")?
            .execute((&account.def.provider, account.client, account.id.raw()))?;
    }
    Ok(())
}

/// Writes what the configuration says of it; whether its credentials are others than before.
fn describe(connection: &Connection, account: &Known<'_>) -> Outcome<bool> {
    let (id, def) = (account.id.raw(), account.def);
    let before: Hash = connection.query_row("SELECT credentials_hash FROM accounts WHERE account_id = ?1", [id], |row| row.get(0))?;
    connection.prepare_cached("UPDATE accounts SET provider = ?2, slug = ?3, unit = ?4, client_hash = ?5, credentials_hash = ?6 WHERE account_id = ?1")?.execute((
        id,
        &def.provider,
        &def.slug,
        &def.unit,
        account.client,
        account.credentials,
    ))?;
    Ok(before != account.credentials)
}

/// Prices that differ from the last ones hold from now on; one that is no longer named ends.
fn date_prices(connection: &Connection, id: AccountId, def: &AccountDef, now: Timestamp) -> Outcome<()> {
    let own = date_price(connection, id, ("", def.price), now)?;
    connection.prepare_cached("UPDATE accounts SET price_id = ?2 WHERE account_id = ?1")?.execute((id.raw(), own))?;
    for (prefix, price) in &def.prices {
        date_price(connection, id, (prefix, *price), now)?;
    }
    for (prefix, known) in account::load(connection, id)?.shown.prices.iter() {
        if !def.prices.iter().any(|(named, _)| named == prefix) {
            end_price(connection, known.id, now)?;
        }
    }
    Ok(())
}

pub(super) const PRICE: &str = "SELECT price_id, per_segment, source FROM prices WHERE account_id = ?1 AND prefix = ?2 AND ended_at IS NULL";

/// The number of the price in force.
fn date_price(connection: &Connection, id: AccountId, (prefix, price): (&str, Price), now: Timestamp) -> Outcome<i64> {
    if let Some(last) = connection.prepare_cached(PRICE)?.query_row((id.raw(), prefix), account::price).optional()? {
        if last.per_segment == price.per_segment && last.source == price.source {
            return Ok(last.id);
        }
        end_price(connection, last.id, now)?;
    }
    connection.prepare_cached("INSERT INTO prices (account_id, prefix, per_segment, source, from_at) VALUES (?1, ?2, ?3, ?4, ?5)")?.execute((
        id.raw(),
        prefix,
        price.per_segment.micros(),
        price.source.as_str(),
        now.micros(),
    ))?;
    Ok(connection.last_insert_rowid())
}

fn end_price(connection: &Connection, price: i64, now: Timestamp) -> Outcome<()> {
    connection.prepare_cached("UPDATE prices SET ended_at = ?2 WHERE price_id = ?1")?.execute((price, now.micros()))?;
    Ok(())
}

/// Every account has books; those that sent before there were any begin with what they had spent.
fn keep_books(tx: &mut Tx<'_>, now: Timestamp) -> Outcome<()> {
    books::open(tx.connection)?;
    for id in books::without_books(tx.connection)? {
        let mut account = tx.account(id)?;
        books::carry(tx.connection, &mut account, now)?;
        tx.put_as_is(account);
    }
    Ok(())
}

fn running(connection: &Connection) -> Outcome<Vec<SubmissionId>> {
    let mut statement = connection.prepare_cached("SELECT submission_id FROM submissions WHERE ended_seq IS NULL ORDER BY submission_id")?;
    let rows = statement.query_map([], |row| row.get(0).map(SubmissionId::from_raw))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Streams that broke with the last process, and that no caller can go on with.
fn unkeyed(connection: &Connection) -> Outcome<Vec<BatchId>> {
    let mut statement = connection.prepare_cached("SELECT batch_id FROM batches WHERE state = 'receiving' AND key_word IS NULL ORDER BY batch_id")?;
    let rows = statement.query_map([], |row| row.get(0).map(BatchId::from_raw))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Other credentials make a refusal meaningless; the version passes whatever a viewer has seen before a restart or a restore.
fn start(tx: &mut Tx<'_>, id: AccountId, credentials_changed: bool, now: Timestamp) -> Outcome<AccountSnapshot> {
    let mut account = tx.account(id)?;
    if credentials_changed {
        account.shown.standing.failure = account.shown.standing.failure.take().filter(|failure| !failure.credentials);
        if matches!(account.shown.paused, Some((Pause::CredentialsRefused, _))) {
            stopping::unpause(tx.connection, &mut account, now)?;
        }
    }
    account.shown.version = account.shown.version.max(now.micros());
    Ok(tx.put(account))
}
