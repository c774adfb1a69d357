//! What is kept of each thing.
//!
//! Knows nothing of: how it changes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use salio_domain::balance::{BalanceForm, Call, Pool, Reason, Remembered, Standing};
use salio_domain::outbox::Pause;
use salio_domain::{AccountId, MessageId, SubmissionId, Timestamp, Units};

use super::books::Books;
use crate::{AccountSnapshot, Held, ObservationRow, Question, QuestionRow, StoredPrice, TopUpRow};

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
    pub stopped_at: Option<Timestamp>,
    pub held: Option<Held>,
    pub price: StoredPrice,
    pub prices: Arc<Vec<(String, StoredPrice)>>,
    /// The last sequence number.
    pub seq: i64,
    pub questions: BTreeMap<i64, Asked>,
    pub observations: Vec<ObservationRow>,
    pub top_ups: Vec<TopUpRow>,
    /// Submissions that have not ended, or whose charge is still open.
    pub open: BTreeSet<SubmissionId>,
    /// Charges that may explain a fall.
    pub remembered: BTreeMap<SubmissionId, Remembered>,
    /// Messages that wait, by priority, lane and age.
    pub waiting: BTreeSet<(i64, i64, MessageId)>,
    /// The lane that was served last in each priority, as this process knows.
    pub turns: BTreeMap<i64, i64>,
    pub books: Books,
}

impl Account {
    pub fn draw(&mut self) -> i64 {
        self.seq += 1;
        self.seq
    }

    pub fn waiting_ids(&self) -> impl Iterator<Item = MessageId> {
        self.waiting.iter().map(|(_, _, id)| *id)
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
            stopped_at: self.stopped_at,
            held: self.held,
            price: self.price,
            prices: Arc::clone(&self.prices),
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

/// The answer under a key.
pub(super) struct KeptAnswer {
    pub body_sha256: [u8; 32],
    pub answer: String,
    pub at: Timestamp,
}
