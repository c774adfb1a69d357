//! What a job sees: the transaction it shares with others, and the accounts as they stand in it.

use std::collections::HashMap;

use rusqlite::Connection;
use salio_domain::AccountId;

use super::account::{self, Account};
use super::fault::Outcome;
use crate::AccountSnapshot;

/// Accounts as they stand after what was written so far; between transactions, after the last commit.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    rows: HashMap<i64, Kept>,
}

#[derive(Debug)]
struct Kept {
    account: Account,
    dirty: bool,
}

impl Accounts {
    /// Forgets all: they are read again when they are needed.
    pub(super) fn clear(&mut self) {
        self.rows.clear();
    }

    /// Writes back what changed.
    pub(super) fn flush(&mut self, connection: &Connection) -> Outcome<()> {
        for kept in self.rows.values_mut().filter(|kept| kept.dirty) {
            account::save(connection, &kept.account)?;
            kept.dirty = false;
        }
        Ok(())
    }
}

/// One transaction. A job works on copies of accounts and puts them back last, so a job that fails leaves them as they were.
pub(super) struct Tx<'a> {
    pub(super) connection: &'a Connection,
    accounts: &'a mut Accounts,
    /// An account was changed in memory.
    pub(super) put: bool,
}

impl<'a> Tx<'a> {
    pub(super) const fn new(connection: &'a Connection, accounts: &'a mut Accounts) -> Self {
        Self { connection, accounts, put: false }
    }

    /// A copy to work on.
    pub(super) fn account(&mut self, id: AccountId) -> Outcome<Account> {
        if let Some(kept) = self.accounts.rows.get(&id.raw()) {
            return Ok(kept.account.clone());
        }
        let account = account::load(self.connection, id)?;
        self.accounts.rows.insert(id.raw(), Kept { account: account.clone(), dirty: false });
        Ok(account)
    }

    /// The changed account under its next version: what a job does last.
    pub(super) fn put(&mut self, mut account: Account) -> AccountSnapshot {
        account.shown.version += 1;
        self.put_as_is(account)
    }

    /// The same, with the version it carries.
    pub(super) fn put_as_is(&mut self, account: Account) -> AccountSnapshot {
        self.put = true;
        let shown = account.shown.clone();
        self.accounts.rows.insert(shown.account.raw(), Kept { account, dirty: true });
        shown
    }

    /// Rows of accounts were written past the cache.
    pub(super) fn forget(&mut self) -> Outcome<()> {
        self.accounts.flush(self.connection)?;
        self.accounts.clear();
        Ok(())
    }
}
