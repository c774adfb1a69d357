//! Reading a provider's figure from its text: exact, or refused. Never a guess, never zero.
//!
//! Knows nothing of: JSON documents, vendors, which row the figure came from. Product section 2.9 is the whole grammar.

use crate::units::{MICROS_PER_UNIT, Units};

/// Currency marks that may stand before a figure; exactly these spellings.
const CURRENCY_MARKS: [&str; 3] = ["KSh", "Ksh", "KES"];
/// Fraction digits that a unit can hold.
const FRACTION_DIGITS: i64 = 6;
/// Digits of the largest amount in millionths (`i64::MAX` has 19).
const MAX_DIGITS: i64 = 19;
/// An exponent further from zero than this is no honest figure, even of zero.
const MAX_EXPONENT: i64 = 999;
/// How much of an offending text an error repeats, in characters.
const SHOWN_CHARS: usize = 64;

/// How the provider writes its figure. A change between the two is quarantined, never compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BalanceForm {
    /// A bare figure.
    Bare,
    /// A figure with a currency mark.
    Currency,
}

impl BalanceForm {
    /// The stable word that is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::Currency => "currency",
        }
    }

    /// The form that a stored word stands for.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "bare" => Some(Self::Bare),
            "currency" => Some(Self::Currency),
            _ => None,
        }
    }
}

/// A figure, exact, and how it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What it says.
    pub units: Units,
    /// How it was written.
    pub form: BalanceForm,
}

/// What is wrong with a text that is no figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Nothing but spaces.
    #[error("it is empty")]
    Empty,
    /// No digits where a figure should be, or something else among or around them.
    #[error("it is not a plain decimal figure")]
    NotAFigure,
    /// Commas that do not set apart thousands.
    #[error("its commas do not set apart thousands")]
    Grouping,
    /// More than six fraction digits that are not zero.
    #[error("it has more than 6 significant fraction digits")]
    TooPrecise,
    /// Beyond what an amount can hold.
    #[error("it is too large")]
    TooLarge,
    /// An exponent that no honest figure has.
    #[error("its exponent is absurd")]
    Exponent,
}

/// Why a text is no figure; shows at most 64 characters of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{shown:?} cannot be read as a balance: {fault}")]
pub struct ReadingError {
    /// What is wrong.
    pub fault: Fault,
    /// The beginning of the text.
    pub shown: String,
}

/// Reads a figure from text: `KSh12,345.00`, `11378.67`, ` -3 `.
///
/// # Errors
/// When the text is anything else than product section 2.9 allows.
pub fn parse_figure(text: &str) -> Result<Figure, ReadingError> {
    figure(text).map_err(|fault| refused(text, fault))
}

/// Reads a figure from the token of a JSON number: `11378.67`, `1.137867e4`. Exact; no float is involved.
///
/// # Errors
/// When the token is no JSON number, too precise, too large, or its exponent is absurd.
pub fn parse_json_number(raw: &str) -> Result<Figure, ReadingError> {
    json_number(raw).map(|units| Figure { units, form: BalanceForm::Bare }).map_err(|fault| refused(raw, fault))
}

fn refused(text: &str, fault: Fault) -> ReadingError {
    ReadingError { fault, shown: text.chars().take(SHOWN_CHARS).collect() }
}

/// Blank as a provider writes it: the space and the two no-break spaces. Not tabs, not line ends.
const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}')
}

fn figure(text: &str) -> Result<Figure, Fault> {
    let text = text.trim_matches(is_space);
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    let (form, rest) =
        CURRENCY_MARKS.iter().find_map(|mark| text.strip_prefix(mark)).map_or((BalanceForm::Bare, text), |rest| (BalanceForm::Currency, rest.trim_start_matches(is_space)));
    let (negative, digits) = match rest.as_bytes().first() {
        Some(b'-') => (true, rest.get(1..).unwrap_or_default()),
        Some(b'+') => (false, rest.get(1..).unwrap_or_default()),
        _ => (false, rest),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let fraction_is_fine = fraction.is_none_or(only_digits);
    if !fraction_is_fine || whole.is_empty() || !whole.bytes().all(|b| b.is_ascii_digit() || b == b',') {
        return Err(Fault::NotAFigure);
    }
    check_grouping(whole)?;
    let units = exact(negative, whole, fraction.unwrap_or_default(), 0)?;
    Ok(Figure { units, form })
}

fn only_digits(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())
}

/// Commas stand between groups of three; the first group has one to three digits and no leading zero: `0,123` could be a decimal comma.
fn check_grouping(whole: &str) -> Result<(), Fault> {
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let mut grouped = false;
    for group in groups {
        grouped = true;
        if group.len() != 3 {
            return Err(Fault::Grouping);
        }
    }
    if grouped && (first.is_empty() || first.len() > 3 || first.starts_with('0')) {
        return Err(Fault::Grouping);
    }
    Ok(())
}

fn json_number(raw: &str) -> Result<Units, Fault> {
    let (negative, rest) = raw.strip_prefix('-').map_or((false, raw), |rest| (true, rest));
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
        None => (rest, 0),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((_, "")) => return Err(Fault::NotAFigure),
        Some(parts) => parts,
        None => (mantissa, ""),
    };
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    if leading_zero || !only_digits(whole) || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Fault::NotAFigure);
    }
    exact(negative, whole, fraction, exponent)
}

fn read_exponent(text: &str) -> Result<i64, Fault> {
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, text.get(1..).unwrap_or_default()),
        Some(b'+') => (false, text.get(1..).unwrap_or_default()),
        _ => (false, text),
    };
    if !only_digits(digits) {
        return Err(Fault::NotAFigure);
    }
    let size = digits.bytes().fold(0_i64, |size, b| size.saturating_mul(10).saturating_add(i64::from(b - b'0')));
    if size > MAX_EXPONENT {
        return Err(Fault::Exponent);
    }
    Ok(if negative { -size } else { size })
}

/// `whole.fraction × 10^exponent` in millionths; commas are skipped. Works digit by digit, so that a text of any length costs no memory.
fn exact(negative: bool, whole: &str, fraction: &str, exponent: i64) -> Result<Units, Fault> {
    let digits = || whole.bytes().chain(fraction.bytes()).filter(u8::is_ascii_digit).map(|b| b - b'0');
    let Some(first) = digits().position(|d| d != 0) else { return Ok(Units::ZERO) };
    let count = digits().count();
    let last = count - 1 - trailing_zeros(whole, fraction);
    // The place of the last digit that is not zero, counted in millionths: 0 is one millionth, 6 is one unit.
    let fraction_len = i64::try_from(fraction.len()).map_err(|_| Fault::TooPrecise)?;
    let behind = i64::try_from(count - 1 - last).map_err(|_| Fault::TooLarge)?;
    let place = exponent + FRACTION_DIGITS - fraction_len + behind;
    if place < 0 {
        return Err(Fault::TooPrecise);
    }
    let significant = i64::try_from(last - first + 1).map_err(|_| Fault::TooLarge)?;
    if significant.saturating_add(place) > MAX_DIGITS {
        return Err(Fault::TooLarge);
    }
    // At most 19 digits: far inside 128 bits.
    let mut micros = digits().skip(first).take(last - first + 1).fold(0_i128, |sum, d| sum * 10 + i128::from(d));
    for _ in 0..place {
        micros *= 10;
    }
    i64::try_from(if negative { -micros } else { micros }).map(Units::from_micros).map_err(|_| Fault::TooLarge)
}

/// How many zeros end `whole` and `fraction` together, commas not counted.
fn trailing_zeros(whole: &str, fraction: &str) -> usize {
    let reversed = fraction.bytes().rev().chain(whole.bytes().rev());
    reversed.filter(u8::is_ascii_digit).take_while(|b| *b == b'0').count()
}

const _: () = assert!(MICROS_PER_UNIT == 1_000_000, "six fraction digits make a unit");

#[cfg(test)]
#[path = "reading_tests.rs"]
mod tests;
