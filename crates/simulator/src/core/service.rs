//! The services of the vendor that are simulated. Must not know what they do.

use serde::{Deserialize, Serialize};

/// One of the vendor's services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Service {
    /// `POST /v1/sms/SendBulkSMS`
    SendBulkSMS,
    /// `GET /v1/sms/Balance`
    Balance,
    /// `GET /v1/sms/MessageStatus`
    MessageStatus,
    /// `GET /v1/sms/SMS`
    SMS,
}

impl Service {
    /// All of them, in the order of their counters.
    pub const ALL: [Self; 4] = [Self::SendBulkSMS, Self::Balance, Self::MessageStatus, Self::SMS];

    /// The name used in paths and in the control API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SendBulkSMS => "SendBulkSMS",
            Self::Balance => "Balance",
            Self::MessageStatus => "MessageStatus",
            Self::SMS => "SMS",
        }
    }
}
