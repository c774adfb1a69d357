//! How many calls came, and how close together: the proof of call budgets and rate limits. Must not know what the calls wanted.

use std::collections::VecDeque;

use super::service::Service;

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3_600 * SECOND;

/// The largest number of calls seen in any window of one length.
#[derive(Debug)]
struct Busiest {
    window: i64,
    inside: VecDeque<i64>,
    most: u64,
}

impl Busiest {
    const fn new(window: i64) -> Self {
        Self { window, inside: VecDeque::new(), most: 0 }
    }

    /// Notes a call and returns how many the window that ends now has seen.
    fn note(&mut self, now: i64) -> u64 {
        while self.inside.front().is_some_and(|first| first.saturating_add(self.window) <= now) {
            self.inside.pop_front();
        }
        self.inside.push_back(now);
        let inside = self.inside.len() as u64;
        self.most = self.most.max(inside);
        inside
    }
}

/// Counters of one service.
#[derive(Debug)]
struct Counter {
    calls: u64,
    faults: u64,
    second: Busiest,
    hour: Option<Busiest>,
}

/// Counters of one service, for reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Calls {
    /// Calls begun.
    pub total: u64,
    /// Of these, calls that met a fault.
    pub faults: u64,
    /// The most in any second.
    pub busiest_second: u64,
    /// The most in any 3,600 seconds; counted for Balance only, whose budget is by the hour.
    pub busiest_hour: Option<u64>,
}

/// Counters of all services.
#[derive(Debug)]
pub(crate) struct Counters {
    of: [Counter; 4],
    calls: u64,
}

impl Counters {
    pub(crate) fn new() -> Self {
        let counter = |service| Counter {
            calls: 0,
            faults: 0,
            second: Busiest::new(SECOND),
            // An hour of submissions at full speed would be millions of instants; only Balance has a budget by the hour.
            hour: (service == Service::Balance).then(|| Busiest::new(HOUR)),
        };
        Self { of: Service::ALL.map(counter), calls: 0 }
    }

    /// Notes a call. Returns its number and how many calls of its service this second has seen.
    pub(crate) fn note(&mut self, now: i64, service: Service) -> (u64, u64) {
        self.calls += 1;
        let counter = &mut self.of[service as usize];
        counter.calls += 1;
        if let Some(hour) = counter.hour.as_mut() {
            hour.note(now);
        }
        (self.calls, counter.second.note(now))
    }

    pub(crate) fn note_fault(&mut self, service: Service) {
        self.of[service as usize].faults += 1;
    }

    pub(crate) fn of(&self, service: Service) -> Calls {
        let counter = &self.of[service as usize];
        Calls { total: counter.calls, faults: counter.faults, busiest_second: counter.second.most, busiest_hour: counter.hour.as_ref().map(|hour| hour.most) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_busiest_window() {
        let mut counters = Counters::new();
        for at in [0, 400_000, 999_999, 1_000_000, 5_000_000, HOUR - 1, HOUR] {
            counters.note(at, Service::Balance);
        }
        let calls = counters.of(Service::Balance);
        assert_eq!((calls.total, calls.busiest_second, calls.busiest_hour), (7, 3, Some(6)));
        assert_eq!(counters.of(Service::SendBulkSMS).total, 0);
    }
}
