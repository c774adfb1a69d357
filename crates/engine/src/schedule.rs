//! When the schedule fires: five cron fields in a time zone.

use std::str::FromStr;

use croner::Cron;
use jiff::tz::TimeZone;
use salio_domain::Timestamp;

/// A schedule that can be asked for its next time.
#[derive(Clone, Debug)]
pub struct Schedule {
    cron: Cron,
    zone: TimeZone,
}

/// The text is no schedule, or the zone is unknown.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ScheduleError(String);

impl Schedule {
    /// Reads five cron fields (`*/5 * * * *`) and an IANA zone.
    ///
    /// # Errors
    /// When either cannot be read.
    pub fn new(fields: &str, zone: &str) -> Result<Self, ScheduleError> {
        let cron = Cron::from_str(fields).map_err(|error| ScheduleError(format!("{fields:?} is no schedule of five fields: {error}")))?;
        let zone = TimeZone::get(zone).map_err(|_| ScheduleError(format!("{zone:?} is no time zone such as Africa/Nairobi")))?;
        Ok(Self { cron, zone })
    }

    /// The next time after `at`; none when it never fires again.
    #[must_use]
    pub fn next_after(&self, at: Timestamp) -> Option<Timestamp> {
        let zoned = jiff::Timestamp::from_microsecond(at.micros()).ok()?.to_zoned(self.zone.clone());
        let next = self.cron.find_next_occurrence(&zoned, false).ok()?;
        Some(Timestamp::from_micros(next.timestamp().as_microsecond()))
    }

    /// The most it fires in any hour of the day after `at`.
    #[must_use]
    pub fn most_per_hour(&self, at: Timestamp) -> usize {
        let day = std::time::Duration::from_hours(24);
        let mut fired = std::collections::VecDeque::new();
        let (mut most, mut now) = (0, at);
        // A day of minutes is the finest a schedule of five fields can be.
        for _ in 0..1440 {
            let Some(next) = self.next_after(now).filter(|next| next.since(at) <= day) else { break };
            fired.push_back(next);
            while fired.front().is_some_and(|first| next.since(*first) >= std::time::Duration::from_hours(1)) {
                fired.pop_front();
            }
            most = most.max(fired.len());
            now = next;
        }
        most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_five_minutes_and_at_a_local_hour() {
        let at: Timestamp = "2026-11-22T08:02:30Z".parse().unwrap();
        let five = Schedule::new("*/5 * * * *", "Africa/Nairobi").unwrap();
        assert_eq!(five.next_after(at).unwrap().to_string(), "2026-11-22T08:05:00.000000Z");
        assert_eq!(five.next_after(five.next_after(at).unwrap()).unwrap().to_string(), "2026-11-22T08:10:00.000000Z");
        assert_eq!(five.most_per_hour(at), 12);
        let six = Schedule::new("0 6 * * *", "Africa/Nairobi").unwrap();
        assert_eq!(six.next_after(at).unwrap().to_string(), "2026-11-23T03:00:00.000000Z");
        assert!(Schedule::new("every day", "Africa/Nairobi").is_err() && Schedule::new("* * * * *", "Mars/Olympus").is_err());
    }
}
