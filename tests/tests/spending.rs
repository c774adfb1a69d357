//! What the balance allows: hold and go on, refuse, partial, the floor for high priority, fair shares, pauses, expiry, the stop list. In virtual time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::too_many_lines,
    reason = "a test that cannot go on fails, and prints what it measured"
)]

use std::time::Duration;

use futures::future::join_all;
use salio_domain::admission::OnShort;
use salio_domain::message::{MessageState, Priority};
use salio_domain::pricing::{Price, PriceSource};
use salio_domain::{MessageId, Msisdn, Units};
use salio_engine::{AcceptError, Accepted, Draft, Event, PauseCause};
use salio_store::{BatchFilter, BatchOrder, MessageFilter, MessageRow};
use salio_tests::audit::all_messages;
use salio_tests::house::{House, in_virtual_time};
use salio_tests::provider::Faults;
use tokio::sync::broadcast::Receiver;

fn numbers(from: usize, count: usize) -> Vec<String> {
    (from..from + count).map(|n| format!("2547{n:08}")).collect()
}

/// Accepts without a key; answers how many and what they take.
async fn accept(house: &House, draft: Draft, list: bool) -> Result<(usize, Units), AcceptError> {
    let made = parking_lot::Mutex::new((0, Units::ZERO));
    let note = |accepted: &Accepted| {
        *made.lock() = (accepted.messages.len(), accepted.charge);
        String::new()
    };
    house.engine.intake().accept(draft, list, None, note).await?;
    Ok(*made.lock())
}

fn draft(text: &str, to: Vec<String>, on_short: OnShort) -> Draft {
    Draft { to, text: text.into(), on_short: Some(on_short), ..Draft::default() }
}

fn taken(house: &House) -> u32 {
    house.provider.look(|books| books.accepted.values().map(|(times, _)| *times).sum())
}

async fn count(house: &House, state: MessageState) -> usize {
    all_messages(&house.process).await.unwrap().iter().filter(|row| row.state == state).count()
}

async fn rows(house: &House) -> Vec<MessageRow> {
    all_messages(&house.process).await.unwrap()
}

/// Opened, and its first figure has come.
async fn opened(seed: u64, holds: i64, tune: salio_tests::house::Tune) -> House {
    let house = House::tuned(seed, Units::whole(holds), tune).await;
    house.pass(Duration::from_secs(1)).await;
    assert_eq!(house.engine.view(house.account()).unwrap().balance, Some(Units::whole(holds)));
    house
}

fn alerts(events: &mut Receiver<Event>) -> Vec<(String, String)> {
    let mut alerts = Vec::new();
    while let Ok(event) = events.try_recv() {
        if let Event::Alert(_, code, text) = event {
            alerts.push((code, text));
        }
    }
    alerts
}

#[test]
fn what_is_held_goes_by_itself_after_a_top_up_and_nothing_goes_before() {
    in_virtual_time(async {
        let house = opened(1, 3, |_| {}).await;
        let mut events = house.engine.hub().events();
        let asked = house.provider.look(|books| books.balance_calls.len());
        assert_eq!(accept(&house, draft("held", numbers(0, 10), OnShort::Hold), true).await.unwrap(), (10, Units::whole(10)));
        house.pass(Duration::from_secs(2)).await;
        let view = house.engine.view(house.account()).unwrap();
        let held = view.held.expect("credit is short");
        assert_eq!((taken(&house), held.needed, held.available, view.queued), (3, Units::whole(1), Units::ZERO, Units::whole(7)));
        assert!(house.provider.look(|books| books.balance_calls.len()) > asked, "the balance was asked again before anything was held");
        let waits: Vec<_> = house.engine.why_waits(&rows(&house).await).await.unwrap().into_iter().flatten().collect();
        assert_eq!(waits, ["insufficient_balance"; 7]);
        for _ in 0..60 {
            house.pass(Duration::from_mins(1)).await;
            assert_eq!(taken(&house), 3, "nothing goes before there is credit");
        }
        let told = alerts(&mut events);
        assert_eq!(told.len(), 1, "told once: {told:?}");
        assert!(told[0].0 == "insufficient_balance" && told[0].1.contains("onfon") && told[0].1.contains("top-up"), "{told:?}");

        house.provider.add(Units::whole(100));
        let mut snapshots = house.engine.hub().subscribe(house.account()).unwrap();
        snapshots.wait_for(|snapshot| snapshot.standing.estimate() > Some(Units::ZERO)).await.unwrap();
        house.pass(Duration::from_secs(1)).await;
        assert_eq!((taken(&house), count(&house, MessageState::Sent).await), (10, 10), "all of them, at once, and each once");
        assert_eq!(house.engine.view(house.account()).unwrap().held, None);
    });
}

#[test]
fn a_second_shortness_is_told_again() {
    in_virtual_time(async {
        let house = opened(2, 1, |_| {}).await;
        let mut events = house.engine.hub().events();
        for round in 0..3_usize {
            accept(&house, draft(&format!("round {round}"), numbers(round * 10, 2), OnShort::Hold), true).await.unwrap();
            house.pass(Duration::from_mins(2)).await;
            assert_eq!(alerts(&mut events).len(), 1, "round {round}");
            house.provider.add(Units::whole(2));
            house.engine.refresh(house.account()).await.unwrap();
            house.pass(Duration::from_secs(2)).await;
            assert_eq!(taken(&house), u32::try_from(round + 1).unwrap() * 2);
        }
    });
}

#[test]
fn refuse_and_partial_never_accept_more_than_is_covered() {
    for seed in 0..40 {
        in_virtual_time(async {
            let house = opened(seed, 30, |_| {}).await;
            house.provider.set_faults(Faults { slowest_ms: 300, ..Faults::default() });
            let drafts = (0..30_usize).map(|n| {
                let on_short = if n % 2 == 0 { OnShort::Refuse } else { OnShort::Partial };
                (n % 5 + 1, on_short, draft(&format!("text {n}"), numbers(n * 10, n % 5 + 1), on_short))
            });
            let answers = join_all(drafts.map(|(size, on_short, draft)| {
                let house = &house;
                async move { (size, on_short, accept(house, draft, true).await) }
            }))
            .await;
            let mut accepted = Units::ZERO;
            for (size, on_short, answer) in answers {
                match answer {
                    Ok((count, charge)) => {
                        assert!(count == size || (on_short == OnShort::Partial && count < size && count > 0), "{on_short:?} {count} of {size}");
                        accepted = accepted.plus(charge);
                    }
                    Err(AcceptError::Short { short, account, unit }) => {
                        assert!(short.shortfall > Units::ZERO && short.charge == Units::whole(i64::try_from(size).unwrap()), "{short:?}");
                        assert_eq!((account.as_str(), unit.as_str(), short.available.plus(short.shortfall)), ("onfon", "units", short.charge));
                    }
                    Err(other) => panic!("{other}"),
                }
            }
            assert_eq!(accepted, Units::whole(30), "seed {seed}: all of it and no more");
            house.pass(Duration::from_mins(2)).await;
            assert_eq!((taken(&house), house.engine.view(house.account()).unwrap().held), (30, None), "seed {seed}");
            let (kept, _) = accept(&house, draft("waits", numbers(5_000, 4), OnShort::Hold), true).await.unwrap();
            assert_eq!(kept, 4, "hold accepts whatever the balance is");
            house.pass(Duration::from_mins(2)).await;
            assert_eq!((taken(&house), count(&house, MessageState::Queued).await), (30, 4), "seed {seed}");
        });
    }
}

#[test]
fn the_balance_is_asked_again_before_anything_is_refused_for_it() {
    in_virtual_time(async {
        let house = opened(3, 1, |_| {}).await;
        house.provider.add(Units::whole(50));
        assert_eq!(accept(&house, draft("many", numbers(0, 20), OnShort::Refuse), true).await.unwrap().0, 20);
        let refused = accept(&house, draft("too many", numbers(100, 40), OnShort::Refuse), true).await;
        assert!(matches!(refused, Err(AcceptError::Short { .. })), "{refused:?}");
        // Without a word, one waits and many are refused.
        let many = accept(&house, Draft { to: numbers(100, 40), text: "many".into(), ..Draft::default() }, true).await;
        assert!(matches!(many, Err(AcceptError::Short { .. })), "{many:?}");
        let calls = house.provider.look(|books| books.balance_calls.len());
        for _ in 0..300 {
            let again = accept(&house, draft("too many", numbers(100, 60), OnShort::Refuse), true).await;
            assert!(matches!(again, Err(AcceptError::Short { .. })), "{again:?}");
        }
        let asked = house.provider.look(|books| books.balance_calls.len()) - calls;
        assert!(asked < 60, "{asked} questions: who is refused again and again does not use up the budget of people");
        house.engine.refresh(house.account()).await.unwrap();
    });
}

#[test]
fn the_reserve_is_for_high_priority_alone() {
    in_virtual_time(async {
        let house = opened(4, 10, |account| account.spending.reserve_for_high = Units::whole(6)).await;
        accept(&house, draft("normal", numbers(0, 20), OnShort::Hold), true).await.unwrap();
        house.pass(Duration::from_secs(5)).await;
        assert_eq!(taken(&house), 4);
        let high = Draft { priority: Some(Priority::High), ..draft("code", numbers(100, 1), OnShort::Hold) };
        accept(&house, high.clone(), false).await.unwrap();
        house.pass(Duration::from_millis(200)).await;
        assert_eq!((taken(&house), house.provider.look(|books| books.accepted.get("code").map(|(times, _)| *times))), (5, Some(1)), "a code goes at once");
        // One that falls due while others are held, too.
        let later = Draft { send_at: Some(house.clock.now().after(Duration::from_secs(20))), text: "later".into(), ..high };
        accept(&house, later, false).await.unwrap();
        house.pass(Duration::from_secs(19)).await;
        assert_eq!(taken(&house), 5);
        house.pass(Duration::from_secs(3)).await;
        assert_eq!(taken(&house), 6);
        house.pass(Duration::from_hours(1)).await;
        assert_eq!(taken(&house), 6, "the floor stays");
    });
}

#[test]
fn two_big_batches_share_the_way() {
    in_virtual_time(async {
        let house = opened(5, 10_000, |account| account.dispatch.calls_per_second = 400).await;
        house.provider.set_faults(Faults { slowest_ms: 60, ..Faults::default() });
        accept(&house, draft("A", numbers(0, 2_000), OnShort::Refuse), true).await.unwrap();
        house.pass(Duration::from_millis(100)).await;
        let before = house.provider.look(|books| books.submissions.len());
        accept(&house, draft("B", numbers(5_000, 1_500), OnShort::Refuse), true).await.unwrap();
        house.pass(Duration::from_mins(2)).await;
        assert_eq!(taken(&house), 3_500);
        let submissions = house.provider.look(|books| books.submissions[before..].to_vec());
        let (mut a, mut b, mut shared) = (0_usize, 0_usize, 0);
        for (text, count) in submissions.into_iter().flatten() {
            if text == "A" {
                a += count
            } else {
                b += count
            }
            if b > 0 && b < 1_500 && a < 1_500 {
                shared += 1;
                assert!(a.abs_diff(b) <= 20, "{a} of A and {b} of B");
            }
        }
        assert!(shared > 100, "they shared it for a while: {shared}");
        let batches = house.engine.batches(&BatchFilter { limit: 10, ..BatchFilter::default() }).await.unwrap();
        assert_eq!(batches.iter().map(|batch| (batch.state(), batch.row.counts.get(MessageState::Sent))).collect::<Vec<_>>(), [("done", 1_500), ("done", 2_000)]);
    });
}

#[test]
fn a_person_stops_an_account_and_what_is_past_its_time_expires_meanwhile() {
    in_virtual_time(async {
        let mut house = opened(6, 100, |_| {}).await;
        house.engine.pause(house.account()).await.unwrap();
        let until = house.clock.now().after(Duration::from_mins(1));
        accept(&house, Draft { valid_until: Some(until), ..draft("code", numbers(0, 3), OnShort::Hold) }, true).await.unwrap();
        accept(&house, draft("news", numbers(10, 3), OnShort::Hold), true).await.unwrap();
        house.pass(Duration::from_secs(30)).await;
        let waits: Vec<_> = house.engine.why_waits(&rows(&house).await).await.unwrap().into_iter().flatten().collect();
        assert_eq!(waits, ["account_paused"; 6]);
        house.restart().await;
        house.pass(Duration::from_mins(2)).await;
        let view = house.engine.view(house.account()).unwrap();
        assert_eq!((taken(&house), count(&house, MessageState::Expired).await, view.queued), (0, 3, Units::whole(3)));
        assert_eq!(view.paused.map(|paused| paused.cause), Some(PauseCause::Person));
        house.engine.resume(house.account()).await.unwrap();
        house.pass(Duration::from_secs(1)).await;
        assert_eq!((taken(&house), count(&house, MessageState::Sent).await), (3, 3), "the others go at once");
        assert_eq!(house.engine.view(house.account()).unwrap().paused, None);
    });
}

#[test]
fn a_batch_is_paused_resumed_and_cancelled_and_viewers_hear_of_it() {
    in_virtual_time(async {
        let house = opened(7, 100_000, |_| {}).await;
        let mut events = house.engine.hub().events();
        accept(&house, draft("big", numbers(0, 8_000), OnShort::Refuse), true).await.unwrap();
        house.pass(Duration::from_secs(3)).await;
        let filter = BatchFilter { limit: 1, ..BatchFilter::default() };
        let batch = house.engine.batches(&filter).await.unwrap().remove(0);
        let rate = batch.rate_per_second.expect("it goes");
        assert!((700..=900).contains(&rate), "40 calls of 20: {rate}");
        let left = batch.time_left.expect("it goes");
        assert!(left > Duration::from_secs(5) && left < Duration::from_secs(12), "{left:?}");

        let paused = house.engine.order_batch(batch.row.id, BatchOrder::Pause).await.unwrap();
        assert_eq!((paused.state(), paused.rate_per_second), ("paused", None));
        house.pass(Duration::from_secs(1)).await;
        let stood = taken(&house);
        house.pass(Duration::from_mins(1)).await;
        assert_eq!(taken(&house), stood);
        let waiting = house.engine.store().messages(&MessageFilter { state: Some(MessageState::Queued), limit: 1, ..MessageFilter::default() }).await.unwrap();
        assert_eq!(house.engine.why_waits(&waiting).await.unwrap(), [Some("batch_paused")]);

        house.engine.order_batch(batch.row.id, BatchOrder::Resume).await.unwrap();
        house.pass(Duration::from_secs(1)).await;
        assert!(taken(&house) > stood + 500, "{}", taken(&house));
        house.engine.order_batch(batch.row.id, BatchOrder::Cancel).await.unwrap();
        house.pass(Duration::from_secs(10)).await;
        let sent = usize::try_from(taken(&house)).unwrap();
        assert_eq!((count(&house, MessageState::Sent).await, count(&house, MessageState::Cancelled).await), (sent, 8_000 - sent));
        assert_eq!(house.engine.view(house.account()).unwrap().queued, Units::ZERO);

        let (mut states, mut messages) = (Vec::new(), 0);
        while let Ok(event) = events.try_recv() {
            match event {
                Event::Batch(view) => states.push(view.state()),
                Event::Message(_) => messages += 1,
                _ => {}
            }
        }
        assert_eq!(messages, 0, "of a big batch nobody hears message by message");
        assert!(["running", "paused", "cancelled"].iter().all(|state| states.contains(state)), "{states:?}");
        assert!(states.len() < 60, "twice a second while it moves: {}", states.len());
    });
}

#[test]
fn of_a_small_batch_and_of_single_messages_viewers_hear_each() {
    in_virtual_time(async {
        let house = opened(8, 1_000, |_| {}).await;
        let mut events = house.engine.hub().events();
        accept(&house, draft("small", numbers(0, 100), OnShort::Refuse), true).await.unwrap();
        accept(&house, draft("one", numbers(500, 1), OnShort::Hold), false).await.unwrap();
        house.pass(Duration::from_secs(5)).await;
        let mut sent: Vec<MessageId> = Vec::new();
        while let Ok(event) = events.try_recv() {
            if let Event::Message(message) = event
                && message.state == MessageState::Sent
            {
                sent.push(message.id);
            }
        }
        sent.sort_unstable();
        sent.dedup();
        assert_eq!(sent.len(), 101);
    });
}

#[test]
fn prices_go_by_the_beginning_of_the_number_and_stopped_numbers_are_refused() {
    in_virtual_time(async {
        let tune = |account: &mut salio_engine::AccountOptions| {
            let price = |micros| Price { per_segment: Units::from_micros(micros), source: PriceSource::Configured };
            account.prices = vec![("255".into(), price(2_500_000)), ("25471".into(), price(800_000))];
        };
        let mut house = opened(9, 1_000, tune).await;
        let to: Vec<String> = ["+255712345678", "+254711345678", "+254722345678"].map(str::to_owned).to_vec();
        let wanted = draft("three", to.clone(), OnShort::Refuse);
        let quote = house.engine.intake().quote(&wanted).unwrap();
        assert_eq!((quote.charge, quote.recipients, quote.short), (Units::from_micros(4_300_000), 3, None));
        assert_eq!(accept(&house, wanted.clone(), true).await.unwrap(), (3, Units::from_micros(4_300_000)));

        let stopped = Msisdn::parse("+255712345678", "KE").unwrap();
        house.engine.add_stops(std::slice::from_ref(&stopped)).await.unwrap();
        assert_eq!(accept(&house, wanted.clone(), true).await.unwrap().0, 2);
        let one = accept(&house, draft("one", vec![to[0].clone()], OnShort::Hold), false).await;
        let Err(AcceptError::NoneValid(rejected)) = one else { panic!("{one:?}") };
        assert_eq!((rejected.len(), rejected[0].code), (1, "stopped"));
        house.restart().await;
        assert_eq!(accept(&house, wanted.clone(), true).await.unwrap().0, 2, "kept across a restart");
        assert!(house.engine.remove_stop(&stopped).await.unwrap());
        assert_eq!(accept(&house, wanted, true).await.unwrap().0, 3);
    });
}

#[test]
fn an_unknown_balance_blocks_nothing_and_a_credit_limit_goes_below_zero() {
    in_virtual_time(async {
        // The provider brings no figure from its first question on.
        let house = House::tuned(10, Units::whole(5), |account| account.spending.credit_limit = Units::whole(4)).await;
        house.provider.set_faults(Faults { balance_fails: 1_000, ..Faults::default() });
        house.pass(Duration::from_secs(1)).await;
        let known = house.engine.view(house.account()).unwrap().balance;
        accept(&house, draft("blind", numbers(0, 3), OnShort::Refuse), true).await.unwrap();
        house.pass(Duration::from_secs(2)).await;
        assert_eq!(taken(&house), 3);
        house.provider.set_faults(Faults::default());
        house.pass(Duration::from_mins(7)).await;
        assert_eq!((known, house.engine.view(house.account()).unwrap().balance), (None, Some(Units::whole(2))));
        let refused = accept(&house, draft("below", numbers(10, 7), OnShort::Refuse), true).await;
        assert!(matches!(refused, Err(AcceptError::Short { .. })), "{refused:?}");
        accept(&house, draft("below", numbers(10, 6), OnShort::Refuse), true).await.unwrap();
        house.pass(Duration::from_secs(2)).await;
        assert_eq!((taken(&house), house.engine.view(house.account()).unwrap().balance), (9, Some(Units::whole(-4))));
    });
}
