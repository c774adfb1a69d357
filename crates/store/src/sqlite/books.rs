//! The books are written here: entries in a chain of hashes, a seal at the end of each day with entries. Corrections are new entries.
//!
//! Knows nothing of what a submission's row says of them: who moves money says it there.

use rusqlite::{Connection, OptionalExtension, params};
use salio_domain::ledger::{Entry, EntryKind, Hash, NOTHING_BEFORE, Purpose, day_of, entry_hash, seal_due};
use salio_domain::{AccountId, MessageId, SubmissionId, Timestamp, Units};

use super::account::Account;
use super::fault::Outcome;
use super::words::units;

/// Where an account's books end, kept with the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Books {
    /// The last entry's number; 0 before the first.
    pub(super) number: i64,
    /// Its hash.
    pub(super) hash: Hash,
    /// The newest UTC day of an entry.
    pub(super) day: i64,
}

impl Books {
    /// Before the first entry.
    pub(super) const EMPTY: Self = Self { number: 0, hash: NOTHING_BEFORE, day: i64::MIN };
}

const ENTRY: &str = "INSERT INTO ledger_entries (account_id, number, at, kind, debit_id, credit_id, amount, submission_id, message_id, hash)
    SELECT ?1, ?2, ?3, ?4, d.ledger_account_id, c.ledger_account_id, ?7, ?8, ?9, ?10 FROM ledger_accounts d CROSS JOIN ledger_accounts c
    WHERE d.tenant_id = 1 AND d.owner_type = 'account' AND d.owner_id = ?1 AND d.purpose = ?5
      AND c.tenant_id = 1 AND c.owner_type = 'account' AND c.owner_id = ?1 AND c.purpose = ?6";

/// Writes one entry. Nothing to move writes nothing.
pub(super) fn write(
    connection: &Connection,
    account: &mut Account,
    kind: EntryKind,
    amount: Units,
    submission: Option<SubmissionId>,
    message: Option<MessageId>,
    now: Timestamp,
) -> Outcome<()> {
    if amount <= Units::ZERO {
        return Ok(());
    }
    let (id, books) = (account.shown.account, account.books);
    seal(connection, id, books, now)?;
    let entry = Entry { account: id, number: books.number + 1, at: now, kind, amount, submission, message };
    let hash = entry_hash(&books.hash, &entry);
    connection.prepare_cached(ENTRY)?.execute(params![
        id.raw(),
        entry.number,
        now.micros(),
        kind.as_str(),
        kind.to().as_str(),
        kind.from().as_str(),
        amount.micros(),
        submission.map(SubmissionId::raw),
        message.map(MessageId::raw),
        hash
    ])?;
    account.books = Books { number: entry.number, hash, day: books.day.max(day_of(now)) };
    Ok(())
}

/// The first entry of a later day seals the last one.
fn seal(connection: &Connection, id: AccountId, books: Books, now: Timestamp) -> Outcome<()> {
    if books.number == 0 || day_of(now) <= books.day {
        return Ok(());
    }
    let mut last = connection.prepare_cached("SELECT hash FROM ledger_seals WHERE account_id = ?1 ORDER BY day DESC LIMIT 1")?;
    let previous: Option<Hash> = last.query_row([id.raw()], |row| row.get(0)).optional()?;
    let Some(seal) = seal_due(id, (books.number, books.hash), books.day, previous.unwrap_or(NOTHING_BEFORE), now) else { return Ok(()) };
    connection.prepare_cached("INSERT INTO ledger_seals (account_id, day, last_number, last_hash, previous, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute((
        id.raw(),
        seal.day,
        seal.last_number,
        seal.last_hash,
        seal.previous,
        seal.hash,
    ))?;
    Ok(())
}

/// Every account has its five sides, also one that is no longer configured.
pub(super) fn open(connection: &Connection) -> Outcome<()> {
    for purpose in Purpose::ALL {
        connection
            .prepare_cached("INSERT OR IGNORE INTO ledger_accounts (owner_type, owner_id, purpose) SELECT 'account', account_id, ?1 FROM accounts ORDER BY account_id")?
            .execute([purpose.as_str()])?;
    }
    Ok(())
}

/// Accounts that sent before there were books.
pub(super) fn without_books(connection: &Connection) -> Outcome<Vec<AccountId>> {
    let sql = "SELECT account_id FROM accounts a WHERE ledger_number = 0 AND EXISTS (SELECT 1 FROM submissions s WHERE s.account_id = a.account_id) ORDER BY account_id";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| row.get(0).map(AccountId::from_raw))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What such an account had spent, and what is still in doubt, comes into its books as it stands.
pub(super) fn carry(connection: &Connection, account: &mut Account, now: Timestamp) -> Outcome<()> {
    let sums = "SELECT coalesce(sum(charge - voided - books_pending - books_suspense), 0), coalesce(sum(books_pending), 0), coalesce(sum(books_suspense), 0) FROM submissions WHERE account_id = ?1";
    let (spend, pending, suspense) = connection.query_row(sums, [account.shown.account.raw()], |row| Ok((units(row, 0)?, units(row, 1)?, units(row, 2)?)))?;
    write(connection, account, EntryKind::CarriedSpend, spend, None, None, now)?;
    write(connection, account, EntryKind::CarriedPending, pending, None, None, now)?;
    write(connection, account, EntryKind::CarriedSuspense, suspense, None, None, now)
}
