//! Where everything is kept: the [`Store`] trait (coarse, one transaction a use case) and its implementations.
//!
//! Knows no rules: what an event does to a balance or a message is decided in the domain; the store applies it inside one transaction.

mod batches;
mod evidence;
pub mod memory;
pub mod sqlite;
mod types;

use async_trait::async_trait;
use salio_domain::balance::{Call, Reason, SettleRules};
use salio_domain::ids::{BatchId, InboundId, TokenId};
use salio_domain::{AccountId, MessageId, Msisdn, SubmissionId, Timestamp};

pub use batches::*;
pub use evidence::*;
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
    /// become `unknown`, its whole charge doubtful. Changed credentials clear a refusal and its pause. Questions without an end are closed as `abandoned`, and
    /// streams without a key that were being received are given up (`cancelled`, cause `abandoned`): nobody can go on with them.
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

    /// Claims due messages and begins their submissions, each of one sender and one encoding, never one number twice, and whatever was
    /// refused together with others by itself ([`salio_domain::outbox::REFUSED_TOGETHER`]): charge pending in the books, messages `submitting`. Highest priority first; within one, lanes take turns ([`salio_domain::outbox::next_lane`], from the lane after the one served last; a submission that
    /// is not full goes on with the next lane), and in a lane the oldest goes first. Lanes of batches that do not run, and of sweeping ones, are passed over. A message
    /// that the credit does not cover ([`salio_domain::admission::spendable`] less what this call has begun) ends its priority and all below, is told as `short` and kept
    /// as `held`; `held` is cleared when a message goes that it held back, or nothing of its ranks is due. On the way messages past `valid_until` become `expired` (cause
    /// `valid_until`), and scheduled ones that are due `queued` (cause `due`). What was due once stays due, also when the clock steps back. Nothing begins while the
    /// account is paused or stopped.
    async fn begin_submissions(&self, account: AccountId, begin: BeginSubmissions) -> Result<BeginOutcome>;

    /// Ends a submission: states, charges, books, queue, provider ids, doubts, pause, in one transaction; reports that came before the provider's name was known
    /// are folded in, oldest first, and wait to be forwarded where a program wants that. Conflict when it has ended already (its lease is over).
    async fn end_submission(&self, submission: SubmissionId, end: EndSubmission) -> Result<EndedSubmission>;

    /// When the earliest waiting message is due.
    async fn next_due(&self, account: AccountId) -> Result<Option<Timestamp>>;

    /// One page of messages, newest first.
    async fn messages(&self, filter: &MessageFilter) -> Result<Vec<MessageRow>>;

    /// One message with its timeline.
    async fn message(&self, id: MessageId) -> Result<MessageDetail>;

    /// Takes back what has not left (cause `cancelled`). Conflict when it has. What waits to be sent again after a doubt goes back to `unknown`, here as in every other
    /// way out of the queue but a submission: it may have arrived the first time.
    async fn cancel(&self, id: MessageId, now: Timestamp) -> Result<(MessageRow, AccountSnapshot)>;

    /// A person stops sending for an account, or lets it go on (which also ends a pause, as [`Store::resume`]).
    async fn stop(&self, account: AccountId, now: Timestamp) -> Result<AccountSnapshot>;

    /// A stream of messages begins, or begins again under its key: the newest stream draws the next epoch, an older one of the same batch can stage no more.
    /// Conflict when the key was used with another account or form. A batch that a person took back while it was received keeps its key:
    /// it is `Accepted` and was never released. A key whose batch is older than [`IDEMPOTENCY_KEPT`] is free.
    async fn open_stream(&self, open: OpenStream) -> Result<StreamOpening>;

    /// Stages a block: its messages stand in the batch's lane and count nowhere else until the release. Conflict when the batch is no longer `receiving`, the
    /// epoch is another's, or the block is not the next.
    async fn stage(&self, block: Block) -> Result<()>;

    /// The stream has ended: admission, then the whole batch is queued in one step. With `partial` the longest run from the first message that is covered is
    /// released; the others are taken back (`cancelled`, cause `insufficient_balance`) by [`Store::sweep`].
    async fn release(&self, release: Release) -> Result<Released>;

    /// A stream without a key has broken, or a person gave it up: nothing of it is sent. Does nothing when it is no longer `receiving`.
    async fn drop_stream(&self, batch: BatchId, epoch: i64, now: Timestamp) -> Result<()>;

    /// One batch.
    async fn batch(&self, id: BatchId) -> Result<BatchRow>;

    /// One page of batches, newest first.
    async fn batches(&self, filter: &BatchFilter) -> Result<Vec<BatchRow>>;

    /// Refused lines of a batch after a line, in order.
    async fn batch_errors(&self, id: BatchId, after: i64, limit: usize) -> Result<Vec<LineError>>;

    /// What a person wants of a batch. Pausing a paused one, and so on, changes nothing; Conflict when it has ended (done, cancelled, refused) otherwise. Cancelling marks
    /// it at once; its messages are taken back (`cancelled`, cause `batch_cancelled`) by [`Store::sweep`]. A receiving one can only be cancelled.
    async fn order_batch(&self, id: BatchId, order: BatchOrder, now: Timestamp) -> Result<(BatchRow, AccountSnapshot)>;

    /// Housekeeping, at most `limit` messages at once: messages of cancelled, refused and cut batches are taken back; messages past `valid_until` expire, also
    /// while their account is paused; streams that nobody went on with for 24 h are dropped.
    async fn sweep(&self, now: Timestamp, limit: usize) -> Result<Swept>;

    /// Writes down a delivery report and folds it into the message it is of ([`salio_domain::report`]): state, timeline, doubtful charge, books, doubt; and queues
    /// it for the program whose message it is, when the message's key has a `dlr_url`. Durable when it returns.
    async fn report(&self, new: NewReport) -> Result<Reported>;

    /// Looks again at reports of the last 24 h that are of no message and carry the number of one in doubt: what came while its submission ran could not be told apart then.
    /// Each as [`Store::report`] by number, as of when it was received; oldest first, at most `limit`; answers those that found their message. Numbers count in whatever form they are written, as for [`Store::report`].
    async fn match_reports(&self, account: AccountId, now: Timestamp, limit: usize) -> Result<Vec<Reported>>;

    /// One page of reports, newest first.
    async fn reports(&self, filter: &ReportFilter) -> Result<Vec<ReportRow>>;

    /// Writes down a message from a phone.
    async fn inbound(&self, new: InboundRow) -> Result<()>;

    /// One page of messages from phones, newest first.
    async fn inbound_messages(&self, account: Option<AccountId>, before: Option<InboundId>, limit: usize) -> Result<Vec<InboundRow>>;

    /// Evidence about a message in doubt. Conflict when it is not in doubt (any more); a person's same word again changes nothing and is answered.
    /// `Sent` and `Found`: its charge is sure, posted. `NotSent`: `failed` (cause `resolved_not_sent`), its charge voided. `Resend`: `queued` again (cause
    /// `resend`), due at once, the first charge still in doubt; evidence that comes before it is begun stops it.
    /// Under a key that was used before with the same body nothing changes, and the message is answered as it is now; with another body: Conflict.
    async fn settle(&self, settle: Settle) -> Result<Settled>;

    /// Messages in doubt whose next look-up is due, oldest first.
    async fn doubts_to_look_up(&self, account: AccountId, now: Timestamp, limit: usize) -> Result<Vec<DoubtRow>>;

    /// One message in doubt, also one that waits to be sent again; none when it is not (any more), or is being sent again.
    async fn doubt(&self, message: MessageId) -> Result<Option<DoubtRow>>;

    /// The provider was asked about a message; when next, if ever.
    async fn looked_up(&self, message: MessageId, next_at: Option<Timestamp>) -> Result<()>;

    /// The provider was asked and did not say: when again, if ever. It does not count among the times that it was asked.
    async fn look_up_failed(&self, message: MessageId, again_at: Option<Timestamp>) -> Result<()>;

    /// Messages in doubt since `before` or longer that were never sent again, oldest first.
    async fn doubts_since(&self, account: AccountId, before: Timestamp, limit: usize) -> Result<Vec<MessageId>>;

    /// Adds numbers to the list that nobody may send to.
    async fn add_stops(&self, numbers: &[Msisdn], now: Timestamp) -> Result<()>;

    /// Takes a number off it; whether it was on it.
    async fn remove_stop(&self, number: &Msisdn) -> Result<bool>;

    /// The whole list, with since when.
    async fn stops(&self) -> Result<Vec<(Msisdn, Timestamp)>>;

    /// Keeps a new key. Conflict when a living one has its name.
    async fn create_token(&self, new: TokenRow) -> Result<()>;

    /// All keys, revoked ones too, oldest first.
    async fn tokens(&self) -> Result<Vec<TokenRow>>;

    /// Takes a key back; again changes nothing.
    async fn revoke_token(&self, id: TokenId, now: Timestamp) -> Result<TokenRow>;

    /// A key was used.
    async fn token_used(&self, id: TokenId, now: Timestamp) -> Result<()>;

    /// Forwards that are due, oldest first, but for those by the keys in `busy`. Of one message only the first that has not ended is ever due: its reports are handed
    /// on in the order in which they came, however long one is put off.
    async fn forwards_due(&self, now: Timestamp, busy: &[TokenId], limit: usize) -> Result<Vec<ForwardRow>>;

    /// When the earliest of those is due.
    async fn next_forward(&self, busy: &[TokenId]) -> Result<Option<Timestamp>>;

    /// What came of one.
    async fn forwarded(&self, id: i64, outcome: Forwarded, now: Timestamp) -> Result<()>;

    /// Entries of an account's books after a number, in order.
    async fn ledger(&self, account: AccountId, after: i64, limit: usize) -> Result<Vec<LedgerRow>>;

    /// What is wrong with the books as a whole, each a sentence: rows of owners that are no account, sides that are missing, a sum that is not zero. Empty when nothing is.
    async fn ledger_strays(&self) -> Result<Vec<String>>;

    /// What is kept beside them, all of one instant: entries after the head's number are newer.
    async fn ledger_head(&self, account: AccountId) -> Result<LedgerHead>;

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
