//! Delivery reports: early, late, repeated, reordered, of nobody; each is kept as it came.

use std::time::Duration;

use salio_domain::message::{MessageState, Priority};
use salio_domain::report::ReportOutcome::{Delivered, Failed, Pending, Unmapped};
use salio_domain::{AccountId, MessageId, ReportId, Units};
use salio_store::*;

use super::harness::{Harness, in_doubt, sent, whole};

const NUMBER: &str = "0712345001";

/// A message to NUMBER that the provider took under this name.
async fn taken(h: &mut Harness, name: &str) -> MessageId {
    let message = h.message(1, 2);
    let id = message.id;
    h.accept(vec![message]).await;
    let begun = h.begin(1).await;
    h.end(begun.id, vec![sent(name)]).await;
    id
}

async fn kept(h: &Harness) -> Vec<ReportRow> {
    h.store().reports(&ReportFilter { limit: 100, ..ReportFilter::default() }).await.unwrap()
}

pub async fn a_report_moves_its_message(h: &mut Harness) {
    let id = taken(h, "p-1").await;
    h.wait(4);
    let before = h.snapshot().await;
    let reported = h.report(Some("p-1"), Some("254712345001"), Delivered).await;
    let row = reported.message.clone().unwrap();
    assert_eq!((row.id, row.state, row.cause.as_deref(), reported.changed), (id, MessageState::Delivered, Some("report:delivrd"), true));
    assert_eq!((row.report.clone(), row.updated_at), (Some(("DELIVRD".to_owned(), h.now)), h.now));
    assert!(reported.snapshot.is_none() && !reported.forwards, "no charge was in doubt, no key wants it");
    assert_eq!((h.snapshot().await, h.detail(id).await.row), (before, row));
    let step = Step { at: h.now, state: MessageState::Delivered, cause: Some("report:delivrd".to_owned()), submission: None };
    assert_eq!(h.detail(id).await.timeline.last(), Some(&step));
    let row = kept(h).await.remove(0);
    assert_eq!((row.message, row.effect, row.received_at, row.shape.as_str(), row.raw.as_str()), (Some(id), Some(MessageState::Delivered), h.now, "get", "id=1"));
    assert_eq!((row.account, row.report.done_at.as_deref(), row.report.error_code.as_deref()), (h.account, Some("2606011200"), Some("000")));
}

pub async fn a_failure_of_the_network_is_undelivered_and_charged(h: &mut Harness) {
    let id = taken(h, "p-1").await;
    let row = h.report(Some("p-1"), None, Failed).await.message.unwrap();
    assert_eq!((row.id, row.state, row.cause.as_deref()), (id, MessageState::Undelivered, Some("report:undeliv")));
    assert_eq!((h.head().await.balances.spend, h.snapshot().await.standing.pending), (whole(2), whole(2)));
}

pub async fn final_states_absorb(h: &mut Harness) {
    let id = taken(h, "p-1").await;
    h.report(Some("p-1"), None, Delivered).await;
    h.wait(1);
    for outcome in [Failed, Pending, Delivered, Unmapped] {
        let reported = h.report(Some("p-1"), None, outcome).await;
        assert_eq!((reported.changed, reported.message.map(|row| row.state)), (false, Some(MessageState::Delivered)));
    }
    let detail = h.detail(id).await;
    assert_eq!((detail.timeline.len(), detail.row.report), (4, Some(("PURPLE".to_owned(), h.now))), "the latest word is shown all the same");
    let effects: Vec<Option<MessageState>> = kept(h).await.into_iter().map(|row| row.effect).collect();
    assert_eq!(effects, vec![None, None, None, None, Some(MessageState::Delivered)]);
}

pub async fn words_without_a_meaning_change_nothing(h: &mut Harness) {
    let id = taken(h, "p-1").await;
    let reported = h.report(Some("p-1"), None, Unmapped).await;
    assert_eq!((reported.changed, h.detail(id).await.row.state), (false, MessageState::Sent));
    let reported = h.report(Some("p-1"), None, Pending).await;
    assert_eq!((reported.changed, h.detail(id).await.timeline.len()), (false, 3));
}

pub async fn a_report_without_a_word_tells_what_it_means(h: &mut Harness) {
    taken(h, "p-1").await;
    let mut new = h.new_report(Some("p-1"), None, Delivered);
    new.report.word = None;
    let row = h.store().report(new).await.unwrap().message.unwrap();
    assert_eq!((row.report, row.cause.as_deref()), (Some(("delivered".to_owned(), h.now)), Some("report")));
    let mut silent = h.new_report(Some("p-1"), None, Unmapped);
    silent.report.word = None;
    let after = h.store().report(silent).await.unwrap().message.unwrap();
    assert_eq!(after.report, Some(("delivered".to_owned(), h.now)), "one that says nothing leaves no word");
}

pub async fn a_report_of_nobody_is_kept(h: &mut Harness) {
    taken(h, "p-1").await;
    let before = h.snapshot().await;
    for (name, number) in [(Some("p-9"), None), (None, Some("0799999999")), (None, None), (Some("p-1"), Some("0799999999"))] {
        let reported = h.report(name, number, Delivered).await;
        assert!(reported.message.is_none() && !reported.changed && reported.snapshot.is_none(), "{name:?} {number:?}");
    }
    assert_eq!((kept(h).await.len(), h.snapshot().await), (4, before));
    assert!(kept(h).await.iter().all(|row| row.message.is_none() && row.effect.is_none()));
    let new = h.new_report(Some("p-1"), None, Delivered);
    let nobody = NewReport { account: AccountId::from_raw(77), ..new };
    assert!(matches!(h.store().report(nobody).await, Err(StoreError::NotFound { .. })));
}

pub async fn a_name_in_another_casing_is_the_same_name_unless_it_is_anothers(h: &mut Harness) {
    let small = taken(h, "5a11-0c").await;
    assert_eq!(h.report(Some("5A11-0C"), None, Delivered).await.message.map(|row| row.id), Some(small));
    let large = taken(h, "5A11-0D").await;
    let other = taken(h, "5a11-0d").await;
    assert_eq!(h.report(Some("5a11-0d"), None, Delivered).await.message.map(|row| row.id), Some(other));
    assert_eq!(h.report(Some("5A11-0D"), None, Failed).await.message.map(|row| row.id), Some(large));
    // Also when it came before the answer.
    h.report(Some("5A11-0E"), None, Delivered).await;
    let early = taken(h, "5a11-0e").await;
    assert_eq!(h.detail(early).await.row.state, MessageState::Delivered);
    assert!(kept(h).await.iter().all(|row| row.message.is_some()));
}

pub async fn a_report_that_comes_before_the_name_is_folded_in_at_the_end(h: &mut Harness) {
    let message = h.message(1, 2);
    let id = message.id;
    h.accept(vec![message]).await;
    let begun = h.begin(1).await;
    let reported = h.report(Some("p-1"), Some(NUMBER), Pending).await;
    assert!(reported.message.is_none(), "it is still being submitted");
    h.report(Some("p-1"), Some(NUMBER), Delivered).await;
    let other = h.report(Some("p-1"), Some("0799999999"), Failed).await;
    assert!(other.message.is_none());
    h.wait(1);
    h.end(begun.id, vec![sent("p-1")]).await;
    let detail = h.detail(id).await;
    assert_eq!((detail.row.state, detail.row.updated_at), (MessageState::Delivered, h.now));
    let states: Vec<MessageState> = detail.timeline.iter().map(|step| step.state).collect();
    assert_eq!(states, vec![MessageState::Queued, MessageState::Submitting, MessageState::Sent, MessageState::Delivered]);
    let rows: Vec<(Option<MessageId>, Option<MessageState>)> = kept(h).await.into_iter().map(|row| (row.message, row.effect)).collect();
    assert_eq!(rows, vec![(None, None), (Some(id), Some(MessageState::Delivered)), (Some(id), None)], "oldest first; another's number does not fit");
}

pub async fn an_early_report_settles_a_named_doubt(h: &mut Harness) {
    let message = h.message(1, 2);
    let id = message.id;
    h.accept(vec![message]).await;
    let begun = h.begin(1).await;
    h.report(Some("p-1"), None, Delivered).await;
    let after = h.end(begun.id, vec![MessageResult { provider_message_id: Some("p-1".to_owned()), ..in_doubt() }]).await;
    assert_eq!((after.standing.unknown_messages, h.detail(id).await.row.state), (0, MessageState::Delivered));
    assert_eq!(after, h.snapshot().await);
    assert_eq!(h.head().await.balances.spend, whole(2));
}

pub async fn a_report_by_name_settles_a_doubt(h: &mut Harness) {
    h.said(100).await;
    let message = h.message(1, 3);
    let id = message.id;
    h.accept(vec![message]).await;
    let begun = h.begin(1).await;
    let before = h.end(begun.id, vec![MessageResult { provider_message_id: Some("p-1".to_owned()), ..in_doubt() }]).await;
    let reported = h.report(Some("p-1"), None, Pending).await;
    let snapshot = reported.snapshot.unwrap();
    assert_eq!((reported.message.unwrap().state, snapshot.standing.unknown_messages), (MessageState::Sent, 0));
    assert!(snapshot.version > before.version);
    assert_eq!((snapshot.standing.pending, snapshot.standing.estimate(), snapshot.clone()), (whole(3), Some(whole(97)), h.snapshot().await));
    let row = h.audit().await.submissions[0].clone();
    assert_eq!((row.open.sure, row.open.doubtful), (whole(3), Units::ZERO), "the charge is sure now");
    assert_eq!(h.report(Some("p-1"), None, Failed).await.message.unwrap().state, MessageState::Undelivered);
    assert!(h.store().doubts_since(h.account, h.now, 10).await.unwrap().is_empty());
    assert_eq!(h.detail(id).await.timeline.len(), 5);
}

pub async fn without_a_known_name_the_number_may_do(h: &mut Harness) {
    let id = h.doubtful(1, 2).await;
    h.doubtful(2, 2).await;
    h.wait(60);
    let reported = h.report(Some("p-7"), Some("+254 712 345001"), Pending).await;
    assert_eq!((reported.message.map(|row| (row.id, row.state)), reported.changed), (Some((id, MessageState::Sent)), true));
    assert_eq!(h.detail(id).await.provider_message_ids, vec!["p-7".to_owned()], "it has a name now");
    assert_eq!(h.report(Some("p-7"), None, Delivered).await.message.map(|row| row.id), Some(id), "and is found by it");
    assert_eq!(h.snapshot().await.standing.unknown_messages, 1);
}

pub async fn two_doubts_to_one_number_are_not_told_apart(h: &mut Harness) {
    let (one, two) = (h.doubtful(1, 2).await, h.doubtful(1, 2).await);
    assert!(h.report(None, Some(NUMBER), Delivered).await.message.is_none());
    h.settle(one, Settlement::NotSent).await;
    assert_eq!(h.report(None, Some(NUMBER), Delivered).await.message.map(|row| row.id), Some(two), "one is left");
}

pub async fn a_number_that_is_being_submitted_to_is_not_told_apart(h: &mut Harness) {
    h.doubtful(1, 2).await;
    let message = h.message(1, 2);
    h.accept(vec![message]).await;
    let begun = h.begin(1).await;
    assert!(h.report(None, Some(NUMBER), Delivered).await.message.is_none());
    h.end(begun.id, vec![sent("p-1")]).await;
    assert!(h.report(None, Some(NUMBER), Delivered).await.changed, "the other one has a name");
}

pub async fn a_number_is_good_for_a_day_and_its_text_must_fit(h: &mut Harness) {
    let id = h.doubtful(1, 2).await;
    let mut new = h.new_report(None, Some(NUMBER), Delivered);
    new.report.text = Some("Another text".to_owned());
    assert!(h.store().report(new).await.unwrap().message.is_none());
    h.now = h.now.after(Duration::from_hours(25));
    assert!(h.report(None, Some(NUMBER), Delivered).await.message.is_none());
    h.now = h.now.before(Duration::from_hours(2));
    let mut new = h.new_report(None, Some(NUMBER), Delivered);
    new.report.text = Some("'Hello'".to_owned());
    assert_eq!(h.store().report(new).await.unwrap().message.map(|row| row.id), Some(id));
}

pub async fn names_are_not_unique_and_the_oldest_open_one_is_meant(h: &mut Harness) {
    let one = taken(h, "same").await;
    h.wait(1);
    let two = taken(h, "same").await;
    assert_eq!(h.report(Some("same"), None, Delivered).await.message.map(|row| row.id), Some(one));
    assert_eq!(h.report(Some("same"), None, Failed).await.message.map(|row| (row.id, row.state)), Some((two, MessageState::Undelivered)));
}

pub async fn names_belong_to_their_account(h: &mut Harness) {
    h.defs.push(super::harness::account_def("onfon-two", "made-up-client-two"));
    let other = h.restart().await[1].account;
    taken(h, "p-1").await;
    let new = h.new_report(Some("p-1"), Some(NUMBER), Delivered);
    assert!(h.store().report(NewReport { account: other, ..new }).await.unwrap().message.is_none());
}

pub async fn reports_count_in_the_batch(h: &mut Harness) {
    let (batch, _) = h.queue_batch(Priority::Normal, &[2, 3]).await;
    let begun = h.begin(20).await;
    h.end(begun.id, vec![sent("p-1"), sent("p-2")]).await;
    h.wait(3);
    h.report(Some("p-1"), None, Delivered).await;
    h.report(Some("p-2"), None, Failed).await;
    let row = h.batch(batch).await;
    assert_eq!((row.counts.get(MessageState::Delivered), row.counts.get(MessageState::Undelivered), row.counts.get(MessageState::Sent)), (1, 1, 0));
    assert_eq!((row.spent, row.updated_at, row.ended_at), (whole(5), h.now, Some(h.now.before(Duration::from_secs(3)))));
}

pub async fn reports_are_filtered_newest_first(h: &mut Harness) {
    let id = taken(h, "p-1").await;
    h.report(Some("p-1"), None, Pending).await;
    h.report(Some("p-9"), None, Pending).await;
    h.report(Some("p-1"), None, Delivered).await;
    let all: Vec<ReportId> = kept(h).await.into_iter().map(|row| row.id).collect();
    assert!(all.is_sorted_by(|a, b| a > b) && all.len() == 3);
    let listed = async |filter: ReportFilter| -> Vec<ReportId> {
        h.store().reports(&ReportFilter { limit: filter.limit.max(1), ..filter }).await.unwrap().into_iter().map(|row| row.id).collect()
    };
    let any = || ReportFilter { limit: 10, ..ReportFilter::default() };
    assert_eq!(listed(ReportFilter { matched: Some(true), ..any() }).await, vec![all[0], all[2]]);
    assert_eq!(listed(ReportFilter { matched: Some(false), ..any() }).await, vec![all[1]]);
    assert_eq!(listed(ReportFilter { message: Some(id), ..any() }).await, vec![all[0], all[2]]);
    assert_eq!(listed(ReportFilter { account: Some(AccountId::from_raw(77)), ..any() }).await, vec![]);
    assert_eq!(listed(ReportFilter { account: Some(h.account), before: Some(all[0]), limit: 1, ..any() }).await, vec![all[1]]);
}

pub async fn reports_survive_a_restart(h: &mut Harness) {
    let id = taken(h, "p-1").await;
    h.report(Some("p-1"), None, Delivered).await;
    h.report(Some("p-9"), Some(NUMBER), Delivered).await;
    let (before, detail) = (kept(h).await, h.detail(id).await);
    h.restart().await;
    assert_eq!((kept(h).await, h.detail(id).await), (before, detail));
    assert!(h.store().last_id().await.unwrap() >= kept(h).await[0].id.raw());
}

pub async fn what_came_while_a_submission_ran_is_matched_when_it_has_ended_in_doubt(h: &mut Harness) {
    let ids = h.queue(&[2]).await;
    let begun = h.begin(1).await;
    h.wait(1);
    let number = h.detail(ids[0]).await.row.to;
    let early = h.report(Some("p-early"), Some(&format!("+{number}")), Delivered).await;
    assert!(early.message.is_none(), "it is being submitted: not told apart");
    assert!(h.match_reports().await.is_empty());
    h.wait(20);
    h.end(begun.id, vec![in_doubt()]).await;
    assert_eq!(h.snapshot().await.standing.unknown_messages, 1);
    let matched = h.match_reports().await;
    assert_eq!(matched.iter().map(|reported| reported.message.as_ref().map(|row| (row.id, row.state))).collect::<Vec<_>>(), [Some((ids[0], MessageState::Delivered))]);
    assert!(matched[0].changed && matched[0].snapshot.is_some());
    let detail = h.detail(ids[0]).await;
    assert_eq!((detail.row.state, detail.provider_message_ids), (MessageState::Delivered, vec!["p-early".to_owned()]));
    assert_eq!((h.snapshot().await.standing.unknown_messages, h.match_reports().await.len()), (0, 0), "once");
}

pub async fn what_came_before_a_submission_began_is_not_of_it(h: &mut Harness) {
    let message = h.message(1, 2);
    let number = message.to.to_string();
    h.report(Some("p-other"), Some(&number), Delivered).await;
    h.wait(10);
    let id = message.id;
    h.accept(vec![message]).await;
    let begun = h.begin(1).await;
    h.end(begun.id, vec![in_doubt()]).await;
    assert!(h.match_reports().await.is_empty());
    assert_eq!(h.detail(id).await.row.state, MessageState::Unknown);
}

pub async fn what_came_early_is_matched_in_whatever_form_its_number_is_written(h: &mut Harness) {
    let forms = ["0712345001", "712345001", "+254 712-345-001", "00254712345001", "254712345001", "(0712) 345 001"];
    for form in forms {
        let message = h.message(1, 3);
        h.accept(vec![message.clone()]).await;
        let begun = h.begin(1).await;
        assert_eq!(h.report(None, Some(form), Delivered).await.message, None, "it could not be told apart then");
        for other in ["0712345002", "345001", "my phone", "****345001"] {
            h.report(None, Some(other), Failed).await;
        }
        h.end(begun.id, vec![in_doubt()]).await;
        let matched: Vec<_> = h.match_reports().await.into_iter().filter_map(|reported| reported.message).map(|row| (row.id, row.state)).collect();
        assert_eq!(matched, [(message.id, MessageState::Delivered)], "{form}");
        h.wait(25 * 3600);
    }
}

pub async fn what_a_person_said_was_sent_is_found_by_its_number(h: &mut Harness) {
    for form in ["0712345001", "+254712345001"] {
        let id = h.doubtful(1, 3).await;
        h.settle(id, Settlement::Sent).await;
        h.wait(60);
        let reported = h.report(Some(form), Some(form), Delivered).await;
        assert_eq!((reported.message.map(|row| (row.id, row.state)), reported.changed), (Some((id, MessageState::Delivered)), true), "{form}");
        assert_eq!(h.detail(id).await.provider_message_ids, [form], "from now on by its name");
        h.wait(25 * 3600);
    }
    let id = h.doubtful(1, 3).await;
    let pending = h.report(None, Some("0712345001"), Pending).await;
    assert_eq!(pending.message.map(|row| (row.id, row.state)), Some((id, MessageState::Sent)), "sent, and without a name");
    assert_eq!(h.report(Some("x"), Some("0712345001"), Failed).await.message.map(|row| row.state), Some(MessageState::Undelivered));
}

pub async fn what_was_sent_without_a_name_is_not_guessed(h: &mut Harness) {
    let one = h.doubtful(1, 3).await;
    h.settle(one, Settlement::Sent).await;
    let two = h.doubtful(1, 3).await;
    assert_eq!(h.report(Some("x"), Some("0712345001"), Delivered).await.message, None, "it may be of the one in doubt");
    h.settle(two, Settlement::Sent).await;
    assert_eq!(h.report(Some("y"), Some("0712345001"), Delivered).await.message, None, "there are two");
    let other = h.doubtful(2, 3).await;
    h.settle(other, Settlement::Sent).await;
    let message = h.message(2, 3);
    h.accept(vec![message]).await;
    let begun = h.begin(1).await;
    assert_eq!(h.report(Some("z"), Some("0712345002"), Delivered).await.message, None, "it may be of the one that is being sent");
    h.end(begun.id, vec![sent("named")]).await;
    let known = h.report(Some("w"), Some("0712345002"), Delivered).await;
    assert_eq!(known.message.map(|row| row.id), Some(other), "the other one has its name");
    let late = h.doubtful(3, 3).await;
    h.settle(late, Settlement::Sent).await;
    h.wait(24 * 3600 + 1);
    assert_eq!(h.report(Some("v"), Some("0712345003"), Delivered).await.message, None, "a number is good for a day");
}
