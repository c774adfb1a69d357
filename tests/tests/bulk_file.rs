//! A file of 50,000 lines through the real binary: wrong lines told apart, memory flat, the page usable meanwhile; then the batch is paused, resumed, cancelled.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::too_many_lines,
    reason = "a test that cannot go on fails, and prints what it measured"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use futures::{StreamExt, stream};
use salio_simulator::core::Micros;
use salio_simulator::{SimConfig, SimHandle};
use salio_tests::binary::{Server, eventually, now, simulator};
use serde_json::{Value, json};

const LINES: usize = 50_000;
/// The same memory must do for ten times the lines.
const FEWER: usize = 5_000;
const MEMORY: u64 = 64 << 20;
/// Every so many lines one is wrong.
const EVERY: usize = 97;
/// Far above what a person waits gladly, and above what a busy machine of two cores makes of it.
const USABLE: Duration = Duration::from_secs(5);
const STOPPED: &str = "254799000001";

/// A file, and what is wrong with it: line, column, code.
struct Sheet {
    bytes: Vec<u8>,
    wrong: Vec<(i64, &'static str, &'static str)>,
    lines: usize,
}

/// The wrong lines of every kind: the cells `msisdn,name,message,sender,reference,send_at,valid_until`, the column, the code.
fn mistakes(n: usize) -> Vec<(Vec<u8>, &'static str, &'static str)> {
    let cells = |msisdn: &str, message: &str, sender: &str, reference: &str, send_at: &str, valid_until: &str| {
        format!("{msisdn},Bad,{message},{sender},{reference},{send_at},{valid_until}").into_bytes()
    };
    let to = format!("25470{n:07}");
    let long = "x".repeat(4_000);
    vec![
        (cells("12", "t", "", "", "", ""), "msisdn", "invalid_number"),
        (cells("", "t", "", "", "", ""), "msisdn", "invalid_number"),
        (cells("no number", "t", "", "", "", ""), "msisdn", "invalid_number"),
        (cells(STOPPED, "t", "", "", "", ""), "msisdn", "stopped"),
        (cells(&to, "", "", "", "", ""), "message", "text_missing"),
        (cells(&to, "a\u{7}b", "", "", "", ""), "message", "text_invalid"),
        (cells(&to, &long, "", "", "", ""), "message", "text_too_long"),
        (cells(&to, "Hi {nobody}", "", "", "", ""), "message", "unknown_placeholder"),
        (cells(&to, "t", "much too long a sender", "", "", ""), "sender", "sender_invalid"),
        (cells(&to, "t", "", &"r".repeat(201), "", ""), "reference", "reference_too_long"),
        (cells(&to, "t", "", "", "tomorrow", ""), "send_at", "invalid_time"),
        (cells(&to, "t", "", "", "", "2020-01-01T00:00:00Z"), "valid_until", "valid_until_passed"),
        (format!("{to},too few").into_bytes(), "", "wrong_columns"),
        (format!("{to},too,many,,,,,,").into_bytes(), "", "wrong_columns"),
        ([to.as_bytes(), b",Bad,\xff\xfe,,,,"].concat(), "", "not_utf8"),
        (format!("{to},\"Bad\"x,t,,,,").into_bytes(), "", "quote_misplaced"),
        (cells(&to, &"y".repeat(70_000), "", "", "", ""), "", "line_too_long"),
    ]
}

/// `lines` lines in bytes that no other sheet has.
fn sheet(name: &str, lines: usize) -> Sheet {
    let mut bytes = b"msisdn,name,message,sender,reference,send_at,valid_until\r\n".to_vec();
    let (mut wrong, mut line, mut last) = (Vec::new(), 2, String::new());
    for n in 0..lines {
        if n % EVERY == EVERY - 1 {
            let mut kinds = mistakes(n);
            let kind = (n / EVERY) % (kinds.len() + 1);
            if kind == kinds.len() {
                bytes.extend_from_slice(last.as_bytes());
                wrong.push((line, "msisdn", "duplicate"));
            } else {
                let (cells, column, code) = kinds.swap_remove(kind);
                bytes.extend_from_slice(&cells);
                wrong.push((line, column, code));
            }
        } else {
            // Now and then a cell with a line break in it: lines are counted as an editor counts them.
            let broken = n % 1_000 == 500;
            last = format!("25471{n:07},Ann {n},\"Hi {{name}},{}{name}\",,{name} {n},,", if broken { "\n" } else { " " });
            bytes.extend_from_slice(last.as_bytes());
            line += i64::from(broken);
        }
        bytes.extend_from_slice(b"\r\n");
        line += 1;
        if n % 777 == 0 {
            bytes.extend_from_slice(b"\r\n");
            line += 1;
        }
    }
    bytes.extend_from_slice(b"254710000000,\"never closed,t,,,,");
    wrong.push((line, "", "quote_open"));
    Sheet { bytes, wrong, lines: lines + 1 }
}

async fn upload(server: &Server, sheet: &Sheet) -> Value {
    let pieces: Vec<Vec<u8>> = sheet.bytes.chunks(32 * 1024).map(<[u8]>::to_vec).collect();
    let body = reqwest::Body::wrap_stream(stream::iter(pieces).map(Ok::<_, std::io::Error>));
    let (status, _, answer) = server.put("/api/v1/messages/bulk?name=the%20file", &[("Content-Type", "text/csv")], body).await.unwrap();
    assert_eq!(status, 202, "{answer}");
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let (rejected, lines) = (sheet.wrong.len(), sheet.lines);
    assert_eq!(
        (answer["lines"].as_u64(), answer["rejected"].as_u64(), answer["accepted"].as_u64()),
        (Some(lines as u64), Some(rejected as u64), Some((lines - rejected) as u64)),
        "{answer}"
    );
    answer
}

/// Every wrong line is told with its number, its column and a code; no right one is.
async fn wrong_lines_are_told_apart(server: &Server, answer: &Value, sheet: &Sheet) {
    let mut told: Vec<(i64, String, String)> = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = server.get(&format!("/api/v1/batches/{}/errors?limit=300{cursor}", answer["batch_id"].as_str().unwrap())).await.unwrap();
        let word = |error: &Value, name: &str| error[name].as_str().unwrap().to_owned();
        told.extend(page["errors"].as_array().unwrap().iter().map(|error| (error["line"].as_i64().unwrap(), word(error, "field"), word(error, "code"))));
        assert!(page["errors"].as_array().unwrap().iter().all(|error| !word(error, "detail").is_empty()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let wanted: Vec<(i64, String, String)> = sheet.wrong.iter().map(|(line, column, code)| (*line, (*column).to_owned(), (*code).to_owned())).collect();
    let differs = wanted.iter().zip(&told).find(|(wanted, told)| wanted != told);
    assert_eq!((differs, wanted.len()), (None, told.len()));
    assert_eq!((answer["errors"].as_array().unwrap().len(), answer["errors_truncated"].as_bool()), (wanted.len().min(100), Some(wanted.len() > 100)));
}

/// What somebody who looks at the pages meanwhile sees.
#[derive(Default)]
struct Watch {
    over: AtomicBool,
    slowest_us: AtomicU64,
    answers: AtomicU64,
    most_memory: AtomicU64,
}

async fn watch(server: Arc<Server>, seen: Arc<Watch>) {
    while !seen.over.load(Ordering::Relaxed) {
        for path in ["/api/v1/accounts/onfon/balance", "/api/v1/messages?limit=50", "/api/v1/batches?limit=10"] {
            let begin = now();
            let answer = server.get(path).await.unwrap();
            assert!(answer.is_object(), "{path}: {answer}");
            seen.slowest_us.fetch_max(u64::try_from(begin.elapsed().as_micros()).unwrap(), Ordering::Relaxed);
            seen.answers.fetch_add(1, Ordering::Relaxed);
        }
        seen.most_memory.fetch_max(server.resident().unwrap(), Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn taken(vendor: &SimHandle) -> usize {
    vendor.with(|model, _| model.accepted().len())
}

async fn batch(server: &Server, id: &str, order: &str) -> Value {
    let (status, _, body) = server.post(&format!("/api/v1/batches/{id}/{order}"), None, &json!({})).await.unwrap();
    assert_eq!(status, 200, "{body}");
    body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_thousand_lines_while_somebody_looks() {
    let vendor = simulator(SimConfig { credit: Micros(10_000_000_000_000), ..SimConfig::default() }).await.unwrap();
    let mut server = Server::new(&vendor, &[("SALIO_ACCOUNTS__ONFON__CALLS_PER_SECOND", "20"), ("SALIO_BALANCE__CALLS_PER_HOUR", "3600")]).unwrap();
    server.start().await.unwrap();
    let server = Arc::new(server);
    let (status, _, body) = server.post("/api/v1/stop-list", None, &json!({ "numbers": [STOPPED] })).await.unwrap();
    assert!(status < 300, "{body}");
    eventually("the first figure", Duration::from_secs(20), || async { server.balance().await.ok().filter(|shown| shown["balance"].is_string()) }).await.unwrap();

    let few = sheet("few", FEWER);
    let small = upload(&server, &few).await;
    wrong_lines_are_told_apart(&server, &small, &few).await;
    let before = server.resident().unwrap();
    let seen = Arc::new(Watch::default());
    let watching = tokio::spawn(watch(server.clone(), seen.clone()));
    let many = sheet("many", LINES);
    let begin = now();
    let big = upload(&server, &many).await;
    let took = begin.elapsed();
    seen.over.store(true, Ordering::Relaxed);
    watching.await.unwrap();
    wrong_lines_are_told_apart(&server, &big, &many).await;

    let slowest = Duration::from_micros(seen.slowest_us.load(Ordering::Relaxed));
    let grown = seen.most_memory.load(Ordering::Relaxed).max(server.resident().unwrap()).saturating_sub(before);
    println!(
        "{LINES} lines in {took:?}; meanwhile {} answers, the slowest after {slowest:?}; memory {} MiB after {FEWER} lines, at most {} MiB more",
        seen.answers.load(Ordering::Relaxed),
        before >> 20,
        grown >> 20
    );
    assert!(seen.answers.load(Ordering::Relaxed) >= 9 && slowest < USABLE, "{slowest:?}");
    assert!(grown < MEMORY, "{} MiB", grown >> 20);

    batch(&server, small["batch_id"].as_str().unwrap(), "cancel").await;
    stops_goes_on_and_ends(&server, &vendor, big["batch_id"].as_str().unwrap(), many.lines - many.wrong.len()).await;
}

/// Pause, resume, cancel of a batch that runs.
async fn stops_goes_on_and_ends(server: &Server, vendor: &SimHandle, id: &str, messages: usize) {
    let read = || async { server.get(&format!("/api/v1/batches/{id}")).await.unwrap() };
    let nothing_under_way = || async { (read().await["counts"]["submitting"] == 0).then_some(()) };
    let of_it = || vendor.with(|model, _| model.accepted().iter().filter(|accepted| accepted.text.ends_with("many")).count());
    let soon = Duration::from_secs(30);
    eventually("it to run", soon, || async { (of_it() > 0).then_some(()) }).await.unwrap();
    assert_eq!(batch(server, id, "pause").await["state"], "paused");
    eventually("what was under way", soon, nothing_under_way).await.unwrap();
    let stood = of_it();
    // Others go on: when this one has been sent, the paused batch had its chance.
    one_more(server, vendor, "while it is paused").await;
    assert_eq!((of_it(), read().await["state"].as_str()), (stood, Some("paused")));

    assert_eq!(batch(server, id, "resume").await["state"], "running");
    eventually("it to go on", soon, || async { (of_it() > stood + 100).then_some(()) }).await.unwrap();
    assert_eq!(batch(server, id, "cancel").await["state"], "cancelled");
    eventually("what was under way", soon, nothing_under_way).await.unwrap();
    eventually("all of it to be taken back", Duration::from_secs(60), || async { (read().await["counts"]["queued"] == 0).then_some(()) }).await.unwrap();
    let sent = of_it();
    one_more(server, vendor, "after it was cancelled").await;
    let (end, all) = (read().await, taken(vendor));
    assert_eq!(of_it(), sent, "nothing that was taken back is sent");
    let count = |state: &str| end["counts"][state].as_u64().and_then(|count| usize::try_from(count).ok()).unwrap();
    assert_eq!((count("sent") + count("unknown"), count("cancelled")), (sent, messages - sent), "{end}, the provider took {all}");
}

/// Sends one and waits until the provider has it.
async fn one_more(server: &Server, vendor: &SimHandle, text: &str) {
    let (status, _, body) = server.post("/api/v1/messages", None, &json!({ "to": "+254720000000", "text": text })).await.unwrap();
    assert_eq!(status, 202, "{body}");
    eventually("one message", Duration::from_secs(30), || async { vendor.with(|model, _| (model.times_accepted("254720000000", text) == 1).then_some(())) }).await.unwrap();
}
