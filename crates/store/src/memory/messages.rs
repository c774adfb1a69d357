//! What is kept of a message and of a submission.
//!
//! Knows nothing of: why they change.

use salio_domain::balance::{OpenCharge, Remembered};
use salio_domain::ids::{BatchId, TokenId};
use salio_domain::message::MessageState;
use salio_domain::{AccountId, MessageId, SubmissionId, Timestamp, Units};

use crate::{MessageDetail, MessageRow, NewMessage, Step};

pub(super) struct Message {
    pub account: AccountId,
    pub batch: Option<BatchId>,
    pub token: Option<TokenId>,
    pub new: NewMessage,
    pub state: MessageState,
    pub cause: Option<String>,
    pub attempts: u32,
    /// Times it was sent again after a doubt.
    pub resends: u32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// When it is tried next, as shown while it waits.
    pub due_at: Timestamp,
    /// What it still waits for; none once it may go.
    pub not_before: Option<Timestamp>,
    /// Its last submission, and when that began.
    pub begun: Option<(SubmissionId, Timestamp)>,
    /// When its first submission began.
    pub first_try_at: Option<Timestamp>,
    /// Submissions that ended in doubt for it, and when each began.
    pub doubted: Vec<(SubmissionId, Timestamp)>,
    pub timeline: Vec<Step>,
    pub provider_message_ids: Vec<String>,
    /// The network's latest word and when it came.
    pub report: Option<(String, Timestamp)>,
}

/// Where a message goes, and why.
pub(super) struct Move {
    pub at: Timestamp,
    pub state: MessageState,
    pub cause: Option<String>,
    pub submission: Option<SubmissionId>,
}

impl Move {
    pub fn new(at: Timestamp, state: MessageState, cause: &str) -> Self {
        Self { at, state, cause: Some(cause.to_owned()), submission: None }
    }
}

impl Message {
    pub fn accepted(account: AccountId, batch: Option<BatchId>, token: Option<TokenId>, new: NewMessage, now: Timestamp) -> Self {
        let later = new.send_at.filter(|at| *at > now);
        let state = if later.is_some() { MessageState::Scheduled } else { MessageState::Queued };
        Self {
            account,
            batch,
            token,
            state,
            cause: None,
            attempts: 0,
            resends: 0,
            created_at: now,
            updated_at: now,
            due_at: later.unwrap_or(now),
            not_before: later,
            begun: None,
            first_try_at: None,
            doubted: Vec::new(),
            timeline: vec![Step { at: now, state, cause: None, submission: None }],
            provider_message_ids: Vec::new(),
            report: None,
            new,
        }
    }

    pub const fn waits(&self) -> bool {
        matches!(self.state, MessageState::Queued | MessageState::Scheduled)
    }

    /// When the submission began that left it in doubt, else its last one; none for a message that never left.
    pub fn begun_at(&self) -> Option<Timestamp> {
        self.doubted.last().or(self.begun.as_ref()).map(|(_, at)| *at)
    }

    /// Its place among those that wait: priority, lane, age.
    pub fn place(&self) -> (i64, i64, MessageId) {
        (self.new.priority.rank(), self.batch.map_or(0, |batch| batch.raw()), self.new.id)
    }

    pub fn is_late(&self, now: Timestamp) -> bool {
        self.new.valid_until.is_some_and(|until| until <= now)
    }

    pub fn go(&mut self, to: Move) {
        let Move { at, state, cause, submission } = to;
        (self.state, self.updated_at) = (state, at);
        self.cause.clone_from(&cause);
        self.timeline.push(Step { at, state, cause, submission });
    }

    pub fn row(&self) -> MessageRow {
        let new = &self.new;
        MessageRow {
            id: new.id,
            account: self.account,
            batch: self.batch,
            to: new.to.clone(),
            sender: new.sender.clone(),
            text: new.text.clone(),
            reference: new.reference.clone(),
            state: self.state,
            cause: self.cause.clone(),
            encoding: new.encoding,
            segments: new.segments,
            charge: new.charge,
            priority: new.priority,
            attempts: self.attempts,
            created_at: self.created_at,
            updated_at: self.updated_at,
            send_at: new.send_at,
            valid_until: new.valid_until,
            next_try_at: self.waits().then_some(self.due_at),
            token: self.token,
            line: new.line,
            resends: self.resends,
            report: self.report.clone(),
        }
    }

    pub fn detail(&self) -> MessageDetail {
        MessageDetail { row: self.row(), timeline: self.timeline.clone(), provider_message_ids: self.provider_message_ids.clone() }
    }
}

pub(super) struct Submission {
    pub account: AccountId,
    pub sender: String,
    pub messages: Vec<MessageId>,
    pub open: OpenCharge,
    pub charge: Units,
    pub voided: Units,
    /// What was remembered of it, also after its time; the account knows what still explains a fall.
    pub remembered: Option<Remembered>,
    /// What the books still hold of it as pending.
    pub books_pending: Units,
    /// And in suspense.
    pub books_suspense: Units,
}

/// A message in doubt.
#[derive(Clone)]
pub(super) struct Doubt {
    pub account: AccountId,
    pub since: Timestamp,
    pub looked_up: u32,
    pub look_up_at: Option<Timestamp>,
    /// It waits to be sent again, and evidence still stops that.
    pub resending: bool,
}
