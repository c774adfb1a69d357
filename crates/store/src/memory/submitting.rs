//! Submissions: what is due is claimed before the first byte leaves, and ended by what the domain decided.
//!
//! Knows nothing of: providers, retries, what an outcome means.

use std::collections::BTreeSet;

use salio_domain::balance::{EndSums, OpenCharge, reassign};
use salio_domain::message::MessageState;
use salio_domain::outbox::ChargeFate;
use salio_domain::{AccountId, MessageId, SubmissionId, Timestamp, Units};

use super::journal::{plain, spent};
use super::rows::Submission;
use super::world::{World, missing};
use crate::{AccountSnapshot, Activity, ActivityKind, BeginOutcome, BeginSubmission, BegunMessage, BegunSubmission, EndSubmission, MessageResult, Result, StoreError};

impl World {
    pub fn begin_submission(&mut self, id: AccountId, begin: &BeginSubmission) -> Result<BeginOutcome> {
        if self.account(id)?.paused.is_some() {
            return Ok(BeginOutcome { begun: None, expired: Vec::new(), snapshot: None });
        }
        if self.submissions.contains_key(&begin.id) {
            return Err(StoreError::Conflict { why: "the submission has begun already" });
        }
        self.move_up(id, begin.now)?;
        let Picked { claimed, expired } = self.pick(id, begin)?;
        let changed = !(expired.is_empty() && claimed.is_empty());
        self.expire(id, &expired, begin.now);
        let begun = if claimed.is_empty() { None } else { Some(self.begin(id, begin, claimed)?) };
        let snapshot = if changed { Some(self.changed(id)?) } else { None };
        Ok(BeginOutcome { begun, expired, snapshot })
    }

    /// Messages whose time has come may go from here on, even if the clock goes back; scheduled ones are queued.
    fn move_up(&mut self, id: AccountId, now: Timestamp) -> Result<()> {
        for (_, message) in &self.accounts.get(&id).ok_or(missing("account"))?.waiting {
            let Some(message) = self.messages.get_mut(message).filter(|message| message.not_before.is_some_and(|at| at <= now)) else { continue };
            message.not_before = None;
            if message.state == MessageState::Scheduled {
                message.step(now, MessageState::Queued, Some("due".to_owned()), None);
            }
        }
        Ok(())
    }

    /// Due messages of the first one's sender and encoding, no number twice; and those on the way to them that are too late.
    fn pick(&self, id: AccountId, begin: &BeginSubmission) -> Result<Picked> {
        let waiting = self.account(id)?.waiting.iter().filter_map(|(_, message)| self.messages.get(message));
        let (mut numbers, mut kind, mut picked) = (BTreeSet::new(), None, Picked::default());
        for message in waiting.filter(|message| message.not_before.is_none()) {
            if picked.claimed.len() >= begin.max {
                break;
            }
            if message.new.valid_until.is_some_and(|until| until <= begin.now) {
                picked.expired.push(message.new.id);
                continue;
            }
            let own = (&message.new.sender, message.new.encoding);
            if *kind.get_or_insert(own) == own && numbers.insert(&message.new.to) {
                picked.claimed.push(message.new.id);
            }
        }
        Ok(picked)
    }

    fn expire(&mut self, id: AccountId, expired: &[MessageId], now: Timestamp) {
        for message in expired {
            let (Some(message), Some(account)) = (self.messages.get_mut(message), self.accounts.get_mut(&id)) else { continue };
            message.step(now, MessageState::Expired, Some("valid_until".to_owned()), None);
            account.waiting.remove(&message.place());
            account.standing.unqueue(message.new.charge);
        }
    }

    fn begin(&mut self, id: AccountId, begin: &BeginSubmission, claimed: Vec<MessageId>) -> Result<BegunSubmission> {
        self.used(begin.id.raw());
        let account = self.accounts.get_mut(&id).ok_or(missing("account"))?;
        let seq = account.draw();
        let (mut charge, mut messages, mut kind) = (Units::ZERO, Vec::new(), None);
        for message in &claimed {
            let message = self.messages.get_mut(message).ok_or(missing("message"))?;
            account.waiting.remove(&message.place());
            message.attempts += 1;
            message.step(begin.now, MessageState::Submitting, None, Some(begin.id));
            charge = charge.plus(message.new.charge);
            kind.get_or_insert_with(|| (message.new.sender.clone(), message.new.encoding));
            messages.push(BegunMessage {
                id: message.new.id,
                to: message.new.to.clone(),
                text: message.new.text.clone(),
                attempts: message.attempts,
                accepted_at: message.created_at,
            });
        }
        account.standing.begin(seq, charge);
        account.open.insert(begin.id);
        let (sender, encoding) = kind.ok_or(missing("message"))?;
        let open = OpenCharge { submission: begin.id, begun_seq: seq, ended: None, sure: charge, doubtful: Units::ZERO };
        self.submissions.insert(begin.id, Submission { account: id, sender: sender.clone(), messages: claimed, open, charge, voided: Units::ZERO, remembered: None });
        Ok(BegunSubmission { id: begin.id, sender, encoding, messages })
    }

    pub fn end_submission(&mut self, id: SubmissionId, end: &EndSubmission) -> Result<AccountSnapshot> {
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
        for (message, result) in messages.iter().zip(&end.results) {
            self.apply(account, *message, result, end.now, id)?;
        }
        self.settle(id, &sums, end.now)?;
        happenings.into_iter().for_each(|happening| self.tell(happening));
        if let Some(pause) = end.results.iter().find_map(|result| result.decision.pause) {
            self.pause(account, pause, end.now);
        }
        self.changed(account)
    }

    fn sums(&self, messages: &[MessageId], results: &[MessageResult]) -> Sums {
        let mut sums = Sums::default();
        for (message, result) in messages.iter().zip(results) {
            let charge = self.messages.get(message).map_or(Units::ZERO, |message| message.new.charge);
            match result.decision.charge {
                ChargeFate::Stands => {}
                ChargeFate::InDoubt => sums.doubtful = sums.doubtful.plus(charge),
                ChargeFate::Voided => sums.voided = sums.voided.plus(charge),
            }
            match result.decision.state {
                MessageState::Unknown => sums.unknown += 1,
                MessageState::Queued | MessageState::Scheduled => sums.requeued = sums.requeued.plus(charge),
                _ => {}
            }
        }
        sums
    }

    fn apply(&mut self, account: AccountId, id: MessageId, result: &MessageResult, now: Timestamp, submission: SubmissionId) -> Result<()> {
        let message = self.messages.get_mut(&id).ok_or(missing("message"))?;
        let decision = &result.decision;
        message.step(now, decision.state, Some(decision.cause.clone()), Some(submission));
        message.provider_message_ids.extend(result.provider_message_id.clone());
        if message.waits() {
            message.due_at = decision.retry_at.unwrap_or(now);
            message.not_before = Some(message.due_at);
            let place = message.place();
            self.account_mut(account)?.waiting.insert(place);
        }
        Ok(())
    }

    fn settle(&mut self, id: SubmissionId, sums: &Sums, now: Timestamp) -> Result<()> {
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
        Ok(())
    }

    /// What a figure had seemed to confirm of a charge that never was goes to the charges it must have meant.
    fn pass_on(&mut self, id: AccountId, excess: Units) -> Result<Units> {
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
struct Picked {
    claimed: Vec<MessageId>,
    expired: Vec<MessageId>,
}

#[derive(Default)]
struct Sums {
    voided: Units,
    doubtful: Units,
    requeued: Units,
    unknown: i64,
}
