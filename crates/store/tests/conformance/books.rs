//! The sums that must hold after everything: what is shown can be derived again from what is stored, and the books verify.
//!
//! Knows nothing of: which test ran.

use super::harness::{Harness, sweep};
use salio_domain::AccountId;
use salio_domain::Units;
use salio_domain::balance::OpenCharge;
use salio_domain::ledger::Verifier;
use salio_domain::message::MessageState;
use salio_store::{Audit, BatchFilter, BatchRow, BatchSource, BatchState, MessageFilter, MessageRow, StateCounts, Store};

/// More than any test has.
const ALL: usize = 100_000;

/// After a test: the books of its accounts balance, also in the next process, and when everything is swept.
pub async fn after(h: &mut Harness) {
    let opened = h.restart().await;
    for snapshot in &opened {
        balance(h.store(), snapshot.account, "after the test").await;
    }
    sweep(h.store(), h.now, 1000).await;
    for snapshot in opened {
        balance(h.store(), snapshot.account, "after the last sweep").await;
        swept(h.store(), snapshot.account, "after the last sweep").await;
    }
}

async fn messages(store: &dyn Store, account: AccountId) -> Vec<MessageRow> {
    store.messages(&MessageFilter { account: Some(account), limit: ALL, ..MessageFilter::default() }).await.expect("listed")
}

async fn batches(store: &dyn Store, account: AccountId) -> Vec<BatchRow> {
    store.batches(&BatchFilter { account: Some(account), limit: ALL, ..BatchFilter::default() }).await.expect("listed")
}

fn waits(row: &MessageRow) -> bool {
    matches!(row.state, MessageState::Queued | MessageState::Scheduled)
}

/// Sums of an account against its rows.
pub async fn balance(store: &dyn Store, account: AccountId, story: &str) {
    let audit = store.audit(account).await.expect("audited");
    let (messages, batches) = (messages(store, account).await, batches(store, account).await);
    sums(&audit, &messages, story);
    queued(&audit, &messages, &batches, story);
    for batch in &batches {
        counters(batch, &messages, story);
    }
    ledger(store, account, &audit, &messages, story).await;
}

fn sums(audit: &Audit, messages: &[MessageRow], story: &str) {
    let standing = &audit.snapshot.standing;
    let open: Units = audit.submissions.iter().map(|row| row.open.left()).sum();
    assert_eq!(standing.pending, open, "{story}: pending is the sum of open charges");
    let running = audit.submissions.iter().filter(|row| row.open.ended.is_none()).count();
    assert_eq!(standing.in_flight, i64::try_from(running).expect("few"), "{story}: in flight");
    let unknown = messages.iter().filter(|row| row.state == MessageState::Unknown).count();
    assert_eq!(standing.unknown_messages, i64::try_from(unknown).expect("few"), "{story}: unknown");
    let submitting = messages.iter().any(|row| row.state == MessageState::Submitting);
    assert_eq!(submitting, running > 0, "{story}: what is being submitted belongs to a running submission");
    for row in &audit.submissions {
        assert!(!row.open.sure.is_negative() && !row.open.doubtful.is_negative() && row.open.left().plus(row.voided) <= row.charge, "{story}: {row:?}");
    }
    assert_eq!(last_shown(&audit.submissions.iter().map(|row| row.open).collect::<Vec<_>>(), standing.base.map(|base| base.units)), standing.estimate(), "{story}");
}

/// What counts as queued: what waits and is of no batch or of a released one. Of one that is released in part, only what is not taken back: not to be seen from here.
fn queued(audit: &Audit, messages: &[MessageRow], batches: &[BatchRow], story: &str) {
    let queued = audit.snapshot.standing.queued;
    assert_eq!(queued, audit.queued, "{story}: queued is what the auditors find");
    let waiting: Units = messages.iter().filter(|row| waits(row) && is_released(row, batches)).map(|row| row.charge).sum();
    let in_part = batches.iter().any(|batch| batch.source != BatchSource::List && batch.released_at.is_some());
    assert!(if in_part { queued <= waiting } else { queued == waiting }, "{story}: {queued} are queued, {waiting} wait");
}

fn is_released(row: &MessageRow, batches: &[BatchRow]) -> bool {
    row.batch.is_none_or(|id| batches.iter().any(|batch| batch.id == id && batch.released_at.is_some()))
}

/// The counters of a batch against its messages.
fn counters(batch: &BatchRow, messages: &[MessageRow], story: &str) {
    let own = || messages.iter().filter(|row| row.batch == Some(batch.id));
    let mut counts = StateCounts::default();
    own().for_each(|row| counts.add(row.state, 1));
    assert_eq!(batch.counts, counts, "{story}: messages by state of {batch:?}");
    assert_eq!(batch.messages, i64::try_from(own().count()).expect("few"), "{story}: {batch:?}");
    assert_eq!(batch.charge, own().map(|row| row.charge).sum(), "{story}: {batch:?}");
    let stands =
        |row: &&MessageRow| matches!(row.state, MessageState::Submitting | MessageState::Sent | MessageState::Delivered | MessageState::Undelivered | MessageState::Unknown);
    assert_eq!(batch.spent, own().filter(stands).map(|row| row.charge).sum(), "{story}: {batch:?}");
    assert_eq!(batch.ended_at.is_some(), batch.released_at.is_some() && counts.waiting() == 0, "{story}: {batch:?}");
    match batch.state {
        BatchState::Receiving | BatchState::Refused => assert_eq!(batch.released_at, None, "{story}: {batch:?}"),
        BatchState::Running | BatchState::Paused => assert!(batch.released_at.is_some(), "{story}: {batch:?}"),
        BatchState::Cancelled => assert!(batch.released_at.is_some() || batch.begun_at.is_none(), "{story}: {batch:?}"),
    }
}

/// The books verify, page after page, and say what the submissions say.
async fn ledger(store: &dyn Store, account: AccountId, audit: &Audit, messages: &[MessageRow], story: &str) {
    let head = store.ledger_head(account).await.expect("books");
    let (mut verifier, mut after) = (Verifier::new(account), 0);
    loop {
        let rows = store.ledger(account, after, 50).await.expect("books");
        let Some(last) = rows.last() else { break };
        after = last.entry.number;
        rows.iter().for_each(|row| verifier.entry(&row.entry, &row.hash));
    }
    assert_eq!(verifier.end(head.head, &head.seals, &head.balances), vec![], "{story}: the books verify");
    assert_eq!(store.ledger_strays().await.expect("books"), Vec::<String>::new(), "{story}: each submission says what its entries say");
    let balances = &head.balances;
    assert!(balances.sum().is_zero(), "{story}: {balances:?}");
    assert_eq!((balances.pending, balances.suspense), head.submissions, "{story}: the books say what the submissions say");
    let stands: Units = audit.submissions.iter().map(|row| row.charge.minus(row.voided)).sum();
    assert_eq!(balances.spend.plus(balances.pending).plus(balances.suspense), stands, "{story}: what was begun and not voided");
    assert_eq!(balances.credit, Units::ZERO.minus(stands), "{story}: all of it came from the credit");
    let open: Units = messages.iter().filter(|row| matches!(row.state, MessageState::Submitting | MessageState::Unknown)).map(|row| row.charge).sum();
    let held = balances.pending.plus(balances.suspense);
    let resent = messages.iter().any(|row| row.resends > 0 || was_to_be_resent(row));
    assert!(if resent { held >= open } else { held == open }, "{story}: {held} are in the books as pending or suspense, {open} are in doubt or on their way");
}

/// It may wait to be sent again: its first charge is in doubt still.
fn was_to_be_resent(row: &MessageRow) -> bool {
    row.attempts > 0 && waits(row)
}

/// When everything is swept, nothing waits in a batch that is not sent, and all that waits in others is queued.
pub async fn swept(store: &dyn Store, account: AccountId, story: &str) {
    let (messages, batches) = (messages(store, account).await, batches(store, account).await);
    let lost = |row: &MessageRow| batches.iter().any(|batch| row.batch == Some(batch.id) && matches!(batch.state, BatchState::Cancelled | BatchState::Refused));
    assert!(!messages.iter().any(|row| waits(row) && lost(row)), "{story}: nothing of them waits");
    let waiting: Units = messages.iter().filter(|row| waits(row) && is_released(row, &batches)).map(|row| row.charge).sum();
    assert_eq!(store.audit(account).await.expect("audited").queued, waiting, "{story}: all that waits is queued");
}

fn last_shown(open: &[OpenCharge], base: Option<Units>) -> Option<Units> {
    base.map(|base| base.minus(open.iter().map(OpenCharge::left).sum()))
}
