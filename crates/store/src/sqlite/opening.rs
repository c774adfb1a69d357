//! The start: accounts of the configuration are found or made, and what the last process left unfinished is ended.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension};
use salio_domain::ids::IdSource;
use salio_domain::outbox::Pause;
use salio_domain::pricing::{Price, PriceSource};
use salio_domain::{AccountId, SubmissionId, Timestamp, Units};

use super::fault::Outcome;
use super::secrets::{Hash, Salt};
use super::tx::Tx;
use super::{ending, intake, lists, stopping};
use crate::{AccountDef, AccountSnapshot, StoredPrice};

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
        date_price(tx.connection, account.id, account.def.price, now)?;
    }
    tx.forget()?;
    for submission in running(tx.connection)? {
        ending::end_in_doubt(tx, submission, now)?;
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

/// A price that differs from the last one holds from now on.
fn date_price(connection: &Connection, id: AccountId, price: Price, now: Timestamp) -> Outcome<()> {
    let mut last = connection.prepare_cached("SELECT p.price_id, p.per_segment, p.source FROM accounts a JOIN prices p USING (price_id) WHERE a.account_id = ?1")?;
    let last = last.query_row([id.raw()], |row| {
        let source = PriceSource::from_word(row.get_ref(2)?.as_str()?);
        Ok(StoredPrice { id: row.get(0)?, per_segment: Units::from_micros(row.get(1)?), source })
    });
    if last.optional()?.is_some_and(|last| last.per_segment == price.per_segment && last.source == price.source) {
        return Ok(());
    }
    connection.prepare_cached("INSERT INTO prices (account_id, per_segment, source, from_at) VALUES (?1, ?2, ?3, ?4)")?.execute((
        id.raw(),
        price.per_segment.micros(),
        price.source.as_str(),
        now.micros(),
    ))?;
    connection.prepare_cached("UPDATE accounts SET price_id = ?2 WHERE account_id = ?1")?.execute((id.raw(), connection.last_insert_rowid()))?;
    Ok(())
}

fn running(connection: &Connection) -> Outcome<Vec<SubmissionId>> {
    let mut statement = connection.prepare_cached("SELECT submission_id FROM submissions WHERE ended_seq IS NULL ORDER BY submission_id")?;
    let rows = statement.query_map([], |row| row.get(0).map(SubmissionId::from_raw))?;
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
