//! Holds a stream's batch while it is received: one without a key that ends in any way but its release is dropped, even when whoever held it is gone.

use std::sync::Arc;

use salio_domain::ids::BatchId;
use tracing::warn;

use crate::shared::Shared;

pub(super) struct Guard {
    shared: Arc<Shared>,
    pub batch: BatchId,
    pub epoch: i64,
    /// Nobody could resume it.
    drops: bool,
}

impl Guard {
    pub(super) const fn new(shared: Arc<Shared>, batch: BatchId, epoch: i64, keyed: bool) -> Self {
        Self { shared, batch, epoch, drops: !keyed }
    }

    /// It has come to its end.
    pub(super) const fn release(&mut self) {
        self.drops = false;
    }

    /// It is wrong as a whole: nobody need resume it, and its key is free again.
    pub(super) async fn refuse(&mut self) {
        self.drops = false;
        drop_stream(&self.shared, self.batch, self.epoch).await;
    }

    /// It has broken; whether its batch waits for the rest.
    pub(super) async fn give_up(mut self) -> bool {
        let waits = !self.drops;
        if std::mem::take(&mut self.drops) {
            drop_stream(&self.shared, self.batch, self.epoch).await;
        }
        waits
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if !self.drops {
            return;
        }
        let (shared, batch, epoch) = (self.shared.clone(), self.batch, self.epoch);
        // Without a runtime the process ends; housekeeping drops the batch after a day.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { drop_stream(&shared, batch, epoch).await });
        }
    }
}

async fn drop_stream(shared: &Shared, batch: BatchId, epoch: i64) {
    if let Err(error) = shared.store.drop_stream(batch, epoch, shared.clock.now()).await {
        warn!(%batch, %error, "the batch of a broken stream could not be dropped; that is tried again after a day");
    }
    shared.book.changed(batch);
    shared.sweeping.notify_one();
}
