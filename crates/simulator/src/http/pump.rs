//! Lets the model's future happen in real time and sends the reports that become due. Must not know what the events are.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Shared;
use super::reports;

/// Sleeps at most this long, whatever is due.
const LONGEST_SLEEP: Duration = Duration::from_secs(3600);

/// Runs until the simulator stops.
pub(super) async fn run(shared: Arc<Shared>) {
    loop {
        let (targets, next) = shared.with(|model, _| {
            let due = model.take_reports();
            let targets: Vec<_> = due.iter().filter_map(|report| reports::target(model, report)).collect();
            // Set under the model's lock: whoever adds an earlier event afterwards sees it and wakes this task.
            shared.pump_until.store(model.next_due().unwrap_or(i64::MAX), Ordering::Release);
            (targets, model.next_due())
        });
        for target in targets {
            tokio::select! {
                () = shared.shutdown.cancelled() => return,
                () = reports::start(&shared, target) => {}
            }
        }
        let wait = next.map_or(LONGEST_SLEEP, |next| sleep_until(next, shared.wall.now()));
        tokio::select! {
            () = shared.shutdown.cancelled() => return,
            () = shared.wake.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

fn sleep_until(next: i64, now: i64) -> Duration {
    Duration::from_micros(u64::try_from(next.saturating_sub(now)).unwrap_or(0)).min(LONGEST_SLEEP)
}
