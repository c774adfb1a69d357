//! The books: known answers for the hashes, when a day is sealed, and that honest books have no fault.

use proptest::prelude::*;

use super::*;
use crate::ids::{AccountId, MessageId, SubmissionId};
use crate::time::Timestamp;
use crate::units::Units;

pub(super) const ACCOUNT: AccountId = AccountId::from_raw(7);
pub(super) const DAY: i64 = 86_400_000_000;

/// What a store keeps of one account's books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Books {
    pub(super) rows: Vec<(Entry, Hash)>,
    pub(super) seals: Vec<Seal>,
    pub(super) head: (i64, Hash),
    pub(super) newest_day: i64,
    pub(super) balances: Balances,
}

impl Books {
    pub(super) fn new() -> Self {
        Self { rows: vec![], seals: vec![], head: (0, NOTHING_BEFORE), newest_day: i64::MIN, balances: Balances::default() }
    }

    pub(super) fn last_seal(&self) -> Hash {
        self.seals.last().map_or(NOTHING_BEFORE, |seal| seal.hash)
    }

    pub(super) fn write(&mut self, at: Timestamp, kind: EntryKind, amount: i64) {
        self.seals.extend(seal_due(ACCOUNT, self.head, self.newest_day, self.last_seal(), at));
        let number = self.head.0 + 1;
        let entry = Entry {
            account: ACCOUNT,
            number,
            at,
            kind,
            amount: Units::from_micros(amount),
            submission: Some(SubmissionId::from_raw(9)),
            message: Some(MessageId::from_raw(number)),
        };
        self.head = (number, entry_hash(&self.head.1, &entry));
        self.newest_day = self.newest_day.max(day_of(at));
        self.balances.apply(&entry);
        self.rows.push((entry, self.head.1));
    }

    pub(super) fn faults(&self) -> Vec<LedgerFault> {
        let mut verifier = Verifier::new(ACCOUNT);
        for (entry, hash) in &self.rows {
            verifier.entry(entry, hash);
        }
        verifier.end(self.head, &self.seals, &self.balances)
    }

    /// As somebody would who knows how the chain is made: all hashes from a row on made to fit.
    pub(super) fn rehash(&mut self, from: usize) {
        for place in from..self.rows.len() {
            let previous = place.checked_sub(1).map_or(NOTHING_BEFORE, |before| self.rows[before].1);
            self.rows[place].1 = entry_hash(&previous, &self.rows[place].0);
        }
    }
}

/// Books of 1 to 30 entries over some days; now and then the clock steps back.
pub(super) fn books() -> impl Strategy<Value = Books> {
    let entry = (prop::sample::select(EntryKind::ALL), 1..5_000_000_i64, -DAY..2 * DAY);
    prop::collection::vec(entry, 1..30).prop_map(|entries| {
        let (mut books, mut at) = (Books::new(), 20_000 * DAY);
        for (kind, amount, step) in entries {
            at += step / 2;
            books.write(Timestamp::from_micros(at), kind, amount);
        }
        books
    })
}

fn hex(hash: Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The expected values were computed by another program from the documented encoding.
#[test]
fn the_encoding_is_fixed_for_good() {
    let first = Entry {
        account: ACCOUNT,
        number: 1,
        at: Timestamp::from_micros(1_795_000_000_123_456),
        kind: EntryKind::ChargePending,
        amount: Units::from_micros(700_000),
        submission: Some(SubmissionId::from_raw(42)),
        message: None,
    };
    let second = Entry {
        number: 2,
        at: Timestamp::from_micros(-1),
        kind: EntryKind::CarriedSuspense,
        amount: Units::from_micros(1),
        submission: None,
        message: Some(MessageId::from_raw(99)),
        ..first
    };
    let one = entry_hash(&NOTHING_BEFORE, &first);
    let two = entry_hash(&one, &second);
    assert_eq!(hex(one), "b2f2afd68d6c9915df70c0938e0bcfde364e2881d0f00f4cbf8f80f8ff0f83b8");
    assert_eq!(hex(two), "270ac9d8fe0685bfba0b1b7dd779826c65e593fa94722b7ae8741301a5eb30e2");
    let seal = seal_hash(&NOTHING_BEFORE, ACCOUNT, 20775, 2, &two);
    assert_eq!(hex(seal), "c3f067548402fd146d6941cdc91cdabb9d994550caa84bcef8d6cf215be65c11");
}

#[test]
fn kinds_have_fixed_sides_and_words() {
    use Purpose::{Credit, Pending, Spend, Suspense};
    let sides: Vec<(&str, Purpose, Purpose)> = EntryKind::ALL.iter().map(|kind| (kind.as_str(), kind.from(), kind.to())).collect();
    let expected = [
        ("charge_pending", Credit, Pending),
        ("charge_posted", Pending, Spend),
        ("charge_voided", Pending, Credit),
        ("charge_suspended", Pending, Suspense),
        ("suspense_posted", Suspense, Spend),
        ("suspense_voided", Suspense, Credit),
        ("carried_spend", Credit, Spend),
        ("carried_pending", Credit, Pending),
        ("carried_suspense", Credit, Suspense),
    ];
    assert_eq!(sides, expected);
    assert!(EntryKind::ALL.iter().all(|kind| EntryKind::from_word(kind.as_str()) == Some(*kind)));
    assert!(Purpose::ALL.iter().all(|purpose| Purpose::from_word(purpose.as_str()) == Some(*purpose)));
}

#[test]
fn a_day_is_sealed_by_the_first_entry_of_a_later_day() {
    let mut books = Books::new();
    for (day, seals) in [(100, 0), (100, 0), (101, 1), (99, 1), (101, 1), (105, 2), (104, 2), (106, 3)] {
        books.write(Timestamp::from_micros(day * DAY + 5), EntryKind::ChargePending, 1);
        assert_eq!(books.seals.len(), seals, "day {day}");
    }
    assert_eq!(books.seals.iter().map(|seal| (seal.day, seal.last_number)).collect::<Vec<_>>(), [(100, 2), (101, 5), (105, 7)]);
    assert_eq!((day_of(Timestamp::from_micros(-1)), day_of(Timestamp::from_micros(0)), day_of(Timestamp::from_micros(DAY))), (-1, 0, 1));
    assert_eq!(books.faults(), []);
}

#[test]
fn empty_books_are_in_order_and_books_that_should_not_be_empty_are_not() {
    assert_eq!(Books::new().faults(), []);
    let mut written = Books::new();
    written.write(Timestamp::from_micros(0), EntryKind::CarriedSpend, 5);
    written.rows.clear();
    assert!(!written.faults().is_empty());
}

#[test]
fn faults_say_where_and_are_kept_within_bounds() {
    let mut books = Books::new();
    for number in 0..400 {
        books.write(Timestamp::from_micros(number), EntryKind::CarriedSpend, 5);
    }
    let mut one = books.clone();
    one.rows[41].0.at = Timestamp::from_micros(7);
    assert_eq!(one.faults().iter().map(|fault| fault.number).collect::<Vec<_>>(), [Some(42)]);
    for (_, hash) in &mut books.rows {
        hash[0] ^= 1;
    }
    let faults = books.faults();
    assert_eq!(faults.len(), 101);
    assert_eq!(faults.last().map(|fault| fault.what.as_str()), Some("and 301 more"), "400 entries and the head");
}

proptest! {
    #[test]
    fn honest_books_have_no_fault_and_their_sum_is_zero(books in books()) {
        let mut balances = Balances::default();
        for (entry, _) in &books.rows {
            balances.apply(entry);
            prop_assert!(balances.sum().is_zero());
        }
        prop_assert_eq!(balances, books.balances);
        prop_assert_eq!(books.faults(), vec![]);
        // The newest day may be sealed before a later one begins.
        let mut sealed = books.clone();
        sealed.seals.extend(seal_due(ACCOUNT, books.head, books.newest_day, books.last_seal(), Timestamp::from_micros(i64::MAX)));
        prop_assert_eq!(sealed.seals.len(), books.seals.len() + 1);
        prop_assert_eq!(sealed.faults(), vec![]);
    }
}
