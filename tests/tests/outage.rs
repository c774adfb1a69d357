//! The provider is down for an hour, or refuses the credentials: what is shown, and how often it is asked.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::too_many_lines,
    reason = "a test that cannot go on fails, and prints what it measured"
)]

use std::time::Duration;

use salio_domain::Units;
use salio_domain::balance::{Health, State};
use salio_engine::RefreshError;
use salio_tests::house::{House, in_virtual_time};
use salio_tests::provider::Faults;

const DOWN: Faults =
    Faults { balance_fails: 1000, not_sent: 1000, lost_before: 0, lost_after: 0, refused: 0, slowest_ms: 20, late_ms: 0, checks_credit: false, refuses_credentials: false };
const UP: Faults = Faults { balance_fails: 0, not_sent: 0, ..DOWN };

async fn open() -> House {
    let house = House::open(5, Units::whole(700)).await;
    house.provider.set_faults(UP);
    house.pass(Duration::from_secs(2)).await;
    assert_eq!(house.engine.view(house.account()).unwrap().state, State::Fresh);
    house
}

#[test]
fn down_for_an_hour_the_last_figure_stays_with_its_age_and_the_reason_and_it_recovers_by_itself() {
    in_virtual_time(async {
        let house = open().await;
        let _open_page = house.engine.watch();
        house.provider.set_faults(DOWN);
        for minute in 1..=60 {
            house.pass(Duration::from_mins(1)).await;
            let view = house.engine.view(house.account()).unwrap();
            assert_eq!(view.balance, Some(Units::whole(700)), "minute {minute}");
            assert!(view.age_ms.unwrap() >= (minute - 1) * 60_000, "minute {minute}: {:?}", view.age_ms);
            if minute > 1 {
                let error = view.error.unwrap();
                assert_eq!((error.code.as_str(), view.health != Health::Ok), ("unreachable", true));
                assert!(error.next_try_at.unwrap().since(house.clock.now()) <= Duration::from_mins(5));
            }
            assert_eq!(view.state, if minute > 14 { State::Stale } else { State::Fresh }, "minute {minute}");
        }
        assert_eq!(house.engine.view(house.account()).unwrap().health, Health::Failing);
        let asked = house.provider.look(|books| books.balance_calls.len());
        assert!((10..=40).contains(&asked), "{asked} calls in an hour of failure");
        house.provider.set_faults(UP);
        house.provider.add(Units::whole(-1));
        house.pass(Duration::from_secs(301)).await;
        let view = house.engine.view(house.account()).unwrap();
        assert_eq!((view.balance, view.state, view.health, view.error), (Some(Units::whole(699)), State::Fresh, Health::Ok, None));
    });
}

#[test]
fn after_an_outage_a_sync_is_answered_at_once() {
    in_virtual_time(async {
        let house = open().await;
        house.provider.set_faults(DOWN);
        house.pass(Duration::from_mins(40)).await;
        let down = house.engine.refresh(house.account()).await;
        assert!(matches!(down, Err(RefreshError::Provider { last, .. }) if last.standing.estimate() == Some(Units::whole(700))));
        house.provider.set_faults(UP);
        let before = house.clock.now();
        let refreshed = house.engine.refresh(house.account()).await.unwrap();
        assert_eq!(refreshed.snapshot.standing.estimate(), Some(Units::whole(700)));
        assert!(house.clock.now().since(before) < Duration::from_secs(1));
    });
}

#[test]
fn messages_wait_while_the_provider_is_down_and_leave_when_it_is_back() {
    in_virtual_time(async {
        let house = open().await;
        house.provider.set_faults(DOWN);
        house.send("waits", &["254700000001".to_owned()]).await.unwrap();
        house.pass(Duration::from_mins(60)).await;
        let view = house.engine.view(house.account()).unwrap();
        assert_eq!((view.queued, view.pending), (Units::whole(1), Units::ZERO));
        house.provider.set_faults(UP);
        house.pass(Duration::from_mins(6)).await;
        assert_eq!(house.provider.look(|books| books.accepted.len()), 1);
        assert_eq!(house.engine.view(house.account()).unwrap().balance, Some(Units::whole(699)));
    });
}

/// A provider in trouble puts a part of a queue in doubt, not all of it; what waited goes when it answers again.
#[test]
fn answers_that_leave_doubt_slow_sending_down_until_one_does_not() {
    in_virtual_time(async {
        let house = open().await;
        house.provider.set_faults(Faults { lost_before: 1000, ..UP });
        for number in 0..500 {
            house.send(&format!("text {number}"), &[format!("2547000{number:05}")]).await.unwrap();
        }
        house.pass(Duration::from_mins(10)).await;
        let unknown = house.engine.view(house.account()).unwrap().unknown_messages;
        assert!((5..=300).contains(&unknown), "{unknown} of 500 in doubt after ten minutes");
        house.provider.set_faults(UP);
        house.pass(Duration::from_mins(3)).await;
        let view = house.engine.view(house.account()).unwrap();
        assert_eq!((view.unknown_messages, view.queued), (unknown + i64::from(view.unknown_messages > unknown), Units::ZERO));
        let accepted = house.provider.look(|books| books.accepted.len());
        assert_eq!(accepted as i64 + view.unknown_messages, 500);
    });
}

#[test]
fn wrong_credentials_cost_one_call_until_a_person_acts_even_over_restarts() {
    in_virtual_time(async {
        let mut house = House::open(6, Units::whole(700)).await;
        let refusing = Faults { refuses_credentials: true, ..UP };
        house.provider.set_faults(refusing);
        let _open_page = house.engine.watch();
        house.pass(Duration::from_hours(30)).await;
        let calls = |house: &House| house.provider.look(|books| books.balance_calls.len());
        assert_eq!(calls(&house), 1);
        let view = house.engine.view(house.account()).unwrap();
        assert_eq!((view.balance, view.state, view.health, view.next_refresh_at), (None, State::Unknown, Health::Failing, None));
        house.restart().await;
        house.pass(Duration::from_hours(1)).await;
        assert_eq!(calls(&house), 1, "a restart with the same keys does not ask again");
        assert!(house.engine.refresh(house.account()).await.is_err());
        house.pass(Duration::from_hours(1)).await;
        assert_eq!(calls(&house), 2, "a person asked once");
        house.provider.set_faults(UP);
        house.engine.refresh(house.account()).await.unwrap();
        house.pass(Duration::from_mins(6)).await;
        assert!(calls(&house) > 3, "after a person's success the schedule goes on");
    });
}

#[test]
fn refused_credentials_alert_at_once_even_after_another_failure() {
    in_virtual_time(async {
        let house = open().await;
        let mut events = house.engine.hub().events();
        house.provider.set_faults(DOWN);
        assert!(house.engine.refresh(house.account()).await.is_err());
        house.provider.set_faults(Faults { refuses_credentials: true, ..UP });
        assert!(house.engine.refresh(house.account()).await.is_err());
        assert!(house.engine.refresh(house.account()).await.is_err());
        let mut alerts = Vec::new();
        while let Ok(event) = events.try_recv() {
            if let salio_engine::Event::Alert(_, code, text) = event {
                alerts.push((code, text));
            }
        }
        let text = "onfon: The provider refuses the credentials. No automatic calls until somebody syncs or the configuration changes.";
        assert_eq!(alerts, [("credentials_refused".to_owned(), text.to_owned())], "once");
    });
}

#[test]
fn two_people_at_the_same_instant_share_one_call() {
    in_virtual_time(async {
        let house = open().await;
        let before = house.provider.look(|books| books.balance_calls.len());
        let syncs = (0..8).map(|_| house.engine.refresh(house.account()));
        assert!(futures::future::join_all(syncs).await.iter().all(Result::is_ok));
        assert_eq!(house.provider.look(|books| books.balance_calls.len()) - before, 1);
    });
}

#[test]
fn a_clear_outlives_the_answer_to_a_question_asked_before_it() {
    in_virtual_time(async {
        let house = open().await;
        house.provider.set_faults(Faults { slowest_ms: 4_000, ..UP });
        let engine = house.engine.clone();
        let account = house.account();
        let sync = tokio::spawn(async move { engine.refresh(account).await });
        house.pass(Duration::from_millis(1)).await;
        house.engine.clear_cache(account).await.unwrap();
        sync.await.unwrap().unwrap();
        assert_eq!(house.engine.view(account).unwrap().state, State::Stale);
        house.engine.read(account);
        house.pass(Duration::from_secs(9)).await;
        assert_eq!(house.engine.view(account).unwrap().state, State::Fresh);
    });
}
