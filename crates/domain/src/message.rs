//! A message: one text to one recipient, and the states it goes through. Final states absorb.

use crate::words::words;

/// More parts than this nobody reads; the concatenation header could carry 255.
pub const MAX_SEGMENTS: u32 = 20;
/// A sender of letters: the address field has room for 11 characters.
pub const MAX_SENDER: usize = 11;
/// A sender of digits alone, which are packed closer.
pub const MAX_NUMERIC_SENDER: usize = 15;
/// What a caller may write beside a message, in bytes.
pub const MAX_REFERENCE: usize = 200;

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
    let most = if sender.bytes().all(|b| b.is_ascii_digit()) { MAX_NUMERIC_SENDER } else { MAX_SENDER };
    !sender.is_empty() && sender.trim() == sender && sender.len() <= most && sender.bytes().all(|b| b.is_ascii_graphic() || b == b' ')
}

/// The first control character that no phone shows as text, with its place counted in characters from 0. Line breaks and tabs may stand; a form feed may
/// not, although GSM 03.38 has a code for it: phones and networks make of it what they like.
#[must_use]
pub fn control_in(text: &str) -> Option<(usize, char)> {
    text.chars().enumerate().find(|(_, c)| c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t'))
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
        assert!(sender_fits("ELEVEN-CHAR") && sender_fits("123456789012345"));
        for long in ["TWELVE-CHARS", "FIFTEEN-LETTERS", "12345678901A", "1234 5678 9012", "1234567890123456"] {
            assert!(!sender_fits(long), "{long}");
        }
    }

    #[test]
    fn texts_hold_no_controls_but_line_breaks_and_tabs() {
        for fine in ["", "a\r\n\tb", "Habari ’za’ €", "жžé"] {
            assert_eq!(control_in(fine), None, "{fine:?}");
        }
        for control in (0..0x20).chain([0x7f]).filter_map(char::from_u32).filter(|c| !"\n\r\t".contains(*c)) {
            assert_eq!(control_in(&format!("жb{control}\0")), Some((2, control)));
        }
    }
}
