//! Lengths of time and counts as people read them, of bounded length whatever they are.

use crate::time::Millis;

const SECOND: Millis = 1_000;
const MINUTE: Millis = 60 * SECOND;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;
/// Longer than this nobody reads days.
const MOST_DAYS: Millis = 999;
const MOST_COUNTED: i64 = 999_999_999;

/// Milliseconds in the two largest units that matter: `45 s`, `31 min`, `23 h 10 min`, `3 d 4 h`.
#[must_use]
pub fn span(ms: Millis) -> String {
    let ms = ms.max(0);
    if ms < MINUTE {
        format!("{} s", ms / SECOND)
    } else if ms < HOUR {
        two(ms, MINUTE, "min", SECOND, "s")
    } else if ms < 2 * DAY {
        two(ms, HOUR, "h", MINUTE, "min")
    } else if ms <= MOST_DAYS * DAY {
        two(ms, DAY, "d", HOUR, "h")
    } else {
        format!("over {MOST_DAYS} d")
    }
}

fn two(ms: Millis, large: Millis, large_name: &str, small: Millis, small_name: &str) -> String {
    let rest = ms % large / small;
    if rest == 0 { format!("{} {large_name}", ms / large) } else { format!("{} {large_name} {rest} {small_name}", ms / large) }
}

/// A count with its noun: `1 message`, `12 messages`.
pub(super) fn count(number: i64, noun: &str) -> String {
    match number.max(0) {
        1 => format!("1 {noun}"),
        number if number > MOST_COUNTED => format!("over {MOST_COUNTED} {noun}s"),
        number => format!("{number} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_show_two_units() {
        for (ms, text) in [
            (-5, "0 s"),
            (0, "0 s"),
            (59_999, "59 s"),
            (MINUTE, "1 min"),
            (MINUTE + 5 * SECOND, "1 min 5 s"),
            (HOUR - 1, "59 min 59 s"),
            (24 * HOUR, "24 h"),
            (23 * HOUR + 10 * MINUTE, "23 h 10 min"),
            (2 * DAY, "2 d"),
            (3 * DAY + 4 * HOUR + MINUTE, "3 d 4 h"),
            (Millis::MAX, "over 999 d"),
        ] {
            assert_eq!(span(ms), text, "{ms}");
        }
        assert_eq!((count(1, "message"), count(0, "message")), ("1 message".to_owned(), "0 messages".to_owned()));
        assert_eq!((count(i64::MAX, "message"), count(i64::MIN, "message")), ("over 999999999 messages".to_owned(), "0 messages".to_owned()));
    }
}
