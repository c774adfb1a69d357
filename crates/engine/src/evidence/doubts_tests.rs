//! Messages in doubt in virtual time: what settles them and when, and that nothing goes out twice unless somebody said so.

use std::time::Duration;

use salio_domain::message::MessageState::{Delivered, Failed, Queued, Sent, Undelivered, Unknown};
use salio_domain::outbox::OnUnknown::{Hold, Resend};
use salio_domain::report::ReportOutcome;
use salio_provider::{Found, LookUpError};
use salio_store::{IdempotencyKey, Settlement, StoreError};

use super::super::tests_support::{BEGIN, House, NUMBER, listed, pass};

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

fn failed(code: &'static str) -> Result<Vec<Found>, LookUpError> {
    Err(LookUpError::Failed { code, detail: "Made up.".to_owned(), credentials: false })
}

async fn doubtful(house: &House, text: &str) -> salio_domain::MessageId {
    *house.vendor.doubts.lock() = 1;
    let id = house.send(text, None).await;
    assert_eq!(house.state(id).await, Unknown);
    id
}

#[tokio::test(start_paused = true)]
async fn the_list_settles_it_after_two_minutes() {
    for (outcome, state) in [(ReportOutcome::Pending, Sent), (ReportOutcome::Delivered, Delivered), (ReportOutcome::Failed, Undelivered)] {
        let house = House::open(Hold, true).await;
        let id = doubtful(&house, "one").await;
        house.vendor.list.lock().push_back(Ok(vec![listed("made-up-9", "one", outcome)]));
        pass(MINUTE).await;
        assert!(house.vendor.asked.lock().is_empty(), "not before two minutes");
        pass(MINUTE + Duration::from_secs(20)).await;
        let message = house.message(id).await;
        assert_eq!((message.row.state, message.row.cause.as_deref(), message.provider_message_ids.as_slice()), (state, Some("look_up"), ["made-up-9".to_owned()].as_slice()));
        let asked = house.vendor.asked.lock().clone();
        assert_eq!((asked.len(), asked[0].1.to.as_str(), asked[0].1.text.as_str(), asked[0].1.sender.as_str()), (1, NUMBER, "one", "SALIO"));
        assert!(asked[0].1.submitted_at.since(BEGIN) < Duration::from_secs(1));
        pass(HOUR * 30).await;
        assert_eq!((house.vendor.asked.lock().len(), house.times("one")), (1, 1), "settled is settled");
        assert_eq!(house.engine.view(house.account()).unwrap().unknown_messages, 0);
    }
}

#[tokio::test(start_paused = true)]
async fn what_proves_nothing_settles_nothing_and_it_is_asked_five_times_and_once_more_for_a_failure() {
    let house = House::open(Hold, true).await;
    let id = doubtful(&house, "one").await;
    let pending = |name| listed(name, "one", ReportOutcome::Delivered);
    house.vendor.list.lock().extend([
        Ok(vec![]),
        Ok(vec![pending("a"), pending("b")]),
        failed("timeout"),
        Ok(vec![listed("c", "two", ReportOutcome::Delivered)]),
        Ok(vec![pending("")]),
        Ok(vec![]),
        Ok(vec![pending("d")]),
    ]);
    pass(HOUR * 100).await;
    assert_eq!((house.state(id).await, house.times("one")), (Unknown, 1));
    let minutes: Vec<u64> = house.vendor.asked.lock().iter().map(|(at, _)| at.since(BEGIN).as_secs() / 60).collect();
    assert_eq!(minutes, [2, 10, 60, 75, 360, 1440]);
}

#[tokio::test(start_paused = true)]
async fn a_row_that_is_another_messages_settles_nothing() {
    let house = House::open(Hold, true).await;
    let other = house.send("one", None).await;
    let named = house.message(other).await.provider_message_ids[0].clone();
    let id = doubtful(&house, "one").await;
    house.vendor.list.lock().push_back(Ok(vec![listed(&named, "one", ReportOutcome::Delivered)]));
    pass(MINUTE * 3).await;
    assert_eq!((house.state(id).await, house.state(other).await), (Unknown, Sent));
}

#[tokio::test(start_paused = true)]
async fn without_look_ups_nobody_is_asked() {
    let house = House::open(Hold, false).await;
    let id = doubtful(&house, "one").await;
    pass(HOUR * 100).await;
    assert_eq!((house.state(id).await, house.times("one")), (Unknown, 1), "held, as the policy says");
    assert!(house.vendor.asked.lock().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_policy_sends_again_once_and_not_before_two_hours() {
    let mut house = House::open(Resend, false).await;
    let id = doubtful(&house, "one").await;
    pass(HOUR * 2 - Duration::from_secs(30)).await;
    assert_eq!((house.state(id).await, house.times("one")), (Unknown, 1));
    // The time is that of the doubt, not of the process.
    house.restart().await;
    *house.vendor.doubts.lock() = 1;
    pass(MINUTE).await;
    assert_eq!((house.state(id).await, house.times("one")), (Unknown, 2), "in doubt again");
    pass(HOUR * 200).await;
    house.restart().await;
    pass(HOUR * 200).await;
    assert_eq!((house.state(id).await, house.times("one")), (Unknown, 2), "never a second time");
}

#[tokio::test(start_paused = true)]
async fn evidence_stops_the_policy() {
    let house = House::open(Resend, true).await;
    let reported = doubtful(&house, "reported").await;
    pass(HOUR).await;
    house.report(1, "made-up-r", "ENROUTE", ReportOutcome::Pending).await;
    assert_eq!(house.state(reported).await, Sent);
    let found = doubtful(&house, "found").await;
    house.vendor.list.lock().push_back(Ok(vec![listed("made-up-f", "found", ReportOutcome::Pending)]));
    // The list is asked for it first; its row is later than the message's begin by an hour less than a day.
    pass(MINUTE * 3).await;
    let by_person = doubtful(&house, "by person").await;
    house.engine.resolve(by_person, Settlement::NotSent).await.unwrap();
    pass(HOUR * 10).await;
    assert_eq!([house.times("reported"), house.times("by person")], [1, 1]);
    assert_eq!((house.state(by_person).await, house.state(reported).await), (Failed, Sent));
    // A row older than the submission is another message's: that one is sent again, once.
    assert_eq!((house.times("found"), house.state(found).await), (2, Sent));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_again_before_the_list_was_read_and_did_not_show_it() {
    for code in ["timeout", "too_many_rows"] {
        let house = House::open(Resend, true).await;
        *house.vendor.always.lock() = Some(failed(code));
        let mut ids = Vec::new();
        for number in 0..40 {
            ids.push(doubtful(&house, &format!("text {number}")).await);
            // Nothing but doubt would slow sending down.
            house.send(&format!("taken {number}"), None).await;
        }
        pass(HOUR * 3).await;
        assert_eq!(house.vendor.taken.lock().len(), 80, "a look-up that failed is no proof: {code}");
        let delivered = |number: usize| listed(&format!("made-up-d{number}"), &format!("text {number}"), ReportOutcome::Delivered);
        *house.vendor.always.lock() = Some(Ok((0..39).map(delivered).collect()));
        pass(HOUR * 3).await;
        for (number, id) in ids[..39].iter().enumerate() {
            assert_eq!((house.state(*id).await, house.times(&format!("text {number}"))), (Delivered, 1), "{code} {number}");
        }
        assert_eq!((house.state(ids[39]).await, house.times("text 39")), (Sent, 2), "the list was read, and it is not in it");
    }
}

#[tokio::test(start_paused = true)]
async fn rows_that_could_be_it_are_no_absence() {
    let house = House::open(Resend, true).await;
    *house.vendor.always.lock() = Some(Ok(vec![listed("a", "one", ReportOutcome::Pending), listed("b", "one", ReportOutcome::Pending)]));
    let id = doubtful(&house, "one").await;
    pass(HOUR * 30).await;
    assert_eq!((house.state(id).await, house.times("one")), (Unknown, 1));
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_has_no_list_is_asked_once() {
    let house = House::open(Resend, true).await;
    *house.vendor.always.lock() = Some(Err(LookUpError::NotSupported));
    let id = doubtful(&house, "one").await;
    pass(HOUR * 5).await;
    assert_eq!((house.state(id).await, house.times("one"), house.vendor.asked.lock().len()), (Sent, 2, 2), "once when it was due, once before it was sent again");
}

#[tokio::test(start_paused = true)]
async fn a_name_in_a_doubtful_answer_settles_it() {
    let house = House::open(Hold, true).await;
    *house.vendor.name.lock() = Some("made-up-n".to_owned());
    let id = doubtful(&house, "one").await;
    assert_eq!(house.message(id).await.provider_message_ids, ["made-up-n"]);
    house.report(1, "made-up-n", "DELIVRD", ReportOutcome::Delivered).await;
    assert_eq!(house.state(id).await, Delivered);
    let other = doubtful(&house, "two").await;
    pass(MINUTE * 3).await;
    assert_eq!(house.vendor.asked.lock()[0].1.provider_message_ids, ["made-up-n"], "it is looked up by its name");
    assert_eq!(house.state(other).await, Unknown);
}

#[tokio::test(start_paused = true)]
async fn the_same_request_sends_again_once() {
    let mut house = House::open(Hold, false).await;
    let id = doubtful(&house, "one").await;
    let key = |body| IdempotencyKey { scope: "made-up:resolve".to_owned(), key: "made-up-1".to_owned(), body_sha256: [body; 32] };
    *house.vendor.doubts.lock() = 1;
    house.engine.resolve_once(id, Settlement::Resend, Some((key(1), "{}".to_owned()))).await.unwrap();
    pass(Duration::from_secs(1)).await;
    for _ in 0..2 {
        let row = house.engine.resolve_once(id, Settlement::Resend, Some((key(1), "{}".to_owned()))).await.unwrap();
        assert_eq!((row.state, house.times("one")), (Unknown, 2), "in doubt again, and not sent a third time");
        house.restart().await;
    }
    let other = house.engine.resolve_once(id, Settlement::Resend, Some((key(2), "{}".to_owned()))).await;
    assert!(matches!(other, Err(StoreError::Conflict { .. })), "{other:?}");
}

#[tokio::test(start_paused = true)]
async fn the_policy_of_one_that_is_past_its_time_sends_nothing() {
    let house = House::open(Resend, false).await;
    *house.vendor.doubts.lock() = 1;
    let id = house.send("short-lived", Some(HOUR)).await;
    pass(HOUR * 5).await;
    assert_eq!(house.times("short-lived"), 1);
    let message = house.message(id).await;
    assert_eq!(message.timeline.len(), 3, "the policy leaves it alone");
    assert_eq!(message.row.state, Unknown, "nobody knows whether it was delivered: {:?}", message.timeline);
}

#[tokio::test(start_paused = true)]
async fn what_a_person_took_back_stays_back() {
    let house = House::open(Resend, false).await;
    let id = doubtful(&house, "one").await;
    house.engine.pause(house.account()).await.unwrap();
    pass(HOUR * 2 + MINUTE).await;
    assert_eq!(house.state(id).await, Queued, "it waits to be sent again");
    house.engine.cancel(id).await.unwrap();
    house.engine.resume(house.account()).await.unwrap();
    pass(HOUR * 10).await;
    let message = house.message(id).await;
    assert_eq!((house.times("one"), message.row.state, message.timeline.len()), (1, Unknown, 5), "still in doubt");
}

#[tokio::test(start_paused = true)]
async fn those_that_are_left_alone_hold_up_no_other() {
    let house = House::open(Resend, false).await;
    for at in 0..150 {
        *house.vendor.doubts.lock() = 1;
        house.send(&format!("short-lived {at}"), Some(HOUR)).await;
        // Nothing but doubt would slow sending down.
        house.send(&format!("taken {at}"), None).await;
    }
    let id = doubtful(&house, "one").await;
    pass(HOUR * 3).await;
    assert_eq!((house.times("one"), house.state(id).await), (2, Sent));
}

#[tokio::test(start_paused = true)]
async fn a_person_may_have_it_sent_again_as_often_as_it_is_in_doubt() {
    let house = House::open(Hold, false).await;
    let id = doubtful(&house, "one").await;
    for tries in 2..4 {
        *house.vendor.doubts.lock() = 1;
        house.engine.resolve(id, Settlement::Resend).await.unwrap();
        pass(Duration::from_secs(1)).await;
        assert_eq!((house.state(id).await, house.times("one")), (Unknown, tries));
    }
    house.engine.resolve(id, Settlement::Resend).await.unwrap();
    pass(Duration::from_secs(1)).await;
    assert_eq!((house.state(id).await, house.times("one")), (Sent, 4));
    let refused = house.engine.resolve(id, Settlement::Resend).await;
    assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
}
