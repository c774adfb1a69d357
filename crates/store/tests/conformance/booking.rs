//! The books: what each event writes, how entries are chained, and when a day is sealed.

use std::time::Duration;

use salio_domain::ledger::EntryKind::{ChargePending, ChargePosted, ChargeSuspended, ChargeVoided, SuspensePosted, SuspenseVoided};
use salio_domain::ledger::{NOTHING_BEFORE, day_of, entry_hash};
use salio_domain::message::MessageState;
use salio_domain::{AccountId, Units};
use salio_store::*;

use super::harness::{Harness, again, given_up, in_doubt, rejected, sent, whole};

const DAY: Duration = Duration::from_hours(24);

pub async fn a_submission_is_booked_at_its_begin_and_end(h: &mut Harness) {
    assert_eq!((h.entries().await, h.head().await.head), (vec![], (0, NOTHING_BEFORE)));
    h.queue(&[1, 2, 4, 8, 16]).await;
    let begun = h.begin(20).await;
    assert_eq!(h.entries().await, vec![(ChargePending, whole(31))]);
    h.wait(2);
    h.end(begun.id, vec![sent("p-1"), rejected(), again(h.now), given_up(), in_doubt()]).await;
    assert_eq!(h.entries().await, vec![(ChargePending, whole(31)), (ChargePosted, whole(1)), (ChargeVoided, whole(14))]);
    let rows = h.store().ledger(h.account, 0, 10).await.unwrap();
    assert!(rows.iter().all(|row| row.entry.submission == Some(begun.id) && row.entry.message.is_none() && row.entry.account == h.account));
    assert_eq!(rows.iter().map(|row| row.entry.at).collect::<Vec<_>>(), vec![h.now.before(Duration::from_secs(2)), h.now, h.now]);
    let head = h.head().await;
    assert_eq!((head.balances.pending, head.balances.spend, head.balances.credit, head.submissions), (whole(16), whole(1), whole(-17), (whole(16), Units::ZERO)));
}

pub async fn entries_are_numbered_and_chained(h: &mut Harness) {
    h.send(&[3]).await;
    h.send(&[4]).await;
    let rows = h.store().ledger(h.account, 0, 10).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.entry.number).collect::<Vec<_>>(), vec![1, 2, 3, 4]);
    let mut previous = NOTHING_BEFORE;
    for row in &rows {
        assert_eq!(row.hash, entry_hash(&previous, &row.entry));
        previous = row.hash;
    }
    assert_eq!(h.head().await.head, (4, previous));
    assert_eq!(h.store().ledger(h.account, 1, 2).await.unwrap(), rows[1..3].to_vec(), "after a number, at most so many");
    h.restart().await;
    assert_eq!((h.store().ledger(h.account, 0, 10).await.unwrap(), h.head().await.head), (rows, (4, previous)), "also across restarts");
    h.send(&[5]).await;
    assert_eq!(h.head().await.head.0, 6);
    assert!(matches!(h.store().ledger(AccountId::from_raw(77), 0, 10).await.map(|rows| rows.len()), Ok(0) | Err(StoreError::NotFound { .. })));
}

pub async fn nothing_to_charge_writes_nothing(h: &mut Harness) {
    h.send(&[0]).await;
    h.send_in_doubt(&[0]).await;
    assert_eq!(h.entries().await, vec![]);
}

pub async fn a_day_is_sealed_by_the_first_entry_of_a_later_one(h: &mut Harness) {
    h.send(&[3]).await;
    let (first, head) = (day_of(h.now), h.head().await.head);
    assert_eq!(h.head().await.seals, vec![]);
    h.now = h.now.after(DAY * 2);
    h.restart().await;
    assert_eq!(h.head().await.seals, vec![], "time alone seals nothing");
    h.send(&[4]).await;
    let seals = h.head().await.seals;
    assert_eq!((seals.len(), seals[0].day, seals[0].last_number, seals[0].last_hash, seals[0].previous), (1, first, 2, head.1, NOTHING_BEFORE));
    h.now = h.now.after(DAY);
    h.send(&[5]).await;
    let seals = h.head().await.seals;
    assert_eq!((seals.len(), seals[1].day, seals[1].last_number, seals[1].previous), (2, first + 2, 4, seals[0].hash));
}

pub async fn a_clock_that_goes_back_opens_no_day_again(h: &mut Harness) {
    h.send(&[3]).await;
    h.now = h.now.after(DAY);
    h.send(&[3]).await;
    h.now = h.now.before(DAY * 2);
    h.send(&[3]).await;
    assert_eq!(h.head().await.seals.len(), 1);
    assert_eq!(h.store().ledger(h.account, 4, 1).await.unwrap()[0].entry.at, h.now, "the entry keeps its own time");
    h.now = h.now.after(DAY * 2);
    h.send(&[3]).await;
    assert_eq!(h.head().await.seals.len(), 1, "that day was not over");
    h.now = h.now.after(DAY);
    h.send(&[3]).await;
    let seals = h.head().await.seals;
    assert_eq!((seals.len(), seals[1].last_number), (2, 8));
}

pub async fn evidence_is_booked_on_its_message(h: &mut Harness) {
    let (one, two) = (h.doubtful(1, 3).await, h.doubtful(2, 4).await);
    h.wait(1);
    h.settle(one, Settlement::Sent).await;
    h.settle(two, Settlement::NotSent).await;
    let rows = h.store().ledger(h.account, 2, 10).await.unwrap();
    let told: Vec<_> = rows.iter().map(|row| (row.entry.kind, row.entry.amount, row.entry.message, row.entry.at)).collect();
    assert_eq!(told, vec![(ChargePosted, whole(3), Some(one), h.now), (ChargeVoided, whole(4), Some(two), h.now)]);
    assert_eq!(h.head().await.balances.spend, whole(3));
}

/// 3 in doubt that the provider never charged and nobody waits for any more.
async fn suspended(h: &mut Harness) -> salio_domain::MessageId {
    h.said(100).await;
    let id = h.doubtful(1, 3).await;
    h.wait(61);
    h.said(100).await;
    assert_eq!(h.head().await.submissions, (whole(3), Units::ZERO), "forgotten by the estimate, it is still pending in the books");
    h.now = h.now.after(DAY);
    h.said(100).await;
    id
}

pub async fn what_nobody_waits_for_is_in_suspense(h: &mut Harness) {
    suspended(h).await;
    assert_eq!(h.entries().await, vec![(ChargePending, whole(3)), (ChargeSuspended, whole(3))]);
    let head = h.head().await;
    assert_eq!((head.balances.suspense, head.balances.pending, head.submissions), (whole(3), Units::ZERO, (Units::ZERO, whole(3))));
    h.wait(100);
    h.said(100).await;
    assert_eq!(h.entries().await.len(), 2, "once");
}

pub async fn late_evidence_takes_it_out_of_suspense(h: &mut Harness) {
    let id = suspended(h).await;
    let (_, after) = h.settle(id, Settlement::Sent).await;
    assert_eq!(h.entries().await[2..], [(SuspensePosted, whole(3))]);
    assert_eq!((after.standing.pending, h.head().await.balances.spend), (Units::ZERO, whole(3)));
}

pub async fn late_evidence_of_the_contrary_voids_it(h: &mut Harness) {
    let id = suspended(h).await;
    let (row, after) = h.settle(id, Settlement::NotSent).await;
    assert_eq!(h.entries().await[2..], [(SuspenseVoided, whole(3))]);
    assert_eq!((row.state, after.standing.pending, after.standing.estimate()), (MessageState::Failed, Units::ZERO, Some(whole(100))));
    assert_eq!(h.head().await.balances.credit, Units::ZERO);
}

pub async fn charges_that_are_sure_are_never_in_suspense(h: &mut Harness) {
    h.said(100).await;
    h.send(&[3]).await;
    h.wait(61);
    h.said(100).await;
    h.now = h.now.after(DAY);
    h.said(100).await;
    assert_eq!(h.entries().await, vec![(ChargePending, whole(3)), (ChargePosted, whole(3))]);
}

pub async fn accounts_keep_books_of_their_own(h: &mut Harness) {
    h.defs.push(super::harness::account_def("onfon-two", "made-up-client-two"));
    let other = h.restart().await[1].account;
    h.send(&[3]).await;
    let head = h.store().ledger_head(other).await.unwrap();
    assert_eq!((head.head, head.seals, head.submissions), ((0, NOTHING_BEFORE), vec![], (Units::ZERO, Units::ZERO)));
    assert!(matches!(h.store().ledger_head(AccountId::from_raw(77)).await, Err(StoreError::NotFound { .. })));
}
