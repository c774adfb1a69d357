//! Delivery reports: every one is kept; the domain says whose it is and what it makes of that message.
//!
//! Knows nothing of: the shapes in which reports come.

use salio_domain::message::MessageState;
use salio_domain::report::{Candidate, DeliveryReport, ReportOutcome, by_name, by_number, fold, other_spellings, written_digits};
use salio_domain::{AccountId, MessageId, ReportId, Timestamp};

use super::doubts::Evidence;
use super::messages::{Message, Move};
use super::world::{World, missing};
use crate::evidence::LOOKED_AT_FOR;
use crate::{NewReport, ReportFilter, ReportRow, Reported, Result, StoreError};

impl World {
    /// The provider names a message.
    pub fn name(&mut self, id: MessageId, name: &str) -> Result<()> {
        let message = self.messages.get_mut(&id).ok_or(missing("message"))?;
        message.provider_message_ids.push(name.to_owned());
        self.names.entry((message.account, name.to_owned())).or_default().insert(id);
        Ok(())
    }

    pub fn report(&mut self, new: NewReport) -> Result<Reported> {
        let NewReport { id, account, received_at, shape, report, raw } = new;
        self.account(account)?;
        if self.reports.contains_key(&id) {
            return Err(StoreError::Conflict { why: "the report is there already" });
        }
        self.used(id.raw());
        self.written = true;
        let named = self.find_by_name(account, &report);
        let found = named.or_else(|| by_number(&report, &self.possible(account), received_at));
        self.reports.insert(id, ReportRow { id, account, received_at, shape, report: report.clone(), raw, message: None, effect: None });
        let Some(message) = found else { return Ok(Reported::default()) };
        if let (None, Some(name)) = (named, &report.provider_message_id) {
            self.name(message, name)?;
        }
        self.fold_in(id, message, received_at)
    }

    /// Reports that no message was known for, to numbers of messages in doubt: looked at again, oldest first.
    pub fn match_reports(&mut self, account: AccountId, now: Timestamp, limit: usize) -> Result<Vec<Reported>> {
        self.account(account)?;
        let doubtful: Vec<String> =
            self.doubts.iter().filter(|(_, doubt)| doubt.account == account).filter_map(|(id, _)| self.messages.get(id)).map(|message| message.new.to.to_string()).collect();
        let again = |row: &&ReportRow| {
            let digits = row.report.number.as_deref().and_then(written_digits);
            let fits = |digits: String| doubtful.iter().any(|number| number.ends_with(&digits));
            row.account == account && row.message.is_none() && row.received_at >= now.before(LOOKED_AT_FOR) && digits.is_some_and(fits)
        };
        let again: Vec<ReportId> = self.reports.values().filter(again).take(limit).map(|row| row.id).collect();
        let mut matched = Vec::new();
        for id in again {
            let row = self.reports.get(&id).ok_or(missing("report"))?;
            let (received_at, name) = (row.received_at, row.report.provider_message_id.clone());
            let named = self.find_by_name(account, &row.report);
            let Some(message) = named.or_else(|| by_number(&row.report, &self.possible(account), received_at)) else { continue };
            if let (None, Some(name)) = (named, name) {
                self.name(message, &name)?;
            }
            self.written = true;
            matched.push(self.fold_in(id, message, now)?);
        }
        Ok(matched)
    }

    /// A message has its name now: reports under it that are of no message yet are folded in, oldest first; whether a program wants one of them.
    pub fn fold_early(&mut self, id: MessageId, name: &str, now: Timestamp) -> Result<bool> {
        let account = self.messages.get(&id).ok_or(missing("message"))?.account;
        let is_so_named = |row: &ReportRow| row.report.provider_message_id.as_deref().is_some_and(|own| own == name || other_spellings(name).any(|other| own == other));
        let early = self.reports.values().filter(|row| row.account == account && row.message.is_none() && is_so_named(row));
        let early: Vec<ReportId> = early.map(|row| row.id).collect();
        let mut forwards = false;
        for report in early {
            let row = self.reports.get(&report).ok_or(missing("report"))?;
            if let Some(message) = self.find_by_name(account, &row.report) {
                forwards |= self.fold_in(report, message, now)?.forwards;
            }
        }
        Ok(forwards)
    }

    /// A message that was sent again is on its way no more: what was said meanwhile of the first try is folded in, oldest first.
    pub fn fold_held(&mut self, id: MessageId, now: Timestamp) -> Result<()> {
        let held = self.reports.values().filter(|row| row.message == Some(id) && row.effect.is_none() && row.report.outcome != ReportOutcome::Unmapped);
        let held: Vec<ReportId> = held.map(|row| row.id).collect();
        for report in held {
            self.fold_into(report, id, now)?;
        }
        Ok(())
    }

    fn find_by_name(&self, account: AccountId, report: &DeliveryReport) -> Option<MessageId> {
        let name = report.provider_message_id.clone()?;
        let so_named = |name: String| self.names.get(&(account, name)).into_iter().flatten();
        let mut named: Vec<&MessageId> = so_named(name.clone()).collect();
        if named.is_empty() {
            named = other_spellings(&name).flat_map(so_named).collect();
        }
        let waits = |message: &&Message| message.waits() && !self.is_resending(message);
        let candidates: Vec<Candidate> = named.into_iter().filter_map(|id| self.messages.get(id)).filter(|message| !waits(message)).filter_map(candidate).collect();
        by_name(report, &candidates)
    }

    /// Messages that a report without a known name could mean.
    fn possible(&self, account: AccountId) -> Vec<Candidate> {
        let fits = |message: &&Message| match message.state {
            MessageState::Submitting | MessageState::Unknown | MessageState::Sent => true,
            MessageState::Queued => self.is_resending(message),
            _ => false,
        };
        self.messages.values().filter(|message| message.account == account).filter(fits).filter_map(candidate).collect()
    }

    fn is_resending(&self, message: &Message) -> bool {
        self.doubts.get(&message.new.id).is_some_and(|doubt| doubt.resending)
    }

    /// What a report makes of the message it is of, and of the program that waits for it.
    fn fold_in(&mut self, id: ReportId, of: MessageId, now: Timestamp) -> Result<Reported> {
        let mut out = self.fold_into(id, of, now)?;
        out.forwards = self.forward(of, id, now)?;
        Ok(out)
    }

    fn fold_into(&mut self, id: ReportId, of: MessageId, now: Timestamp) -> Result<Reported> {
        let row = self.reports.get_mut(&id).ok_or(missing("report"))?;
        let message = self.messages.get_mut(&of).ok_or(missing("message"))?;
        row.message = Some(of);
        let means = || (row.report.outcome != ReportOutcome::Unmapped).then(|| row.report.outcome.as_str().to_owned());
        if let Some(said) = row.report.word.clone().or_else(means) {
            message.report = Some((said, row.received_at));
        }
        let resending = self.doubts.get(&of).is_some_and(|doubt| doubt.resending);
        let folded = fold(message.state, resending, row.report.outcome, row.report.word.as_deref());
        row.effect = folded.as_ref().map(|folded| folded.state);
        let (account, mut out) = (message.account, Reported { changed: folded.is_some(), ..Reported::default() });
        if let Some(folded) = folded {
            let to = Move::new(now, folded.state, &folded.cause);
            if folded.taken {
                self.settled(of, Evidence::Taken, to)?;
                out.snapshot = Some(self.changed(account)?);
            } else {
                self.go(of, to)?;
            }
        }
        out.message = Some(self.message(of)?.row);
        Ok(out)
    }

    pub fn list_reports(&self, filter: &ReportFilter) -> Vec<ReportRow> {
        let end = filter.before.unwrap_or(ReportId::from_raw(i64::MAX));
        let older = self.reports.range(..end).rev().map(|(_, row)| row);
        let fits = |row: &&ReportRow| {
            filter.account.is_none_or(|account| account == row.account)
                && filter.message.is_none_or(|message| row.message == Some(message))
                && filter.matched.is_none_or(|matched| matched == row.message.is_some())
        };
        older.filter(fits).take(filter.limit).cloned().collect()
    }
}

/// None for a message that never left.
fn candidate(message: &Message) -> Option<Candidate> {
    let begun_at = message.begun_at()?;
    Some(Candidate {
        id: message.new.id,
        number: message.new.to.clone(),
        state: message.state,
        text: message.new.text.clone(),
        begun_at,
        named: !message.provider_message_ids.is_empty(),
    })
}
