//! A million lines of CSV in one request: how fast they are on disk, what memory they take, and whether a page can be used meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::figures::{Figures, Goal, median};
use crate::limit::insert;
use crate::load::connection::{Connection, get};
use crate::load::percentile;
use crate::options::Options;
use crate::process;
use crate::server::{Launch, Server};
use crate::sink::Sink;
use crate::text;

/// As a browser or a client library writes a file.
const CHUNK: usize = 64 * 1024;
const SMALL: usize = 10_000;
/// A page that is open asks far less often.
const LOOK_EVERY: Duration = Duration::from_millis(20);

pub async fn measure(options: &Options, figures: &mut Figures) -> Result<()> {
    let (lines, rounds) = (options.size(1_000_000, 200_000), options.size(3, 1));
    let sink = Sink::start(Duration::ZERO)?;
    let server = Launch::new(&options.binary, sink.environment())?.once().await?;
    server.pause().await?;
    upload(&server, &text::lines(SMALL), SMALL).await?;
    let before = process::peak_mib(server.pid)?;
    let csv = text::lines(lines);
    let (mut pairs, mut page, mut after) = (Vec::new(), Page::default(), f64::NAN);
    for round in 0..rounds {
        let (limit, limit_cpu) = insert::measure(lines).await?;
        let (salio, salio_cpu) = watched(&server, &csv, lines, &mut page).await?;
        pairs.push([salio / limit, salio, limit, salio_cpu / limit_cpu, salio_cpu, limit_cpu]);
        if round == 0 {
            after = process::peak_mib(server.pid)?;
        }
    }
    let of = |place: usize| median(&pairs.iter().map(|pair| pair.get(place).copied().unwrap_or(f64::NAN)).collect::<Vec<_>>());
    figures.ratio(format!("bulk, {lines} CSV lines: rate"), of(0), Goal::AtLeast(0.40), format!("{:.0}/s of {:.0}/s", of(1), of(2)));
    figures.note("bulk: CPU a line", format!("{:.1} µs of {:.1} µs, {:.2} of it", of(4), of(5), of(3)));
    figures.value(format!("bulk: memory, {SMALL} to {lines} lines, more by"), after - before, "MiB", Goal::AtMost(64.0));
    figures.value("bulk meanwhile: balance p99", percentile(&mut page.balance, 990), "ms", Goal::AtMost(100.0));
    figures.value("bulk meanwhile: list of 50 p99", percentile(&mut page.list, 990), "ms", Goal::AtMost(500.0));
    Ok(())
}

/// How long a page waited for its figures.
#[derive(Default)]
struct Page {
    balance: Vec<Duration>,
    list: Vec<Duration>,
}

/// Lines a second and CPU microseconds a line, while somebody looks.
async fn watched(server: &Server, csv: &[u8], lines: usize, page: &mut Page) -> Result<(f64, f64)> {
    let done = Arc::new(AtomicBool::new(false));
    let looking = tokio::spawn(look(server.address.clone(), done.clone()));
    let (begun, cpu) = (Instant::now(), process::cpu_ms(server.pid)?);
    let uploaded = upload(server, csv, lines).await;
    let (elapsed, cpu) = (begun.elapsed().as_secs_f64(), process::cpu_ms(server.pid)? - cpu);
    done.store(true, Ordering::Relaxed);
    let looked = looking.await??;
    page.balance.extend(looked.balance);
    page.list.extend(looked.list);
    uploaded?;
    Ok((lines as f64 / elapsed, cpu * 1000.0 / lines as f64))
}

async fn look(address: String, done: Arc<AtomicBool>) -> Result<Page> {
    let mut connection = Connection::open(&address).await?;
    let (mut page, mut request) = (Page::default(), Vec::new());
    while !done.load(Ordering::Relaxed) {
        for (path, taken) in [("/api/v1/accounts/onfon/balance", &mut page.balance), ("/api/v1/messages?limit=50", &mut page.list)] {
            get(&mut request, &address, path);
            let begun = Instant::now();
            let answer = connection.exchange(&request).await?;
            ensure!(answer.status == 200, "GET {path}: {} {}", answer.status, answer.text());
            taken.push(begun.elapsed());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(page)
}

/// Uploads them; a fault unless every line is accepted.
pub async fn upload(server: &Server, csv: &[u8], lines: usize) -> Result<()> {
    let mut connection = Connection::open(&server.address).await?;
    let path = format!("/api/v1/messages/bulk?text={}", text::encoded(text::TEMPLATE));
    let head = format!("POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: text/csv\r\nContent-Length: {}\r\n\r\n", server.address, csv.len());
    connection.write(head.as_bytes()).await?;
    for chunk in csv.chunks(CHUNK) {
        if connection.write(chunk).await.is_err() {
            // It has answered already and reads no more; what it said is below.
            break;
        }
    }
    let answer = connection.read().await.context("POST /api/v1/messages/bulk: no answer")?;
    ensure!(answer.status == 202, "POST /api/v1/messages/bulk: {} {}", answer.status, answer.text());
    let said: serde_json::Value = serde_json::from_slice(answer.body)?;
    ensure!(said.get("accepted").and_then(serde_json::Value::as_u64) == Some(lines as u64), "of {lines} lines not all were accepted: {said}");
    Ok(())
}
