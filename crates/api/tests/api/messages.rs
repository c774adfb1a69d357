//! Messages in, listed, taken back.

use insta::assert_json_snapshot as snapshot;
use serde_json::Value;

use crate::support::{World, serving, world};

const ONE: &str = r#"{"to":"0712345678","text":"Hello","reference":"order-1"}"#;
const JSON: (&str, &str) = ("content-type", "application/json");

async fn send(world: &World, body: &str) -> Value {
    let answer = world.post("/api/v1/messages", body).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    answer.json()
}

#[tokio::test]
async fn one_recipient_is_one_message_and_a_list_is_a_batch() {
    let world = world().await;
    snapshot!("send_one", world.post("/api/v1/messages", ONE).await.shown());
    snapshot!(
        "send_many",
        world
            .post("/api/v1/messages", r#"{"to":["0712345678","07","+254 712 345 678","0722000000"],"text":"Hej ж","priority":"high","send_at":"2026-11-23T08:00:00Z"}"#)
            .await
            .shown()
    );
    let list_of_one = send(&world, r#"{"to":["0712345678"],"text":"Hello"}"#).await;
    assert!(list_of_one["batch_id"].is_string() && list_of_one["messages"].as_array().unwrap().len() == 1);
    assert_eq!(world.get("/api/v1/accounts/onfon/balance").await.json()["queued"], "4.00");
}

#[tokio::test]
async fn messages_are_listed_and_filtered_page_by_page() {
    let world = world().await;
    let batch = send(&world, r#"{"to":["0712345678","0722000000","0733000000"],"text":"Hello"}"#).await["batch_id"].as_str().unwrap().to_owned();
    send(&world, r#"{"to":"0712345678","text":"Later","send_at":"2026-12-01T08:00:00Z","account":"onfon-marketing","reference":"r 1"}"#).await;
    snapshot!("messages", world.get("/api/v1/messages?limit=2").await.shown());
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = world.get(&format!("/api/v1/messages?limit=3{cursor}")).await.json();
        seen.extend(page["messages"].as_array().unwrap().iter().map(|message| message["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen.len(), 4);
    assert!(seen.is_sorted_by(|newer, older| newer > older), "{seen:?}");
    for (query, count) in [
        ("state=queued", 3),
        ("state=scheduled", 1),
        ("account=onfon-marketing", 1),
        ("to=0712345678", 2),
        ("to=%2B254712345678", 2),
        ("reference=r%201", 1),
        (&format!("batch={batch}"), 3),
        ("to=0799000000", 0),
    ] {
        let page = world.get(&format!("/api/v1/messages?{query}")).await;
        assert_eq!(page.json()["messages"].as_array().map(Vec::len), Some(count), "{query} {}", page.text);
    }
    for query in ["limit=0", "limit=1001", "limit=x", "state=sideways", "to=abc", "cursor=1", "batch=7", "colour=red"] {
        let refused = world.get(&format!("/api/v1/messages?{query}")).await;
        assert_eq!((refused.status, refused.code().as_str()), (400, "invalid_parameter"), "{query}");
    }
    assert_eq!(world.get("/api/v1/messages?account=nobody").await.code(), "unknown_account");
}

#[tokio::test]
async fn a_message_that_has_not_left_can_be_taken_back_and_asking_again_changes_nothing() {
    let world = world().await;
    let id = send(&world, ONE).await["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/messages/{id}");
    let first = world.ask("DELETE", &path, &[], "").await;
    snapshot!("cancelled", first.shown());
    let again = world.ask("DELETE", &path, &[], "").await;
    assert_eq!((again.status, &again.text), (200, &first.text));
    snapshot!("message_cancelled", world.get(&path).await.shown());
    for missing in ["/api/v1/messages/msg_0000000000001", "/api/v1/messages/7"] {
        assert_eq!((world.get(missing).await.status, world.ask("DELETE", missing, &[], "").await.code().as_str()), (404, "unknown_message"));
    }
    assert_eq!(world.get("/api/v1/accounts/onfon/balance").await.json()["queued"], "0.00");
}

#[tokio::test]
async fn a_sent_message_has_its_timeline_and_the_providers_name() {
    let world = serving().await;
    let id = send(&world, ONE).await["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/messages/{id}");
    world.until(&path, |message| message["state"] == "sent").await;
    snapshot!("message_sent", world.get(&path).await.shown());
    let late = world.ask("DELETE", &path, &[], "").await;
    assert_eq!((late.status, late.code().as_str()), (409, "already_left"));
    world.until("/api/v1/activity", |activity| activity["activity"].as_array().unwrap().iter().any(|a| a["text"] == "1 message from PROMO" && a["amount"] == "-1.00")).await;
}

#[tokio::test]
async fn the_same_key_gives_the_first_answer_again() {
    let world = world().await;
    let keyed = |key: &'static str, body: &'static str| world.ask("POST", "/api/v1/messages", Box::leak(Box::new([JSON, ("idempotency-key", key)])), body);
    let first = keyed("k-1", ONE).await;
    let again = keyed("k-1", ONE).await;
    assert_eq!((first.status, first.header("idempotency-replayed")), (202, ""));
    assert_eq!((again.status, again.header("idempotency-replayed"), &again.text), (202, "true", &first.text));
    assert_ne!(keyed("k-2", ONE).await.text, first.text);
    let other = keyed("k-1", r#"{"to":"0712345678","text":"Other"}"#).await;
    assert_eq!((other.status, other.code().as_str()), (422, "idempotency_key_reused"));
    // Even a body that is wrong is another body.
    assert_eq!(keyed("k-1", "{").await.code(), "idempotency_key_reused");
    let (a, b) = tokio::join!(keyed("k-3", ONE), keyed("k-3", ONE));
    assert_eq!((a.status, b.status, &a.text), (202, 202, &b.text));
    assert_eq!(world.get("/api/v1/messages").await.json()["messages"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_replay_holds_even_when_the_draft_would_be_too_late_now() {
    let world = world().await;
    let now = world.engine.clock().now();
    let body = format!(r#"{{"to":"0712345678","text":"Hello","valid_until":"{}"}}"#, now.after(std::time::Duration::from_millis(200)));
    let headers = [JSON, ("idempotency-key", "late-1")];
    let first = world.ask("POST", "/api/v1/messages", &headers, &body).await;
    assert_eq!(first.status, 202, "{}", first.text);
    world.until("/api/v1/info", |_| world.engine.clock().now() > now.after(std::time::Duration::from_millis(250))).await;
    assert_eq!(world.ask("POST", "/api/v1/messages", &headers, &body).await.text, first.text);
    assert_eq!(world.ask("POST", "/api/v1/messages", &[JSON], &body).await.code(), "valid_until_passed");
}

#[tokio::test]
async fn keys_have_a_form() {
    let world = world().await;
    let long = "k".repeat(255);
    assert_eq!(world.ask("POST", "/api/v1/messages", &[JSON, ("idempotency-key", &long)], ONE).await.status, 202);
    let longer = "k".repeat(256);
    for key in ["", "k\u{e9}", &longer] {
        let refused = world.ask("POST", "/api/v1/messages", &[JSON, ("idempotency-key", key)], ONE).await;
        assert_eq!((refused.status, refused.code().as_str()), (400, "invalid_idempotency_key"), "{key:?}");
    }
    let twice = world.ask("POST", "/api/v1/messages", &[JSON, ("idempotency-key", "a"), ("idempotency-key", "a")], ONE).await;
    assert_eq!(twice.code(), "invalid_idempotency_key");
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_by_name() {
    let world = world().await;
    snapshot!("refused_number", world.post("/api/v1/messages", r#"{"to":"07","text":"Hello"}"#).await.shown());
    snapshot!("refused_list", world.post("/api/v1/messages", r#"{"to":["07","0712FLOWER"],"text":"Hello"}"#).await.shown());
    snapshot!("refused_field", world.post("/api/v1/messages", r#"{"to":"0712345678","text":"Hello","colour":"red"}"#).await.shown());
    snapshot!("refused_json", world.post("/api/v1/messages", "{\"to\":\n  oops}").await.shown());
    for (body, status, code) in [
        (r#"{"to":"0712345678"}"#, 400, "invalid_field"),
        (r#"{"to":7,"text":"a"}"#, 400, "invalid_field"),
        (r#"{"to":"0712345678","text":"a","text":"b"}"#, 400, "invalid_field"),
        (r#"["to"]"#, 400, "invalid_field"),
        (r#"{"to":[],"text":"a"}"#, 422, "no_valid_recipient"),
        (r#"{"to":"0712345678","text":" "}"#, 422, "text_missing"),
        (r#"{"to":"0712345678","text":"a","account":"nobody"}"#, 422, "unknown_account"),
        (r#"{"to":"0712345678","text":"a","from":"SIXTEEN-LETTERS-"}"#, 422, "sender_invalid"),
        (r#"{"to":"0712345678","text":"a","from":"TWELVE-CHARS"}"#, 422, "sender_invalid"),
        (r#"{"to":"0712345678","text":"a\u0000"}"#, 422, "text_invalid"),
        (r#"{"to":"0712345678","text":"\u000c"}"#, 422, "text_invalid"),
        (r#"{"to":"0712345678","text":"a","valid_until":"2020-01-01T00:00:00Z"}"#, 422, "valid_until_passed"),
        ("{}", 400, "invalid_field"),
        (r#"{"to":"0712345678","text":"a","on_short":"sometimes"}"#, 400, "invalid_field"),
    ] {
        let refused = world.post("/api/v1/messages", body).await;
        assert_eq!((refused.status, refused.code().as_str()), (status, code), "{body} {}", refused.text);
    }
    let control = world.post("/api/v1/messages", r#"{"to":"0712345678","text":"žb\u0007\u0000"}"#).await.json();
    assert_eq!(control["detail"], "Character 2 of \"text\" (counted from 0) is the control character U+0007; only line breaks and tabs can be sent.");
    assert_eq!(world.get("/api/v1/messages").await.text, r#"{"messages":[],"next_cursor":null}"#);
    assert_eq!(send(&world, r#"{"to":"0712345678","text":"a\r\n\tb","from":"123456789012345"}"#).await["state"], "queued");
    for word in ["hold", "refuse", "partial"] {
        assert_eq!(send(&world, &format!(r#"{{"to":"0712345678","text":"a","on_short":"{word}"}}"#)).await["state"], "queued", "an unknown balance blocks nothing");
    }
}

#[tokio::test]
async fn bodies_have_a_kind_and_a_size() {
    let world = world().await;
    assert_eq!(send(&world, &format!("\u{feff}{ONE}")).await["state"], "queued");
    for headers in [vec![], vec![("content-type", "text/plain")], vec![("content-type", "application/x-www-form-urlencoded")]] {
        let refused = world.ask("POST", "/api/v1/messages", &headers, ONE).await;
        assert_eq!((refused.status, refused.code().as_str()), (415, "unsupported_media_type"));
    }
    let never = axum::http::Request::builder().method("POST").uri("/api/v1/messages").header("host", "localhost").header(JSON.0, JSON.1);
    let broken = axum::body::Body::from_stream(futures::stream::iter([Ok("{"), Err(std::io::Error::other("made-up cut"))]));
    let refused = world.send(never.body(broken).unwrap()).await;
    assert_eq!((refused.status, refused.code().as_str()), (400, "body_unreadable"));
    let large = format!(r#"{{"to":"0712345678","text":"{}"}}"#, "a".repeat(1 << 20));
    let refused = world.post("/api/v1/messages", &large).await;
    assert_eq!((refused.status, refused.code().as_str()), (413, "body_too_large"));
}

#[tokio::test]
async fn a_quote_says_what_a_text_takes_and_sends_nothing() {
    let world = world().await;
    world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    snapshot!("quote", world.post("/api/v1/messages/quote", r#"{"to":["0712345678","0722000000"],"text":"Habari ’za’"}"#).await.shown());
    let alone = world.post("/api/v1/messages/quote", r#"{"text":"Hello","account":"onfon-marketing"}"#).await.json();
    assert_eq!((&alone["charge"], &alone["balance_after"], &alone["encoding"]), (&Value::from("1.00"), &Value::Null, &Value::from("gsm7")));
    for (body, code) in [(r#"{"text":""}"#, "text_missing"), (r#"{"text":"a\u007f"}"#, "text_invalid"), (r#"{"text":"a","colour":"X"}"#, "unknown_field")] {
        assert_eq!(world.post("/api/v1/messages/quote", body).await.code(), code);
    }
    assert_eq!(world.get("/api/v1/messages").await.json()["messages"].as_array().unwrap().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_ends_is_given_up() {
    let world = world().await;
    let request = axum::http::Request::builder().method("POST").uri("/api/v1/messages").header("host", "localhost").header(JSON.0, JSON.1);
    let endless = axum::body::Body::from_stream(futures::stream::pending::<Result<&str, std::io::Error>>());
    let refused = world.send(request.body(endless).unwrap()).await;
    assert_eq!((refused.status, refused.code().as_str()), (408, "body_unreadable"));
}
