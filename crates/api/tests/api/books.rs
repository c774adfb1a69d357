//! The books: read page by page, verified from end to end.

use insta::assert_json_snapshot as snapshot;
use serde_json::Value;

use crate::support::{serving, world};

async fn send(world: &crate::support::World, to: &str) {
    let id = world.post("/api/v1/messages", &format!(r#"{{"to":"{to}","text":"Hello"}}"#)).await.json()["id"].as_str().unwrap().to_owned();
    world.until(&format!("/api/v1/messages/{id}"), |message| message["state"] == "sent" || message["state"] == "unknown").await;
}

#[tokio::test]
async fn every_charge_is_booked_on_two_sides() {
    let world = serving().await;
    send(&world, "0712345678").await;
    world.provider.doubts(1);
    send(&world, "0722000000").await;
    snapshot!("ledger", world.get("/api/v1/accounts/onfon/ledger").await.shown());
    let (mut seen, mut query) = (Vec::new(), String::new());
    loop {
        let page = world.get(&format!("/api/v1/accounts/onfon/ledger?limit=2{query}")).await.json();
        seen.extend(page["entries"].as_array().unwrap().iter().map(|entry| entry["number"].as_i64().unwrap()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        query = format!("&cursor={next}");
    }
    assert_eq!(seen, [1, 2, 3]);
    assert_eq!(world.get("/api/v1/accounts/nobody/ledger").await.code(), "unknown_account");
    for query in ["limit=0", "cursor=x", "colour=red"] {
        assert_eq!(world.get(&format!("/api/v1/accounts/onfon/ledger?{query}")).await.code(), "invalid_parameter", "{query}");
    }
}

#[tokio::test]
async fn books_that_nobody_touched_are_right() {
    let world = serving().await;
    send(&world, "0712345678").await;
    world.provider.doubts(1);
    send(&world, "0722000000").await;
    snapshot!("verified", world.get("/api/v1/ledger/verify").await.shown());
}

#[tokio::test]
async fn empty_books_are_right() {
    let verified = world().await.get("/api/v1/ledger/verify").await.json();
    assert_eq!(verified["ok"], true);
    for account in verified["accounts"].as_array().unwrap() {
        assert_eq!((&account["entries"], &account["last_seal"], &account["faults"]), (&0.into(), &Value::Null, &Value::Array(Vec::new())));
    }
}
