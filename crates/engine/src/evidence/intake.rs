//! Calls from the provider: each is written down before it is answered, then viewers hear what it changed.

use std::fmt::Display;

use futures::{StreamExt, TryStreamExt, stream};
use salio_domain::ids::{InboundId, ReportId};
use salio_domain::{AccountId, MessageId};
use salio_provider::{Inbound, MOST_IN_CALL, RawCall};
use salio_store::{IdempotencyKey, InboundRow, MessageRow, NewReport, Reported, Settle, Settlement, StoreError};

use crate::engine::Engine;

/// Reports or messages of one call that wait for the disk together.
const WRITTEN_AT_ONCE: usize = 64;

/// Why a call was not taken; nothing of it was acknowledged then.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CallError {
    /// It holds more than [`MOST_IN_CALL`].
    #[error("a call holds at most {MOST_IN_CALL} reports or messages")]
    TooMany,
    /// The account is unknown, or the database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Engine {
    /// A call about delivery: every report in it is on disk when this returns the body that the vendor wants to see. `raw` is the whole call without secrets.
    ///
    /// # Errors
    /// When the account is unknown, the call holds too many, or the database fails; the vendor should call again then.
    pub async fn take_reports(&self, account: AccountId, call: &RawCall<'_>, raw: &str) -> Result<&'static str, CallError> {
        let read = self.driver(account)?.read_reports(call);
        if read.reports.len() > MOST_IN_CALL {
            return Err(CallError::TooMany);
        }
        let mut first = None;
        let mut new = Vec::with_capacity(read.reports.len());
        for report in read.reports {
            let received_at = self.clock().now();
            let id = ReportId::from_raw(self.shared().entropy.id(received_at));
            let raw = first.map_or_else(|| raw.to_owned(), same_call);
            first = first.or(Some(id));
            new.push(NewReport { id, account, received_at, shape: read.shape.to_owned(), report, raw });
        }
        // They share commits, and are written in their order: each is handed to the store before the next.
        let mut written = stream::iter(new).map(|new| self.shared().store.report(new)).buffered(WRITTEN_AT_ONCE);
        while let Some(reported) = written.next().await {
            self.shared().reported(reported?).await;
        }
        Ok(read.acknowledge)
    }

    /// A call with messages from phones: they are on disk when this returns the body that the vendor wants to see. A call that holds none is kept as one without
    /// a sender, so that nothing that came is lost.
    ///
    /// # Errors
    /// As [`Engine::take_reports`].
    pub async fn take_inbound(&self, account: AccountId, call: &RawCall<'_>, raw: &str) -> Result<&'static str, CallError> {
        let shared = self.shared();
        let driver = self.driver(account)?;
        let mut messages = driver.read_inbound(call);
        if messages.len() > MOST_IN_CALL {
            return Err(CallError::TooMany);
        }
        if messages.is_empty() {
            messages.push(Inbound { from: String::new(), to: None, text: String::new(), provider_message_id: None, received_at: None });
        }
        let mut first = None;
        let mut rows = Vec::with_capacity(messages.len());
        for message in messages {
            let received_at = shared.clock.now();
            let id = InboundId::from_raw(shared.entropy.id(received_at));
            let raw = first.map_or_else(|| raw.to_owned(), same_call);
            first = first.or(Some(id));
            rows.push(InboundRow {
                id,
                account,
                received_at,
                from: message.from,
                to: message.to,
                text: message.text,
                provider_message_id: message.provider_message_id,
                sent_at: message.received_at,
                raw,
            });
        }
        // They share commits, and are written in their order.
        stream::iter(rows).map(|row| shared.store.inbound(row)).buffered(WRITTEN_AT_ONCE).try_collect::<()>().await?;
        Ok(driver.acknowledge_inbound(call))
    }

    /// A person says what became of a message in doubt: [`Settlement::Sent`], [`Settlement::NotSent`] or [`Settlement::Resend`].
    ///
    /// # Errors
    /// Conflict when it is not in doubt; when the database fails.
    pub async fn resolve(&self, message: MessageId, settlement: Settlement) -> Result<MessageRow, StoreError> {
        self.resolve_once(message, settlement, None).await
    }

    /// The same under the key of a request, with the answer to keep under it in the same commit: the same request again, also after a restart, changes nothing and is
    /// answered with the message as it is then.
    ///
    /// # Errors
    /// As [`Engine::resolve`]; Conflict when the key was used with another body.
    pub async fn resolve_once(&self, message: MessageId, settlement: Settlement, idempotency: Option<(IdempotencyKey, String)>) -> Result<MessageRow, StoreError> {
        self.shared().settle(Settle { message, settlement, by: "person", idempotency, now: self.clock().now() }).await
    }

    fn driver(&self, account: AccountId) -> Result<&dyn salio_provider::Provider, StoreError> {
        let options = self.accounts().find(|(id, _)| *id == account).ok_or(StoreError::NotFound { what: "account" })?.1;
        Ok(options.provider.as_ref())
    }
}

/// The whole call is kept once: one of a thousand reports would otherwise be kept a thousand times.
fn same_call(first: impl Display) -> String {
    format!("(in the same call as {first})")
}

impl crate::shared::Shared {
    /// Viewers and programs hear what a report changed.
    pub(crate) async fn reported(&self, reported: Reported) {
        if let Some(snapshot) = reported.snapshot {
            self.changed(snapshot);
        }
        if reported.changed
            && let Some(row) = reported.message
        {
            self.messages_changed(&[row]).await;
        }
        if reported.forwards {
            self.forwarding.notify_one();
        }
    }

    /// Evidence about a message in doubt; viewers hear of it, and what waits again goes.
    pub(crate) async fn settle(&self, settle: Settle) -> Result<MessageRow, StoreError> {
        let settled = self.store.settle(settle).await?;
        self.changed(settled.account);
        if settled.forwards {
            self.forwarding.notify_one();
        }
        self.messages_changed(std::slice::from_ref(&settled.message)).await;
        Ok(settled.message)
    }
}
