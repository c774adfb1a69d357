//! Where everything is kept: the [`Store`] trait (coarse, one transaction a use case) and its implementations.
//!
//! Knows no rules: what an event does to a balance or a message is decided in the domain; the store applies it inside one transaction.

pub mod memory;
pub mod sqlite;
mod types;

use async_trait::async_trait;
use salio_domain::balance::{Call, Reason, SettleRules};
use salio_domain::{AccountId, MessageId, SubmissionId, Timestamp};

pub use types::*;

/// Why the store could not do it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// No such account, message, question or submission.
    #[error("no such {what}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
    },
    /// It is there, in a state that does not allow this.
    #[error("{why}")]
    Conflict {
        /// For people.
        why: &'static str,
    },
    /// The database failed. Nothing was half done.
    #[error("the database failed: {detail}")]
    Broken {
        /// For the operator's log alone.
        detail: String,
    },
    /// The store was closed, or (in simulations) the process has crashed.
    #[error("the store is closed")]
    Closed,
}

/// What a store answers.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Everything Salio keeps. Each method is one transaction: it happens whole, durably, or not at all. Every change of an account draws its next
/// `version` and, where order matters, its next sequence number, inside that transaction.
#[async_trait]
pub trait Store: Send + Sync {
    /// Brings the accounts of the configuration into the database (found by slug, else by provider and client fingerprint: then renamed), dates their price,
    /// draws `version = max(stored, now in µs) + 1`, and ends every submission that had begun and not ended as in doubt (`process_ended`): its messages
    /// become `unknown`, its whole charge doubtful. Changed credentials clear a refusal and its pause. Questions without an end are closed as `abandoned`.
    /// Accounts that are no longer configured stay in the database and are not returned. Returned in the order of `defs`.
    async fn open(&self, defs: &[AccountDef], now: Timestamp) -> Result<Vec<AccountSnapshot>>;

    /// The largest number ever used for an id, so that new ones grow.
    async fn last_id(&self) -> Result<i64>;

    /// The account as it stands.
    async fn snapshot(&self, account: AccountId) -> Result<AccountSnapshot>;

    /// Draws a new version because time changed what is shown (fresh became stale).
    async fn touch(&self, account: AccountId) -> Result<AccountSnapshot>;

    /// Questions begun after `since`, oldest first by the clock.
    async fn calls_since(&self, account: AccountId, since: Timestamp) -> Result<Vec<Call>>;

    /// Numbers and writes down a question before it is asked.
    async fn begin_question(&self, account: AccountId, ask: Ask) -> Result<(Question, AccountSnapshot)>;

    /// Writes down what came of a question: an observation folded in by `domain::balance::take`, or a failure.
    async fn end_question(&self, account: AccountId, number: i64, answer: Answer, rules: SettleRules, now: Timestamp) -> Result<Ended>;

    /// Makes the account stale; deletes nothing.
    async fn clear_cache(&self, account: AccountId, now: Timestamp) -> Result<AccountSnapshot>;

    /// A person confirms that the provider now writes its figure in the quarantined form. The last figure stays until the next answer, which is taken as a first one. Conflict when nothing is quarantined.
    async fn accept_form(&self, account: AccountId, now: Timestamp) -> Result<AccountSnapshot>;

    /// Lets sending go on: clears the pause, and makes messages that waited for it due at `now`.
    async fn resume(&self, account: AccountId, now: Timestamp) -> Result<AccountSnapshot>;

    /// Accepts messages of one account with their charges, all or none, under an idempotency key where there is one.
    async fn accept(&self, new: NewMessages) -> Result<Acceptance>;

    /// The answer stored under a key, where one is kept.
    async fn replay(&self, key: &IdempotencyKey) -> Result<Option<Replay>>;

    /// Claims due messages of one sender and one encoding, never one number twice, highest priority and oldest first, and begins their submission: charge
    /// pending, messages `submitting`. On the way messages past `valid_until` become `expired` (cause `valid_until`), and scheduled ones that are due `queued` (cause `due`).
    /// What was due once stays due, also when the clock steps back. None when nothing is due or the account is paused.
    async fn begin_submission(&self, account: AccountId, begin: BeginSubmission) -> Result<BeginOutcome>;

    /// Ends a submission: states, charges, queue, provider ids, pause, in one transaction. Conflict when it has ended already (its lease is over).
    async fn end_submission(&self, submission: SubmissionId, end: EndSubmission) -> Result<AccountSnapshot>;

    /// When the earliest waiting message is due.
    async fn next_due(&self, account: AccountId) -> Result<Option<Timestamp>>;

    /// One page of messages, newest first.
    async fn messages(&self, filter: &MessageFilter) -> Result<Vec<MessageRow>>;

    /// One message with its timeline.
    async fn message(&self, id: MessageId) -> Result<MessageDetail>;

    /// Takes back what has not left (cause `cancelled`). Conflict when it has.
    async fn cancel(&self, id: MessageId, now: Timestamp) -> Result<(MessageRow, AccountSnapshot)>;

    /// Figures shown after each taken answer from `from` to `to`, oldest first, the last one of each `step` (counted from the epoch), with the lowest and highest in it; and the top-ups.
    async fn history(&self, account: AccountId, from: Timestamp, to: Timestamp, step: std::time::Duration) -> Result<History>;

    /// The latest happenings, newest first; of one account or of all.
    async fn activity(&self, account: Option<AccountId>, limit: usize) -> Result<Vec<Activity>>;

    /// The latest questions and what came of them, newest first, for the operator.
    async fn questions(&self, account: AccountId, limit: usize) -> Result<Vec<QuestionRow>>;

    /// Everything from which a shown figure can be derived again, for auditors.
    async fn audit(&self, account: AccountId) -> Result<Audit>;

    /// Whether the database answers and can be written.
    async fn check(&self) -> Result<()>;

    /// Waits until everything is written and lets go.
    async fn close(&self);
}

/// Which part of the budget and why, for a question.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    /// Why.
    pub reason: Reason,
    /// Which part of the budget pays.
    pub pool: salio_domain::balance::Pool,
    /// When.
    pub now: Timestamp,
}
