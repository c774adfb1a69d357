//! Messages come in: durable, whole or not at all, once under a key.

use std::time::Duration;

use salio_domain::ids::BatchId;
use salio_domain::message::MessageState;
use salio_domain::{AccountId, Units};
use salio_store::*;

use super::harness::{Harness, whole};

fn key(scope: &str, key: &str, body: u8) -> IdempotencyKey {
    IdempotencyKey { scope: scope.to_owned(), key: key.to_owned(), body_sha256: [body; 32] }
}

async fn accept_under(h: &mut Harness, key: &IdempotencyKey, answer: &str) -> Acceptance {
    let message = h.message(1, 2);
    let new = h.new_messages(vec![message]);
    h.store().accept(NewMessages { idempotency: Some((key.clone(), answer.to_owned())), ..new }).await.unwrap()
}

fn replayed(acceptance: Acceptance) -> Option<Replay> {
    match acceptance {
        Acceptance::Replayed(replay) => Some(replay),
        Acceptance::Accepted(_) | Acceptance::Short(_) => None,
    }
}

pub async fn accepted_messages_wait_and_their_charges_are_queued(h: &mut Harness) {
    let before = h.snapshot().await;
    let (one, two) = (h.message(1, 2), h.message(2, 3));
    let id = one.id;
    let after = h.accept(vec![NewMessage { reference: Some("order 7".to_owned()), ..one }, two]).await;
    assert!(after.version > before.version);
    assert_eq!((after.standing.queued, after.standing.pending, after.standing.estimate()), (whole(5), Units::ZERO, None));
    assert_eq!(after, h.snapshot().await);
    let detail = h.detail(id).await;
    let row = detail.row;
    assert_eq!((row.id, row.account, row.batch, row.to.as_str()), (id, h.account, None, "254712345001"));
    assert_eq!((row.sender.as_str(), row.text.as_str(), row.reference.as_deref()), ("SHOP", "Hello 1", Some("order 7")));
    assert_eq!((row.state, row.segments, row.charge, row.attempts), (MessageState::Queued, 2, whole(2), 0));
    assert_eq!((row.created_at, row.updated_at, row.send_at, row.valid_until), (h.now, h.now, None, None));
    assert_eq!((row.cause, row.next_try_at), (None, Some(h.now)));
    assert_eq!(detail.timeline, vec![Step { at: h.now, state: MessageState::Queued, cause: None, submission: None }]);
    assert!(detail.provider_message_ids.is_empty());
    assert_eq!(h.store().next_due(h.account).await.unwrap(), Some(h.now));
}

pub async fn a_message_of_later_is_scheduled(h: &mut Harness) {
    let (later, past) = (h.now.after(Duration::from_mins(10)), h.now.before(Duration::from_mins(10)));
    let (one, two) = (h.message(1, 2), h.message(2, 3));
    let (one_id, two_id) = (one.id, two.id);
    let after = h.accept(vec![NewMessage { send_at: Some(later), ..one }]).await;
    assert_eq!(after.standing.queued, whole(2));
    assert_eq!(h.store().next_due(h.account).await.unwrap(), Some(later));
    h.accept(vec![NewMessage { send_at: Some(past), ..two }]).await;
    let (one, two) = (h.detail(one_id).await.row, h.detail(two_id).await.row);
    assert_eq!((one.state, one.next_try_at, one.send_at), (MessageState::Scheduled, Some(later), Some(later)));
    assert_eq!((two.state, two.next_try_at, two.send_at), (MessageState::Queued, Some(h.now), Some(past)));
    assert_eq!(h.store().next_due(h.account).await.unwrap(), Some(h.now));
}

pub async fn messages_are_accepted_whole_or_not_at_all(h: &mut Harness) {
    let taken = h.queue(&[1]).await[0];
    let before = h.snapshot().await;
    let (good, bad) = (h.message(2, 1), h.message(3, 1));
    let good_id = good.id;
    let new = h.new_messages(vec![good, NewMessage { id: taken, ..bad }]);
    let new = NewMessages { idempotency: Some((key("a", "k", 1), "never".to_owned())), ..new };
    assert!(h.store().accept(new).await.is_err());
    assert_eq!(h.snapshot().await, before);
    assert!(matches!(h.store().message(good_id).await, Err(StoreError::NotFound { .. })));
    assert_eq!(h.store().replay(&key("a", "k", 1)).await.unwrap(), None, "a key without messages is no key");
}

pub async fn an_account_nobody_knows_accepts_nothing(h: &mut Harness) {
    let message = h.message(1, 1);
    let id = message.id;
    let new = NewMessages { account: AccountId::from_raw(77), ..h.new_messages(vec![message]) };
    assert!(matches!(h.store().accept(new).await, Err(StoreError::NotFound { .. })));
    assert!(matches!(h.store().message(id).await, Err(StoreError::NotFound { .. })));
    assert!(matches!(h.store().snapshot(AccountId::from_raw(77)).await, Err(StoreError::NotFound { .. })));
}

pub async fn the_same_key_and_body_give_the_first_answer(h: &mut Harness) {
    let key = key("token 1 POST /messages", "order-7", 1);
    assert_eq!(h.store().replay(&key).await.unwrap(), None);
    assert_eq!(replayed(accept_under(h, &key, "first").await), None);
    let before = h.snapshot().await;
    assert_eq!(replayed(accept_under(h, &key, "second").await), Some(Replay::Same("first".to_owned())));
    assert_eq!(h.store().replay(&key).await.unwrap(), Some(Replay::Same("first".to_owned())));
    assert_eq!(h.snapshot().await, before, "a replay changes nothing");
    assert_eq!(before.standing.queued, whole(2));
}

pub async fn the_same_key_with_another_body_is_told_apart(h: &mut Harness) {
    accept_under(h, &key("a", "k", 1), "first").await;
    assert_eq!(replayed(accept_under(h, &key("a", "k", 2), "second").await), Some(Replay::OtherBody));
    assert_eq!(h.store().replay(&key("a", "k", 2)).await.unwrap(), Some(Replay::OtherBody));
    assert_eq!(h.snapshot().await.standing.queued, whole(2));
}

pub async fn keys_belong_to_their_scope(h: &mut Harness) {
    accept_under(h, &key("a", "k", 1), "of a").await;
    assert_eq!(replayed(accept_under(h, &key("b", "k", 1), "of b").await), None);
    assert_eq!(h.store().replay(&key("a", "k", 1)).await.unwrap(), Some(Replay::Same("of a".to_owned())));
    assert_eq!(h.store().replay(&key("b", "k", 1)).await.unwrap(), Some(Replay::Same("of b".to_owned())));
}

pub async fn a_key_is_kept_for_seven_days(h: &mut Harness) {
    let key = key("a", "k", 1);
    accept_under(h, &key, "first").await;
    h.now = h.now.after(IDEMPOTENCY_KEPT).before(Duration::from_secs(1));
    assert_eq!(replayed(accept_under(h, &key, "second").await), Some(Replay::Same("first".to_owned())));
    h.wait(2);
    assert_eq!(replayed(accept_under(h, &key, "third").await), None);
    assert_eq!(replayed(accept_under(h, &key, "fourth").await), Some(Replay::Same("third".to_owned())));
    assert_eq!(h.snapshot().await.standing.queued, whole(4));
}

pub async fn keys_and_messages_survive_a_restart(h: &mut Harness) {
    let key = key("a", "k", 1);
    accept_under(h, &key, "first").await;
    let waiting = h.queue(&[4]).await[0];
    let before = h.detail(waiting).await;
    let opened = h.restart().await;
    assert_eq!(opened[0].standing.queued, whole(6));
    assert_eq!(h.detail(waiting).await, before);
    assert_eq!(replayed(accept_under(h, &key, "second").await), Some(Replay::Same("first".to_owned())));
}

pub async fn the_last_id_is_the_largest_of_all_kinds(h: &mut Harness) {
    let opened = h.store().last_id().await.unwrap();
    assert!(opened >= h.account.raw());
    let message = h.queue(&[1]).await[0];
    assert_eq!(h.store().last_id().await.unwrap(), message.raw().max(opened));
    let begun = h.begin(1).await;
    assert_eq!(h.store().last_id().await.unwrap(), begun.id.raw().max(opened));
    let message = h.message(2, 1);
    let (id, batch) = (message.id, BatchId::from_raw(h.id() + 1_000_000_000));
    let new = NewMessages { batch: Some(NewBatch { id: batch, lines: 1, refused: 0, duplicates: 0 }), ..h.new_messages(vec![message]) };
    h.store().accept(new).await.unwrap();
    assert_eq!(h.store().last_id().await.unwrap(), batch.raw());
    h.restart().await;
    assert_eq!(h.store().last_id().await.unwrap(), batch.raw());
    assert_eq!(h.detail(id).await.row.batch, Some(batch));
}

pub async fn what_has_not_left_can_be_taken_back(h: &mut Harness) {
    let queued = h.queue(&[2]).await[0];
    let later = h.message(5, 3);
    let scheduled = later.id;
    h.accept(vec![NewMessage { send_at: Some(h.now.after(Duration::from_mins(5))), ..later }]).await;
    h.wait(1);
    let (row, snapshot) = h.store().cancel(queued, h.now).await.unwrap();
    assert_eq!((row.id, row.state, row.next_try_at, row.updated_at), (queued, MessageState::Cancelled, None, h.now));
    assert_eq!(row.cause.as_deref(), Some("cancelled"));
    assert_eq!((snapshot.standing.queued, snapshot.standing.pending), (whole(3), Units::ZERO));
    let (_, snapshot) = h.store().cancel(scheduled, h.now).await.unwrap();
    assert_eq!((snapshot.standing.queued, h.store().next_due(h.account).await.unwrap()), (Units::ZERO, None));
    assert_eq!(h.detail(queued).await.timeline.iter().map(|step| step.state).collect::<Vec<_>>(), vec![MessageState::Queued, MessageState::Cancelled]);
    assert!(h.try_begin(10).await.begun.is_empty());
    assert!(matches!(h.store().cancel(queued, h.now).await, Err(StoreError::Conflict { .. })), "twice");
}

pub async fn what_has_left_cannot_be_taken_back(h: &mut Harness) {
    let message = h.queue(&[2]).await[0];
    let begun = h.begin(1).await;
    assert!(matches!(h.store().cancel(message, h.now).await, Err(StoreError::Conflict { .. })));
    h.end(begun.id, vec![super::harness::sent("x")]).await;
    assert!(matches!(h.store().cancel(message, h.now).await, Err(StoreError::Conflict { .. })));
    assert_eq!(h.detail(message).await.row.state, MessageState::Sent);
    let nobody = salio_domain::MessageId::from_raw(7);
    assert!(matches!(h.store().cancel(nobody, h.now).await, Err(StoreError::NotFound { .. })));
}
