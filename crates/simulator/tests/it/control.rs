//! The control API: it shows the truth, changes what happens next, and says clearly what it cannot do.

use crate::client::{balance, control, request, send, start};

#[tokio::test]
async fn state_accepted_and_duplicates_show_the_truth() {
    let sim = start(r#"{"credit":"100","charging":{"charge_delay_ms":3600000}}"#).await;
    send(&sim, &[("254712345678", "Karibu"), ("254712345679", "Asante")]).await;
    send(&sim, &[("254712345678", "Karibu")]).await;
    balance(&sim).await;
    let state = control(&sim, "GET", "/sim/state", "").await;
    assert_eq!((&state["credit"], &state["holds_after_pending"]), (&"100.00".into(), &"97.00".into()));
    assert_eq!((&state["accepted"], &state["repeated"], &state["balanced"]), (&3.into(), &1.into(), &true.into()));
    assert_eq!((&state["calls"]["SendBulkSMS"]["total"], &state["calls"]["Balance"]["busiest_hour"]), (&2.into(), &1.into()));
    let accepted = control(&sim, "GET", "/sim/accepted?number=254712345678&limit=1", "").await;
    assert_eq!((&accepted["total"], accepted["items"].as_array().unwrap().len()), (&2.into(), 1));
    assert_eq!((&accepted["items"][0]["text"], &accepted["items"][0]["charge"]), (&"Karibu".into(), &"1.00".into()));
    let later = control(&sim, "GET", "/sim/accepted?from=2", "").await;
    assert_eq!((later["items"].as_array().unwrap().len(), &later["items"][0]["call_no"]), (1, &2.into()));
    let twice = control(&sim, "GET", "/sim/duplicates", "").await;
    assert_eq!((&twice["total"], &twice["items"][0]["times"], &twice["items"][0]["number"]), (&1.into(), &2.into(), &"254712345678".into()));
    sim.shutdown().await;
}

#[tokio::test]
async fn money_can_be_moved_by_hand() {
    let sim = start(r#"{"credit":"10"}"#).await;
    assert_eq!(control(&sim, "POST", "/sim/top-up", r#"{"units":"500"}"#).await["credit"], "510.00");
    assert_eq!(control(&sim, "POST", "/sim/spend", r#"{"units":"0.5"}"#).await["credit"], "509.50");
    assert_eq!(control(&sim, "POST", "/sim/credit", r#"{"units":"12.345678"}"#).await["credit"], "12.345678");
    assert_eq!(balance(&sim).await.json()["Data"][0]["Credits"].to_string(), "12.345678");
    assert_eq!(control(&sim, "GET", "/sim/state", "").await["balanced"], true);
    sim.shutdown().await;
}

#[tokio::test]
async fn settings_are_replaced_shown_and_ended() {
    let sim = start("{}").await;
    control(&sim, "PUT", "/sim/faults", r#"{"chances":[{"service":"Balance","per_mille":1000,"fault":{"kind":"http_status","code":500}}]}"#).await;
    assert_eq!(balance(&sim).await.status(), 500);
    assert_eq!(control(&sim, "GET", "/sim/faults", "").await["chances"][0]["fault"]["code"], 500);
    control(&sim, "PUT", "/sim/faults", "{}").await;
    control(&sim, "PUT", "/sim/variants", r#"{"credits":"ksh4","casing":"camel"}"#).await;
    assert_eq!(balance(&sim).await.json()["data"][0]["credits"], "KSh11378.6700");
    assert_eq!(control(&sim, "GET", "/sim/variants", "").await["credits"], "ksh4");
    control(&sim, "PUT", "/sim/charging", r#"{"charge_delay_ms":5}"#).await;
    assert_eq!(control(&sim, "GET", "/sim/charging", "").await["charge_delay_ms"], 5);
    control(&sim, "PUT", "/sim/dlr", r#"{"shape":"s3"}"#).await;
    assert_eq!(control(&sim, "GET", "/sim/dlr", "").await["shape"], "s3");
    control(&sim, "PUT", "/sim/credentials", r#"{"api_key":"made-up-new","client_id":"made-up-client"}"#).await;
    assert_eq!(balance(&sim).await.json()["errorCode"], 7);
    sim.shutdown().await;
}

#[tokio::test]
async fn next_counts_down_for_its_service() {
    let sim = start("{}").await;
    control(&sim, "POST", "/sim/next", r#"{"service":"Balance","fault":{"kind":"refuse","code":6},"count":2}"#).await;
    assert_eq!(send(&sim, &[("254712345678", "a")]).await.json()["ErrorCode"], 0);
    let mut codes = Vec::new();
    for _ in 0..3 {
        codes.push(balance(&sim).await.json()["ErrorCode"].as_i64().unwrap());
    }
    assert_eq!(codes, [6, 6, 0]);
    assert_eq!(control(&sim, "GET", "/sim/state", "").await["calls"]["Balance"]["faults"], 2);
    sim.shutdown().await;
}

#[tokio::test]
async fn reset_begins_again() {
    let sim = start(r#"{"credit":"10"}"#).await;
    let first = send(&sim, &[("254712345678", "a")]).await.json();
    control(&sim, "PUT", "/sim/variants", r#"{"casing":"lower"}"#).await;
    assert_eq!(control(&sim, "POST", "/sim/reset", "").await["credit"], "10.00");
    assert_eq!(send(&sim, &[("254712345678", "a")]).await.json(), first, "the same seed, the same ids");
    control(&sim, "POST", "/sim/reset", r#"{"seed":9,"credit":"3"}"#).await;
    assert_ne!(send(&sim, &[("254712345678", "a")]).await.json(), first);
    let state = control(&sim, "GET", "/sim/state", "").await;
    assert_eq!((&state["credit"], &state["seed"], &state["accepted"]), (&"2.00".into(), &9.into(), &1.into()));
    sim.shutdown().await;
}

#[tokio::test]
async fn bad_input_says_what_to_do() {
    let sim = start("{}").await;
    for (method, path, body, names) in [
        ("POST", "/sim/top-up", r#"{"unit":"5"}"#, "unknown field `unit`"),
        ("POST", "/sim/top-up", r#"{"units":"five"}"#, "is no amount"),
        ("POST", "/sim/top-up", r#"{"units":5}"#, "expected a string"),
        ("POST", "/sim/top-up", r#"{"units":"-5"}"#, "adds nothing"),
        ("POST", "/sim/top-up", "", "the body is empty"),
        ("POST", "/sim/next", r#"{"fault":{"kind":"explode"}}"#, "unknown variant `explode`"),
        ("POST", "/sim/next", r#"{"fault":{"kind":"http_status","code":42}}"#, "choose one from 200 to 599"),
        ("PUT", "/sim/faults", r#"{"chance":[]}"#, "unknown field `chance`, expected one of"),
        ("PUT", "/sim/variants", r#"{"credits":"dollars"}"#, "unknown variant `dollars`"),
        ("PUT", "/sim/charging", r#"{"other_spender":{"units":"1","every_ms":0}}"#, "would never end"),
        ("PUT", "/sim/dlr", r#"{"url":"https://elsewhere"}"#, "must begin with http://"),
        ("PUT", "/sim/inbound", r#"{"url":"https://elsewhere"}"#, "must begin with http://"),
        ("PUT", "/sim/inbound", r#"{"shape":"s9"}"#, "unknown variant `s9`"),
        ("POST", "/sim/inbound", r#"{"from":"254712345678"}"#, "missing field `to`"),
        ("POST", "/sim/inbound", r#"{"from":"a","to":"b","text":"c"}"#, "go nowhere"),
        ("PUT", "/sim/credentials", r#"{"key":"x"}"#, "unknown field `key`"),
        ("POST", "/sim/reset", r#"{"sed":1}"#, "unknown field `sed`"),
        ("GET", "/sim/accepted?nummer=1", "", "unknown field `nummer`"),
    ] {
        let got = request(&sim, method, path, "", body).await;
        let problem = got.json();
        assert_eq!(got.status(), 400, "{path} {body}");
        assert!(problem["error"].as_str().unwrap().contains(names), "{path} {body}: {problem}");
        assert!(!problem["do"].as_str().unwrap().is_empty(), "{path} {body}");
    }
    sim.shutdown().await;
}

#[tokio::test]
async fn the_list_of_routes_is_true() {
    let sim = start("{}").await;
    let listed = control(&sim, "GET", "/sim", "").await;
    for entry in listed["routes"].as_array().unwrap() {
        let route = entry["route"].as_str().unwrap();
        let (method, rest) = route.split_once(' ').unwrap();
        let path = rest.split([' ', '?']).next().unwrap();
        let status = request(&sim, method, path, "", "").await.status();
        assert!(status == 200 || (status == 400 && method != "GET"), "{route}: {status}");
    }
    sim.shutdown().await;
}
