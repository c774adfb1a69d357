//! Reports handed on to programs, in virtual time: when they are tried again, in which order, and that one program's trouble is no other's.

use std::time::Duration;

use salio_domain::outbox::OnUnknown::Hold;
use salio_domain::report::ReportOutcome::{Delivered, Pending};

use super::super::tests_support::{House, pass};

const HOUR: Duration = Duration::from_hours(1);

/// Seconds between tries.
fn pauses(house: &House) -> Vec<u64> {
    let tried: Vec<_> = house.program.tried.lock().iter().map(|(at, _)| *at).collect();
    tried.windows(2).map(|pair| pair[1].since(pair[0]).as_secs()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_report_is_handed_on_at_once_and_once() {
    let house = House::open(Hold, false).await;
    let key = house.key("shop").await;
    house.send_by(&key, "one").await;
    house.report(1, "made-up-1", "ENROUTE", Pending).await;
    house.report(2, "made-up-1", "DELIVRD", Delivered).await;
    house.report(3, "made-up-unknown", "DELIVRD", Delivered).await;
    pass(Duration::from_millis(50)).await;
    assert_eq!(*house.program.taken.lock(), ["http://shop ENROUTE", "http://shop DELIVRD"]);
    pass(HOUR * 100).await;
    assert_eq!(house.program.tried.lock().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_program_that_is_down_is_asked_ever_more_rarely_and_then_hears_everything_in_order() {
    let mut house = House::open(Hold, false).await;
    let key = house.key("shop").await;
    house.send_by(&key, "one").await;
    *house.program.is_down.lock() = true;
    house.report(1, "made-up-1", "ENROUTE", Pending).await;
    pass(Duration::from_secs(11)).await;
    house.report(2, "made-up-1", "DELIVRD", Delivered).await;
    pass(HOUR * 2).await;
    // Each try takes ten seconds; then 5 s, twice that, and so on up to half an hour.
    let pauses = pauses(&house);
    assert_eq!(pauses[..9], [15, 20, 30, 50, 90, 170, 330, 650, 1290], "{pauses:?}");
    assert!(pauses[9..].iter().all(|pause| (1810..1815).contains(pause)), "{pauses:?}");
    assert!(house.program.tried.lock().iter().all(|(_, word)| word.ends_with("ENROUTE")), "the second waits for the first");
    house.restart().await;
    *house.program.is_down.lock() = false;
    pass(HOUR).await;
    assert_eq!(*house.program.taken.lock(), ["http://shop ENROUTE", "http://shop DELIVRD"]);
}

#[tokio::test(start_paused = true)]
async fn one_programs_trouble_is_no_others() {
    let house = House::open(Hold, false).await;
    let (dead, healthy) = (house.key("shop").await, house.key("healthy").await);
    *house.program.is_down.lock() = true;
    for at in 1..=600 {
        house.send_by(&dead, &format!("dead {at}")).await;
        house.report(at, &format!("made-up-{at}"), "DELIVRD", Delivered).await;
    }
    house.send_by(&healthy, "healthy").await;
    house.report(601, "made-up-601", "DELIVRD", Delivered).await;
    let begun = house.clock.now();
    while house.program.taken.lock().is_empty() {
        pass(Duration::from_millis(100)).await;
        assert!(house.clock.now().since(begun) < Duration::from_mins(1), "the healthy one waits for the dead one");
    }
    assert_eq!(*house.program.taken.lock(), ["http://healthy DELIVRD"]);
    *house.program.is_down.lock() = false;
    pass(HOUR).await;
    assert_eq!(house.program.taken.lock().len(), 601);
}

/// A program that takes ten seconds to fail is called by itself; a program that answers does not wait for it, not even once.
#[tokio::test(start_paused = true)]
async fn a_program_that_hangs_holds_up_only_itself() {
    let house = House::open(Hold, false).await;
    let (dead, healthy) = (house.key("shop").await, house.key("healthy").await);
    *house.program.is_down.lock() = true;
    // More than one page of them.
    for at in 1..=300 {
        house.send_by(&dead, &format!("dead {at}")).await;
    }
    house.send_by(&healthy, "healthy").await;
    for at in 1..=300 {
        house.report(at, &format!("made-up-{at}"), "DELIVRD", Delivered).await;
    }
    pass(Duration::from_secs(1)).await;
    house.report(301, "made-up-301", "DELIVRD", Delivered).await;
    pass(Duration::from_millis(50)).await;
    assert_eq!(*house.program.taken.lock(), ["http://healthy DELIVRD"]);
}

#[tokio::test(start_paused = true)]
async fn a_later_report_waits_for_an_earlier_one_that_was_not_taken() {
    let house = House::open(Hold, false).await;
    let key = house.key("shop").await;
    house.send_by(&key, "one").await;
    *house.program.refuses.lock() = Some("ENROUTE".to_owned());
    house.report(1, "made-up-1", "ENROUTE", Pending).await;
    pass(Duration::from_secs(1)).await;
    house.report(2, "made-up-1", "DELIVRD", Delivered).await;
    pass(Duration::from_secs(1)).await;
    assert!(house.program.taken.lock().is_empty(), "{:?}", house.program.taken.lock());
    *house.program.refuses.lock() = None;
    pass(Duration::from_secs(10)).await;
    assert_eq!(*house.program.taken.lock(), ["http://shop ENROUTE", "http://shop DELIVRD"]);
}

#[tokio::test(start_paused = true)]
async fn a_report_that_came_before_the_answer_is_handed_on_with_it() {
    let house = House::open(Hold, false).await;
    let key = house.key("shop").await;
    house.report(1, "made-up-1", "DELIVRD", Delivered).await;
    // Long enough for the loop to have laid down.
    pass(Duration::from_secs(1)).await;
    house.send_by(&key, "one").await;
    assert_eq!(*house.program.taken.lock(), ["http://shop DELIVRD"]);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_was_taken_back_hears_nothing_more() {
    let house = House::open(Hold, false).await;
    let key = house.key("shop").await;
    house.send_by(&key, "one").await;
    house.send_by(&key, "two").await;
    *house.program.is_down.lock() = true;
    house.report(1, "made-up-1", "DELIVRD", Delivered).await;
    pass(Duration::from_secs(11)).await;
    house.engine.revoke_key(key.id).await.unwrap();
    *house.program.is_down.lock() = false;
    house.report(2, "made-up-2", "DELIVRD", Delivered).await;
    pass(HOUR).await;
    assert!(house.program.taken.lock().is_empty(), "{:?}", house.program.taken.lock());
    assert_eq!(house.engine.store().next_forward(&[]).await.unwrap(), None, "what waited is given up");
}

#[tokio::test(start_paused = true)]
async fn a_report_that_a_program_does_not_like_holds_up_no_other_message() {
    let house = House::open(Hold, false).await;
    let key = house.key("shop").await;
    *house.program.refuses.lock() = Some("ODD".to_owned());
    house.send_by(&key, "one").await;
    house.send_by(&key, "two").await;
    house.report(1, "made-up-1", "ODD", Delivered).await;
    house.report(2, "made-up-2", "DELIVRD", Delivered).await;
    pass(Duration::from_secs(1)).await;
    assert_eq!(*house.program.taken.lock(), ["http://shop DELIVRD"]);
    pass(Duration::from_secs(100)).await;
    let tries = house.program.tried.lock().iter().filter(|(_, word)| word.ends_with("ODD")).count();
    assert_eq!(tries, 5, "at 0, 5, 15, 35 and 75 s");
    *house.program.refuses.lock() = None;
    pass(HOUR).await;
    assert_eq!(house.program.taken.lock().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn after_three_days_it_is_given_up_but_not_because_salio_was_down() {
    let mut house = House::open(Hold, false).await;
    let key = house.key("shop").await;
    house.send_by(&key, "one").await;
    *house.program.is_down.lock() = true;
    house.report(1, "made-up-1", "DELIVRD", Delivered).await;
    pass(HOUR * 80).await;
    let tried = house.program.tried.lock().len();
    assert!((100..200).contains(&tried), "{tried}");
    assert_eq!(house.engine.store().next_forward(&[]).await.unwrap(), None);

    house.report(2, "made-up-1", "DELIVRD", Delivered).await;
    pass(Duration::from_secs(1)).await;
    house.process.crash();
    house.engine.abort();
    pass(HOUR * 100).await;
    house.restart().await;
    pass(Duration::from_mins(1)).await;
    *house.program.is_down.lock() = false;
    pass(HOUR).await;
    assert_eq!(house.program.taken.lock().len(), 1);
}
