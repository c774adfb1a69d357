//! What the real binary does when credit is short, and that a one-time code overtakes a campaign.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::too_many_lines,
    reason = "a test that cannot go on fails, and prints what it measured"
)]

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use salio_simulator::core::Micros;
use salio_simulator::{SimConfig, SimHandle};
use salio_tests::binary::{Server, eventually, simulator};
use serde_json::{Value, json};

const SOON: Duration = Duration::from_secs(30);

async fn opened(units: i64, extra: &[(&str, &str)]) -> (SimHandle, Server) {
    let vendor = simulator(SimConfig { credit: Micros(units * 1_000_000), ..SimConfig::default() }).await.unwrap();
    let usual = [("SALIO_ACCOUNTS__ONFON__PRICE", "1"), ("SALIO_BALANCE__CALLS_PER_HOUR", "3600"), ("SALIO_BALANCE__WATCH_INTERVAL", "500ms")];
    let mut server = Server::new(&vendor, &[&usual, extra].concat()).unwrap();
    server.start().await.unwrap();
    settled(&server, units).await;
    (vendor, server)
}

/// The provider's own figure is shown.
async fn settled(server: &Server, units: i64) -> Value {
    let right = |shown: &Value| shown["balance"] == format!("{units}.00") && shown["observed"] == shown["balance"] && shown["queued"] == "0.00";
    eventually("the figure", SOON, || async { server.balance().await.ok().filter(right) }).await.unwrap()
}

fn list(from: usize, count: usize, text: &str, on_short: Option<&str>) -> Value {
    let to: Vec<String> = (from..from + count).map(|n| format!("+25471{n:07}")).collect();
    let mut body = json!({ "to": to, "text": text });
    if let Some(on_short) = on_short {
        body["on_short"] = json!(on_short);
    }
    body
}

async fn send(server: &Server, body: &Value) -> (u16, Value) {
    let (status, _, answer) = server.post("/api/v1/messages", None, body).await.unwrap();
    (status, answer)
}

fn taken(vendor: &SimHandle) -> usize {
    vendor.with(|model, _| model.accepted().len())
}

async fn until_taken(vendor: &SimHandle, count: usize) {
    eventually("the provider to take them", SOON, || async { (taken(vendor) >= count).then_some(()) }).await.unwrap();
    assert_eq!(taken(vendor), count);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_short_is_refused_cut_or_held_until_a_top_up() {
    let (vendor, server) = opened(10, &[]).await;
    let (status, refused) = send(&server, &list(0, 20, "refuse", None)).await;
    assert_eq!((status, refused["code"].as_str()), (409, Some("insufficient_balance")), "{refused}");
    let named = ["charge", "available", "shortfall", "unit"].map(|name| refused[name].as_str().unwrap_or_default());
    assert_eq!(named, ["20.00", "10.00", "10.00", "units"]);
    let csv: String = std::iter::once("to,text\n".to_owned()).chain((0..12).map(|n| format!("25472{n:07},csv\n"))).collect();
    let (status, _, refused) = server.put("/api/v1/messages/bulk", &[("Content-Type", "text/csv")], csv).await.unwrap();
    let refused: Value = serde_json::from_str(&refused).unwrap();
    assert_eq!((status, refused["shortfall"].as_str()), (409, Some("2.00")), "{refused}");
    let batch = server.get(&format!("/api/v1/batches/{}", refused["batch_id"].as_str().unwrap())).await.unwrap();
    assert_eq!((batch["state"].as_str(), taken(&vendor)), (Some("refused"), 0));

    let (status, partial) = send(&server, &list(100, 13, "partial", Some("partial"))).await;
    assert_eq!((status, partial["messages"].as_array().unwrap().len(), partial["charge"].as_str()), (202, 10, Some("10.00")), "{partial}");
    let rejected: Vec<_> = partial["rejected"].as_array().unwrap().iter().map(|row| (row["index"].as_u64().unwrap(), row["code"].as_str().unwrap())).collect();
    assert_eq!(rejected, [10, 11, 12].map(|index| (index, "insufficient_balance")));
    until_taken(&vendor, 10).await;
    settled(&server, 0).await;

    let (status, held) = send(&server, &list(200, 6, "held", Some("hold"))).await;
    assert_eq!(status, 202, "{held}");
    let (status, one) = send(&server, &json!({ "to": "+254730000000", "text": "one is held by itself" })).await;
    assert_eq!((status, one["state"].as_str()), (202, Some("queued")), "{one}");
    let shown = eventually("it to say that credit is short", SOON, || async { server.balance().await.ok().filter(|shown| shown["held"].is_object()) }).await.unwrap();
    assert_eq!((shown["held"]["needed"].as_str(), shown["held"]["available"].as_str(), shown["queued"].as_str()), (Some("1.00"), Some("0.00"), Some("7.00")), "{shown}");
    let message = server.get(&format!("/api/v1/messages/{}", one["id"].as_str().unwrap())).await.unwrap();
    assert_eq!((message["state"].as_str(), message["cause"].as_str(), taken(&vendor)), (Some("queued"), Some("insufficient_balance"), 10), "{message}");
    goes_by_itself(vendor, Arc::new(server)).await;
}

/// A dashboard is open; nobody presses anything.
async fn goes_by_itself(vendor: SimHandle, server: Arc<Server>) {
    let viewer = server.clone();
    let viewer = tokio::spawn(async move { viewer.listen(|_, _| true).await });
    vendor.with(|model, now| model.top_up(now, Micros(100_000_000)));
    until_taken(&vendor, 17).await;
    let shown = settled(&server, 93).await;
    assert!(shown["held"].is_null(), "{shown}");
    assert_eq!(vendor.with(|model, _| model.duplicates(3)), vec![]);
    viewer.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_floor_is_kept_for_one_time_codes() {
    let (vendor, server) = opened(10, &[("SALIO_ACCOUNTS__ONFON__RESERVE_FOR_HIGH", "4")]).await;
    let (status, refused) = send(&server, &list(0, 7, "campaign", None)).await;
    assert_eq!((status, refused["available"].as_str(), refused["shortfall"].as_str()), (409, Some("6.00"), Some("1.00")), "{refused}");
    let (status, accepted) = send(&server, &list(0, 6, "campaign", None)).await;
    assert_eq!(status, 202, "{accepted}");
    until_taken(&vendor, 6).await;
    settled(&server, 4).await;
    let (status, held) = send(&server, &json!({ "to": "+254730000001", "text": "a normal one waits" })).await;
    assert_eq!(status, 202, "{held}");
    let (status, code) = send(&server, &json!({ "to": "+254730000002", "text": "code 1234", "priority": "high" })).await;
    assert_eq!(status, 202, "{code}");
    until_taken(&vendor, 7).await;
    let (to, text) = vendor.with(|model, _| model.accepted().last().map(|last| (last.number.to_string(), last.text.to_string()))).unwrap();
    assert_eq!((to.as_str(), text.as_str()), ("254730000002", "code 1234"));
    let waits = server.get(&format!("/api/v1/messages/{}", held["id"].as_str().unwrap())).await.unwrap();
    assert_eq!((waits["state"].as_str(), waits["cause"].as_str()), (Some("queued"), Some("insufficient_balance")), "{waits}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_one_time_code_overtakes_a_campaign() {
    const LINES: usize = 20_000;
    let (vendor, server) = opened(100_000, &[]).await;
    let mut csv = "to,text\n".to_owned();
    for n in 0..LINES {
        writeln!(csv, "25471{n:07},campaign").unwrap();
    }
    let (status, _, body) = server.put("/api/v1/messages/bulk", &[("Content-Type", "text/csv")], csv).await.unwrap();
    assert_eq!(status, 202, "{body}");
    eventually("the campaign to run", SOON, || async { (taken(&vendor) > 100).then_some(()) }).await.unwrap();
    for n in 0..5 {
        let (status, code) = send(&server, &json!({ "to": "+254730000003", "text": format!("code {n}"), "priority": "high" })).await;
        assert_eq!(status, 202, "{code}");
        let before = taken(&vendor);
        let place = eventually("the code", SOON, || async {
            vendor.with(|model, _| model.accepted().iter().position(|accepted| accepted.text.starts_with("code ") && accepted.text.ends_with(&n.to_string())))
        })
        .await
        .unwrap();
        println!("the code reached the provider as number {}, {} after it was accepted, of {LINES}", place + 1, place.saturating_sub(before));
        // What was in flight already may be before it: concurrency times batch size, and as much again that began while it was written down.
        assert!(place < before + 2 * 8 * 20, "{place} after {before}");
    }
    assert!(taken(&vendor) < LINES, "the campaign was still running");
}
