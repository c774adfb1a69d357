//! What goes into the store and comes out of it: plain records in words of the domain.

use std::sync::Arc;

use salio_domain::admission::{Short, SpendingRules};
use salio_domain::balance::{BalanceForm, Call, Failed, OpenCharge, Opening, Remembered, Standing, Taken, TopUp};
use salio_domain::ids::{BatchId, TokenId};
use salio_domain::message::{MessageState, Priority};
use salio_domain::outbox::{Decision, Pause};
use salio_domain::pricing::{Price, PriceSource};
use salio_domain::segments::Encoding;
use salio_domain::{AccountId, MessageId, Msisdn, SubmissionId, Timestamp, Units};

/// An account of the configuration.
#[derive(Clone, Debug)]
pub struct AccountDef {
    /// The word people use.
    pub slug: String,
    /// The vendor's word.
    pub provider: String,
    /// The unit that every amount carries.
    pub unit: String,
    /// What tells the account from others at the provider; hashed inside the store with a salt of its own, never stored in clear.
    pub client: String,
    /// Everything a refusal depends on (keys, URL), hashed in the same way.
    pub credentials: String,
    /// The price in force; dated when it differs from the last one.
    pub price: Price,
    /// Prices of numbers that begin like this (E.164 digits), each dated when it differs; one that is no longer named ends.
    pub prices: Vec<(String, Price)>,
}

/// An account after a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSnapshot {
    /// Its id.
    pub account: AccountId,
    /// The word people use.
    pub slug: String,
    /// Only grows.
    pub version: i64,
    /// Everything shown derives from it.
    pub standing: Standing,
    /// The form of its figures; none before the first.
    pub form: Option<BalanceForm>,
    /// A form that waits for a person.
    pub quarantined: Option<BalanceForm>,
    /// Why sending has stopped, and since when.
    pub paused: Option<(Pause, Timestamp)>,
    /// Since when a person has stopped sending.
    pub stopped_at: Option<Timestamp>,
    /// Credit is short for what waits next.
    pub held: Option<Held>,
    /// The price in force.
    pub price: StoredPrice,
    /// Prices of numbers that begin like this; few, and shared by all snapshots.
    pub prices: Arc<Vec<(String, StoredPrice)>>,
}

/// Messages wait because the credit does not cover the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Since when.
    pub since: Timestamp,
    /// From this priority on (its rank); higher ones still go.
    pub rank: i64,
    /// What the next message costs.
    pub needed: Units,
    /// What may be spent.
    pub available: Units,
}

/// A dated price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredPrice {
    /// What a charge remembers.
    pub id: i64,
    /// Units a segment.
    pub per_segment: Units,
    /// Where it comes from.
    pub source: PriceSource,
}

/// A question that was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// Grows by one for each question of the account.
    pub number: i64,
    /// Its place in the account's order of events.
    pub asked_seq: i64,
    /// When.
    pub asked_at: Timestamp,
}

/// What came of a question.
#[derive(Clone, Debug)]
pub enum Answer {
    /// The provider said a figure.
    Figure {
        /// Exact.
        units: Units,
        /// How it was written. Another form than the account's is quarantined: written down, a failure `balance_form_changed`, nothing else.
        form: BalanceForm,
        /// The text of the figure.
        raw: String,
    },
    /// It did not.
    Failure {
        /// What is shown.
        failed: Failed,
        /// What came back, for the operator.
        raw: Option<String>,
    },
}

/// A question that ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// What the answer meant; none for a failure or a quarantined form.
    pub verdict: Option<salio_domain::balance::Verdict>,
    /// The account afterwards.
    pub snapshot: AccountSnapshot,
}

/// One message to accept; validated, segmented and priced.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Its id.
    pub id: MessageId,
    /// The recipient.
    pub to: Msisdn,
    /// The text.
    pub text: String,
    /// The approved sender.
    pub sender: String,
    /// How it travels.
    pub encoding: Encoding,
    /// Parts on the air.
    pub segments: u32,
    /// What it should cost.
    pub charge: Units,
    /// Who goes first.
    pub priority: Priority,
    /// The caller's own word for it.
    pub reference: Option<String>,
    /// Not before.
    pub send_at: Option<Timestamp>,
    /// Not after.
    pub valid_until: Option<Timestamp>,
    /// The price that was used.
    pub price_id: i64,
    /// Its line in a stream, from 1.
    pub line: Option<i64>,
}

/// Messages accepted together.
#[derive(Clone, Debug)]
pub struct NewMessages {
    /// Who pays.
    pub account: AccountId,
    /// Set when there were many.
    pub batch: Option<NewBatch>,
    /// At least one.
    pub messages: Vec<NewMessage>,
    /// Who sent them, where a key of Salio's was shown.
    pub token: Option<TokenId>,
    /// Refused when their charge is not covered; none accepts whatever the balance is.
    pub covered_by: Option<SpendingRules>,
    /// The key and the answer to keep under it.
    pub idempotency: Option<(IdempotencyKey, String)>,
    /// When.
    pub now: Timestamp,
}

/// The batch of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBatch {
    /// Its id.
    pub id: BatchId,
    /// Recipients given.
    pub lines: i64,
    /// Of them refused, duplicates included.
    pub refused: i64,
    /// Of them duplicates.
    pub duplicates: i64,
}

/// Under what an answer is kept: per caller and route.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyKey {
    /// Caller and route.
    pub scope: String,
    /// What the caller chose.
    pub key: String,
    /// SHA-256 of the raw body.
    pub body_sha256: [u8; 32],
}

/// How long an answer is kept under its key.
pub const IDEMPOTENCY_KEPT: std::time::Duration = std::time::Duration::from_hours(7 * 24);

/// What came of accepting.
#[derive(Clone, Debug)]
pub enum Acceptance {
    /// They are on disk.
    Accepted(Box<AccountSnapshot>),
    /// The charge is not covered; nothing was written.
    Short(Short),
    /// The key was used before.
    Replayed(Replay),
}

/// A key that was used before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replay {
    /// With the same body: the first answer.
    Same(String),
    /// With another body.
    OtherBody,
}

/// Limits of the submissions that may begin now.
#[derive(Clone, Debug)]
pub struct BeginSubmissions {
    /// Their ids: at most so many begin. At least one.
    pub ids: Vec<SubmissionId>,
    /// Recipients of each at most.
    pub max: usize,
    /// How far the balance may go.
    pub rules: SpendingRules,
    /// When.
    pub now: Timestamp,
    /// The lease: after this, somebody else may end it as in doubt.
    pub claimed_until: Timestamp,
}

/// What came of beginning.
#[derive(Clone, Debug, Default)]
pub struct BeginOutcome {
    /// Begun, each with at least one message; empty when nothing was due.
    pub begun: Vec<BegunSubmission>,
    /// Messages that were past their `valid_until`.
    pub expired: Vec<MessageId>,
    /// The account afterwards, when anything changed.
    pub snapshot: Option<AccountSnapshot>,
    /// The credit does not cover the next message (also kept as `held`).
    pub short: Option<Short>,
    /// Lanes were left unlooked at: there may be more.
    pub more: bool,
}

/// A submission that has begun.
#[derive(Clone, Debug)]
pub struct BegunSubmission {
    /// Its id.
    pub id: SubmissionId,
    /// The sender of all.
    pub sender: String,
    /// The encoding of all.
    pub encoding: Encoding,
    /// In order.
    pub messages: Vec<BegunMessage>,
}

/// One message of a submission.
#[derive(Clone, Debug)]
pub struct BegunMessage {
    /// Its id.
    pub id: MessageId,
    /// The recipient.
    pub to: Msisdn,
    /// The text.
    pub text: String,
    /// Tries, this one included.
    pub attempts: u32,
    /// When its first submission began: this one, unless it was tried before.
    pub first_try_at: Timestamp,
    /// The batch it came in.
    pub batch: Option<BatchId>,
    /// It is sent again after a doubt: where it goes at the end is said by [`salio_domain::outbox::after_doubt`].
    pub resent: bool,
}

/// How a submission ended.
#[derive(Clone, Debug)]
pub struct EndSubmission {
    /// One for each message, in order.
    pub results: Vec<MessageResult>,
    /// What came back, for the operator.
    pub raw: Option<String>,
    /// When.
    pub now: Timestamp,
}

/// What happened to one message of a submission.
#[derive(Clone, Debug)]
pub struct MessageResult {
    /// What the domain decided.
    pub decision: Decision,
    /// The provider's name of the message.
    pub provider_message_id: Option<String>,
}

/// Which messages.
#[derive(Clone, Debug, Default)]
pub struct MessageFilter {
    /// Of this account.
    pub account: Option<AccountId>,
    /// In this state.
    pub state: Option<MessageState>,
    /// To this number (E.164 digits).
    pub to: Option<String>,
    /// With this reference.
    pub reference: Option<String>,
    /// Of this batch.
    pub batch: Option<BatchId>,
    /// Older than this one (the cursor).
    pub before: Option<MessageId>,
    /// At most so many.
    pub limit: usize,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRow {
    /// Its id.
    pub id: MessageId,
    /// Who pays.
    pub account: AccountId,
    /// The batch it came in.
    pub batch: Option<BatchId>,
    /// The recipient.
    pub to: Msisdn,
    /// The sender.
    pub sender: String,
    /// The text.
    pub text: String,
    /// The caller's own word for it.
    pub reference: Option<String>,
    /// Where it is.
    pub state: MessageState,
    /// Why it is there.
    pub cause: Option<String>,
    /// How it travels.
    pub encoding: Encoding,
    /// Parts on the air.
    pub segments: u32,
    /// What it should cost.
    pub charge: Units,
    /// Who goes first.
    pub priority: Priority,
    /// Tries.
    pub attempts: u32,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Not before.
    pub send_at: Option<Timestamp>,
    /// Not after.
    pub valid_until: Option<Timestamp>,
    /// When it is tried next, while it waits.
    pub next_try_at: Option<Timestamp>,
    /// Whose key sent it.
    pub token: Option<TokenId>,
    /// Its line in a stream.
    pub line: Option<i64>,
    /// Times it was sent again after a doubt.
    pub resends: u32,
    /// The network's latest word and when it came.
    pub report: Option<(String, Timestamp)>,
}

/// One step of a message's life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub at: Timestamp,
    /// Where it went.
    pub state: MessageState,
    /// Why.
    pub cause: Option<String>,
    /// By which submission.
    pub submission: Option<SubmissionId>,
}

/// A message with its life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageDetail {
    /// The message.
    pub row: MessageRow,
    /// Oldest first; begins with its acceptance.
    pub timeline: Vec<Step>,
    /// The provider's names of it.
    pub provider_message_ids: Vec<String>,
}

/// A figure of the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryPoint {
    /// When it was answered.
    pub at: Timestamp,
    /// What was shown after it.
    pub shown: Units,
    /// The lowest in its step.
    pub low: Units,
    /// The highest in its step.
    pub high: Units,
}

/// A top-up of the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopUpRow {
    /// When it was seen.
    pub at: Timestamp,
    /// Its amount, or the range of it.
    pub amount: TopUp,
    /// Whether the amount is fixed.
    pub settled: bool,
}

/// The past of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Oldest first.
    pub points: Vec<HistoryPoint>,
    /// Oldest first.
    pub top_ups: Vec<TopUpRow>,
}

/// What kind of happening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActivityKind {
    /// A submission ended with at least one message taken.
    Sent,
    /// A submission ended with all messages refused.
    Refused,
    /// A submission ended in doubt for at least one message.
    Unknown,
    /// The provider agreed with the estimate after it had been settling.
    Agreed,
    /// A top-up was seen.
    TopUp,
    /// A fall was explained by a remembered charge.
    LateCharge,
    /// A fall that nothing known explains.
    Drift,
    /// The provider stopped answering (the first failure in a row).
    Failure,
    /// It answers again.
    Recovered,
    /// Sending stopped.
    Paused,
    /// Sending goes on.
    Resumed,
    /// The figure's form changed and waits for a person.
    FormChanged,
}

/// A happening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// When.
    pub at: Timestamp,
    /// Of which account.
    pub account: AccountId,
    /// What kind.
    pub kind: ActivityKind,
    /// What moved; negative for spending, zero where the provider agreed.
    pub amount: Option<Units>,
    /// Messages concerned.
    pub messages: i64,
    /// The sender, the code of a failure, the pause: a word, not a sentence.
    pub word: Option<String>,
}

/// A question and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionRow {
    /// The question.
    pub question: Question,
    /// Why it was asked.
    pub reason: String,
    /// When it ended.
    pub answered_at: Option<Timestamp>,
    /// `figure`, `older`, `quarantined`, `failed`, `abandoned`; none while it runs.
    pub outcome: Option<String>,
    /// The figure.
    pub units: Option<Units>,
    /// The code of a failure.
    pub error_code: Option<String>,
    /// What came back.
    pub raw: Option<String>,
}

/// One taken observation, for auditors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObservationRow {
    /// Question, figure and times.
    pub taken: Taken,
    /// Its place in the account's order of events.
    pub answered_seq: i64,
    /// `older`, `first`, `agreed`, `uncharged`, `topped_up`, `fell`.
    pub verdict: String,
    /// What was shown after it; after an older answer that is what was shown before.
    pub shown: Option<Units>,
}

/// One submission, for auditors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmissionRow {
    /// Its id and what is open of its charge.
    pub open: OpenCharge,
    /// Its whole charge.
    pub charge: Units,
    /// Of it, what was voided.
    pub voided: Units,
    /// Of it, what was remembered, and until when.
    pub remembered: Option<Remembered>,
}

/// Everything from which a shown figure can be derived again.
#[derive(Clone, Debug)]
pub struct Audit {
    /// The account as it stands.
    pub snapshot: AccountSnapshot,
    /// All observations, by question.
    pub observations: Vec<ObservationRow>,
    /// All submissions, by begin.
    pub submissions: Vec<SubmissionRow>,
    /// Questions begun, as the budget counts them.
    pub calls: Vec<Call>,
    /// An open figure.
    pub opening: Option<Opening>,
    /// Sum of charges that wait.
    pub queued: Units,
}
