//! The event stream: first the balances, then live, in order, never backwards.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use futures::StreamExt;
use serde_json::Value;
use tower::ServiceExt;

use crate::support::{World, serving, with, world};

/// Reads a stream event by event.
pub struct Reader {
    body: axum::body::BodyDataStream,
    text: String,
}

#[derive(Debug)]
pub struct Event {
    pub kind: String,
    pub id: Option<i64>,
    pub data: Value,
}

impl Reader {
    pub async fn open(world: &World) -> Self {
        let request = Request::builder().uri("/api/v1/events").header("host", "localhost").body(Body::empty()).unwrap();
        let response = world.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        for (name, value) in [("content-type", "text/event-stream"), ("cache-control", "no-cache"), ("x-accel-buffering", "no")] {
            assert_eq!(response.headers()[name], value);
        }
        Self { body: response.into_body().into_data_stream(), text: String::new() }
    }

    /// The next block, comments included; none at the end.
    pub async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                return Some(block);
            }
            let chunk = tokio::time::timeout(Duration::from_secs(60), self.body.next()).await.expect("an event within a minute")?;
            self.text.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
        }
    }

    pub async fn event(&mut self) -> Event {
        loop {
            let block = self.block().await.expect("the stream goes on");
            if !block.starts_with(':') {
                return parse(&block);
            }
        }
    }

    pub async fn until(&mut self, wanted: impl Fn(&Event) -> bool) -> Event {
        loop {
            let event = self.event().await;
            if wanted(&event) {
                return event;
            }
        }
    }
}

pub fn parse(block: &str) -> Event {
    let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name));
    Event { kind: field("event: ").unwrap_or_default().to_owned(), id: field("id: ").map(|id| id.parse().unwrap()), data: serde_json::from_str(field("data: ").unwrap()).unwrap() }
}

fn without_clock(mut balance: Value) -> Value {
    balance.as_object_mut().unwrap().remove("age_ms");
    balance
}

#[tokio::test]
async fn first_every_balance_as_its_route_gives_it_then_live() {
    let world = world().await;
    world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    let mut reader = Reader::open(&world).await;
    for slug in ["onfon", "onfon-marketing"] {
        let event = reader.event().await;
        assert_eq!((event.kind.as_str(), &event.data["account"]), ("balance", &Value::from(slug)));
        assert_eq!(event.id, event.data["version"].as_i64());
        if slug == "onfon" {
            assert_eq!(without_clock(event.data), without_clock(world.get("/api/v1/accounts/onfon/balance").await.json()));
        }
    }
    world.provider.figure(1_000_000);
    world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    let event = reader.until(|event| event.kind == "balance" && event.data["observed"] == "10000.00").await;
    assert_eq!(event.data["balance"], "10000.00");
}

#[tokio::test]
async fn messages_syncs_and_alerts_are_told_in_order() {
    let world = world().await;
    let mut reader = Reader::open(&world).await;
    reader.event().await;
    reader.event().await;
    let sent = world.post("/api/v1/messages", r#"{"to":"0712345678","text":"Hello"}"#).await.json();
    let message = reader.until(|event| event.kind == "message").await.data;
    assert_eq!(
        (&message["id"], &message["to"], &message["state"], &message["account"]),
        (&sent["id"], &Value::from("254712345678"), &Value::from("queued"), &Value::from("onfon"))
    );
    assert!(message["at"].is_string() && message["cause"].is_null());
    world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    let mut phases = Vec::new();
    for _ in 0..2 {
        phases.push(reader.until(|event| event.kind == "refresh").await.data["phase"].as_str().unwrap().to_owned());
    }
    assert_eq!(phases, ["started", "done"]);
    world.provider.fails("credentials_refused", false);
    world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    let alert = reader.until(|event| event.kind == "alert").await.data;
    assert_eq!((&alert["account"], &alert["code"]), (&Value::from("onfon"), &Value::from("credentials_refused")));
    assert!(alert["text"].as_str().unwrap().contains("credentials_refused"), "{alert}");
}

#[tokio::test]
async fn a_viewer_never_goes_back_however_much_happens() {
    let world = serving().await;
    let mut slow = Reader::open(&world).await;
    let mut newest = std::collections::HashMap::new();
    for round in 0..20 {
        let body = format!(r#"{{"to":["0712345678","0722000000"],"text":"Round {round}"}}"#);
        assert_eq!(world.post("/api/v1/messages", &body).await.status, 202);
    }
    world.until("/api/v1/messages?state=sent&limit=1000", |page| page["messages"].as_array().unwrap().len() == 40).await;
    world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    let last = world.until("/api/v1/accounts/onfon/balance", |balance| balance["pending"] == "0.00").await;
    loop {
        let event = slow.until(|event| event.kind == "balance").await;
        let version = event.id.unwrap();
        let account = event.data["account"].as_str().unwrap().to_owned();
        let before = newest.insert(account.clone(), version).unwrap_or(0);
        assert!(version > before, "{account} went from {before} to {version}");
        if account == "onfon" && version >= last["version"].as_i64().unwrap() {
            assert_eq!(event.data["balance"], "11338.50");
            return;
        }
    }
}

#[tokio::test]
async fn a_burst_becomes_one_event_and_the_newest_wins() {
    let world = world().await;
    world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    let mut reader = Reader::open(&world).await;
    let before = reader.event().await.id.unwrap();
    reader.event().await;
    let latest = world.engine.hub().latest(world.engine.find("onfon").unwrap()).unwrap();
    for step in 1..=500 {
        let version = latest.version + step;
        world.engine.hub().publish(salio_engine::store::AccountSnapshot { version, ..(*latest).clone() });
    }
    let event = reader.until(|event| event.data["account"] == "onfon").await;
    assert_eq!(event.id, Some(before + 500));
}

#[tokio::test]
async fn a_viewer_that_lags_hears_the_newest_balances_whole() {
    let world = world().await;
    let mut behind = Reader::open(&world).await;
    behind.event().await;
    behind.event().await;
    let mut ahead = Reader::open(&world).await;
    ahead.event().await;
    // Each is awaited by the other viewer, so that each is a frame of its own and the first viewer loses most of them.
    for figure in 1..=300 {
        let text = figure.to_string();
        world.engine.hub().tell(salio_engine::Event::Alert(world.engine.find("onfon").unwrap(), "made_up".to_owned(), text.clone()));
        ahead.until(|event| event.kind == "alert" && event.data["text"] == text.as_str()).await;
    }
    world.provider.figure(500_000);
    world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    let first = behind.until(|event| event.kind == "balance").await;
    assert_eq!(first.data["balance"], "5000.00");
}

#[tokio::test]
async fn an_open_stream_is_an_open_dashboard_and_ends_when_salio_stops() {
    let world = world().await;
    assert_eq!(world.engine.hub().watchers(), 0);
    let mut reader = Reader::open(&world).await;
    reader.event().await;
    assert_eq!(world.engine.hub().watchers(), 1);
    let other = Reader::open(&world).await;
    assert_eq!(world.engine.hub().watchers(), 2);
    drop(other);
    assert_eq!(world.engine.hub().watchers(), 1);
    world.stop.cancel();
    while reader.block().await.is_some() {}
    drop(reader);
    assert_eq!(world.engine.hub().watchers(), 0);
    world.until("/api/v1/events", |answer| answer["code"] == "stopping").await;
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_every_fifteen_seconds() {
    let world = world().await;
    let mut readers = [Reader::open(&world).await, Reader::open(&world).await];
    for reader in &mut readers {
        reader.until(|event| event.data["account"] == "onfon-marketing").await;
    }
    let mut beats = Vec::new();
    for _ in 0..3 {
        for reader in &mut readers {
            while !reader.block().await.unwrap().starts_with(':') {}
        }
        beats.push(world.engine.clock().now());
    }
    for pair in beats.windows(2) {
        let pause = pair[1].since(pair[0]);
        assert!(pause.abs_diff(Duration::from_secs(15)) < Duration::from_millis(50), "{pause:?}");
    }
}

#[tokio::test]
async fn without_accounts_the_stream_still_begins() {
    let world = with(salio_engine::Mode::Serve, &[], salio_engine::BalanceOptions::default()).await;
    let mut reader = Reader::open(&world).await;
    assert_eq!(reader.block().await.unwrap(), ": ");
}
