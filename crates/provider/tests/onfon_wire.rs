//! What the Onfon driver puts on the wire, byte by byte, and what it makes of whole HTTP answers.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use salio_domain::outbox::{RecipientOutcome, RefusalClass};
use salio_provider::onfon::{AccessKeyIn, ConfigError, Onfon, OnfonConfig};
use salio_provider::{Provider, Secret, SubmitRequest};
use std::time::Duration;
use support::Reaction::Answer;
use support::{ACCESS_KEY, API_KEY, CLIENT_ID, PATIENT, Vendor, config, doubt, http, nowhere, onfon, request, submit};

const ACCEPTED: &str = r#"{"ErrorCode":0,"ErrorDescription":"null","Data":[
    {"MessageErrorCode":0,"MessageErrorDescription":"Success","MobileNumber":"254712345678","MessageId":"m-1","Custom":""},
    {"MessageErrorCode":401,"MessageErrorDescription":"filter mismatch (source_address filter mismatch)","MobileNumber":"254112345679","MessageId":"","Custom":""},
    {"MessageErrorCode":"000","MessageErrorDescription":"null","MobileNumber":"0700000001","MessageId":42}]}"#;

fn head_and_body(request: &str) -> (Vec<String>, serde_json::Value) {
    let (head, body) = request.split_once("\r\n\r\n").expect("a whole request");
    let body = if body.is_empty() { serde_json::Value::Null } else { serde_json::from_str(body).expect("JSON") };
    (head.lines().map(str::to_ascii_lowercase).collect(), body)
}

fn header<'a>(head: &'a [String], name: &str) -> Option<&'a str> {
    head.iter().find_map(|line| line.strip_prefix(&format!("{name}: ")))
}

async fn submitted(access_key_in: AccessKeyIn, access_key: Option<&str>, request: &SubmitRequest) -> (Vec<String>, serde_json::Value) {
    let vendor = Vendor::always(Answer(http(200, ACCEPTED))).await;
    let config = OnfonConfig { access_key_in, access_key: access_key.map(Secret::from), ..config(&vendor.url(), PATIENT) };
    submit(&Onfon::new(config).expect("a driver"), request).await;
    head_and_body(&vendor.requests()[0])
}

async fn asked(access_key_in: AccessKeyIn, access_key: Option<&str>) -> (Vec<String>, serde_json::Value) {
    let vendor = Vendor::always(Answer(http(200, "{}"))).await;
    let config = OnfonConfig { access_key_in, access_key: access_key.map(Secret::from), ..config(&vendor.url(), PATIENT) };
    let _ = Onfon::new(config).expect("a driver").fetch_balance().await;
    head_and_body(&vendor.requests()[0])
}

#[tokio::test]
async fn the_submission_has_the_vendors_fields() {
    let request = SubmitRequest { unicode: true, ..request() };
    let (head, body) = submitted(AccessKeyIn::Header, Some(ACCESS_KEY), &request).await;
    assert_eq!(head[0], "post /v1/sms/sendbulksms http/1.1");
    assert_eq!(header(&head, "accept"), Some("application/json"));
    assert_eq!(header(&head, "content-type"), Some("application/json"));
    assert_eq!(header(&head, "accesskey"), Some(ACCESS_KEY));
    assert!(header(&head, "user-agent").is_some_and(|agent| agent.starts_with("salio/")), "{head:?}");
    let expected = serde_json::json!({
        "SenderId": "MADE_UP",
        "MessageParameters": [
            {"Number": "254712345678", "Text": "Made-up text 0: \"habari\"\n"},
            {"Number": "254112345679", "Text": "Made-up text 1: \"habari\"\n"},
            {"Number": "254700000001", "Text": "Made-up text 2: \"habari\"\n"},
        ],
        "ApiKey": API_KEY,
        "ClientId": CLIENT_ID,
        "IsUnicode": true,
        "IsFlash": false,
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn the_access_key_goes_where_the_setting_says() {
    for (access_key_in, in_header, in_body) in [(AccessKeyIn::Header, true, false), (AccessKeyIn::Body, false, true), (AccessKeyIn::Both, true, true)] {
        let (head, body) = submitted(access_key_in, Some(ACCESS_KEY), &request()).await;
        assert_eq!(header(&head, "accesskey"), in_header.then_some(ACCESS_KEY), "{access_key_in:?}");
        assert_eq!(body.get("AccessKey").and_then(|key| key.as_str()), in_body.then_some(ACCESS_KEY), "{access_key_in:?}");
        let (head, _) = asked(access_key_in, Some(ACCESS_KEY)).await;
        assert_eq!(header(&head, "accesskey"), Some(ACCESS_KEY), "Balance has no body: {access_key_in:?}");
        let (head, body) = submitted(access_key_in, None, &request()).await;
        assert!(header(&head, "accesskey").is_none() && body.get("AccessKey").is_none(), "{access_key_in:?}");
    }
}

#[tokio::test]
async fn the_question_carries_its_keys_percent_encoded() {
    let vendor = Vendor::always(Answer(http(200, "{}"))).await;
    let url = format!("{}/Gate/v1/sms/SendBulkSMS/", vendor.url());
    let _ = onfon(&url, PATIENT).fetch_balance().await;
    let requests = vendor.requests();
    let line = requests[0].lines().next();
    assert_eq!(line, Some("GET /Gate/v1/sms/Balance?ApiKey=made-up%2Bapi%2Fkey-1%3D%3D&ClientId=made-up-client-2 HTTP/1.1"));
    assert!(requests[0].to_ascii_lowercase().contains("\r\naccept: application/json\r\n"), "{requests:?}");
}

#[tokio::test]
async fn a_mixed_answer_is_told_apart_by_recipient() {
    let vendor = Vendor::always(Answer(http(200, ACCEPTED))).await;
    let outcome = submit(&onfon(&vendor.url(), PATIENT), &request()).await;
    let sent = |id: &str| RecipientOutcome::Submitted { provider_message_id: id.to_owned() };
    assert_eq!((&outcome.recipients[0], &outcome.recipients[2]), (&sent("m-1"), &sent("42")));
    let RecipientOutcome::Rejected(refusal) = &outcome.recipients[1] else { panic!("{outcome:?}") };
    assert_eq!((refusal.code.as_str(), refusal.provider_code.as_str(), refusal.class), ("sender_refused", "401", RefusalClass::Permanent));
    assert_eq!(refusal.text, "filter mismatch (source_address filter mismatch)");
    assert!(outcome.raw.is_some_and(|raw| raw.contains("m-1")));
}

#[tokio::test]
async fn a_long_text_is_shortened_after_it_was_cleaned() {
    let body = format!(r#"{{"ErrorCode":12,"ErrorDescription":"{}{API_KEY}{}"}}"#, "x".repeat(190), "y".repeat(5000));
    let vendor = Vendor::always(Answer(http(200, &body))).await;
    let outcome = submit(&onfon(&vendor.url(), PATIENT), &request()).await;
    let RecipientOutcome::Rejected(refusal) = &outcome.recipients[0] else { panic!("{outcome:?}") };
    assert_eq!(refusal.text.chars().count(), 200);
    assert!(!refusal.text.contains("made-up") && refusal.text.contains("[hidden]"), "{}", refusal.text);
    let raw = outcome.raw.expect("kept");
    assert!(raw.len() <= 2048 && !raw.contains("made-up"), "{raw}");
}

#[tokio::test]
async fn a_balance_keeps_its_text_and_its_form() {
    let vendor = Vendor::always(Answer(http(200, "\u{feff}{\"ErrorCode\":\"000\",\"Data\":[{\"PluginType\":\"sms\",\"Credits\":\"KSh12,345.00\"}]}"))).await;
    let answer = onfon(&vendor.url(), PATIENT).fetch_balance().await.expect("a figure");
    assert_eq!((answer.units.micros(), answer.form.as_str(), answer.raw.as_str()), (12_345_000_000, "currency", "KSh12,345.00"));
}

#[tokio::test]
async fn http_401_stops_only_under_the_vendors_own_envelope() {
    for (body, code, credentials) in
        [(r#"{"ErrorCode":99,"ErrorDescription":"no"}"#, "credentials_refused", true), ("<html>proxy login</html>", "http_status", false), ("", "http_status", false)]
    {
        let vendor = Vendor::always(Answer(http(401, body))).await;
        let error = onfon(&vendor.url(), PATIENT).fetch_balance().await.expect_err("no figure");
        assert_eq!((error.code, error.credentials), (code, credentials), "{body}");
    }
    let vendor = Vendor::always(Answer(http(401, r#"{"ErrorCode":"010"}"#))).await;
    let outcome = submit(&onfon(&vendor.url(), PATIENT), &request()).await;
    let RecipientOutcome::Rejected(refusal) = &outcome.recipients[0] else { panic!("{outcome:?}") };
    assert_eq!((refusal.class, refusal.stops_account), (RefusalClass::AfterFix, true));
}

#[tokio::test]
async fn an_answer_before_the_question_is_read_counts_as_an_answer() {
    // A server that refuses by its head alone, without a body: nothing proves that the messages were not taken.
    let vendor = Vendor::always(Answer(b"HTTP/1.0 404 Not Found\r\n\r\n".to_vec())).await;
    assert_eq!(doubt(&submit(&onfon(&vendor.url(), PATIENT), &request()).await), "http_status");
    let vendor = Vendor::always(Answer(b"this is no HTTP at all\r\n\r\n".to_vec())).await;
    assert_eq!(doubt(&submit(&onfon(&vendor.url(), PATIENT), &request()).await), "connection_reset");
}

#[tokio::test]
async fn a_connection_that_never_comes_about_is_not_in_doubt() {
    // A listener whose queue is full lets further connections hang without an answer.
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a port");
    let listener = socket.listen(1).expect("a listener");
    let addr = listener.local_addr().expect("an address");
    let mut holding = Vec::new();
    while let Ok(Ok(stream)) = tokio::time::timeout(Duration::from_millis(300), tokio::net::TcpStream::connect(addr)).await {
        holding.push(stream);
        assert!(holding.len() < 64, "the queue never fills");
    }
    let driver = onfon(&format!("http://{addr}"), Duration::from_secs(1));
    let outcome = submit(&driver, &request()).await;
    assert_eq!(outcome.recipients[0], RecipientOutcome::NotSent { reason: "connect_failed".to_owned() });
    let error = driver.fetch_balance().await.expect_err("no figure");
    assert_eq!((error.code, error.timed_out), ("unreachable", true));
}

#[tokio::test]
async fn settings_are_checked_without_being_shown() {
    let good = config(&nowhere().await, PATIENT);
    type Change = fn(&mut OnfonConfig);
    let changes: [(Change, &str); 7] = [
        (|c| c.api_key = Secret::from("  "), "api_key"),
        (|c| c.client_id = Secret::default(), "client_id"),
        (|c| c.access_key = Some(Secret::from("")), "access_key"),
        (|c| c.access_key = Some(Secret::from("made-up\nkey")), "access_key"),
        (|c| c.api_url = "https://made-up-key@host".to_owned(), "api_url"),
        (|c| c.balance_timeout = Duration::ZERO, "balance.timeout"),
        (|c| c.submit_timeout = Duration::ZERO, "timeout"),
    ];
    for (change, key) in changes {
        let mut config = good.clone();
        change(&mut config);
        let error: ConfigError = Onfon::new(config).map(|_| ()).expect_err(key);
        assert_eq!(error.key(), Some(key));
        assert!(!format!("{error} {error:?}").contains("made-up"), "{error:?}");
    }
    assert!(Onfon::new(good.clone()).is_ok());
    assert!(!format!("{good:?}").contains("made-up"), "{good:?}");
    assert_eq!(onfon("https://api.onfonmedia.co.ke", PATIENT).name(), "onfon");
}
