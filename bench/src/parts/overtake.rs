//! A one-time code while a batch of a million runs, with the settings and the latency of a real account.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::{bulk, dispatch};
use crate::figures::{Figures, Goal};
use crate::load::percentile;
use crate::options::Options;
use crate::server::{Launch, Server};
use crate::sink::Sink;
use crate::text;

/// Nobody else in the batch has such a number.
const CODES: &str = "254110";
const LATENCY: Duration = Duration::from_millis(50);
const WITHIN: Duration = Duration::from_secs(30);

pub async fn measure(options: &Options, figures: &mut Figures) -> Result<()> {
    let mut sink = Sink::start(LATENCY)?;
    let server = Launch::new(&options.binary, sink.environment())?.once().await?;
    let lines = options.size(1_000_000, 200_000);
    bulk::upload(&server, &text::lines(lines), lines).await?;
    dispatch::arrived(&sink, 1000).await?;
    sink.keep(true);
    let mut taken = Vec::new();
    for n in 0..options.size(30, 5) {
        taken.push(code(&server, &mut sink, n).await?);
    }
    let left = lines as u64 + taken.len() as u64 - sink.rows();
    figures.note("one-time code over a running batch: p50", format!("{:.0} ms, {left} waiting behind it", percentile(&mut taken, 500)));
    figures.value("one-time code over a running batch: slowest", percentile(&mut taken, 1000), "ms", Goal::AtMost(1000.0));
    Ok(())
}

/// From its `202` to the provider.
async fn code(server: &Server, sink: &mut Sink, n: usize) -> Result<Duration> {
    let number = format!("{CODES}{n:06}");
    server.must("/api/v1/messages", &format!(r#"{{"to":"{number}","text":"Your code is {n:06}","priority":"high"}}"#)).await?;
    let accepted = Instant::now();
    let arrival = async {
        loop {
            let named = sink.named.recv().await.context("the provider has gone")?;
            if named.number == number {
                return anyhow::Ok(named.at);
            }
        }
    };
    let at = tokio::time::timeout(WITHIN, arrival).await.context("the code did not arrive")??;
    Ok(at.saturating_duration_since(accepted))
}
