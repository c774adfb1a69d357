//! When faults strike: the next N calls first, then windows of time, then chance. Must not know what a fault does.

use serde::{Deserialize, Serialize};

use super::dice::Dice;
use super::fault::Fault;
use super::fault_check::check_share;
use super::fault_parts::{Effect, StatusBody};
use super::service::Service;

/// All faults to come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FaultPlan {
    /// Every answer takes this long.
    pub latency_ms: u64,
    /// And up to this much longer, by chance.
    pub jitter_ms: u64,
    /// Faults for the next calls, the first that fits first.
    pub next: Vec<Next>,
    /// Faults by time; the first that fits.
    pub windows: Vec<Window>,
    /// Faults by probability; each is tried in turn.
    pub chances: Vec<Chance>,
    /// Calls above a rate are refused with HTTP 429.
    pub rate_limit: Option<RateLimit>,
}

/// A fault for the next `count` calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Next {
    /// Which service; any when left out.
    #[serde(default)]
    pub service: Option<Service>,
    /// What happens.
    pub fault: Fault,
    /// To how many calls.
    #[serde(default = "one")]
    pub count: u64,
}

/// A fault between two instants, in milliseconds since the plan was set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// From here,
    pub from_ms: u64,
    /// up to and without here.
    pub until_ms: u64,
    /// Which service; any when left out.
    #[serde(default)]
    pub service: Option<Service>,
    /// How many of a thousand calls in the window.
    #[serde(default = "all")]
    pub per_mille: u16,
    /// What happens.
    pub fault: Fault,
}

/// A fault by probability.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chance {
    /// Which service; any when left out.
    #[serde(default)]
    pub service: Option<Service>,
    /// Of a thousand calls.
    pub per_mille: u16,
    /// What happens.
    pub fault: Fault,
}

/// A rate above which calls are refused with HTTP 429 (the vendor allows 40 a second).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// Calls of one service in any second.
    pub per_second: u64,
    /// What happens to the refused submissions.
    #[serde(default)]
    pub effect: Effect,
}

const fn one() -> u64 {
    1
}
const fn all() -> u16 {
    1000
}

/// A plan in force: since when, and what chance it uses.
#[derive(Debug)]
pub(crate) struct Faults {
    plan: FaultPlan,
    set_at: i64,
    dice: Dice,
}

impl Faults {
    pub(crate) fn new(plan: FaultPlan, set_at: i64, seed: u64) -> Self {
        Self { plan, set_at, dice: Dice::new(seed, 1) }
    }

    pub(crate) fn plan(&self) -> &FaultPlan {
        &self.plan
    }

    /// Puts another plan in force; its windows count from `now`, its chance goes on where it was.
    pub(crate) fn replace(&mut self, plan: FaultPlan, now: i64) {
        self.plan = plan;
        self.set_at = now;
    }

    pub(crate) fn add_next(&mut self, next: Next) {
        self.plan.next.push(next);
    }

    /// The fault of this call. `in_second` is how many calls of the service this second has seen, this one included.
    pub(crate) fn decide(&mut self, now: i64, service: Service, in_second: u64) -> Fault {
        self.take_next(service).or_else(|| self.over_rate(in_second)).or_else(|| self.in_window(now, service)).or_else(|| self.by_chance(service)).unwrap_or_default()
    }

    /// How long this answer takes besides its fault.
    pub(crate) fn latency_ms(&mut self) -> u64 {
        match self.plan.jitter_ms {
            0 => self.plan.latency_ms,
            jitter => self.plan.latency_ms.saturating_add(self.dice.below(jitter.saturating_add(1))),
        }
    }

    fn take_next(&mut self, service: Service) -> Option<Fault> {
        let index = self.plan.next.iter().position(|next| next.count > 0 && fits(next.service, service))?;
        let next = &mut self.plan.next[index];
        next.count -= 1;
        let fault = next.fault.clone();
        if next.count == 0 {
            self.plan.next.remove(index);
        }
        Some(fault)
    }

    fn over_rate(&self, in_second: u64) -> Option<Fault> {
        let limit = self.plan.rate_limit.filter(|limit| in_second > limit.per_second)?;
        let (code, body, effect) = (429, StatusBody::Text, limit.effect);
        Some(Fault::HttpStatus { code, body, effect, retry_after_s: Some(1), error_code: None })
    }

    fn in_window(&mut self, now: i64, service: Service) -> Option<Fault> {
        let elapsed_ms = u64::try_from(now.saturating_sub(self.set_at) / 1000).unwrap_or(0);
        let (windows, dice) = (&self.plan.windows, &mut self.dice);
        let inside = |window: &&Window| (window.from_ms..window.until_ms).contains(&elapsed_ms) && fits(window.service, service);
        windows.iter().filter(inside).find(|window| dice.chance(window.per_mille)).map(|window| window.fault.clone())
    }

    fn by_chance(&mut self, service: Service) -> Option<Fault> {
        let (chances, dice) = (&self.plan.chances, &mut self.dice);
        chances.iter().filter(|chance| fits(chance.service, service)).find(|chance| dice.chance(chance.per_mille)).map(|chance| chance.fault.clone())
    }
}

fn fits(wanted: Option<Service>, service: Service) -> bool {
    wanted.is_none_or(|wanted| wanted == service)
}

impl FaultPlan {
    /// Refuses a plan that cannot be carried out.
    ///
    /// # Errors
    /// What is wrong and what is allowed, in words.
    pub fn check(&self) -> Result<(), String> {
        for next in &self.next {
            next.check()?;
        }
        for window in &self.windows {
            if window.from_ms >= window.until_ms {
                return Err(format!("window {} to {} ms is empty: until_ms must be after from_ms", window.from_ms, window.until_ms));
            }
            check_share(window.per_mille)?;
            window.fault.check()?;
        }
        for chance in &self.chances {
            check_share(chance.per_mille)?;
            chance.fault.check()?;
        }
        Ok(())
    }
}

impl Next {
    /// Refuses a fault that cannot be carried out.
    ///
    /// # Errors
    /// What is wrong and what is allowed, in words.
    pub fn check(&self) -> Result<(), String> {
        if self.count == 0 {
            return Err("count 0 changes nothing: use 1 or more, or leave it out for 1".to_owned());
        }
        self.fault.check()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(json: &str) -> FaultPlan {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn next_calls_go_first_and_run_out() {
        let json = r#"{"next":[{"service":"Balance","fault":{"kind":"bom"},"count":2}],"chances":[{"per_mille":1000,"fault":{"kind":"xml"}}]}"#;
        let mut faults = Faults::new(plan(json), 0, 1);
        assert_eq!(faults.decide(0, Service::SendBulkSMS, 1), Fault::Xml {}, "another service");
        assert_eq!(faults.decide(0, Service::Balance, 1), Fault::Bom {});
        assert_eq!(faults.decide(0, Service::Balance, 1), Fault::Bom {});
        assert_eq!(faults.decide(0, Service::Balance, 1), Fault::Xml {});
        assert!(faults.plan().next.is_empty());
    }

    #[test]
    fn windows_count_from_the_moment_the_plan_was_set() {
        let json = r#"{"windows":[{"from_ms":10,"until_ms":20,"fault":{"kind":"bom"}}]}"#;
        let mut faults = Faults::new(plan(json), 5_000, 1);
        let kinds: Vec<bool> = [9, 10, 19, 20].iter().map(|ms| !faults.decide(5_000 + ms * 1000, Service::SMS, 1).is_none()).collect();
        assert_eq!(kinds, [false, true, true, false]);
        faults.replace(plan(json), 100_000);
        assert!(!faults.decide(115_000, Service::SMS, 1).is_none());
    }

    #[test]
    fn chance_keeps_its_share_and_its_seed() {
        let json = r#"{"chances":[{"per_mille":250,"fault":{"kind":"stall"}}]}"#;
        let run = |seed| {
            let mut faults = Faults::new(plan(json), 0, seed);
            (0..4000).map(|_| !faults.decide(0, Service::Balance, 1).is_none()).collect::<Vec<bool>>()
        };
        let struck = run(7).iter().filter(|struck| **struck).count();
        assert!((850..1150).contains(&struck), "{struck} of 4000 at 250 per mille");
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
    }

    #[test]
    fn too_many_calls_in_a_second_are_429() {
        let mut faults = Faults::new(plan(r#"{"rate_limit":{"per_second":2,"effect":"now"}}"#), 0, 1);
        assert!(faults.decide(0, Service::SendBulkSMS, 2).is_none());
        assert!(matches!(faults.decide(0, Service::SendBulkSMS, 3), Fault::HttpStatus { code: 429, effect: Effect::Now, .. }));
    }

    #[test]
    fn unknown_fields_and_impossible_values_are_refused() {
        for json in [
            r#"{"chance":[]}"#,
            r#"{"next":[{"fault":{"kind":"stall","for_ms":5}}]}"#,
            r#"{"next":[{"fault":{"kind":"bom","x":1}}]}"#,
            r#"{"next":[{"fault":{"kind":"explode"}}]}"#,
            r#"{"next":[{"service":"balance","fault":{"kind":"bom"}}]}"#,
        ] {
            assert!(serde_json::from_str::<FaultPlan>(json).is_err(), "{json}");
        }
        for json in [
            r#"{"next":[{"fault":{"kind":"http_status","code":99}}]}"#,
            r#"{"next":[{"fault":{"kind":"bom"},"count":0}]}"#,
            r#"{"windows":[{"from_ms":2,"until_ms":2,"fault":{"kind":"bom"}}]}"#,
            r#"{"chances":[{"per_mille":1001,"fault":{"kind":"bom"}}]}"#,
            r#"{"chances":[{"per_mille":1,"fault":{"kind":"redirect","location":"/a\nb"}}]}"#,
        ] {
            assert!(plan(json).check().is_err(), "{json}");
        }
    }
}
