//! `salio send`: hands messages over and follows them until they have left.
//!
//! Knows nothing of: transports, prices, providers.

mod check;
mod ending;
mod file;
mod list;
mod one;
mod options;
mod progress;
mod quote;
mod source;
mod summary;
mod upload;
pub mod watch;

use crate::args::{Common, SendArgs};
use crate::client::Client;
use crate::commands;
use crate::failure::{Failure, Outcome};
use crate::out;
use crate::signals::Signals;

use ending::Ending;
use progress::Progress;
use summary::{Sent, What};

/// `salio send …`
pub async fn run(common: &Common, args: &SendArgs) -> Outcome {
    let settings = commands::begin(common)?;
    match args.csv.as_deref().or(args.ndjson.as_deref()) {
        Some(path) => file::run(&settings, args, path).await,
        None => list::run(&settings, args).await,
    }
}

/// Follows what was accepted, and says what became of it.
async fn see_through(client: &mut Client, args: &SendArgs, mut sent: Sent, progress: &Progress, signals: &mut Signals) -> Outcome {
    let ending = if args.no_wait && client.local().is_none() {
        Ending::NotAwaited
    } else {
        tokio::select! {
            ending = follow(client, &sent.what, progress) => ending?,
            () = signals.next() => Ending::Interrupted,
        }
    };
    progress.end();
    if ending != Ending::Left && client.local().is_some() {
        leave_the_rest(client, signals).await?;
    }
    sent.look(client).await?;
    summary::show(client, args, &sent, &ending).await
}

async fn follow(client: &Client, what: &What, progress: &Progress) -> Outcome<Ending> {
    match what {
        What::Message(id) => one::follow(client, id).await,
        What::Batch(id) => watch::follow(client, id, progress).await,
    }
}

/// Nothing more begins; what is in flight ends and is written down, and only then the rest is counted.
async fn leave_the_rest(client: &mut Client, signals: &mut Signals) -> Outcome {
    tokio::select! {
        stopped = client.set_sending(false) => stopped,
        () = signals.next() => Err(Failure::failed("stopped at once; messages whose answer had not come yet will show as unknown. See `salio messages`")),
    }
}

/// Lines that cannot be sent: the first of them, and how many there are.
fn tell_lines(errors: &[crate::client::wire::LineError], all: u64, rest: &str) {
    const SHOWN: usize = 20;
    errors.iter().take(SHOWN).for_each(|error| out::error(&watch::line_error(error)));
    let more = all.saturating_sub(u64::try_from(errors.len().min(SHOWN)).unwrap_or(0));
    if more > 0 {
        out::error(&format!("… and {} more{rest}", crate::say::number(more)));
    }
}
