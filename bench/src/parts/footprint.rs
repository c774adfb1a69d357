//! What the binary takes: size, start to the first answer, memory when idle.

use std::time::Duration;

use anyhow::Result;
use salio_simulator::{SimConfig, Simulator};

use crate::figures::{Figures, Goal, median};
use crate::options::Options;
use crate::process::rss_mib;
use crate::server::Launch;

const STARTS: usize = 7;
const IDLE: Duration = Duration::from_secs(5);

pub async fn measure(options: &Options, figures: &mut Figures) -> Result<()> {
    figures.value("binary", std::fs::metadata(&options.binary)?.len() as f64 / 1_048_576.0, "MiB", Goal::AtMost(30.0));
    let vendor = Simulator::bind("127.0.0.1:0".parse()?, SimConfig::default()).await?;
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        starts.push(Launch::new(&options.binary, vendor.environment())?.once().await?.started_in.as_secs_f64() * 1000.0);
    }
    figures.value("start to the first answer", median(&starts), "ms", Goal::AtMost(300.0));
    let server = Launch::new(&options.binary, vendor.environment())?.once().await?;
    tokio::time::sleep(IDLE).await;
    figures.value("idle memory", rss_mib(server.pid)?, "MiB", Goal::AtMost(40.0));
    Ok(())
}
