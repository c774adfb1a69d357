//! Who is told what, and when: holding back, the first word, reminders, escalation. Knows nothing of levels.

use std::time::Duration;

use super::phase::{Scene, has_passed};
use super::{Firing, Notice, NoticeKind, Phase, Severity, Snooze, State};
use crate::time::{Millis, Timestamp};

impl Scene<'_> {
    /// What is to be told now, and `state` with it told.
    pub(super) fn tell(&self, state: &mut State) -> Vec<Notice> {
        if self.held_until(state).is_some() {
            return Vec::new();
        }
        // Not held, so its end has passed.
        let snooze = state.snooze.take();
        let owed = state.owed.take().map(|notice| *notice);
        let Phase::Firing(firing) = &mut state.phase else { return owed.into_iter().collect() };
        let kinds = if firing.told_at.is_none() { vec![self.first(firing)] } else { self.again(firing, snooze.as_ref()) };
        owed.into_iter().chain(kinds.into_iter().map(|kind| Notice::of(kind, self.rule, firing, self.now.at))).collect()
    }

    /// Until when nothing may be told; the end of quiet hours is right to a minute.
    fn held_until(&self, state: &State) -> Option<Timestamp> {
        let snoozed = state.snooze.as_ref().map(|snooze| snooze.until).filter(|until| *until > self.now.at);
        let quiet = self.options.quiet.filter(|quiet| self.rule.severity == Severity::Warning && quiet.holds(self.now.local_minute));
        snoozed.max(quiet.map(|quiet| later(self.now.at, quiet.left_ms(self.now.local_minute))))
    }

    fn first(&self, firing: &mut Firing) -> NoticeKind {
        firing.told_at = Some(self.now.at);
        firing.unheeded_since = self.now.at;
        NoticeKind::Fired
    }

    fn again(&self, firing: &mut Firing, snooze: Option<&Snooze>) -> Vec<NoticeKind> {
        if let Some(snooze) = snooze {
            // Whoever snoozed had seen it; from its end on it counts as unheeded again.
            firing.unheeded_since = firing.unheeded_since.max(if snooze.reminds { self.now.at } else { snooze.until });
        }
        let heeded = firing.acknowledged.is_some();
        let told_at = firing.told_at.unwrap_or(self.now.at);
        let mut kinds = Vec::new();
        if snooze.is_some_and(|snooze| snooze.reminds) || (!heeded && has_passed(told_at, self.options.reminder_ms, self.now.at)) {
            firing.told_at = Some(self.now.at);
            firing.reminders = firing.reminders.saturating_add(1);
            kinds.push(NoticeKind::Reminder);
        }
        if !heeded && !firing.escalated && has_passed(firing.unheeded_since, self.options.escalate_ms, self.now.at) {
            firing.escalated = true;
            kinds.push(NoticeKind::Escalated);
        }
        kinds
    }

    /// When time alone may change something next, so that a step is due then: always ahead. None: only a reading or a person can.
    pub(super) fn next_at(&self, state: &State) -> Option<Timestamp> {
        self.due_at(state).filter(|at| *at > self.now.at)
    }

    fn due_at(&self, state: &State) -> Option<Timestamp> {
        let spoken = match &state.phase {
            Phase::Quiet => None,
            Phase::Confirming(confirming) => return Some(later(confirming.since, self.options.confirm_ms)),
            Phase::Firing(firing) if firing.acknowledged.is_some() => None,
            Phase::Firing(firing) => {
                let reminder = firing.told_at.zip(positive(self.options.reminder_ms)).map(|(at, span)| later(at, span));
                let escalation = positive(self.options.escalate_ms).filter(|_| !firing.escalated).map(|span| later(firing.unheeded_since, span));
                reminder.into_iter().chain(escalation).min()
            }
        };
        match self.held_until(state) {
            None => spoken,
            Some(end) => (state.owed.is_some() || state.firing().is_some()).then_some(end),
        }
    }
}

fn positive(span: Option<Millis>) -> Option<Millis> {
    span.filter(|span| *span > 0)
}

fn later(at: Timestamp, span: Millis) -> Timestamp {
    at.after(Duration::from_millis(u64::try_from(span).unwrap_or(0)))
}
