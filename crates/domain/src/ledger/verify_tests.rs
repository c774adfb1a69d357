//! Any one change to the books is found: to an entry, a seal, the head or a balance, by somebody who knows how hashes are made or not.

use proptest::prelude::*;

use super::super::tests::{ACCOUNT, Books, DAY, books};
use super::super::{EntryKind, entry_hash};
use super::*;
use crate::ids::{MessageId, SubmissionId};
use crate::time::Timestamp;

/// Every way to change one entry while its stored hash stays, or the hash alone.
fn altered((entry, hash): (Entry, Hash)) -> Vec<(Entry, Hash)> {
    let other_kind = EntryKind::ALL.iter().copied().find(|kind| *kind != entry.kind).unwrap();
    let same_sides = EntryKind::ALL.iter().copied().find(|kind| *kind != entry.kind && kind.from() == entry.kind.from() && kind.to() == entry.kind.to());
    let mut bent = hash;
    bent[31] ^= 1;
    let one_more = |units: Units| units.plus(Units::from_micros(1));
    let mut all = vec![
        (Entry { account: AccountId::from_raw(8), ..entry }, hash),
        (Entry { number: entry.number + 1, ..entry }, hash),
        (Entry { number: entry.number - 1, ..entry }, hash),
        (Entry { at: Timestamp::from_micros(entry.at.micros() + 1), ..entry }, hash),
        (Entry { at: Timestamp::from_micros(entry.at.micros() + 3 * DAY), ..entry }, hash),
        (Entry { kind: other_kind, ..entry }, hash),
        (Entry { amount: one_more(entry.amount), ..entry }, hash),
        (Entry { amount: Units::ZERO.minus(entry.amount), ..entry }, hash),
        (Entry { submission: None, ..entry }, hash),
        (Entry { submission: Some(SubmissionId::from_raw(10)), ..entry }, hash),
        (Entry { message: None, ..entry }, hash),
        (Entry { message: entry.submission.map(|id| MessageId::from_raw(id.raw())), submission: entry.message.map(|id| SubmissionId::from_raw(id.raw())), ..entry }, hash),
        (entry, bent),
    ];
    all.extend(same_sides.map(|kind| (Entry { kind, ..entry }, hash)));
    all.retain(|changed| *changed != (entry, hash));
    all
}

/// Every way to change one seal: each field with the hash as it was, and each with a hash that fits.
fn altered_seal(seal: Seal) -> Vec<Seal> {
    let bend = |mut hash: Hash| {
        hash[5] ^= 4;
        hash
    };
    let changed = [
        Seal { account: AccountId::from_raw(8), ..seal },
        Seal { day: seal.day + 1, ..seal },
        Seal { day: seal.day - 1, ..seal },
        Seal { last_number: seal.last_number - 1, ..seal },
        Seal { last_number: seal.last_number + 1, ..seal },
        Seal { last_hash: bend(seal.last_hash), ..seal },
        Seal { previous: bend(seal.previous), ..seal },
    ];
    let refitted = changed.map(|seal| Seal::new(seal.previous, seal.account, seal.day, seal.last_number, seal.last_hash));
    changed.into_iter().chain(refitted).chain([Seal { hash: bend(seal.hash), ..seal }]).collect()
}

/// Books that differ by one thing, each with a word for it.
struct Changes<'b> {
    honest: &'b Books,
    all: Vec<(&'static str, Books)>,
}

impl Changes<'_> {
    fn add(&mut self, what: &'static str, change: impl FnOnce(&mut Books)) {
        let mut changed = self.honest.clone();
        change(&mut changed);
        self.all.push((what, changed));
    }

    fn of_entries(&mut self, place: usize, other: usize) {
        let original = self.honest.rows[place];
        let previous = place.checked_sub(1).map_or(NOTHING_BEFORE, |before| self.honest.rows[before].1);
        for row in altered(original) {
            self.add("an altered entry", |books| books.rows[place] = row);
            if row.0 != original.0 {
                self.add("an altered entry with a hash that fits", |books| books.rows[place] = (row.0, entry_hash(&previous, &row.0)));
                self.add("an altered entry and all hashes after it made to fit", |books| {
                    books.rows[place].0 = row.0;
                    books.rehash(place);
                });
            }
        }
        self.add("a missing entry", |books| _ = books.rows.remove(place));
        self.add("an entry twice", |books| books.rows.insert(place, original));
        let next = Entry { number: original.0.number + 1, ..original.0 };
        self.add("an added entry", |books| books.rows.insert(place + 1, (next, entry_hash(&original.1, &next))));
        if place != other {
            self.add("swapped rows", |books| books.rows.swap(place, other));
            self.add("swapped contents", |books| {
                books.rows.swap(place, other);
                (books.rows[place].0.number, books.rows[other].0.number) = (original.0.number, number_at(other));
            });
        }
    }

    fn of_seals(&mut self, place: usize, row: usize) {
        for seal in altered_seal(self.honest.seals[place]) {
            self.add("an altered seal", |books| books.seals[place] = seal);
        }
        self.add("a missing seal", |books| _ = books.seals.remove(place));
        self.add("a seal twice", |books| books.seals.insert(place, books.seals[place]));
        let (entry, hash) = self.honest.rows[row];
        self.add("an added seal", |books| books.seals.insert(place, Seal::new(books.seals[place].previous, ACCOUNT, books.seals[place].day - 1, entry.number, hash)));
        let other = (place + 1) % self.honest.seals.len();
        if other != place {
            self.add("swapped seals", |books| books.seals.swap(place, other));
        }
    }

    fn of_what_is_beside(&mut self, row: usize) {
        self.add("another head number", |books| books.head.0 += 1);
        self.add("another head hash", |books| books.head.1[0] ^= 1);
        let (entry, hash) = self.honest.rows[row];
        self.add("a seal of a day to come", |books| books.seals.push(Seal::new(books.last_seal(), ACCOUNT, books.newest_day + 1, entry.number, hash)));
        self.add("credit", |books| books.balances.credit = books.balances.credit.plus(Units::from_micros(1)));
        self.add("pending", |books| books.balances.pending = books.balances.pending.plus(Units::from_micros(1)));
        self.add("spend", |books| books.balances.spend = books.balances.spend.plus(Units::from_micros(1)));
        self.add("suspense", |books| books.balances.suspense = books.balances.suspense.plus(Units::from_micros(1)));
        self.add("outside", |books| books.balances.outside = books.balances.outside.plus(Units::from_micros(1)));
        self.add("two balances whose sum is still zero", |books| {
            books.balances.credit = books.balances.credit.plus(Units::from_micros(1));
            books.balances.outside = books.balances.outside.minus(Units::from_micros(1));
        });
    }
}

/// Rows are numbered from 1.
fn number_at(place: usize) -> i64 {
    i64::try_from(place).unwrap() + 1
}

proptest! {
    #[test]
    fn any_one_change_is_found(books in books(), place in any::<usize>(), other in any::<usize>()) {
        prop_assert_eq!(books.faults(), vec![]);
        let (place, other) = (place % books.rows.len(), other % books.rows.len());
        let mut changes = Changes { honest: &books, all: vec![] };
        changes.of_entries(place, other);
        changes.of_what_is_beside(place);
        if !books.seals.is_empty() {
            changes.of_seals(place % books.seals.len(), other);
        }
        prop_assert!(changes.all.len() > 30);
        for (what, changed) in changes.all {
            prop_assert!(changed != books, "{} is no change", what);
            prop_assert!(!changed.faults().is_empty(), "{} at {} was not found", what, place);
        }
    }
}
