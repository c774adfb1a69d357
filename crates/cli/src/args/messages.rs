//! The command line of `salio messages` and of what came from providers: `salio reports`, `salio inbound`.
//!
//! Knows nothing of: what commands do.

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand, ValueEnum};
use salio_domain::message::MessageState;

use super::{JsonFlag, PageArgs};

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
    /// Go on showing messages as they come and change, until Ctrl-C
    #[arg(long, conflicts_with_all = ["id", "cursor"])]
    pub follow: bool,
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
    #[command(flatten)]
    pub page: PageArgs,
}

/// What else can be done with messages.
#[derive(Debug, Subcommand)]
pub enum MessagesCommand {
    /// One message with its timeline and what was reported of it
    Show(OneMessage),
    /// Take back a message that has not left
    Cancel(OneMessage),
    /// Say what became of a message in doubt (unknown)
    Resolve(ResolveArgs),
}

/// One message.
#[derive(Debug, Args)]
pub struct OneMessage {
    /// The message
    pub id: String,
    #[command(flatten)]
    pub json: JsonFlag,
}

/// `messages resolve`
#[derive(Debug, Args)]
pub struct ResolveArgs {
    /// The message
    pub id: String,
    /// What became of it
    #[arg(long = "as", value_name = "HOW")]
    pub resolution: Resolution,
    /// Ask nothing, for scripts
    #[arg(long)]
    pub yes: bool,
    #[command(flatten)]
    pub json: JsonFlag,
}

/// What a person says of a message in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Resolution {
    /// It was sent: its charge is sure
    Sent,
    /// It was not sent, and will not be: its charge is voided
    NotSent,
    /// Send it again; if the first one arrived too, the phone has it twice and both are paid for
    Resend,
}

impl Resolution {
    /// The word of the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::NotSent => "not_sent",
            Self::Resend => "resend",
        }
    }
}

/// `reports`
#[derive(Debug, Args)]
pub struct ReportsArgs {
    /// To this account's address
    #[arg(long)]
    pub account: Option<String>,
    /// Only those of no message that Salio knows
    #[arg(long)]
    pub unmatched: bool,
    #[command(flatten)]
    pub page: PageArgs,
    #[command(flatten)]
    pub json: JsonFlag,
}

/// `inbound`
#[derive(Debug, Args)]
pub struct InboundArgs {
    /// To this account's address
    #[arg(long)]
    pub account: Option<String>,
    #[command(flatten)]
    pub page: PageArgs,
    #[command(flatten)]
    pub json: JsonFlag,
}
