//! From what was written to what it means: one function per kind, each refusing with a sentence that never repeats the value.
//!
//! Knows nothing of: keys, layers, whether the value may be shown.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use salio_domain::Units;
use salio_domain::message::sender_fits;
use salio_provider::Secret;

use super::address::{self, AllowedSource};
use super::kind::{Kind, TOKEN_LEAST};
use super::raw::Raw;
use super::{duration, suggest};

/// What a value means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text, a word, an address of the web.
    Text(String),
    /// A whole number.
    Integer(u32),
    /// Yes or no.
    Bool(bool),
    /// A length of time.
    Duration(Duration),
    /// Lengths of time.
    Durations(Vec<Duration>),
    /// An amount.
    Units(Units),
    /// Prices by the first digits of a number, by digits.
    Prices(Vec<(String, Units)>),
    /// A text that is never shown.
    Secret(Secret),
    /// Where to listen.
    Listen(SocketAddr),
    /// Who may report.
    Addresses(Vec<AllowedSource>),
    /// A path.
    Path(PathBuf),
}

/// Reads what was written as the kind asks.
///
/// # Errors
/// What is wrong and what is allowed.
pub fn parse(kind: Kind, raw: &Raw) -> Result<Value, String> {
    match kind {
        Kind::Durations { min_ms, max_ms, most } => durations(&items(kind, raw)?, min_ms, max_ms, most),
        Kind::Addresses => address::sources(&items(kind, raw)?).map(Value::Addresses),
        Kind::Price | Kind::Amount => units(kind, raw),
        Kind::Prices => prices(&items(kind, raw)?),
        Kind::Secret => secret(raw),
        Kind::Token => secret(raw).and_then(token),
        _ => scalar(kind, raw.scalar().ok_or_else(|| format!("one value is expected: {}", kind.allowed()))?),
    }
}

fn scalar(kind: Kind, text: &str) -> Result<Value, String> {
    match kind {
        _ if text.is_empty() => Err(format!("it is empty; allowed: {}", kind.allowed())),
        Kind::Listen => address::listen(text).map(Value::Listen),
        Kind::Url => address::url(text).map(Value::Text),
        Kind::Database => address::database(text).map(Value::Path),
        Kind::TimeZone => time_zone(text),
        Kind::Cron => cron(text),
        Kind::Duration { min_ms, max_ms } => in_range(duration::parse(text)?, min_ms, max_ms).map(Value::Duration),
        Kind::Integer { min, max } => {
            let number = text.parse::<u32>().ok().filter(|n| (min..=max).contains(n));
            number.map(Value::Integer).ok_or_else(|| format!("allowed: {}", kind.allowed()))
        }
        Kind::Text { most } => visible(text, most, kind),
        Kind::Sender if sender_fits(text) => Ok(Value::Text(text.to_owned())),
        Kind::Sender => Err(format!("no message could be sent with it; allowed: {}", kind.allowed())),
        Kind::Choice(words) => choice(text, words),
        Kind::Bool => text.parse().map(Value::Bool).map_err(|_| "allowed: true or false".to_owned()),
        Kind::Country => country(text),
        Kind::LogFilter => log_filter(text),
        // The others were read before they came here.
        Kind::Path | Kind::Durations { .. } | Kind::Addresses | Kind::Price | Kind::Amount | Kind::Prices | Kind::Secret | Kind::Token => Ok(Value::Path(PathBuf::from(text))),
    }
}

/// A list of the file, or a text with commas.
fn items(kind: Kind, raw: &Raw) -> Result<Vec<String>, String> {
    let wrong = || format!("a list is expected: {}", kind.allowed());
    match raw {
        Raw::List(items) => items.iter().map(|item| item.scalar().map(str::to_owned).ok_or_else(wrong)).collect(),
        other => {
            let text = other.scalar().ok_or_else(wrong)?;
            Ok(text.split(',').map(|item| item.trim().to_owned()).filter(|_| !text.is_empty()).collect())
        }
    }
}

fn durations(items: &[String], min_ms: u64, max_ms: u64, most: usize) -> Result<Value, String> {
    if items.is_empty() || items.len() > most {
        return Err(format!("it holds {} lengths of time; allowed: 1 to {most}", items.len()));
    }
    let lengths = items.iter().map(|item| in_range(duration::parse(item)?, min_ms, max_ms)).collect::<Result<Vec<_>, _>>()?;
    if lengths.is_sorted_by(|a, b| a < b) {
        return Ok(Value::Durations(lengths));
    }
    Err("each length of time must be longer than the one before".to_owned())
}

fn in_range(length: Duration, min_ms: u64, max_ms: u64) -> Result<Duration, String> {
    let (min, max) = (Duration::from_millis(min_ms), Duration::from_millis(max_ms));
    if (min..=max).contains(&length) {
        return Ok(length);
    }
    Err(format!("allowed: {} to {}", duration::show(min), duration::show(max)))
}

fn units(kind: Kind, raw: &Raw) -> Result<Value, String> {
    if matches!(raw, Raw::Fraction(_)) {
        return Err("write the amount in quotes, such as \"0.80\": it is kept exactly, never as a float".to_owned());
    }
    let text = raw.scalar().ok_or_else(|| format!("one value is expected: {}", kind.allowed()))?;
    let units: Units = text.parse().map_err(|error: salio_domain::units::UnitsError| format!("{error}; allowed: {}", kind.allowed()))?;
    let fits = if matches!(kind, Kind::Price) { units > Units::ZERO } else { units >= Units::ZERO };
    if fits { Ok(Value::Units(units)) } else { Err(format!("allowed: {}", kind.allowed())) }
}

/// E.164 numbers have at most 15 digits.
const MOST_DIGITS: usize = 15;

fn prices(items: &[String]) -> Result<Value, String> {
    let mut prices = Vec::with_capacity(items.len());
    for item in items {
        let (digits, amount) =
            item.split_once('=').map(|(digits, amount)| (digits.trim().trim_start_matches('+'), amount.trim())).ok_or_else(|| format!("allowed: {}", Kind::Prices.allowed()))?;
        if !(1..=MOST_DIGITS).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(format!("a number begins with 1 to {MOST_DIGITS} digits of its international form; allowed: {}", Kind::Prices.allowed()));
        }
        let units: Units = amount.parse().map_err(|error: salio_domain::units::UnitsError| format!("{error}; allowed: {}", Kind::Prices.allowed()))?;
        if units <= Units::ZERO {
            return Err(format!("a price is above zero; allowed: {}", Kind::Prices.allowed()));
        }
        prices.push((digits.to_owned(), units));
    }
    prices.sort();
    if prices.windows(2).any(|pair| matches!(pair, [(a, _), (b, _)] if a == b)) {
        return Err("the same digits have two prices; keep one of them".to_owned());
    }
    Ok(Value::Prices(prices))
}

fn secret(raw: &Raw) -> Result<Value, String> {
    let Raw::Text(text) = raw else {
        return Err("write it in quotes".to_owned());
    };
    let text = text.trim();
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == char::REPLACEMENT_CHARACTER) {
        return Err("it holds a space, a line break or a broken character".to_owned());
    }
    Ok(Value::Secret(Secret::new(text.to_owned())))
}

/// Anything else would have to be encoded by hand in the address that the provider is given, and would be shown in another spelling where it is hidden by this one.
fn token(secret: Value) -> Result<Value, String> {
    let fits = |text: &str| text.len() >= TOKEN_LEAST && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._~-".contains(&b));
    match secret {
        Value::Secret(secret) if fits(secret.expose()) => Ok(Value::Secret(secret)),
        _ => Err(format!("it stands in an address; allowed: {}", Kind::Token.allowed())),
    }
}

fn visible(text: &str, most: usize, kind: Kind) -> Result<Value, String> {
    if text.chars().count() > most || text.chars().any(|c| c.is_control() || (c.is_whitespace() && c != ' ')) {
        return Err(format!("allowed: {}", kind.allowed()));
    }
    Ok(Value::Text(text.to_owned()))
}

fn choice(text: &str, words: &[&str]) -> Result<Value, String> {
    if words.contains(&text) {
        return Ok(Value::Text(text.to_owned()));
    }
    let meant = suggest::word(text, words).map(|word| format!("; did you mean {word:?}?")).unwrap_or_default();
    Err(format!("unknown; allowed: {}{meant}", words.join(", ")))
}

fn country(text: &str) -> Result<Value, String> {
    if text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Ok(Value::Text(text.to_ascii_uppercase()));
    }
    Err(format!("allowed: {}", Kind::Country.allowed()))
}

fn time_zone(text: &str) -> Result<Value, String> {
    match jiff::tz::TimeZone::get(text) {
        Ok(_) => Ok(Value::Text(text.to_owned())),
        Err(_) => Err(format!("unknown; allowed: {}", Kind::TimeZone.allowed())),
    }
}

fn cron(text: &str) -> Result<Value, String> {
    use croner::parser::{CronParser, Seconds, Year};
    let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
    if text.split_whitespace().count() == 5 && parser.parse(text).is_ok() {
        return Ok(Value::Text(text.to_owned()));
    }
    Err(format!("allowed: {}", Kind::Cron.allowed()))
}

fn log_filter(text: &str) -> Result<Value, String> {
    match tracing_subscriber::EnvFilter::builder().parse(text) {
        Ok(_) => Ok(Value::Text(text.to_owned())),
        Err(_) => Err(format!("allowed: {}", Kind::LogFilter.allowed())),
    }
}
