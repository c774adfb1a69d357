//! The command line of `salio send` and `salio messages`.
//!
//! Knows nothing of: what commands do.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use salio_domain::message::MessageState;

use super::JsonFlag;

/// `send`
#[derive(Debug, Args)]
pub struct SendArgs {
    /// Numbers, as people write them
    #[arg(long, value_name = "N", num_args = 1.., value_delimiter = ',', required_unless_present = "csv")]
    pub to: Vec<String>,
    /// The text; with --csv, {name} stands for the column "name" of each line
    #[arg(long, value_name = "T", required_unless_present = "csv")]
    pub text: Option<String>,
    /// The sender [default: the account's sender_id]
    #[arg(long, value_name = "ID")]
    pub from: Option<String>,
    /// The account; needed only with several and no default
    #[arg(long, value_name = "A")]
    pub account: Option<String>,
    /// A file with the column "to", and "text" unless --text is given; - reads standard input
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Send to the usable lines of a file that has others; without it such a file is refused as a whole
    #[arg(long, requires = "csv")]
    pub skip_bad_lines: bool,
    /// Your own word for these messages
    #[arg(long, value_name = "R")]
    pub reference: Option<String>,
    /// Say what it would cost, and send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// With a server: do not wait until they have left
    #[arg(long)]
    pub no_wait: bool,
    #[command(flatten)]
    pub json: JsonFlag,
}

/// `messages`
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct MessagesArgs {
    #[command(subcommand)]
    pub command: Option<MessagesCommand>,
    /// One message with its timeline
    pub id: Option<String>,
    #[command(flatten)]
    pub filter: MessageFilter,
    #[command(flatten)]
    pub json: JsonFlag,
}

fn states() -> PossibleValuesParser {
    PossibleValuesParser::new(MessageState::ALL.iter().map(|state| state.as_str()))
}

/// Which messages.
#[derive(Debug, Default, Args)]
pub struct MessageFilter {
    /// In this state
    #[arg(long, value_parser = states())]
    pub state: Option<String>,
    /// Of this account
    #[arg(long)]
    pub account: Option<String>,
    /// To this number
    #[arg(long)]
    pub to: Option<String>,
    /// With this reference
    #[arg(long)]
    pub reference: Option<String>,
    /// Of this batch
    #[arg(long)]
    pub batch: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub limit: u32,
    /// From here on, as the page before said
    #[arg(long)]
    pub cursor: Option<String>,
}

/// What else can be done with messages.
#[derive(Debug, Subcommand)]
pub enum MessagesCommand {
    /// Take back a message that has not left
    Cancel {
        /// The message
        id: String,
        #[command(flatten)]
        json: JsonFlag,
    },
}
