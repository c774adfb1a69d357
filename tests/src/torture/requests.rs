//! What is asked for: single messages, lists, streams of CSV. Each is the same to the byte whenever it is sent, and says of itself which messages it makes.

use std::fmt::Write;

use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::json;

/// Numbers that many messages go to.
const HOT: u64 = 40;
/// Lines of the longest request: each request has as many numbers to itself.
const MOST: u64 = 2_000;

/// How it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One recipient.
    Single,
    /// A list of recipients with one text.
    List,
    /// A stream.
    Csv,
}

/// One message that a request makes.
#[derive(Clone, Debug)]
pub struct Row {
    /// The recipient.
    pub to: String,
    /// The text as the provider must get it.
    pub text: String,
    /// The caller's word for it; with the recipient it names the message.
    pub reference: String,
}

/// A request under its own key.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its `Idempotency-Key`.
    pub key: String,
    /// How it is sent.
    pub kind: Kind,
    /// Where to.
    pub path: &'static str,
    /// `Content-Type`.
    pub content_type: &'static str,
    /// What is sent.
    pub body: String,
    /// The messages that it makes.
    pub rows: Vec<Row>,
    /// Lines that carry something; recipients.
    pub lines: usize,
    /// Lines that repeat another.
    pub duplicates: usize,
    /// Its messages may be too late.
    pub expires: bool,
}

/// The request number `n`.
#[must_use]
pub fn request(kind: Kind, n: u64, rng: &mut StdRng) -> Request {
    match kind {
        Kind::Single => single(n, rng),
        Kind::List => list(n, rng),
        Kind::Csv => csv(n, rng),
    }
}

/// A number that no other message goes to.
fn own_number(own: u64) -> String {
    format!("2547{:08}", own % 100_000_000)
}

/// A number of its own, or one that many messages go to.
fn number(own: u64, rng: &mut StdRng) -> String {
    if rng.random_bool(0.2) { format!("25472{:07}", rng.random_range(0..HOT)) } else { own_number(own) }
}

/// Now and then a text of several segments, or one that GSM 03.38 cannot carry.
fn text(label: &str, rng: &mut StdRng) -> String {
    match rng.random_range(0..20) {
        0 => format!("{label} {}", "long ".repeat(40)).trim_end().to_owned(),
        1 => format!("{label} ни хао 你好"),
        _ => label.to_owned(),
    }
}

fn single(n: u64, rng: &mut StdRng) -> Request {
    let label = format!("single {n:06}");
    let row = Row { to: number(n * MOST, rng), text: text(&label, rng), reference: label.clone() };
    let mut body = json!({ "to": format!("+{}", row.to), "text": row.text, "reference": label });
    let expires = rng.random_bool(0.05);
    match rng.random_range(0..20) {
        _ if expires => body["valid_until"] = json!(in_a_moment(rng.random_range(1..4))),
        0 => body["send_at"] = json!(in_a_moment(rng.random_range(1..4))),
        1..4 => body["priority"] = json!("high"),
        _ => {}
    }
    finish(label, Kind::Single, "/api/v1/messages", body.to_string(), vec![row], expires)
}

fn list(n: u64, rng: &mut StdRng) -> Request {
    let label = format!("list {n:06}");
    let text = text(&label, rng);
    let count = rng.random_range(1..20_u64);
    let rows: Vec<Row> = (0..count).map(|at| Row { to: own_number(n * MOST + at), text: text.clone(), reference: label.clone() }).collect();
    let to: Vec<&str> = rows.iter().map(|row| row.to.as_str()).collect();
    let body = json!({ "to": to, "text": text, "reference": label, "on_short": "hold" });
    finish(label, Kind::List, "/api/v1/messages", body.to_string(), rows, false)
}

fn csv(n: u64, rng: &mut StdRng) -> Request {
    let label = format!("csv {n:06}");
    let (mut rows, mut body, mut duplicates) = (Vec::new(), "to,name,text,reference\n".to_owned(), 0);
    let lines = [rng.random_range(1..60_usize), rng.random_range(200..2_000)][usize::from(rng.random_bool(0.08))];
    for line in 0..lines {
        let reference = format!("{label}/{line}");
        let dice = if rows.is_empty() { usize::MAX } else { rng.random_range(0..40) };
        // Written to a String: it cannot fail.
        let _ = match dice {
            0 => writeln!(body, "{},Bad,bad {reference},{reference}", ["12", "", "abc", "+1"][line % 4]),
            1 => writeln!(body, "25471{line:07},Bad,\"{{nobody}} {reference}\",{reference}"),
            2 => {
                let earlier: &Row = &rows[rng.random_range(0..rows.len())];
                let text = earlier.text.strip_prefix("Hi, Ann ").unwrap_or_default();
                duplicates += 1;
                writeln!(body, "{},Ann,\"Hi, {{name}} {text}\",again", earlier.to)
            }
            _ => {
                let row = Row { to: number(n * MOST + line as u64, rng), text: format!("Hi, Ann {reference}"), reference };
                rows.push(row.clone());
                writeln!(body, "{},Ann,\"Hi, {{name}} {}\",{}", row.to, row.reference, row.reference)
            }
        };
    }
    let mut request = finish(label, Kind::Csv, "/api/v1/messages/bulk?on_short=hold", body, rows, false);
    (request.content_type, request.lines, request.duplicates) = ("text/csv", lines, duplicates);
    request
}

fn finish(key: String, kind: Kind, path: &'static str, body: String, rows: Vec<Row>, expires: bool) -> Request {
    Request { key, kind, path, content_type: "application/json", body, lines: rows.len(), rows, duplicates: 0, expires }
}

#[expect(clippy::disallowed_methods, reason = "a caller has a clock of its own")]
fn in_a_moment(seconds: u64) -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let micros = i64::try_from(since.as_micros()).unwrap_or(i64::MAX);
    salio_domain::Timestamp::from_micros(micros).after(std::time::Duration::from_secs(seconds)).to_string()
}
