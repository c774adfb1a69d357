//! The books: every charge in double entry, chained and sealed as the domain says.
//!
//! Knows nothing of: what becomes of messages.

use salio_domain::ledger::{Balances, Entry, EntryKind, Hash, NOTHING_BEFORE, Seal, day_of, entry_hash, seal_due};
use salio_domain::{AccountId, MessageId, SubmissionId, Timestamp, Units};

use super::world::{World, missing};
use crate::{LedgerHead, LedgerRow, Result};

/// The books of one account.
#[derive(Default)]
pub(super) struct Books {
    rows: Vec<LedgerRow>,
    seals: Vec<Seal>,
    balances: Balances,
    /// The latest day among the entries: a clock that goes back opens no day again.
    newest_day: i64,
}

/// What is booked.
pub(super) struct Booking {
    pub at: Timestamp,
    pub kind: EntryKind,
    pub amount: Units,
    pub submission: SubmissionId,
    pub message: Option<MessageId>,
}

impl Books {
    fn head(&self) -> (i64, Hash) {
        self.rows.last().map_or((0, NOTHING_BEFORE), |row| (row.entry.number, row.hash))
    }

    /// Nothing writes nothing. A day ends with the first entry of a later one.
    fn write(&mut self, account: AccountId, booking: &Booking) {
        if booking.amount <= Units::ZERO {
            return;
        }
        let (number, previous) = self.head();
        let sealed = self.seals.last().map_or(NOTHING_BEFORE, |seal| seal.hash);
        self.seals.extend(seal_due(account, (number, previous), self.newest_day, sealed, booking.at));
        self.newest_day = if number == 0 { day_of(booking.at) } else { self.newest_day.max(day_of(booking.at)) };
        let Booking { at, kind, amount, submission, message } = *booking;
        let entry = Entry { account, number: number + 1, at, kind, amount, submission: Some(submission), message };
        self.balances.apply(&entry);
        self.rows.push(LedgerRow { hash: entry_hash(&previous, &entry), sides: Some((entry.kind.from(), entry.kind.to())), strange_kind: None, entry });
    }
}

impl World {
    /// Writes an entry, and what the submission's part of the books is after it.
    pub fn book(&mut self, booking: &Booking) -> Result<()> {
        let submission = self.submissions.get_mut(&booking.submission).ok_or(missing("submission"))?;
        let (pending, suspense) = (&mut submission.books_pending, &mut submission.books_suspense);
        let less = |side: &mut Units| *side = side.minus(booking.amount);
        match booking.kind {
            EntryKind::ChargePending | EntryKind::CarriedPending => *pending = pending.plus(booking.amount),
            EntryKind::ChargePosted | EntryKind::ChargeVoided => less(pending),
            EntryKind::ChargeSuspended => {
                less(pending);
                *suspense = suspense.plus(booking.amount);
            }
            EntryKind::SuspensePosted | EntryKind::SuspenseVoided => less(suspense),
            EntryKind::CarriedSuspense => *suspense = suspense.plus(booking.amount),
            EntryKind::CarriedSpend => {}
        }
        let account = submission.account;
        self.account_mut(account)?.books.write(account, booking);
        Ok(())
    }

    pub fn ledger(&self, id: AccountId, after: i64, limit: usize) -> Result<Vec<LedgerRow>> {
        Ok(self.account(id)?.books.rows.iter().filter(|row| row.entry.number > after).take(limit).cloned().collect())
    }

    pub fn ledger_head(&self, id: AccountId) -> Result<LedgerHead> {
        let books = &self.account(id)?.books;
        let own = || self.submissions.values().filter(|submission| submission.account == id);
        let submissions = (own().map(|own| own.books_pending).sum(), own().map(|own| own.books_suspense).sum());
        Ok(LedgerHead { head: books.head(), seals: books.seals.clone(), balances: books.balances, submissions })
    }
}
