//! What is kept of each thing.
//!
//! Knows nothing of: how it changes.

use std::collections::{BTreeMap, BTreeSet};

use salio_domain::balance::{BalanceForm, Call, OpenCharge, Pool, Reason, Remembered, Standing};
use salio_domain::ids::BatchId;
use salio_domain::message::MessageState;
use salio_domain::outbox::Pause;
use salio_domain::{AccountId, MessageId, SubmissionId, Timestamp, Units};

use crate::{AccountSnapshot, MessageDetail, MessageRow, NewMessage, ObservationRow, Question, QuestionRow, Step, StoredPrice, TopUpRow};

/// A digest of something that must not be kept in clear.
pub(super) type Fingerprint = [u8; 32];

pub(super) struct Account {
    pub id: AccountId,
    pub slug: String,
    pub provider: String,
    pub client: Fingerprint,
    pub credentials: Fingerprint,
    pub version: i64,
    pub standing: Standing,
    pub form: Option<BalanceForm>,
    pub quarantined: Option<BalanceForm>,
    pub paused: Option<(Pause, Timestamp)>,
    pub price: StoredPrice,
    /// The last sequence number.
    pub seq: i64,
    pub questions: BTreeMap<i64, Asked>,
    pub observations: Vec<ObservationRow>,
    pub top_ups: Vec<TopUpRow>,
    /// Submissions that have not ended, or whose charge is still open.
    pub open: BTreeSet<SubmissionId>,
    /// Charges that may explain a fall.
    pub remembered: BTreeMap<SubmissionId, Remembered>,
    /// Messages that wait, by priority and age.
    pub waiting: BTreeSet<(i64, MessageId)>,
}

impl Account {
    pub fn draw(&mut self) -> i64 {
        self.seq += 1;
        self.seq
    }

    /// Questions begun, as the budget counts them, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        let asked = self.questions.values().map(|asked| Call { at: asked.question.asked_at, pool: asked.pool, class: asked.reason.class() });
        let mut calls: Vec<Call> = asked.collect();
        // The clock may have gone back between two questions.
        calls.sort_by_key(|call| call.at);
        calls
    }

    pub fn snapshot(&self) -> AccountSnapshot {
        AccountSnapshot {
            account: self.id,
            slug: self.slug.clone(),
            version: self.version,
            standing: self.standing.clone(),
            form: self.form,
            quarantined: self.quarantined,
            paused: self.paused,
            price: self.price,
        }
    }
}

/// A question and its end.
pub(super) struct Asked {
    pub question: Question,
    pub reason: Reason,
    pub pool: Pool,
    pub end: Option<AskedEnd>,
}

pub(super) struct AskedEnd {
    pub at: Timestamp,
    pub outcome: &'static str,
    pub units: Option<Units>,
    pub error_code: Option<String>,
    pub raw: Option<String>,
}

impl Asked {
    pub fn row(&self) -> QuestionRow {
        let end = self.end.as_ref();
        QuestionRow {
            question: self.question,
            reason: self.reason.as_str().to_owned(),
            answered_at: end.map(|end| end.at),
            outcome: end.map(|end| end.outcome.to_owned()),
            units: end.and_then(|end| end.units),
            error_code: end.and_then(|end| end.error_code.clone()),
            raw: end.and_then(|end| end.raw.clone()),
        }
    }
}

pub(super) struct Message {
    pub account: AccountId,
    pub batch: Option<BatchId>,
    pub new: NewMessage,
    pub state: MessageState,
    pub cause: Option<String>,
    pub attempts: u32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// When it is tried next, as shown while it waits.
    pub due_at: Timestamp,
    /// What it still waits for; none once it may go.
    pub not_before: Option<Timestamp>,
    pub timeline: Vec<Step>,
    pub provider_message_ids: Vec<String>,
}

impl Message {
    pub fn accepted(account: AccountId, batch: Option<BatchId>, new: NewMessage, now: Timestamp) -> Self {
        let later = new.send_at.filter(|at| *at > now);
        let state = if later.is_some() { MessageState::Scheduled } else { MessageState::Queued };
        Self {
            account,
            batch,
            state,
            cause: None,
            attempts: 0,
            created_at: now,
            updated_at: now,
            due_at: later.unwrap_or(now),
            not_before: later,
            timeline: vec![Step { at: now, state, cause: None, submission: None }],
            provider_message_ids: Vec::new(),
            new,
        }
    }

    pub const fn waits(&self) -> bool {
        matches!(self.state, MessageState::Queued | MessageState::Scheduled)
    }

    /// Its place among those that wait.
    pub const fn place(&self) -> (i64, MessageId) {
        (self.new.priority.rank(), self.new.id)
    }

    pub fn step(&mut self, at: Timestamp, state: MessageState, cause: Option<String>, submission: Option<SubmissionId>) {
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
    /// What was remembered of it; the account knows what is left.
    pub remembered: Option<Remembered>,
}

/// The answer under a key.
pub(super) struct KeptAnswer {
    pub body_sha256: [u8; 32],
    pub answer: String,
    pub at: Timestamp,
}
