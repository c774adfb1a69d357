//! What the binary takes: size, start to the first answer, memory when idle.

use std::time::Duration;

use anyhow::{Context, Result};

use crate::load::median;
use crate::server::{Server, binary};

const STARTS: usize = 7;
const IDLE: Duration = Duration::from_secs(5);

/// Prints all three with their goals.
pub async fn measure() -> Result<()> {
    let mebibytes = |bytes: u64| bytes as f64 / 1_048_576.0;
    println!("binary: {:.1} MiB (goal at most 30)", mebibytes(std::fs::metadata(binary()?)?.len()));
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        starts.push(Server::start().await?.started_in.as_secs_f64() * 1000.0);
    }
    println!("start to first answer: {:.0} ms (goal at most 300)", median(&mut starts));
    let server = Server::start().await?;
    tokio::time::sleep(IDLE).await;
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.child.id().context("it ended")?))?;
    let kibibytes: u64 = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).and_then(|rest| rest.trim().split(' ').next()).context("no VmRSS")?.parse()?;
    println!("idle memory: {:.1} MiB (goal at most 40)", mebibytes(kibibytes * 1024));
    Ok(())
}
