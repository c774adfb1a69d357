//! Accepting one message by HTTP, durably, with nothing sent meanwhile: against the least server that writes the same rows.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::figures::{Figures, Goal};
use crate::limit::Limit;
use crate::load::connection::post_json;
use crate::load::{Load, Write};
use crate::options::Options;
use crate::pair::Pair;
use crate::server::{Launch, Server};
use crate::sink::Sink;
use crate::text;

const PATH: &str = "/api/v1/messages";

/// At 64, 16 and 1 connections.
pub async fn measure(options: &Options, figures: &mut Figures) -> Result<()> {
    let limit = Limit::start("limit-accept").await?;
    let sink = Sink::start(Duration::ZERO)?;
    let server = Launch::new(&options.binary, sink.environment())?.once().await?;
    silence(&server, &sink).await?;
    for connections in [64, 16, 1] {
        let mut pair = Pair::default();
        let (theirs, ours) = (load(&limit.address, limit.pid, connections, options), load(&server.address, server.pid, connections, options));
        for _ in 0..options.size(7, 3) {
            pair.round(&theirs, &ours).await?;
        }
        show(&pair, connections, figures);
    }
    Ok(())
}

/// Single messages at a server that speaks Salio's words.
pub fn load(address: &str, pid: u32, connections: usize, options: &Options) -> Load {
    let host = address.to_owned();
    let write: Write = Arc::new(move |n, request| post_json(request, &host, PATH, &text::one(n)));
    let time = Duration::from_millis(options.size(2000, 1000) as u64);
    Load { address: address.to_owned(), pid, connections, time, status: 202, write, next: Arc::new(AtomicU64::new(0)) }
}

fn show(pair: &Pair, connections: usize, figures: &mut Figures) {
    let name = |what: &str| format!("accept, {connections} conn: {what}");
    let (rate, p50, p99, cpu) = (pair.of(|m| m.rate), pair.of(|m| m.p50_ms), pair.of(|m| m.p99_ms), pair.of(|m| m.cpu_ms));
    figures.ratio(name("rate"), rate.ratio, Goal::AtLeast(0.50), rate.shown("/s", 0));
    figures.note(name("p50"), p50.shown(" ms", 2));
    figures.ratio(name("p99"), p99.ratio, Goal::AtMost(2.0), p99.shown(" ms", 2));
    figures.ratio(name("CPU per 1,000"), cpu.ratio, Goal::AtMost(2.0), cpu.shown(" ms", 1));
    if connections == 1 {
        figures.value(name("p50"), p50.salio, "ms", Goal::AtMost(0.5));
        figures.value(name("p99"), p99.salio, "ms", Goal::AtMost(1.0));
    }
}

/// Nothing is sent from now on, so that accepting alone is measured.
pub async fn silence(server: &Server, sink: &Sink) -> Result<()> {
    let (status, said) = server.post("/api/v1/accounts/onfon/pause", "{}").await?;
    if status != 404 {
        ensure!(status == 200, "the account was not paused: {status} {said}");
        return Ok(());
    }
    // A server of before that route stops when its key is refused.
    sink.refuse(true);
    server.must(PATH, &text::one(0)).await?;
    for _ in 0..500 {
        if !server.get("/api/v1/accounts/onfon/balance").await?.contains(r#""paused":null"#) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    ensure!(false, "the account was not paused: {}", server.get("/api/v1/accounts/onfon/balance").await?);
    Ok(())
}
