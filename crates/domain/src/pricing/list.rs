//! Prices by where a message goes. Knows nothing of what a price is made of, nor since when it holds.

use std::collections::HashMap;
use std::str::FromStr;

use crate::units::{Units, UnitsError};

/// Prices by the beginning of the number: the longest that fits wins, and the empty one is the account's own price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceList<T> {
    prices: HashMap<String, T>,
    longest: usize,
}

/// Why a text is no list of prices.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PriceListError {
    /// Not `PREFIX=UNITS`.
    #[error("{0:?} is not of the form PREFIX=UNITS, such as 2547=0.80")]
    Malformed(String),
    /// No beginning of an international number.
    #[error("{0:?} is no beginning of an international number: 1 to 15 digits, the first not 0")]
    Prefix(String),
    /// No price.
    #[error("{0:?} is no price: {1}")]
    Price(String, String),
    /// The same beginning twice.
    #[error("{0} has two prices")]
    Twice(String),
}

impl<T> PriceList<T> {
    /// The price for the E.164 digits of a number; none where not even the account's own is listed.
    #[must_use]
    pub fn of(&self, digits: &str) -> Option<&T> {
        (0..=self.longest.min(digits.len())).rev().find_map(|length| self.prices.get(digits.get(..length)?))
    }

    /// Lists a price; returns the one that it replaces.
    pub fn insert(&mut self, prefix: &str, price: T) -> Option<T> {
        self.longest = self.longest.max(prefix.len());
        self.prices.insert(prefix.to_owned(), price)
    }

    /// All, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.prices.iter().map(|(prefix, price)| (prefix.as_str(), price))
    }
}

impl<T> Default for PriceList<T> {
    fn default() -> Self {
        Self { prices: HashMap::new(), longest: 0 }
    }
}

impl<T> FromIterator<(String, T)> for PriceList<T> {
    fn from_iter<I: IntoIterator<Item = (String, T)>>(prices: I) -> Self {
        let mut list = Self::default();
        for (prefix, price) in prices {
            list.insert(&prefix, price);
        }
        list
    }
}

impl FromStr for PriceList<Units> {
    type Err = PriceListError;

    /// Reads `PREFIX=UNITS,…` as settings write it; nothing is an empty list.
    fn from_str(text: &str) -> Result<Self, PriceListError> {
        let mut list = Self::default();
        for item in text.split(',').map(str::trim).filter(|item| !item.is_empty()) {
            let (prefix, price) = item.split_once('=').ok_or_else(|| PriceListError::Malformed(item.to_owned()))?;
            let prefix = read_prefix(prefix.trim())?;
            if list.insert(prefix, read_price(price.trim())?).is_some() {
                return Err(PriceListError::Twice(prefix.to_owned()));
            }
        }
        Ok(list)
    }
}

fn read_prefix(written: &str) -> Result<&str, PriceListError> {
    let digits = written.strip_prefix('+').unwrap_or(written);
    let fits = (1..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    fits.then_some(digits).ok_or_else(|| PriceListError::Prefix(written.to_owned()))
}

fn read_price(written: &str) -> Result<Units, PriceListError> {
    let price: Units = written.parse().map_err(|error: UnitsError| PriceListError::Price(written.to_owned(), error.to_string()))?;
    if price.is_negative() { Err(PriceListError::Price(written.to_owned(), "it is below zero".to_owned())) } else { Ok(price) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn listed(text: &str) -> Result<BTreeMap<String, String>, PriceListError> {
        let list: PriceList<Units> = text.parse()?;
        Ok(list.iter().map(|(prefix, price)| (prefix.to_owned(), price.to_string())).collect())
    }

    #[test]
    fn settings_are_read_or_refused_with_the_item() {
        assert_eq!(listed(""), Ok(BTreeMap::new()));
        let expected = [("1", "0.00"), ("254", "0.80"), ("2547", "0.75")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(listed(" 254=0.8, +2547 = 0.75,1=0 ,"), Ok(BTreeMap::from(expected)));
        for (text, error) in [
            ("254", PriceListError::Malformed("254".into())),
            ("254=0.8,x", PriceListError::Malformed("x".into())),
            ("=1", PriceListError::Prefix(String::new())),
            ("0712=1", PriceListError::Prefix("0712".into())),
            ("25a=1", PriceListError::Prefix("25a".into())),
            ("1234567890123456=1", PriceListError::Prefix("1234567890123456".into())),
            ("254=x", PriceListError::Price("x".into(), UnitsError::Malformed.to_string())),
            ("254=0.0000001", PriceListError::Price("0.0000001".into(), UnitsError::TooPrecise.to_string())),
            ("254=-1", PriceListError::Price("-1".into(), "it is below zero".into())),
            ("254=1,+254=1", PriceListError::Twice("254".into())),
        ] {
            assert_eq!(listed(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn the_longest_beginning_wins_and_the_empty_one_is_the_accounts_own() {
        let mut list: PriceList<u8> = [("254", 1), ("2547", 2), ("25471234", 3)].map(|(prefix, price)| (prefix.to_owned(), price)).into_iter().collect();
        assert_eq!(list.of("255712345678"), None);
        assert_eq!(list.insert("", 0), None);
        for (digits, price) in [("254712345678", 3), ("254722345678", 2), ("254110123456", 1), ("255712345678", 0), ("25", 0), ("", 0)] {
            assert_eq!(list.of(digits), Some(&price), "{digits}");
        }
        assert_eq!(list.insert("254", 9), Some(1));
        assert_eq!(list.of("254110123456"), Some(&9));
        assert_eq!(list.of("25é"), Some(&0), "no digits, and no panic either");
    }

    proptest! {
        #[test]
        fn the_price_is_that_of_the_longest_listed_beginning(prefixes in prop::collection::btree_set("[12]{0,5}", 0..12), digits in "[12]{0,8}") {
            let list: PriceList<String> = prefixes.iter().map(|prefix| (prefix.clone(), prefix.clone())).collect();
            let longest = prefixes.iter().filter(|prefix| digits.starts_with(prefix.as_str())).max_by_key(|prefix| prefix.len());
            prop_assert_eq!(list.of(&digits), longest);
        }
    }
}
