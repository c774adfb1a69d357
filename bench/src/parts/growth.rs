//! What a message, a list and a balance cost with few and with many messages stored. The servers differ only in that, and are asked in turn.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::{accept, dispatch, seed};
use crate::figures::{Figures, Goal, median};
use crate::load::connection::get;
use crate::load::{Load, Measured};
use crate::options::Options;
use crate::server::{Launch, Server};
use crate::sink::Sink;
use crate::text;

/// What a grown store may cost more.
const MORE: f64 = 1.5;
const LIST: &str = "/api/v1/messages?limit=50";
const BALANCE: &str = "/api/v1/accounts/onfon/balance";

/// A server with so many messages.
struct Grown {
    stored: i64,
    accept: Load,
    list: Load,
    balance: Load,
    rounds: Vec<[Measured; 3]>,
    _server: Server,
    _sink: Sink,
    _launch: Launch,
}

pub async fn measure(options: &Options, figures: &mut Figures) -> Result<()> {
    let mut all = Vec::new();
    for stored in [1_000, 100_000, 1_000_000].into_iter().chain(options.ten_million.then_some(10_000_000)) {
        all.push(grown(stored, options).await?);
    }
    for _ in 0..options.size(7, 2) {
        for one in &mut all {
            one.rounds.push([one.accept.run().await?, one.list.run().await?, one.balance.run().await?]);
        }
    }
    show(&all, figures);
    Ok(())
}

async fn grown(stored: i64, options: &Options) -> Result<Grown> {
    let sink = Sink::start(Duration::ZERO)?;
    let launch = Launch::new(&options.binary, sink.environment())?;
    let first = launch.start().await?;
    first.must("/api/v1/messages", &text::one(0)).await?;
    dispatch::arrived(&sink, 1).await?;
    sent(&first).await?;
    first.kill().await?;
    let (path, begun) = (launch.database(), Instant::now());
    tokio::task::spawn_blocking(move || seed::grow(&path, stored)).await??;
    println!("   {stored} messages stored in {:.1?}", begun.elapsed());
    let server = launch.start().await?;
    accept::silence(&server, &sink).await?;
    let reads = |path: &'static str| reads(&server, path);
    let accept = Load { time: Duration::from_secs(1), ..accept::load(&server.address, server.pid, 64, options) };
    Ok(Grown { stored, accept, list: reads(LIST), balance: reads(BALANCE), rounds: Vec::new(), _server: server, _sink: sink, _launch: launch })
}

/// Waits until the provider's answer is written down.
async fn sent(server: &Server) -> Result<()> {
    let begun = Instant::now();
    while !server.get(LIST).await?.contains(r#""state":"sent""#) {
        ensure!(begun.elapsed() < Duration::from_secs(10), "the first message was not sent: {}", server.get(LIST).await?);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

/// One viewer that reads again and again.
fn reads(server: &Server, path: &'static str) -> Load {
    let host = server.address.clone();
    Load {
        address: host.clone(),
        pid: server.pid,
        connections: 1,
        time: Duration::from_millis(300),
        status: 200,
        write: Arc::new(move |_, request| get(request, &host, path)),
        next: Arc::new(AtomicU64::new(0)),
    }
}

fn show(all: &[Grown], figures: &mut Figures) {
    let [small, hundred, larger @ ..] = all else { return };
    for one in all.iter().skip(1) {
        let base = if one.stored > 1_000_000 { hundred } else { small };
        compare("accept p50", 0, p50, (one, base), figures);
        compare("accept CPU per 1,000", 0, cpu, (one, base), figures);
    }
    for one in larger {
        compare("list of 50 p50", 1, p50, (one, hundred), figures);
        compare("balance p50", 2, p50, (one, hundred), figures);
    }
}

/// Round by round: both were measured within a few seconds.
fn compare(what: &str, place: usize, figure: fn(&Measured) -> f64, (one, base): (&Grown, &Grown), figures: &mut Figures) {
    let of = |grown: &Grown| grown.rounds.iter().filter_map(|round| round.get(place)).map(figure).collect::<Vec<_>>();
    let ratios: Vec<_> = of(one).iter().zip(of(base)).map(|(now, then)| now / then).collect();
    let name = format!("{what}, {} stored against {}", one.stored, base.stored);
    figures.ratio(name, median(&ratios), Goal::AtMost(MORE), format!("{:.3} ms against {:.3} ms", median(&of(one)), median(&of(base))));
}

const fn p50(measured: &Measured) -> f64 {
    measured.p50_ms
}

const fn cpu(measured: &Measured) -> f64 {
    measured.cpu_ms
}
