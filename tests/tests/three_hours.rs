//! Fifty viewers, ten people who press sync every second, and steady sending, for three virtual hours.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::too_many_lines,
    reason = "a test that cannot go on fails, and prints what it measured"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use salio_domain::planted::{Mistake, plant};
use salio_domain::{Timestamp, Units};
use salio_engine::RefreshError;
use salio_store::{QuestionRow, Store};
use salio_tests::audit::{Viewer, derivable, within_budget};
use salio_tests::house::{House, in_virtual_time};
use salio_tests::provider::Faults;

const HOURS: u64 = 3;

#[derive(Default)]
struct Seen {
    wrong: Mutex<Vec<String>>,
    refreshed: AtomicUsize,
    told_to_wait: AtomicUsize,
}

#[test]
fn budget_schedule_settling_versions_and_figures_hold_for_three_hours() {
    in_virtual_time(async {
        let house = House::open(3, Units::whole(50_000)).await;
        house.provider.set_faults(Faults { slowest_ms: 400, late_ms: 3_000, ..Faults::default() });
        let seen = Arc::new(Seen::default());
        let viewers: Vec<_> = (0..50).map(|_| viewer(&house, &seen)).collect();
        let people: Vec<_> = (0..10).map(|n| person(&house, &seen, n)).collect();
        let sent = send_steadily(&house).await;
        people.iter().for_each(tokio::task::JoinHandle::abort);
        house.pass(Duration::from_mins(11)).await;
        let holds = house.provider.look(|books| books.holds);
        for viewer in viewers {
            viewer.abort();
        }
        let last = house.engine.view(house.account()).unwrap();
        assert_eq!(last.balance, Some(holds), "the last figure");
        assert_eq!(house.provider.look(|books| books.accepted.len()), sent);
        assert_eq!(seen.wrong.lock().clone(), Vec::<String>::new());
        assert!(seen.told_to_wait.load(Ordering::Relaxed) > 100, "people reach the end of their part");
        assert!(seen.refreshed.load(Ordering::Relaxed) > 100);
        check_calls(&house).await;
    });
}

/// Restarts every ten minutes, people pressing all the time: the hour's calls are remembered.
async fn restarts() -> Result<(), String> {
    let mut house = House::open(4, Units::whole(1_000)).await;
    for _ in 0..12 {
        let seen = Arc::new(Seen::default());
        let people: Vec<_> = (0..3).map(|n| person(&house, &seen, n)).collect();
        house.pass(Duration::from_mins(10)).await;
        people.iter().for_each(tokio::task::JoinHandle::abort);
        house.restart().await;
    }
    within_budget(&house.provider.look(|books| books.balance_calls.clone()), 120)
}

#[test]
fn a_restart_does_not_refill_the_budget() {
    in_virtual_time(restarts()).unwrap();
}

#[test]
fn forgetting_the_budget_over_a_restart_is_caught() {
    plant(Some(Mistake::ForgetBudget));
    let caught = in_virtual_time(restarts());
    plant(None);
    println!("ForgetBudget caught: {}", caught.unwrap_err());
}

fn viewer(house: &House, seen: &Arc<Seen>) -> tokio::task::JoinHandle<()> {
    let (engine, seen, clock, account) = (house.engine.clone(), seen.clone(), house.clock.clone(), house.account());
    tokio::spawn(async move {
        let _open = engine.watch();
        let mut snapshots = engine.hub().subscribe(account).unwrap();
        let mut eyes = Viewer::default();
        loop {
            let snapshot = snapshots.borrow_and_update().clone();
            if let Err(why) = eyes.look(&snapshot, clock.now()) {
                seen.wrong.lock().push(why);
            }
            if snapshots.changed().await.is_err() {
                return;
            }
        }
    })
}

fn person(house: &House, seen: &Arc<Seen>, n: u64) -> tokio::task::JoinHandle<()> {
    let (engine, seen, account) = (house.engine.clone(), seen.clone(), house.account());
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(n * 97)).await;
        loop {
            match engine.refresh(account).await {
                Ok(_) => seen.refreshed.fetch_add(1, Ordering::Relaxed),
                Err(RefreshError::OutOfBudget { retry_after, .. }) if retry_after > Duration::ZERO => seen.told_to_wait.fetch_add(1, Ordering::Relaxed),
                Err(error) => {
                    seen.wrong.lock().push(error.to_string());
                    0
                }
            };
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    })
}

/// One message every nine seconds, and a pause of a minute and a half in every ten minutes.
async fn send_steadily(house: &House) -> usize {
    let mut sent = 0;
    let end = house.clock.now().after(Duration::from_hours(HOURS));
    while house.clock.now() < end {
        let text = format!("steady {sent}");
        house.send(&text, &[format!("2547{:08}", sent + 1)]).await.unwrap();
        sent += 1;
        house.pass(if sent % 60 == 0 { Duration::from_secs(90) } else { Duration::from_secs(9) }).await;
        if sent % 10 == 0 {
            let audit = house.process.audit(house.account()).await.unwrap();
            derivable(&audit, house.clock.now()).unwrap();
        }
    }
    sent
}

async fn check_calls(house: &House) {
    let calls = house.provider.look(|books| books.balance_calls.clone());
    within_budget(&calls, 120).unwrap();
    let mut rows: Vec<QuestionRow> = house.process.questions(house.account(), 100_000).await.unwrap();
    rows.reverse();
    assert_eq!(rows.len(), calls.len(), "every call was written down when it began");
    let asked = |reason: &str| -> Vec<Timestamp> { rows.iter().filter(|row| row.reason == reason).map(|row| row.question.asked_at).collect() };
    let gap = |times: &[Timestamp]| times.windows(2).map(|pair| pair[1].since(pair[0])).max().unwrap_or_default();
    let all: Vec<Timestamp> = rows.iter().map(|row| row.question.asked_at).collect();
    println!(
        "{} calls in {HOURS} h and 11 min: {} by schedule, {} settling, {} by people, {} watching",
        rows.len(),
        asked("schedule").len(),
        asked("settle").len(),
        asked("person").len(),
        asked("watch").len()
    );
    println!("widest gaps: {:?} of all, {:?} settling", gap(&all), gap(&asked("settle")));
    assert!(gap(&all) <= Duration::from_mins(5) + Duration::from_secs(2), "the schedule starved");
    assert!(gap(&asked("settle")) <= Duration::from_mins(6), "settling starved");
    // A tick of the schedule is served by its own question, or found one already running.
    let ticks = (0..HOURS * 12).map(|n| Timestamp::from_micros(1_795_330_800_000_000).after(Duration::from_mins(5) * u32::try_from(n + 1).unwrap()));
    for tick in ticks {
        let served = all.iter().any(|at| at.since(tick) < Duration::from_secs(2) && *at >= tick.before(Duration::from_secs(1)));
        assert!(served, "the schedule's tick at {tick} was not served");
    }
}
