//! What `Retry-After` asks for: seconds, or a date, which is measured against the answer's own `Date`, so that nobody's clock has to be right.
//!
//! Knows nothing of: the clock, whether anybody waits.

use std::time::Duration;

use jiff::fmt::rfc2822;

/// Whoever asks for more gets this; the sender has an age of its own at which it gives up.
const MAX_WAIT: Duration = Duration::from_hours(24);

/// How long to wait; nothing when the text says nothing that can be understood.
pub(super) fn read(retry_after: &str, date: Option<&str>) -> Option<Duration> {
    let text = retry_after.trim();
    let wait = match text.bytes().all(|b| b.is_ascii_digit()) && !text.is_empty() {
        // More digits than fit are more than a day, too.
        true => Duration::from_secs(text.parse().unwrap_or(u64::MAX)),
        false => Duration::try_from(instant(text)?.duration_since(instant(date?)?)).unwrap_or_default(),
    };
    Some(wait.min(MAX_WAIT))
}

fn instant(text: &str) -> Option<jiff::Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates() {
        const NOW: Option<&str> = Some("Wed, 21 Oct 2026 07:28:00 GMT");
        for (text, date, seconds) in [
            ("0", NOW, Some(0)),
            ("30", None, Some(30)),
            (" 120 ", None, Some(120)),
            ("86401", None, Some(86_400)),
            ("99999999999999999999999", None, Some(86_400)),
            ("Wed, 21 Oct 2026 07:30:00 GMT", NOW, Some(120)),
            ("Wed, 21 Oct 2026 07:27:00 GMT", NOW, Some(0)),
            ("Tue, 21 Oct 2036 07:27:00 GMT", NOW, Some(86_400)),
            ("Wed, 21 Oct 2026 07:30:00 GMT", None, None),
            ("Wed, 21 Oct 2026 07:30:00 GMT", Some("now"), None),
            ("", NOW, None),
            ("-5", NOW, None),
            ("1.5", NOW, None),
            ("soon", NOW, None),
        ] {
            assert_eq!(read(text, date), seconds.map(Duration::from_secs), "{text:?} {date:?}");
        }
    }
}
