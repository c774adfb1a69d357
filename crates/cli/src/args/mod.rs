//! What can be written on the command line, and the settings that its flags stand for.
//!
//! Knows nothing of: what commands do.

mod accounts;
mod batches;
mod messages;
mod sending;
mod simulate;

use std::net::SocketAddr;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

use crate::config::FlagValue;

pub use accounts::{AccountCommand, LedgerCommand, LedgerShowArgs, OneAccount, StopAddArgs, StopListCommand, StopRemoveArgs, TokenCommand, TokenCreateArgs, TokenRevokeArgs};
pub use batches::{BatchCommand, BatchErrorsArgs, BatchListArgs, OneBatch};
pub use messages::{InboundArgs, MessageFilter, MessagesArgs, MessagesCommand, ReportsArgs, Resolution, ResolveArgs};
pub use sending::SendArgs;
pub use simulate::{SimulateArgs, SimulateCommand};

/// A tower over prepaid SMS accounts: sends, and shows live what is left.
#[derive(Debug, Parser)]
#[command(name = "salio", version, propagate_version = true, max_term_width = 100, after_help = "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.")]
pub struct Cli {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

/// Flags of every command.
#[derive(Clone, Debug, Default, Args)]
pub struct Common {
    /// The configuration file [default: salio.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<String>,
    /// Where the database, the lock and the socket live [default: ./salio-data]
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<String>,
    /// What is logged, such as info or info,salio=debug
    #[arg(long, global = true, value_name = "FILTER")]
    pub log: Option<String>,
}

impl Common {
    /// The settings these flags stand for.
    pub fn flags(&self) -> Vec<FlagValue> {
        let flags = [("--config", "config", &self.config), ("--data-dir", "data_dir", &self.data_dir), ("--log", "log", &self.log)];
        flags.into_iter().filter_map(|(flag, key, value)| Some(FlagValue { flag: flag.to_owned(), key: key.to_owned(), value: value.clone()? })).collect()
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Try Salio: a simulated provider, sample traffic and the dashboard; nothing to configure
    Demo(DemoArgs),
    /// Run the server: the dashboard, the API, sending
    Serve(ServeArgs),
    /// Show what is left
    Balance(BalanceArgs),
    /// Ask the provider for the balance of the account onfon now (the old cron line's name)
    #[command(name = "onfon:refresh-balance")]
    OnfonRefreshBalance(JsonFlag),
    /// Look at the cached balance, or clear it
    #[command(subcommand)]
    Cache(CacheCommand),
    /// Send a text to one number, to many, or to those in a file
    Send(SendArgs),
    /// List messages, look at one, take one back, settle one in doubt
    Messages(MessagesArgs),
    /// Batches: list, follow, pause, resume, take back
    #[command(subcommand)]
    Batch(BatchCommand),
    /// Accounts: list, pause, resume
    #[command(subcommand)]
    Account(AccountCommand),
    /// Numbers that nobody may send to
    #[command(subcommand)]
    StopList(StopListCommand),
    /// Delivery reports as they came
    Reports(ReportsArgs),
    /// Messages from phones as they came
    Inbound(InboundArgs),
    /// The books: read them, or verify that nothing in them was changed
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// Keys for programs: create, list, revoke
    #[command(subcommand)]
    Token(TokenCommand),
    /// Run a provider that is none
    #[command(subcommand)]
    Simulate(SimulateCommand),
    /// Check configuration, database, network and credentials, each with the fix
    Doctor(DoctorArgs),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// `--json` alone.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct JsonFlag {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Which page of a listing.
#[derive(Clone, Debug, Default, Args)]
pub struct PageArgs {
    /// At most so many
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub limit: u32,
    /// From here on, as the page before said
    #[arg(long)]
    pub cursor: Option<String>,
}

/// `demo`
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Where to listen; the next free port is taken if this one is not [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// The same seed makes the same history and the same traffic
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    /// Print the address alone
    #[arg(long)]
    pub quiet: bool,
}

/// `serve`
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<String>,
}

/// `balance`
#[derive(Debug, Args)]
pub struct BalanceArgs {
    /// The account; all of them without it
    pub account: Option<String>,
    /// Ask the provider now
    #[arg(long, conflicts_with_all = ["watch", "accept_form"])]
    pub refresh: bool,
    /// Go on showing each change until Ctrl-C
    #[arg(long, conflicts_with = "accept_form")]
    pub watch: bool,
    /// Confirm that the provider now writes its figure in another form (bare or with a currency)
    #[arg(long, requires = "account")]
    pub accept_form: bool,
    #[command(flatten)]
    pub json: JsonFlag,
}

/// `cache`
#[derive(Debug, Subcommand)]
pub enum CacheCommand {
    /// What is cached, how old it is and when it will be asked again
    Show(CacheArgs),
    /// Make the cached balance stale: the next reader asks again. No history is deleted
    Clear(CacheArgs),
}

/// Of which account.
#[derive(Debug, Args)]
pub struct CacheArgs {
    /// The account; all of them without it
    pub account: Option<String>,
    #[command(flatten)]
    pub json: JsonFlag,
}

/// `doctor`
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Ask each provider for its balance too: one real call each
    #[arg(long)]
    pub ask: bool,
    #[command(flatten)]
    pub json: JsonFlag,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_holds_together() {
        Cli::command().debug_assert();
    }

    /// Flags that every listing has, or that are described as a family.
    const EVERYWHERE: [&str; 4] = ["json", "help", "version", "cursor"];

    fn names(command: &clap::Command, path: &str, found: &mut Vec<(String, String)>) {
        for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
            let path = format!("{path} {}", inner.get_name());
            found.push((path.clone(), path.clone()));
            let flags = inner.get_arguments().filter(|flag| !flag.is_global_set()).filter_map(clap::Arg::get_long);
            found.extend(flags.filter(|flag| !EVERYWHERE.contains(flag)).map(|flag| (path.clone(), format!("--{flag}"))));
            names(inner, &path, found);
        }
    }

    #[test]
    fn every_command_and_flag_is_in_the_guide() {
        let guide = include_str!("../../../../docs/cli.md");
        let mut found = Vec::new();
        names(&Cli::command(), "salio", &mut found);
        // The simulator has a guide of its own.
        let missing: Vec<_> = found.iter().filter(|(path, name)| !path.starts_with("salio simulate") && !guide.contains(name.as_str())).collect();
        assert!(found.len() > 60 && missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn many_numbers_can_be_written_in_every_way() {
        let cli = Cli::try_parse_from(["salio", "send", "--to", "0712345678", "0722345678", "--to", "254700000001,254700000002", "--text", "hi"]).unwrap();
        let Command::Send(send) = cli.command else { panic!("not send") };
        assert_eq!(send.to, ["0712345678", "0722345678", "254700000001", "254700000002"]);
    }

    #[test]
    fn a_message_or_a_command_can_follow_messages() {
        let cli = Cli::try_parse_from(["salio", "messages", "msg_1", "--json"]).unwrap();
        assert!(matches!(cli.command, Command::Messages(MessagesArgs { id: Some(id), command: None, .. }) if id == "msg_1"));
        let cli = Cli::try_parse_from(["salio", "messages", "cancel", "msg_1"]).unwrap();
        assert!(matches!(cli.command, Command::Messages(MessagesArgs { command: Some(MessagesCommand::Cancel(messages::OneMessage { id, .. })), .. }) if id == "msg_1"));
    }
}
