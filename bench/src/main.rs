//! Ratios against references, interleaved in one run on this machine: `make bench`, or some parts: `cargo run --release -p salio-bench -- accept bulk`.
//!
//! A single figure from a shared machine means little; a ratio of two things measured in turn means more. Every figure says what it was held against.
//! A miss is a figure like any other; only what could not be measured makes the program fail.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::float_arithmetic, reason = "rates and ratios, no money")]
#![expect(clippy::disallowed_methods, reason = "a bench measures time, and one limit is the HTTP client itself")]

mod figures;
mod limit;
mod load;
mod options;
mod pair;
mod parts;
mod process;
mod server;
mod sink;
mod text;

use std::process::ExitCode;

use anyhow::Result;

use crate::figures::Figures;
use crate::options::Options;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<ExitCode> {
    let mut words = std::env::args().skip(1);
    let first = words.next();
    if let Some(name) = &first
        && limit::is(name, &mut words).await?
    {
        return Ok(ExitCode::SUCCESS);
    }
    measure(&Options::read(first.into_iter().chain(words))?).await
}

async fn measure(options: &Options) -> Result<ExitCode> {
    println!("salio bench: medians of interleaved rounds; load, provider and servers on the same machine");
    let (mut figures, mut code) = (Figures::default(), ExitCode::SUCCESS);
    for part in &options.parts {
        if let Err(error) = parts::run(part, options, &mut figures).await {
            figures.fault(part, &error);
            code = ExitCode::FAILURE;
        }
    }
    figures.table();
    Ok(code)
}
