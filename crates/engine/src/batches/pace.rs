//! How fast a batch goes: messages begun over the last ten seconds. Integers only; time comes in.

use std::collections::VecDeque;
use std::time::Duration;

use salio_domain::Timestamp;

/// Over how long a pace is measured.
const WINDOW: Duration = Duration::from_secs(10);
/// A pace measured over less than this would jump about.
const SHORTEST: Duration = Duration::from_secs(1);
/// What is begun within this is one sample.
const GRAIN: Duration = Duration::from_millis(250);

/// So many messages in such a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pace {
    begun: i64,
    span: Duration,
}

impl Pace {
    /// Messages a second, to the nearest.
    pub(crate) fn per_second(self) -> i64 {
        let span = millis(self.span);
        (self.begun.saturating_mul(1000).saturating_add(span / 2)) / span
    }

    /// How long so many messages take.
    pub(crate) fn time_for(self, messages: i64) -> Duration {
        let left = messages.max(0).saturating_mul(millis(self.span)) / self.begun.max(1);
        Duration::from_millis(u64::try_from(left).unwrap_or(0))
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX).max(1)
}

/// What was begun lately.
#[derive(Clone, Debug, Default)]
pub(super) struct Samples {
    /// Since when, and how many until the next.
    begun: VecDeque<(Timestamp, i64)>,
}

impl Samples {
    pub(super) fn add(&mut self, messages: i64, now: Timestamp) {
        self.forget(now);
        match self.begun.back_mut().filter(|(at, _)| now.since(*at) < GRAIN) {
            Some((_, count)) => *count += messages,
            None => self.begun.push_back((now, messages)),
        }
    }

    pub(super) fn forget(&mut self, now: Timestamp) {
        while self.begun.front().is_some_and(|(at, _)| now.since(*at) >= WINDOW) {
            self.begun.pop_front();
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.begun.is_empty()
    }

    pub(super) fn pace(&mut self, now: Timestamp) -> Option<Pace> {
        self.forget(now);
        let begun: i64 = self.begun.iter().map(|(_, count)| count).sum();
        let since = self.begun.front().map(|(at, _)| *at)?;
        (begun > 0).then(|| Pace { begun, span: now.since(since).max(SHORTEST) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Timestamp {
        Timestamp::from_micros(1_795_000_000_000_000).after(Duration::from_millis(millis))
    }

    #[test]
    fn a_steady_pace_is_told_as_it_is_and_ends_with_silence() {
        let mut samples = Samples::default();
        for step in 0..600 {
            samples.add(2, at(step * 50));
        }
        let pace = samples.pace(at(30_000)).unwrap();
        assert_eq!((pace.per_second(), pace.time_for(4_000)), (40, Duration::from_secs(100)));
        assert!(samples.begun.len() <= 41, "{}", samples.begun.len());
        assert_eq!(samples.pace(at(41_000)), None);
        assert!(samples.is_empty());
    }

    #[test]
    fn a_batch_that_has_just_begun_is_measured_over_the_time_it_has_run() {
        let mut samples = Samples::default();
        samples.add(20, at(0));
        assert_eq!(samples.pace(at(10)).unwrap().per_second(), 20, "over a second at least");
        (1..=40).for_each(|step| samples.add(20, at(step * 50)));
        assert_eq!(samples.pace(at(2_000)).unwrap().per_second(), 410);
        samples.add(1, at(60_000));
        assert_eq!(samples.pace(at(60_000)).unwrap().time_for(3), Duration::from_secs(3), "silence ends a run");
    }
}
