//! What a person does about sending: takes back a message, stops an account, pauses a batch, keeps the stop list.

use std::sync::Arc;

use salio_domain::ids::BatchId;
use salio_domain::{AccountId, MessageId, Msisdn, Timestamp};
use salio_store::{AccountSnapshot, BatchFilter, BatchOrder, LineError, MessageRow, StoreError};

use super::Engine;
use crate::batches::BatchView;
use crate::hub::Event;
use crate::options::Mode;
use crate::outbox::sweep_out;

impl Engine {
    /// Takes back a message that has not left.
    ///
    /// # Errors
    /// When it has left, or the database fails.
    pub async fn cancel(&self, id: MessageId) -> Result<MessageRow, StoreError> {
        let shared = self.shared();
        let (row, snapshot) = shared.store.cancel(id, shared.clock.now()).await?;
        self.changed(snapshot);
        shared.messages_changed(std::slice::from_ref(&row)).await;
        Ok(row)
    }

    /// A person stops sending for an account: what is in flight ends, nothing more begins, also after a restart. Again changes nothing.
    ///
    /// # Errors
    /// When there is no such account, or the database fails.
    pub async fn pause(&self, account: AccountId) -> Result<AccountSnapshot, StoreError> {
        let shared = self.shared();
        Ok(self.changed(shared.store.stop(account, shared.clock.now()).await?))
    }

    /// A person lets sending go on, whatever stopped it.
    ///
    /// # Errors
    /// When there is no such account, or the database fails.
    pub async fn resume(&self, account: AccountId) -> Result<AccountSnapshot, StoreError> {
        let shared = self.shared();
        Ok(self.changed(shared.store.resume(account, shared.clock.now()).await?))
    }

    /// A batch, seen now.
    ///
    /// # Errors
    /// When there is none, or the database fails.
    pub async fn batch(&self, id: BatchId) -> Result<BatchView, StoreError> {
        let row = self.store().batch(id).await?;
        Ok(self.shared().batch_view(row))
    }

    /// One page of batches, newest first, seen now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn batches(&self, filter: &BatchFilter) -> Result<Vec<BatchView>, StoreError> {
        let rows = self.store().batches(filter).await?;
        Ok(rows.into_iter().map(|row| self.shared().batch_view(row)).collect())
    }

    /// Refused lines of a batch after a line, in order.
    ///
    /// # Errors
    /// When there is no such batch, or the database fails.
    pub async fn batch_errors(&self, id: BatchId, after: i64, limit: usize) -> Result<Vec<LineError>, StoreError> {
        self.store().batch_errors(id, after, limit).await
    }

    /// Pauses, resumes or cancels a batch. Again changes nothing. What is taken back of a cancelled one is taken back from now on, and soon; by an engine that keeps no
    /// house, to the end before this returns.
    ///
    /// # Errors
    /// When there is no such batch, it has ended (Conflict), or the database fails.
    pub async fn order_batch(&self, id: BatchId, order: BatchOrder) -> Result<BatchView, StoreError> {
        let shared = self.shared();
        let (mut row, snapshot) = shared.store.order_batch(id, order, shared.clock.now()).await?;
        self.changed(snapshot);
        if order == BatchOrder::Cancel {
            shared.sweeping.notify_one();
            if self.options().mode == (Mode::Command { dispatch: false }) {
                sweep_out(shared).await?;
                row = shared.store.batch(id).await?;
            }
        }
        let view = shared.batch_view(row);
        shared.hub.tell(Event::Batch(Arc::new(view.clone())));
        shared.book.changed(id);
        Ok(view)
    }

    /// The numbers that nobody may send to, with since when.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn stops(&self) -> Result<Vec<(Msisdn, Timestamp)>, StoreError> {
        self.store().stops().await
    }

    /// Puts numbers on the stop list. What was accepted before still goes.
    ///
    /// # Errors
    /// When the database fails; then nothing changed.
    pub async fn add_stops(&self, numbers: &[Msisdn]) -> Result<(), StoreError> {
        let shared = self.shared();
        shared.store.add_stops(numbers, shared.clock.now()).await?;
        shared.stops.add(numbers);
        Ok(())
    }

    /// Takes a number off the stop list; whether it was on it.
    ///
    /// # Errors
    /// When the database fails; then nothing changed.
    pub async fn remove_stop(&self, number: &Msisdn) -> Result<bool, StoreError> {
        let was = self.store().remove_stop(number).await?;
        self.shared().stops.remove(number);
        Ok(was)
    }
}
