//! Sending what waits: to a provider that takes 50 ms, to one that answers at once, and everything from the request to the provider, one message each.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::accept;
use crate::figures::{Figures, Goal, median};
use crate::limit::Limit;
use crate::limit::post::Poster;
use crate::load::Measured;
use crate::options::Options;
use crate::process;
use crate::server::{Launch, Server};
use crate::sink::Sink;
use crate::text;

const BATCH: usize = 20;
const CONCURRENCY: usize = 64;
const LATENCY: Duration = Duration::from_millis(50);
/// Recipients of a list at most.
const A_LIST: u64 = 10_000;
/// The sink takes nothing for so long: then something is wrong.
const STUCK: Duration = Duration::from_secs(20);

pub async fn measure(options: &Options, figures: &mut Figures) -> Result<()> {
    for batch in [1, BATCH] {
        through(batch, options, figures).await?;
    }
    slow(options, figures).await?;
    instant(options, figures).await
}

async fn slow(options: &Options, figures: &mut Figures) -> Result<()> {
    let sink = Sink::start(LATENCY)?;
    let server = launch(options, &sink, BATCH)?.once().await?;
    let alone = Poster::new(sink.send_url(), BATCH, CONCURRENCY)?;
    let messages = options.size(200_000, 50_000);
    let (mut rates, mut limits) = (Vec::new(), Vec::new());
    for round in 0..options.size(3, 1) as u64 {
        limits.push(alone.rate(messages).await?);
        rates.push(emptied(&server, &sink, round, messages).await?.0);
    }
    let (rate, most) = (median(&rates), (CONCURRENCY * BATCH) as f64 / LATENCY.as_secs_f64());
    figures.ratio(format!("dispatch, 50 ms, {BATCH} × {CONCURRENCY}"), rate / most, Goal::AtLeast(0.90), format!("{rate:.0}/s of {most:.0}/s"));
    figures.note("dispatch, 50 ms: the client alone", format!("{:.0}/s", median(&limits)));
    Ok(())
}

async fn instant(options: &Options, figures: &mut Figures) -> Result<()> {
    let sink = Sink::start(Duration::ZERO)?;
    let server = launch(options, &sink, BATCH)?.once().await?;
    let alone = Poster::new(sink.send_url(), BATCH, CONCURRENCY)?;
    let messages = options.size(100_000, 20_000);
    let (mut rates, mut limits, mut ratios, mut cpus) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for round in 0..options.size(5, 2) as u64 {
        let limit = alone.rate(messages).await?;
        let (rate, cpu) = emptied(&server, &sink, round, messages).await?;
        rates.push(rate);
        limits.push(limit);
        ratios.push(rate / limit);
        cpus.push(cpu);
    }
    figures.ratio(format!("dispatch, instant, {BATCH} × {CONCURRENCY}"), median(&ratios), Goal::AtLeast(0.50), format!("{:.0}/s of {:.0}/s", median(&rates), median(&limits)));
    figures.note("dispatch, instant: CPU per 1,000", format!("{:.1} ms", median(&cpus)));
    Ok(())
}

/// Settings that let the account go as fast as it can.
pub fn launch(options: &Options, sink: &Sink, batch: usize) -> Result<Launch> {
    let launch = Launch::new(&options.binary, sink.environment())?;
    Ok(launch.with("SALIO_ACCOUNTS__ONFON__CALLS_PER_SECOND", 10_000).with("SALIO_ACCOUNTS__ONFON__CONCURRENCY", CONCURRENCY).with("SALIO_ACCOUNTS__ONFON__BATCH_SIZE", batch))
}

/// Fills the queue of a paused account, lets it go, and waits for the last message: messages a second, and CPU for 1,000 in ms.
async fn emptied(server: &Server, sink: &Sink, round: u64, messages: usize) -> Result<(f64, f64)> {
    server.pause().await?;
    fill(server, round, messages as u64).await?;
    let (from, cpu) = (sink.rows(), process::cpu_ms(server.pid)?);
    server.resume().await?;
    arrived(sink, from + 1).await?;
    let begun = Instant::now();
    arrived(sink, from + messages as u64).await?;
    Ok((messages as f64 / begun.elapsed().as_secs_f64(), (process::cpu_ms(server.pid)? - cpu) * 1000.0 / messages as f64))
}

/// Accepts so many messages, in lists.
pub async fn fill(server: &Server, round: u64, messages: u64) -> Result<()> {
    for first in (0..messages).step_by(A_LIST.try_into()?) {
        server.must("/api/v1/messages", &text::list(round * messages + first, A_LIST.min(messages - first))).await?;
    }
    Ok(())
}

/// Waits until the sink has taken so many.
pub async fn arrived(sink: &Sink, rows: u64) -> Result<()> {
    let (mut last, mut since) = (sink.rows(), Instant::now());
    while sink.rows() < rows {
        tokio::time::sleep(Duration::from_millis(1)).await;
        if sink.rows() != last {
            (last, since) = (sink.rows(), Instant::now());
        }
        ensure!(since.elapsed() < STUCK, "the provider got {last} messages of {rows} and then nothing for {STUCK:?}");
    }
    Ok(())
}

/// From the request to the provider. The goals are those against other gateways (2.5 of 5,440/s and 1.3 of 11,730/s, 0.3 of 308 ms CPU per 1,000),
/// told as parts of the accept limit, which was measured with them: 66,500/s and 16 ms.
async fn through(batch: usize, options: &Options, figures: &mut Figures) -> Result<()> {
    let limit = Limit::start("limit-accept").await?;
    let sink = Sink::start(Duration::ZERO)?;
    let server = launch(options, &sink, batch)?.once().await?;
    let (theirs, ours) = (accept::load(&limit.address, limit.pid, CONCURRENCY, options), accept::load(&server.address, server.pid, CONCURRENCY, options));
    let (mut all, mut cpus) = (Vec::new(), Vec::new());
    for _ in 0..options.size(5, 2) {
        let alone: Measured = theirs.run().await?;
        let (begun, from, cpu) = (Instant::now(), ours.asked(), process::cpu_ms(server.pid)?);
        ours.run().await?;
        arrived(&sink, ours.asked()).await?;
        let count = (ours.asked() - from) as f64;
        let (rate, cpu) = (count / begun.elapsed().as_secs_f64(), (process::cpu_ms(server.pid)? - cpu) * 1000.0 / count);
        all.push([rate / alone.rate, rate, alone.rate]);
        cpus.push([cpu / alone.cpu_ms, cpu, alone.cpu_ms]);
    }
    let of = |rounds: &[[f64; 3]], place: usize| median(&rounds.iter().filter_map(|round| round.get(place)).copied().collect::<Vec<_>>());
    let name = format!("accepted and delivered, {batch} a call");
    figures.ratio(format!("{name}: rate"), of(&all, 0), Goal::AtLeast(0.23), format!("{:.0}/s of {:.0}/s", of(&all, 1), of(&all, 2)));
    figures.ratio(format!("{name}: CPU per 1,000"), of(&cpus, 0), Goal::AtMost(5.8), format!("{:.1} ms of {:.1} ms", of(&cpus, 1), of(&cpus, 2)));
    Ok(())
}
