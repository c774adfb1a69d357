//! The binary `salio`: reads the command line and hands over to a command.
//!
//! The only crate that names concrete stores and vendors and reads the environment. Knows no rules.

mod args;
mod client;
mod commands;
mod config;
mod data_dir;
mod demo;
mod doctor;
mod failure;
mod logging;
mod out;
mod say;
mod send;
mod serve;
mod short_path;
mod signals;
mod wiring;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use failure::{Failure, Outcome};

/// One for sockets, one for work: an idle server stays small, and the database has a thread of its own.
const WORKERS: usize = 2;

fn main() -> ExitCode {
    let done = match Cli::try_parse() {
        Ok(cli) => act(cli),
        Err(told) => tell(&told),
    };
    match done.and_then(|code| out::failure().map_or(Ok(code), |why| Err(Failure::failed(format!("the result could not be written: {why}"))))) {
        Ok(code) => code,
        Err(failure) => {
            if failure != Failure::Told {
                out::error(&failure.to_string());
            }
            failure.exit_code()
        }
    }
}

fn act(cli: Cli) -> Outcome<ExitCode> {
    let done = runtime().and_then(|runtime| {
        let done = runtime.block_on(run(cli));
        // What still blocks (a name that does not resolve) must not hold the process up.
        runtime.shutdown_background();
        done
    });
    done.map(|()| ExitCode::SUCCESS)
}

/// Help, the version, or what is wrong with the command line.
fn tell(told: &clap::Error) -> Outcome<ExitCode> {
    out::written(told.print().and_then(|()| std::io::stdout().flush()));
    if told.use_stderr() { Ok(ExitCode::from(2)) } else { Ok(ExitCode::SUCCESS) }
}

fn runtime() -> Outcome<tokio::runtime::Runtime> {
    let built = tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build();
    built.map_err(|error| Failure::failed(format!("no threads can be had: {error}")))
}

async fn run(cli: Cli) -> Outcome {
    let common = cli.common;
    match cli.command {
        Command::Demo(args) => demo::run(&common, &args).await,
        Command::Serve(args) => serve::run(&common, &args).await,
        Command::Balance(args) => commands::balance::run(&common, &args).await,
        Command::OnfonRefreshBalance(json) => commands::balance::refresh_onfon(&common, json).await,
        Command::Cache(command) => commands::cache::run(&common, &command).await,
        Command::Send(args) => send::run(&common, &args).await,
        Command::Messages(args) => commands::messages::run(&common, &args).await,
        Command::Batch(command) => commands::batch::run(&common, &command).await,
        Command::Account(command) => commands::account::run(&common, &command).await,
        Command::StopList(command) => commands::stop_list::run(&common, &command).await,
        Command::Reports(args) => commands::reports::run(&common, &args).await,
        Command::Inbound(args) => commands::inbound::run(&common, &args).await,
        Command::Ledger(command) => commands::ledger::run(&common, &command).await,
        Command::Token(command) => commands::token::run(&common, &command).await,
        Command::Simulate(args::SimulateCommand::Onfon(args)) => commands::simulate::run(&common, &args).await,
        Command::Doctor(args) => doctor::run(&common, &args).await,
        Command::Completions { shell } => commands::completions::run(shell),
    }
}
