//! At most so many balance calls in any hour, shared so that nobody starves anybody. Product section 2.5.
//!
//! Three pools: one only for people, one only for start, settling, schedule and alerts, the rest shared. Inside the automatic pool the
//! schedule's own calls are set aside, so that settling cannot eat them; what may burst is spaced once half of its part is gone.

use std::time::Duration;

use crate::planted::{Mistake, planted};
use crate::time::Timestamp;

/// The window of the promise: "in any 3,600 s".
pub const WINDOW: Duration = Duration::from_secs(3600);

/// Which part of the budget a call came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pool {
    /// Only people.
    People,
    /// Only start, settling, schedule and alerts.
    Automatic,
    /// Whoever comes first.
    Shared,
}

/// Who wants a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallClass {
    /// Somebody pressed sync.
    Person,
    /// A dashboard is open.
    Watch,
    /// The schedule, or what stands in for it while the provider fails: comes at most once an interval and is never starved.
    Steady,
    /// Settling, retries, start, a reader of a cleared figure: may come in bursts.
    Eager,
}

/// Parts of the budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shares {
    /// In any hour, all together.
    pub calls_per_hour: usize,
    /// Of them only for people.
    pub people: usize,
    /// Of them only automatic.
    pub automatic: usize,
    /// Of the automatic ones, set aside for the schedule.
    pub steady: usize,
}

impl Shares {
    const fn shared(&self) -> usize {
        self.calls_per_hour.saturating_sub(self.people + self.automatic)
    }

    const fn eager(&self) -> usize {
        self.automatic.saturating_sub(self.steady)
    }
}

/// A call that was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// When.
    pub at: Timestamp,
    /// From which pool.
    pub pool: Pool,
    /// By whom.
    pub class: CallClass,
}

/// Whether a call may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Now, out of this pool.
    Now(Pool),
    /// Not before this instant.
    At(Timestamp),
}

/// The calls of the last hour, and the shares.
#[derive(Clone, Debug)]
pub struct Budget {
    shares: Shares,
    calls: Vec<Call>,
}

impl Budget {
    /// With the calls that the store remembers of the last hour.
    #[must_use]
    pub fn new(shares: Shares, calls: Vec<Call>) -> Self {
        Self { shares, calls: if planted(Mistake::ForgetBudget) { Vec::new() } else { calls } }
    }

    /// Writes down a call that begins.
    pub fn begun(&mut self, call: Call) {
        self.calls.retain(|old| old.at.after(WINDOW) > call.at);
        self.calls.push(call);
    }

    /// Calls begun in the hour before `now`.
    #[must_use]
    pub fn used(&self, now: Timestamp) -> usize {
        self.calls.iter().filter(|call| call.at.after(WINDOW) > now).count()
    }

    /// Whether a call of `class` may begin at `now`, and else when.
    #[must_use]
    pub fn grant(&self, class: CallClass, now: Timestamp) -> Grant {
        let shares = &self.shares;
        let part = |pool, size, counted: fn(&Call) -> bool, spaced| self.part(now, pool, size, counted, spaced);
        let shared = |spaced| part(Pool::Shared, shares.shared(), |call| call.pool == Pool::Shared, spaced);
        let options = match class {
            CallClass::Person => [part(Pool::People, shares.people, |call| call.pool == Pool::People, false), shared(false)],
            CallClass::Watch => [shared(true), shared(true)],
            CallClass::Steady => [part(Pool::Automatic, shares.automatic, |call| call.pool == Pool::Automatic, false), shared(false)],
            CallClass::Eager => {
                let eager = |call: &Call| call.pool == Pool::Automatic && call.class == CallClass::Eager;
                let whole = part(Pool::Automatic, shares.automatic, |call| call.pool == Pool::Automatic, false);
                let own = part(Pool::Automatic, shares.eager(), eager, true);
                [later(whole, own), shared(true)]
            }
        };
        earlier(options[0], options[1])
    }

    /// One part of the budget: free while it has room; spaced evenly over the hour once half of it is gone, so that it never runs dry.
    fn part(&self, now: Timestamp, pool: Pool, size: usize, counted: fn(&Call) -> bool, spaced: bool) -> Grant {
        let mut used: Vec<Timestamp> = self.calls.iter().filter(|call| counted(call) && call.at.after(WINDOW) > now).map(|call| call.at).collect();
        used.sort_unstable();
        let full_until = if size == 0 { Some(now.after(WINDOW)) } else { used.len().checked_sub(size).and_then(|index| used.get(index)).map(|at| at.after(WINDOW)) };
        let burst_over = spaced && used.len() * 2 >= size;
        let spaced_until = used.last().filter(|_| burst_over).map(|last| last.after(spacing(size)));
        match full_until.max(spaced_until) {
            Some(at) if at > now => Grant::At(at),
            _ => Grant::Now(pool),
        }
    }
}

/// Half of the part an hour: a burst of one half and this pace together never exceed the whole.
fn spacing(size: usize) -> Duration {
    WINDOW.saturating_mul(2) / u32::try_from(size.max(1)).unwrap_or(u32::MAX)
}

fn earlier(one: Grant, other: Grant) -> Grant {
    match (one, other) {
        (Grant::Now(pool), _) | (_, Grant::Now(pool)) => Grant::Now(pool),
        (Grant::At(a), Grant::At(b)) => Grant::At(a.min(b)),
    }
}

fn later(one: Grant, other: Grant) -> Grant {
    match (one, other) {
        (Grant::Now(_), Grant::Now(pool)) => Grant::Now(pool),
        (Grant::At(at), Grant::Now(_)) | (Grant::Now(_), Grant::At(at)) => Grant::At(at),
        (Grant::At(a), Grant::At(b)) => Grant::At(a.max(b)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SHARES: Shares = Shares { calls_per_hour: 120, people: 20, automatic: 40, steady: 14 };

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_micros(1_000_000_000_000).after(Duration::from_secs(seconds))
    }

    fn ask(budget: &mut Budget, class: CallClass, now: Timestamp) -> bool {
        match budget.grant(class, now) {
            Grant::Now(pool) => {
                budget.begun(Call { at: now, pool, class });
                true
            }
            Grant::At(later) => {
                assert!(later > now);
                false
            }
        }
    }

    #[test]
    fn people_get_their_part_and_the_shared_one_then_wait() {
        let mut budget = Budget::new(SHARES, Vec::new());
        let got = (0..100).filter(|i| ask(&mut budget, CallClass::Person, at(*i))).count();
        assert_eq!(got, 80);
        assert_eq!(budget.grant(CallClass::Person, at(100)), Grant::At(at(3600)));
        assert!(ask(&mut budget, CallClass::Steady, at(101)) && ask(&mut budget, CallClass::Eager, at(102)));
        assert!(!ask(&mut budget, CallClass::Watch, at(103)));
        assert!(ask(&mut budget, CallClass::Person, at(3600)));
    }

    #[test]
    fn settling_is_spaced_and_never_runs_dry() {
        let mut budget = Budget::new(Shares { people: 80, ..SHARES }, Vec::new());
        let asked: Vec<u64> = (0..20_000).filter(|i| ask(&mut budget, CallClass::Eager, at(*i))).collect();
        let widest = asked.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
        assert!(widest <= 277, "{widest}");
    }

    #[test]
    fn a_restart_forgets_nothing() {
        let calls = vec![Call { at: at(0), pool: Pool::People, class: CallClass::Person }; 20];
        let mut budget = Budget::new(Shares { calls_per_hour: 60, ..SHARES }, calls);
        assert!(!ask(&mut budget, CallClass::Person, at(3599)));
        assert!(ask(&mut budget, CallClass::Person, at(3600)));
    }

    proptest! {
        #[test]
        fn never_more_than_the_budget_in_any_hour_and_the_schedule_never_starves(steps in prop::collection::vec((0_u64..60, 0_u8..3), 1..1500)) {
            let mut budget = Budget::new(SHARES, Vec::new());
            let (mut now, mut begun, mut next_schedule) = (0, Vec::new(), 300);
            for (pause, who) in steps {
                now += pause;
                while next_schedule <= now {
                    prop_assert!(ask(&mut budget, CallClass::Steady, at(next_schedule)), "the schedule starved at {next_schedule}");
                    begun.push(next_schedule);
                    next_schedule += 300;
                }
                let class = [CallClass::Person, CallClass::Watch, CallClass::Eager][usize::from(who)];
                if ask(&mut budget, class, at(now)) {
                    begun.push(now);
                }
                let in_window = begun.iter().filter(|begun_at| *begun_at + 3600 > now).count();
                prop_assert!(in_window <= 120, "{in_window}");
            }
        }
    }
}
