//! Batches: listed, looked at, paused, resumed, taken back, told live.

use insta::assert_json_snapshot as snapshot;
use serde_json::Value;

use crate::events::Reader;
use crate::support::{World, redacted, serving, world};

async fn batch(world: &World, to: &str) -> String {
    let answer = world.post("/api/v1/messages", &format!(r#"{{"to":{to},"text":"Hello"}}"#)).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    answer.json()["batch_id"].as_str().unwrap().to_owned()
}

fn path(id: &str, order: &str) -> String {
    format!("/api/v1/batches/{id}{order}")
}

const TWO: &str = r#"["0712345678","07","0712345678","0722000000"]"#;

#[tokio::test]
async fn a_list_is_a_batch_that_can_be_watched() {
    let world = world().await;
    let id = batch(&world, TWO).await;
    snapshot!("batch", world.get(&path(&id, "")).await.shown());
    assert_eq!(world.get(&path(&id, "/errors")).await.text, r#"{"errors":[],"next_cursor":null}"#);
    for missing in ["/api/v1/batches/bat_0000000000001", "/api/v1/batches/7", "/api/v1/batches/bat_0000000000001/errors"] {
        let refused = world.get(missing).await;
        assert_eq!((refused.status, refused.code().as_str()), (404, "unknown_batch"), "{missing}");
    }
}

#[tokio::test]
async fn batches_are_listed_and_filtered_page_by_page() {
    let world = world().await;
    let mut made = Vec::new();
    for _ in 0..3 {
        made.insert(0, batch(&world, TWO).await);
    }
    world.post(&path(&made[0], "/pause"), "").await;
    world.post(&path(&made[1], "/cancel"), "").await;
    let ids = |page: &Value| page["batches"].as_array().unwrap().iter().map(|batch| batch["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let first = world.get("/api/v1/batches?limit=2").await.json();
    let next = first["next_cursor"].as_str().unwrap();
    let second = world.get(&format!("/api/v1/batches?limit=2&cursor={next}")).await.json();
    assert_eq!([ids(&first), ids(&second)].concat(), made);
    assert_eq!(second["next_cursor"], Value::Null);
    for (query, wanted) in [
        ("state=paused", &made[0..1]),
        ("state=cancelled", &made[1..2]),
        ("state=running", &made[2..3]),
        ("state=done", &[]),
        ("account=onfon", &made[..]),
        ("account=onfon-marketing", &[]),
    ] {
        assert_eq!(ids(&world.get(&format!("/api/v1/batches?{query}")).await.json()), wanted, "{query}");
    }
    for query in ["limit=0", "limit=1001", "state=sideways", "cursor=1", "colour=red"] {
        let refused = world.get(&format!("/api/v1/batches?{query}")).await;
        assert_eq!((refused.status, refused.code().as_str()), (400, "invalid_parameter"), "{query}");
    }
    assert_eq!(world.get("/api/v1/batches?account=nobody").await.code(), "unknown_account");
    for query in ["limit=0", "cursor=x", "colour=red"] {
        assert_eq!(world.get(&format!("{}?{query}", path(&made[0], "/errors"))).await.code(), "invalid_parameter", "{query}");
    }
}

#[tokio::test]
async fn a_paused_batch_waits_says_so_and_goes_on() {
    let world = serving().await;
    world.post("/api/v1/accounts/onfon/pause", "").await;
    let id = batch(&world, TWO).await;
    assert_eq!(world.get(&path(&id, "")).await.json()["cause"], "account_paused");
    let paused = world.post(&path(&id, "/pause"), "").await;
    assert_eq!((paused.status, &paused.json()["state"]), (200, &Value::from("paused")), "{}", paused.text);
    assert_eq!(world.post(&path(&id, "/pause"), "").await.json()["state"], "paused");
    world.post("/api/v1/accounts/onfon/resume", "").await;
    // Another message of the account overtakes: the batch alone is held up.
    let other = world.post("/api/v1/messages", r#"{"to":"0733000000","text":"Hello"}"#).await.json()["id"].as_str().unwrap().to_owned();
    world.until(&format!("/api/v1/messages/{other}"), |message| message["state"] == "sent").await;
    let waiting = world.get(&format!("/api/v1/messages?batch={id}")).await.json();
    for message in waiting["messages"].as_array().unwrap() {
        assert_eq!((&message["state"], &message["cause"]), (&Value::from("queued"), &Value::from("batch_paused")));
    }
    assert_eq!(world.post(&path(&id, "/resume"), "").await.json()["state"], "running");
    let done = world.until(&path(&id, ""), |batch| batch["state"] == "done").await;
    assert_eq!((&done["counts"]["sent"], &done["spent"], &done["ended_at"].is_string()), (&2.into(), &Value::from("2.00"), &true), "{done}");
    for order in ["/pause", "/cancel"] {
        let refused = world.post(&path(&id, order), "").await;
        assert_eq!((refused.status, refused.code().as_str()), (409, "batch_ended"), "{order} {}", refused.text);
    }
}

#[tokio::test]
async fn a_cancelled_batch_is_taken_back() {
    let world = serving().await;
    world.post("/api/v1/accounts/onfon/pause", "").await;
    let id = batch(&world, TWO).await;
    let cancelled = world.post(&path(&id, "/cancel"), "").await;
    assert_eq!((cancelled.status, &cancelled.json()["state"]), (200, &Value::from("cancelled")), "{}", cancelled.text);
    let swept = world.until(&path(&id, ""), |batch| batch["counts"]["cancelled"] == 2).await;
    assert_eq!((&swept["state"], &swept["spent"]), (&Value::from("cancelled"), &Value::from("0.00")));
    assert_eq!(world.post(&path(&id, "/cancel"), "").await.status, 200);
    assert_eq!(world.post(&path(&id, "/resume"), "").await.code(), "batch_ended");
    world.until("/api/v1/accounts/onfon/balance", |balance| balance["queued"] == "0.00").await;
}

#[tokio::test]
async fn unknown_batches_take_no_orders() {
    let world = world().await;
    for order in ["/pause", "/resume", "/cancel"] {
        let refused = world.post(&path("bat_0000000000001", order), "").await;
        assert_eq!((refused.status, refused.code().as_str()), (404, "unknown_batch"), "{order}");
        assert_eq!(world.get(&path("bat_0000000000001", order)).await.code(), "method_not_allowed");
    }
}

#[tokio::test]
async fn a_batch_is_told_live_as_its_route_gives_it() {
    let world = serving().await;
    let mut reader = Reader::open(&world).await;
    let id = batch(&world, TWO).await;
    let done = reader.until(|event| event.kind == "batch" && event.data["state"] == "done").await;
    assert_eq!((done.id, &done.data["id"]), (None, &Value::from(id.as_str())));
    assert_eq!(redacted(done.data), redacted(world.get(&path(&id, "")).await.json()));
    let order = reader_after_pause(&world).await;
    assert_eq!(order["state"], "paused");
}

/// A person's order is told at once, with the body that the person gets.
async fn reader_after_pause(world: &World) -> Value {
    world.post("/api/v1/accounts/onfon/pause", "").await;
    let id = batch(world, TWO).await;
    let mut reader = Reader::open(world).await;
    let answer = world.post(&path(&id, "/pause"), "").await.json();
    let told = reader.until(|event| event.kind == "batch" && event.data["id"] == id.as_str() && event.data["state"] == "paused").await.data;
    assert_eq!(told, answer);
    told
}
