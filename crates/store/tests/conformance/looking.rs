//! Looking without changing: lists, pages, charts, happenings.

use std::time::Duration;

use salio_domain::ids::BatchId;
use salio_domain::message::MessageState;
use salio_domain::{AccountId, MessageId, Timestamp};
use salio_store::*;

use super::harness::{Harness, START, account_def, in_doubt, rejected, sent, whole};

async fn listed(h: &Harness, filter: MessageFilter) -> Vec<MessageId> {
    let filter = MessageFilter { limit: if filter.limit == 0 { 100 } else { filter.limit }, ..filter };
    h.store().messages(&filter).await.unwrap().into_iter().map(|row| row.id).collect()
}

pub async fn messages_are_filtered(h: &mut Harness) {
    h.defs.push(account_def("onfon-two", "made-up-client-two"));
    let other = h.restart().await[1].account;
    let (one, two, three, four) = (h.message(1, 1), h.message(2, 1), h.message(1, 1), h.message(3, 1));
    let (a, b, c, d) = (one.id, two.id, three.id, four.id);
    h.accept(vec![NewMessage { reference: Some("order".to_owned()), ..one }]).await;
    let begun = h.begin(1).await;
    h.end(begun.id, vec![sent("x")]).await;
    let batch = BatchId::from_raw(h.id());
    let new = h.new_messages(vec![two, three]);
    h.store().accept(NewMessages { batch: Some(NewBatch { id: batch, lines: 2, refused: 0, duplicates: 0 }), ..new }).await.unwrap();
    let new = h.new_messages(vec![four]);
    h.store().accept(NewMessages { account: other, ..new }).await.unwrap();
    let any = MessageFilter::default;
    assert_eq!(listed(h, any()).await, vec![d, c, b, a]);
    assert_eq!(listed(h, MessageFilter { account: Some(h.account), ..any() }).await, vec![c, b, a]);
    assert_eq!(listed(h, MessageFilter { account: Some(other), ..any() }).await, vec![d]);
    assert_eq!(listed(h, MessageFilter { state: Some(MessageState::Queued), ..any() }).await, vec![d, c, b]);
    assert_eq!(listed(h, MessageFilter { state: Some(MessageState::Sent), ..any() }).await, vec![a]);
    assert_eq!(listed(h, MessageFilter { to: Some("254712345001".to_owned()), ..any() }).await, vec![c, a]);
    assert_eq!(listed(h, MessageFilter { reference: Some("order".to_owned()), ..any() }).await, vec![a]);
    assert_eq!(listed(h, MessageFilter { batch: Some(batch), ..any() }).await, vec![c, b]);
    let both = MessageFilter { batch: Some(batch), to: Some("254712345001".to_owned()), state: Some(MessageState::Queued), account: Some(h.account), ..any() };
    assert_eq!(listed(h, both).await, vec![c]);
    assert_eq!(listed(h, MessageFilter { account: Some(AccountId::from_raw(77)), ..any() }).await, vec![]);
    assert_eq!(listed(h, MessageFilter { reference: Some("ord".to_owned()), ..any() }).await, vec![], "whole, not in part");
    assert!(matches!(h.store().message(MessageId::from_raw(7)).await, Err(StoreError::NotFound { .. })));
}

pub async fn pages_follow_each_other_without_gaps(h: &mut Harness) {
    let mut all = h.queue(&[1; 23]).await;
    all.reverse();
    let mut pages = Vec::new();
    let mut before = None;
    while let page = listed(h, MessageFilter { before, limit: 5, ..MessageFilter::default() }).await
        && !page.is_empty()
    {
        assert!(page.len() <= 5);
        before = page.last().copied();
        pages.extend(page);
        h.queue(&[1]).await;
    }
    assert_eq!(pages, all, "what came meanwhile is newer than the cursor");
    let states = MessageFilter { before: Some(all[3]), state: Some(MessageState::Queued), limit: 2, ..MessageFilter::default() };
    assert_eq!(listed(h, states).await, all[4..6].to_vec());
}

pub async fn history_is_thinned_to_steps(h: &mut Harness) {
    // A whole minute: steps are counted from the epoch.
    h.now = Timestamp::from_micros(START.micros().div_euclid(60_000_000) * 60_000_000);
    let start = h.now;
    let at = |seconds| start.after(Duration::from_secs(seconds));
    for (seconds, units) in [(0, 100), (20, 90), (40, 95), (61, 80), (200, 300)] {
        h.now = at(seconds);
        h.said(units).await;
    }
    let point = |seconds, shown, low, high| HistoryPoint { at: at(seconds), shown: whole(shown), low: whole(low), high: whole(high) };
    let history = h.store().history(h.account, at(0), at(300), Duration::from_mins(1)).await.unwrap();
    assert_eq!(history.points, vec![point(40, 95, 90, 100), point(61, 80, 80, 80), point(200, 300, 300, 300)]);
    assert_eq!(history.top_ups.iter().map(|row| (row.at, row.amount.low, row.settled)).collect::<Vec<_>>(), vec![(at(40), whole(5), true), (at(200), whole(220), true)]);
    let part = h.store().history(h.account, at(20), at(61), Duration::from_mins(1)).await.unwrap();
    assert_eq!(part.points, vec![point(40, 95, 90, 95), point(61, 80, 80, 80)], "both ends belong to it, and steps do not move with it");
    assert_eq!(part.top_ups.len(), 1);
    let fine = h.store().history(h.account, at(0), at(300), Duration::from_secs(1)).await.unwrap();
    assert_eq!(fine.points.iter().map(|point| point.shown).collect::<Vec<_>>(), vec![whole(100), whole(90), whole(95), whole(80), whole(300)]);
    let all = h.store().history(h.account, at(0), at(300), Duration::ZERO).await.unwrap();
    assert_eq!(all.points.len(), 5, "no step, no thinning");
    let none = h.store().history(h.account, at(201), at(300), Duration::from_secs(1)).await.unwrap();
    assert_eq!(none, History::default());
}

pub async fn history_shows_what_was_shown(h: &mut Harness) {
    h.said(100).await;
    h.send(&[3]).await;
    h.wait(1);
    let older = h.ask().await;
    h.said(100).await;
    h.wait(1);
    h.answer(older.number, 40).await;
    h.fail("timeout", false).await;
    let history = h.store().history(h.account, START, h.now, Duration::from_secs(1)).await.unwrap();
    assert_eq!(history.points.iter().map(|point| point.shown).collect::<Vec<_>>(), vec![whole(100), whole(97)], "no older answer, no failure");
}

pub async fn happenings_come_newest_first_and_limited(h: &mut Harness) {
    h.defs.push(account_def("onfon-two", "made-up-client-two"));
    let other = h.restart().await[1].account;
    h.queue(&[1, 2, 4]).await;
    let begun = h.begin(20).await;
    h.end(begun.id, vec![sent("x"), rejected(), in_doubt()]).await;
    h.wait(1);
    h.fail("timeout", false).await;
    let ask = Ask { reason: salio_domain::balance::Reason::Watch, pool: salio_domain::balance::Pool::Shared, now: h.now };
    let (question, _) = h.store().begin_question(other, ask).await.unwrap();
    h.store().end_question(other, question.number, super::harness::failure("http_500", false), super::harness::RULES, h.now).await.unwrap();
    let all = h.store().activity(None, 100).await.unwrap();
    let told = all.iter().map(|a| (a.account, a.kind, a.amount, a.messages, a.word.as_deref()));
    let wanted = [
        (other, ActivityKind::Failure, None, 0, Some("http_500")),
        (h.account, ActivityKind::Failure, None, 0, Some("timeout")),
        (h.account, ActivityKind::Unknown, Some(whole(-4)), 1, Some("SHOP")),
        (h.account, ActivityKind::Sent, Some(whole(-1)), 1, Some("SHOP")),
    ];
    assert!(told.eq(wanted), "{all:#?}");
    assert_eq!(all[0].at, h.now);
    assert_eq!(h.store().activity(Some(other), 100).await.unwrap(), all[..1].to_vec());
    assert_eq!(h.store().activity(Some(h.account), 2).await.unwrap(), all[1..3].to_vec());
    assert_eq!(h.store().activity(None, 1).await.unwrap(), all[..1].to_vec());
}

pub async fn a_top_up_is_told_with_what_is_known_by_now(h: &mut Harness) {
    h.said(100).await;
    h.send(&[3]).await;
    h.wait(1);
    h.said(147).await;
    assert_eq!(h.activity().await[0].amount, Some(whole(47)));
    h.wait(61);
    h.said(147).await;
    let happening = h.activity().await.into_iter().find(|happening| happening.kind == ActivityKind::TopUp);
    assert_eq!(happening.and_then(|happening| happening.amount), Some(whole(50)));
}

pub async fn looking_changes_nothing(h: &mut Harness) {
    h.said(100).await;
    h.send(&[3]).await;
    let before = h.snapshot().await;
    h.store().check().await.unwrap();
    h.audit().await;
    h.top_ups().await;
    h.activity().await;
    listed(h, MessageFilter::default()).await;
    assert_eq!(h.snapshot().await, before);
    let nobody = AccountId::from_raw(77);
    assert!(matches!(h.store().audit(nobody).await, Err(StoreError::NotFound { .. })));
}

pub async fn a_closed_store_says_so(h: &mut Harness) {
    h.said(100).await;
    let before = h.snapshot().await;
    h.store().close().await;
    assert!(matches!(h.store().touch(h.account).await, Err(StoreError::Closed)));
    assert!(matches!(h.store().snapshot(h.account).await, Err(StoreError::Closed)));
    let opened = h.restart().await.remove(0);
    assert_eq!(AccountSnapshot { version: before.version, ..opened }, before, "what was written stays");
}
