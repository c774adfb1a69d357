//! `kill -9` at random moments under load, a hundred times: what was acknowledged is accounted for, nothing is sent twice by itself.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::too_many_lines,
    reason = "a test that cannot go on fails, and prints what it measured"
)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use salio_simulator::SimConfig;
use salio_tests::binary::{Server, eventually, simulator};
use serde_json::{Value, json};

const KILLS: u32 = 100;
const SENDERS: u32 = 6;

type Acknowledged = Arc<Mutex<BTreeMap<String, String>>>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_kills_lose_nothing_and_repeat_nothing() {
    let config = SimConfig { credit: salio_simulator::core::Micros(10_000_000_000_000), ..SimConfig::default() };
    let vendor = simulator(config).await.unwrap();
    vendor.with(|model, now| {
        let mut faults = model.faults().clone();
        (faults.latency_ms, faults.jitter_ms) = (5, 40);
        model.set_faults(now, faults);
    });
    // The hour's budget is no part of this test: a hundred starts in two minutes would use it up.
    let extra = [
        ("SALIO_BALANCE__CALLS_PER_HOUR", "3600"),
        ("SALIO_BALANCE__RESERVED_FOR_AUTOMATIC", "3000"),
        ("SALIO_BALANCE__SETTLE_AFTER", "500ms,1s"),
        ("SALIO_ACCOUNTS__ONFON__CALLS_PER_SECOND", "1000"),
    ];
    let mut server = Server::new(&vendor, &extra).unwrap();
    let acknowledged: Acknowledged = Arc::default();
    let mut rng = StdRng::seed_from_u64(9);
    let mut version = 0;
    for round in 0..KILLS {
        server.start().await.unwrap();
        version = newer(&server.balance().await.unwrap(), version);
        let load: Vec<_> = (0..SENDERS).map(|sender| tokio::spawn(send_until_cut(server.url.clone(), round, sender, acknowledged.clone()))).collect();
        tokio::time::sleep(Duration::from_millis(rng.random_range(20..350))).await;
        version = newer(&server.balance().await.unwrap(), version);
        server.kill();
        for sender in load {
            sender.await.unwrap();
        }
    }
    server.start().await.unwrap();
    newer(&server.balance().await.unwrap(), version);
    let messages = everything_left(&server).await;
    let acknowledged = acknowledged.lock().clone();
    let states = count_states(&messages);
    assert!(acknowledged.len() > 500, "a real load: {}", acknowledged.len());
    for (text, id) in &acknowledged {
        assert_eq!(messages.get(id.as_str()).map(|message| message["reference"].as_str()), Some(Some(text.as_str())), "{id} was acknowledged and is lost");
    }
    vendor.with(|model, _| assert_eq!(model.duplicates(10), vec![], "sent twice"));
    let (sent, unknown) = (states.get("sent").copied().unwrap_or(0), states.get("unknown").copied().unwrap_or(0));
    let taken = vendor.with(|model, _| model.accepted().len());
    assert!(sent <= taken && taken <= sent + unknown, "{taken} taken, {sent} sent, {unknown} unknown");
    assert_eq!(sent + unknown, messages.len(), "{states:?}");
    let holds = vendor.with(|model, _| model.books().credit.to_string());
    let right =
        eventually("the balance to be what the provider holds", Duration::from_secs(60), || async { server.balance().await.ok().filter(|shown| shown["state"] == "fresh") })
            .await
            .unwrap();
    assert_eq!(right["balance"].as_str().map(in_millionths), Some(in_millionths(&holds)));
    println!("{KILLS} kills: {} acknowledged, {} stored, {taken} taken by the provider, {states:?}, balance {}", acknowledged.len(), messages.len(), right["balance"]);
}

fn in_millionths(amount: &str) -> i64 {
    amount.parse::<salio_domain::Units>().unwrap().micros()
}

fn newer(balance: &Value, than: i64) -> i64 {
    let version = balance["version"].as_i64().unwrap();
    assert!(version >= than, "version {version} after {than}");
    version
}

async fn send_until_cut(url: String, round: u32, sender: u32, acknowledged: Acknowledged) {
    let client = salio_tests::binary::client().unwrap();
    for n in 0_u32.. {
        let text = format!("kill {round} {sender} {n}");
        let to = format!("2547{:08}", (round * 1000 + sender * 150 + n) % 100_000_000);
        let sent = client.post(format!("{url}/api/v1/messages")).header("Idempotency-Key", &text).json(&json!({ "to": to, "text": text, "reference": text })).send().await;
        let Ok(answer) = sent else { return };
        let status = answer.status().as_u16();
        let Ok(body) = answer.json::<Value>().await else { return };
        assert_eq!(status, 202, "{body}");
        acknowledged.lock().insert(text, body["id"].as_str().unwrap().to_owned());
    }
}

/// Waits until nothing waits, then reads every message.
async fn everything_left(server: &Server) -> BTreeMap<String, Value> {
    for state in ["queued", "submitting"] {
        eventually("the queue to be empty", Duration::from_secs(120), || async {
            let page = server.get(&format!("/api/v1/messages?state={state}&limit=1")).await.ok()?;
            page["messages"].as_array()?.is_empty().then_some(())
        })
        .await
        .unwrap();
    }
    let mut all = BTreeMap::new();
    let mut cursor = String::new();
    loop {
        let page = server.get(&format!("/api/v1/messages?limit=1000{cursor}")).await.unwrap();
        for message in page["messages"].as_array().unwrap() {
            all.insert(message["id"].as_str().unwrap().to_owned(), message.clone());
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

fn count_states(messages: &BTreeMap<String, Value>) -> BTreeMap<String, usize> {
    let mut states = BTreeMap::new();
    for message in messages.values() {
        *states.entry(message["state"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    states
}
