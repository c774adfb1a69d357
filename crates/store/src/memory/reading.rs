//! Looking without changing: messages, history, happenings, and everything for auditors.
//!
//! Knows nothing of: how it is shown.

use std::time::Duration;

use salio_domain::{AccountId, MessageId, Timestamp};

use super::asking::OLDER;
use super::messages::Message;
use super::world::{World, missing};
use crate::{Audit, History, HistoryPoint, MessageDetail, MessageFilter, MessageRow, ObservationRow, QuestionRow, Result, SubmissionRow, TopUpRow};

impl World {
    pub fn next_due(&self, id: AccountId) -> Result<Option<Timestamp>> {
        let waiting = self.account(id)?.waiting.iter().filter(|(_, lane, _)| self.is_served(*lane));
        Ok(waiting.filter_map(|(_, _, message)| self.messages.get(message)).map(|message| message.due_at).min())
    }

    pub fn list(&self, filter: &MessageFilter) -> Vec<MessageRow> {
        let end = filter.before.unwrap_or(MessageId::from_raw(i64::MAX));
        let older = self.messages.range(..end).rev().map(|(_, message)| message);
        older.filter(|message| fits(message, filter)).take(filter.limit).map(Message::row).collect()
    }

    pub fn message(&self, id: MessageId) -> Result<MessageDetail> {
        self.messages.get(&id).map(Message::detail).ok_or(missing("message"))
    }

    pub fn history(&self, id: AccountId, from: Timestamp, to: Timestamp, step: Duration) -> Result<History> {
        let account = self.account(id)?;
        let within = |at: Timestamp| from <= at && at <= to;
        let mut taken: Vec<&ObservationRow> = account.observations.iter().filter(|row| within(row.taken.answered_at) && row.verdict != OLDER).collect();
        taken.sort_by_key(|row| (row.taken.answered_at, row.taken.question));
        let shown = taken.into_iter().filter_map(|row| row.shown.map(|shown| HistoryPoint { at: row.taken.answered_at, shown, low: shown, high: shown }));
        let mut top_ups: Vec<TopUpRow> = account.top_ups.iter().filter(|row| within(row.at)).copied().collect();
        // The clock may have gone back between two.
        top_ups.sort_by_key(|row| row.at);
        Ok(History { points: thin(shown, step), top_ups })
    }

    pub fn questions(&self, id: AccountId, limit: usize) -> Result<Vec<QuestionRow>> {
        Ok(self.account(id)?.questions.values().rev().take(limit).map(super::rows::Asked::row).collect())
    }

    pub fn audit(&self, id: AccountId) -> Result<Audit> {
        let account = self.account(id)?;
        let mut observations = account.observations.clone();
        observations.sort_by_key(|row| row.taken.question);
        let own = self.submissions.values().filter(|submission| submission.account == id);
        let mut submissions: Vec<SubmissionRow> = own.map(|own| SubmissionRow { open: own.open, charge: own.charge, voided: own.voided, remembered: own.remembered }).collect();
        submissions.sort_by_key(|row| row.open.begun_seq);
        let waiting = account.waiting_ids().filter_map(|message| self.messages.get(&message));
        let queued = waiting.filter(|message| self.stands(message)).map(|message| message.new.charge).sum();
        Ok(Audit { snapshot: account.snapshot(), observations, submissions, calls: account.calls(), opening: account.standing.opening, queued })
    }
}

fn fits(message: &Message, filter: &MessageFilter) -> bool {
    filter.account.is_none_or(|account| account == message.account)
        && filter.state.is_none_or(|state| state == message.state)
        && filter.to.as_deref().is_none_or(|to| to == message.new.to.as_str())
        && filter.reference.as_ref().is_none_or(|reference| message.new.reference.as_ref() == Some(reference))
        && filter.batch.is_none_or(|batch| message.batch == Some(batch))
}

/// The last point of each step, with the lowest and highest in it. Steps are counted from the epoch, so that they stay where they are while a chart moves on.
fn thin(points: impl Iterator<Item = HistoryPoint>, step: Duration) -> Vec<HistoryPoint> {
    let width = i64::try_from(step.as_micros()).unwrap_or(i64::MAX).max(1);
    let place = |at: Timestamp| at.micros().div_euclid(width);
    let mut out: Vec<HistoryPoint> = Vec::new();
    for point in points {
        match out.last_mut().filter(|last| place(last.at) == place(point.at)) {
            Some(last) => *last = HistoryPoint { low: last.low.min(point.shown), high: last.high.max(point.shown), ..point },
            None => out.push(point),
        }
    }
    out
}
