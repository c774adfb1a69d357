//! `salio completions`.
//!
//! Knows nothing of: what commands do.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Cli;
use crate::failure::Outcome;
use crate::out;

/// Prints them.
pub fn run(shell: Shell) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "salio", &mut script);
    out::raw(&script);
    Ok(())
}
