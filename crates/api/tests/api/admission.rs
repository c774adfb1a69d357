//! What the balance does not cover: held, refused, or accepted in part; and what a quote says of it beforehand.

use insta::assert_json_snapshot as snapshot;
use salio_domain::Units;
use salio_domain::admission::SpendingRules;
use salio_engine::{BalanceOptions, Mode};
use serde_json::Value;

use crate::support::{World, account, price, with_accounts};

const FIVE: &str = r#"["0712345678","0722000000","+255712345678","0733000000","07"]"#;

/// 4.50 units, of which 1 is kept for high priority; a segment costs 1, to Tanzania 2.
async fn poor(mode: Mode) -> World {
    let world = with_accounts(mode, BalanceOptions::default(), |provider| {
        let mut account = account("onfon", provider.clone(), true);
        account.prices = vec![("255".to_owned(), price(2))];
        account.spending = SpendingRules { credit_limit: Units::ZERO, reserve_for_high: Units::whole(1) };
        vec![account]
    });
    let world = world.await;
    world.provider.figure(450);
    world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    world
}

fn many(on_short: &str) -> String {
    format!(r#"{{"to":{FIVE},"text":"Hello"{on_short}}}"#)
}

#[tokio::test]
async fn many_are_refused_with_the_shortfall_and_nothing_is_kept() {
    let world = poor(Mode::Command { dispatch: false }).await;
    for body in [many(""), many(r#","on_short":"refuse""#)] {
        snapshot!("insufficient_balance", world.post("/api/v1/messages", &body).await.shown());
    }
    assert_eq!(world.get("/api/v1/messages").await.text, r#"{"messages":[],"next_cursor":null}"#);
    assert_eq!(world.get("/api/v1/batches").await.text, r#"{"batches":[],"next_cursor":null}"#);
    // What is kept for high priority may be used by it; and one that was refused leaves its key free.
    let high = world.post("/api/v1/messages", r#"{"to":["0712345678","0722000000","0733000000","0744000000"],"text":"Hello","priority":"high"}"#).await;
    assert_eq!((high.status, &high.json()["charge"]), (202, &Value::from("4.00")), "{}", high.text);
}

#[tokio::test]
async fn a_part_is_accepted_and_the_others_are_named() {
    let world = poor(Mode::Command { dispatch: false }).await;
    let part = world.post("/api/v1/messages", &many(r#","on_short":"partial""#)).await;
    snapshot!("partial", part.shown());
    let batch = world.get(&format!("/api/v1/batches/{}", part.json()["batch_id"].as_str().unwrap())).await.json();
    assert_eq!((&batch["lines"], &batch["messages"], &batch["rejected"], &batch["charge"]), (&5.into(), &2.into(), &3.into(), &Value::from("2.00")));
    // 1.50 units are left: enough for one of the first two, then for none.
    let one = world.post("/api/v1/messages", &many(r#","on_short":"partial""#)).await;
    assert_eq!((one.status, &one.json()["charge"]), (202, &Value::from("1.00")), "{}", one.text);
    let none = world.post("/api/v1/messages", &many(r#","on_short":"partial""#)).await;
    assert_eq!((none.status, none.code().as_str(), &none.json()["available"]), (409, "insufficient_balance", &Value::from("0.50")), "{}", none.text);
}

#[tokio::test]
async fn one_is_held_and_says_why_it_waits() {
    let world = poor(Mode::Serve).await;
    world.provider.figure(50);
    world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    let one = world.post("/api/v1/messages", r#"{"to":"0712345678","text":"Hello"}"#).await;
    assert_eq!(one.status, 202, "{}", one.text);
    let path = format!("/api/v1/messages/{}", one.json()["id"].as_str().unwrap());
    let held = world.until(&path, |message| message["cause"] == "insufficient_balance").await;
    assert_eq!(held["state"], "queued");
    let account = world.get("/api/v1/accounts/onfon").await.json();
    assert_eq!((&account["held"]["needed"], &account["held"]["available"], &account["paused"]), (&Value::from("1.00"), &Value::from("-0.50"), &Value::Null), "{account}");
    assert_eq!(world.get("/api/v1/accounts/onfon/balance").await.json()["held"], account["held"]);
    assert!(world.get("/metrics").await.text.contains("salio_held{account=\"onfon\"} 1"));
    let refused = world.post("/api/v1/messages", r#"{"to":"0712345678","text":"Hello","on_short":"refuse"}"#).await;
    assert_eq!((refused.status, refused.code().as_str()), (409, "insufficient_balance"));
    // It goes by itself after a top-up.
    world.provider.figure(10_000);
    world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    world.until(&path, |message| message["state"] == "sent").await;
    world.until("/api/v1/accounts/onfon", |account| account["held"].is_null()).await;
}

#[tokio::test]
async fn a_key_of_a_refused_request_may_be_used_again() {
    let world = poor(Mode::Command { dispatch: false }).await;
    let headers = [("content-type", "application/json"), ("idempotency-key", "made-up-1")];
    assert_eq!(world.ask("POST", "/api/v1/messages", &headers, &many("")).await.code(), "insufficient_balance");
    world.provider.figure(10_000);
    world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    let done = world.ask("POST", "/api/v1/messages", &headers, &many("")).await;
    assert_eq!((done.status, done.header("idempotency-replayed")), (202, ""), "{}", done.text);
    let again = world.ask("POST", "/api/v1/messages", &headers, &many("")).await;
    assert_eq!((again.status, again.header("idempotency-replayed"), &again.text), (202, "true", &done.text));
}

#[tokio::test]
async fn a_quote_prices_each_number_by_its_prefix_and_says_what_would_be_left() {
    let world = poor(Mode::Command { dispatch: false }).await;
    world.post("/api/v1/messages", r#"{"to":"0712345678","text":"Hello"}"#).await;
    let quote = async |body: String| world.post("/api/v1/messages/quote", &body).await;
    snapshot!("quote_short", quote(format!(r#"{{"to":{FIVE},"text":"Hello"}}"#)).await.shown());
    let fits = quote(r#"{"to":"+255712345678","text":"Hello"}"#.to_owned()).await.json();
    assert_eq!((&fits["charge"], &fits["balance_after"], &fits["short"]), (&Value::from("2.00"), &Value::from("1.50"), &Value::Null), "{fits}");
    let none = quote(r#"{"to":["07"],"text":"Hello"}"#.to_owned()).await.json();
    assert_eq!((&none["recipients"], &none["charge"], &none["rejected"][0]["code"]), (&0.into(), &Value::from("0.00"), &Value::from("invalid_number")), "{none}");
    let high = quote(r#"{"to":["0712345678","0722000000","0733000000"],"text":"Hello","priority":"high"}"#.to_owned()).await.json();
    assert_eq!((&high["short"], &high["balance_after"]), (&Value::Null, &Value::from("0.50")), "{high}");
}
