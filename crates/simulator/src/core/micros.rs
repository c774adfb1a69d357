//! Amounts: integers of millionths inside, decimal strings outside. Written for the simulator alone; no float comes near.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Millionths in one unit.
pub const ONE_UNIT: i64 = 1_000_000;

/// An amount in millionths of a unit; a decimal string such as `"11378.67"` in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Micros(pub i64);

/// Why a text is not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no amount: write digits with at most 6 after one point, such as \"500\" or \"11378.67\"")]
pub struct NotAnAmount(String);

impl FromStr for Micros {
    type Err = NotAnAmount;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| NotAnAmount(text.chars().take(40).collect()))
    }
}

fn parse(text: &str) -> Option<Micros> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole) || !plain(fraction) || fraction.len() > 6 {
        return None;
    }
    let millionths: i64 = format!("{fraction:0<6}").parse().ok()?;
    let sum = whole.parse::<i64>().ok()?.checked_mul(ONE_UNIT)?.checked_add(millionths)?;
    Some(Micros(if negative { -sum } else { sum }))
}

impl fmt::Display for Micros {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.fixed(2, 6))
    }
}

impl Micros {
    /// The amount with at least `least` and at most `most` digits after the point; further digits are cut off, never rounded.
    #[must_use]
    pub fn fixed(self, least: usize, most: usize) -> String {
        let (whole, mut fraction) = self.parts();
        fraction.truncate(most.min(6));
        while fraction.len() > least && fraction.ends_with('0') {
            fraction.pop();
        }
        let sign = if self.0 < 0 { "-" } else { "" };
        if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }

    /// As [`Micros::fixed`], with `separator` between thousands and `point` before the fraction.
    #[must_use]
    pub fn grouped(self, least: usize, most: usize, separator: char, point: char) -> String {
        let plain = self.fixed(least, most);
        let (sign, unsigned) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let mut text = String::from(sign);
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                text.push(separator);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push(point);
            text.push_str(fraction);
        }
        text
    }

    fn parts(self) -> (u64, String) {
        let size = self.0.unsigned_abs();
        (size / ONE_UNIT.unsigned_abs(), format!("{:06}", size % ONE_UNIT.unsigned_abs()))
    }
}

impl Serialize for Micros {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Micros {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_decimals() {
        for (text, micros) in [("0", 0), ("1", 1_000_000), ("11378.67", 11_378_670_000), ("-0.000001", -1), ("0.7", 700_000)] {
            assert_eq!(text.parse::<Micros>(), Ok(Micros(micros)), "{text}");
        }
        for text in ["", "1.", ".5", "1,000", "1.0000001", "+1", " 1", "1e3", "--1", "99999999999999999"] {
            assert!(text.parse::<Micros>().is_err(), "{text}");
        }
        assert_eq!(Micros(11_378_670_000).to_string(), "11378.67");
        assert_eq!(Micros(-1).to_string(), "-0.000001");
        assert_eq!(Micros(5_000_000).to_string(), "5.00");
    }

    #[test]
    fn groups_thousands() {
        assert_eq!(Micros(1_024_500_000).grouped(2, 2, ',', '.'), "1,024.50");
        assert_eq!(Micros(-1_234_567_000_000).grouped(0, 0, ',', '.'), "-1,234,567");
        assert_eq!(Micros(999_000_000).grouped(2, 2, '.', ','), "999,00");
    }
}
