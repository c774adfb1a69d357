//! A message: one text to one recipient, and the states it goes through. Final states absorb.

use serde::{Deserialize, Serialize};

/// More parts than this nobody reads; the concatenation header could carry 255.
pub const MAX_SEGMENTS: u32 = 20;
/// An approved sender has at most 11 letters or digits; numeric ones are up to 15.
pub const MAX_SENDER: usize = 15;
/// What a caller may write beside a message, in bytes.
pub const MAX_REFERENCE: usize = 200;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant,)* }

        impl $name {
            /// All, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable word.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $word,)* } }

            /// What a stored or given word stands for.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> { match word { $($word => Some(Self::$variant),)* _ => None } }
        }
    };
}

words! {
    /// Where a message is.
    MessageState {
        /// Waits for its time.
        Scheduled = "scheduled",
        /// Accepted, not yet begun.
        Queued = "queued",
        /// Its submission has begun and not ended.
        Submitting = "submitting",
        /// The provider took it.
        Sent = "sent",
        /// The network delivered it.
        Delivered = "delivered",
        /// The network gave up.
        Undelivered = "undelivered",
        /// Past its `valid_until`; not sent late.
        Expired = "expired",
        /// Refused by the provider.
        Rejected = "rejected",
        /// We gave up before it could arrive.
        Failed = "failed",
        /// Taken back before it left.
        Cancelled = "cancelled",
        /// May have arrived; never sent again by itself.
        Unknown = "unknown",
    }
}

words! {
    /// Who goes first.
    Priority {
        /// One-time codes.
        High = "high",
        /// Everything else.
        Normal = "normal",
        /// Campaigns.
        Bulk = "bulk",
    }
}

impl MessageState {
    /// Whether nothing moves the message any more. `sent` and `unknown` still wait for the network's word, but no longer for us.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Delivered | Self::Undelivered | Self::Expired | Self::Rejected | Self::Failed | Self::Cancelled)
    }

    /// Whether our own work on it has ended.
    #[must_use]
    pub const fn has_left(self) -> bool {
        !matches!(self, Self::Scheduled | Self::Queued | Self::Submitting)
    }
}

impl Priority {
    /// The order in the queue: smaller goes first.
    #[must_use]
    pub const fn rank(self) -> i64 {
        match self {
            Self::High => 0,
            Self::Normal => 1,
            Self::Bulk => 2,
        }
    }
}

/// Whether a text can be an alphanumeric or numeric sender.
#[must_use]
pub fn sender_fits(sender: &str) -> bool {
    !sender.is_empty() && sender.trim() == sender && sender.chars().count() <= MAX_SENDER && sender.chars().all(|c| c.is_ascii_graphic() || c == ' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back() {
        for state in MessageState::ALL {
            assert_eq!(MessageState::from_word(state.as_str()), Some(*state));
            assert_eq!(serde_json::to_string(state).unwrap(), format!("\"{}\"", state.as_str()));
            assert!(!state.is_final() || state.has_left());
        }
        assert_eq!(MessageState::from_word("delivrd"), None);
    }

    #[test]
    fn senders_are_short_and_visible() {
        assert!(sender_fits("PROMO") && sender_fits("My Shop_1") && sender_fits("22141"));
        assert!(!sender_fits("") && !sender_fits(" PROMO") && !sender_fits("SIXTEEN-LETTERS-") && !sender_fits("ПРОМО"));
    }
}
