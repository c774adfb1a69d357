//! The sums that must hold after everything: what is shown can be derived again from what is stored.
//!
//! Knows nothing of: which test ran.

use super::harness::Harness;
use salio_domain::AccountId;
use salio_domain::Units;
use salio_domain::balance::OpenCharge;
use salio_domain::message::MessageState;
use salio_store::{MessageFilter, Store};

/// After a test: the books of its account balance, also in the next process.
pub async fn after(h: &mut Harness) {
    for snapshot in h.restart().await {
        balance(h.store(), snapshot.account, "after the test").await;
    }
}

/// Sums of an account against its rows.
pub async fn balance(store: &dyn Store, account: AccountId, story: &str) {
    let audit = store.audit(account).await.expect("audited");
    let standing = &audit.snapshot.standing;
    let messages = store.messages(&MessageFilter { account: Some(account), limit: usize::MAX >> 1, ..MessageFilter::default() }).await.expect("listed");
    let open: Units = audit.submissions.iter().map(|row| row.open.left()).sum();
    assert_eq!(standing.pending, open, "{story}: pending is the sum of open charges");
    let waiting: Units = messages.iter().filter(|row| matches!(row.state, MessageState::Queued | MessageState::Scheduled)).map(|row| row.charge).sum();
    assert_eq!((standing.queued, audit.queued), (waiting, waiting), "{story}: queued is the sum of what waits");
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

fn last_shown(open: &[OpenCharge], base: Option<Units>) -> Option<Units> {
    base.map(|base| base.minus(open.iter().map(OpenCharge::left).sum()))
}
