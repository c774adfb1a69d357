//! Ids: prefixed, time-ordered, 63 bits, written in lower-case Crockford base 32 (`msg_01hzy3q8k4w5t`).
//!
//! The number is the instant in milliseconds shifted left by 20 bits plus a counter, so the store can use it as its key.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 13 × 5 bits hold 63.
const DIGITS: usize = 13;

/// A text that is no id of the wanted kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id looks like {expected}_ and 13 letters or digits")]
pub struct IdError {
    expected: &'static str,
}

fn encode(mut number: u64) -> [u8; DIGITS] {
    let mut out = [b'0'; DIGITS];
    for slot in out.iter_mut().rev() {
        *slot = ALPHABET.get((number & 31) as usize).copied().unwrap_or(b'0');
        number >>= 5;
    }
    out
}

fn decode(text: &str) -> Option<i64> {
    if text.len() != DIGITS {
        return None;
    }
    let mut number: u64 = 0;
    for byte in text.bytes() {
        let digit = ALPHABET.iter().position(|a| *a == byte)?;
        number = number.checked_mul(32)?.checked_add(digit as u64)?;
    }
    i64::try_from(number).ok()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// From the number under which it is stored.
            #[must_use]
            pub const fn from_raw(raw: i64) -> Self { Self(raw) }
            /// The number under which it is stored.
            #[must_use]
            pub const fn raw(self) -> i64 { self.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let digits = encode(self.0.unsigned_abs());
                f.write_str(concat!($prefix, "_"))?;
                f.write_str(std::str::from_utf8(&digits).unwrap_or_default())
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                text.strip_prefix(concat!($prefix, "_")).and_then(decode).map(Self).ok_or(IdError { expected: $prefix })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> { serializer.collect_str(self) }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// One prepaid account at a provider; never changes, while its slug may.
    AccountId = "acc";
    /// One text to one recipient.
    MessageId = "msg";
    /// One try to hand messages to the provider.
    SubmissionId = "sub";
    /// Messages that were accepted together.
    BatchId = "bat";
    /// A key that Salio issued to a program.
    TokenId = "tok";
    /// One delivery report, as it came.
    ReportId = "rep";
    /// One message that came in.
    InboundId = "inb";
    /// A rule that says when to alert.
    RuleId = "rul";
    /// One alert: a crossing of a rule's level by an account.
    AlertId = "alr";
    /// A way to reach somebody.
    ChannelId = "chn";
    /// A program that is told of events.
    SubscriptionId = "evs";
}

/// Hands out numbers for ids: strictly growing within a process, ordered by time, starting at a random place in each millisecond.
#[derive(Debug)]
pub struct IdSource {
    last: i64,
}

impl IdSource {
    /// Starts after `last`, the largest number already stored (0 for none).
    #[must_use]
    pub const fn new(last: i64) -> Self {
        Self { last }
    }

    /// The next number: `millis` since the epoch, `random` any number (its low 19 bits place the first id of a millisecond).
    pub fn next(&mut self, millis: i64, random: u32) -> i64 {
        let start = (millis.clamp(0, (1 << 43) - 1) << 20) | i64::from(random & 0x7_ffff);
        self.last = start.max(self.last.saturating_add(1));
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_ordered_as_texts_and_come_back() {
        let mut source = IdSource::new(0);
        let ids: Vec<MessageId> = [5, 5, 6, 6, 4].into_iter().map(|ms| MessageId::from_raw(source.next(1_795_000_000_000 + ms, 77))).collect();
        let texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
        assert!(texts.is_sorted() && texts.windows(2).all(|pair| pair[0] != pair[1]), "{texts:?}");
        for (id, text) in ids.iter().zip(&texts) {
            assert_eq!(text.parse::<MessageId>().as_ref(), Ok(id));
            assert_eq!(text.len(), "msg_".len() + 13);
        }
    }

    #[test]
    fn other_texts_are_no_ids() {
        for text in ["", "msg_", "acc_0000000000001", "msg_000000000000", "msg_00000000000001", "msg_000000000000u", "msg_zzzzzzzzzzzzz"] {
            assert!(text.parse::<MessageId>().is_err(), "{text}");
        }
    }
}
