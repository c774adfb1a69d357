//! Dates as Onfon writes and wants them. It names no zone; its own (Nairobi) is assumed.
//!
//! Knows nothing of: the present, what a date is of.

use std::time::Duration;

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use salio_domain::Timestamp;

/// East Africa keeps three hours ahead of UTC all year.
const NAIROBI: Offset = Offset::constant(3);
const DAY: Duration = Duration::from_hours(24);
const EARLIER: Duration = Duration::from_hours(12);
/// Forms that have been seen in lists and reports, the list's own first.
const FORMS: [&str; 5] = ["%d-%b-%Y %I:%M:%S %p", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d-%b-%Y %H:%M:%S"];
/// No date is longer.
const LONGEST: usize = 40;

/// Reads a date of a list; `None` when it is in none of the forms.
pub(super) fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    let instant = match FORMS.iter().find_map(|form| DateTime::strptime(form, text).ok()) {
        Some(local) => local.to_zoned(TimeZone::fixed(NAIROBI)).ok()?.timestamp(),
        // With a zone of its own.
        None => text.parse().ok()?,
    };
    Some(Timestamp::from_micros(instant.as_microsecond()))
}

/// The days on which a message may be listed that was handed over then, `yyyy-mm-dd` in Nairobi: half a day earlier, for a clock or a zone that is wrong, and a day
/// later, for one that was taken late.
pub(super) fn days_around(at: Timestamp) -> (String, String) {
    (day(at.before(EARLIER)), day(at.after(DAY)))
}

fn day(at: Timestamp) -> String {
    let instant = jiff::Timestamp::from_microsecond(at.micros()).unwrap_or_default();
    instant.to_zoned(TimeZone::fixed(NAIROBI)).strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_the_same_instant() {
        let at: Timestamp = "2018-03-16T14:12:28Z".parse().unwrap();
        for text in ["16-Mar-2018 05:12:28 PM", " 16-mar-2018 5:12:28 pm ", "2018-03-16 17:12:28", "2018-03-16T17:12:28", "16-Mar-2018 17:12:28", "2018-03-16T14:12:28Z"] {
            assert_eq!(read(text), Some(at), "{text}");
        }
        let midnight = |text: &str| read(text).map(|at| at.to_string());
        assert_eq!(midnight("01-Jan-2026 12:00:00 AM").as_deref(), Some("2025-12-31T21:00:00.000000Z"));
        assert_eq!(midnight("01-Jan-2026 12:00:00 PM").as_deref(), Some("2026-01-01T09:00:00.000000Z"));
    }

    #[test]
    fn other_texts_are_no_dates() {
        for text in ["", "null", "yesterday", "30-Feb-2026 01:00:00 PM", "16-Mar-2018", "16-Mar-2018 25:00:00 PM", "99999-01-01 00:00:00", "16-März-2018 05:12:28 PM"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&"1".repeat(100_000)), None);
    }

    #[test]
    fn days_are_nairobis() {
        let days = |text: &str| days_around(text.parse().unwrap());
        assert_eq!(days("2026-11-22T20:59:59Z"), ("2026-11-22".to_owned(), "2026-11-23".to_owned()));
        assert_eq!(days("2026-11-22T21:00:00Z"), ("2026-11-22".to_owned(), "2026-11-24".to_owned()));
        assert_eq!(days("2026-12-31T08:00:00Z"), ("2026-12-30".to_owned(), "2027-01-01".to_owned()));
        for at in [i64::MIN, 0, i64::MAX] {
            assert_eq!(days_around(Timestamp::from_micros(at)).0.len(), 10, "{at}");
        }
    }
}
