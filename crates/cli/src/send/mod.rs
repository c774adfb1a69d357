//! `salio send`: hands messages over and follows them until they have left.
//!
//! Knows nothing of: transports, prices, providers.

mod csv;
mod follow;
mod hand_over;
mod plan;
mod progress;
mod quote;
mod summary;

use std::cell::Cell;

use crate::args::{Common, SendArgs};
use crate::client::{self, Client};
use crate::commands;
use crate::failure::{Failure, Outcome};
use crate::out;
use crate::signals::Signals;

use follow::{Ending, Follow};
use hand_over::Handed;
use plan::Plan;
use progress::Progress;

/// `salio send …`
pub async fn run(common: &Common, args: &SendArgs) -> Outcome {
    let settings = commands::begin(common)?;
    let plan = Plan::read(args)?;
    plan.tell_bad_lines();
    if plan.groups.is_empty() {
        return Err(Failure::failed("nothing to send: no line of the file can be used"));
    }
    // Without a server this process sends what waits.
    let mut client = client::open(&settings, "send", !args.dry_run).await?;
    let done = if args.dry_run { quote::run(&client, args, &plan).await } else { send(&mut client, args, &plan).await };
    client.close().await;
    done
}

async fn send(client: &mut Client, args: &SendArgs, plan: &Plan) -> Outcome {
    let mut signals = Signals::listen()?;
    let progress = Progress::new(plan.recipients(), args.json.json);
    let mut handed = Handed::default();
    let interrupted = Cell::new(false);
    let stop = async {
        signals.next().await;
        interrupted.set(true);
    };
    let accepted = hand_over::run(client, args, plan, &mut handed, &progress, stop).await;
    let mut follow = Follow::new(&handed);
    let ending = match &accepted {
        Err(failure) if handed.ids.is_empty() => return Err(failure.clone()),
        Err(failure) => {
            out::error(&failure.to_string());
            Ending::NotAwaited
        }
        Ok(()) if interrupted.get() => Ending::Interrupted,
        Ok(()) if args.no_wait && client.local().is_none() => Ending::NotAwaited,
        Ok(()) => wait(client, &mut follow, &progress, &mut signals).await?,
    };
    progress.end();
    if ending != Ending::Left && client.local().is_some() {
        leave_the_rest(client, &mut follow, &mut signals).await?;
    }
    let shown = summary::show(client, args, plan, &handed, &follow, &ending).await;
    if accepted.is_err() { Err(Failure::Told) } else { shown }
}

async fn wait(client: &Client, follow: &mut Follow, progress: &Progress, signals: &mut Signals) -> Outcome<Ending> {
    progress.sending(follow.waiting());
    tokio::select! {
        ending = follow.run(client, progress) => ending,
        () = signals.next() => Ok(Ending::Interrupted),
    }
}

/// Nothing more begins; what is in flight ends and is written down, and only then the rest is counted.
async fn leave_the_rest(client: &mut Client, follow: &mut Follow, signals: &mut Signals) -> Outcome {
    tokio::select! {
        stopped = client.stop_sending() => stopped?,
        () = signals.next() => return Err(Failure::failed("stopped at once; messages whose answer had not come yet will show as unknown. See `salio messages`")),
    }
    follow.look(client).await
}
