//! Sending stops for a reason and goes on when the reason is gone.

use std::time::Duration;

use salio_domain::balance::{BalanceForm, Reason};
use salio_domain::message::MessageState;
use salio_domain::outbox::Pause;
use salio_domain::{AccountId, MessageId, Timestamp};
use salio_store::*;

use super::harness::{Harness, failure, figure, paused, rejected};

/// Sends a message that the account's state refuses; it waits for a try in an hour.
async fn refused(h: &mut Harness, pause: Pause) -> (MessageId, Timestamp) {
    let message = h.queue(&[2]).await[0];
    let begun = h.begin(20).await;
    let at = h.now.after(Duration::from_hours(1));
    h.end(begun.id, vec![paused(at, pause)]).await;
    (message, at)
}

async fn is_due_now(h: &mut Harness, message: MessageId) {
    assert_eq!(h.detail(message).await.row.next_try_at, Some(h.now));
    assert_eq!(h.store().next_due(h.account).await.unwrap(), Some(h.now));
    assert_eq!(h.begin(20).await.messages[0].id, message);
}

pub async fn a_paused_account_begins_nothing(h: &mut Harness) {
    let (message, at) = refused(h, Pause::OutOfCredit).await;
    assert_eq!(h.snapshot().await.paused, Some((Pause::OutOfCredit, h.now)));
    assert_eq!(h.detail(message).await.row.cause.as_deref(), Some("out_of_credit"));
    h.queue(&[1]).await;
    h.now = at;
    let before = h.snapshot().await;
    let outcome = h.try_begin(20).await;
    assert!(outcome.begun.is_empty() && outcome.expired.is_empty() && outcome.snapshot.is_none());
    assert_eq!(h.snapshot().await, before);
    let words: Vec<(ActivityKind, Option<String>)> = h.activity().await.into_iter().map(|happening| (happening.kind, happening.word)).collect();
    assert_eq!(words, vec![(ActivityKind::Paused, Some("out_of_credit".to_owned()))]);
}

pub async fn the_first_cause_stays(h: &mut Harness) {
    h.queue(&[1, 2, 4]).await;
    let (one, two) = (h.begin(2).await, h.begin(1).await);
    let at = h.now.after(Duration::from_hours(1));
    let since = h.now;
    h.end(one.id, vec![paused(at, Pause::OutOfCredit), paused(at, Pause::CredentialsRefused)]).await;
    h.wait(5);
    let after = h.end(two.id, vec![paused(at, Pause::CredentialsRefused)]).await;
    assert_eq!(after.paused, Some((Pause::OutOfCredit, since)));
    assert_eq!(h.kinds().await.iter().filter(|kind| **kind == ActivityKind::Paused).count(), 1);
}

pub async fn a_refusal_for_good_may_pause_too(h: &mut Harness) {
    let message = h.queue(&[1]).await[0];
    let begun = h.begin(1).await;
    let mut result = rejected();
    result.decision.pause = Some(Pause::CredentialsRefused);
    let after = h.end(begun.id, vec![result]).await;
    assert_eq!(after.paused.map(|(pause, _)| pause), Some(Pause::CredentialsRefused));
    assert_eq!(h.detail(message).await.row.state, MessageState::Rejected);
}

pub async fn a_person_lets_it_go_on(h: &mut Harness) {
    let (message, _) = refused(h, Pause::CredentialsRefused).await;
    let later = h.message(9, 1);
    let send_at = h.now.after(Duration::from_hours(2));
    let scheduled = later.id;
    h.accept(vec![NewMessage { send_at: Some(send_at), ..later }]).await;
    h.wait(10);
    let before = h.snapshot().await;
    let after = h.store().resume(h.account, h.now).await.unwrap();
    assert!(after.version > before.version && after.paused.is_none());
    assert_eq!(after.standing, before.standing);
    is_due_now(h, message).await;
    let row = h.detail(scheduled).await.row;
    assert_eq!((row.state, row.next_try_at), (MessageState::Scheduled, Some(send_at)), "its own time has not come");
    assert_eq!(h.kinds().await, vec![ActivityKind::Paused, ActivityKind::Resumed]);
    assert!(matches!(h.store().resume(AccountId::from_raw(77), h.now).await, Err(StoreError::NotFound { .. })));
}

pub async fn a_person_may_hurry_what_waits_without_a_pause(h: &mut Harness) {
    let message = h.queue(&[2]).await[0];
    let begun = h.begin(20).await;
    h.end(begun.id, vec![super::harness::again(h.now.after(Duration::from_mins(5)))]).await;
    let before = h.snapshot().await;
    let after = h.store().resume(h.account, h.now).await.unwrap();
    assert_eq!((after.version > before.version, after.standing), (true, before.standing));
    assert_eq!(h.kinds().await, vec![]);
    is_due_now(h, message).await;
}

pub async fn what_may_go_already_keeps_its_time(h: &mut Harness) {
    let (message, at) = (h.queue(&[2]).await[0], h.now);
    h.now = h.now.before(Duration::from_secs(60));
    h.store().resume(h.account, h.now).await.unwrap();
    assert_eq!(h.detail(message).await.row.next_try_at, Some(at), "it did not wait for this, although the clock went back");
}

pub async fn a_top_up_ends_the_lack_of_credit(h: &mut Harness) {
    h.said(5).await;
    let (message, _) = refused(h, Pause::OutOfCredit).await;
    h.wait(1);
    h.said(0).await;
    assert!(h.snapshot().await.paused.is_some(), "nothing is no top-up");
    h.wait(9);
    let ended = h.said(500).await;
    assert_eq!(ended.snapshot.paused, None);
    is_due_now(h, message).await;
    let last = h.activity().await.remove(0);
    assert_eq!((last.kind, last.word.as_deref()), (ActivityKind::Resumed, Some("out_of_credit")));
}

pub async fn a_top_up_does_not_mend_credentials(h: &mut Harness) {
    h.said(10).await;
    refused(h, Pause::CredentialsRefused).await;
    assert_eq!(h.said(500).await.snapshot.paused.map(|(pause, _)| pause), Some(Pause::CredentialsRefused));
}

pub async fn a_persons_success_ends_the_refusal_of_credentials(h: &mut Harness) {
    let (message, _) = refused(h, Pause::CredentialsRefused).await;
    h.said(10).await;
    let question = h.ask_for(Reason::Person).await;
    h.try_answer(question.number, failure("timeout", false)).await.unwrap();
    assert!(h.snapshot().await.paused.is_some(), "neither by itself, nor by a failure");
    h.wait(3);
    let question = h.ask_for(Reason::Person).await;
    let ended = h.try_answer(question.number, figure(10, BalanceForm::Bare)).await.unwrap();
    assert_eq!(ended.snapshot.paused, None);
    is_due_now(h, message).await;
}

pub async fn a_persons_success_does_not_bring_credit(h: &mut Harness) {
    refused(h, Pause::OutOfCredit).await;
    let question = h.ask_for(Reason::Person).await;
    let ended = h.try_answer(question.number, figure(0, BalanceForm::Bare)).await.unwrap();
    assert_eq!(ended.snapshot.paused.map(|(pause, _)| pause), Some(Pause::OutOfCredit));
}

pub async fn a_pause_survives_a_restart(h: &mut Harness) {
    refused(h, Pause::OutOfCredit).await;
    let since = h.now;
    h.wait(100);
    assert_eq!(h.restart().await[0].paused, Some((Pause::OutOfCredit, since)));
    assert!(h.try_begin(20).await.begun.is_empty());
}

pub async fn a_person_stops_an_account_and_lets_it_go_on(h: &mut Harness) {
    let message = h.queue(&[2]).await[0];
    let (before, since) = (h.snapshot().await, h.now);
    let stopped = h.store().stop(h.account, h.now).await.unwrap();
    assert!(stopped.version > before.version && stopped.stopped_at == Some(since) && stopped.paused.is_none());
    h.wait(5);
    assert_eq!(h.store().stop(h.account, h.now).await.unwrap().stopped_at, Some(since), "again changes nothing");
    let outcome = h.try_begin(20).await;
    assert!(outcome.begun.is_empty() && outcome.snapshot.is_none() && outcome.short.is_none());
    assert_eq!(h.restart().await[0].stopped_at, Some(since), "also across restarts");
    let resumed = h.store().resume(h.account, h.now).await.unwrap();
    assert_eq!(resumed.stopped_at, None);
    assert_eq!(h.begin(20).await.messages[0].id, message);
    let told: Vec<(ActivityKind, Option<String>)> = h.activity().await.into_iter().rev().map(|happening| (happening.kind, happening.word)).collect();
    assert_eq!(told, vec![(ActivityKind::Paused, Some("person".to_owned())), (ActivityKind::Resumed, Some("person".to_owned()))]);
    assert!(matches!(h.store().stop(AccountId::from_raw(77), h.now).await, Err(StoreError::NotFound { .. })));
}

pub async fn only_a_person_ends_what_a_person_stopped(h: &mut Harness) {
    h.said(5).await;
    refused(h, Pause::OutOfCredit).await;
    h.store().stop(h.account, h.now).await.unwrap();
    h.wait(1);
    let ended = h.said(500).await;
    assert!(ended.snapshot.paused.is_none() && ended.snapshot.stopped_at.is_some(), "a top-up ends the lack of credit alone");
    assert!(h.try_begin(20).await.begun.is_empty());
    refused_while_stopped(h).await;
    h.store().resume(h.account, h.now).await.unwrap();
    assert_eq!(h.begin(20).await.messages.len(), 1);
}

pub async fn a_person_ends_both_and_both_are_told(h: &mut Harness) {
    refused(h, Pause::OutOfCredit).await;
    h.store().stop(h.account, h.now).await.unwrap();
    let resumed = h.store().resume(h.account, h.now).await.unwrap();
    assert_eq!((resumed.paused, resumed.stopped_at), (None, None));
    let words: Vec<Option<String>> = h.activity().await.into_iter().map(|happening| happening.word).take(2).collect();
    assert_eq!(words, vec![Some("out_of_credit".to_owned()), Some("person".to_owned())], "newest first");
}

/// Expiry and cancelling go on.
async fn refused_while_stopped(h: &mut Harness) {
    let message = h.message(7, 1);
    let id = message.id;
    h.accept(vec![message]).await;
    let (row, _) = h.store().cancel(id, h.now).await.unwrap();
    assert_eq!(row.state, MessageState::Cancelled);
}
