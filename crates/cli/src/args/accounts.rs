//! The command line of `salio account`, `stop-list`, `ledger` and `token`.
//!
//! Knows nothing of: what commands do.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{JsonFlag, PageArgs};

/// `account`
#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// The accounts: what they are, and why one sends nothing
    List(JsonFlag),
    /// Stop sending for an account; messages are still accepted, and wait
    Pause(OneAccount),
    /// Let an account send again, whatever stopped it
    Resume(OneAccount),
}

/// One account.
#[derive(Debug, Args)]
pub struct OneAccount {
    /// The account
    pub account: String,
    #[command(flatten)]
    pub json: JsonFlag,
}

/// `stop-list`
#[derive(Debug, Subcommand)]
pub enum StopListCommand {
    /// Numbers that nobody may send to
    List(JsonFlag),
    /// Put numbers on it: from now on they are refused
    Add(StopAddArgs),
    /// Take numbers off it
    Remove(StopRemoveArgs),
}

/// `stop-list add`
#[derive(Debug, Args)]
pub struct StopAddArgs {
    /// Numbers, as people write them
    #[arg(value_name = "N", required_unless_present = "file")]
    pub numbers: Vec<String>,
    /// A file with one number a line; - reads standard input
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    #[command(flatten)]
    pub json: JsonFlag,
}

/// `stop-list remove`
#[derive(Debug, Args)]
pub struct StopRemoveArgs {
    /// Numbers, as people write them
    #[arg(value_name = "N", required = true)]
    pub numbers: Vec<String>,
    #[command(flatten)]
    pub json: JsonFlag,
}

/// `ledger`
#[derive(Debug, Subcommand)]
pub enum LedgerCommand {
    /// Go through the books of every account: any entry altered, missing or added is found
    Verify(JsonFlag),
    /// The entries of an account, from the first on
    Show(LedgerShowArgs),
}

/// `ledger show`
#[derive(Debug, Args)]
pub struct LedgerShowArgs {
    /// The account
    pub account: String,
    #[command(flatten)]
    pub page: PageArgs,
    #[command(flatten)]
    pub json: JsonFlag,
}

/// `token`
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a key for a program; its secrets are shown this once
    Create(TokenCreateArgs),
    /// All keys, revoked ones too; never their secrets
    List(JsonFlag),
    /// Take a key back, at once
    Revoke(TokenRevokeArgs),
}

/// `token create`
#[derive(Debug, Args)]
pub struct TokenCreateArgs {
    /// What you call it
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// What it may do: drop-in is for programs written for Onfon, which change their base URL only
    #[arg(long, value_name = "SCOPE", value_parser = ["drop-in"])]
    pub scope: String,
    /// Whose credit it spends; needed only with several and no default
    #[arg(long, value_name = "A")]
    pub account: Option<String>,
    /// How the program is told the balance: KSh11376.5000, or a bare 11376.50 for programs that cast [default: ksh]
    #[arg(long, value_name = "FORMAT", value_parser = ["ksh", "plain"])]
    pub credits_format: Option<String>,
    /// Where delivery reports of its messages go
    #[arg(long, value_name = "URL")]
    pub dlr_url: Option<String>,
    #[command(flatten)]
    pub json: JsonFlag,
}

/// `token revoke`
#[derive(Debug, Args)]
pub struct TokenRevokeArgs {
    /// The key: its id, or the name of a living one
    pub token: String,
    #[command(flatten)]
    pub json: JsonFlag,
}
