//! How many calls may begin now: the account's rate as a pure value. Knows no clock: instants come in.

use std::time::Duration;

use salio_domain::Timestamp;

/// Calls that fall due within this may begin together: timers are no finer, so a rate of hundreds a second could not be kept one call at a time.
const TOGETHER: Duration = Duration::from_millis(5);
const SECOND_NS: i64 = 1_000_000_000;

/// Calls spaced by `1 / rate` (GCRA). Up to 200 a second they are strictly spaced; above that as many may begin together as fall due within 5 ms.
#[derive(Clone, Debug)]
pub(super) struct Rate {
    /// Between two calls, rounded up, so that the rate is never exceeded.
    interval_ns: i64,
    /// How far a call may begin before its place.
    slack_ns: i64,
    burst: usize,
    /// The place of the next call, in nanoseconds since the epoch.
    next_ns: i64,
}

impl Rate {
    pub(super) fn new(calls_per_second: u32) -> Self {
        let rate = i64::from(calls_per_second.max(1));
        let interval_ns = ceil(SECOND_NS, rate);
        let together = i64::try_from(TOGETHER.as_nanos()).unwrap_or(i64::MAX);
        let burst = ceil(rate * together, SECOND_NS).max(1);
        Self { interval_ns, slack_ns: interval_ns * (burst - 1), burst: usize::try_from(burst).unwrap_or(1), next_ns: 0 }
    }

    /// How many calls may begin at `now`.
    pub(super) fn ready(&self, now: Timestamp) -> usize {
        let now = nanos(now);
        let room = now.saturating_add(self.slack_ns).saturating_sub(self.next_ns.max(now));
        if room < 0 { 0 } else { usize::try_from(room / self.interval_ns + 1).unwrap_or(1).min(self.burst) }
    }

    /// So many have begun at `now`.
    pub(super) fn begun(&mut self, calls: usize, now: Timestamp) {
        let spent = self.interval_ns.saturating_mul(i64::try_from(calls).unwrap_or(i64::MAX));
        self.next_ns = self.next_ns.max(nanos(now)).saturating_add(spent);
    }

    /// When the next one may begin.
    pub(super) fn ready_at(&self) -> Timestamp {
        Timestamp::from_micros(ceil(self.next_ns.saturating_sub(self.slack_ns), 1000))
    }
}

fn nanos(at: Timestamp) -> i64 {
    at.micros().saturating_mul(1000)
}

/// Rounded up, for a divisor above zero.
fn ceil(number: i64, by: i64) -> i64 {
    number.div_euclid(by) + i64::from(number.rem_euclid(by) > 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const START: Timestamp = Timestamp::from_micros(1_795_000_000_000_000);

    fn at(micros: u64) -> Timestamp {
        START.after(Duration::from_micros(micros))
    }

    #[test]
    fn the_default_is_strictly_spaced() {
        let mut rate = Rate::new(40);
        assert_eq!((rate.ready(at(0)), rate.burst), (1, 1));
        rate.begun(1, at(0));
        assert_eq!((rate.ready(at(24_999)), rate.ready(at(25_000)), rate.ready_at()), (0, 1, at(25_000)));
        assert_eq!(rate.ready(at(60_000_000)), 1, "what was not used is not saved up");
    }

    #[test]
    fn high_rates_begin_what_falls_due_within_five_milliseconds() {
        for (calls, burst) in [(1, 1), (200, 1), (201, 2), (1_000, 5), (10_000, 50)] {
            assert_eq!(Rate::new(calls).ready(at(0)), burst, "{calls}");
        }
        let mut rate = Rate::new(1_000);
        rate.begun(5, at(0));
        assert_eq!((rate.ready(at(999)), rate.ready(at(1_000)), rate.ready(at(3_500)), rate.ready_at()), (0, 1, 3, at(1_000)));
    }

    proptest! {
        /// In any window, at most what the rate allows and one burst; and when everybody is in a hurry, no less than the rate.
        #[test]
        fn no_window_holds_more_than_the_rate_and_a_burst(calls in 1_u32..12_000, naps in prop::collection::vec(0_u64..20_000, 1..300)) {
            let mut rate = Rate::new(calls);
            let (mut now, mut begun) = (0, Vec::new());
            for nap in naps {
                now += nap;
                let ready = rate.ready(at(now));
                prop_assert!(ready <= rate.burst);
                prop_assert_eq!(ready > 0, at(now) >= rate.ready_at());
                rate.begun(ready, at(now));
                begun.push((now, ready as u64));
            }
            for (from, (start, _)) in begun.iter().enumerate() {
                let mut sum = 0;
                for (end, count) in &begun[from..] {
                    sum += count;
                    let allowed = (end - start) * u64::from(calls) / 1_000_000 + rate.burst as u64;
                    prop_assert!(sum <= allowed, "{} calls in {} µs, {} allowed", sum, end - start, allowed);
                }
            }
        }

        #[test]
        fn whoever_hurries_gets_the_whole_rate(calls in 1_u32..10_001) {
            let mut rate = Rate::new(calls);
            let (mut now, mut begun) = (at(0), 0_u64);
            while now < at(2_000_000) {
                now = now.max(rate.ready_at());
                let ready = rate.ready(now);
                rate.begun(ready, now);
                begun += ready as u64;
            }
            let wanted = u64::from(calls) * 2;
            prop_assert!(begun >= wanted * 99 / 100 && begun <= wanted + wanted / 100 + rate.burst as u64 + 1, "{} of {}", begun, wanted);
        }
    }
}
