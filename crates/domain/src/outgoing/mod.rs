//! Events for other programs: what happened, in the shape of Standard Webhooks (`type`, `timestamp`, `data`).
//!
//! Ids and units are strings, times RFC 3339. Fields are only ever added. Knows nothing of subscriptions, signatures or how events travel.

mod data;

pub use data::{BalanceChanged, BalanceLow, BatchCounts, BatchDone, DriftFound, MessageChanged, Of, TopUpSeen};

use serde::{Deserialize, Serialize};

use crate::message::MessageState;
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// What happened.
    EventKind {
        /// The shown balance is another.
        BalanceChanged = "balance.changed",
        /// A balance or a runway fell to its level.
        BalanceLow = "balance.low",
        /// The provider's figure grew by a top-up.
        TopUpSeen = "topup.seen",
        /// Units went that nothing known explains.
        DriftFound = "drift.found",
        /// The network delivered a message.
        MessageDelivered = "message.delivered",
        /// The network gave up on a message.
        MessageUndelivered = "message.undelivered",
        /// Nobody knows whether a message arrived.
        MessageUnknown = "message.unknown",
        /// Nothing of a batch waits any more.
        BatchDone = "batch.done",
    }
}

/// What happened, with its particulars.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum EventData {
    /// The shown balance is another.
    #[serde(rename = "balance.changed")]
    BalanceChanged(BalanceChanged),
    /// A balance or a runway fell to its level.
    #[serde(rename = "balance.low")]
    BalanceLow(BalanceLow),
    /// The provider's figure grew by a top-up.
    #[serde(rename = "topup.seen")]
    TopUpSeen(TopUpSeen),
    /// Units went that nothing known explains.
    #[serde(rename = "drift.found")]
    DriftFound(DriftFound),
    /// The network delivered a message.
    #[serde(rename = "message.delivered")]
    MessageDelivered(MessageChanged),
    /// The network gave up on a message.
    #[serde(rename = "message.undelivered")]
    MessageUndelivered(MessageChanged),
    /// Nobody knows whether a message arrived.
    #[serde(rename = "message.unknown")]
    MessageUnknown(MessageChanged),
    /// Nothing of a batch waits any more.
    #[serde(rename = "batch.done")]
    BatchDone(BatchDone),
}

impl EventData {
    /// What happened.
    #[must_use]
    pub const fn kind(&self) -> EventKind {
        match self {
            Self::BalanceChanged(_) => EventKind::BalanceChanged,
            Self::BalanceLow(_) => EventKind::BalanceLow,
            Self::TopUpSeen(_) => EventKind::TopUpSeen,
            Self::DriftFound(_) => EventKind::DriftFound,
            Self::MessageDelivered(_) => EventKind::MessageDelivered,
            Self::MessageUndelivered(_) => EventKind::MessageUndelivered,
            Self::MessageUnknown(_) => EventKind::MessageUnknown,
            Self::BatchDone(_) => EventKind::BatchDone,
        }
    }

    /// The event of a message that changed; none for states that are nobody's news.
    #[must_use]
    pub fn message(changed: MessageChanged) -> Option<Self> {
        match changed.state {
            MessageState::Delivered => Some(Self::MessageDelivered(changed)),
            MessageState::Undelivered => Some(Self::MessageUndelivered(changed)),
            MessageState::Unknown => Some(Self::MessageUnknown(changed)),
            _ => None,
        }
    }
}

/// The body that is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// `type` and `data`.
    #[serde(flatten)]
    pub data: EventData,
    /// When it happened, not when it is sent.
    pub timestamp: Timestamp,
}

#[cfg(test)]
mod tests;
