//! A process ends without a word and another one starts: nothing is lost, nothing is sent twice, no viewer goes back.

use std::time::Duration;

use salio_domain::Units;
use salio_domain::balance::{BalanceForm, Health};
use salio_domain::message::MessageState;
use salio_domain::outbox::Pause;
use salio_domain::pricing::{Price, PriceSource};
use salio_store::*;

use super::harness::{Harness, account_def, figure, paused, sent, whole};

pub async fn what_had_begun_is_in_doubt(h: &mut Harness) {
    h.said(100).await;
    let ids = h.queue(&[3, 4]).await;
    let waiting = h.message(9, 5);
    let waiting_id = waiting.id;
    let begun = h.begin(20).await;
    h.accept(vec![waiting]).await;
    let before = h.snapshot().await;
    h.wait(10);
    let opened = h.restart().await.remove(0);
    let standing = &opened.standing;
    assert_eq!((standing.pending, standing.queued, standing.in_flight, standing.unknown_messages), (whole(7), whole(5), 0, 2));
    assert_eq!((standing.estimate(), standing.last_ended_at), (Some(whole(93)), Some(h.now)));
    assert!(standing.last_ended_seq > before.standing.last_begun_seq && standing.is_settling());
    let row = h.audit().await.submissions[0].clone();
    assert_eq!((row.open.sure, row.open.doubtful, row.voided), (Units::ZERO, whole(7), Units::ZERO));
    assert_eq!(row.open.ended, Some((standing.last_ended_seq, h.now)));
    for id in ids {
        let detail = h.detail(id).await;
        assert_eq!((detail.row.state, detail.row.cause.as_deref(), detail.row.updated_at), (MessageState::Unknown, Some("process_ended"), h.now));
        let step = Step { at: h.now, state: MessageState::Unknown, cause: Some("process_ended".to_owned()), submission: Some(begun.id) };
        assert_eq!((detail.timeline.len(), detail.timeline.last()), (3, Some(&step)));
    }
    let happening = h.activity().await.remove(0);
    assert_eq!((happening.kind, happening.amount, happening.messages), (ActivityKind::Unknown, Some(whole(-7)), 2));
    let begun = h.begin(20).await;
    assert_eq!(begun.messages.iter().map(|message| message.id).collect::<Vec<_>>(), vec![waiting_id], "never sent again by itself");
}

pub async fn what_was_confirmed_before_the_end_stays_confirmed(h: &mut Harness) {
    h.said(100).await;
    h.queue(&[3, 4]).await;
    h.begin(20).await;
    h.said(97).await;
    let opened = h.restart().await.remove(0);
    assert_eq!((opened.standing.pending, opened.standing.unknown_messages), (whole(4), 2));
    assert_eq!(h.audit().await.submissions[0].open.doubtful, whole(4));
}

pub async fn a_late_holder_cannot_write(h: &mut Harness) {
    let message = h.queue(&[3]).await[0];
    let begun = h.begin(20).await;
    let opened = h.restart().await.remove(0);
    assert!(matches!(h.try_end(begun.id, vec![sent("late")]).await, Err(StoreError::Conflict { .. })));
    assert_eq!(h.snapshot().await, opened);
    let detail = h.detail(message).await;
    assert_eq!((detail.row.state, detail.provider_message_ids.len()), (MessageState::Unknown, 0));
}

pub async fn the_version_only_grows(h: &mut Harness) {
    let opened = h.snapshot().await;
    assert!(opened.version > h.now.micros());
    let mut last = opened.version;
    let mut grows = |version: i64| assert!(std::mem::replace(&mut last, version) < version, "{version}");
    grows(h.store().touch(h.account).await.unwrap().version);
    h.queue(&[1, 2]).await;
    grows(h.snapshot().await.version);
    let begun = h.begin(20).await;
    grows(h.snapshot().await.version);
    grows(h.end(begun.id, vec![sent("x"), sent("y")]).await.version);
    let question = h.ask().await;
    grows(h.snapshot().await.version);
    grows(h.answer(question.number, 10).await.snapshot.version);
    grows(h.fail("timeout", false).await.snapshot.version);
    h.wait(3600);
    grows(h.restart().await[0].version);
    assert!(h.snapshot().await.version > h.now.micros());
    h.now = h.now.before(Duration::from_hours(48));
    grows(h.restart().await[0].version);
    grows(h.store().touch(h.account).await.unwrap().version);
}

pub async fn touching_changes_the_version_alone(h: &mut Harness) {
    h.said(10).await;
    let before = h.snapshot().await;
    let after = h.store().touch(h.account).await.unwrap();
    assert_eq!(AccountSnapshot { version: before.version, ..after.clone() }, before);
    assert_eq!(after, h.snapshot().await);
    assert!(matches!(h.store().touch(salio_domain::AccountId::from_raw(77)).await, Err(StoreError::NotFound { .. })));
}

pub async fn running_questions_are_abandoned_and_still_count(h: &mut Harness) {
    let question = h.ask().await;
    h.wait(5);
    let opened = h.restart().await.remove(0);
    assert_eq!((opened.standing.failure, opened.standing.last_asked_at), (None, Some(question.asked_at)));
    let row = h.store().questions(h.account, 10).await.unwrap().remove(0);
    assert_eq!((row.question, row.outcome.as_deref(), row.answered_at, row.units), (question, Some("abandoned"), Some(h.now), None));
    assert_eq!(h.store().calls_since(h.account, question.asked_at.before(Duration::from_secs(1))).await.unwrap().len(), 1);
    assert!(matches!(h.try_answer(question.number, figure(5, BalanceForm::Bare)).await, Err(StoreError::Conflict { .. })));
    let next = h.ask().await;
    assert!(next.number == question.number + 1 && next.asked_seq > question.asked_seq);
}

pub async fn everything_stands_as_before(h: &mut Harness) {
    h.said(100).await;
    h.send(&[3]).await;
    h.wait(1);
    h.said(147).await;
    h.send_in_doubt(&[4]).await;
    h.fail("timeout", false).await;
    h.store().clear_cache(h.account, h.now).await.unwrap();
    let (before, audit) = (h.snapshot().await, h.audit().await);
    let (messages, activity) = (h.store().messages(&MessageFilter { limit: 100, ..MessageFilter::default() }).await.unwrap(), h.activity().await);
    let opened = h.restart().await.remove(0);
    assert_eq!(AccountSnapshot { version: before.version, ..opened.clone() }, before);
    assert_eq!(opened, h.snapshot().await);
    let again = h.audit().await;
    assert_eq!((again.observations, again.submissions, again.calls, again.queued), (audit.observations, audit.submissions, audit.calls, audit.queued));
    assert_eq!(h.store().messages(&MessageFilter { limit: 100, ..MessageFilter::default() }).await.unwrap(), messages);
    assert_eq!(h.activity().await, activity);
}

pub async fn an_account_is_found_by_its_word(h: &mut Harness) {
    let before = h.snapshot().await;
    h.defs[0].client = "made-up-client-moved".to_owned();
    let opened = h.restart().await.remove(0);
    assert_eq!((opened.account, opened.slug.as_str()), (before.account, "onfon"));
    h.defs[0].slug = "renamed".to_owned();
    assert_eq!(h.restart().await[0].account, before.account, "its new client was remembered");
}

pub async fn else_by_its_client_and_then_it_is_renamed(h: &mut Harness) {
    h.said(40).await;
    h.defs[0].slug = "onfon-marketing".to_owned();
    let opened = h.restart().await.remove(0);
    assert_eq!((opened.account, opened.slug.as_str(), opened.standing.estimate()), (h.account, "onfon-marketing", Some(whole(40))));
    assert_eq!(h.snapshot().await.slug, "onfon-marketing");
}

pub async fn others_are_new_and_come_in_the_order_asked_for(h: &mut Harness) {
    h.defs.insert(0, account_def("onfon-two", "made-up-client-two"));
    let opened = h.restart().await;
    let slugs: Vec<&str> = opened.iter().map(|snapshot| snapshot.slug.as_str()).collect();
    assert_eq!((slugs, opened[1].account), (vec!["onfon-two", "onfon"], h.account));
    assert!(opened[0].account != h.account && opened[0].standing.base.is_none());
    let other = opened[0].account;
    h.defs.remove(0);
    assert_eq!(h.restart().await.len(), 1);
    assert_eq!(h.store().snapshot(other).await.unwrap().slug, "onfon-two", "it stays, unused");
    h.defs.push(account_def("onfon-two", "made-up-client-two"));
    assert_eq!(h.restart().await[1].account, other, "and is found again");
}

pub async fn accounts_may_swap_their_clients(h: &mut Harness) {
    h.defs.push(account_def("onfon-two", "made-up-client-two"));
    let before = h.restart().await;
    h.defs[0].client = "made-up-client-two".to_owned();
    h.defs[1].client = "made-up-client".to_owned();
    let after = h.restart().await;
    assert_eq!(after.iter().map(|a| (a.account, a.slug.as_str())).collect::<Vec<_>>(), before.iter().map(|a| (a.account, a.slug.as_str())).collect::<Vec<_>>());
}

pub async fn a_price_is_dated_when_it_differs(h: &mut Harness) {
    let first = h.snapshot().await.price;
    assert_eq!((first.per_segment, first.source), (whole(1), PriceSource::Configured));
    assert_eq!(h.restart().await[0].price, first);
    let id = h.queue(&[2]).await[0];
    h.defs[0].price = Price { per_segment: Units::from_micros(700_000), source: PriceSource::Configured };
    let second = h.restart().await[0].price;
    assert!(second.id != first.id && second.per_segment == Units::from_micros(700_000));
    h.defs[0].price = Price { source: PriceSource::Assumed, ..h.defs[0].price };
    let third = h.restart().await.remove(0);
    assert!(third.price.id != second.id);
    assert_eq!((third.price.source, third.standing.price_source), (PriceSource::Assumed, PriceSource::Assumed));
    assert_eq!(h.detail(id).await.row.charge, whole(2), "what was charged stays");
}

pub async fn other_credentials_clear_a_refusal_and_its_pause(h: &mut Harness) {
    h.fail("credentials_refused", true).await;
    let message = h.queue(&[2]).await[0];
    let begun = h.begin(20).await;
    h.end(begun.id, vec![paused(h.now.after(Duration::from_hours(1)), Pause::CredentialsRefused)]).await;
    let same = h.restart().await.remove(0);
    assert!(same.paused.is_some() && same.standing.failure.is_some_and(|failure| failure.credentials), "the same ones stay refused");
    h.wait(60);
    h.defs[0].credentials = "made-up-key-two".to_owned();
    let opened = h.restart().await.remove(0);
    assert_eq!((opened.paused, opened.standing.failure.as_ref(), opened.standing.health()), (None, None, Health::Ok));
    assert_eq!(h.detail(message).await.row.next_try_at, Some(h.now));
    assert_eq!(h.begin(20).await.messages[0].id, message);
    assert_eq!(h.kinds().await.iter().filter(|kind| **kind == ActivityKind::Resumed).count(), 1);
}

pub async fn other_credentials_do_not_clear_other_troubles(h: &mut Harness) {
    h.fail("timeout", false).await;
    h.queue(&[2]).await;
    let begun = h.begin(20).await;
    h.end(begun.id, vec![paused(h.now, Pause::OutOfCredit)]).await;
    h.defs[0].credentials = "made-up-key-two".to_owned();
    let opened = h.restart().await.remove(0);
    assert_eq!(opened.paused.map(|(pause, _)| pause), Some(Pause::OutOfCredit));
    assert_eq!(opened.standing.failure.map(|failure| failure.code), Some("timeout".to_owned()));
}

pub async fn retries_and_schedules_wait_on_across_a_restart(h: &mut Harness) {
    let message = h.queue(&[2]).await[0];
    let begun = h.begin(20).await;
    let at = h.now.after(Duration::from_secs(30));
    h.end(begun.id, vec![super::harness::again(at)]).await;
    h.restart().await;
    assert_eq!((h.store().next_due(h.account).await.unwrap(), h.try_begin(20).await.begun.is_empty()), (Some(at), true));
    h.now = at;
    let begun = h.begin(20).await;
    assert_eq!((begun.messages[0].id, begun.messages[0].attempts), (message, 2));
}

fn at_price(micros: i64) -> Price {
    Price { per_segment: Units::from_micros(micros), source: PriceSource::Configured }
}

pub async fn prices_of_prefixes_are_dated_each_for_itself(h: &mut Harness) {
    assert_eq!(*h.snapshot().await.prices, vec![]);
    h.defs[0].prices = vec![("254".to_owned(), at_price(700_000)), ("2547".to_owned(), at_price(800_000))];
    let first = h.restart().await.remove(0);
    let units = |prices: &[(String, StoredPrice)]| prices.iter().map(|(prefix, price)| (prefix.clone(), price.per_segment.micros())).collect::<Vec<_>>();
    assert_eq!(units(&first.prices), vec![("254".to_owned(), 700_000), ("2547".to_owned(), 800_000)]);
    let ids: std::collections::BTreeSet<i64> = first.prices.iter().map(|(_, price)| price.id).chain([first.price.id]).collect();
    assert_eq!(ids.len(), 3, "each has a number of its own");
    assert_eq!(h.restart().await[0].prices, first.prices, "the same are not dated again");
    h.defs[0].prices[1].1 = at_price(900_000);
    let second = h.restart().await.remove(0);
    assert_eq!((second.prices[0].clone(), second.price), (first.prices[0].clone(), first.price));
    assert!(second.prices[1].1.id != first.prices[1].1.id && second.prices[1].1.per_segment == Units::from_micros(900_000));
}

pub async fn a_price_that_is_no_longer_named_ends(h: &mut Harness) {
    h.defs[0].prices = vec![("254".to_owned(), at_price(700_000))];
    let first = h.restart().await[0].prices[0].1;
    h.defs[0].prices = vec![];
    assert_eq!(*h.restart().await[0].prices, vec![]);
    assert_eq!(*h.snapshot().await.prices, vec![]);
    h.defs[0].prices = vec![("254".to_owned(), at_price(700_000))];
    let again = h.restart().await[0].prices[0].1;
    assert!(again.id != first.id && again.per_segment == first.per_segment, "named again, it begins again");
}

pub async fn charges_in_doubt_stay_pending_in_the_books(h: &mut Harness) {
    h.queue(&[3, 4]).await;
    h.begin(20).await;
    h.restart().await;
    let head = h.store().ledger_head(h.account).await.unwrap();
    assert_eq!((head.head.0, head.balances.pending, head.balances.spend, head.submissions), (1, whole(7), Units::ZERO, (whole(7), Units::ZERO)));
    let doubts = h.store().doubts_since(h.account, h.now, 10).await.unwrap();
    assert_eq!(doubts.len(), 2, "each message is a doubt of its own");
}
