//! The run loop that takes back what is not sent any more: cancelled, refused and cut batches, messages past their time, streams that nobody went on with.
//!
//! Knows no rules: the store applies them.

use std::sync::Arc;
use std::time::Duration;

use salio_domain::MessageId;
use salio_store::{StoreError, Swept};
use tokio_util::sync::CancellationToken;
use tracing::error;

use crate::shared::Shared;

/// Messages in one transaction: others do not wait long for it.
const AT_ONCE: usize = 1000;
/// While there is more: others write in between.
const BREATH: Duration = Duration::from_millis(20);
/// While there is nothing.
const NAP: Duration = Duration::from_secs(5);
/// More than so many at once nobody can follow one by one.
const TOLD_AT_ONCE: usize = 100;

/// Runs until told to stop; what is being written is written.
pub(crate) async fn keep_house(shared: Arc<Shared>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let more = match shared.store.sweep(shared.clock.now(), AT_ONCE).await {
            Ok(swept) => {
                let more = swept.more;
                tell(&shared, swept).await;
                more
            }
            Err(error) => {
                error!(%error, "housekeeping cannot write; it tries again");
                false
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = shared.sweeping.notified(), if !more => {}
            () = shared.clock.sleep(if more { BREATH } else { NAP }) => {}
        }
    }
}

/// Takes back everything that there is, where nobody keeps house.
pub(crate) async fn sweep_out(shared: &Shared) -> Result<(), StoreError> {
    loop {
        let swept = shared.store.sweep(shared.clock.now(), AT_ONCE).await?;
        let more = swept.more;
        tell(shared, swept).await;
        if !more {
            return Ok(());
        }
    }
}

async fn tell(shared: &Shared, swept: Swept) {
    swept.snapshots.into_iter().for_each(|snapshot| shared.changed(snapshot));
    swept.batches.into_iter().for_each(|batch| shared.book.changed(batch));
    tell_moved(shared, swept.messages.into_iter().map(|(id, _)| id).collect()).await;
}

/// Viewers hear of messages that moved without a submission, when they are few. They are read as they are now.
pub(super) async fn tell_moved(shared: &Shared, moved: Vec<MessageId>) {
    if moved.is_empty() || moved.len() > TOLD_AT_ONCE || !shared.hub.is_heard() {
        return;
    }
    let mut rows = Vec::with_capacity(moved.len());
    for id in moved {
        if let Ok(detail) = shared.store.message(id).await {
            rows.push(detail.row);
        }
    }
    shared.messages_changed(&rows).await;
}
