//! Accounts that a person stops and lets go on.

use insta::assert_json_snapshot as snapshot;
use serde_json::Value;

use crate::events::Reader;
use crate::support::{serving, world};

const ONE: &str = r#"{"to":"0712345678","text":"Hello"}"#;

#[tokio::test]
async fn a_person_stops_an_account_and_lets_it_go_on() {
    let world = serving().await;
    let mut reader = Reader::open(&world).await;
    let paused = world.post("/api/v1/accounts/onfon/pause", "").await;
    snapshot!("account_paused", paused.shown());
    let since = paused.json()["paused"]["since"].clone();
    assert_eq!(world.post("/api/v1/accounts/onfon/pause", "").await.json()["paused"]["since"], since);
    assert_eq!(world.get("/api/v1/accounts/onfon/balance").await.json()["paused"], paused.json()["paused"]);
    let told = reader.until(|event| event.kind == "balance" && event.data["account"] == "onfon" && event.data["paused"]["cause"] == "person").await;
    assert_eq!(told.data["paused"]["since"], since);

    let id = world.post("/api/v1/messages", ONE).await.json()["id"].as_str().unwrap().to_owned();
    let waiting = world.get(&format!("/api/v1/messages/{id}")).await.json();
    assert_eq!((&waiting["state"], &waiting["cause"]), (&Value::from("queued"), &Value::from("account_paused")));
    assert_eq!(world.get("/api/v1/messages").await.json()["messages"][0]["cause"], "account_paused");

    let resumed = world.post("/api/v1/accounts/onfon/resume", "").await;
    assert_eq!((resumed.status, &resumed.json()["paused"]), (200, &Value::Null));
    assert_eq!(world.post("/api/v1/accounts/onfon/resume", "").await.status, 200);
    let sent = world.until(&format!("/api/v1/messages/{id}"), |message| message["state"] == "sent").await;
    assert_eq!(sent["timeline"].as_array().unwrap().iter().filter(|step| step["state"] == "submitting").count(), 1, "{sent}");
}

#[tokio::test]
async fn other_accounts_go_on() {
    let world = serving().await;
    world.post("/api/v1/accounts/onfon/pause", "").await;
    let body = r#"{"to":"0712345678","text":"Hello","account":"onfon-marketing"}"#;
    let id = world.post("/api/v1/messages", body).await.json()["id"].as_str().unwrap().to_owned();
    world.until(&format!("/api/v1/messages/{id}"), |message| message["state"] == "sent").await;
    assert_eq!(world.get("/api/v1/accounts/onfon-marketing").await.json()["paused"], Value::Null);
}

#[tokio::test]
async fn unknown_accounts_cannot_be_stopped() {
    let world = world().await;
    for path in ["/api/v1/accounts/nobody/pause", "/api/v1/accounts/nobody/resume"] {
        let refused = world.post(path, "").await;
        assert_eq!((refused.status, refused.code().as_str()), (404, "unknown_account"), "{path}");
    }
    assert_eq!(world.get("/api/v1/accounts/onfon/pause").await.code(), "method_not_allowed");
}
