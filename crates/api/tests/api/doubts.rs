//! Messages in doubt: settled by a report or by a person.

use insta::assert_json_snapshot as snapshot;
use serde_json::Value;

use crate::support::{World, serving};

async fn doubtful(world: &World) -> String {
    world.provider.doubts(1);
    let id = world.post("/api/v1/messages", r#"{"to":"0712345678","text":"Hello"}"#).await.json()["id"].as_str().unwrap().to_owned();
    world.until(&format!("/api/v1/messages/{id}"), |message| message["state"] == "unknown").await;
    id
}

async fn resolve(world: &World, id: &str, word: &str) -> crate::support::Answer {
    world.post(&format!("/api/v1/messages/{id}/resolve"), &format!(r#"{{"as":"{word}"}}"#)).await
}

#[tokio::test]
async fn a_person_settles_a_doubt_once() {
    for (word, state) in [("sent", "sent"), ("not_sent", "failed")] {
        let world = serving().await;
        let id = doubtful(&world).await;
        assert_eq!(world.get("/api/v1/accounts/onfon/balance").await.json()["unknown_messages"], 1);
        let settled = resolve(&world, &id, word).await;
        assert_eq!((settled.status, &settled.json()["state"]), (200, &Value::from(state)), "{}", settled.text);
        assert_eq!(settled.text, world.get(&format!("/api/v1/messages/{id}")).await.text);
        assert_eq!(world.get("/api/v1/accounts/onfon/balance").await.json()["unknown_messages"], 0);
        assert_eq!(resolve(&world, &id, word).await.json(), settled.json());
        for other in ["sent", "not_sent", "resend"].into_iter().filter(|other| *other != word) {
            let refused = resolve(&world, &id, other).await;
            assert_eq!((refused.status, refused.code().as_str()), (409, "not_in_doubt"), "{word} {other} {}", refused.text);
        }
        assert_eq!(world.get("/api/v1/ledger/verify").await.json()["ok"], true);
    }
}

#[tokio::test]
async fn a_person_has_it_sent_again() {
    let world = serving().await;
    let id = doubtful(&world).await;
    let again = resolve(&world, &id, "resend").await;
    assert_eq!(again.status, 200, "{}", again.text);
    let sent = world.until(&format!("/api/v1/messages/{id}"), |message| message["state"] == "sent").await;
    assert_eq!(sent["timeline"].as_array().unwrap().iter().filter(|step| step["state"] == "submitting").count(), 2, "{sent}");
}

/// A program that heard no answer asks again: that is one wish, whatever has become of the message meanwhile.
#[tokio::test]
async fn one_wish_to_send_again_sends_once() {
    let world = serving().await;
    let id = doubtful(&world).await;
    let path = format!("/api/v1/messages/{id}/resolve");
    let wish = async |key: &str, body: &str| world.ask("POST", &path, &[("content-type", "application/json"), ("idempotency-key", key)], body).await;
    world.provider.doubts(1);
    let first = wish("k-1", r#"{"as":"resend"}"#).await;
    assert_eq!((first.status, first.header("idempotency-replayed")), (200, ""), "{}", first.text);
    let unknown = world.until(&format!("/api/v1/messages/{id}"), |message| message["state"] == "unknown" && message["attempts"] == 2).await;
    for _ in 0..3 {
        let again = wish("k-1", r#"{"as":"resend"}"#).await;
        assert_eq!((again.status, again.header("idempotency-replayed"), again.json()["timeline"].clone()), (200, "true", unknown["timeline"].clone()), "{}", again.text);
    }
    assert_eq!(wish("k-1", r#"{"as":"not_sent"}"#).await.code(), "idempotency_key_reused");
    assert_eq!(world.get(&format!("/api/v1/messages/{id}")).await.json()["attempts"], 2);
    assert_eq!(wish("k-2", r#"{"as":"not_sent"}"#).await.json()["state"], "failed");
}

#[tokio::test]
async fn only_doubts_are_settled_and_only_in_known_words() {
    let world = serving().await;
    let id = world.post("/api/v1/messages", r#"{"to":"0712345678","text":"Hello"}"#).await.json()["id"].as_str().unwrap().to_owned();
    world.until(&format!("/api/v1/messages/{id}"), |message| message["state"] == "sent").await;
    snapshot!("not_in_doubt", resolve(&world, &id, "not_sent").await.shown());
    assert_eq!(resolve(&world, "msg_0000000000001", "sent").await.code(), "unknown_message");
    let path = format!("/api/v1/messages/{id}/resolve");
    for (body, code) in [("{}", "invalid_field"), (r#"{"as":"delivered"}"#, "invalid_field"), (r#"{"as":"sent","by":"me"}"#, "unknown_field"), ("", "malformed_json")] {
        let refused = world.post(&path, body).await;
        assert_eq!((refused.status, refused.code().as_str()), (400, code), "{body}");
    }
    assert_eq!(world.get(&path).await.code(), "method_not_allowed");
}
