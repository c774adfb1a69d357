//! What becomes of an accepted message, and which reports say so when. Must not know shapes or sockets.

use std::sync::Arc;

use super::dlr::Report;
use super::model::Model;
use super::record::Accepted;
use super::timeline::{Event, after_ms};

/// A pending word that comes late comes at least this long after the final one, in microseconds.
const LATE: i64 = 1000;

impl Model {
    /// The final word of a message to `number`, its network code, and when it is spoken. Drawn for every message, reports or not, so that
    /// switching reports on does not change anything else of a seed.
    pub(super) fn fate(&mut self, at: i64, number: &str) -> (Arc<str>, Arc<str>, i64) {
        let plan = &self.config.dlr;
        let jitter_ms = self.fates.below(plan.jitter_ms.saturating_add(1));
        let throw = u16::try_from(self.fates.below(1000)).unwrap_or(0);
        let done_at = after_ms(at, plan.delay_ms.saturating_add(jitter_ms));
        // A local number is accepted and then never delivered, and nobody is told.
        if number.starts_with('0') {
            return (Arc::from(""), Arc::from("000"), done_at);
        }
        let mut below = 0_u16;
        let drawn = plan.outcomes.iter().find(|outcome| {
            below = below.saturating_add(outcome.per_mille);
            throw < below
        });
        let (word, code) = drawn.or(plan.outcomes.last()).map_or(("DELIVRD", "000"), |outcome| (&outcome.word, &outcome.error_code));
        (Arc::from(word), Arc::from(code), done_at)
    }

    /// Plans the reports of a message.
    pub(super) fn plan_reports(&mut self, message: &Accepted, error_code: &Arc<str>) {
        let plan = &self.config.dlr;
        if !plan.is_on() || message.outcome.is_empty() || self.habits.chance(plan.lost_per_mille) {
            return;
        }
        let (interim, twice, first) = (self.habits.chance(plan.interim_per_mille), self.habits.chance(plan.duplicate_per_mille), self.habits.chance(plan.before_answer_per_mille));
        let late = self.habits.chance(plan.reordered_per_mille);
        if interim || late {
            let half = (message.done_at - message.at) / 2;
            let spoken = message.at + half;
            let leaves = if late { message.done_at + half.max(LATE) } else { spoken };
            let word = Arc::from(plan.interim_word.as_str());
            self.timeline.add(leaves, Event::Report(Box::new(report(message, word, Arc::from("000"), spoken))));
        }
        let done_at = if first { message.at } else { message.done_at };
        let last = report(message, Arc::clone(&message.outcome), Arc::clone(error_code), done_at);
        if twice {
            self.timeline.add(message.done_at, Event::Report(Box::new(last.clone())));
        }
        if first {
            self.reports_first.push(last);
        } else {
            self.timeline.add(done_at, Event::Report(Box::new(last)));
        }
    }
}

fn report(message: &Accepted, word: Arc<str>, error_code: Arc<str>, done_at: i64) -> Report {
    Report { message_id: Arc::clone(&message.message_id), number: message.number.clone(), word, error_code, text: Arc::clone(&message.text), submitted_at: message.at, done_at }
}
