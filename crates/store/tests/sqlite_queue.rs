//! A long queue: claims take what may go, in order, and do not slow down behind what may not.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod sqlite_support;

use std::time::Duration;

use salio_domain::message::{MessageState, Priority};
use salio_domain::{MessageId, Units};
use salio_store::*;
use sqlite_support::*;

const MANY: i64 = 10_000;

#[tokio::test]
async fn ten_thousand_leave_in_order_by_priority() {
    let place = Place::new();
    let (store, account) = place.open().await;
    for start in (0..MANY).step_by(1000) {
        let priority = |id| [Priority::Bulk, Priority::Normal, Priority::High][(id % 3) as usize];
        let messages = (start + 1..=start + 1000).map(|id| NewMessage { priority: priority(id), ..message(id) }).collect();
        store.accept(new(&account, messages)).await.unwrap();
    }
    let mut expected: Vec<i64> = (1..=MANY).collect();
    expected.sort_by_key(|id| (2 - id % 3, *id));
    let mut left = Vec::new();
    for submission in 0..MANY / 20 {
        let begun = begin(&store, account.account, MANY * 2 + submission, 20, NOW).await.begun.remove(0);
        assert_eq!(begun.messages.len(), 20);
        left.extend(begun.messages.iter().map(|message| message.id.raw()));
    }
    assert_eq!(left, expected);
    assert!(begin(&store, account.account, MANY * 3, 20, NOW).await.begun.is_empty());
    let standing = store.snapshot(account.account).await.unwrap().standing;
    assert_eq!((standing.queued, standing.pending, standing.in_flight), (Units::ZERO, Units::whole(MANY), MANY / 20));
    assert_eq!(store.next_due(account.account).await.unwrap(), None);
}

#[tokio::test]
async fn what_is_scheduled_for_later_is_not_walked_over_and_comes_in_time() {
    let place = Place::new();
    let (store, account) = place.open().await;
    let later = NOW.after(Duration::from_hours(1));
    let scheduled = (1..=3000).map(|id| NewMessage { send_at: Some(later), ..message(id) }).collect();
    store.accept(new(&account, scheduled)).await.unwrap();
    store.accept(new(&account, vec![message(5000)])).await.unwrap();
    assert_eq!(store.next_due(account.account).await.unwrap(), Some(NOW));
    let begun = begin(&store, account.account, 9000, 20, NOW).await.begun.remove(0);
    assert_eq!(begun.messages[0].id, MessageId::from_raw(5000));
    assert_eq!(store.next_due(account.account).await.unwrap(), Some(later));
    assert!(begin(&store, account.account, 9001, 20, NOW).await.begun.is_empty());
    let mut left = 0;
    for submission in 9002.. {
        let Some(begun) = begin(&store, account.account, submission, 20, later).await.begun.pop() else { break };
        left += begun.messages.len();
    }
    assert_eq!(left, 3000);
    let timeline = store.message(MessageId::from_raw(1)).await.unwrap().timeline;
    assert_eq!(timeline.iter().map(|step| step.state).collect::<Vec<_>>(), [MessageState::Scheduled, MessageState::Queued, MessageState::Submitting]);
}

#[tokio::test]
async fn a_crowd_past_its_time_expires_over_several_claims_and_hides_nobody() {
    let place = Place::new();
    let (store, account) = place.open().await;
    let late = (1..=2500).map(|id| NewMessage { valid_until: Some(NOW), ..message(id) });
    store.accept(new(&account, late.chain([message(5000)]).collect())).await.unwrap();
    let (mut expired, mut begun) = (0, Vec::new());
    for submission in 9000..9010 {
        let outcome = begin(&store, account.account, submission, 20, NOW.after(Duration::from_secs(1))).await;
        expired += outcome.expired.len();
        begun.extend(outcome.begun.into_iter().flat_map(|begun| begun.messages));
    }
    assert_eq!((expired, begun.len(), begun[0].id), (2500, 1, MessageId::from_raw(5000)));
    assert_eq!(store.audit(account.account).await.unwrap().queued, Units::ZERO);
    assert_eq!(store.message(MessageId::from_raw(7)).await.unwrap().row.state, MessageState::Expired);
}
