//! The books as auditors read them: entries as they stand, and what is kept beside them.
//!
//! Knows nothing of: whether they are right; the domain's verifier finds that out.

use rusqlite::{Connection, OptionalExtension, Row};
use salio_domain::ledger::{Balances, Entry, EntryKind, Hash, NOTHING_BEFORE, Purpose, Seal};
use salio_domain::{AccountId, MessageId, SubmissionId, Units};

use super::fault::{Fault, Outcome};
use super::journal::limited;
use super::words::{Sql, at, units, word};
use crate::{LedgerHead, LedgerRow};

pub(super) const ENTRIES: &str = "SELECT e.account_id, e.number, e.at, e.kind, e.amount, e.submission_id, e.message_id, e.hash,
      (SELECT purpose FROM ledger_accounts WHERE ledger_account_id = e.credit_id AND owner_id = e.account_id), (SELECT purpose FROM ledger_accounts WHERE ledger_account_id = e.debit_id AND owner_id = e.account_id)
    FROM ledger_entries e WHERE e.account_id = ?1 AND e.number > ?2 ORDER BY e.number LIMIT ?3";

/// In order.
pub(super) fn entries(connection: &Connection, account: AccountId, after: i64, limit: usize) -> Outcome<Vec<LedgerRow>> {
    let mut statement = connection.prepare_cached(ENTRIES)?;
    let rows = statement.query_map((account.raw(), after, limited(limit)), entry)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn entry(row: &Row<'_>) -> Sql<LedgerRow> {
    let entry = Entry {
        account: AccountId::from_raw(row.get(0)?),
        number: row.get(1)?,
        at: at(row, 2)?,
        kind: word(row, 3, EntryKind::from_word)?,
        amount: units(row, 4)?,
        submission: row.get::<_, Option<i64>>(5)?.map(SubmissionId::from_raw),
        message: row.get::<_, Option<i64>>(6)?.map(MessageId::from_raw),
    };
    let side = |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<String>>(column)?.and_then(|word| Purpose::from_word(&word)));
    Ok(LedgerRow { entry, hash: row.get(7)?, sides: side(8)?.zip(side(9)?) })
}

/// What the books of one account do not show: rows of owners that are no account, sides that are missing, a sum that is not zero, a head whose day is another.
const STRAYS: [(&str, &str); 6] = [
    (
        "SELECT 'entry ' || number || ' is of an account that is not there (' || account_id || ')' FROM ledger_entries e WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.account_id = e.account_id) LIMIT 10",
        "entries",
    ),
    (
        "SELECT 'the seal of day ' || day || ' is of an account that is not there (' || account_id || ')' FROM ledger_seals s WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.account_id = s.account_id) LIMIT 10",
        "seals",
    ),
    (
        "SELECT 'the ledger account ' || ledger_account_id || ' has an owner that is not there (' || owner_id || ')' FROM ledger_accounts l WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.account_id = l.owner_id) LIMIT 10",
        "owners",
    ),
    (
        "SELECT 'the account ' || slug || ' has ' || (SELECT count(*) FROM ledger_accounts l WHERE l.owner_id = a.account_id) || ' of its 5 ledger accounts' FROM accounts a
      WHERE a.ledger_number > 0 AND (SELECT count(*) FROM ledger_accounts l WHERE l.owner_id = a.account_id) <> 5 LIMIT 10",
        "sides",
    ),
    ("SELECT 'the ledger accounts do not sum to zero, but to ' || sum(balance) || ' millionths' FROM ledger_accounts HAVING sum(balance) <> 0", "sum"),
    (
        "SELECT 'the account ' || slug || ' remembers another day of its last entry' FROM accounts a WHERE a.ledger_number > 0
      AND a.ledger_day IS NOT (SELECT max(at) / 86400000000 FROM ledger_entries e WHERE e.account_id = a.account_id) LIMIT 10",
        "day",
    ),
];

/// For people, each a sentence; none when all is right.
pub(super) fn strays(connection: &Connection) -> Outcome<Vec<String>> {
    let mut found = Vec::new();
    for (sql, _) in STRAYS {
        let mut statement = connection.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| row.get(0))?;
        for row in rows {
            found.push(row?);
        }
    }
    Ok(found)
}

/// All of one instant: a reader sees one commit.
pub(super) fn head(connection: &Connection, account: AccountId) -> Outcome<LedgerHead> {
    let mut head = connection.prepare_cached("SELECT ledger_number, ledger_hash FROM accounts WHERE account_id = ?1")?;
    let head = head.query_row([account.raw()], |row| Ok((row.get(0)?, row.get::<_, Option<Hash>>(1)?.unwrap_or(NOTHING_BEFORE)))).optional()?;
    Ok(LedgerHead {
        head: head.ok_or_else(|| Fault::not_found("account"))?,
        seals: seals(connection, account)?,
        balances: balances(connection, account)?,
        submissions: submissions(connection, account)?,
    })
}

fn seals(connection: &Connection, account: AccountId) -> Outcome<Vec<Seal>> {
    let mut statement = connection.prepare_cached("SELECT day, last_number, last_hash, previous, hash FROM ledger_seals WHERE account_id = ?1 ORDER BY day")?;
    let rows = statement
        .query_map([account.raw()], |row| Ok(Seal { account, day: row.get(0)?, last_number: row.get(1)?, last_hash: row.get(2)?, previous: row.get(3)?, hash: row.get(4)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn balances(connection: &Connection, account: AccountId) -> Outcome<Balances> {
    let mut statement = connection.prepare_cached("SELECT purpose, balance FROM ledger_accounts WHERE tenant_id = 1 AND owner_type = 'account' AND owner_id = ?1")?;
    let mut balances = Balances::default();
    let rows = statement.query_map([account.raw()], |row| Ok((word(row, 0, Purpose::from_word)?, units(row, 1)?)))?;
    for row in rows {
        let (purpose, balance) = row?;
        *match purpose {
            Purpose::Credit => &mut balances.credit,
            Purpose::Pending => &mut balances.pending,
            Purpose::Spend => &mut balances.spend,
            Purpose::Suspense => &mut balances.suspense,
            Purpose::Outside => &mut balances.outside,
        } = balance;
    }
    Ok(balances)
}

pub(super) const SUBMISSIONS: &str = "SELECT coalesce(sum(books_pending), 0), coalesce(sum(books_suspense), 0) FROM submissions WHERE account_id = ?1";

fn submissions(connection: &Connection, account: AccountId) -> Outcome<(Units, Units)> {
    Ok(connection.prepare_cached(SUBMISSIONS)?.query_row([account.raw()], |row| Ok((units(row, 0)?, units(row, 1)?)))?)
}
