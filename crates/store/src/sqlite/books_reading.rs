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
    let written: String = row.get(3)?;
    let kind = EntryKind::from_word(&written);
    let entry = Entry {
        account: AccountId::from_raw(row.get(0)?),
        number: row.get(1)?,
        at: at(row, 2)?,
        kind: kind.unwrap_or(EntryKind::ChargePending),
        amount: units(row, 4)?,
        submission: row.get::<_, Option<i64>>(5)?.map(SubmissionId::from_raw),
        message: row.get::<_, Option<i64>>(6)?.map(MessageId::from_raw),
    };
    let side = |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<String>>(column)?.and_then(|word| Purpose::from_word(&word)));
    Ok(LedgerRow { entry, hash: row.get(7)?, sides: side(8)?.zip(side(9)?), strange_kind: kind.is_none().then_some(written) })
}

/// What the books of one account do not show: rows of owners that are no account, sides that are missing, a sum that is not zero, a head whose day is another.
const STRAYS: [(&str, &str); 9] = [
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
        "SELECT 'entry ' || number || ' is of a submission that is not there (' || submission_id || ')' FROM ledger_entries e
      WHERE submission_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM submissions s WHERE s.submission_id = e.submission_id) LIMIT 10",
        "submissions that are gone",
    ),
    (
        "SELECT 'the submission ' || submission_id || ' says that of its charge of ' || charge || ' millionths ' || voided || ' were voided, ' || books_pending || ' are pending and ' || books_suspense
        || ' in suspense; its entries say ' || iif(books_carried IS NULL, charged || ', ' || undone || ', ', '') || left_pending || ' and ' || left_suspense || iif(books_carried IS NULL, '', ' more than the ' || books_carried || ' it began with')
      FROM (SELECT s.submission_id, s.charge, s.voided, s.books_pending, s.books_suspense, s.books_carried,
          coalesce(sum(CASE e.kind WHEN 'charge_pending' THEN e.amount END), 0) AS charged,
          coalesce(sum(CASE WHEN e.kind IN ('charge_voided', 'suspense_voided') THEN e.amount END), 0) AS undone,
          coalesce(sum(CASE WHEN e.kind = 'charge_pending' THEN e.amount WHEN e.kind IN ('charge_posted', 'charge_voided', 'charge_suspended') THEN -e.amount END), 0) AS left_pending,
          coalesce(sum(CASE WHEN e.kind = 'charge_suspended' THEN e.amount WHEN e.kind IN ('suspense_posted', 'suspense_voided') THEN -e.amount END), 0) AS left_suspense
        FROM submissions s LEFT JOIN ledger_entries e ON e.submission_id = s.submission_id AND e.account_id = s.account_id GROUP BY s.submission_id)
      WHERE CASE WHEN books_carried IS NULL THEN (charge, voided, books_pending, books_suspense) <> (charged, undone, left_pending, left_suspense)
        ELSE books_pending + books_suspense <> books_carried + left_pending + left_suspense END LIMIT 10",
        "submissions",
    ),
    (
        "SELECT 'the submissions of ' || slug || ' from before its books say that ' || said || ' millionths were spent, the books say ' || carried
      FROM (SELECT a.slug,
          coalesce((SELECT sum(s.charge - s.voided - s.books_carried + coalesce((SELECT sum(e.amount) FROM ledger_entries e WHERE e.submission_id = s.submission_id AND e.kind IN ('charge_voided', 'suspense_voided')), 0))
            FROM submissions s WHERE s.account_id = a.account_id AND s.books_carried IS NOT NULL), 0) AS said,
          coalesce((SELECT sum(e.amount) FROM ledger_entries e WHERE e.account_id = a.account_id AND e.kind = 'carried_spend'), 0) AS carried FROM accounts a)
      WHERE said <> carried LIMIT 10",
        "what was carried",
    ),
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
