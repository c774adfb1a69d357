//! Lengths of time as people write them: `500ms`, `30s`, `15m`, `1h30m`, `7d`.
//!
//! A bare number is refused: seconds for one reader are minutes for another. Knows nothing of keys and ranges.

use std::time::Duration;

/// The units, longest first; they may follow each other only in this order.
const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// Reads a length of time.
///
/// # Errors
/// Says what is wrong, repeating the text only where it is a short number.
pub fn parse(text: &str) -> Result<Duration, String> {
    // A longer one is no length of time but something put here by mistake, which must not be repeated.
    if (1..=5).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!("a bare number has no unit; write {text}s, {text}m or {text}h"));
    }
    let mut rest = text;
    let mut next_unit = 0;
    let mut total: u64 = 0;
    while !rest.is_empty() || next_unit == 0 {
        let (amount, unit, after) = part(rest).ok_or_else(not_a_duration)?;
        let at = UNITS.iter().position(|(name, _)| *name == unit).filter(|at| *at >= next_unit).ok_or_else(not_a_duration)?;
        let scale = UNITS.get(at).map_or(1, |(_, scale)| *scale);
        total = amount.checked_mul(scale).and_then(|ms| total.checked_add(ms)).ok_or("longer than can be counted")?;
        next_unit = at + 1;
        rest = after;
    }
    Ok(Duration::from_millis(total))
}

/// Splits `30m5s` into 30, `m`, `5s`.
fn part(text: &str) -> Option<(u64, &str, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (amount, rest) = text.split_at_checked(digits)?;
    let letters = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let (unit, after) = rest.split_at_checked(letters)?;
    Some((amount.parse().ok()?, unit, after))
}

fn not_a_duration() -> String {
    "not a length of time; write it like 500ms, 30s, 15m, 1h30m or 7d".to_owned()
}

/// Writes a length of time in the same form.
pub fn show(length: Duration) -> String {
    let mut left = u64::try_from(length.as_millis()).unwrap_or(u64::MAX);
    let mut out = String::new();
    for (name, scale) in UNITS {
        if left >= scale {
            out.push_str(&format!("{}{name}", left / scale));
            left %= scale;
        }
    }
    if out.is_empty() { "0s".to_owned() } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_exactly() {
        for (text, ms) in
            [("500ms", 500), ("2s", 2_000), ("60s", 60_000), ("15m", 900_000), ("1h30m", 5_400_000), ("24h", 86_400_000), ("1d12h", 129_600_000), ("1m500ms", 60_500), ("0s", 0)]
        {
            assert_eq!(parse(text), Ok(Duration::from_millis(ms)), "{text}");
        }
    }

    #[test]
    fn what_is_no_length_is_refused() {
        for text in ["", "m", "15 m", "15min", "1.5h", "-5s", "+5s", "1h1h", "30m1h", "1e3s", "5S", "٣s", "99999999999999999999s", "s5"] {
            assert!(parse(text).is_err(), "{text:?} was taken");
        }
        assert_eq!(parse("18446744073709551615d"), Err("longer than can be counted".to_owned()));
    }

    #[test]
    fn a_bare_number_is_refused_with_the_hint() {
        assert_eq!(parse("15"), Err("a bare number has no unit; write 15s, 15m or 15h".to_owned()));
    }

    #[test]
    fn written_and_read_again_is_the_same() {
        for ms in [0, 1, 999, 1_000, 61_001, 86_400_000, 93_784_005] {
            let length = Duration::from_millis(ms);
            assert_eq!(parse(&show(length)), Ok(length));
        }
    }
}
