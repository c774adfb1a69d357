//! Goes through the books once, in order, and names whatever does not fit: an entry altered, missing, added or moved, a seal likewise, balances that the entries
//! do not make. Keeps a seal a day and at most [`MOST_FAULTS`] faults, however many entries there are.

use super::chain::{Hash, NOTHING_BEFORE, Seal, day_of, entry_hash, seal_due};
use super::entry::{Balances, Entry, Purpose};
use crate::ids::AccountId;
use crate::units::Units;

/// More than this nobody reads; the rest is counted.
const MOST_FAULTS: usize = 100;

/// Something in the books that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerFault {
    /// At which entry, where it is one's.
    pub number: Option<i64>,
    /// What, for people.
    pub what: String,
}

/// Verifies the books of one account.
#[derive(Clone, Debug)]
pub struct Verifier {
    account: AccountId,
    head: (i64, Hash),
    newest_day: i64,
    sealed: Hash,
    seals: Vec<Seal>,
    made: Balances,
    faults: Vec<LedgerFault>,
    uncounted: usize,
}

impl Verifier {
    /// Before the first entry.
    #[must_use]
    pub const fn new(account: AccountId) -> Self {
        let made = Balances { credit: Units::ZERO, pending: Units::ZERO, spend: Units::ZERO, suspense: Units::ZERO, outside: Units::ZERO };
        Self { account, head: (0, NOTHING_BEFORE), newest_day: i64::MIN, sealed: NOTHING_BEFORE, seals: Vec::new(), made, faults: Vec::new(), uncounted: 0 }
    }

    /// The next entry as stored, in ascending order, and its stored hash.
    pub fn entry(&mut self, entry: &Entry, hash: &Hash) {
        if let Some(seal) = seal_due(self.account, self.head, self.newest_day, self.sealed, entry.at) {
            self.sealed = seal.hash;
            self.seals.push(seal);
        }
        self.check(entry, hash);
        self.made.apply(entry);
        self.newest_day = self.newest_day.max(day_of(entry.at));
        // What is stored is the ground for the next, so that one wrong entry is not called wrong in all that follow.
        self.head = (entry.number, *hash);
    }

    /// After the last: `head` is what the account says of its last entry, `seals` all of them in order, `balances` what is stored.
    #[must_use]
    pub fn end(mut self, head: (i64, Hash), seals: &[Seal], balances: &Balances) -> Vec<LedgerFault> {
        if head != self.head {
            self.fault(Some(head.0), format!("the account's last entry should be number {}, the books end with number {}, or their hashes differ", head.0, self.head.0));
        }
        self.check_seals(seals);
        self.check_balances(balances);
        if self.uncounted > 0 {
            self.faults.push(LedgerFault { number: None, what: format!("and {} more", self.uncounted) });
        }
        self.faults
    }

    fn check(&mut self, entry: &Entry, hash: &Hash) {
        let (last, previous) = self.head;
        if entry.account != self.account {
            self.fault(Some(entry.number), format!("the entry belongs to {}", entry.account));
        }
        if last.checked_add(1) != Some(entry.number) {
            self.fault(Some(entry.number), format!("the entry follows number {last}: one is missing, added or moved"));
        }
        if entry.amount <= Units::ZERO {
            self.fault(Some(entry.number), format!("the amount is {}", entry.amount));
        }
        if entry_hash(&previous, entry) != *hash {
            self.fault(Some(entry.number), "the entry or the one before it is not what was written".to_owned());
        }
    }

    /// The newest day may be sealed already: no later entry has to come for it.
    fn check_seals(&mut self, seals: &[Seal]) {
        let (number, hash) = self.head;
        let newest = (number > 0).then(|| Seal::new(self.sealed, self.account, self.newest_day, number, hash));
        let mut expected = std::mem::take(&mut self.seals);
        expected.extend(newest.filter(|_| seals.len() > expected.len()));
        for place in 0..seals.len().max(expected.len()) {
            match (seals.get(place), expected.get(place)) {
                (Some(stored), Some(due)) if stored == due => {}
                (None, Some(due)) => self.fault(None, format!("the seal of day {} is missing", due.day)),
                (Some(stored), _) => self.fault(None, format!("the seal of day {} at entry {} is not the one that follows from the entries", stored.day, stored.last_number)),
                (None, None) => {}
            }
        }
    }

    fn check_balances(&mut self, stored: &Balances) {
        for purpose in Purpose::ALL {
            let (made, said) = (self.made.of(*purpose), stored.of(*purpose));
            if made != said {
                self.fault(None, format!("the entries make {} {made}, the stored balance is {said}", purpose.as_str()));
            }
        }
        if !stored.sum().is_zero() {
            self.fault(None, format!("the sum of all balances is {}", stored.sum()));
        }
    }

    fn fault(&mut self, number: Option<i64>, what: String) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(LedgerFault { number, what });
        } else {
            self.uncounted = self.uncounted.saturating_add(1);
        }
    }
}

#[cfg(test)]
#[path = "verify_tests.rs"]
mod tests;
