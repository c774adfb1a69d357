//! Three real minutes over sockets: fifty viewers, ten people who press sync every second, steady sending.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::too_many_lines,
    reason = "a test that cannot go on fails, and prints what it measured"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use salio_simulator::SimConfig;
use salio_simulator::core::Service;
use salio_tests::binary::{Server, eventually, simulator};
use serde_json::json;

const MINUTES: u64 = 3;

#[derive(Default)]
struct Seen {
    went_back: AtomicUsize,
    figures: AtomicUsize,
    refreshed: AtomicUsize,
    told_to_wait: AtomicUsize,
    other: parking_lot::Mutex<Vec<String>>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_minutes_over_sockets() {
    let vendor = simulator(SimConfig::default()).await.unwrap();
    let mut server = Server::new(&vendor, &[]).unwrap();
    server.start().await.unwrap();
    let (server, seen) = (Arc::new(server), Arc::new(Seen::default()));
    let viewers: Vec<_> = (0..50).map(|_| tokio::spawn(view(server.clone(), seen.clone()))).collect();
    let people: Vec<_> = (0..10).map(|_| tokio::spawn(press(server.clone(), seen.clone()))).collect();
    let sent = send(&server).await;
    people.iter().for_each(tokio::task::JoinHandle::abort);
    let right = eventually("the last figure", Duration::from_secs(90), || async {
        let holds = vendor.with(|model, _| model.books().credit.to_string()).parse::<salio_domain::Units>().ok()?;
        let shown = server.balance().await.ok()?;
        (shown["balance"].as_str()?.parse::<salio_domain::Units>().ok()? == holds && shown["queued"] == "0.00").then_some(shown)
    })
    .await
    .unwrap();
    viewers.iter().for_each(tokio::task::JoinHandle::abort);
    let calls = vendor.with(|model, _| model.calls(Service::Balance).total);
    let (refreshed, told) = (seen.refreshed.load(Ordering::Relaxed), seen.told_to_wait.load(Ordering::Relaxed));
    println!(
        "{sent} sent, {calls} balance calls, {refreshed} syncs answered, {told} told to wait, {} figures seen, the last {}",
        seen.figures.load(Ordering::Relaxed),
        right["formatted"]
    );
    assert!(calls <= 120, "{calls}");
    assert!(told > 0 && refreshed > 0);
    assert_eq!(seen.went_back.load(Ordering::Relaxed), 0);
    assert_eq!(seen.other.lock().clone(), Vec::<String>::new());
}

async fn view(server: Arc<Server>, seen: Arc<Seen>) {
    let version = AtomicI64::new(0);
    let heard = server
        .listen(|event, body| {
            if event == "balance" {
                let newer = body["version"].as_i64().unwrap_or(-1);
                seen.went_back.fetch_add(usize::from(version.swap(newer, Ordering::Relaxed) > newer), Ordering::Relaxed);
                seen.figures.fetch_add(1, Ordering::Relaxed);
            }
            true
        })
        .await;
    seen.other.lock().push(format!("a viewer's stream ended: {heard:?}"));
}

async fn press(server: Arc<Server>, seen: Arc<Seen>) {
    loop {
        match server.post("/api/v1/accounts/onfon/balance/refresh", None, &json!({})).await {
            Ok((200, _, body)) if body["balance"].is_string() && body["changed"].is_boolean() => seen.refreshed.fetch_add(1, Ordering::Relaxed),
            Ok((429, headers, body))
                if headers.get("retry-after").and_then(|value| value.to_str().ok()?.parse::<u64>().ok()).is_some_and(|wait| (1..=3600).contains(&wait))
                    && body["last"]["balance"].is_string() =>
            {
                seen.told_to_wait.fetch_add(1, Ordering::Relaxed)
            }
            other => {
                seen.other.lock().push(format!("{other:?}"));
                0
            }
        };
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn send(server: &Server) -> u64 {
    let mut ticks = tokio::time::interval(Duration::from_secs(2));
    for n in 0..MINUTES * 30 {
        ticks.tick().await;
        let (status, _, body) = server.post("/api/v1/messages", None, &json!({ "to": format!("2547{:08}", n), "text": format!("steady {n}") })).await.unwrap();
        assert_eq!(status, 202, "{body}");
    }
    MINUTES * 30
}
