//! Units: what a provider counts, as an integer of millionths. No float comes near.
//!
//! Outside they are decimal strings with 2 to 6 fraction digits (`"11376.50"`), on screen with thousands (`11,376.50`).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Millionths in one unit.
pub const MICROS_PER_UNIT: i64 = 1_000_000;

/// An amount of a provider's units, exact to a millionth. May be negative (a credit limit, a difference).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Units(i64);

/// Why a text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnitsError {
    /// Not of the form `-?digits(.digits)?`.
    #[error("an amount is digits with at most one point, such as 11376.50")]
    Malformed,
    /// More than six significant fraction digits.
    #[error("an amount has at most 6 fraction digits")]
    TooPrecise,
    /// Beyond what an amount can hold (about 9.2 million million units).
    #[error("the amount is too large")]
    TooLarge,
}

impl Units {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount.
    pub const MAX: Self = Self(i64::MAX);

    /// From millionths of a unit.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// From whole units; saturates, for constants.
    #[must_use]
    pub const fn whole(units: i64) -> Self {
        Self(units.saturating_mul(MICROS_PER_UNIT))
    }

    /// In millionths of a unit.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Sum, or `None` where it does not fit.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// Difference, or `None` where it does not fit.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(difference) => Some(Self(difference)),
            None => None,
        }
    }

    /// Product with a count, or `None` where it does not fit.
    #[must_use]
    pub const fn checked_mul(self, count: i64) -> Option<Self> {
        match self.0.checked_mul(count) {
            Some(product) => Some(Self(product)),
            None => None,
        }
    }

    /// Sum for figures that are bounded where they enter (a balance, a sum of charges): stops at the ends instead of wrapping.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// Difference for figures that are bounded where they enter: stops at the ends instead of wrapping.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Whether this is exactly nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether this is below nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// As on screen: thousands set apart, two digits, or as many as it takes: `11,378.67`, `0.000001`.
    #[must_use]
    pub fn grouped(self) -> String {
        let plain = self.to_string();
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "00"));
        let mut out = String::with_capacity(plain.len() + whole.len() / 3 + 1);
        out.push_str(sign);
        for (position, digit) in whole.chars().enumerate() {
            if position > 0 && (whole.len() - position).is_multiple_of(3) {
                out.push(',');
            }
            out.push(digit);
        }
        out.push('.');
        out.push_str(fraction);
        out
    }
}

impl fmt::Display for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let scale = MICROS_PER_UNIT.unsigned_abs();
        let fraction = format!("{:06}", magnitude % scale);
        let kept = fraction.trim_end_matches('0').len().max(2);
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{}", magnitude / scale, fraction.get(..kept).unwrap_or("00"))
    }
}

impl FromStr for Units {
    type Err = UnitsError;

    /// Reads `-?digits(.digits)?`; fraction digits beyond the sixth must be zero.
    fn from_str(text: &str) -> Result<Self, UnitsError> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let only_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !only_digits(whole) || !only_digits(fraction) {
            return Err(UnitsError::Malformed);
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > 6 {
            return Err(UnitsError::TooPrecise);
        }
        let whole: i64 = whole.parse().map_err(|_| UnitsError::TooLarge)?;
        let micros: i64 = format!("{fraction:0<6}").parse().map_err(|_| UnitsError::Malformed)?;
        let total = whole.checked_mul(MICROS_PER_UNIT).and_then(|w| w.checked_add(micros)).ok_or(UnitsError::TooLarge)?;
        Ok(Self(if negative { -total } else { total }))
    }
}

impl Serialize for Units {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Units {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl std::iter::Sum for Units {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Self::plus)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_show_two_to_six_digits() {
        for (micros, plain, grouped) in [
            (0, "0.00", "0.00"),
            (1, "0.000001", "0.000001"),
            (-1, "-0.000001", "-0.000001"),
            (11_378_670_000, "11378.67", "11,378.67"),
            (1_000_000_000_000, "1000000.00", "1,000,000.00"),
            (-999_500_000, "-999.50", "-999.50"),
            (i64::MIN, "-9223372036854.775808", "-9,223,372,036,854.775808"),
        ] {
            assert_eq!(Units::from_micros(micros).to_string(), plain);
            assert_eq!(Units::from_micros(micros).grouped(), grouped);
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", "-", ".5", "5.", "1,000", "1e3", " 1", "+1", "1.2.3", "--1", "٣"] {
            assert_eq!(text.parse::<Units>(), Err(UnitsError::Malformed), "{text:?}");
        }
        assert_eq!("0.0000001".parse::<Units>(), Err(UnitsError::TooPrecise));
        assert_eq!("9223372036855".parse::<Units>(), Err(UnitsError::TooLarge));
        assert_eq!("99999999999999999999".parse::<Units>(), Err(UnitsError::TooLarge));
    }

    proptest! {
        #[test]
        fn text_and_back_is_the_same(micros in (i64::MIN + 1)..i64::MAX) {
            let units = Units::from_micros(micros);
            prop_assert_eq!(units.to_string().parse::<Units>(), Ok(units));
        }
    }
}
