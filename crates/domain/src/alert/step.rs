//! One step of a rule for one account. Level-triggered: it can be taken at any time and any number of times, and says a thing only once.

use super::aging::aged;
use super::phase::Scene;
use super::{Moment, Notice, Options, Reading, Rule, State};
use crate::time::Timestamp;

/// What a step makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// To be stored with the notices in one transaction.
    pub state: State,
    /// To be told, in this order.
    pub notices: Vec<Notice>,
    /// A balance question is wanted, so that a fresh figure confirms. Holds at every step until that is settled.
    pub asks: bool,
    /// When time alone may change something. Ages of figures and messages grow besides: step at least every minute.
    pub next_at: Option<Timestamp>,
}

/// Takes `state` on by a reading at `now`. The same reading again changes nothing but what time brings: reminders, escalation, the ends of waiting.
#[must_use]
pub fn step(rule: &Rule, options: &Options, state: State, reading: &Reading, now: Moment) -> Step {
    if !rule.enabled {
        return Step { state: state.switched_off(), notices: Vec::new(), asks: false, next_at: None };
    }
    let scene = Scene { rule, options, reading, now };
    let mut state = state.behind(now.at);
    let (seen, aging) = aged(state.aging, reading, now.at);
    state.aging = aging;
    scene.turn(&mut state, seen);
    let notices = scene.tell(&mut state);
    Step { asks: state.asks(), next_at: scene.next_at(&state), notices, state }
}
