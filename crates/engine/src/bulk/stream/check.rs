//! A stream gone through as if it were taken, to find what is wrong with it beforehand: the same rules, by the same code. Keeps nothing.
//!
//! Knows nothing of: HTTP, the store.

use salio_domain::ids::BatchId;
use salio_store::Block;

use super::super::feed::aside;
use super::super::reader::Reader;
use super::super::request::{BulkBody, BulkError, BulkRequest};
use crate::outbox::Intake;

impl Intake {
    /// Reads a stream as [`Intake::bulk`] would, in constant memory, and hands each block on instead of keeping it. Nothing is accepted, and no balance is asked.
    ///
    /// # Errors
    /// When the stream is wrong as a whole, or breaks.
    pub async fn check(&self, request: &BulkRequest, body: impl BulkBody, mut found: impl FnMut(Block)) -> Result<(), BulkError> {
        let (plan, mut feed, written) = self.begin(request, body).await?;
        let now = self.shared.clock.now();
        let batch = BatchId::from_raw(self.shared.entropy.id(now));
        let mut reader = Reader::new(batch, plan.common, plan.shape, written, self.shared.entropy.clone());
        while let Some(raw) = feed.next().await? {
            let block;
            (reader, block) = aside(move || {
                let block = reader.prepare(&raw, batch, 0, now);
                (reader, block)
            })
            .await?;
            found(block);
        }
        Ok(())
    }
}
