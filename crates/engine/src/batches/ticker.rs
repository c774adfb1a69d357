//! Tells viewers of batches in motion, twice a second at most: reads the row, adds the pace. Reads nothing when nobody listens.

use std::sync::Arc;
use std::time::Duration;

use crate::hub::Event;
use crate::shared::Shared;

/// Between two tellings of one batch.
const TICK: Duration = Duration::from_millis(500);

/// Runs until it is dropped.
pub(crate) async fn tell_batches(shared: Arc<Shared>) {
    loop {
        shared.book.marked().await;
        shared.clock.sleep(TICK).await;
        let news = shared.book.take(shared.clock.steady());
        if !shared.hub.is_heard() {
            continue;
        }
        for batch in news {
            if let Some(row) = shared.batch_row(batch).await {
                shared.hub.tell(Event::Batch(Arc::new(shared.batch_view(row))));
            }
        }
    }
}
