//! Goes through the books of one account from end to end, in pages, while others go on writing them.
//!
//! Knows nothing of: what an entry means; the domain's verifier judges. It only decides what belongs to the books as they were when it began.

use salio_domain::AccountId;
use salio_domain::ledger::{LedgerFault, Verifier};
use salio_engine::store::{LedgerHead, LedgerRow, Store, StoreError};

/// Entries read at once: memory stays the same however many there are.
const PAGE: usize = 2000;

/// Where the books are read.
pub(crate) trait Books: Sync {
    /// Entries after a number, in order.
    fn entries(&self, after: i64, limit: usize) -> impl Future<Output = Result<Vec<LedgerRow>, StoreError>> + Send;
    /// What is kept beside them, all of one instant.
    fn head(&self) -> impl Future<Output = Result<LedgerHead, StoreError>> + Send;
}

/// The books that the store keeps.
pub(crate) struct Stored<'a> {
    pub store: &'a dyn Store,
    pub account: AccountId,
}

impl Books for Stored<'_> {
    async fn entries(&self, after: i64, limit: usize) -> Result<Vec<LedgerRow>, StoreError> {
        self.store.ledger(self.account, after, limit).await
    }

    async fn head(&self) -> Result<LedgerHead, StoreError> {
        self.store.ledger_head(self.account).await
    }
}

/// What came of it.
pub(crate) struct Audited {
    /// Entries gone through.
    pub entries: i64,
    /// As it was when the audit began.
    pub head: LedgerHead,
    /// None when all is right.
    pub faults: Vec<LedgerFault>,
}

/// Goes through the books of `account`.
pub(crate) async fn audit(books: &impl Books, account: AccountId) -> Result<Audited, StoreError> {
    // Read first: what is written meanwhile comes after it.
    let head = books.head().await?;
    let mut verifier = Verifier::new(account);
    let Gone { entries, last, mut faults } = go_through(books, head.head.0, &mut verifier).await?;
    faults.extend(verifier.end(head.head, &head.seals, &head.balances));
    faults.extend(against_submissions(&head));
    faults.extend(beyond(books, last).await?);
    Ok(Audited { entries, head, faults })
}

/// Faults told at most of one kind: beyond that everything is wrong.
const MOST_FAULTS: usize = 100;

struct Gone {
    entries: i64,
    /// The number of the last.
    last: i64,
    faults: Vec<LedgerFault>,
}

/// Everything up to the head.
async fn go_through(books: &impl Books, head: i64, verifier: &mut Verifier) -> Result<Gone, StoreError> {
    let (mut entries, mut last, mut faults) = (0, i64::MIN, Vec::new());
    loop {
        let rows = books.entries(last, PAGE).await?;
        for LedgerRow { entry, hash, sides, strange_kind } in rows.iter().take_while(|row| row.entry.number <= head) {
            verifier.entry(entry, hash);
            if let Some(word) = strange_kind {
                if faults.len() < MOST_FAULTS {
                    faults.push(LedgerFault { number: Some(entry.number), what: format!("its kind is {word:.40?}, which is none") });
                }
            } else if *sides != Some((entry.kind.from(), entry.kind.to())) && faults.len() < MOST_FAULTS {
                faults.push(LedgerFault { number: Some(entry.number), what: format!("its two sides are not those of {}", entry.kind.as_str()) });
            }
            (entries, last) = (entries + 1, entry.number);
        }
        if rows.len() < PAGE || rows.last().is_some_and(|row| row.entry.number > head) {
            return Ok(Gone { entries, last: last.max(head), faults });
        }
        // Hashing is work; others want their turn.
        tokio::task::yield_now().await;
    }
}

/// Entries beyond the account's own last one were added by somebody else. A page is read before the head, so that what Salio writes meanwhile is never taken for that.
async fn beyond(books: &impl Books, mut after: i64) -> Result<Option<LedgerFault>, StoreError> {
    loop {
        let rows = books.entries(after, PAGE).await?;
        let Some(newest) = rows.last().map(|row| row.entry.number) else { return Ok(None) };
        let head = books.head().await?.head.0;
        if let Some(added) = rows.iter().find(|row| row.entry.number > head) {
            return Ok(Some(LedgerFault { number: Some(added.entry.number), what: format!("the account's last entry is number {head}: one was added after it") }));
        }
        if rows.len() < PAGE {
            return Ok(None);
        }
        after = newest;
    }
}

/// The books must say of pending and doubtful charges what the submissions say.
fn against_submissions(head: &LedgerHead) -> impl Iterator<Item = LedgerFault> {
    let (pending, suspense) = head.submissions;
    let sides = [("pending", head.balances.pending, pending), ("suspense", head.balances.suspense, suspense)];
    let differing = sides.into_iter().filter(|(_, books, submissions)| books != submissions);
    differing.map(|(side, books, submissions)| LedgerFault { number: None, what: format!("the books say that {books} is in {side}, the submissions say {submissions}") })
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use salio_domain::ledger::{Balances, Entry, EntryKind, NOTHING_BEFORE, entry_hash};
    use salio_domain::{Timestamp, Units};

    use super::*;

    const ACCOUNT: AccountId = AccountId::from_raw(7);
    const AT: Timestamp = Timestamp::from_micros(1_795_000_000_000_000);

    /// Books in memory that grow by so many entries whenever a page of them is read.
    struct Kept {
        rows: Mutex<Vec<LedgerRow>>,
        grows: i64,
        /// Rows that nobody should have added.
        added: Vec<LedgerRow>,
    }

    fn next(rows: &[LedgerRow]) -> LedgerRow {
        let (number, previous) = rows.last().map_or((0, NOTHING_BEFORE), |row| (row.entry.number, row.hash));
        let kind = if number % 2 == 0 { EntryKind::ChargePending } else { EntryKind::ChargePosted };
        let entry = Entry { account: ACCOUNT, number: number + 1, at: AT, kind, amount: Units::whole(1), submission: None, message: None };
        LedgerRow { entry, hash: entry_hash(&previous, &entry), sides: Some((kind.from(), kind.to())), strange_kind: None }
    }

    fn grow(rows: &mut Vec<LedgerRow>, by: i64) {
        for _ in 0..by {
            rows.push(next(rows));
        }
    }

    impl Kept {
        fn new(entries: i64, grows: i64) -> Self {
            let mut rows = Vec::new();
            grow(&mut rows, entries);
            Self { rows: Mutex::new(rows), grows, added: Vec::new() }
        }

        fn change(&self, number: usize, change: impl FnOnce(&mut LedgerRow)) {
            change(&mut self.rows.lock().unwrap()[number - 1]);
        }

        async fn faults(&self) -> Vec<(Option<i64>, String)> {
            let audited = audit(self, ACCOUNT).await.unwrap();
            audited.faults.into_iter().map(|fault| (fault.number, fault.what)).collect()
        }
    }

    impl Books for Kept {
        async fn entries(&self, after: i64, limit: usize) -> Result<Vec<LedgerRow>, StoreError> {
            let mut rows = self.rows.lock().unwrap();
            let page = rows.iter().chain(&self.added).filter(|row| row.entry.number > after).take(limit).cloned().collect();
            grow(&mut rows, self.grows);
            Ok(page)
        }

        async fn head(&self) -> Result<LedgerHead, StoreError> {
            let rows = self.rows.lock().unwrap();
            let mut balances = Balances::default();
            rows.iter().for_each(|row| balances.apply(&row.entry));
            let head = rows.last().map_or((0, NOTHING_BEFORE), |row| (row.entry.number, row.hash));
            Ok(LedgerHead { head, seals: Vec::new(), balances, submissions: (balances.pending, balances.suspense) })
        }
    }

    #[tokio::test]
    async fn books_that_grow_meanwhile_are_right() {
        for (entries, grows) in [(0, 0), (0, 3), (1, 0), (4001, 0), (4000, 7), (5000, 100)] {
            let kept = Kept::new(entries, grows);
            let audited = audit(&kept, ACCOUNT).await.unwrap();
            assert_eq!((audited.entries, audited.faults.as_slice()), (entries, [].as_slice()), "{entries} {grows}");
        }
    }

    #[tokio::test]
    async fn one_altered_entry_is_named() {
        let kept = Kept::new(4500, 2);
        kept.change(2345, |row| row.entry.amount = Units::whole(2));
        let faults = kept.faults().await;
        assert!(faults.iter().any(|(number, _)| *number == Some(2345)), "{faults:?}");
    }

    #[tokio::test]
    async fn swapped_sides_are_named() {
        let kept = Kept::new(10, 0);
        kept.change(4, |row| row.sides = row.sides.map(|(from, to)| (to, from)));
        kept.change(5, |row| row.sides = None);
        assert_eq!(kept.faults().await.iter().filter_map(|(number, _)| *number).collect::<Vec<_>>(), [4, 5]);
    }

    #[tokio::test]
    async fn a_kind_that_is_none_is_named() {
        let kept = Kept::new(10, 0);
        kept.change(3, |row| row.strange_kind = Some("charge_forgotten".to_owned()));
        assert_eq!(kept.faults().await, [(Some(3), "its kind is \"charge_forgotten\", which is none".to_owned())]);
    }

    #[tokio::test]
    async fn an_entry_added_at_the_end_is_named() {
        for (entries, grows) in [(10, 0), (4500, 0), (4500, 3)] {
            let mut kept = Kept::new(entries, grows);
            let mut added = next(&kept.rows.lock().unwrap());
            added.entry.number = 90_000;
            kept.added.push(added);
            let faults = kept.faults().await;
            assert_eq!(faults.len(), 1, "{faults:?}");
            assert_eq!(faults[0].0, Some(90_000), "{faults:?}");
        }
    }

    #[tokio::test]
    async fn a_missing_end_is_named() {
        let kept = Kept::new(10, 0);
        let head = kept.head().await.unwrap();
        kept.rows.lock().unwrap().pop();
        struct Cut(Kept, LedgerHead);
        impl Books for Cut {
            async fn entries(&self, after: i64, limit: usize) -> Result<Vec<LedgerRow>, StoreError> {
                self.0.entries(after, limit).await
            }
            async fn head(&self) -> Result<LedgerHead, StoreError> {
                Ok(self.1.clone())
            }
        }
        let audited = audit(&Cut(kept, head), ACCOUNT).await.unwrap();
        assert_eq!(audited.entries, 9);
        assert!(audited.faults.iter().any(|fault| fault.number == Some(10)), "{:?}", audited.faults);
    }

    #[tokio::test]
    async fn submissions_that_say_otherwise_are_named() {
        let mut head = Kept::new(3, 0).head().await.unwrap();
        assert_eq!(against_submissions(&head).count(), 0);
        head.submissions = (Units::ZERO, Units::whole(1));
        let said: Vec<String> = against_submissions(&head).map(|fault| fault.what).collect();
        assert_eq!(said, ["the books say that 1.00 is in pending, the submissions say 0.00", "the books say that 0.00 is in suspense, the submissions say 1.00"]);
    }
}
