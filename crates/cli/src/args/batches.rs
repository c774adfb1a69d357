//! The command line of `salio batch`.
//!
//! Knows nothing of: what commands do.

use clap::{Args, Subcommand};

use super::{JsonFlag, PageArgs};

/// The states in which a batch is shown.
const STATES: [&str; 6] = ["receiving", "running", "paused", "cancelled", "refused", "done"];

/// `batch`
#[derive(Debug, Subcommand)]
pub enum BatchCommand {
    /// Batches, newest first
    List(BatchListArgs),
    /// One batch: how many messages are in each state, rate, time left
    Show(OneBatch),
    /// Follow a batch until nothing of it waits any more
    Watch(OneBatch),
    /// Lines that were refused, in their order
    Errors(BatchErrorsArgs),
    /// Begin nothing more of it
    Pause(OneBatch),
    /// Let it go on
    Resume(OneBatch),
    /// Take back what has not left
    Cancel(OneBatch),
}

/// `batch list`
#[derive(Debug, Args)]
pub struct BatchListArgs {
    /// Of this account
    #[arg(long)]
    pub account: Option<String>,
    /// In this state
    #[arg(long, value_parser = STATES)]
    pub state: Option<String>,
    #[command(flatten)]
    pub page: PageArgs,
    #[command(flatten)]
    pub json: JsonFlag,
}

/// One batch.
#[derive(Debug, Args)]
pub struct OneBatch {
    /// The batch
    pub id: String,
    #[command(flatten)]
    pub json: JsonFlag,
}

/// `batch errors`
#[derive(Debug, Args)]
pub struct BatchErrorsArgs {
    /// The batch
    pub id: String,
    /// At most so many; all of them without it
    #[arg(long)]
    pub limit: Option<u64>,
    #[command(flatten)]
    pub json: JsonFlag,
}
