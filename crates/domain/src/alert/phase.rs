//! From one phase to the next by what was read. Says nothing to anybody: a recovery is owed, what fires is told by `tell`.

use std::mem;

use super::place::{Place, place};
use super::read::age;
use super::{Confirmation, Confirming, Firing, Moment, Notice, NoticeKind, Options, Phase, Reading, Rule, Seen, State};
use crate::time::{Millis, Timestamp};

/// What a step has before it.
pub(super) struct Scene<'a> {
    pub rule: &'a Rule,
    pub options: &'a Options,
    pub reading: &'a Reading,
    pub now: Moment,
}

impl Scene<'_> {
    /// Moves `state` on by what was seen. What is unknown moves nothing.
    pub fn turn(&self, state: &mut State, seen: Option<Seen>) {
        let Some(seen) = seen else { return };
        let phase = mem::take(&mut state.phase);
        let topped_up = if let Phase::Firing(firing) = &phase { self.reading.top_up_seq > firing.top_up_seq } else { false };
        let Some(place) = place(&self.rule.condition, &seen.figure, topped_up) else {
            state.phase = phase;
            return;
        };
        state.phase = match (phase, place) {
            (Phase::Quiet, Place::At) => self.rise(state, seen),
            (Phase::Confirming(confirming), Place::At) => self.confirm(state, confirming, seen),
            (Phase::Quiet | Phase::Confirming(_), _) => Phase::Quiet,
            (Phase::Firing(firing), Place::Clear) => self.recover(state, *firing, seen),
            (Phase::Firing(firing), _) => Phase::Firing(Box::new(self.last(*firing, seen))),
        };
    }

    fn rise(&self, state: &mut State, seen: Seen) -> Phase {
        let confirming = Confirming { since: self.now.at, newest_seq: self.reading.newest_seq, top_up_seq: self.reading.top_up_seq };
        if !self.rule.condition.is_confirmed_first() {
            return self.fire(state, confirming, seen, Confirmation::NotNeeded);
        }
        if self.is_fresh() { self.fire(state, confirming, seen, Confirmation::Confirmed) } else { self.confirm(state, confirming, seen) }
    }

    /// The figure itself was asked for just now, and nothing has happened since: it confirms itself.
    fn is_fresh(&self) -> bool {
        self.reading.asked.is_some_and(|(seq, at)| seq >= self.reading.newest_seq && at <= self.now.at && age(at, self.now.at) <= self.options.confirm_ms)
    }

    fn confirm(&self, state: &mut State, confirming: Confirming, seen: Seen) -> Phase {
        let unanswered = self.reading.unanswered.as_ref();
        let is_over = age(confirming.since, self.now.at) >= self.options.confirm_ms || unanswered.is_some_and(|unanswered| unanswered.is_last);
        if self.was_asked_after(confirming.newest_seq) {
            self.fire(state, confirming, seen, Confirmation::Confirmed)
        } else if is_over {
            let reason = unanswered.map_or_else(|| format!("no answer within {}", super::text::span(self.options.confirm_ms)), |unanswered| unanswered.reason.clone());
            self.fire(state, confirming, seen, Confirmation::Failed { reason })
        } else {
            Phase::Confirming(confirming)
        }
    }

    fn was_asked_after(&self, seq: i64) -> bool {
        self.reading.asked.is_some_and(|(asked, _)| asked > seq)
    }

    fn fire(&self, state: &mut State, confirming: Confirming, seen: Seen, confirmation: Confirmation) -> Phase {
        state.crossings = state.crossings.saturating_add(1);
        Phase::Firing(Box::new(Firing {
            crossing: state.crossings,
            since: self.reading.since.unwrap_or(confirming.since).min(self.now.at),
            seen,
            confirmation,
            newest_seq: confirming.newest_seq,
            top_up_seq: confirming.top_up_seq,
            told_at: None,
            unheeded_since: self.now.at,
            reminders: 0,
            escalated: false,
            acknowledged: None,
        }))
    }

    /// It lasts: the newest figure is told from now on, and a fresh one confirms late.
    fn last(&self, mut firing: Firing, seen: Seen) -> Firing {
        firing.seen = seen;
        if matches!(firing.confirmation, Confirmation::Failed { .. }) && self.was_asked_after(firing.newest_seq) {
            firing.confirmation = Confirmation::Confirmed;
        }
        firing
    }

    /// It is over. Whoever was told hears of it; whoever was not hears nothing.
    fn recover(&self, state: &mut State, firing: Firing, seen: Seen) -> Phase {
        let firing = self.last(firing, seen);
        if firing.told_at.is_some() {
            state.owed = Some(Box::new(Notice::of(NoticeKind::Recovered, self.rule, &firing, self.now.at)));
        }
        Phase::Quiet
    }
}

/// Whether `span` (none or nothing: never) has passed since `from`.
pub(super) fn has_passed(from: Timestamp, span: Option<Millis>, now: Timestamp) -> bool {
    span.is_some_and(|span| span > 0 && age(from, now) >= span)
}
