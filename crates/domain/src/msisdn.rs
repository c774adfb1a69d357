//! Phone numbers: normalised to E.164 digits, or refused. Which numbers can exist is the library's knowledge, not ours.

use std::fmt;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};
use serde::{Deserialize, Serialize};

/// E.164 allows 15 digits; with spaces, brackets and dashes nobody needs more than this.
const LONGEST_TEXT: usize = 40;

/// A number that can exist: E.164 digits without the plus sign (`254712345678`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Msisdn(String);

/// Why a text is no number that a message could go to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MsisdnError {
    /// Nothing there.
    #[error("the number is empty")]
    Empty,
    /// Letters, or signs that no number holds.
    #[error("a number holds digits, spaces, dashes, dots, brackets and one plus sign in front")]
    NotDigits,
    /// Cannot be read as a number of the default country nor of any other.
    #[error("this is no phone number; write it like +254712345678")]
    Unreadable,
    /// Could be read, and no such number can exist.
    #[error("no such number can exist in the country it names")]
    Impossible,
}

impl Msisdn {
    /// Reads a number as people write it; without a country code it is taken as one of `country` (ISO 3166, two letters).
    ///
    /// # Errors
    /// When it is no number, or one that cannot exist.
    pub fn parse(text: &str, country: &str) -> Result<Self, MsisdnError> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Err(MsisdnError::Empty);
        }
        if !plausible(trimmed) || is_decimal(trimmed) {
            return Err(MsisdnError::NotDigits);
        }
        Self::read(trimmed, country).or_else(|first| international(trimmed).map_or(Err(first.clone()), |plus| Self::read(&plus, country).map_err(|_| first)))
    }

    fn read(text: &str, country: &str) -> Result<Self, MsisdnError> {
        let number = PHONE_NUMBER_UTIL.parse(text, country.parse::<Region>().ok()).map_err(|_| MsisdnError::Unreadable)?;
        if !PHONE_NUMBER_UTIL.is_valid_number(&number) {
            return Err(MsisdnError::Impossible);
        }
        let formatted = PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164);
        Ok(Self(formatted.trim_start_matches('+').to_owned()))
    }

    /// From the store, where it was put after reading.
    #[must_use]
    pub const fn from_stored(digits: String) -> Self {
        Self(digits)
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `254712345678` without its plus, or with the `00` of other countries in its place: tried as an international number when it is none of the default country.
fn international(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let number = digits.strip_prefix("00").unwrap_or(&digits);
    (!text.contains(['+', '.']) && !number.starts_with('0') && number.len() >= 8).then(|| format!("+{number}"))
}

/// `790123456.00`: a spreadsheet took the number for an amount, and what it lost (a leading zero, the last digits) nobody knows.
fn is_decimal(text: &str) -> bool {
    text.split_once('.').is_some_and(|(whole, fraction)| !whole.is_empty() && !fraction.is_empty() && fraction.bytes().all(|byte| byte == b'0'))
}

fn plausible(text: &str) -> bool {
    let body = text.strip_prefix('+').unwrap_or(text);
    text.len() <= LONGEST_TEXT && body.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')' | '\u{a0}')) && body.chars().any(|c| c.is_ascii_digit())
}

impl fmt::Display for Msisdn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_people_write_a_number_is_the_same_number() {
        for text in ["0712345678", "712345678", "254712345678", "+254712345678", " +254 712-345 678 ", "(0712) 345.678", "+254 (0)712345678", "00254712345678", "000254712345678"] {
            assert_eq!(Msisdn::parse(text, "KE").map(|m| m.to_string()), Ok("254712345678".to_owned()), "{text}");
        }
        assert_eq!(Msisdn::parse("0110123456", "KE").unwrap().as_str(), "254110123456");
        assert_eq!(Msisdn::parse("+4915123456789", "KE").unwrap().as_str(), "4915123456789");
        assert_eq!(Msisdn::parse("255712345678", "KE").unwrap().as_str(), "255712345678");
    }

    #[test]
    fn what_cannot_exist_is_refused() {
        for text in ["254254712345678", "07123", "2547123456789", "+25471234567", "1", "99999999999999999"] {
            assert!(Msisdn::parse(text, "KE").is_err(), "{text} {:?}", Msisdn::parse(text, "KE"));
        }
        for (text, error) in [
            ("", MsisdnError::Empty),
            ("  ", MsisdnError::Empty),
            ("0712FLOWER", MsisdnError::NotDigits),
            ("0712345678 ext 5", MsisdnError::NotDigits),
            ("++254712345678", MsisdnError::NotDigits),
            ("-", MsisdnError::NotDigits),
            ("790123456.00", MsisdnError::NotDigits),
            ("0712345678.0", MsisdnError::NotDigits),
            ("7123456.00", MsisdnError::NotDigits),
        ] {
            assert_eq!(Msisdn::parse(text, "KE"), Err(error), "{text}");
        }
    }
}
