//! Messages in doubt, and the evidence that settles them.
//!
//! Knows nothing of: where evidence comes from.

use std::collections::BTreeSet;

use salio_domain::ledger::EntryKind;
use salio_domain::message::MessageState;
use salio_domain::outbox::{after_doubt, look_up_at};
use salio_domain::{AccountId, MessageId, SubmissionId, Timestamp, Units};

use super::books::Booking;
use super::messages::{Doubt, Message, Move};
use super::world::{World, missing};
use crate::{BatchState, DoubtRow, Replay, Result, Settle, Settled, Settlement, StoreError};

/// What evidence says of a charge in doubt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    /// The provider took the message.
    Taken,
    /// It certainly did not.
    Never,
}

const NOT_IN_DOUBT: StoreError = StoreError::Conflict { why: "the message is not in doubt" };

impl World {
    /// Nobody knows what became of this message, since now.
    pub fn doubt(&mut self, id: MessageId, now: Timestamp) -> Result<()> {
        let message = self.messages.get_mut(&id).ok_or(missing("message"))?;
        message.doubted.extend(message.begun);
        self.doubts.insert(id, Doubt { account: message.account, since: now, looked_up: 0, look_up_at: look_up_at(now, 0), resending: false });
        Ok(())
    }

    /// A submission of this message ended so. `first` is the doubt of an earlier try, which stands until the message is taken or in doubt again.
    pub fn ended(&mut self, id: MessageId, first: Option<Doubt>, to: Move) -> Result<()> {
        let (decided, at, cause) = (to.state, to.at, to.cause.clone());
        self.go(id, to)?;
        let Some(first) = first else { return if decided == MessageState::Unknown { self.doubt(id, at) } else { Ok(()) } };
        match after_doubt(decided) {
            MessageState::Sent => {}
            MessageState::Queued => {
                self.messages.get_mut(&id).ok_or(missing("message"))?.resends -= 1;
                self.doubts.insert(id, first);
            }
            _ if decided == MessageState::Unknown => self.doubt(id, at)?,
            state => {
                self.go(id, Move { at, state, cause, submission: None })?;
                self.doubts.insert(id, Doubt { resending: false, ..first });
            }
        }
        Ok(())
    }

    /// Evidence came: the doubt is over, the charge is sure or never was, and the message goes where the evidence says.
    pub fn settled(&mut self, id: MessageId, evidence: Evidence, to: Move) -> Result<()> {
        let (message, at) = (self.messages.get(&id).ok_or(missing("message"))?, to.at);
        let (account, waits) = (message.account, message.waits());
        if waits {
            self.take_out(id, to)?;
        } else {
            self.account_mut(account)?.standing.unknown_messages -= 1;
            self.go(id, to)?;
        }
        self.weigh(id, evidence, at)
    }

    /// Taken means the last time it was sent; never means each time.
    fn weigh(&mut self, id: MessageId, evidence: Evidence, now: Timestamp) -> Result<()> {
        let message = self.messages.get(&id).ok_or(missing("message"))?;
        let charge = message.new.charge;
        let times = if evidence == Evidence::Taken { 1 } else { message.doubted.len() };
        let doubted: Vec<SubmissionId> = message.doubted.iter().rev().take(times).map(|(submission, _)| *submission).collect();
        for of in doubted {
            let (posted, unsuspended) = match evidence {
                Evidence::Taken => (EntryKind::ChargePosted, EntryKind::SuspensePosted),
                Evidence::Never => (EntryKind::ChargeVoided, EntryKind::SuspenseVoided),
            };
            let submission = self.submissions.get_mut(&of).ok_or(missing("submission"))?;
            let pending = submission.books_pending.min(charge);
            match evidence {
                Evidence::Taken => submission.open.taken(charge),
                Evidence::Never => self.unspend(of, charge)?,
            }
            let booking = |kind, amount| Booking { at: now, kind, amount, submission: of, message: Some(id) };
            self.book(&booking(posted, pending))?;
            self.book(&booking(unsuspended, charge.minus(pending)))?;
        }
        Ok(())
    }

    /// A charge never was: it leaves what is open, then what is remembered, and what a figure had seemed to confirm of it must have meant other charges.
    fn unspend(&mut self, of: SubmissionId, charge: Units) -> Result<()> {
        let submission = self.submissions.get_mut(&of).ok_or(missing("submission"))?;
        let account = self.accounts.get_mut(&submission.account).ok_or(missing("account"))?;
        submission.voided = submission.voided.plus(charge);
        let own = submission.open.void(charge);
        if submission.open.left().is_zero() {
            account.open.remove(&of);
        }
        let rest = charge.minus(own);
        if let Some(left) = account.remembered.get_mut(&of) {
            left.amount = left.amount.minus(left.amount.min(rest));
        }
        account.remembered.retain(|_, left| !left.amount.is_zero());
        let forgotten = submission.remembered.as_mut().map_or(Units::ZERO, |all| {
            let forgotten = all.amount.min(rest);
            all.amount = all.amount.minus(forgotten);
            forgotten
        });
        let owner = submission.account;
        let released = own.plus(self.pass_on(owner, rest.minus(forgotten))?);
        let standing = &mut self.account_mut(owner)?.standing;
        standing.pending = standing.pending.minus(released);
        Ok(())
    }

    /// Once under a key.
    pub fn settle(&mut self, settle: &Settle) -> Result<Settled> {
        let Some((key, answer)) = &settle.idempotency else { return self.settle_it(settle) };
        self.let_go(settle.now);
        match self.replay(key) {
            Some(Replay::Same(_)) => {
                let message = self.messages.get(&settle.message).ok_or(missing("message"))?;
                Ok(Settled { message: message.row(), account: self.account(message.account)?.snapshot(), forwards: false })
            }
            Some(Replay::OtherBody) => Err(StoreError::Conflict { why: "the key was used with another body" }),
            None => {
                let settled = self.settle_it(settle)?;
                self.keep(key.clone(), answer.clone(), settle.now);
                Ok(settled)
            }
        }
    }

    fn settle_it(&mut self, settle: &Settle) -> Result<Settled> {
        let (id, now) = (settle.message, settle.now);
        let message = self.messages.get(&id).ok_or(missing("message"))?;
        let (state, cause) = wanted(settle)?;
        // While it is being sent again nothing can be said of it.
        let resending = self.doubts.get(&id).filter(|_| message.state != MessageState::Submitting).map(|doubt| doubt.resending);
        let again = settle.by == "person" && (message.state, message.cause.as_deref()) == (state, Some(cause));
        let (account, to) = (message.account, Move::new(now, state, cause));
        let mut forwards = false;
        match (&settle.settlement, resending) {
            (Settlement::Resend, Some(false)) => self.send_again(id, to)?,
            (Settlement::Sent, Some(_)) => self.settled(id, Evidence::Taken, to)?,
            (Settlement::NotSent, Some(_)) => self.settled(id, Evidence::Never, to)?,
            (Settlement::Found { provider_message_id, .. }, Some(_)) => {
                self.settled(id, Evidence::Taken, to)?;
                self.name(id, provider_message_id)?;
                forwards = self.fold_early(id, provider_message_id, now)?;
            }
            _ if again => return Ok(Settled { message: message.row(), account: self.account(account)?.snapshot(), forwards }),
            _ => return Err(NOT_IN_DOUBT),
        }
        let account = self.changed(account)?;
        Ok(Settled { message: self.message(id)?.row, account, forwards })
    }

    fn send_again(&mut self, id: MessageId, to: Move) -> Result<()> {
        let message = self.messages.get(&id).ok_or(missing("message"))?;
        let (account, charge) = (message.account, message.new.charge);
        if let Some(batch) = message.batch.and_then(|batch| self.batches.get(&batch))
            && matches!(batch.row.state, BatchState::Cancelled | BatchState::Refused)
        {
            return Err(StoreError::Conflict { why: "its batch was cancelled" });
        }
        let doubt = self.doubts.remove(&id).ok_or(NOT_IN_DOUBT)?;
        let at = to.at;
        self.go(id, to)?;
        if let Some(message) = self.messages.get_mut(&id) {
            (message.due_at, message.not_before) = (at, None);
        }
        self.doubts.insert(id, Doubt { resending: true, ..doubt });
        let standing = &mut self.account_mut(account)?.standing;
        standing.unknown_messages -= 1;
        standing.queue(charge);
        Ok(())
    }

    /// Doubts of an account whose next look-up is due, oldest first; not those that are being sent again.
    pub fn doubts_to_look_up(&self, account: AccountId, now: Timestamp, limit: usize) -> Result<Vec<DoubtRow>> {
        self.account(account)?;
        let settles = |id: &MessageId| self.messages.get(id).is_some_and(|message| message.state != MessageState::Submitting);
        let own = self.doubts.iter().filter(|(id, doubt)| doubt.account == account && settles(id));
        let mut due: Vec<(Timestamp, MessageId)> = own.filter_map(|(id, doubt)| doubt.look_up_at.filter(|at| *at <= now).map(|at| (at, *id))).collect();
        due.sort_unstable();
        due.into_iter().take(limit).map(|(_, id)| self.doubt_row(id)).collect()
    }

    fn doubt_row(&self, id: MessageId) -> Result<DoubtRow> {
        let (message, doubt) = self.messages.get(&id).zip(self.doubts.get(&id)).ok_or(missing("doubt"))?;
        let same_number = |other: &&Message| other.account == message.account && other.new.to == message.new.to && other.new.id != id;
        let others: BTreeSet<String> = self.messages.values().filter(same_number).flat_map(|other| other.provider_message_ids.iter().cloned()).collect();
        Ok(DoubtRow {
            message: message.row(),
            since: doubt.since,
            begun_at: message.begun_at().ok_or(missing("submission"))?,
            looked_up: doubt.looked_up,
            provider_message_ids: message.provider_message_ids.clone(),
            others: others.into_iter().collect(),
        })
    }

    pub fn looked_up(&mut self, message: MessageId, next_at: Option<Timestamp>) {
        if let Some(doubt) = self.doubts.get_mut(&message) {
            (doubt.looked_up, doubt.look_up_at) = (doubt.looked_up + 1, next_at);
            self.written = true;
        }
    }

    pub fn look_up_failed(&mut self, message: MessageId, again_at: Option<Timestamp>) {
        if let Some(doubt) = self.doubts.get_mut(&message) {
            doubt.look_up_at = again_at;
            self.written = true;
        }
    }

    /// None while it is being sent again.
    pub fn one_doubt(&self, id: MessageId) -> Result<Option<DoubtRow>> {
        let settles = self.messages.get(&id).is_some_and(|message| message.state != MessageState::Submitting);
        (settles && self.doubts.contains_key(&id)).then(|| self.doubt_row(id)).transpose()
    }

    pub fn doubts_since(&self, account: AccountId, before: Timestamp, limit: usize) -> Result<Vec<MessageId>> {
        self.account(account)?;
        let own = self.doubts.iter().filter(|(_, doubt)| doubt.account == account && !doubt.resending && doubt.since <= before);
        let first_time = |id: &MessageId| self.messages.get(id).is_some_and(|message| message.resends == 0);
        let mut old: Vec<(Timestamp, MessageId)> = own.filter(|(id, _)| first_time(id)).map(|(id, doubt)| (doubt.since, *id)).collect();
        old.sort_unstable();
        Ok(old.into_iter().take(limit).map(|(_, id)| id).collect())
    }
}

/// Where a settlement brings its message, and why.
fn wanted(settle: &Settle) -> Result<(MessageState, &'static str)> {
    match &settle.settlement {
        Settlement::Sent => Ok((MessageState::Sent, "resolved_sent")),
        Settlement::NotSent => Ok((MessageState::Failed, "resolved_not_sent")),
        Settlement::Resend => Ok((MessageState::Queued, "resend")),
        Settlement::Found { state, .. } if matches!(state, MessageState::Sent | MessageState::Delivered | MessageState::Undelivered) => Ok((*state, settle.by)),
        Settlement::Found { .. } => Err(StoreError::Conflict { why: "the provider's list shows a message as sent, delivered or undelivered" }),
    }
}
