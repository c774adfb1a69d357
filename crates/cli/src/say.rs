//! Words for people: spans, figures, instants.
//!
//! Knows nothing of: where they are printed.

use salio_domain::Units;

/// `4 s`, `3 min`, `2 h`, `5 days`.
pub fn seconds(seconds: u64) -> String {
    match seconds {
        0..=89 => format!("{seconds} s"),
        90..=5_399 => format!("{} min", (seconds + 30) / 60),
        5_400..=172_799 => format!("{} h", (seconds + 1_800) / 3_600),
        _ => format!("{} days", (seconds + 43_200) / 86_400),
    }
}

/// How long ago.
pub fn age(ms: u64) -> String {
    match ms / 1000 {
        0 => "just now".to_owned(),
        passed => format!("{} ago", seconds(passed)),
    }
}

/// A decimal string with thousands; what is no amount stays as it is.
pub fn amount(decimal: &str) -> String {
    decimal.parse::<Units>().map_or_else(|_| decimal.to_owned(), Units::grouped)
}

/// Whether an amount is anything at all.
pub fn is_some(decimal: &str) -> bool {
    decimal.parse::<Units>().is_ok_and(|units| !units.is_zero())
}

/// An RFC 3339 instant in a time zone: `2026-11-18 14:06:40`.
pub fn instant(text: &str, timezone: &str) -> String {
    let zoned = text.parse::<jiff::Timestamp>().and_then(|at| at.in_tz(timezone));
    zoned.map_or_else(|_| text.to_owned(), |at| at.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// A count with thousands: `1,000,000`.
pub fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 message`, `2 messages`.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{} {noun}s", self::number(u64::try_from(number).unwrap_or(u64::MAX))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_rounded_to_what_people_say() {
        for (given, said) in [(0, "0 s"), (89, "89 s"), (90, "2 min"), (900, "15 min"), (5_400, "2 h"), (86_400, "24 h"), (200_000, "2 days")] {
            assert_eq!(seconds(given), said, "{given}");
        }
        assert_eq!((age(999).as_str(), age(4_000).as_str()), ("just now", "4 s ago"));
    }

    #[test]
    fn figures_and_instants_read_well() {
        assert_eq!((amount("11375.50").as_str(), amount("?").as_str()), ("11,375.50", "?"));
        assert!(is_some("0.000001") && !is_some("0.00") && !is_some(""));
        assert_eq!(instant("2026-11-18T11:06:40.123456Z", "Africa/Nairobi"), "2026-11-18 14:06:40");
        assert_eq!([0, 999, 1_000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!((count(1, "line").as_str(), count(2_300, "line").as_str()), ("1 line", "2,300 lines"));
        assert_eq!(instant("later", "Africa/Nairobi"), "later");
    }
}
