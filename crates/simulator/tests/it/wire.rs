//! Each fault as it arrives on a socket.

use std::io::ErrorKind;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;

use crate::client::{DEADLINE, balance, next, open, request, send, start, until};
use crate::run::{LOGIN, body};

const ROWS: [(&str, &str); 2] = [("254712345678", "Karibu"), ("254712345679", "Karibu")];

#[tokio::test]
async fn the_usual_answers_over_http() {
    let sim = start("{}").await;
    let sent = send(&sim, &ROWS).await;
    assert_eq!((sent.status(), sent.json()["Data"][1]["MessageErrorCode"].as_i64()), (200, Some(0)));
    assert_eq!(sent.header("content-type").as_deref(), Some("application/json; charset=utf-8"));
    let asked = balance(&sim).await;
    assert_eq!(asked.json()["Data"][0]["Credits"].to_string(), "11376.67");
    assert_eq!(request(&sim, "GET", "/v1/sms/SendBulkSMS", "", "").await.status(), 405);
    assert_eq!(request(&sim, "GET", "/v1/nothing", "", "").await.status(), 404);
    sim.shutdown().await;
}

#[tokio::test]
async fn escaped_keys_and_access_keys_arrive() {
    let sim = start(r#"{"credentials":{"api_key":"made-up+/=","client_id":"made-up-client","access_key":"made-up-access","access_key_required":"header"}}"#).await;
    let path = |key: &str| format!("/v1/sms/Balance?ApiKey={key}&ClientId=made-up-client");
    let code = |got: crate::client::Got| got.json()["ErrorCode"].as_i64();
    let header = "aCCESSkEY: made-up-access\r\n";
    assert_eq!(code(request(&sim, "GET", &path("made-up%2B%2F%3D"), header, "").await), Some(0));
    assert_eq!(code(request(&sim, "GET", &path("made-up+/="), header, "").await), Some(7), "an unescaped plus is a space");
    assert_eq!(code(request(&sim, "GET", &path("made-up%2B%2F%3D"), "", "").await), Some(10));
    sim.shutdown().await;
}

#[tokio::test]
async fn resets_are_resets_before_or_after_the_effect() {
    let sim = start("{}").await;
    for (kind, accepted) in [("reset_before_effect", 0), ("reset_after_effect", 2)] {
        next(&sim, &format!(r#"{{"kind":"{kind}"}}"#)).await;
        let got = send(&sim, &ROWS).await;
        assert_eq!((got.error, got.bytes.len()), (Some(ErrorKind::ConnectionReset), 0), "{kind}");
        assert_eq!(sim.with(|model, _| model.accepted().len()), accepted, "{kind}");
    }
    assert_eq!(balance(&sim).await.status(), 200, "the simulator goes on");
    sim.shutdown().await;
}

#[tokio::test]
async fn a_stall_never_answers_and_ends_with_the_simulator() {
    let sim = start("{}").await;
    next(&sim, r#"{"kind":"stall","effect":"now"}"#).await;
    let mut stream = open(&sim, "POST", "/v1/sms/SendBulkSMS", "", &body(&ROWS)).await;
    until("the submission counts", || sim.with(|model, _| model.accepted().len()) == 2).await;
    let mut byte = [0_u8; 1];
    let silence = tokio::time::timeout(Duration::from_millis(100), stream.read(&mut byte)).await;
    assert!(silence.is_err(), "something came: {silence:?}");
    sim.shutdown().await;
    let end = tokio::time::timeout(DEADLINE, stream.read(&mut byte)).await.unwrap();
    assert!(matches!(&end, Ok(0)) || end.is_err(), "{end:?}");
}

#[tokio::test]
async fn statuses_pages_and_redirects() {
    let sim = start("{}").await;
    for (fault, status, begins) in [
        (r#"{"kind":"http_status","code":503}"#, 503, "<!DOCTYPE html>"),
        (r#"{"kind":"http_status","code":429,"body":"text","retry_after_s":7}"#, 429, "error code: 429"),
        (r#"{"kind":"http_status","code":502,"body":"empty"}"#, 502, ""),
        (r#"{"kind":"http_status","code":401,"body":"envelope"}"#, 401, "{\"ErrorCode\":7"),
        (r#"{"kind":"html200"}"#, 200, "<!DOCTYPE html>"),
        (r#"{"kind":"empty200"}"#, 200, ""),
        (r#"{"kind":"redirect"}"#, 302, ""),
        (r#"{"kind":"refuse","code":21}"#, 200, "{\"ErrorCode\":21"),
        (r#"{"kind":"refuse","code":7,"http":401}"#, 401, "{\"ErrorCode\":7"),
        (r#"{"kind":"xml"}"#, 200, "<?xml"),
        (r#"{"kind":"bom"}"#, 200, "\u{feff} \r\n\t {\"ErrorCode\":0"),
    ] {
        next(&sim, fault).await;
        let got = balance(&sim).await;
        let text = String::from_utf8_lossy(got.body()).into_owned();
        assert_eq!((got.status(), text.starts_with(begins), text.is_empty()), (status, true, begins.is_empty()), "{fault}: {text}");
        assert_eq!(got.header("content-length"), Some(text.len().to_string()), "{fault}");
        assert_eq!(got.header("retry-after").is_some(), status == 429, "{fault}");
        assert_eq!(got.header("location").as_deref(), (status == 302).then_some("/v1/redirected"), "{fault}");
    }
    assert_eq!(sim.with(|model, _| model.redirects_followed()), 0);
    request(&sim, "GET", "/v1/redirected", "", "").await;
    assert_eq!(sim.with(|model, _| model.redirects_followed()), 1);
    sim.shutdown().await;
}

#[tokio::test]
async fn cut_bodies_are_whole_responses_or_broken_ones() {
    let sim = start("{}").await;
    let whole = balance(&sim).await.body().to_vec();
    next(&sim, r#"{"kind":"truncated"}"#).await;
    let complete = balance(&sim).await;
    assert_eq!((complete.header("content-length"), complete.body()), (Some((whole.len() / 2).to_string()), &whole[..whole.len() / 2]));
    for keep in [0, 500, 999] {
        next(&sim, &format!(r#"{{"kind":"truncated","keep_per_mille":{keep},"cut_connection":true}}"#)).await;
        let broken = balance(&sim).await;
        assert_eq!(broken.header("content-length"), Some(whole.len().to_string()), "{keep}");
        assert_eq!(broken.body(), &whole[..whole.len() * keep / 1000], "{keep}");
    }
    sim.shutdown().await;
}

#[tokio::test]
async fn wrong_types_and_large_bodies() {
    let sim = start("{}").await;
    next(&sim, r#"{"kind":"wrong_content_type"}"#).await;
    let got = balance(&sim).await;
    assert_eq!((got.header("content-type").as_deref(), got.json()["ErrorCode"].as_i64()), (Some("text/html"), Some(0)));
    next(&sim, r#"{"kind":"oversize","bytes":3000000}"#).await;
    assert!(balance(&sim).await.body().len() >= 3_000_000);
    sim.shutdown().await;
}

#[tokio::test]
async fn rows_are_spoiled_on_the_wire_too() {
    let sim = start("{}").await;
    for (fault, rows) in [
        (r#"{"kind":"missing_rows"}"#, 1),
        (r#"{"kind":"extra_rows","count":3}"#, 5),
        (r#"{"kind":"duplicated_rows"}"#, 3),
        (r#"{"kind":"reordered_rows"}"#, 2),
        (r#"{"kind":"duplicate_ids"}"#, 2),
        (r#"{"kind":"no_message_id"}"#, 2),
        (r#"{"kind":"partial_refusals","per_mille":1000}"#, 2),
    ] {
        next(&sim, fault).await;
        let got = send(&sim, &ROWS).await.json();
        assert_eq!(got["Data"].as_array().unwrap().len(), rows, "{fault}");
    }
    assert_eq!(sim.with(|model, _| (model.accepted().len(), model.repeated())), (12, 2), "all but the refused");
    sim.shutdown().await;
}

#[tokio::test]
async fn latency_is_waited_for_and_the_work_outlives_the_caller() {
    let sim = start("{}").await;
    next(&sim, r#"{"kind":"latency","ms":60}"#).await;
    let before = sim.with(|_, now| now);
    balance(&sim).await;
    assert!(sim.with(|_, now| now) - before >= 60_000);
    next(&sim, r#"{"kind":"latency","before_ms":150}"#).await;
    let before = sim.with(|_, now| now);
    let stream = open(&sim, "POST", "/v1/sms/SendBulkSMS", "", &body(&ROWS)).await;
    until("the call has begun", || sim.with(|model, _| model.calls(salio_simulator::core::Service::SendBulkSMS).total) == 1).await;
    drop(stream);
    until("the submission counts although nobody waits", || sim.with(|model, _| model.accepted().len()) == 2).await;
    assert!(sim.with(|model, _| model.accepted()[0].at) - before >= 150_000);
    sim.shutdown().await;
}

#[tokio::test]
async fn late_charges_are_taken_without_any_call() {
    let sim = start(r#"{"credit":"10","charging":{"charge_delay_ms":30,"two_step":{"first_per_mille":500,"delay_ms":30}}}"#).await;
    send(&sim, &ROWS).await;
    let path = format!("/v1/sms/Balance?{LOGIN}");
    assert_eq!(request(&sim, "GET", &path, "", "").await.status(), 200);
    until("both parts are taken", || sim.with(|model, _| model.books().pending.0) == 0).await;
    assert_eq!(sim.with(|model, _| model.books().credit.0), 8_000_000);
    sim.shutdown().await;
}

#[tokio::test]
async fn a_port_that_is_taken_says_so() {
    let sim = start("{}").await;
    let error = salio_simulator::Simulator::bind(sim.addr(), salio_simulator::SimConfig::default()).await.unwrap_err();
    assert!(error.to_string().contains(&sim.addr().to_string()) && error.to_string().contains("--listen"), "{error}");
    sim.shutdown().await;
}
