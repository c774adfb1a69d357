//! Reads of a balance: Salio and a bare route with an answer of that size.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use anyhow::Result;
use salio_simulator::{SimConfig, Simulator};

use crate::figures::{Figures, Goal};
use crate::limit::Limit;
use crate::load::Load;
use crate::load::connection::get;
use crate::options::Options;
use crate::pair::Pair;
use crate::server::Launch;

const CONNECTIONS: usize = 64;
const PATH: &str = "/api/v1/accounts/onfon/balance";

pub async fn measure(options: &Options, figures: &mut Figures) -> Result<()> {
    let limit = Limit::start("limit-read").await?;
    let vendor = Simulator::bind("127.0.0.1:0".parse()?, SimConfig::default()).await?;
    let server = Launch::new(&options.binary, vendor.environment())?.once().await?;
    server.get(PATH).await?;
    let (theirs, ours) = (load(&limit.address, limit.pid, "/balance", options), load(&server.address, server.pid, PATH, options));
    let mut pair = Pair::default();
    for _ in 0..options.size(7, 3) {
        pair.round(&theirs, &ours).await?;
    }
    let (rate, p99) = (pair.of(|m| m.rate), pair.of(|m| m.p99_ms));
    figures.ratio(format!("balance reads, {CONNECTIONS} conn: rate"), rate.ratio, Goal::AtLeast(0.70), rate.shown("/s", 0));
    figures.note(format!("balance reads, {CONNECTIONS} conn: p99"), p99.shown(" ms", 2));
    Ok(())
}

fn load(address: &str, pid: u32, path: &'static str, options: &Options) -> Load {
    let host = address.to_owned();
    Load {
        address: address.to_owned(),
        pid,
        connections: CONNECTIONS,
        time: Duration::from_millis(options.size(2000, 1000) as u64),
        status: 200,
        write: Arc::new(move |_, request| get(request, &host, path)),
        next: Arc::new(AtomicU64::new(0)),
    }
}
