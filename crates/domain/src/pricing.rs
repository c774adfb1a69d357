//! What a message should cost: segments × the price of a segment in force. A charge remembers its price.

pub mod learn;
mod list;

pub use list::{PriceList, PriceListError};

use serde::{Deserialize, Serialize};

use crate::units::Units;

/// Where a price comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PriceSource {
    /// Nobody said: one unit a segment. Drift raises no alarm.
    Assumed,
    /// From the configuration.
    Configured,
    /// From observations, confirmed by a person.
    Learned,
}

impl PriceSource {
    /// The stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Assumed => "assumed",
            Self::Configured => "configured",
            Self::Learned => "learned",
        }
    }

    /// The source that a stored word stands for; unknown words are an assumption.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        match word {
            "configured" => Self::Configured,
            "learned" => Self::Learned,
            _ => Self::Assumed,
        }
    }
}

/// The price of one segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// Units a segment.
    pub per_segment: Units,
    /// Where it comes from.
    pub source: PriceSource,
}

impl Price {
    /// What holds while nobody has said a price.
    pub const ASSUMED: Self = Self { per_segment: Units::whole(1), source: PriceSource::Assumed };

    /// The charge of a message of `segments`; none when it does not fit.
    #[must_use]
    pub const fn charge(&self, segments: u32) -> Option<Units> {
        self.per_segment.checked_mul(segments as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_charge_is_segments_times_price_and_never_wraps() {
        let price = Price { per_segment: Units::from_micros(700_000), source: PriceSource::Configured };
        assert_eq!(price.charge(3), Some(Units::from_micros(2_100_000)));
        assert_eq!(Price { per_segment: Units::MAX, ..price }.charge(2), None);
    }
}
