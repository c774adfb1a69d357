//! Ratios against references, each pair interleaved in one run on this machine: `make bench`.
//!
//! A single figure from a shared machine means little; a ratio of two things measured in turn means more. Every figure says what it was held against.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::float_arithmetic, reason = "rates and ratios, no money")]
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]

mod bare;
mod footprint;
mod latency;
mod load;
mod server;

use anyhow::Result;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some("bare") => bare::serve().await,
        _ => all().await,
    }
}

async fn all() -> Result<()> {
    println!("salio bench: medians of interleaved rounds, load and servers on the same machine");
    load::balance_reads().await?;
    latency::send_to_estimate().await?;
    footprint::measure().await
}
