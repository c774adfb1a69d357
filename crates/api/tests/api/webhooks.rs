//! Calls from the provider through the real router: who may call, every shape by every method, and reports early, late, repeated, reordered and of nothing.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::Request;
use futures::{StreamExt, stream};
use salio_api::AllowFn;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::Answer;
use crate::traffic::{Plan, TOKEN, Traffic, traffic, webhook};

const DLR: &str = "/webhooks/onfon/dlr";
const NUMBER: &str = "254712345678";
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// Everything a caller is told, headers too.
fn whole(answer: &Answer) -> String {
    format!("{} {:?} {}", answer.status, answer.headers, answer.text)
}

impl Traffic {
    async fn call(&self, method: &str, path: &str, query: &str, kind: &str, body: &str) -> Answer {
        let headers: &[(&str, &str)] = if kind.is_empty() { &[] } else { &[("content-type", kind)] };
        self.world.ask(method, &format!("{path}?token={TOKEN}&{query}"), headers, body).await
    }

    async fn report(&self, name: &str, status: &str) {
        let answer = self.call("GET", DLR, &format!("messageId={name}&mobile={NUMBER}&status={status}"), "", "").await;
        assert_eq!((answer.status, answer.text.as_str()), (200, "OK"));
    }

    /// Kept reports, newest first.
    async fn kept(&self, query: &str) -> Vec<Value> {
        self.world.get(&format!("/api/v1/reports?{query}")).await.json()["reports"].as_array().unwrap().clone()
    }

    async fn sent(&self) -> (String, String) {
        let name = self.desk.next_name();
        let id = self.message(NUMBER, "Karibu & asante").await;
        self.until_state(&id, "sent").await;
        (id, name)
    }

    async fn doubtful(&self, text: &str) -> String {
        self.desk.doubts();
        let id = self.message(NUMBER, text).await;
        self.until_state(&id, "unknown").await;
        id
    }
}

fn encoded(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

fn object(fields: &[(&str, &str)]) -> String {
    Value::Object(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect()).to_string()
}

#[tokio::test]
async fn every_shape_by_every_method() {
    let traffic = traffic(Plan::default()).await;
    let shapes: [(&str, &str, &str); 4] = [
        ("s1", "OK", "messageId mobile status errorCode shortMessage submitDate doneDate"),
        ("s2", "OK", "MessageId MobileNumber Status StatusDescription NetworkCode Timestamp"),
        ("s3", "OK", "message_id status delivery_time error_message"),
        ("s4", "ACK/Jasmin", "id message_status level connector id_smsc subdate donedate sub dlvrd err text"),
    ];
    for (shape, acknowledge, names) in shapes {
        for way in ["get", "post-query", "post-form", "post-json"] {
            let (id, name) = traffic.sent().await;
            let value = |field: &str| match field.to_ascii_lowercase().replace('_', "").as_str() {
                "messageid" | "id" => name.clone(),
                "mobile" | "mobilenumber" => NUMBER.to_owned(),
                "status" | "messagestatus" => "DELIVRD".to_owned(),
                "shortmessage" | "text" => "'Karibu & asante'".to_owned(),
                "level" => "3".to_owned(),
                _ => "000".to_owned(),
            };
            let values: Vec<(&str, String)> = names.split(' ').map(|field| (field, value(field))).collect();
            let fields: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let answer = match way {
                "get" => traffic.call("GET", DLR, &encoded(&fields), "", "").await,
                "post-query" => traffic.call("POST", DLR, &encoded(&fields), "", "").await,
                "post-form" => traffic.call("POST", DLR, "", FORM, &encoded(&fields)).await,
                _ => traffic.call("POST", DLR, "", JSON, &object(&fields)).await,
            };
            assert_eq!((answer.status, answer.text.as_str(), answer.header("content-type")), (200, acknowledge, "text/plain; charset=utf-8"), "{shape} {way}");
            // Answered after the write: whoever looks now sees it.
            let detail = traffic.world.get(&format!("/api/v1/messages/{id}")).await.json();
            assert_eq!((&detail["state"], &detail["report"]["word"]), (&json!("delivered"), &json!("DELIVRD")), "{shape} {way}");
            let raw = detail["reports"][0]["raw"].as_str().unwrap();
            assert!(raw.contains(&name) && !raw.contains(TOKEN), "{raw}");
            assert!(raw.starts_with(if way == "get" { "GET" } else { "POST" }), "{raw}");
        }
    }
}

#[tokio::test]
async fn who_may_report() {
    let traffic = traffic(Plan { slugs: &["onfon", "onfon-marketing"], ..Plan::default() }).await;
    let body = "messageId=x&status=DELIVRD";
    let path = |query: &str| format!("{DLR}?{body}{query}");
    let right = format!("&token={TOKEN}");
    let header: &[(&str, &str)] = &[("x-dlr-token", TOKEN)];
    for (query, headers, fits) in [
        (right.as_str(), [].as_slice(), true),
        (&format!("&TOKEN={TOKEN}"), &[], true),
        ("", header, true),
        ("&token=wrong", header, true),
        (&format!("&token=wrong{right}"), &[], true),
        (&format!("{right}&token=wrong"), &[], true),
        (&format!("{right}{right}"), &[], true),
        ("", &[], false),
        ("&token=", &[], false),
        ("&token=wrong", &[], false),
        (&format!("&token={}", TOKEN.to_uppercase()), &[], false),
        (&format!("&token={TOKEN}x"), &[], false),
        (&format!("&token={}", &TOKEN[..TOKEN.len() - 1]), &[], false),
        (&format!("&tokens={TOKEN}"), &[], false),
        ("", &[("x-dlr-token", "wrong")], false),
        ("", &[("authorization", TOKEN)], false),
        ("&token=%FF%FE", &[], false),
    ] {
        let before = traffic.kept("").await.len();
        for method in ["GET", "POST"] {
            let answer = traffic.world.ask(method, &path(query), headers, "").await;
            if fits {
                assert_eq!((answer.status, answer.text.as_str()), (200, "OK"), "{query}");
            } else {
                assert_eq!((answer.status, answer.code().as_str()), (401, "webhook_refused"), "{query}");
            }
            assert!(!whole(&answer).contains(TOKEN), "{}", answer.text);
        }
        assert_eq!(traffic.kept("").await.len() - before, if fits { 2 } else { 0 }, "{query}");
    }
    assert!(!traffic.world.get("/api/v1/reports?limit=1000").await.text.contains(TOKEN));
    for (path, status, code) in [
        (format!("/webhooks/nobody/dlr?token={TOKEN}"), 404, "unknown_account"),
        (format!("/webhooks/nobody/inbound?token={TOKEN}"), 404, "unknown_account"),
        (format!("/webhooks/onfon-marketing/dlr?token={TOKEN}"), 403, "webhook_not_set_up"),
        (format!("/webhooks/onfon-marketing/inbound?token={TOKEN}"), 403, "webhook_not_set_up"),
    ] {
        let refused = traffic.world.get(&path).await;
        assert_eq!((refused.status, refused.code().as_str()), (status, code), "{path}");
        assert!(!whole(&refused).contains(TOKEN));
    }
    let told = traffic.world.get("/webhooks/onfon-marketing/dlr").await.text;
    assert!(told.contains("accounts.onfon-marketing.webhook_token"), "{told}");
    // A body is not read for whoever may not call.
    let refused = traffic.world.ask("POST", DLR, &[], &"x".repeat(600_000)).await;
    assert_eq!(refused.status, 401);
    assert_eq!(traffic.world.ask("DELETE", DLR, &[], "").await.status, 405);
}

#[tokio::test]
async fn the_previous_addresses_and_the_id_of_the_account_work() {
    let traffic = traffic(Plan { slugs: &["other", "onfon"], ..Plan::default() }).await;
    let account = traffic.world.get("/api/v1/accounts/onfon").await.json()["id"].as_str().unwrap().to_owned();
    for path in ["/api/webhooks/onfon/dlr".to_owned(), format!("/webhooks/{account}/dlr"), DLR.to_owned()] {
        for method in ["GET", "POST"] {
            assert_eq!(traffic.call(method, &path, "messageId=x&status=DELIVRD", "", "").await.text, "OK", "{path}");
        }
    }
    assert_eq!(traffic.kept("account=onfon").await.len(), 6);
    for path in ["/api/webhooks/onfon/inbound", "/webhooks/onfon/inbound"] {
        let answer = traffic.call("POST", path, "", JSON, r#"{"From":"254712345678","To":"20880","Message":"STOP","MessageId":"mo-1","ReceivedTime":"2026-11-22 11:00:00"}"#).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, "OK"));
    }
    let engine = "id=mo-2&from=254712345678&to=20880&origin-connector=c&coding=0&content=Hi&binary=4869";
    assert_eq!(traffic.call("GET", "/webhooks/onfon/inbound", engine, "", "").await.text, "ACK/Jasmin");
    // What is no message is kept all the same.
    assert_eq!(traffic.call("POST", "/webhooks/onfon/inbound", "", "", "\u{0}garbage").await.text, "OK");
    let kept = traffic.world.get("/api/v1/inbound").await;
    let texts: Vec<Value> = kept.json()["messages"].as_array().unwrap().iter().map(|message| message["text"].clone()).collect();
    assert_eq!(texts, ["", "Hi", "STOP", "STOP"]);
    assert!(!kept.text.contains(TOKEN) && kept.text.contains("garbage"));
}

/// One request over a connection of its own; status and body.
async fn over_the_wire(address: SocketAddr, head: &str, body: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("{head}host: {address}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut text = Vec::new();
    tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut text)).await.expect("an answer").unwrap();
    let text = String::from_utf8_lossy(&text).into_owned();
    (text[9..12].parse().unwrap(), text.split_once("\r\n\r\n").unwrap().1.to_owned())
}

fn only(address: &'static str) -> AllowFn {
    let wanted: IpAddr = address.parse().unwrap();
    Arc::new(move |address| address == wanted)
}

#[tokio::test]
async fn allowed_addresses_need_no_token_and_only_a_trusted_proxy_says_who_calls() {
    let wire = |plan: Plan| async move {
        let traffic = traffic(plan).await;
        let address = traffic.listen().await;
        (traffic, address)
    };
    let plan = |allowed: &'static str, trusted: Option<&'static str>| Plan {
        webhooks: vec![webhook("onfon", None, Some(only(allowed)))],
        trusted_proxies: trusted.map(only),
        ..Plan::default()
    };
    let ask = |address, forwarded: &str| {
        let head = format!("GET {DLR}?messageId=x&status=DELIVRD HTTP/1.1\r\n{forwarded}");
        async move { over_the_wire(address, &head, b"").await.0 }
    };
    let for_ = |hops: &str| format!("X-Forwarded-For: {hops}\r\n");

    let (_local, address) = wire(plan("127.0.0.1", None)).await;
    assert_eq!(ask(address, "").await, 200);
    assert_eq!(ask(address, &for_("192.0.2.9")).await, 200, "nobody is believed about others");

    let (_stranger, address) = wire(plan("192.0.2.9", None)).await;
    assert_eq!(ask(address, "").await, 401);
    assert_eq!(ask(address, &for_("192.0.2.9")).await, 401, "a stranger's word");

    let (_proxied, address) = wire(plan("192.0.2.9", Some("127.0.0.1"))).await;
    assert_eq!(ask(address, &for_("192.0.2.9")).await, 200);
    assert_eq!(ask(address, &for_("198.51.100.7, 192.0.2.9")).await, 200, "the last hop");
    assert_eq!(ask(address, &format!("{}{}", for_("198.51.100.7"), for_("192.0.2.9"))).await, 200, "in two headers");
    assert_eq!(ask(address, &for_("::ffff:192.0.2.9")).await, 200, "the same address in version 6");
    assert_eq!(ask(address, &for_("192.0.2.9, 127.0.0.1")).await, 200, "through two proxies of ours");
    assert_eq!(ask(address, "").await, 401);
    for spoofed in ["192.0.2.9, 198.51.100.7", "192.0.2.9,", "192.0.2.9, x", "", "192.0.2.9, 198.51.100.7, 127.0.0.1"] {
        assert_eq!(ask(address, &for_(spoofed)).await, 401, "{spoofed}");
    }
    assert_eq!(ask(address, &format!("{}{}", for_("192.0.2.9"), for_("198.51.100.7"))).await, 401);

    // Either is enough where both are set.
    let (_both, address) = wire(Plan { webhooks: vec![webhook("onfon", Some(TOKEN), Some(only("192.0.2.9")))], ..Plan::default() }).await;
    let with_token = format!("GET {DLR}?token={TOKEN}&messageId=x&status=1 HTTP/1.1\r\n");
    assert_eq!((over_the_wire(address, &with_token, b"").await.0, ask(address, "").await), (200, 401));
}

#[tokio::test]
async fn whatever_comes_is_kept() {
    let traffic = traffic(Plan::default()).await;
    let long = "é".repeat(100_000);
    for (at, body) in ["", "garbage", "<html>502</html>", "{", "[]", "null", "{\"MessageId\":", "\u{feff}", "a=b&c=d", &long, "{\"MessageId\":\"nobody\",\"Status\":\"DELIVRD\"}"]
        .into_iter()
        .enumerate()
    {
        for kind in [JSON, FORM, "text/html", ""] {
            let answer = traffic.call("POST", DLR, "", kind, body).await;
            assert_eq!((answer.status, answer.text.as_str()), (200, "OK"), "{at} {kind}");
        }
    }
    let binary = Request::post(format!("{DLR}?token={TOKEN}&x=%ff")).header("host", "localhost").body(Body::from(vec![0xff, 0x00, 0xfe])).unwrap();
    assert_eq!(traffic.world.send(binary).await.text, "OK");
    let kept = traffic.kept("matched=false&limit=1000").await;
    assert_eq!((kept.len(), traffic.kept("matched=true").await.len()), (45, 0));
    let raws: Vec<&str> = kept.iter().map(|report| report["raw"].as_str().unwrap()).collect();
    assert!(raws.contains(&"POST\n<html>502</html>") && raws.contains(&"POST ?x=%EF%BF%BD\n\u{fffd}\u{0}\u{fffd}"), "{raws:?}");
    assert!(raws.iter().all(|raw| !raw.contains(TOKEN)) && raws.contains(&format!("POST\n{long}").as_str()), "whole, however long");

    let too_large = traffic.call("POST", DLR, "", JSON, &"x".repeat(513 * 1024)).await;
    assert_eq!((too_large.status, too_large.code().as_str()), (413, "body_too_large"));
    let broken = stream::iter([Ok(Bytes::from_static(b"{")), Err(std::io::Error::other("made up"))]);
    let broken = Request::post(format!("{DLR}?token={TOKEN}")).header("host", "localhost").body(Body::from_stream(broken)).unwrap();
    assert_eq!(traffic.world.send(broken).await.code(), "body_unreadable");
    assert_eq!(traffic.kept("limit=1000").await.len(), 45);
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_dribbles_gives_its_place_back() {
    let traffic = traffic(Plan::default()).await;
    let slow = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"{"))]).chain(stream::pending());
    let request = Request::post(format!("{DLR}?token={TOKEN}")).header("host", "localhost").body(Body::from_stream(slow)).unwrap();
    let begun = traffic.world.engine.clock().now();
    let answer = traffic.world.send(request).await;
    assert_eq!((answer.status, answer.code().as_str()), (408, "body_unreadable"));
    assert_eq!(traffic.world.engine.clock().now().since(begun).as_secs(), 10);
}

#[tokio::test]
async fn a_report_that_comes_before_the_answer_is_folded_in_with_it() {
    let traffic = traffic(Plan::default()).await;
    traffic.desk.close();
    let name = traffic.desk.next_name();
    let id = traffic.message(NUMBER, "Karibu").await;
    traffic.until_state(&id, "submitting").await;
    traffic.report(&name, "ENROUTE").await;
    traffic.report(&name, "DELIVRD").await;
    assert_eq!(traffic.kept("matched=false").await.len(), 2);
    assert_eq!(traffic.world.get(&format!("/api/v1/messages/{id}")).await.json()["state"], "submitting");
    traffic.desk.open();
    let message = traffic.until_state(&id, "delivered").await;
    assert_eq!(message["reports"].as_array().unwrap().len(), 2, "{message}");
    assert_eq!(traffic.kept("matched=false").await.len(), 0);
    let states: Vec<&str> = message["timeline"].as_array().unwrap().iter().map(|step| step["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["queued", "submitting", "sent", "delivered"]);
}

#[tokio::test]
async fn repeated_reordered_and_late_reports_are_kept_and_the_first_end_stands() {
    let traffic = traffic(Plan::default()).await;
    for (words, state) in [
        (["SUBMITTED", "DELIVRD", "DELIVRD"], "delivered"),
        (["DELIVRD", "SUBMITTED", "ENROUTE"], "delivered"),
        (["DELIVRD", "UNDELIV", "DELIVRD"], "delivered"),
        (["AbsentSubscriber", "DELIVRD", "UNDELIV"], "undelivered"),
        (["Something new", "UNKNOWN", "SUBMITTED"], "sent"),
        (["Something new", "DelivredToTerminal", "x"], "delivered"),
    ] {
        let (id, name) = traffic.sent().await;
        for word in words {
            traffic.report(&name, &encoded(&[("", word)])[1..]).await;
        }
        let message = traffic.world.get(&format!("/api/v1/messages/{id}")).await.json();
        assert_eq!((&message["state"], &message["report"]["word"]), (&json!(state), &json!(words[2])), "{words:?}");
        assert_eq!(message["reports"].as_array().unwrap().len(), 3, "{words:?}");
        assert_eq!(traffic.world.get("/api/v1/ledger/verify").await.json()["ok"], true);
    }
}

#[tokio::test]
async fn a_message_in_doubt_is_found_by_its_number_when_it_is_the_only_one() {
    let traffic = traffic(Plan::default()).await;
    let id = traffic.doubtful("Your code is 1234").await;
    let by_number = |name: &str, text: &str| format!("messageId={name}&mobile=0712345678&status=DELIVRD&shortMessage={}", text.replace(' ', "+"));
    // Another text is another message.
    traffic.call("GET", DLR, &by_number("n-1", "'Your code is 9'"), "", "").await;
    assert_eq!(traffic.world.get(&format!("/api/v1/messages/{id}")).await.json()["state"], "unknown");
    traffic.call("GET", DLR, &by_number("n-2", "'Your code'"), "", "").await;
    let message = traffic.until_state(&id, "delivered").await;
    assert_eq!(message["provider_message_ids"], json!(["n-2"]));
    assert_eq!(traffic.world.get("/api/v1/accounts/onfon/balance").await.json()["unknown_messages"], 0);

    let (one, two) = (traffic.doubtful("Hello").await, traffic.doubtful("Hello").await);
    traffic.call("GET", DLR, &by_number("n-3", ""), "", "").await;
    for id in [&one, &two] {
        assert_eq!(traffic.world.get(&format!("/api/v1/messages/{id}")).await.json()["state"], "unknown", "which of the two cannot be told");
    }
    assert_eq!(traffic.kept("matched=false").await.len(), 2);
}

#[tokio::test]
async fn many_reports_in_one_call_are_each_kept_and_the_call_once() {
    let traffic = traffic(Plan::default()).await;
    let mut messages = Vec::new();
    for _ in 0..3 {
        messages.push(traffic.sent().await);
    }
    let rows: Vec<Value> = messages.iter().flat_map(|(_, name)| [json!({ "MessageId": name, "Status": "SUBMITTED" }), json!({ "MessageId": name, "Status": "DELIVRD" })]).collect();
    let others = (0..500).map(|at| json!({ "MessageId": format!("nobody-{at}"), "Status": "DELIVRD" }));
    let body = Value::Array(rows.into_iter().chain(others).collect()).to_string();
    assert_eq!(traffic.call("POST", DLR, "", JSON, &body).await.text, "OK");
    for (id, _) in &messages {
        let message = traffic.world.get(&format!("/api/v1/messages/{id}")).await.json();
        assert_eq!((&message["state"], &message["report"]["word"], message["reports"].as_array().unwrap().len()), (&json!("delivered"), &json!("DELIVRD"), 2));
    }
    let kept = traffic.kept("limit=1000").await;
    assert_eq!(kept.len(), 506);
    let first = kept.last().unwrap();
    assert!(first["raw"].as_str().unwrap().ends_with(&body));
    assert_eq!(kept[0]["raw"], format!("(in the same call as {})", first["id"].as_str().unwrap()));
}

#[tokio::test]
async fn nothing_is_acknowledged_that_is_not_on_the_disk() {
    let traffic = traffic(Plan::default()).await;
    traffic.world.engine.store().close().await;
    for path in [DLR, "/webhooks/onfon/inbound", "/api/webhooks/onfon/dlr"] {
        for (method, body) in [("GET", ""), ("POST", r#"{"MessageId":"x","Status":"DELIVRD"}"#), ("POST", "garbage")] {
            let answer = traffic.call(method, path, "messageId=x&status=DELIVRD", "", body).await;
            assert_eq!(answer.status, 503, "{method} {path} {}", answer.text);
            assert!(!whole(&answer).contains(TOKEN));
        }
    }
}

#[tokio::test]
async fn the_token_is_kept_nowhere() {
    let logs = Logs::default();
    let writer = logs.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let traffic = traffic(Plan::default()).await;
    let repeated = format!("messageId=x&url={}", encoded(&[("", &format!("https://sms.example.com{DLR}?token={TOKEN}"))]).trim_start_matches('='));
    for query in ["messageId=x&status=DELIVRD", &repeated] {
        let answer = traffic.call("POST", DLR, query, FORM, query).await;
        assert_eq!(answer.status, 200);
        assert!(!whole(&answer).contains(TOKEN));
    }
    traffic.world.get(&format!("{DLR}?token={TOKEN}wrong")).await;
    traffic.call("POST", DLR, "", JSON, &"x".repeat(600_000)).await;
    let kept = traffic.world.get("/api/v1/reports").await.text;
    assert!(kept.contains("[token]") && !kept.contains(TOKEN), "{kept}");
    let written = String::from_utf8_lossy(&logs.0.lock()).into_owned();
    assert!(written.contains("/webhooks/{account}/dlr"), "the log says what was answered");
    assert!(!written.contains(TOKEN), "{written}");
}

#[derive(Clone, Default)]
struct Logs(Arc<parking_lot::Mutex<Vec<u8>>>);

impl std::io::Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Whatever is acknowledged is kept, whole; what is too much is not acknowledged.
#[tokio::test]
async fn a_bundle_is_taken_to_its_last_report_or_not_at_all() {
    let traffic = traffic(Plan::default()).await;
    let bundle = |count: usize| {
        let rows: Vec<Value> = (0..count).map(|at| json!({ "MessageId": format!("made-up-{at:06}"), "Status": "DELIVRD", "MobileNumber": NUMBER })).collect();
        Value::Array(rows).to_string()
    };
    let body = bundle(2500);
    assert!(body.len() > 128 * 1024);
    let answer = traffic.call("POST", DLR, "", JSON, &body).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, "OK"));
    let (mut kept, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = traffic.world.get(&format!("/api/v1/reports?limit=1000{cursor}")).await.json();
        kept.extend(page["reports"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(kept.len(), 2500);
    let whole: Vec<&str> = kept.iter().filter_map(|report| report["raw"].as_str()).filter(|raw| raw.len() > 1000).collect();
    assert_eq!(whole, [format!("POST\n{body}")], "kept once, and whole");
    let small: Vec<Value> = (0..11_000).map(|at| json!({ "id": at, "status": 1 })).collect();
    let refused = traffic.call("POST", DLR, "", JSON, &Value::Array(small).to_string()).await;
    assert_eq!((refused.status, refused.code().as_str()), (413, "body_too_large"));
    assert_eq!(traffic.kept("limit=1").await[0], kept[0], "nothing of it");
}

#[tokio::test]
async fn a_report_without_a_word_says_none() {
    let traffic = traffic(Plan::default()).await;
    let (id, name) = traffic.sent().await;
    traffic.call("GET", DLR, &format!("messageId={name}&mobile={NUMBER}"), "", "").await;
    let detail = traffic.world.get(&format!("/api/v1/messages/{id}")).await.json();
    assert_eq!((&detail["report"], &detail["reports"][0]["word"]), (&Value::Null, &Value::Null), "{detail}");
}
