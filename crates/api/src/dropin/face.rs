//! How Onfon writes things: ids, dates, states, amounts. Pure.

use jiff::tz::TimeZone;
use salio_domain::message::MessageState;
use salio_domain::{MessageId, Timestamp, Units};

/// Digits after the point in `KSh11376.5000`.
const KSH_PLACES: u32 = 4;

/// A message's id as the UUID that typed clients expect: version 8 (RFC 9562, "custom"), made from our number and back.
pub(super) fn uuid(id: MessageId) -> String {
    let number = id.raw().unsigned_abs();
    let (high, middle, low) = (number >> 16, (number >> 4) & 0xfff, number & 0xf);
    format!("{:08x}-{:04x}-8{middle:03x}-8{low:x}00-000000000000", high >> 16, high & 0xffff)
}

/// The message that a program names: our UUID in any case, or our own id.
pub(super) fn message_id(text: &str) -> Option<MessageId> {
    let text = text.trim();
    if let Ok(id) = text.parse() {
        return Some(id);
    }
    let compact: String = text.chars().filter(|c| *c != '-').collect();
    let part = |from: usize, to: usize| u64::from_str_radix(compact.get(from..to)?, 16).ok();
    let number = (part(0, 12)? << 16) | (part(13, 16)? << 4) | part(17, 18)?;
    let id = MessageId::from_raw(i64::try_from(number).ok()?);
    (uuid(id) == text.to_ascii_lowercase()).then_some(id)
}

/// `16-Mar-2018 05:12:28 PM`, in the server's time zone.
pub(super) fn date(at: Timestamp, zone: &TimeZone) -> String {
    let instant = jiff::Timestamp::from_microsecond(at.micros()).unwrap_or_default();
    instant.to_zoned(zone.clone()).strftime("%d-%b-%Y %I:%M:%S %p").to_string()
}

/// The word for a state.
pub(super) const fn status(state: MessageState) -> &'static str {
    match state {
        MessageState::Delivered => "DELIVRD",
        MessageState::Undelivered => "UNDELIV",
        MessageState::Rejected => "REJECTD",
        MessageState::Expired => "EXPIRED",
        MessageState::Failed => "FAILED",
        MessageState::Cancelled => "DELETED",
        MessageState::Unknown => "UNKNOWN",
        MessageState::Sent => "SUBMITTED",
        MessageState::Scheduled | MessageState::Queued | MessageState::Submitting => "QUEUED",
    }
}

/// What is left, as a key's `credits_format` wants it. Never more than there is: what does not fit into four places is cut towards less.
pub(super) fn credits(units: Units, format: &str) -> String {
    if format == "plain" {
        return units.to_string();
    }
    let scale = 10_i64.pow(6 - KSH_PLACES);
    let cut = units.micros().div_euclid(scale);
    let (sign, cut) = (if cut < 0 { "-" } else { "" }, cut.unsigned_abs());
    format!("KSh{sign}{}.{:04}", cut / 10_u64.pow(KSH_PLACES), cut % 10_u64.pow(KSH_PLACES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_become_uuids_and_come_back() {
        for raw in [0, 1, 15, 16, 4095, 65_535, 65_536, 1_882_000_000_000_000_000, i64::MAX] {
            let (id, text) = (MessageId::from_raw(raw), uuid(MessageId::from_raw(raw)));
            assert_eq!((text.len(), text.as_bytes()[14], text.as_bytes()[19]), (36, b'8', b'8'), "{text}");
            assert_eq!(message_id(&text), Some(id));
            assert_eq!(message_id(&text.to_uppercase()), Some(id));
            assert_eq!(message_id(&id.to_string()), Some(id));
        }
        for other in ["", "x", "28b2e6a1-6f3b-4c0a-9d0e-3f1f6a1b2c3d", "ffffffff-ffff-8fff-8f00-000000000000", "éééééééééééééééééééé"] {
            assert_eq!(message_id(other), None, "{other}");
        }
    }

    #[test]
    fn dates_are_written_as_in_the_portal() {
        let zone = TimeZone::get("Africa/Nairobi").unwrap();
        let at: jiff::Timestamp = "2018-03-16T14:12:28Z".parse().unwrap();
        assert_eq!(date(Timestamp::from_micros(at.as_microsecond()), &zone), "16-Mar-2018 05:12:28 PM");
    }

    #[test]
    fn credits_never_say_more_than_there_is() {
        let units = |text: &str| text.parse::<Units>().unwrap();
        for (given, ksh) in
            [("11376.5", "KSh11376.5000"), ("0", "KSh0.0000"), ("0.000099", "KSh0.0000"), ("1.999999", "KSh1.9999"), ("-1.00001", "KSh-1.0001"), ("7578560.8", "KSh7578560.8000")]
        {
            assert_eq!(credits(units(given), "ksh"), ksh);
        }
        assert_eq!(credits(units("11376.5"), "plain"), "11376.50");
    }
}
