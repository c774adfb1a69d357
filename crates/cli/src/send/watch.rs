//! Follows a batch until nothing of it waits any more.
//!
//! Knows nothing of: transports, why messages wait.

use std::time::Duration;

use serde_json::Value;

use super::ending::Ending;
use super::progress::Progress;
use crate::client::Client;
use crate::client::wire::{Batch, LineError};
use crate::commands::{batch::path, parsed};
use crate::failure::{Failure, Outcome};
use crate::signals::Signals;
use crate::{out, say};

/// Between looks: at first, and after some of them.
const LOOK_AGAIN: (Duration, Duration) = (Duration::from_millis(100), Duration::from_millis(300));
/// Looks in quick succession.
const QUICK: u32 = 20;
/// Looks without a change before it is said that sending has stopped: one that was just resumed gets its chance.
const PATIENCE: u32 = 10;

/// `1 sent, 2 unknown`
pub fn states(batch: &Batch) -> String {
    let counts: Vec<String> = batch.counts.iter().filter(|(_, count)| **count > 0).map(|(state, count)| format!("{} {state}", say::number(*count))).collect();
    if counts.is_empty() { "none".to_owned() } else { counts.join(", ") }
}

/// `120/s, 3 min left`
pub fn pace(batch: &Batch) -> String {
    let rate = batch.rate_per_second.map(|rate| format!("{}/s", say::number(rate)));
    let left = batch.time_left_ms.map(|left| format!("{} left", say::seconds(left.div_ceil(1000))));
    let cause = batch.cause.as_deref().filter(|_| !batch.has_ended()).map(|cause| format!("waits: {}", cause.replace('_', " ")));
    [rate, left, cause].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// `line 4: to: it is too short (12)`
pub fn line_error(error: &LineError) -> String {
    let given = if error.given.is_empty() { String::new() } else { format!("  [{}]", error.given) };
    let field = if error.field.is_empty() { String::new() } else { format!("{}: ", error.field) };
    format!("line {}: {field}{}{given}", error.line, error.detail)
}

/// How it stands.
pub async fn look(client: &Client, id: &str) -> Outcome<(Batch, Value)> {
    let body = client.get(&path(id, "")).await?.ok()?;
    Ok((parsed(body.clone())?, body))
}

/// Until all have left, or nothing goes on by itself.
pub async fn follow(client: &Client, id: &str, progress: &Progress) -> Outcome<Ending> {
    let (mut looks, mut unchanged, mut before) = (0_u32, 0_u32, String::new());
    loop {
        let (batch, _) = look(client, id).await?;
        if looks == 0 {
            progress.messages("sending", batch.messages);
        }
        progress.done(batch.messages.saturating_sub(batch.waiting()), pace(&batch));
        if let Some(ending) = ended(&batch) {
            return Ok(ending);
        }
        let now = states(&batch);
        unchanged = if now == before { unchanged + 1 } else { 0 };
        before = now;
        if unchanged > PATIENCE
            && batch.count("submitting") == 0
            && let Some(why) = batch.cause
        {
            return Ok(Ending::Stopped(batch.account, why));
        }
        looks += 1;
        tokio::time::sleep(if looks < QUICK { LOOK_AGAIN.0 } else { LOOK_AGAIN.1 }).await;
    }
}

fn ended(batch: &Batch) -> Option<Ending> {
    if batch.has_ended() {
        return Some(if batch.state == "cancelled" { Ending::Cancelled } else { Ending::Left });
    }
    let only_scheduled = batch.state == "running" && batch.count("scheduled") > 0 && batch.count("scheduled") == batch.waiting();
    only_scheduled.then_some(Ending::Scheduled)
}

/// `salio batch watch`: however long it takes, and whoever pauses it.
pub async fn batch(client: &Client, id: &str, as_json: bool) -> Outcome {
    let (first, body) = look(client, id).await?;
    if client.local().is_some() && !first.has_ended() {
        show(&first, &body, as_json);
        return Err(Failure::failed(stands_still(&first)));
    }
    let mut signals = Signals::listen()?;
    let progress = Progress::new(as_json);
    progress.messages("sending", first.messages);
    let done = tokio::select! {
        done = until_ended(client, id, &progress, as_json) => done,
        () = signals.next() => Ok(()),
    };
    progress.end();
    done?;
    let (last, body) = look(client, id).await?;
    show(&last, &body, as_json);
    Ok(())
}

/// What becomes of a batch that has not ended, and when.
fn stands_still(batch: &Batch) -> String {
    let (waiting, id) = (say::number(batch.waiting()), &batch.id);
    match batch.state.as_str() {
        "cancelled" | "refused" => format!("nothing goes on while no server runs: {waiting} are not sent, and are taken back with `salio serve` or `salio batch cancel {id}`"),
        "receiving" => {
            format!("nothing goes on while no server runs: {waiting} are staged and not sent until the same file is sent again, or never after `salio batch cancel {id}`")
        }
        "paused" => format!("nothing goes on while no server runs: {waiting} wait for `salio batch resume {id}`"),
        _ => format!("nothing goes on while no server runs: {waiting} leave with `salio serve` or the next `salio send`"),
    }
}

async fn until_ended(client: &Client, id: &str, progress: &Progress, as_json: bool) -> Outcome {
    let mut before = Value::Null;
    loop {
        let (batch, body) = look(client, id).await?;
        progress.done(batch.messages.saturating_sub(batch.waiting()), pace(&batch));
        if batch.has_ended() {
            return Ok(());
        }
        let changed = body.get("counts") != before.get("counts") || body.get("state") != before.get("state");
        if changed && (as_json || !out::stderr_is_terminal()) && !show(&batch, &body, as_json) {
            return Ok(());
        }
        before = body;
        tokio::time::sleep(LOOK_AGAIN.1).await;
    }
}

fn show(batch: &Batch, body: &Value, as_json: bool) -> bool {
    if as_json {
        return out::json_line(body);
    }
    let pace = Some(pace(batch)).filter(|pace| !pace.is_empty()).map(|pace| format!("  ({pace})")).unwrap_or_default();
    out::line(&format!("{}  {}: {}{pace}", batch.id, batch.state, states(batch)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(state: &str, counts: &[(&str, u64)]) -> Batch {
        Batch { state: state.to_owned(), counts: counts.iter().map(|(state, count)| ((*state).to_owned(), *count)).collect(), ..Batch::default() }
    }

    #[test]
    fn a_batch_says_where_it_is_and_how_long_it_takes() {
        let mut running = batch("running", &[("sent", 1_200), ("queued", 3), ("failed", 0)]);
        running.rate_per_second = Some(1_500);
        running.time_left_ms = Some(2_001);
        assert_eq!((states(&running).as_str(), pace(&running).as_str()), ("3 queued, 1,200 sent", "1,500/s, 3 s left"));
        running.cause = Some("insufficient_balance".to_owned());
        assert!(pace(&running).ends_with("waits: insufficient balance"));
    }

    #[test]
    fn it_ends_when_nothing_goes_on_by_itself() {
        assert_eq!(ended(&batch("running", &[("queued", 1), ("scheduled", 1)])), None);
        assert_eq!(ended(&batch("running", &[("sent", 1), ("scheduled", 1)])), Some(Ending::Scheduled));
        assert_eq!(ended(&batch("done", &[("sent", 1)])), Some(Ending::Left));
        assert_eq!(ended(&batch("cancelled", &[("queued", 1)])), None);
        assert_eq!(ended(&batch("cancelled", &[("cancelled", 1)])), Some(Ending::Cancelled));
    }

    #[test]
    fn only_what_will_be_sent_is_said_to_leave() {
        for (state, leaves) in [("running", true), ("cancelled", false), ("refused", false), ("paused", false), ("receiving", false)] {
            let said = stands_still(&batch(state, &[("queued", 1_200)]));
            assert!(said.contains("1,200") && said.contains(" leave with ") == leaves, "{said}");
        }
    }

    #[test]
    fn a_refused_line_is_one_line() {
        let error = LineError { line: 4, field: "to".into(), detail: "It is too short.".into(), given: "12".into() };
        assert_eq!(line_error(&error), "line 4: to: It is too short.  [12]");
    }
}
