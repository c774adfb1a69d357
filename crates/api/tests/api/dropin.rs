//! The endpoint for programs written for Onfon: lenient in what it takes, strict in what it answers.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::Request;
use futures::{StreamExt, stream};
use salio_engine::Mode;
use salio_engine::store::MessageFilter;
use salio_store::memory::MemoryStore;
use serde_json::{Value, json};

use crate::support::Answer;
use crate::traffic::{Plan, TOKEN, Traffic, over, traffic};

const SEND: &str = "/v1/sms/SendBulkSMS";
const JSON: (&str, &str) = ("content-type", "application/json");
const ALICE: &str = "254712345678";
const BOB: &str = "254722000000";

/// What a program was given.
pub struct Keys {
    pub id: String,
    pub api_key: String,
    pub client_id: String,
    pub access_key: String,
}

impl Keys {
    fn query(&self) -> String {
        format!("ApiKey={}&ClientId={}", self.api_key, self.client_id)
    }

    /// A whole call with these rows.
    fn body(&self, rows: Value) -> Value {
        json!({ "SenderId": "PROMO", "MessageParameters": rows, "ApiKey": self.api_key, "ClientId": self.client_id })
    }
}

impl Traffic {
    pub async fn keys(&self, more: Value) -> Keys {
        let mut body = json!({ "name": "shop", "scope": "drop-in" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let made = self.world.post("/api/v1/tokens", &body.to_string()).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let text = |name: &str| made.json()[name].as_str().unwrap().to_owned();
        Keys { id: text("id"), api_key: text("api_key"), client_id: text("client_id"), access_key: text("access_key") }
    }

    async fn send(&self, body: &Value) -> Value {
        envelope(&self.world.ask("POST", SEND, &[JSON], &body.to_string()).await)
    }

    async fn service(&self, name: &str, query: &str) -> Value {
        envelope(&self.world.get(&format!("/v1/sms/{name}?{query}")).await)
    }

    async fn rows(&self) -> Vec<salio_engine::store::MessageRow> {
        let mut rows = self.world.engine.store().messages(&MessageFilter { limit: 20_000, ..MessageFilter::default() }).await.unwrap();
        rows.reverse();
        rows
    }

    async fn status(&self, keys: &Keys, id: &Value) -> Value {
        self.service("MessageStatus", &format!("{}&MessageId={}", keys.query(), id.as_str().unwrap())).await
    }
}

/// Checks what every answer keeps to, and returns it.
fn checked(answer: &Answer) -> Value {
    assert_eq!(answer.header("content-type"), "application/json", "{}", answer.text);
    let envelope = answer.json();
    let members: Vec<&str> = envelope.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members.len(), 3, "{}", answer.text);
    let code = envelope["ErrorCode"].as_i64().expect("an integer");
    assert!(envelope["Data"].is_array(), "{}", answer.text);
    assert_eq!(code == 0, envelope["ErrorDescription"] == "Success", "{}", answer.text);
    assert!(code == 0 || envelope["Data"] == json!([]) && !envelope["ErrorDescription"].as_str().unwrap().is_empty(), "{}", answer.text);
    envelope
}

fn envelope(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text);
    checked(answer)
}

/// Rows of a send call as (number, code), with everything else about them checked.
fn told(envelope: &Value) -> Vec<(String, i64)> {
    assert_eq!(envelope["ErrorCode"], 0, "{envelope}");
    let row = |row: &Value| {
        let code = row["MessageErrorCode"].as_i64().expect("an integer");
        let id = row["MessageId"].as_str().expect("a text");
        assert_eq!((row.as_object().unwrap().len(), &row["Custom"]), (5, &json!("")), "{row}");
        assert_eq!((code == 0, code == 0), (row["MessageErrorDescription"] == "Success", id.len() == 36), "{row}");
        assert!(code == 0 || id.is_empty(), "{row}");
        (row["MobileNumber"].as_str().expect("a text").to_owned(), code)
    };
    envelope["Data"].as_array().unwrap().iter().map(row).collect()
}

fn ids(envelope: &Value) -> Vec<Value> {
    envelope["Data"].as_array().unwrap().iter().map(|row| row["MessageId"].clone()).collect()
}

fn own(rows: &[(&str, i64)]) -> Vec<(String, i64)> {
    rows.iter().map(|(number, code)| ((*number).to_owned(), *code)).collect()
}

#[tokio::test]
async fn a_call_is_answered_row_by_row_in_the_order_of_the_request() {
    let traffic = traffic(Plan::default()).await;
    let keys = traffic.keys(json!({})).await;
    let stopped = traffic.world.post("/api/v1/stop-list", &json!({ "numbers": ["254733000000"] }).to_string()).await;
    assert!(stopped.status < 300, "{}", stopped.text);
    let rows = json!([
        { "Number": ALICE, "Text": "Habari Alice" },
        { "Number": "07", "Text": "x" },
        { "Number": 254722000000_i64, "Text": "Habari Bob" },
        { "Number": "254733000000", "Text": "stopped" },
        { "Number": "0712 345-678", "Text": "" },
        { "Number": "+254700000001", "Text": "bell \u{7}" },
        { "Number": "254700000001", "Text": "x".repeat(4000) },
        { "Text": "nobody" },
        { "Number": "0700000001, +254700000002", "Text": "both\nof you" },
    ]);
    let answer = traffic.send(&keys.body(rows)).await;
    assert_eq!(
        told(&answer),
        own(&[
            (ALICE, 0),
            ("07", 13),
            (BOB, 0),
            ("254733000000", 13),
            ("0712 345-678", 4),
            ("+254700000001", 20),
            ("254700000001", 12),
            ("", 13),
            ("0700000001", 0),
            ("+254700000002", 0)
        ])
    );
    let kept = traffic.rows().await;
    let texts: Vec<(&str, &str)> = kept.iter().map(|row| (row.to.as_str(), row.text.as_str())).collect();
    assert_eq!(texts, [(ALICE, "Habari Alice"), (BOB, "Habari Bob"), ("254700000001", "both\nof you"), ("254700000002", "both\nof you")]);
    assert!(kept.iter().all(|row| row.sender == "PROMO" && row.batch == kept[0].batch && row.batch.is_some() && row.token.is_some_and(|id| id.to_string() == keys.id)));
    // A single row is a message of no batch.
    assert_eq!(told(&traffic.send(&keys.body(json!([{ "Number": ALICE, "Text": "one" }]))).await), own(&[(ALICE, 0)]));
    assert_eq!(traffic.rows().await.last().unwrap().batch, None);
}

#[tokio::test]
async fn a_service_is_found_however_its_address_is_written() {
    let traffic = traffic(Plan::default()).await;
    traffic.world.until("/api/v1/accounts/onfon/balance", |balance| balance["balance"].is_string()).await;
    let keys = traffic.keys(json!({})).await;
    for path in ["/v1/sms/Balance", "/V1/sms/Balance", "/V1/SMS/BALANCE/", "//v1/sms/Balance", "///v1/sms//balance"] {
        assert_eq!(envelope(&traffic.world.get(&format!("{path}?{}", keys.query())).await)["ErrorCode"], 0, "{path}");
    }
    let body = keys.body(json!([{ "Number": ALICE, "Text": "Habari" }])).to_string();
    for path in ["//v1/sms/SendBulkSMS", "/V1/SMS/sendbulksms"] {
        assert_eq!(told(&envelope(&traffic.world.ask("POST", path, &[JSON], &body).await)), own(&[(ALICE, 0)]), "{path}");
    }
    for path in ["/V1/sms", "//v1/sms/Group"] {
        let answer = traffic.world.get(path).await;
        assert_eq!((answer.status, checked(&answer)["ErrorCode"].as_i64()), (404, Some(25)), "{path}");
    }
}

#[tokio::test]
async fn a_wrong_host_is_told_in_the_envelope() {
    let traffic = traffic(Plan::default()).await;
    for path in ["/v1/sms/Balance", "/V1/SMS/SendBulkSMS", "/v1/sms"] {
        let answer = traffic.world.ask("GET", path, &[("host", "evil.example")], "").await;
        assert_eq!((answer.status, checked(&answer)["ErrorCode"].as_i64()), (403, Some(10)), "{path}");
        assert!(answer.text.contains("server.public_url"), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_text_given_as_a_number_is_sent_to_the_letter() {
    let traffic = traffic(Plan::default()).await;
    let keys = traffic.keys(json!({})).await;
    let row = r#"[{"Number":254712345678,"Text":0.10},{"Number":"254722000000","Text":12345678901234567890123}]"#;
    let body = format!("{{\"SenderId\":\"PROMO\",\"ApiKey\":\"{}\",\"ClientId\":\"{}\",\"MessageParameters\":{row}}}", keys.api_key, keys.client_id);
    assert_eq!(told(&envelope(&traffic.world.ask("POST", SEND, &[JSON], &body).await)), own(&[(ALICE, 0), (BOB, 0)]));
    let texts: Vec<String> = traffic.rows().await.into_iter().map(|row| row.text).collect();
    assert_eq!(texts, ["0.10", "12345678901234567890123"]);
}

#[tokio::test]
async fn every_form_of_request_that_has_been_seen_is_taken() {
    let traffic = traffic(Plan::default()).await;
    let keys = traffic.keys(json!({})).await;
    let base = || keys.body(json!([{ "Number": ALICE, "Text": "Habari" }]));
    let with = |name: &str, value: Value| {
        let mut body = base();
        body.as_object_mut().unwrap().insert(name.to_owned(), value);
        body
    };
    let mut bodies = vec![base()];
    for flag in [
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!("true"),
        json!("false"),
        json!("0"),
        json!("1"),
        json!(""),
        json!(null),
        json!("True"),
        json!(2.5),
        json!([]),
        json!({}),
    ] {
        bodies.push(with("IsUnicode", flag.clone()));
        bodies.push(with("IsFlash", flag));
    }
    for date in [json!(""), json!(" "), json!(null), json!(false), json!("2020-01-01 08:00"), json!("2020-01-01T05:00:00Z")] {
        bodies.push(with("ScheduleDateTime", date));
    }
    for access in [json!(""), json!(null), json!(keys.access_key), json!(keys.client_id), json!(keys.api_key)] {
        bodies.push(with("AccessKey", access));
    }
    bodies.push(with("Unknown", json!({ "deep": [1, 2, { "x": null }] })));
    bodies.push(with("Padding", json!("x".repeat(100_000))));
    bodies.push(json!({ "senderid": "PROMO", "messageparameters": { "NUMBER": ALICE, "text": "Habari" }, "apikey": keys.api_key, "clientID": keys.client_id }));
    bodies.push(json!({ "SENDERID": "PROMO", "MESSAGEPARAMETERS": [{ "number": 712345678, "TEXT": "Habari" }], "APIKEY": keys.api_key, "CLIENTID": keys.client_id }));
    for (count, body) in bodies.iter().enumerate() {
        let answer = traffic.send(body).await;
        let number = if body.get("SENDERID").is_some() { "712345678" } else { ALICE };
        assert_eq!(told(&answer), own(&[(number, 0)]), "{body}");
        assert_eq!(traffic.rows().await.len(), count + 1, "{body}");
    }
    let text = base().to_string();
    let in_query = json!({ "MessageParameters": [{ "Number": ALICE, "Text": "Habari" }] }).to_string();
    let own_query = format!("{SEND}?{}", keys.query());
    let lower = format!("{SEND}?apikey={}&CLIENTID={}&AccessKey={}", keys.api_key, keys.client_id, keys.access_key);
    for (path, headers, body) in [
        (SEND, [("content-type", "application/json; charset=utf-8")].as_slice(), text.clone()),
        (SEND, &[], text.clone()),
        (SEND, &[("content-type", "text/plain"), ("accept", "*/*")], text.clone()),
        (SEND, &[JSON], format!("\u{feff}{text}")),
        (SEND, &[JSON], format!(" \r\n{text}\n")),
        (SEND, &[JSON, ("AccessKey", &keys.access_key)], text.clone()),
        (SEND, &[JSON, ("accesskey", &keys.client_id)], text.clone()),
        (SEND, &[JSON, ("Accesskey", "")], text.clone()),
        ("/v1/sms/sendbulksms", &[JSON], text.clone()),
        ("/v1/sms/SendBulkSMS/", &[JSON], text.clone()),
        ("/v1/sms/SENDBULKSMS", &[JSON], text.clone()),
        (&own_query, &[JSON], in_query.clone()),
        (&lower, &[JSON], in_query),
    ] {
        assert_eq!(told(&envelope(&traffic.world.ask("POST", path, headers, &body).await)), own(&[(ALICE, 0)]), "{path} {headers:?}");
    }
    assert!(traffic.rows().await.iter().all(|row| row.encoding == salio_domain::segments::Encoding::Gsm7 && row.segments == 1), "IsUnicode costs nobody anything");
}

#[tokio::test]
async fn what_cannot_be_carried_out_has_its_code() {
    let traffic = traffic(Plan { tune: |account| account.sender_id = None, ..Plan::default() }).await;
    let keys = traffic.keys(json!({})).await;
    let good = json!([{ "Number": ALICE, "Text": "Habari" }]);
    let with = |name: &str, value: Value| {
        let mut body = keys.body(good.clone());
        body.as_object_mut().unwrap().insert(name.to_owned(), value);
        body
    };
    for (body, code) in [
        (with("ApiKey", json!("")), 2),
        (with("ApiKey", json!(null)), 2),
        (with("ClientId", json!("")), 1),
        (json!({}), 1),
        (with("ApiKey", json!("made-up-key")), 7),
        (with("ApiKey", json!(keys.api_key.to_lowercase())), 7),
        (with("ClientId", json!("made-up-client")), 7),
        (with("AccessKey", json!("made-up-access")), 10),
        (with("AccessKey", json!(keys.access_key.to_lowercase())), 10),
        (with("MessageParameters", json!([])), 5),
        (with("MessageParameters", json!(null)), 5),
        (with("MessageParameters", json!("x")), 5),
        (with("SenderId", json!("")), 3),
        (with("SenderId", json!(null)), 3),
        (with("SenderId", json!("twelve chars")), 15),
        (with("SenderId", json!("SALIÖ")), 15),
        (with("ScheduleDateTime", json!("2026-12-01")), 19),
        (with("ScheduleDateTime", json!("01/12/2026 08:00")), 19),
        (with("ScheduleDateTime", json!("2026-13-01 08:00")), 19),
        (with("ScheduleDateTime", json!(1_795_330_830)), 19),
        (with("ScheduleDateTime", json!("tomorrow")), 19),
        (with("MessageParameters", Value::Array(vec![good[0].clone(); 10_001])), 25),
        (with("MessageParameters", json!({ "Number": "254712345678,".repeat(20_000), "Text": "x".repeat(1000) })), 25),
    ] {
        let refused = traffic.send(&body).await;
        assert_eq!(refused["ErrorCode"], code, "{refused} {}", &body.to_string()[..body.to_string().len().min(300)]);
    }
    for body in ["", "{", "[]", "null", "ApiKey=1", "<xml/>"] {
        assert_eq!(envelope(&traffic.world.ask("POST", SEND, &[JSON], body).await)["ErrorCode"], 25, "{body}");
    }
    let wrong_header = traffic.world.ask("POST", SEND, &[JSON, ("AccessKey", "made-up")], &keys.body(good.clone()).to_string()).await;
    assert_eq!(envelope(&wrong_header)["ErrorCode"], 10);
    // A wrong row beside a missing sender hides neither.
    let mut body = keys.body(json!([{ "Number": "07", "Text": "x" }, { "Number": ALICE, "Text": "x" }]));
    body.as_object_mut().unwrap().remove("SenderId");
    assert_eq!(traffic.send(&body).await["ErrorCode"], 3);
    // All rows refused: accepted as a call, as Onfon does.
    assert_eq!(told(&traffic.send(&keys.body(json!([{ "Number": "07", "Text": "x" }, { "Number": ALICE }]))).await), own(&[("07", 13), (ALICE, 4)]));
    assert_eq!(traffic.rows().await, []);
}

#[tokio::test]
async fn schedules_are_in_the_servers_time_zone() {
    let traffic = traffic(Plan::default()).await;
    let keys = traffic.keys(json!({})).await;
    for (written, at) in [
        ("2026-12-01 08:30", Some("2026-12-01T05:30:00Z")),
        ("2026-12-01 08:30:15", Some("2026-12-01T05:30:15Z")),
        ("2026-12-01T08:30", Some("2026-12-01T05:30:00Z")),
        (" 2026-12-01T08:30:15 ", Some("2026-12-01T05:30:15Z")),
        ("2026-12-01T05:30:15Z", Some("2026-12-01T05:30:15Z")),
        ("2026-12-01T08:30:15+03:00", Some("2026-12-01T05:30:15Z")),
        ("2026-11-22 11:00", None),
    ] {
        let mut body = keys.body(json!([{ "Number": ALICE, "Text": "Later" }]));
        body.as_object_mut().unwrap().insert("ScheduleDateTime".to_owned(), json!(written));
        let answer = traffic.send(&body).await;
        assert_eq!(told(&answer), own(&[(ALICE, 0)]));
        let row = traffic.rows().await.pop().unwrap();
        assert_eq!(row.send_at.map(|at| at.to_string().parse::<jiff::Timestamp>().unwrap().to_string()), at.map(str::to_owned), "{written}");
    }
}

#[tokio::test]
async fn balances_are_written_as_the_key_wants_them_and_never_made_up() {
    for (figure, ksh, plain) in [
        ("11376.5", "KSh11376.5000", "11376.50"),
        ("11376.123456", "KSh11376.1234", "11376.123456"),
        ("0", "KSh0.0000", "0.00"),
        ("-12.5", "KSh-12.5000", "-12.50"),
        ("-0.00001", "KSh-0.0001", "-0.00001"),
        ("7578560.8", "KSh7578560.8000", "7578560.80"),
    ] {
        let traffic = traffic(Plan { mode: Mode::Command { dispatch: false }, ..Plan::default() }).await;
        traffic.desk.figure(Some(figure));
        for (format, written) in [("ksh", ksh), ("plain", plain)] {
            let keys = traffic.keys(json!({ "name": format, "credits_format": format })).await;
            for path in ["Balance", "balance", "Balance/", "BALANCE"] {
                let answer = traffic.service(path, &keys.query()).await;
                assert_eq!(answer["Data"], json!([{ "PluginType": "SMS", "Credits": written }]), "{path}");
            }
        }
        assert_eq!(traffic.desk.asked.load(std::sync::atomic::Ordering::SeqCst), 1, "asked once, then known");
    }
}

#[tokio::test]
async fn an_unknown_balance_is_no_figure_and_costs_no_call_that_is_kept_for_people() {
    let traffic = traffic(Plan { mode: Mode::Command { dispatch: false }, ..Plan::default() }).await;
    traffic.desk.figure(None);
    let keys = traffic.keys(json!({})).await;
    for _ in 0..50 {
        let refused = traffic.service("Balance", &keys.query()).await;
        assert_eq!((&refused["ErrorCode"], &refused["Data"]), (&json!(6), &json!([])), "{refused}");
    }
    let asked = traffic.desk.asked.load(std::sync::atomic::Ordering::SeqCst);
    assert!((1..5).contains(&asked), "backoff holds for programs: {asked}");
    // A person may still ask at once.
    traffic.desk.figure(Some("7"));
    assert_eq!(traffic.world.post("/api/v1/accounts/onfon/balance/refresh", "").await.status, 200);
    assert_eq!(traffic.service("Balance", &keys.query()).await["Data"][0]["Credits"], "KSh7.0000");
}

#[tokio::test]
async fn only_the_own_messages_of_a_key_are_shown() {
    let traffic = traffic(Plan::default()).await;
    let (keys, other) = (traffic.keys(json!({})).await, traffic.keys(json!({ "name": "other" })).await);
    let answer = traffic.send(&keys.body(json!([{ "Number": "0712345678", "Text": "Habari & karibu" }]))).await;
    let id = ids(&answer)[0].clone();
    let text = id.as_str().unwrap().to_owned();
    let own_id = traffic.rows().await[0].id.to_string();
    traffic.until_state(&own_id, "sent").await;
    for name in [text.clone(), text.to_uppercase(), format!(" {text} ").replace(' ', "%20"), own_id] {
        let shown = traffic.service("MessageStatus", &format!("{}&messageid={name}", keys.query())).await;
        let expected = json!({ "MobileNumber": ALICE, "SenderId": "PROMO", "Message": "Habari & karibu", "SubmitDate": "22-Nov-2026 11:01:00 AM", "DoneDate": "", "MessageId": text, "Status": "SUBMITTED" });
        assert_eq!(shown["Data"], json!([expected]), "{name}");
    }
    assert_eq!(traffic.status(&other, &id).await["ErrorCode"], 29);
    for (query, code) in [("", 25), ("&MessageId=", 25), ("&MessageId=x", 29), ("&MessageId=28b2e6a1-6f3b-4c0a-9d0e-3f1f6a1b2c3d", 29), ("&MessageId=msg_0000000000001", 29)] {
        assert_eq!(traffic.service("MessageStatus", &format!("{}{query}", keys.query())).await["ErrorCode"], code, "{query}");
    }
    // Messages of no key are nobody's.
    let free = traffic.message(ALICE, "free").await;
    assert_eq!(traffic.service("MessageStatus", &format!("{}&MessageId={free}", keys.query())).await["ErrorCode"], 29);
    let report = format!("/webhooks/onfon/dlr?token={TOKEN}&messageId=made-up-1&status=DELIVRD");
    assert_eq!(traffic.world.get(&report).await.text, "OK");
    let done = traffic.status(&keys, &id).await;
    assert_eq!((&done["Data"][0]["Status"], done["Data"][0]["DoneDate"].as_str().map(str::len)), (&json!("DELIVRD"), Some(23)), "{done}");
}

#[tokio::test]
async fn identical_rows_are_a_message_each_but_never_in_one_call_to_the_provider() {
    let traffic = traffic(Plan::default()).await;
    let keys = traffic.keys(json!({})).await;
    let row = json!({ "Number": ALICE, "Text": "Twice" });
    let answer = traffic.send(&keys.body(json!([row, row, { "Number": format!("{ALICE},0712345678"), "Text": "Twice" }]))).await;
    assert_eq!(told(&answer), own(&[(ALICE, 0), (ALICE, 0), (ALICE, 0), ("0712345678", 0)]));
    let mut distinct = ids(&answer);
    distinct.sort_by_key(Value::to_string);
    distinct.dedup();
    assert_eq!(distinct.len(), 4);
    for row in traffic.rows().await {
        traffic.until_state(&row.id.to_string(), "sent").await;
    }
    assert!(traffic.desk.calls.lock().iter().all(|call| call.recipients.len() == 1));
}

#[tokio::test]
async fn the_same_idempotency_key_gives_the_same_message_ids() {
    let store = MemoryStore::new();
    let traffic = over(Plan::default(), &store, Arc::default()).await;
    let (keys, other) = (traffic.keys(json!({})).await, traffic.keys(json!({ "name": "other" })).await);
    let body = keys.body(json!([{ "Number": ALICE, "Text": "a" }, { "Number": "07", "Text": "b" }, { "Number": BOB, "Text": "c" }])).to_string();
    let headers = [JSON, ("idempotency-key", "order-1")];
    let first = traffic.world.ask("POST", SEND, &headers, &body).await;
    assert_eq!(told(&envelope(&first)), own(&[(ALICE, 0), ("07", 13), (BOB, 0)]));
    let stopped = traffic.world.post("/api/v1/stop-list", &json!({ "numbers": [ALICE, BOB] }).to_string()).await;
    assert!(stopped.status < 300, "{}", stopped.text);
    assert_eq!(traffic.world.ask("POST", SEND, &headers, &body).await.text, first.text, "even when nobody could be sent to any more");
    let changed = traffic.world.ask("POST", SEND, &headers, &body.replace("\"a\"", "\"z\"")).await;
    assert_eq!(envelope(&changed)["ErrorCode"], 25);
    // Another program's keys are its own.
    let theirs = other.body(json!([{ "Number": "254700000001", "Text": "a" }])).to_string();
    assert_eq!(told(&envelope(&traffic.world.ask("POST", SEND, &headers, &theirs).await)), own(&[("254700000001", 0)]));
    let long = "k".repeat(256);
    for headers in [[JSON, ("idempotency-key", "")], [JSON, ("idempotency-key", long.as_str())]] {
        assert_eq!(envelope(&traffic.world.ask("POST", SEND, &headers, &body).await)["ErrorCode"], 25);
    }
    // Two at once are one.
    let (a, b) = {
        let body = keys.body(json!([{ "Number": "254700000002", "Text": "at once" }])).to_string();
        let headers = [JSON, ("idempotency-key", "order-2")];
        let (a, b) = tokio::join!(traffic.world.ask("POST", SEND, &headers, &body), traffic.world.ask("POST", SEND, &headers, &body));
        (a.text, b.text)
    };
    assert_eq!(a, b);
    assert_eq!(traffic.rows().await.len(), 4);
    // After a restart too.
    traffic.world.engine.stop().await;
    let again = over(Plan::default(), &store, Arc::default()).await;
    assert_eq!(again.world.ask("POST", SEND, &headers, &body).await.text, first.text);
}

#[tokio::test]
async fn what_the_balance_does_not_cover_is_21_for_many_and_waits_for_one() {
    let traffic = traffic(Plan::default()).await;
    traffic.desk.figure(Some("1.5"));
    let keys = traffic.keys(json!({})).await;
    traffic.world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    let two = keys.body(json!([{ "Number": ALICE, "Text": "a" }, { "Number": BOB, "Text": "b" }]));
    let refused = traffic.send(&two).await;
    assert_eq!(refused["ErrorCode"], 21, "{refused}");
    assert_eq!(traffic.rows().await, []);
    let long = keys.body(json!([{ "Number": ALICE, "Text": "x".repeat(200) }]));
    assert_eq!(told(&traffic.send(&long).await), own(&[(ALICE, 0)]));
    assert_eq!(traffic.rows().await.len(), 1);

    let partial = self::traffic(Plan { tune: |account| account.on_short = Some(salio_domain::admission::OnShort::Partial), ..Plan::default() }).await;
    partial.desk.figure(Some("1.5"));
    let keys = partial.keys(json!({})).await;
    partial.world.post("/api/v1/accounts/onfon/balance/refresh", "").await;
    let answer = partial.send(&keys.body(json!([{ "Number": ALICE, "Text": "a" }, { "Number": "07", "Text": "x" }, { "Number": BOB, "Text": "b" }]))).await;
    assert_eq!(told(&answer), own(&[(ALICE, 0), ("07", 13), (BOB, 21)]));
}

#[tokio::test]
async fn when_the_database_fails_nothing_is_accepted_and_the_code_is_6() {
    let traffic = traffic(Plan::default()).await;
    let keys = traffic.keys(json!({})).await;
    let body = keys.body(json!([{ "Number": ALICE, "Text": "a" }])).to_string();
    traffic.world.engine.store().close().await;
    for headers in [[JSON].as_slice(), &[JSON, ("idempotency-key", "k")]] {
        let failed = envelope(&traffic.world.ask("POST", SEND, headers, &body).await);
        assert_eq!((&failed["ErrorCode"], &failed["Data"]), (&json!(6), &json!([])), "{failed}");
    }
    assert_eq!(traffic.service("MessageStatus", &format!("{}&MessageId=msg_0000000000001", keys.query())).await["ErrorCode"], 6);
}

#[tokio::test]
async fn ten_thousand_rows_in_one_call() {
    let traffic = traffic(Plan { mode: Mode::Command { dispatch: false }, ..Plan::default() }).await;
    let keys = traffic.keys(json!({})).await;
    let rows: Vec<Value> =
        (0..10_000).map(|at| json!({ "Number": format!("2547{:08}", 10_000_000 + at), "Text": format!("Habari, this is message {at}. {}", "Karibu. ".repeat(12)) })).collect();
    let answer = traffic.send(&keys.body(Value::Array(rows))).await;
    let told = told(&answer);
    assert_eq!(told.len(), 10_000);
    assert!(told.iter().enumerate().all(|(at, (number, code))| *code == 0 && *number == format!("2547{:08}", 10_000_000 + at)));
    let kept = traffic.rows().await;
    assert_eq!((kept.len(), kept[9_999].text.contains("message 9999.")), (10_000, true));
    // The place in the answer is the place of the message.
    for at in [0, 4_567, 9_999] {
        assert_eq!(traffic.status(&keys, &answer["Data"][at]["MessageId"]).await["Data"][0]["MobileNumber"], format!("2547{:08}", 10_000_000 + at));
    }
}

#[tokio::test]
async fn whatever_else_is_asked_for_is_answered_in_the_envelope() {
    let traffic = traffic(Plan::default()).await;
    let keys = traffic.keys(json!({})).await;
    for (method, path, status, allow) in [
        ("GET", SEND, 405, "POST"),
        ("PUT", SEND, 405, "POST"),
        ("GET", "/v1/sms/sendbulksms/", 405, "POST"),
        ("POST", "/v1/sms/Balance", 405, "GET"),
        ("DELETE", "/v1/sms/messagestatus", 405, "GET"),
        ("GET", "/v1/sms/SMS", 404, ""),
        ("POST", "/v1/sms/Template", 404, ""),
        ("GET", "/v1/sms", 404, ""),
        ("GET", "/v1/sms/", 404, ""),
        ("GET", "/v1/sms/Balance/x", 404, ""),
        ("GET", "/v1/sms/Campaign/Statistics", 404, ""),
    ] {
        let answer = traffic.world.ask(method, &format!("{path}?{}", keys.query()), &[], "").await;
        assert_eq!((answer.status, answer.header("allow"), &checked(&answer)["ErrorCode"]), (status, allow, &json!(25)), "{method} {path}");
        assert!(!answer.text.contains(&keys.api_key));
    }
    let too_large = traffic.world.ask("POST", SEND, &[JSON], &"x".repeat((8 << 20) + 1)).await;
    assert_eq!((too_large.status, &checked(&too_large)["ErrorCode"]), (413, &json!(25)));
    let broken = stream::iter([Ok(Bytes::from_static(b"{")), Err(std::io::Error::other("made up"))]);
    let broken = traffic.world.send(Request::post(SEND).header("host", "localhost").body(Body::from_stream(broken)).unwrap()).await;
    assert_eq!((broken.status, &checked(&broken)["ErrorCode"]), (400, &json!(25)));
}

#[tokio::test(start_paused = true)]
async fn a_program_that_dribbles_gives_its_place_back() {
    let traffic = traffic(Plan::default()).await;
    let slow = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"{"))]).chain(stream::pending());
    let answer = traffic.world.send(Request::post(SEND).header("host", "localhost").body(Body::from_stream(slow)).unwrap()).await;
    assert_eq!((answer.status, &checked(&answer)["ErrorCode"]), (408, &json!(25)));
}

#[tokio::test]
async fn a_revoked_key_is_refused_at_once_and_its_last_use_is_shown() {
    let store = MemoryStore::new();
    let traffic = over(Plan::default(), &store, Arc::default()).await;
    let keys = traffic.keys(json!({})).await;
    let path = format!("/api/v1/tokens/{}", keys.id);
    let last_used = |traffic: &Traffic| {
        let tokens = traffic.world.engine.store().clone();
        async move { tokens.tokens().await.unwrap()[0].last_used_at }
    };
    assert_eq!(last_used(&traffic).await, None);
    assert_eq!(traffic.service("Balance", &format!("ApiKey={}&ClientId=wrong", keys.api_key)).await["ErrorCode"], 7);
    assert_eq!(last_used(&traffic).await, None, "a refused call is no use");
    assert_eq!(traffic.service("Balance", &keys.query()).await["ErrorCode"], 0);
    assert!(last_used(&traffic).await.is_some());
    let kept = traffic.world.engine.store().tokens().await.unwrap();
    assert!(!format!("{kept:?}").contains(&keys.api_key) && !format!("{kept:?}").contains(&keys.access_key));
    assert_eq!(traffic.world.ask("DELETE", &path, &[], "").await.status, 200);
    let body = keys.body(json!([{ "Number": ALICE, "Text": "a" }]));
    assert_eq!(traffic.send(&body).await["ErrorCode"], 7);
    assert_eq!(traffic.service("Balance", &keys.query()).await["ErrorCode"], 7);
    traffic.world.engine.stop().await;
    let again = over(Plan::default(), &store, Arc::default()).await;
    assert_eq!(again.send(&body).await["ErrorCode"], 7, "after a restart too");
}

#[tokio::test]
async fn a_key_of_an_account_that_is_no_longer_configured_is_inactive() {
    let store = MemoryStore::new();
    let before = over(Plan { slugs: &["onfon", "old"], ..Plan::default() }, &store, Arc::default()).await;
    let keys = before.keys(json!({ "account": "old" })).await;
    before.world.engine.stop().await;
    let after = over(Plan::default(), &store, Arc::default()).await;
    assert_eq!(after.send(&keys.body(json!([{ "Number": ALICE, "Text": "a" }]))).await["ErrorCode"], 8);
    assert_eq!(after.service("Balance", &keys.query()).await["ErrorCode"], 8);
}

/// What the address of a forwarded report says.
fn forwarded(address: &str) -> (String, Vec<(String, String)>) {
    let (address, query) = address.split_once('?').unwrap();
    (address.to_owned(), form_urlencoded::parse(query.as_bytes()).map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
}

#[tokio::test]
async fn reports_reach_the_program_whose_messages_they_are_of() {
    let store = MemoryStore::new();
    let program = Arc::default();
    let traffic = over(Plan::default(), &store, Arc::clone(&program)).await;
    program.is_down.store(true, std::sync::atomic::Ordering::SeqCst);
    let keys = traffic.keys(json!({ "dlr_url": "https://shop.example.com/dlr?shop=a%26b&x=1" })).await;
    let quiet = traffic.keys(json!({ "name": "quiet" })).await;
    let text = "Habari & karibu = 100%\n+é";
    let answer = traffic.send(&keys.body(json!([{ "Number": ALICE, "Text": text }]))).await;
    let id = ids(&answer)[0].as_str().unwrap().to_owned();
    let own_id = traffic.rows().await[0].id.to_string();
    traffic.until_state(&own_id, "sent").await;
    traffic.send(&quiet.body(json!([{ "Number": BOB, "Text": "quiet" }]))).await;
    traffic.until_state(&traffic.rows().await[1].id.to_string(), "sent").await;
    for query in [
        "messageId=made-up-1&status=ENROUTE",
        "messageId=made-up-1&status=DeliveredToTerminal&errorCode=7&doneDate=22-Nov-2026%2011:05:09%20AM",
        "messageId=made-up-1&status=UNDELIV",
        "messageId=made-up-2&status=DELIVRD",
        "messageId=nobody&status=DELIVRD",
    ] {
        assert_eq!(traffic.world.get(&format!("/webhooks/onfon/dlr?token={TOKEN}&{query}")).await.text, "OK");
    }
    // Down, and Salio starts again meanwhile.
    let store_of = |traffic: &Traffic| traffic.world.engine.store().clone();
    let tried = async {
        loop {
            if store_of(&traffic).next_forward(&[]).await.unwrap().is_some_and(|at| at > traffic.world.engine.clock().now()) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), tried).await.expect("put off");
    assert!(program.called.lock().is_empty());
    traffic.world.engine.stop().await;
    program.is_down.store(false, std::sync::atomic::Ordering::SeqCst);
    let again = over(Plan::default(), &store, Arc::clone(&program)).await;
    again.until("all are handed on", |traffic| traffic.program.called.lock().len() == 3).await;
    let called = program.called.lock().clone();
    let mut statuses = Vec::new();
    for address in &called {
        let (path, pairs) = forwarded(address);
        assert_eq!(path, "https://shop.example.com/dlr");
        assert!(address.contains("?shop=a%26b&x=1&messageId="), "{address}");
        let of = |name: &str| pairs.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str()).unwrap();
        assert_eq!((of("shop"), of("x"), of("messageId"), of("mobile"), of("shortMessage")), ("a&b", "1", id.as_str(), ALICE, text));
        assert_eq!((of("submitDate"), of("doneDate").len()), ("22-Nov-2026 11:01:00 AM", 23));
        statuses.push((of("status").to_owned(), of("errorCode").to_owned()));
    }
    // The report's own time where it has one.
    assert!(called[1].contains("doneDate=22-Nov-2026+11%3A05%3A09+AM"), "{}", called[1]);
    // The first end stands, here as everywhere.
    let own = |status: &str, code: &str| (status.to_owned(), code.to_owned());
    assert_eq!(statuses, [own("ENROUTE", "000"), own("DELIVRD", "7"), own("DELIVRD", "000")]);
    let named = again.service("MessageStatus", &format!("{}&MessageId={id}", keys.query())).await;
    assert_eq!(named["Data"][0]["Status"], "DELIVRD");
    assert_eq!(store_of(&again).next_forward(&[]).await.unwrap(), None, "exactly those");
}
