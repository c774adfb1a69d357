//! `salio send`: hands messages over and follows them until they have left.
//!
//! Knows nothing of: transports, prices, providers.

mod check;
mod csv;
mod follow;
mod hand_over;
mod lines;
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
    let mut plan = Plan::read(args)?;
    // Without a server this process sends what waits, but not before a file is known to be good.
    let (sends, checks) = (!args.dry_run, args.csv.is_some());
    let mut client = client::open(&settings, "send", sends && !checks).await?;
    let done = async {
        if checks {
            check(&client, args, &mut plan).await?;
            client.set_sending(sends).await?;
        }
        if sends { send(&mut client, args, &plan).await } else { quote::run(&client, args, &plan).await }
    }
    .await;
    client.close().await;
    done
}

/// Finds the lines that cannot be sent, and refuses the file for them unless they are to be skipped.
async fn check(client: &Client, args: &SendArgs, plan: &mut Plan) -> Outcome {
    let accounts = commands::accounts(client).await?;
    let payer = args.account.as_deref().map_or_else(|| accounts.payer(), |word| accounts.find(word))?;
    plan.check(&payer.default_country);
    plan.tell_bad_lines();
    if plan.groups.is_empty() {
        return Err(Failure::failed("nothing to send: no line of the file can be used"));
    }
    if !plan.bad_lines.is_empty() && !args.skip_bad_lines {
        return Err(Failure::failed("nothing was sent: mend these lines, or send the others alone with --skip-bad-lines"));
    }
    Ok(())
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
            handed.broke_off = true;
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
        stopped = client.set_sending(false) => stopped?,
        () = signals.next() => return Err(Failure::failed("stopped at once; messages whose answer had not come yet will show as unknown. See `salio messages`")),
    }
    follow.look(client).await
}
