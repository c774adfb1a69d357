//! Accounts, balances, the past: whole bodies.

use std::sync::atomic::Ordering;

use insta::assert_json_snapshot as snapshot;
use salio_engine::{BalanceOptions, Mode};
use serde_json::Value;

use crate::support::{redacted, serving, with, world};

#[tokio::test]
async fn what_runs_here_and_which_accounts() {
    let world = world().await;
    snapshot!("info", world.get("/api/v1/info").await.shown());
    snapshot!("accounts", world.get("/api/v1/accounts").await.shown());
    let by_slug = world.get("/api/v1/accounts/onfon").await;
    snapshot!("account", by_slug.shown());
    let id = by_slug.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(world.get(&format!("/api/v1/accounts/{id}")).await.text, by_slug.text);
}

#[tokio::test]
async fn no_figure_is_no_number_and_never_zero() {
    let world = world().await;
    world.provider.fails("unreachable", false);
    snapshot!("balance_unknown", world.get("/api/v1/accounts/onfon-marketing/balance").await.shown());
}

#[tokio::test]
async fn a_sync_shows_before_and_after() {
    let world = world().await;
    snapshot!("refresh_first", world.post("/api/v1/accounts/onfon/balance/refresh", "").await.shown());
    let again = world.post("/api/v1/accounts/onfon/balance/refresh", "").await.json();
    assert_eq!((&again["previous"], &again["changed"]), (&Value::from("11378.50"), &Value::from(false)));
    world.provider.figure(1_137_650);
    let fell = world.post("/api/v1/accounts/onfon/balance/refresh", "").await.json();
    assert_eq!((&fell["previous"], &fell["changed"], &fell["balance"]), (&Value::from("11378.50"), &Value::from(true), &Value::from("11376.50")));
    let mut read = world.get("/api/v1/accounts/onfon/balance").await;
    snapshot!("balance_fresh", read.shown());
    // The balance of the refresh answer is the balance itself.
    let mut members = redacted(fell);
    members.as_object_mut().unwrap().retain(|name, _| name != "previous" && name != "changed");
    read.text = redacted(read.json()).to_string();
    assert_eq!(members, read.json());
}

#[tokio::test]
async fn a_failed_sync_keeps_the_last_figure() {
    let world = world().await;
    world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    world.provider.fails("unreachable", false);
    snapshot!("refresh_unreachable", world.post("/api/v1/accounts/onfon/balance/refresh", "").await.shown());
    world.provider.fails("timeout", true);
    let late = world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    assert_eq!((late.status, late.code().as_str()), (504, "timeout"));
    assert_eq!(late.json()["last"]["balance"], "11378.50");
    world.provider.fails("credentials_refused", false);
    let refused = world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    assert_eq!((refused.status, refused.code().as_str()), (502, "credentials_refused"));
    assert_eq!(refused.json()["last"]["health"], "failing");
    world.provider.fails("a_word_of_a_newer_driver", false);
    let newer = world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    assert_eq!((newer.status, newer.code().as_str(), newer.json()["type"].as_str()), (502, "a_word_of_a_newer_driver", Some("/docs/errors/provider_failed")));
}

#[tokio::test]
async fn beyond_the_budget_people_are_told_when_to_come_back() {
    let options = BalanceOptions { calls_per_hour: 1, reserved_for_people: 1, reserved_for_automatic: 0, ..BalanceOptions::default() };
    let world = with(Mode::Command { dispatch: false }, &["onfon"], options).await;
    assert_eq!(world.post("/api/v1/accounts/onfon/balance/refresh", "").await.status, 200);
    let refused = world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    assert_eq!((refused.status, refused.code().as_str()), (429, "out_of_calls"));
    let seconds: u64 = refused.header("retry-after").parse().unwrap();
    assert!((3590..=3600).contains(&seconds), "{seconds}");
    assert_eq!(refused.json()["last"]["balance"], "11378.50");
    let old = world.post("/api/onfon/balance/refresh", "").await;
    assert_eq!((old.status, &old.json()["success"], &old.json()["formatted"]), (429, &Value::from(false), &Value::from("11,378.50 units")));
    assert!(!old.header("retry-after").is_empty());
    assert_eq!(world.provider.calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn the_previous_systems_route_answers_as_it_did() {
    let world = world().await;
    world.provider.fails("unreachable", false);
    let failed = world.post("/api/onfon/balance/refresh", "").await;
    assert_eq!((failed.status, failed.text.as_str()), (502, r#"{"success":false,"balance":null,"formatted":null,"message":"Failed to sync balance: Made up: unreachable."}"#));
    world.provider.figure(1_137_650);
    let done = world.post("/api/onfon/balance/refresh", "").await;
    assert_eq!((done.status, done.text.as_str()), (200, r#"{"success":true,"balance":11376.50,"formatted":"11,376.50 units","message":"Balance updated: 11,376.50 units"}"#));
    world.provider.fails("timeout", true);
    let late = world.post("/api/onfon/balance/refresh", "").await;
    assert_eq!(
        (late.status, late.text.as_str()),
        (504, r#"{"success":false,"balance":11376.50,"formatted":"11,376.50 units","message":"Failed to sync balance: Made up: timeout."}"#)
    );
    let other = with(Mode::Command { dispatch: false }, &["only-one"], BalanceOptions::default()).await;
    assert_eq!(other.post("/api/onfon/balance/refresh", "").await.status, 200);
    let none = with(Mode::Command { dispatch: false }, &[], BalanceOptions::default()).await;
    assert_eq!(none.post("/api/onfon/balance/refresh", "").await.status, 404);
}

#[tokio::test]
async fn a_cleared_cache_is_stale_and_its_next_reader_causes_one_call() {
    let world = world().await;
    world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    for _ in 0..5 {
        world.get("/api/v1/accounts/onfon/balance").await;
    }
    assert_eq!(world.provider.calls.load(Ordering::SeqCst), 1);
    let cleared = world.ask("DELETE", "/api/v1/accounts/onfon/balance/cache", &[], "").await;
    assert_eq!((cleared.status, &cleared.json()["state"], &cleared.json()["balance"]), (200, &Value::from("stale"), &Value::from("11378.50")));
    world.until("/api/v1/accounts/onfon/balance", |balance| balance["state"] == "fresh").await;
    assert_eq!(world.provider.calls.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_new_form_waits_for_a_person() {
    let world = world().await;
    world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    let nothing = world.post("/api/v1/accounts/onfon/balance/accept-form", "").await;
    assert_eq!((nothing.status, nothing.code().as_str()), (409, "nothing_to_confirm"));
    world.provider.writes_with_currency();
    let changed = world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    assert_eq!((changed.status, changed.code().as_str(), &changed.json()["last"]["balance"]), (502, "balance_form_changed", &Value::from("11378.50")));
    world.provider.writes_with_currency();
    let accepted = world.post("/api/v1/accounts/onfon/balance/accept-form", "").await;
    assert_eq!((accepted.status, &accepted.json()["balance"]), (200, &Value::from("10000.00")), "{}", accepted.text);
}

#[tokio::test]
async fn what_was_asked_and_what_happened_is_told_without_raw_answers() {
    let world = world().await;
    world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    world.provider.fails("unreachable", false);
    world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    world.provider.figure(2_137_850);
    world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    let questions = world.get("/api/v1/accounts/onfon/questions").await;
    snapshot!("questions", questions.shown());
    assert!(!questions.text.contains("raw") && !questions.text.contains("made-up figure"));
    assert_eq!(world.get("/api/v1/accounts/onfon/questions?limit=1").await.json()["questions"].as_array().unwrap().len(), 1);
    snapshot!("activity", world.get("/api/v1/activity").await.shown());
    assert_eq!(world.get("/api/v1/activity?account=onfon-marketing").await.text, r#"{"activity":[]}"#);
    assert_eq!(world.get("/api/v1/activity?account=nobody").await.code(), "unknown_account");
}

#[tokio::test]
async fn an_open_top_up_is_not_told_as_a_sure_amount() {
    let world = serving().await;
    world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    let sent = world.post("/api/v1/messages", r#"{"to":"0712345678","text":"Hello"}"#).await.json();
    world.until(&format!("/api/v1/messages/{}", sent["id"].as_str().unwrap()), |message| message["state"] == "sent").await;
    // Whether the charge of that message is in this figure nobody knows yet.
    world.provider.figure(2_137_850);
    world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    let history = world.get("/api/v1/accounts/onfon/balance/history").await.json();
    assert_eq!(history["top_ups"][0]["settled"], false, "{history}");
    let activity = world.get("/api/v1/activity").await.json();
    let seen = activity["activity"].as_array().unwrap().iter().find(|row| row["kind"] == "top_up").unwrap();
    assert_eq!((&seen["text"], &seen["amount"]), (&Value::from("Top-up seen, at least"), &history["top_ups"][0]["amount_low"]));
}

#[tokio::test]
async fn the_past_is_the_last_day_unless_asked_otherwise() {
    let world = world().await;
    world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    world.provider.figure(2_137_850);
    world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    let day = world.get("/api/v1/accounts/onfon/balance/history").await;
    snapshot!("history", day.shown());
    let json = day.json();
    let at = |name: &str| json[name].as_str().unwrap().parse::<salio_domain::Timestamp>().unwrap();
    assert_eq!(at("to").since(at("from")), std::time::Duration::from_hours(24));
    let hour = world.get("/api/v1/accounts/onfon/balance/history?from=-1h&step=1m").await.json();
    assert_eq!(hour["step_ms"], 60_000);
    for query in ["from=yesterday", "step=1s", "from=-1h&to=-2h", "colour=red", "from=-100000d"] {
        let refused = world.get(&format!("/api/v1/accounts/onfon/balance/history?{query}")).await;
        assert_eq!((refused.status, refused.code().as_str()), (400, "invalid_parameter"), "{query}");
    }
}
