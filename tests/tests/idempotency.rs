//! The same request under its key gives the first answer to the letter, across restarts and when two come at once; another body is refused. On the real binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::too_many_lines,
    reason = "a test that cannot go on fails, and prints what it measured"
)]

use std::time::Duration;

use salio_simulator::core::Micros;
use salio_simulator::{SimConfig, SimHandle};
use salio_tests::binary::{Server, eventually, simulator};
use serde_json::{Value, json};

const ROUNDS: usize = 100;

/// One way to send, with a body of its own for each number.
struct Door {
    name: &'static str,
    path: &'static str,
    content_type: &'static str,
    body: fn(&Keys, usize) -> String,
    /// Messages that one request makes.
    makes: usize,
    /// Whether what is refused is refused in Onfon's envelope.
    envelope: bool,
}

/// What the drop-in endpoint wants to see.
struct Keys {
    api_key: String,
    client_id: String,
}

const DOORS: [Door; 4] = [
    Door {
        name: "single",
        path: "/api/v1/messages",
        content_type: "application/json",
        body: |_, n| json!({ "to": format!("+25471{n:07}"), "text": format!("single {n}") }).to_string(),
        makes: 1,
        envelope: false,
    },
    Door {
        name: "list",
        path: "/api/v1/messages",
        content_type: "application/json",
        body: |_, n| json!({ "to": [format!("+25471{n:07}"), "12", format!("+25472{n:07}")], "text": format!("list {n}") }).to_string(),
        makes: 2,
        envelope: false,
    },
    Door {
        name: "bulk",
        path: "/api/v1/messages/bulk?text=bulk%20%7Bn%7D",
        content_type: "text/csv",
        body: |_, n| format!("to,n\n25471{n:07},{n}\nnobody,{n}\n25472{n:07},{n}\n25471{n:07},{n}\n"),
        makes: 2,
        envelope: false,
    },
    Door {
        name: "drop-in",
        path: "/v1/sms/SendBulkSMS",
        content_type: "application/json",
        body: |keys, n| {
            let row = |number: String| json!({ "Number": number, "Text": format!("drop-in {n}") });
            let rows = [row(format!("25471{n:07}")), row("12".to_owned()), row(format!("25472{n:07}"))];
            json!({ "SenderId": "SALIO", "IsUnicode": false, "IsFlash": false, "MessageParameters": rows, "ApiKey": keys.api_key, "ClientId": keys.client_id }).to_string()
        },
        makes: 2,
        envelope: true,
    },
];

struct Answer {
    status: u16,
    replayed: bool,
    body: String,
}

async fn put(server: &Server, door: &Door, key: &str, body: String) -> Answer {
    let (status, headers, body) = server.put(door.path, &[("Content-Type", door.content_type), ("Idempotency-Key", key)], body).await.unwrap();
    Answer { status, replayed: headers.contains_key("idempotency-replayed"), body }
}

async fn opened() -> (SimHandle, Server, Keys) {
    let vendor = simulator(SimConfig { credit: Micros(10_000_000_000_000), ..SimConfig::default() }).await.unwrap();
    let mut server = Server::new(&vendor, &[("SALIO_ACCOUNTS__ONFON__CALLS_PER_SECOND", "1000")]).unwrap();
    server.start().await.unwrap();
    eventually("the first figure", Duration::from_secs(20), || async { server.balance().await.ok().filter(|shown| shown["balance"].is_string()) }).await.unwrap();
    let (status, _, token) = server.post("/api/v1/tokens", None, &json!({ "name": "shop", "scope": "drop-in" })).await.unwrap();
    assert_eq!(status, 201, "{token}");
    let word = |name: &str| token[name].as_str().unwrap().to_owned();
    let keys = Keys { api_key: word("api_key"), client_id: word("client_id") };
    (vendor, server, keys)
}

async fn steer(server: &Server, verb: &str) {
    let (status, _, account) = server.post(&format!("/api/v1/accounts/onfon/{verb}"), None, &json!({})).await.unwrap();
    assert_eq!(status, 200, "{account}");
}

/// The provider has so many messages of each door and number, each once.
async fn each_arrives_once(server: &Server, vendor: &SimHandle, messages: usize) {
    eventually("all to be sent", Duration::from_secs(60), || async { (vendor.with(|model, _| model.accepted().len()) >= messages).then_some(()) }).await.unwrap();
    let queued = server.get("/api/v1/messages?state=queued&limit=1").await.unwrap();
    assert_eq!(queued["messages"], json!([]));
    assert_eq!(vendor.with(|model, _| (model.accepted().len(), model.duplicates(5))), (messages, vec![]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_answer_is_told_again_after_restarts_and_another_body_is_refused() {
    let (vendor, mut server, keys) = opened().await;
    // Killed while a submission runs, its messages would be in doubt: here they wait.
    steer(&server, "pause").await;
    let mut firsts = Vec::new();
    for door in &DOORS {
        let first = put(&server, door, door.name, (door.body)(&keys, 7)).await;
        assert_eq!((first.status, first.replayed), (if door.envelope { 200 } else { 202 }, false), "{}: {}", door.name, first.body);
        let parsed: Value = serde_json::from_str(&first.body).unwrap();
        assert!(!door.envelope || parsed["ErrorCode"] == 0, "{parsed}");
        firsts.push(first);
    }
    let messages: usize = DOORS.iter().map(|door| door.makes).sum();
    for restart in 0..3 {
        // Twice while everything waits, once when all has been sent.
        if restart == 2 {
            steer(&server, "resume").await;
            each_arrives_once(&server, &vendor, messages).await;
        }
        server.kill();
        server.start().await.unwrap();
        for (door, first) in DOORS.iter().zip(&firsts) {
            let again = put(&server, door, door.name, (door.body)(&keys, 7)).await;
            assert_eq!((again.status, &again.body), (first.status, &first.body), "{}", door.name);
            assert!(again.replayed || door.envelope, "{}", door.name);
            refuses_another_body(&server, door, &keys).await;
        }
    }
    each_arrives_once(&server, &vendor, messages).await;
}

async fn refuses_another_body(server: &Server, door: &Door, keys: &Keys) {
    let other = put(server, door, door.name, (door.body)(keys, 8)).await;
    let parsed: Value = serde_json::from_str(&other.body).unwrap();
    if door.envelope {
        assert!(other.status == 200 && parsed["ErrorCode"].as_i64().is_some_and(|code| code != 0) && parsed["Data"] == json!([]), "{parsed}");
    } else {
        assert_eq!((other.status, parsed["code"].as_str()), (422, Some("idempotency_key_reused")), "{}: {parsed}", door.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_at_once_make_one() {
    let (vendor, server, keys) = opened().await;
    let mut taken_over = 0;
    for round in 0..ROUNDS {
        for door in &DOORS {
            let (key, body) = (format!("{} {round}", door.name), (door.body)(&keys, round));
            let (one, two) = tokio::join!(put(&server, door, &key, body.clone()), put(&server, door, &key, body.clone()));
            let well: Vec<&Answer> = [&one, &two].into_iter().filter(|answer| answer.status < 300).collect();
            let last = put(&server, door, &key, body).await;
            assert!(!well.is_empty() && last.status < 300, "{key}: {} {} / {} {}", one.status, one.body, two.status, two.body);
            assert!(well.iter().all(|answer| answer.body == last.body), "{key}: {} / {} / {}", one.body, two.body, last.body);
            if well.len() == 2 {
                assert!(door.envelope || !(one.replayed && two.replayed), "{key}: one of them was the first");
            } else {
                let loser = if one.status < 300 { &two } else { &one };
                let problem: Value = serde_json::from_str(&loser.body).unwrap();
                assert_eq!((door.name, loser.status, problem["code"].as_str()), ("bulk", 409, Some("stream_taken_over")), "{key}");
                taken_over += 1;
            }
        }
    }
    let messages = ROUNDS * DOORS.iter().map(|door| door.makes).sum::<usize>();
    each_arrives_once(&server, &vendor, messages).await;
    let mut batches = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = server.get(&format!("/api/v1/batches?limit=1000{cursor}")).await.unwrap();
        batches.extend(page["batches"].as_array().unwrap().iter().filter(|batch| batch["source"] == "csv").map(|batch| batch["id"].clone()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(batches.len(), ROUNDS, "one batch for each stream");
    println!("{ROUNDS} rounds of two at once through each of {} doors: {messages} messages, {taken_over} streams taken over by the later one", DOORS.len());
}
