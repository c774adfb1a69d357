//! Callers who leave as soon as they have asked: what they asked for is done, and in force, as if they had waited.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use salio_store::sqlite::{Options, SqliteStore};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::traffic::{Plan, TOKEN, Traffic, on};

/// Nobody looks again by itself within this: only what is told at once is in force by then.
const AT_ONCE: Duration = Duration::from_secs(5);
const ROUNDS: usize = 40;

struct Leaving {
    traffic: Traffic,
    address: SocketAddr,
    _folder: tempfile::TempDir,
}

/// Over a database: a caller can leave while something is written only where writing takes time.
async fn leaving() -> Leaving {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("salio.db"), Options::default()).unwrap();
    let traffic = on(Plan::default(), Arc::new(store), Arc::default()).await;
    let address = traffic.listen().await;
    traffic.world.until("/api/v1/accounts/onfon/balance", |balance| balance["balance"].is_string()).await;
    Leaving { traffic, address, _folder: folder }
}

impl Leaving {
    /// Asks and hangs up.
    async fn ask(&self, method: &str, path: &str, body: &str) {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", self.address, body.len());
        stream.write_all(request.as_bytes()).await.unwrap();
        drop(stream);
    }

    async fn soon(&self, what: &str, mut holds: impl AsyncFnMut(&Traffic) -> bool) {
        let waiting = async {
            while !holds(&self.traffic).await {
                tokio::task::yield_now().await;
            }
        };
        timeout(AT_ONCE, waiting).await.unwrap_or_else(|_| panic!("not in force: {what}"));
    }
}

#[tokio::test]
async fn a_key_that_was_taken_back_is_dead() {
    let leaving = leaving().await;
    for round in 0..ROUNDS {
        let keys = leaving.traffic.keys(json!({ "name": format!("shop {round}") })).await;
        leaving.ask("DELETE", &format!("/api/v1/tokens/{}", keys.id), "").await;
        let check = |traffic: &Traffic| traffic.world.engine.keys().check(&keys.api_key, &keys.client_id, None).is_err();
        leaving.soon("the key is revoked", async |traffic| check(traffic)).await;
    }
}

#[tokio::test]
async fn the_stop_list_and_the_switch_say_what_is_written() {
    let leaving = leaving().await;
    for round in 0..ROUNDS {
        let number = format!("2547120000{round:02}");
        leaving.ask("POST", "/api/v1/stop-list", &json!({ "numbers": [number] }).to_string()).await;
        let quote = json!({ "to": number, "text": "x" }).to_string();
        leaving.soon("the number is stopped", async |traffic| traffic.world.post("/api/v1/messages/quote", &quote).await.json()["rejected"][0]["code"] == "stopped").await;
        let (word, paused) = if round % 2 == 0 { ("pause", true) } else { ("resume", false) };
        leaving.ask("POST", &format!("/api/v1/accounts/onfon/{word}"), "").await;
        leaving.soon(word, async |traffic| traffic.world.get("/api/v1/accounts/onfon").await.json()["paused"].is_object() == paused).await;
    }
}

#[tokio::test]
async fn what_was_accepted_goes_at_once() {
    let leaving = leaving().await;
    for round in 0..ROUNDS {
        leaving.ask("POST", "/api/v1/messages", &json!({ "to": "0712345678", "text": format!("Code {round}"), "priority": "high" }).to_string()).await;
        leaving.soon("it leaves", async |traffic| traffic.desk.calls.lock().len() > round).await;
    }
}

#[tokio::test]
async fn a_report_is_handed_on_at_once() {
    let leaving = leaving().await;
    let keys = leaving.traffic.keys(json!({ "dlr_url": "https://shop.example.com/dlr" })).await;
    for round in 0..ROUNDS {
        let name = leaving.traffic.desk.next_name();
        let row = json!([{ "Number": "0712345678", "Text": format!("Code {round}") }]);
        let body = json!({ "SenderId": "PROMO", "MessageParameters": row, "ApiKey": keys.api_key, "ClientId": keys.client_id });
        leaving.ask("POST", "/v1/sms/SendBulkSMS", &body.to_string()).await;
        leaving.soon("it leaves", async |traffic| traffic.world.get("/api/v1/messages?state=sent&limit=1").await.json()["messages"][0]["state"] == "sent").await;
        leaving.ask("GET", &format!("/webhooks/onfon/dlr?token={TOKEN}&messageId={name}&status=DELIVRD"), "").await;
        leaving.soon("it is handed on", async |traffic| traffic.program.called.lock().len() > round).await;
    }
}

#[tokio::test]
async fn a_stream_whose_sender_leaves_is_broken_and_not_sent() {
    let leaving = leaving().await;
    for head in ["content-length: 100000\r\n\r\nto,text\n0712345678,Hi\n", "transfer-encoding: chunked\r\n\r\n16\r\nto,text\n0712345678,Hi\n\r\n"] {
        let mut stream = TcpStream::connect(leaving.address).await.unwrap();
        let request = format!("POST /api/v1/messages/bulk HTTP/1.1\r\nhost: {}\r\ncontent-type: text/csv\r\nidempotency-key: {}\r\n{head}", leaving.address, head.len());
        stream.write_all(request.as_bytes()).await.unwrap();
        leaving.soon("it is received", async |traffic| traffic.world.get("/api/v1/batches?limit=1").await.json()["batches"][0]["state"] == "receiving").await;
        drop(stream);
        // Waits under its key; nothing of it is sent, and the same stream, whole now, goes on with it.
        let whole = "to,text\n0712345678,Hi\n";
        let headers = [("content-type", "text/csv"), ("idempotency-key", &head.len().to_string())];
        let answer = leaving.traffic.world.ask("POST", "/api/v1/messages/bulk", &headers, whole).await;
        assert_eq!((answer.status, answer.json()["accepted"].as_i64()), (202, Some(1)), "{}", answer.text);
    }
    let batches = leaving.traffic.world.get("/api/v1/batches").await.json()["batches"].as_array().unwrap().len();
    assert_eq!(batches, 2);
}

#[tokio::test]
async fn a_stream_without_a_key_is_dropped_when_its_sender_leaves() {
    let leaving = leaving().await;
    let mut stream = TcpStream::connect(leaving.address).await.unwrap();
    let request = format!("POST /api/v1/messages/bulk HTTP/1.1\r\nhost: {}\r\ncontent-type: text/csv\r\ncontent-length: 100000\r\n\r\nto,text\n0712345678,Hi\n", leaving.address);
    stream.write_all(request.as_bytes()).await.unwrap();
    leaving.soon("it is received", async |traffic| traffic.world.get("/api/v1/batches?limit=1").await.json()["batches"][0]["state"] == "receiving").await;
    drop(stream);
    leaving.soon("it is dropped", async |traffic| traffic.world.get("/api/v1/batches?limit=1").await.json()["batches"][0]["state"] == "cancelled").await;
    assert!(leaving.traffic.desk.calls.lock().is_empty());
}
