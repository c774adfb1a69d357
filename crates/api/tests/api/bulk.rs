//! Streams of messages: taken, refused line by line, broken, resumed, told again.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use bytes::Bytes;
use futures::{StreamExt, stream};
use http_body_util::BodyExt;
use insta::assert_json_snapshot as snapshot;
use salio_engine::{BalanceOptions, Mode};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::support::{Answer, World, serving, with, world};

const CSV: (&str, &str) = ("content-type", "text/csv");
const NDJSON: (&str, &str) = ("content-type", "application/x-ndjson");
const PATH: &str = "/api/v1/messages/bulk?text=Hi%20%7Bname%7D";

/// So many rows with numbers of their own.
fn rows(count: usize) -> String {
    let rows = (0..count).map(|row| format!("07{:08},Name {row}\n", 10_000_000 + row));
    std::iter::once("to,name\n".to_owned()).chain(rows).collect()
}

async fn csv(world: &World, path: &str, key: Option<&str>, body: &str) -> Answer {
    let mut headers = vec![CSV];
    headers.extend(key.map(|key| ("idempotency-key", key)));
    world.ask("POST", path, &headers, body).await
}

async fn ended<T>(waiting: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), waiting).await.expect("it ends within 20 s")
}

async fn read(response: Response) -> Answer {
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer { status: parts.status.as_u16(), headers: parts.headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
}

/// A request whose body comes piece by piece, and breaks where an error is sent.
struct Slow {
    pieces: mpsc::UnboundedSender<Result<Bytes, std::io::Error>>,
    answer: tokio::task::JoinHandle<Answer>,
}

impl Slow {
    fn begin(world: &World, path: &str, key: Option<&str>) -> Self {
        let (pieces, receiver) = mpsc::unbounded_channel();
        let body = Body::from_stream(stream::unfold(receiver, |mut receiver| async move { receiver.recv().await.map(|piece| (piece, receiver)) }));
        let mut request = Request::builder().method("POST").uri(path).header("host", "localhost").header(CSV.0, CSV.1);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let (router, request) = (world.router.clone(), request.body(body).unwrap());
        let answer = tokio::spawn(async move { read(tower::ServiceExt::oneshot(router, request).await.unwrap()).await });
        Self { pieces, answer }
    }

    fn send(&self, text: &str) {
        self.pieces.send(Ok(Bytes::from(text.to_owned()))).unwrap();
    }

    fn breaks(&self) {
        self.pieces.send(Err(std::io::Error::other("made-up cut"))).unwrap();
    }

    async fn answer(self) -> Answer {
        drop(self.pieces);
        ended(self.answer).await.unwrap()
    }
}

/// The newest batch, once it is as wanted.
async fn batch(world: &World, wanted: impl Fn(&Value) -> bool) -> Value {
    let found = world.until("/api/v1/batches", |page| page["batches"].as_array().and_then(|batches| batches.first()).is_some_and(&wanted)).await;
    found["batches"][0].clone()
}

async fn balance(world: &World, hundredths: i64) {
    world.provider.figure(hundredths);
    assert_eq!(world.post("/api/v1/accounts/onfon/balance/refresh", "").await.status, 200);
}

async fn queued(world: &World) -> Value {
    world.get("/api/v1/accounts/onfon/balance").await.json()["queued"].clone()
}

#[tokio::test]
async fn a_csv_file_is_a_batch_and_wrong_lines_are_told_apart() {
    let world = world().await;
    let body = "Name;Phone\nJane;0712345678\nJohn;07\n\n\"Ann \"\"A\"\"\";+254 722 000 000\nJane;0712345678\nx\n";
    let answer = csv(&world, "/api/v1/messages/bulk?text=Hi%20%7Bname%7D&name=November&priority=normal", None, body).await;
    snapshot!("bulk_csv", answer.shown());
    let id = answer.json()["batch_id"].as_str().unwrap().to_owned();
    assert_eq!(answer.header("location"), format!("/api/v1/batches/{id}"));
    let batch = world.get(answer.header("location")).await.json();
    assert_eq!((&batch["name"], &batch["source"], &batch["priority"], &batch["state"]), (&"November".into(), &"csv".into(), &"normal".into(), &"running".into()));
    assert_eq!((&batch["lines"], &batch["messages"], &batch["rejected"], &batch["duplicates"]), (&5.into(), &2.into(), &3.into(), &1.into()));
    let messages = world.get(&format!("/api/v1/messages?batch={id}")).await.json();
    let lines: Vec<&Value> = messages["messages"].as_array().unwrap().iter().map(|message| &message["line"]).collect();
    assert_eq!(lines, [&Value::from(5), &Value::from(2)]);
    let detail = world.get(&format!("/api/v1/messages/{}", messages["messages"][0]["id"].as_str().unwrap())).await.json();
    assert_eq!((&detail["text"], &detail["from"]), (&"Hi Ann \"A\"".into(), &"PROMO".into()));
    assert_eq!(queued(&world).await, "2.00");
}

#[tokio::test]
async fn ndjson_is_read_line_by_line_and_sent() {
    let world = serving().await;
    let body = "{\"to\":\"0712345678\",\"text\":\"One\"}\n{\"to\":\"0722000000\",\"text\":\"Two {n}\",\"n\":2,\"from\":\"SHOP\"}\n{\"to\":\"0733000000\"}\n{oops}\n";
    let answer = world.ask("POST", "/api/v1/messages/bulk?reference=r-7", &[NDJSON], body).await;
    snapshot!("bulk_ndjson", answer.shown());
    let batch = batch(&world, |batch| batch["state"] == "done").await;
    assert_eq!((&batch["counts"]["sent"], &batch["spent"], &batch["source"]), (&2.into(), &"2.00".into(), &"ndjson".into()));
    let listed = world.get("/api/v1/messages?reference=r-7").await.json();
    assert_eq!(listed["messages"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_stream_without_a_line_that_can_be_sent_is_refused_and_its_key_is_free() {
    let world = world().await;
    let refused = csv(&world, PATH, Some("k-1"), "to,name\n07,Jane\n").await;
    snapshot!("bulk_none_valid", refused.shown());
    assert_eq!((refused.status, refused.code().as_str()), (422, "none_valid"));
    for (headers, body) in [([CSV], "to,name\n"), ([NDJSON], ""), ([NDJSON], "\n\n")] {
        let refused = world.ask("POST", PATH, &headers, body).await;
        assert_eq!((refused.status, refused.code().as_str(), &refused.json()["lines"]), (422, "none_valid", &0.into()), "{body:?}");
    }
    let taken = csv(&world, PATH, Some("k-1"), "to,name\n0712345678,Jane\n").await;
    assert_eq!((taken.status, taken.header("idempotency-replayed")), (202, ""), "{}", taken.text);
    assert_eq!(queued(&world).await, "1.00");
}

#[tokio::test]
async fn a_stream_that_is_wrong_as_a_whole_leaves_nothing() {
    let world = world().await;
    for (query, body, code) in [
        ("text=Hi%20%7Bfirst%7D", "to,name\n0712345678,Jane\n", "unknown_placeholder"),
        ("text=Hi", "telephone,name\n0712345678,Jane\n", "missing_column"),
        ("text=Hi&to_column=Handy", "to,name\n0712345678,Jane\n", "missing_column"),
        ("text=Hi", "", "missing_column"),
        ("", "to,name\n0712345678,Jane\n", "text_missing"),
        ("text=Hi", "to,name,TO\n0712345678,Jane,\n", "duplicate_column"),
        ("text=Hi", "to,\"name\n0712345678,Jane\n", "header_invalid"),
        ("text=Hi%07", "to,name\n0712345678,Jane\n", "text_invalid"),
        ("text=", "to,name\n0712345678,Jane\n", "text_missing"),
        ("text=Hi&from=TWELVE-CHARS", "to,name\n0712345678,Jane\n", "sender_invalid"),
        ("text=Hi&valid_until=2020-01-01T00:00:00Z", "to,name\n0712345678,Jane\n", "valid_until_passed"),
        ("text=Hi&account=nobody", "to,name\n0712345678,Jane\n", "unknown_account"),
    ] {
        let refused = csv(&world, &format!("/api/v1/messages/bulk?{query}"), None, body).await;
        assert_eq!((refused.status, refused.code().as_str()), (422, code), "{query} {}", refused.text);
    }
    for query in ["colour=red", "priority=urgent", "on_short=sometimes", "send_at=tomorrow", "delimiter=ab", "text=a&text=b"] {
        let refused = csv(&world, &format!("/api/v1/messages/bulk?{query}"), None, "to\n").await;
        assert_eq!((refused.status, refused.code().as_str()), (400, "invalid_parameter"), "{query}");
    }
    let named = format!("/api/v1/messages/bulk?text=Hi&name={}", "n".repeat(101));
    assert_eq!(csv(&world, &named, None, "to\n").await.code(), "invalid_parameter");
    for query in ["to_column=to", "delimiter=,"] {
        assert_eq!(world.ask("POST", &format!("/api/v1/messages/bulk?{query}"), &[NDJSON], "{}").await.code(), "invalid_parameter", "{query}");
    }
    for headers in [vec![], vec![("content-type", "application/json")], vec![("content-type", "text/csv; charset=latin1")], vec![CSV, ("content-encoding", "gzip")]] {
        let refused = world.ask("POST", PATH, &headers, "to,name\n0712345678,Jane\n").await;
        assert_eq!((refused.status, refused.code().as_str()), (415, "unsupported_media_type"), "{headers:?}");
    }
    assert_eq!(csv(&world, PATH, Some(""), "to\n").await.code(), "invalid_idempotency_key");
    assert_eq!(world.get("/api/v1/batches").await.text, r#"{"batches":[],"next_cursor":null}"#);
    let taken = world.ask("POST", PATH, &[CSV, ("content-encoding", "identity")], "to,name\n0712345678,Jane\n").await;
    assert_eq!(taken.status, 202, "{}", taken.text);
    let chosen = csv(&world, "/api/v1/messages/bulk?text=%7Bto%7D&to_column=home&delimiter=%7C", None, "to|home\n1,2;3|0712345678\n").await;
    assert_eq!((chosen.status, &chosen.json()["accepted"]), (202, &1.into()), "{}", chosen.text);
}

#[tokio::test]
async fn what_the_balance_does_not_cover_is_refused_held_or_cut() {
    let world = serving().await;
    balance(&world, 250).await;
    let three = rows(3);
    let refused = csv(&world, PATH, Some("k-1"), &three).await;
    snapshot!("bulk_short", refused.shown());
    assert_eq!(batch(&world, |batch| batch["counts"]["cancelled"] == 3).await["state"], "refused");
    // The balance is asked again before anything is refused for it, and the key of a refused stream is free.
    world.provider.figure(1_000);
    let taken = csv(&world, PATH, Some("k-1"), &three).await;
    assert_eq!(taken.status, 202, "{}", taken.text);
    batch(&world, |batch| batch["state"] == "done").await;
    balance(&world, 250).await;
    let cut = csv(&world, &format!("{PATH}&on_short=partial"), None, &three).await;
    assert_eq!((cut.status, &cut.json()["accepted"], &cut.json()["not_covered"], &cut.json()["charge"]), (202, &2.into(), &1.into(), &"2.00".into()), "{}", cut.text);
    let part = batch(&world, |batch| batch["state"] == "done").await;
    assert_eq!((&part["counts"]["sent"], &part["counts"]["cancelled"]), (&2.into(), &1.into()), "{part}");
    balance(&world, 50).await;
    assert_eq!(csv(&world, &format!("{PATH}&on_short=partial"), None, &three).await.code(), "insufficient_balance");
    let held = csv(&world, &format!("{PATH}&on_short=hold"), None, &three).await;
    assert_eq!((held.status, &held.json()["state"]), (202, &"running".into()));
    assert_eq!(batch(&world, |batch| batch["cause"] == "insufficient_balance").await["counts"]["queued"], 3);
}

#[tokio::test]
async fn a_broken_stream_is_never_sent_and_goes_on_where_it_broke() {
    let world = world().await;
    let whole = rows(2_500).replace("0710000007,", "07,").replace("0710002000,Name 2000", "0710000003,Name 3");
    let begun = &whole[..whole.find("Name 1500").unwrap()];
    let slow = Slow::begin(&world, PATH, Some("k-1"));
    slow.send(begun);
    slow.breaks();
    let broken = slow.answer().await;
    assert_eq!((broken.status, broken.code().as_str()), (400, "body_unreadable"));
    let waiting = batch(&world, |_| true).await;
    assert_eq!((&waiting["state"], &waiting["lines"], &waiting["messages"]), (&"receiving".into(), &1_000.into(), &999.into()));
    assert_eq!((&waiting["id"], queued(&world).await), (&broken.json()["batch_id"], "0.00".into()));
    // Another body under the key changes nothing of it.
    for other in [whole.replace("Name 5\n", "Name 6\n"), rows(400)] {
        let refused = csv(&world, PATH, Some("k-1"), &other).await;
        assert_eq!((refused.status, refused.code().as_str()), (422, "idempotency_key_reused"));
    }
    assert_eq!(batch(&world, |_| true).await["lines"], 1_000);
    let taken = csv(&world, PATH, Some("k-1"), &whole).await;
    assert_eq!((taken.status, taken.header("idempotency-replayed")), (202, ""), "{}", taken.text);
    let told = taken.json();
    assert_eq!((&told["batch_id"], &told["lines"], &told["accepted"], &told["duplicates"]), (&waiting["id"], &2_500.into(), &2_498.into(), &1.into()));
    let errors: Vec<(i64, &str)> = told["errors"].as_array().unwrap().iter().map(|error| (error["line"].as_i64().unwrap(), error["code"].as_str().unwrap())).collect();
    assert_eq!(errors, [(9, "invalid_number"), (2_002, "duplicate")], "the repeat of a line that was staged before the break is found");
    assert_eq!(told["errors"][1]["detail"], "254710000003 gets the same text in line 5 already.");
    assert_eq!(queued(&world).await, "2498.00");
}

#[tokio::test]
async fn the_same_stream_again_gives_the_first_answer_and_another_is_refused() {
    let world = serving().await;
    // The whole of a block, so that only the end of the stream tells it from a longer one; and one with a part.
    for (count, key) in [(1_000, "k-1"), (1_001, "k-2"), (3, "k-3")] {
        let whole = rows(count);
        let first = csv(&world, PATH, Some(key), &whole).await;
        assert_eq!((first.status, &first.json()["accepted"]), (202, &count.into()), "{}", first.text);
        batch(&world, |batch| batch["counts"]["queued"] != count).await;
        let again = csv(&world, PATH, Some(key), &whole).await;
        assert_eq!((again.status, again.header("idempotency-replayed"), &again.text), (202, "true", &first.text));
        assert_eq!(again.header("location"), first.header("location"));
        let shorter = whole.strip_suffix('\n').unwrap();
        let row_less = rows(count - 1);
        let longer = rows(count + 1);
        let changed = whole.replace("Name 2\n", "Name II\n");
        for other in [shorter, &row_less, &longer, &changed, &format!("{whole}\n"), "to,name\n"] {
            let refused = csv(&world, PATH, Some(key), other).await;
            assert_eq!((refused.status, refused.code().as_str()), (422, "idempotency_key_reused"), "{count} {} bytes", other.len());
        }
        for path in ["/api/v1/messages/bulk?text=Hi", &format!("{PATH}&on_short=hold"), &format!("{PATH}&account=onfon-marketing")] {
            assert_eq!(csv(&world, path, Some(key), &whole).await.code(), "idempotency_key_reused", "{path}");
        }
    }
    let batches = world.get("/api/v1/batches").await.json();
    assert_eq!(batches["batches"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn without_a_key_a_broken_stream_is_dropped() {
    let world = world().await;
    let slow = Slow::begin(&world, PATH, None);
    slow.send(&rows(1_500));
    batch(&world, |batch| batch["state"] == "receiving" && batch["lines"] == 1_000).await;
    slow.breaks();
    let broken = slow.answer().await;
    assert_eq!((broken.status, broken.code().as_str(), broken.json().get("batch_id")), (400, "body_unreadable", None));
    let dropped = batch(&world, |_| true).await;
    assert_eq!((&dropped["state"], &dropped["cause"]), (&"cancelled".into(), &"abandoned".into()));
    // Nobody is there to be answered: the connection went, and the body broke with it.
    let gone = Slow::begin(&world, PATH, None);
    gone.send(&rows(1_500));
    batch(&world, |batch| batch["state"] == "receiving" && batch["lines"] == 1_000).await;
    gone.answer.abort();
    gone.breaks();
    batch(&world, |batch| batch["state"] == "cancelled" && batch["cause"] == "abandoned").await;
    assert_eq!(queued(&world).await, "0.00");
}

#[tokio::test]
async fn the_newest_stream_of_a_key_takes_over() {
    let world = world().await;
    let whole = rows(2_500);
    let (begun, rest) = whole.split_at(whole.find("Name 1200").unwrap());
    let older = Slow::begin(&world, PATH, Some("k-1"));
    older.send(begun);
    batch(&world, |batch| batch["lines"] == 1_000).await;
    let newer = csv(&world, PATH, Some("k-1"), &whole).await;
    assert_eq!((newer.status, &newer.json()["accepted"]), (202, &2_500.into()), "{}", newer.text);
    older.send(rest);
    let over = older.answer().await;
    assert_eq!((over.status, over.code().as_str()), (409, "stream_taken_over"));
    let (a, b) = tokio::join!(csv(&world, PATH, Some("k-2"), &whole), csv(&world, PATH, Some("k-2"), &whole));
    for answer in [&a, &b] {
        assert!(answer.status == 202 || answer.code() == "stream_taken_over", "{}", answer.text);
    }
    assert!(a.status == 202 || b.status == 202);
    assert_eq!(queued(&world).await, "5000.00", "two at once are one batch");
}

#[tokio::test]
async fn a_batch_that_is_cancelled_while_it_is_received_ends_its_stream() {
    let world = world().await;
    let whole = rows(2_500);
    let (begun, rest) = whole.split_at(whole.find("Name 1200").unwrap());
    let slow = Slow::begin(&world, PATH, Some("k-1"));
    slow.send(begun);
    let id = batch(&world, |batch| batch["lines"] == 1_000).await["id"].as_str().unwrap().to_owned();
    assert_eq!(world.post(&format!("/api/v1/batches/{id}/cancel"), "").await.status, 200);
    slow.send(rest);
    let ended = slow.answer().await;
    assert_eq!((ended.status, ended.code().as_str(), &ended.json()["batch_id"]), (409, "batch_cancelled", &id.into()));
}

#[tokio::test(start_paused = true)]
async fn a_stream_from_which_nothing_comes_has_broken() {
    let world = world().await;
    let slow = Slow::begin(&world, PATH, Some("k-1"));
    slow.send("to,name\n0712345678,Ja");
    let (answer, _open) = (slow.answer, slow.pieces);
    let idle = answer.await.unwrap();
    assert_eq!((idle.status, idle.code().as_str()), (408, "body_unreadable"));
    assert_eq!(world.get("/api/v1/batches").await.json()["batches"][0]["id"], idle.json()["batch_id"]);
}

#[tokio::test]
async fn a_stream_ends_when_salio_stops() {
    let world = world().await;
    let slow = Slow::begin(&world, PATH, Some("k-1"));
    slow.send(&rows(1_500));
    batch(&world, |batch| batch["lines"] == 1_000).await;
    world.stop.cancel();
    let (answer, _open) = (slow.answer, slow.pieces);
    let stopped = ended(answer).await.unwrap();
    assert_eq!((stopped.status, stopped.code().as_str()), (503, "stopping"));
    assert_eq!(batch(&world, |_| true).await["state"], "receiving");
}

#[tokio::test]
async fn fifty_thousand_lines_are_taken_and_the_wrong_ones_told_apart() {
    let world = with(Mode::Command { dispatch: false }, &["onfon"], BalanceOptions::default()).await;
    let body = rows(50_000).replace("0710000777,", "0710,").replace("Name 40000\n", "Name \u{7}\n");
    let pieces: Vec<Result<Bytes, Infallible>> = body.as_bytes().chunks(16_384).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    let request = Request::builder().method("POST").uri(PATH).header("host", "localhost").header(CSV.0, CSV.1);
    let answer = world.send(request.body(Body::from_stream(stream::iter(pieces))).unwrap()).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    let told = answer.json();
    assert_eq!((&told["lines"], &told["accepted"], &told["rejected"], &told["charge"]), (&50_000.into(), &49_998.into(), &2.into(), &"49998.00".into()));
    let errors: Vec<(i64, &str)> = told["errors"].as_array().unwrap().iter().map(|error| (error["line"].as_i64().unwrap(), error["code"].as_str().unwrap())).collect();
    assert_eq!(errors, [(779, "invalid_number"), (40_002, "text_invalid")]);
    assert_eq!(queued(&world).await, "49998.00");
}

#[tokio::test]
async fn only_the_first_hundred_refusals_are_told_at_once() {
    let world = world().await;
    let body = format!("to,name\n{}0712345678,Jane\n", "07,x\n".repeat(150));
    let told = csv(&world, PATH, None, &body).await.json();
    assert_eq!((told["errors"].as_array().unwrap().len(), &told["errors_truncated"], &told["rejected"]), (100, &true.into(), &150.into()));
    let all = world.get(&format!("/api/v1/batches/{}/errors?limit=1000", told["batch_id"].as_str().unwrap())).await.json();
    assert_eq!(all["errors"].as_array().unwrap().len(), 150);
}

#[tokio::test]
async fn a_sender_that_waits_for_leave_gets_it_and_one_that_is_refused_is_told() {
    let world = world().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let serving = tokio::spawn(salio_api::serve(listener, world.router.clone(), stop.clone()));
    let body = "to,name\n0712345678,Jane\n";
    let head = format!("POST {PATH} HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/csv\r\ncontent-length: {}\r\nconnection: close\r\nexpect: 100-continue\r\n\r\n", body.len());
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut leave = [0; 25];
    ended(stream.read_exact(&mut leave)).await.unwrap();
    assert_eq!(std::str::from_utf8(&leave).unwrap(), "HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    ended(stream.read_to_string(&mut answer)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 202 "), "{answer}");
    // A megabyte is on its way when the header is refused: it is read, so that the answer arrives.
    let wrong = rows(40_000).replacen("to,name", "telephone,name", 1);
    let head = format!("POST {PATH} HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/csv\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", wrong.len());
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    ended(stream.write_all(wrong.as_bytes())).await.unwrap();
    let mut answer = String::new();
    ended(stream.read_to_string(&mut answer)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 422 ") && answer.contains("missing_column"), "{answer}");
    stop.cancel();
    ended(serving).await.unwrap();
}

#[tokio::test]
async fn viewers_hear_of_a_batch_while_it_is_received() {
    let world = serving().await;
    let request = Request::builder().uri("/api/v1/events").header("host", "localhost").body(Body::empty()).unwrap();
    let mut events = tower::ServiceExt::oneshot(world.router.clone(), request).await.unwrap().into_body().into_data_stream();
    let slow = Slow::begin(&world, PATH, Some("k-1"));
    slow.send(&rows(1_500));
    let mut heard = String::new();
    ended(async {
        while !(heard.contains("event: batch") && heard.contains("\"state\":\"receiving\"") && heard.contains("\"lines\":1000")) {
            heard.push_str(std::str::from_utf8(&events.next().await.unwrap().unwrap()).unwrap());
        }
    })
    .await;
    assert!(!heard.contains("event: message"), "{heard}");
    slow.breaks();
    assert_eq!(slow.answer().await.status, 400);
}
