//! Submissions end: each message, charge and entry in the books as the domain decided.
//!
//! Knows nothing of: providers, retries, what an outcome means.

use salio_domain::balance::{EndSums, OpenCharge, reassign};
use salio_domain::ledger::EntryKind;
use salio_domain::message::MessageState;
use salio_domain::outbox::{ChargeFate, after_doubt};
use salio_domain::{AccountId, MessageId, SubmissionId, Timestamp, Units};

use super::books::Booking;
use super::journal::{plain, spent};
use super::messages::Move;
use super::world::{World, missing};
use crate::{Activity, ActivityKind, EndSubmission, EndedSubmission, MessageResult, Result, StoreError};

impl World {
    pub fn end_submission(&mut self, id: SubmissionId, end: &EndSubmission) -> Result<EndedSubmission> {
        let submission = self.submissions.get(&id).ok_or(missing("submission"))?;
        if submission.open.ended.is_some() {
            return Err(StoreError::Conflict { why: "the submission has ended already" });
        }
        if submission.messages.len() != end.results.len() {
            return Err(StoreError::Conflict { why: "a submission ends with one result for each of its messages" });
        }
        let (account, messages) = (submission.account, submission.messages.clone());
        let happenings = self.happenings(id, end)?;
        let sums = self.sums(&messages, &end.results);
        let resent: Vec<MessageId> = messages.iter().copied().filter(|message| self.doubts.contains_key(message)).collect();
        for (message, result) in messages.iter().zip(&end.results) {
            self.apply(*message, result, end.now, id)?;
        }
        self.close(id, &sums, end.now)?;
        happenings.into_iter().for_each(|happening| self.tell(happening));
        if let Some(pause) = end.results.iter().find_map(|result| result.decision.pause) {
            self.pause(account, pause, end.now);
        }
        let mut forwards = false;
        for (message, result) in messages.iter().zip(&end.results) {
            if let Some(name) = &result.provider_message_id {
                forwards |= self.fold_early(*message, name, end.now)?;
            }
        }
        for message in resent {
            self.fold_held(message, end.now)?;
        }
        Ok(EndedSubmission { account: self.changed(account)?, forwards })
    }

    fn sums(&self, messages: &[MessageId], results: &[MessageResult]) -> Sums {
        let mut sums = Sums::default();
        for (message, result) in messages.iter().zip(results) {
            let charge = self.messages.get(message).map_or(Units::ZERO, |message| message.new.charge);
            match result.decision.charge {
                ChargeFate::Stands => sums.taken = sums.taken.plus(charge),
                ChargeFate::InDoubt => sums.doubtful = sums.doubtful.plus(charge),
                ChargeFate::Voided => sums.voided = sums.voided.plus(charge),
            }
            let decided = result.decision.state;
            match if self.doubts.contains_key(message) { after_doubt(decided) } else { decided } {
                MessageState::Unknown => sums.unknown += 1,
                MessageState::Queued | MessageState::Scheduled => sums.requeued = sums.requeued.plus(charge),
                _ => {}
            }
        }
        sums
    }

    fn apply(&mut self, id: MessageId, result: &MessageResult, now: Timestamp, submission: SubmissionId) -> Result<()> {
        let decision = &result.decision;
        let first = self.doubts.get(&id).cloned();
        self.ended(id, first, Move { submission: Some(submission), ..Move::new(now, decision.state, &decision.cause) })?;
        if let Some(name) = &result.provider_message_id {
            self.name(id, name)?;
        }
        let message = self.messages.get_mut(&id).ok_or(missing("message"))?;
        if message.waits() {
            message.due_at = decision.retry_at.unwrap_or(now);
            message.not_before = Some(message.due_at);
        }
        Ok(())
    }

    fn close(&mut self, id: SubmissionId, sums: &Sums, now: Timestamp) -> Result<()> {
        let submission = self.submissions.get_mut(&id).ok_or(missing("submission"))?;
        let account = self.accounts.get_mut(&submission.account).ok_or(missing("account"))?;
        let seq = account.draw();
        submission.voided = sums.voided;
        let excess = submission.open.wrongly_confirmed(sums.voided);
        let own = submission.open.end(seq, now, sums.voided, sums.doubtful);
        if submission.open.left().is_zero() {
            account.open.remove(&id);
        }
        let of = submission.account;
        let released = own.plus(self.pass_on(of, excess)?);
        self.account_mut(of)?.standing.end(seq, now, EndSums { released, requeued: sums.requeued, unknown: sums.unknown });
        let booking = |kind, amount| Booking { at: now, kind, amount, submission: id, message: None };
        self.book(&booking(EntryKind::ChargePosted, sums.taken))?;
        self.book(&booking(EntryKind::ChargeVoided, sums.voided))
    }

    /// What a figure had seemed to confirm of a charge that never was goes to the charges it must have meant.
    pub fn pass_on(&mut self, id: AccountId, excess: Units) -> Result<Units> {
        let account = self.account(id)?;
        let newest = account.observations.iter().filter(|row| row.verdict != super::asking::OLDER).max_by_key(|row| row.taken.question);
        let Some(answered_seq) = newest.map(|row| row.answered_seq).filter(|_| !excess.is_zero()) else { return Ok(Units::ZERO) };
        let charges: Vec<OpenCharge> = account.open.iter().filter_map(|open| self.submissions.get(open).map(|s| s.open)).collect();
        let (changed, released) = reassign(&charges, answered_seq, excess);
        self.keep_open(id, &changed)?;
        Ok(released)
    }

    /// What people are told of the end of a submission.
    fn happenings(&self, id: SubmissionId, end: &EndSubmission) -> Result<Vec<Activity>> {
        let submission = self.submissions.get(&id).ok_or(missing("submission"))?;
        let of = |fate: ChargeFate| {
            let own = submission.messages.iter().zip(&end.results).filter(move |(_, result)| result.decision.charge == fate);
            own.fold((Units::ZERO, 0), |(sum, count), (message, _)| (sum.plus(self.messages.get(message).map_or(Units::ZERO, |m| m.new.charge)), count + 1))
        };
        let mut out = Vec::new();
        for (fate, kind) in [(ChargeFate::Stands, ActivityKind::Sent), (ChargeFate::InDoubt, ActivityKind::Unknown)] {
            let (amount, messages) = of(fate);
            if messages > 0 {
                out.push(spent(end.now, submission.account, kind, amount, messages, &submission.sender));
            }
        }
        let refused = end.results.iter().filter(|result| result.decision.state == MessageState::Rejected).count();
        if refused == end.results.len() {
            let messages = i64::try_from(refused).unwrap_or(i64::MAX);
            out.push(Activity { messages, ..plain(end.now, submission.account, ActivityKind::Refused, Some(submission.sender.clone())) });
        }
        Ok(out)
    }
}

#[derive(Default)]
struct Sums {
    taken: Units,
    voided: Units,
    doubtful: Units,
    requeued: Units,
    unknown: i64,
}
