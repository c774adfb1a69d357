//! Submissions begin: what is due is claimed before the first byte leaves, lane after lane, as far as the credit goes.
//!
//! Knows nothing of: providers, what comes of a submission.

use std::collections::BTreeSet;

use salio_domain::admission::{Short, spendable};
use salio_domain::balance::OpenCharge;
use salio_domain::ledger::EntryKind;
use salio_domain::message::MessageState;
use salio_domain::outbox::{REFUSED_TOGETHER, next_lane};
use salio_domain::segments::Encoding;
use salio_domain::{AccountId, MessageId, Msisdn, SubmissionId, Timestamp, Units};

use super::books::Booking;
use super::messages::{Message, Move, Submission};
use super::world::{World, missing};
use crate::{BeginOutcome, BeginSubmissions, BegunMessage, BegunSubmission, Held, Result, StoreError};

/// All priorities, the highest first.
const RANKS: [i64; 3] = [0, 1, 2];

/// What was found for one submission.
#[derive(Default)]
struct Picked {
    kind: Option<(String, Encoding)>,
    /// The one that was chosen goes by itself.
    alone: bool,
    numbers: BTreeSet<Msisdn>,
    claimed: Vec<MessageId>,
    charge: Units,
    expired: Vec<MessageId>,
    /// The first lane of each priority from which something was taken.
    turns: Vec<(i64, i64)>,
    short: Option<(i64, Short)>,
}

impl World {
    pub fn begin_submissions(&mut self, id: AccountId, begin: &BeginSubmissions) -> Result<BeginOutcome> {
        let account = self.account(id)?;
        if account.paused.is_some() || account.stopped_at.is_some() {
            return Ok(BeginOutcome::default());
        }
        let ids: BTreeSet<SubmissionId> = begin.ids.iter().copied().collect();
        if ids.len() < begin.ids.len() || ids.iter().any(|id| self.submissions.contains_key(id)) {
            return Err(StoreError::Conflict { why: "the submission has begun already" });
        }
        let before = account.held;
        let mut out = BeginOutcome::default();
        let (mut short, mut lowest, mut drained) = (None, None, false);
        for submission in &begin.ids {
            let picked = self.pick(id, begin, short)?;
            let Picked { claimed, charge, expired, turns, .. } = picked;
            short = picked.short.or(short);
            for message in &expired {
                self.take_out(*message, Move::new(begin.now, MessageState::Expired, "valid_until"))?;
            }
            out.expired.extend(expired);
            if claimed.is_empty() {
                drained = true;
                break;
            }
            lowest = lowest.max(self.lowest_rank(&claimed));
            out.begun.push(self.begin(id, *submission, begin.now, &claimed, charge)?);
            self.account_mut(id)?.turns.extend(turns);
        }
        let held = self.hold(id, begin.now, short, drained || before.zip(lowest).is_some_and(|(held, lowest)| lowest >= held.rank))?;
        if held || !(out.begun.is_empty() && out.expired.is_empty()) {
            out.snapshot = Some(self.changed(id)?);
        }
        out.short = short.map(|(_, short)| short);
        Ok(out)
    }

    /// Messages of a lane whose time has come may go from here on, even if the clock goes back; scheduled ones are queued.
    fn move_up(&mut self, id: AccountId, rank: i64, lane: i64, now: Timestamp) -> Result<()> {
        for id in self.waiting_in(id, rank, lane)? {
            let Some(message) = self.messages.get_mut(&id).filter(|message| message.not_before.is_some_and(|at| at <= now)) else { continue };
            message.not_before = None;
            self.written = true;
            if message.state == MessageState::Scheduled {
                self.go(id, Move::new(now, MessageState::Queued, "due"))?;
            }
        }
        Ok(())
    }

    /// Due messages of the first one's sender and encoding, no number twice; those on the way to them that are too late; and the one that the credit does not cover.
    fn pick(&mut self, id: AccountId, begin: &BeginSubmissions, ended: Option<(i64, Short)>) -> Result<Picked> {
        let mut picked = Picked::default();
        for rank in RANKS.into_iter().filter(|rank| ended.is_none_or(|(ended, _)| *rank < ended)) {
            for lane in self.turns(id, rank)? {
                if !picked.has_room(begin) {
                    return Ok(picked);
                }
                self.move_up(id, rank, lane, begin.now)?;
                self.pick_in(id, (rank, lane), begin, &mut picked)?;
            }
        }
        Ok(picked)
    }

    /// What may go of a lane, oldest first.
    fn pick_in(&self, id: AccountId, (rank, lane): (i64, i64), begin: &BeginSubmissions, picked: &mut Picked) -> Result<()> {
        let ids = self.waiting_in(id, rank, lane)?;
        for message in ids.into_iter().filter_map(|id| self.messages.get(&id)).filter(|message| message.not_before.is_none()) {
            if !picked.has_room(begin) {
                break;
            }
            if message.is_late(begin.now) {
                picked.expired.push(message.new.id);
            } else if picked.fits(message) {
                self.choose(message, (rank, lane), begin, picked)?;
            }
        }
        Ok(())
    }

    /// Takes a message that fits, if the credit covers it.
    fn choose(&self, message: &Message, (rank, lane): (i64, i64), begin: &BeginSubmissions, picked: &mut Picked) -> Result<()> {
        let new = &message.new;
        // What this call has begun before is in the estimate already.
        let standing = &self.account(message.account)?.standing;
        let available = spendable(standing, new.priority, &begin.rules).map(|all| all.minus(picked.charge));
        if let Some(available) = available.filter(|available| new.charge > Units::ZERO && new.charge > *available) {
            picked.short = Some((rank, Short { charge: new.charge, available, shortfall: new.charge.minus(available) }));
            return Ok(());
        }
        picked.kind = Some((new.sender.clone(), new.encoding));
        picked.alone = message.goes_alone();
        picked.charge = picked.charge.plus(new.charge);
        picked.numbers.insert(new.to.clone());
        picked.claimed.push(new.id);
        if picked.turns.iter().all(|(served, _)| *served != rank) {
            picked.turns.push((rank, lane));
        }
        Ok(())
    }

    /// The lanes of a priority in the order of their turns.
    fn turns(&self, id: AccountId, rank: i64) -> Result<Vec<i64>> {
        let account = self.account(id)?;
        let lanes: BTreeSet<i64> = account.waiting.iter().filter(|(own, lane, _)| *own == rank && self.is_served(*lane)).map(|(_, lane, _)| *lane).collect();
        let mut lanes: Vec<i64> = lanes.into_iter().collect();
        let first = next_lane(&lanes, account.turns.get(&rank).copied());
        let place = lanes.iter().position(|lane| Some(*lane) == first).unwrap_or_default();
        lanes.rotate_left(place);
        Ok(lanes)
    }

    /// What waits in a lane, oldest first.
    fn waiting_in(&self, id: AccountId, rank: i64, lane: i64) -> Result<Vec<MessageId>> {
        let all = (rank, lane, MessageId::from_raw(i64::MIN))..=(rank, lane, MessageId::from_raw(i64::MAX));
        Ok(self.account(id)?.waiting.range(all).map(|(_, _, id)| *id).collect())
    }

    /// The lowest priority among messages, as a rank.
    fn lowest_rank(&self, messages: &[MessageId]) -> Option<i64> {
        messages.iter().filter_map(|id| self.messages.get(id)).map(|message| message.new.priority.rank()).max()
    }

    /// Keeps what the credit holds back; whether that changed. `over`: something of what was held back went, or nothing is left that may go.
    fn hold(&mut self, id: AccountId, now: Timestamp, short: Option<(i64, Short)>, over: bool) -> Result<bool> {
        let account = self.account_mut(id)?;
        let before = account.held;
        account.held = match short {
            Some((rank, short)) => Some(Held { since: before.map_or(now, |held| held.since), rank, needed: short.charge, available: short.available }),
            None => before.filter(|_| !over),
        };
        Ok(account.held != before)
    }

    fn begin(&mut self, id: AccountId, submission: SubmissionId, now: Timestamp, claimed: &[MessageId], charge: Units) -> Result<BegunSubmission> {
        self.used(submission.raw());
        let mut messages = Vec::new();
        for message in claimed {
            let doubt = self.doubts.get(message).cloned();
            let again = doubt.is_some();
            self.go(*message, Move { at: now, state: MessageState::Submitting, cause: None, submission: Some(submission) })?;
            self.doubts.extend(doubt.map(|doubt| (*message, doubt)));
            let message = self.messages.get_mut(message).ok_or(missing("message"))?;
            (message.attempts, message.resends) = (message.attempts + 1, message.resends + u32::from(again));
            message.begun = Some((submission, now));
            message.first_try_at.get_or_insert(now);
            messages.push(message.begun_row(again));
        }
        let account = self.account_mut(id)?;
        let seq = account.draw();
        account.standing.begin(seq, charge);
        account.open.insert(submission);
        let first = claimed.first().and_then(|first| self.messages.get(first)).ok_or(missing("message"))?;
        let (sender, encoding) = (first.new.sender.clone(), first.new.encoding);
        let open = OpenCharge { submission, begun_seq: seq, ended: None, sure: charge, doubtful: Units::ZERO };
        self.submissions.insert(submission, Submission::begun(id, sender.clone(), claimed.to_vec(), open));
        self.book(&Booking { at: now, kind: EntryKind::ChargePending, amount: charge, submission, message: None })?;
        Ok(BegunSubmission { id: submission, sender, encoding, messages })
    }
}

impl Picked {
    /// There is room for one more, and the credit has not ended it.
    const fn has_room(&self, begin: &BeginSubmissions) -> bool {
        self.claimed.len() < if self.alone { 1 } else { begin.max } && self.short.is_none()
    }

    /// One sender, one encoding, no number twice.
    fn fits(&self, message: &Message) -> bool {
        let new = &message.new;
        let kind = self.kind.as_ref().is_none_or(|(sender, encoding)| *sender == new.sender && *encoding == new.encoding);
        let together = self.claimed.is_empty() || !message.goes_alone();
        kind && together && !self.numbers.contains(&new.to)
    }
}

impl Message {
    /// It was refused together with others.
    fn goes_alone(&self) -> bool {
        self.attempts > 0 && self.cause.as_deref() == Some(REFUSED_TOGETHER)
    }

    fn begun_row(&self, resent: bool) -> BegunMessage {
        let new = &self.new;
        let first_try_at = self.first_try_at.unwrap_or(self.created_at);
        BegunMessage { id: new.id, to: new.to.clone(), text: new.text.clone(), attempts: self.attempts, first_try_at, batch: self.batch, resent }
    }
}

impl Submission {
    const fn begun(account: AccountId, sender: String, messages: Vec<MessageId>, open: OpenCharge) -> Self {
        Self { account, sender, messages, charge: open.sure, open, voided: Units::ZERO, remembered: None, books_pending: Units::ZERO, books_suspense: Units::ZERO }
    }
}
