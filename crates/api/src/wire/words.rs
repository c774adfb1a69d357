//! The words of the contract. Each is made from the domain's enum by a match that the compiler checks.

use salio_domain::{admission, balance, message, pricing, report, segments};
use salio_engine::store;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $from:path { $($(#[$vdoc:meta])* $variant:ident,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl From<$from> for $name {
            fn from(word: $from) -> Self {
                use $from as From_;
                match word { $(From_::$variant => Self::$variant,)* }
            }
        }

        impl From<$name> for $from {
            fn from(word: $name) -> Self {
                match word { $($name::$variant => Self::$variant,)* }
            }
        }
    )*};
}

words! {
    /// How far the figure can be relied on.
    BalanceState = balance::State {
        /// The provider has not said a figure yet.
        Unknown,
        /// Asked longer ago than the TTL, or the cache was cleared.
        Stale,
        /// Something was sent since the question, or charges are unconfirmed.
        Settling,
        /// The provider agrees.
        Fresh,
    }

    /// How asking goes.
    Health = balance::Health {
        /// The last try succeeded.
        Ok,
        /// The last try failed.
        Degraded,
        /// Three or more failed in a row, or credentials were refused.
        Failing,
    }

    /// Where the price of a segment comes from.
    PriceSource = pricing::PriceSource {
        /// Nobody said: one unit a segment.
        Assumed,
        /// From the configuration.
        Configured,
        /// From observations, confirmed by a person.
        Learned,
    }

    /// How a text travels.
    Encoding = segments::Encoding {
        /// GSM 03.38.
        Gsm7,
        /// UCS-2.
        Ucs2,
    }

    /// Where a message is.
    MessageState = message::MessageState {
        /// Waits for its time.
        Scheduled,
        /// Accepted, not yet begun.
        Queued,
        /// Being handed to the provider.
        Submitting,
        /// The provider took it.
        Sent,
        /// The network delivered it.
        Delivered,
        /// The network gave up.
        Undelivered,
        /// Past its `valid_until`.
        Expired,
        /// Refused by the provider.
        Rejected,
        /// Salio gave up before it could arrive.
        Failed,
        /// Taken back before it left.
        Cancelled,
        /// May have arrived; never sent again by itself.
        Unknown,
    }

    /// Who goes first.
    Priority = message::Priority {
        /// One-time codes.
        High,
        /// Everything else.
        Normal,
        /// Campaigns.
        Bulk,
    }

    /// What happens to messages that the balance does not cover.
    OnShort = admission::OnShort {
        /// They are accepted and wait.
        Hold,
        /// None of them is accepted.
        Refuse,
        /// Those are accepted that it covers, in the order of the list.
        Partial,
    }

    /// What a delivery report means.
    ReportOutcome = report::ReportOutcome {
        /// It reached the phone.
        Delivered,
        /// The network gave up.
        Failed,
        /// The provider has it and has not ended with it.
        Pending,
        /// A word that nobody has given a meaning: it changes nothing.
        Unmapped,
    }

    /// How a batch came.
    BatchSource = store::BatchSource {
        /// One request with a list.
        List,
        /// A stream of CSV.
        Csv,
        /// A stream of NDJSON.
        Ndjson,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_the_domains_own() {
        let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        for state in message::MessageState::ALL {
            assert_eq!(word(serde_json::to_value(MessageState::from(*state)).unwrap()), state.as_str());
        }
        for priority in message::Priority::ALL {
            assert_eq!(word(serde_json::to_value(Priority::from(*priority)).unwrap()), priority.as_str());
        }
        for state in [balance::State::Unknown, balance::State::Stale, balance::State::Settling, balance::State::Fresh] {
            assert_eq!(word(serde_json::to_value(BalanceState::from(state)).unwrap()), state.as_str());
        }
        for encoding in [segments::Encoding::Gsm7, segments::Encoding::Ucs2] {
            assert_eq!(word(serde_json::to_value(Encoding::from(encoding)).unwrap()), encoding.as_str());
        }
        for on_short in admission::OnShort::ALL {
            assert_eq!(word(serde_json::to_value(OnShort::from(*on_short)).unwrap()), on_short.as_str());
        }
        for outcome in report::ReportOutcome::ALL {
            assert_eq!(word(serde_json::to_value(ReportOutcome::from(*outcome)).unwrap()), outcome.as_str());
        }
        for source in [store::BatchSource::List, store::BatchSource::Csv, store::BatchSource::Ndjson] {
            assert_eq!(word(serde_json::to_value(BatchSource::from(source)).unwrap()), source.as_str());
        }
    }
}
