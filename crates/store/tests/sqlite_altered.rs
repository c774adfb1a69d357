//! Whoever alters the books' tables past Salio is found out, and the row is named.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod sqlite_support;

use salio_domain::ledger::EntryKind;
use salio_store::*;
use sqlite_support::*;

/// A submission that was taken (90), one in doubt (91), one taken back from pending (92); then the change, and what is found.
async fn strays_after(change: &str) -> Vec<String> {
    let place = Place::new();
    let (store, account) = place.open().await;
    for (submission, number) in [(90, 1), (91, 2), (92, 3)] {
        store.accept(new(&account, vec![message(number)])).await.unwrap();
        let begun = begin(&store, account.account, submission, 20, NOW).await.begun.remove(0);
        end(&store, &begun, vec![if submission == 90 { sent("made-up") } else { in_doubt() }], NOW).await;
    }
    let settle = Settle { message: salio_domain::MessageId::from_raw(3), settlement: Settlement::NotSent, by: "person", idempotency: None, now: NOW };
    store.settle(settle).await.unwrap();
    assert_eq!(store.ledger_strays().await.unwrap(), Vec::<String>::new());
    let connection = place.connect();
    connection.execute_batch("DROP TRIGGER ledger_entries_are_never_edited; DROP TRIGGER ledger_entries_are_kept; PRAGMA foreign_keys = OFF").unwrap();
    connection.execute_batch(change).unwrap();
    store.ledger_strays().await.unwrap()
}

#[tokio::test]
async fn an_altered_submission_is_named() {
    for (change, named) in [
        ("UPDATE submissions SET charge = charge + 1 WHERE submission_id = 90", "the submission 90 says"),
        ("UPDATE submissions SET charge = 0 WHERE submission_id = 91", "the submission 91 says"),
        ("UPDATE submissions SET voided = 1 WHERE submission_id = 90", "the submission 90 says"),
        ("UPDATE submissions SET voided = 0 WHERE submission_id = 92", "the submission 92 says"),
        ("UPDATE submissions SET books_pending = 1 WHERE submission_id = 90", "the submission 90 says"),
        ("UPDATE submissions SET books_pending = 0, books_suspense = 1000000 WHERE submission_id = 91", "the submission 91 says"),
        ("UPDATE submissions SET books_carried = 1 WHERE submission_id = 91", "the submission 91 says"),
        ("UPDATE submissions SET books_carried = 0 WHERE submission_id = 90", "the submissions of onfon from before its books say"),
        ("UPDATE ledger_entries SET submission_id = 90 WHERE submission_id = 91", "the submission 91 says"),
        ("DELETE FROM submissions WHERE submission_id = 90", "entry 1 is of a submission that is not there (90)"),
    ] {
        let strays = strays_after(change).await;
        assert!(strays.iter().any(|stray| stray.starts_with(named)), "{change}: {strays:?}");
    }
}

#[tokio::test]
async fn an_altered_kind_is_a_fault_of_its_entry() {
    let place = Place::new();
    let (store, account) = place.open().await;
    store.accept(new(&account, vec![message(1)])).await.unwrap();
    begin(&store, account.account, 90, 20, NOW).await;
    place.connect().execute_batch("DROP TRIGGER ledger_entries_are_never_edited; UPDATE ledger_entries SET kind = 'charge_forgotten' WHERE number = 1").unwrap();
    let rows = store.ledger(account.account, 0, 10).await.unwrap();
    let read: Vec<_> = rows.iter().map(|row| (row.entry.number, row.entry.kind, row.strange_kind.as_deref())).collect();
    assert_eq!(read, [(1, EntryKind::ChargePending, Some("charge_forgotten"))]);
    assert!(!store.ledger_strays().await.unwrap().is_empty());
}
