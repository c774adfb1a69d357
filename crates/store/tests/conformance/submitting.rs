//! What is due is claimed before it leaves: in which order, how much at once, and what it does to the sums.

use std::time::Duration;

use salio_domain::message::{MessageState, Priority};
use salio_domain::outbox::{Decision, REFUSED_TOGETHER};
use salio_domain::segments::Encoding;
use salio_domain::{AccountId, MessageId, Units};
use salio_store::*;

use super::harness::{Harness, again, rejected, sent, whole};

fn ids(begun: &BegunSubmission) -> Vec<MessageId> {
    begun.messages.iter().map(|message| message.id).collect()
}

pub async fn nothing_due_begins_nothing(h: &mut Harness) {
    let before = h.snapshot().await;
    let outcome = h.try_begin(20).await;
    assert!(outcome.begun.is_empty() && outcome.expired.is_empty() && outcome.snapshot.is_none());
    assert_eq!(h.snapshot().await, before);
    assert_eq!(h.store().next_due(h.account).await.unwrap(), None);
}

pub async fn a_charge_counts_from_the_begin_of_its_submission(h: &mut Harness) {
    h.said(100).await;
    let message = h.queue(&[3]).await[0];
    assert_eq!(h.snapshot().await.standing.estimate(), Some(whole(100)));
    h.wait(1);
    let outcome = h.try_begin(20).await;
    let begun = &outcome.begun[0];
    let snapshot = outcome.snapshot.unwrap();
    assert_eq!((begun.sender.as_str(), begun.encoding, begun.messages.len()), ("SHOP", Encoding::Gsm7, 1));
    let first = &begun.messages[0];
    assert_eq!((first.id, first.to.as_str(), first.text.as_str(), first.attempts, first.first_try_at), (message, "254712345000", "Hello 0", 1, h.now));
    let standing = &snapshot.standing;
    assert_eq!((standing.queued, standing.pending, standing.estimate(), standing.in_flight), (Units::ZERO, whole(3), Some(whole(97)), 1));
    assert!(standing.is_settling() && standing.last_begun_seq > standing.base.unwrap().asked_seq);
    assert_eq!(snapshot, h.snapshot().await);
    let detail = h.detail(message).await;
    assert_eq!((detail.row.state, detail.row.attempts, detail.row.next_try_at, detail.row.updated_at), (MessageState::Submitting, 1, None, h.now));
    assert_eq!(detail.timeline.last().unwrap(), &Step { at: h.now, state: MessageState::Submitting, cause: None, submission: Some(begun.id) });
    assert_eq!(h.store().next_due(h.account).await.unwrap(), None);
}

pub async fn higher_priorities_overtake_and_the_oldest_goes_first(h: &mut Harness) {
    let mut wanted = Vec::new();
    for (number, priority) in (0..).zip([Priority::Bulk, Priority::Normal, Priority::High, Priority::Normal, Priority::High]) {
        let message = h.message(number, 1);
        wanted.push((priority.rank(), message.id));
        h.accept(vec![NewMessage { priority, ..message }]).await;
        h.wait(1);
    }
    wanted.sort();
    let wanted: Vec<MessageId> = wanted.into_iter().map(|(_, id)| id).collect();
    assert_eq!(ids(&h.begin(3).await), wanted[..3].to_vec());
    assert_eq!(ids(&h.begin(3).await), wanted[3..].to_vec());
}

pub async fn one_sender_and_one_encoding_in_a_submission(h: &mut Harness) {
    let mut kinds = Vec::new();
    for (number, (sender, encoding)) in
        (0..).zip([("SHOP", Encoding::Gsm7), ("BANK", Encoding::Gsm7), ("SHOP", Encoding::Ucs2), ("SHOP", Encoding::Gsm7), ("BANK", Encoding::Gsm7)])
    {
        let message = h.message(number, 1);
        kinds.push(message.id);
        h.accept(vec![NewMessage { sender: sender.to_owned(), encoding, ..message }]).await;
    }
    let begun = h.begin(20).await;
    assert_eq!((ids(&begun), begun.sender.as_str(), begun.encoding), (vec![kinds[0], kinds[3]], "SHOP", Encoding::Gsm7));
    let begun = h.begin(20).await;
    assert_eq!((ids(&begun), begun.sender.as_str(), begun.encoding), (vec![kinds[1], kinds[4]], "BANK", Encoding::Gsm7));
    let begun = h.begin(20).await;
    assert_eq!((ids(&begun), begun.sender.as_str(), begun.encoding), (vec![kinds[2]], "SHOP", Encoding::Ucs2));
    assert_eq!(h.snapshot().await.standing.in_flight, 3);
}

pub async fn never_one_number_twice_in_a_submission(h: &mut Harness) {
    let messages: Vec<NewMessage> = [1, 2, 1, 3, 2].into_iter().map(|number| h.message(number, 1)).collect();
    let all: Vec<MessageId> = messages.iter().map(|message| message.id).collect();
    h.accept(messages).await;
    assert_eq!(ids(&h.begin(20).await), vec![all[0], all[1], all[3]]);
    assert_eq!(ids(&h.begin(20).await), vec![all[2], all[4]]);
}

/// Refused together with others, due again at once.
fn together(h: &Harness) -> MessageResult {
    let again = again(h.now);
    MessageResult { decision: Decision { cause: REFUSED_TOGETHER.to_owned(), ..again.decision }, ..again }
}

pub async fn what_was_refused_together_goes_by_itself(h: &mut Harness) {
    let all = h.queue(&[1; 3]).await;
    let begun = h.begin(20).await;
    h.end(begun.id, vec![together(h), sent("p-1"), together(h)]).await;
    h.wait(1);
    let later = h.queue(&[1; 2]).await;
    // Each by itself, in whatever place it stands; the others together.
    let first = h.begin(20).await;
    let second = h.begin(20).await;
    let third = h.begin(20).await;
    assert_eq!((ids(&first), ids(&second), ids(&third)), (vec![all[0]], vec![all[2]], later));
    h.end(first.id, vec![sent("p-2")]).await;
    h.end(second.id, vec![rejected()]).await;
    assert_eq!(h.detail(all[2]).await.row.state, MessageState::Rejected);
}

pub async fn the_first_try_is_remembered(h: &mut Harness) {
    let message = h.queue(&[1]).await[0];
    h.wait(1_000);
    let first_try_at = h.now;
    let begun = h.begin(20).await;
    assert_eq!((begun.messages[0].attempts, begun.messages[0].first_try_at), (1, first_try_at));
    h.end(begun.id, vec![again(h.now)]).await;
    h.wait(90_000);
    h.restart().await;
    let begun = h.begin(20).await;
    assert_eq!((begun.messages[0].id, begun.messages[0].attempts, begun.messages[0].first_try_at), (message, 2, first_try_at));
}

pub async fn no_more_than_the_limit_in_a_submission(h: &mut Harness) {
    let all = h.queue(&[1; 45]).await;
    for chunk in all.chunks(20) {
        assert_eq!(ids(&h.begin(20).await), chunk.to_vec());
    }
    assert!(h.try_begin(20).await.begun.is_empty());
    assert_eq!(h.snapshot().await.standing.pending, whole(45));
}

pub async fn numbers_that_repeat_do_not_hide_those_behind_them(h: &mut Harness) {
    let mut messages: Vec<NewMessage> = (0..60).map(|_| h.message(1, 1)).collect();
    messages.push(h.message(2, 1));
    let (first, last) = (messages[0].id, messages[60].id);
    h.accept(messages).await;
    assert_eq!(ids(&h.begin(20).await), vec![first, last]);
}

pub async fn a_scheduled_message_waits_for_its_time(h: &mut Harness) {
    let message = h.message(1, 2);
    let (id, at) = (message.id, h.now.after(Duration::from_secs(60)));
    h.accept(vec![NewMessage { send_at: Some(at), ..message }]).await;
    h.wait(59);
    assert!(h.try_begin(20).await.begun.is_empty());
    h.wait(1);
    assert_eq!(ids(&h.begin(20).await), vec![id]);
    let states: Vec<MessageState> = h.detail(id).await.timeline.iter().map(|step| step.state).collect();
    assert_eq!(states, vec![MessageState::Scheduled, MessageState::Queued, MessageState::Submitting]);
}

pub async fn a_message_past_its_validity_expires_and_is_not_sent(h: &mut Harness) {
    let (one, two, three) = (h.message(1, 2), h.message(2, 3), h.message(3, 4));
    let (late, good, kept) = (one.id, two.id, three.id);
    let until = h.now.after(Duration::from_secs(30));
    let messages = vec![NewMessage { valid_until: Some(until), ..one }, NewMessage { valid_until: Some(until.after(Duration::from_micros(1))), ..two }, three];
    h.accept(messages).await;
    h.wait(30);
    let outcome = h.try_begin(20).await;
    assert_eq!((outcome.expired, ids(&outcome.begun[0])), (vec![late], vec![good, kept]));
    let standing = outcome.snapshot.unwrap().standing;
    assert_eq!((standing.queued, standing.pending), (Units::ZERO, whole(7)));
    let detail = h.detail(late).await;
    assert_eq!((detail.row.state, detail.row.next_try_at, detail.row.updated_at), (MessageState::Expired, None, h.now));
    assert_eq!(detail.timeline[1..], [Step { at: h.now, state: MessageState::Expired, cause: Some("valid_until".to_owned()), submission: None }]);
}

pub async fn expiry_alone_changes_the_account_too(h: &mut Harness) {
    let message = h.message(1, 2);
    h.accept(vec![NewMessage { valid_until: Some(h.now.after(Duration::from_secs(5))), ..message }]).await;
    let before = h.snapshot().await;
    h.wait(6);
    let outcome = h.try_begin(20).await;
    assert!(outcome.begun.is_empty() && outcome.expired.len() == 1);
    let after = outcome.snapshot.unwrap();
    assert!(after.version > before.version);
    assert_eq!((after.standing.queued, after.standing.in_flight, after.standing.last_begun_seq), (Units::ZERO, 0, before.standing.last_begun_seq));
}

pub async fn a_message_that_waits_for_another_try_is_not_due_before(h: &mut Harness) {
    let message = h.queue(&[2]).await[0];
    let begun = h.begin(20).await;
    let at = h.now.after(Duration::from_secs(8));
    h.end(begun.id, vec![again(at)]).await;
    assert_eq!(h.store().next_due(h.account).await.unwrap(), Some(at));
    h.wait(7);
    assert!(h.try_begin(20).await.begun.is_empty());
    h.wait(1);
    let begun = h.begin(20).await;
    assert_eq!((ids(&begun), begun.messages[0].attempts), (vec![message], 2));
}

pub async fn what_may_go_does_not_wait_for_a_clock_that_went_back(h: &mut Harness) {
    let message = h.queue(&[2]).await[0];
    h.now = h.now.before(Duration::from_secs(60));
    assert_eq!(ids(&h.begin(20).await), vec![message]);
}

pub async fn accounts_do_not_share_a_queue(h: &mut Harness) {
    h.defs.push(super::harness::account_def("onfon-two", "made-up-client-two"));
    let other = h.restart().await[1].account;
    h.queue(&[1]).await;
    let begin = h.limits(1, 20);
    let outcome = h.store().begin_submissions(other, begin.clone()).await.unwrap();
    assert!(outcome.begun.is_empty() && outcome.snapshot.is_none());
    assert_eq!(h.store().next_due(other).await.unwrap(), None);
    assert!(matches!(h.store().begin_submissions(AccountId::from_raw(77), begin).await, Err(StoreError::NotFound { .. })));
    assert_eq!(h.begin(20).await.messages.len(), 1);
}
