//! The credit: what it does not cover waits, what is accepted may be refused for it.

use std::time::Duration;

use salio_domain::Units;
use salio_domain::admission::{Short, SpendingRules};
use salio_domain::message::Priority;
use salio_store::*;

use super::harness::{Harness, rejected, sent, whole};

fn short(charge: i64, available: i64) -> Short {
    Short { charge: whole(charge), available: whole(available), shortfall: whole(charge - available) }
}

async fn queue_at(h: &mut Harness, priority: Priority, charges: &[i64]) {
    for (number, charge) in (0..).zip(charges) {
        let message = h.message(u32::try_from(priority.rank()).unwrap() * 100 + number, *charge);
        h.accept(vec![NewMessage { priority, ..message }]).await;
    }
}

pub async fn what_the_credit_does_not_cover_is_held(h: &mut Harness) {
    h.said(10).await;
    queue_at(h, Priority::Normal, &[4, 4, 4, 1]).await;
    let outcome = h.begin_many(5, 20).await;
    assert_eq!((outcome.begun.len(), outcome.begun[0].messages.len()), (1, 2), "also what would fit waits behind it");
    assert_eq!(outcome.short, Some(short(4, 2)));
    let held = Held { since: h.now, rank: 1, needed: whole(4), available: whole(2) };
    assert_eq!(outcome.snapshot.unwrap().held, Some(held));
    let before = h.snapshot().await;
    h.wait(5);
    let again = h.begin_many(5, 20).await;
    assert_eq!((again.begun.len(), again.short, again.snapshot), (0, Some(short(4, 2)), None), "the same again changes nothing");
    assert_eq!(h.snapshot().await, before);
    assert_eq!(h.restart().await[0].held, before.held, "also across restarts");
}

pub async fn an_unknown_balance_holds_nothing(h: &mut Harness) {
    h.queue(&[1000]).await;
    let outcome = h.begin_many(1, 20).await;
    assert_eq!((outcome.begun.len(), outcome.short), (1, None));
}

pub async fn what_costs_nothing_always_goes(h: &mut Harness) {
    h.said(0).await;
    h.queue(&[0]).await;
    let outcome = h.begin_many(1, 20).await;
    assert_eq!((outcome.begun.len(), outcome.short), (1, None));
}

pub async fn the_credit_limit_may_be_used(h: &mut Harness) {
    h.said(2).await;
    h.rules = SpendingRules { credit_limit: whole(5), ..SpendingRules::default() };
    h.queue(&[4, 3, 1]).await;
    let outcome = h.begin_many(5, 1).await;
    assert_eq!((outcome.begun.len(), outcome.short), (2, Some(short(1, 0))));
    assert_eq!(h.snapshot().await.standing.estimate(), Some(whole(-5)));
}

pub async fn the_reserve_is_for_high_priority(h: &mut Harness) {
    h.said(10).await;
    h.rules = SpendingRules { reserve_for_high: whole(6), ..SpendingRules::default() };
    queue_at(h, Priority::Normal, &[3, 3]).await;
    let outcome = h.begin_many(5, 20).await;
    assert_eq!((outcome.begun[0].messages.len(), outcome.short), (1, Some(short(3, 1))));
    queue_at(h, Priority::High, &[3, 3, 3]).await;
    let outcome = h.begin_many(5, 20).await;
    assert_eq!((outcome.begun[0].messages.len(), outcome.short), (2, Some(short(3, 1))), "and then high is short, too");
    assert_eq!(h.snapshot().await.held.map(|held| held.rank), Some(0));
}

pub async fn a_short_priority_holds_all_below_and_none_above(h: &mut Harness) {
    h.said(10).await;
    queue_at(h, Priority::Bulk, &[1]).await;
    queue_at(h, Priority::Normal, &[20]).await;
    let outcome = h.begin_many(5, 20).await;
    assert_eq!((outcome.begun.len(), outcome.short), (0, Some(short(20, 10))), "bulk would fit, and waits");
    h.wait(3);
    queue_at(h, Priority::High, &[2]).await;
    let outcome = h.begin_many(5, 20).await;
    assert_eq!((outcome.begun.len(), outcome.begun[0].messages.len(), outcome.short), (1, 1, Some(short(20, 8))));
    let held = outcome.snapshot.unwrap().held.unwrap();
    assert_eq!((held.rank, held.needed, held.available, held.since), (1, whole(20), whole(8), h.now.before(Duration::from_secs(3))), "since when it is held");
}

pub async fn a_top_up_lets_it_go_and_it_is_held_no_more(h: &mut Harness) {
    h.said(1).await;
    h.queue(&[4]).await;
    h.begin_many(1, 20).await;
    assert!(h.snapshot().await.held.is_some());
    h.wait(1);
    assert!(h.said(100).await.snapshot.held.is_some(), "until it has gone");
    let outcome = h.begin_many(1, 20).await;
    assert_eq!((outcome.begun.len(), outcome.short, outcome.snapshot.unwrap().held), (1, None, None));
}

pub async fn nothing_is_held_when_nothing_of_its_ranks_is_due(h: &mut Harness) {
    h.said(1).await;
    let message = h.queue(&[4]).await[0];
    h.begin_many(1, 20).await;
    h.store().cancel(message, h.now).await.unwrap();
    let outcome = h.begin_many(1, 20).await;
    assert_eq!((outcome.begun.len(), outcome.snapshot.unwrap().held), (0, None));
    assert_eq!(h.snapshot().await.held, None);
}

pub async fn a_refused_charge_is_there_for_the_next(h: &mut Harness) {
    h.said(5).await;
    h.queue(&[5, 5]).await;
    let begun = h.begin(1).await;
    assert_eq!(h.begin_many(1, 1).await.short, Some(short(5, 0)));
    h.end(begun.id, vec![rejected()]).await;
    let begun = h.begin(1).await;
    h.end(begun.id, vec![sent("x")]).await;
    assert_eq!(h.snapshot().await.held, None);
}

pub async fn messages_are_accepted_only_as_far_as_they_are_covered(h: &mut Harness) {
    h.said(10).await;
    h.queue(&[3]).await;
    let before = h.snapshot().await;
    let (one, two) = (h.message(5, 4), h.message(6, 4));
    let (id, batch) = (one.id, salio_domain::BatchId::from_raw(h.id()));
    let key = IdempotencyKey { scope: "a".to_owned(), key: "k".to_owned(), body_sha256: [1; 32] };
    let new = h.new_messages(vec![one, two]);
    let listed = NewBatch { id: batch, lines: 2, refused: 0, duplicates: 0 };
    let new = NewMessages { covered_by: Some(SpendingRules::default()), idempotency: Some((key.clone(), "answer".to_owned())), batch: Some(listed), ..new };
    match h.store().accept(new.clone()).await.unwrap() {
        Acceptance::Short(told) => assert_eq!(told, short(8, 7), "what waits already is promised"),
        other => panic!("{other:?}"),
    }
    assert_eq!((h.snapshot().await, h.store().replay(&key).await.unwrap()), (before, None), "nothing was written");
    assert!(matches!(h.store().message(id).await, Err(StoreError::NotFound { .. })));
    assert!(matches!(h.store().batch(batch).await, Err(StoreError::NotFound { .. })));
    let rules = SpendingRules { credit_limit: whole(1), ..SpendingRules::default() };
    let taken = h.store().accept(NewMessages { covered_by: Some(rules), ..new }).await.unwrap();
    assert!(matches!(taken, Acceptance::Accepted(_)));
    assert_eq!(h.snapshot().await.standing.queued, whole(11));
}

pub async fn without_rules_everything_is_accepted(h: &mut Harness) {
    h.said(1).await;
    let after = h.accept_all(&[50]).await;
    assert_eq!((after.standing.queued, after.standing.estimate()), (whole(50), Some(Units::whole(1))));
}

impl Harness {
    async fn accept_all(&mut self, charges: &[i64]) -> AccountSnapshot {
        self.queue(charges).await;
        self.snapshot().await
    }
}
