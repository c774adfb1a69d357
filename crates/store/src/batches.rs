//! Records of batches and of the streams that fill them.

use salio_domain::admission::{OnShort, Short, SpendingRules};
use salio_domain::ids::{BatchId, TokenId};
use salio_domain::message::{MessageState, Priority};
use salio_domain::{AccountId, MessageId, Timestamp, Units};

use crate::{AccountSnapshot, NewMessage};

/// Where a batch is, as stored. `done` is derived: running, and nothing of it waits or is being submitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BatchState {
    /// Its stream has not ended: nothing of it is sent.
    Receiving,
    /// Released.
    Running,
    /// A person stopped it.
    Paused,
    /// Taken back.
    Cancelled,
    /// Not accepted: the credit did not cover it.
    Refused,
}

/// How it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BatchSource {
    /// One request with a list.
    List,
    /// A stream of CSV.
    Csv,
    /// A stream of NDJSON.
    Ndjson,
}

macro_rules! words {
    ($name:ident { $($variant:ident = $word:literal,)* }) => {
        impl $name {
            /// The stable word.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $word,)* } }
            /// What a stored or given word stands for.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> { match word { $($word => Some(Self::$variant),)* _ => None } }
        }
    };
}

words! { BatchState { Receiving = "receiving", Running = "running", Paused = "paused", Cancelled = "cancelled", Refused = "refused", } }
words! { BatchSource { List = "list", Csv = "csv", Ndjson = "ndjson", } }

/// How many messages of a batch are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StateCounts([i64; MessageState::ALL.len()]);

impl StateCounts {
    /// How many are in this state.
    #[must_use]
    pub fn get(&self, state: MessageState) -> i64 {
        self.0.get(state as usize).copied().unwrap_or_default()
    }

    /// So many more; negative for fewer.
    pub fn add(&mut self, state: MessageState, count: i64) {
        if let Some(slot) = self.0.get_mut(state as usize) {
            *slot += count;
        }
    }

    /// Those that have not left: scheduled, queued, submitting.
    #[must_use]
    pub fn waiting(&self) -> i64 {
        MessageState::ALL.iter().filter(|state| !state.has_left()).map(|state| self.get(*state)).sum()
    }
}

/// A batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchRow {
    /// Its id.
    pub id: BatchId,
    /// Who pays.
    pub account: AccountId,
    /// Where it is.
    pub state: BatchState,
    /// Why it is there: `person`, `abandoned`, `insufficient_balance`.
    pub cause: Option<String>,
    /// How it came.
    pub source: BatchSource,
    /// What a person called it.
    pub name: Option<String>,
    /// Who goes first.
    pub priority: Priority,
    /// Whose key sent it.
    pub token: Option<TokenId>,
    /// Lines that carried something; recipients of a list.
    pub lines: i64,
    /// Accepted.
    pub messages: i64,
    /// Refused lines, duplicates included.
    pub refused: i64,
    /// Of them, repeats of a number with the same text.
    pub duplicates: i64,
    /// The sum over the accepted.
    pub charge: Units,
    /// Released in part: how many of the first messages the balance covered, and their charge; none for a whole batch.
    pub covered: Option<(i64, Units)>,
    /// Of the charge, what was begun and not voided.
    pub spent: Units,
    /// By state.
    pub counts: StateCounts,
    /// When its first line came.
    pub created_at: Timestamp,
    /// When anything of it changed.
    pub updated_at: Timestamp,
    /// When it was released.
    pub released_at: Option<Timestamp>,
    /// When its first submission began.
    pub begun_at: Option<Timestamp>,
    /// When nothing of it waited any more.
    pub ended_at: Option<Timestamp>,
}

impl BatchRow {
    /// Whether nothing of it waits any more.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.state == BatchState::Running && self.counts.waiting() == 0
    }
}

/// Which batches.
#[derive(Clone, Debug, Default)]
pub struct BatchFilter {
    /// Of this account.
    pub account: Option<AccountId>,
    /// Shown as this: a stored state's word or `done` (then `running` means not done).
    pub state: Option<String>,
    /// Older than this one (the cursor).
    pub before: Option<BatchId>,
    /// At most so many.
    pub limit: usize,
}

/// A stream begins, or begins again.
#[derive(Clone, Debug)]
pub struct OpenStream {
    /// The id, if it is a new one.
    pub id: BatchId,
    /// Who pays.
    pub account: AccountId,
    /// CSV or NDJSON.
    pub source: BatchSource,
    /// What a person called it.
    pub name: Option<String>,
    /// Who goes first.
    pub priority: Priority,
    /// Whose key sent it.
    pub token: Option<TokenId>,
    /// Scope and key, where one was given.
    pub key: Option<(String, String)>,
    /// When.
    pub now: Timestamp,
}

/// Where a stream stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamOpening {
    /// New: everything is staged.
    New(StreamPlace),
    /// It broke before: what comes again is compared, and only what follows is staged.
    Resumed(StreamPlace),
    /// It was accepted before: what comes again is compared, then the first answer is told.
    Accepted(Box<BatchRow>, StreamPlace),
}

/// How far a stream has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamPlace {
    /// Its batch.
    pub batch: i64,
    /// Who may stage.
    pub epoch: i64,
    /// Blocks staged.
    pub blocks: i64,
    /// Digest over everything staged.
    pub digest: Option<[u8; 32]>,
}

/// A block of lines.
#[derive(Clone, Debug)]
pub struct Block {
    /// Of this batch.
    pub batch: BatchId,
    /// Who stages.
    pub epoch: i64,
    /// Its place: one more than the blocks staged.
    pub block: i64,
    /// Digest over everything up to its end.
    pub digest: [u8; 32],
    /// Lines in it that carried something.
    pub lines: i64,
    /// Accepted ones.
    pub messages: Vec<NewMessage>,
    /// The others.
    pub errors: Vec<LineError>,
    /// When.
    pub now: Timestamp,
}

/// A line that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineError {
    /// From 1, as an editor counts.
    pub line: i64,
    /// Which column or member; empty for the line as a whole.
    pub field: String,
    /// Stable word.
    pub code: String,
    /// For people.
    pub detail: String,
    /// What was given, shortened.
    pub given: String,
}

/// The stream has ended.
#[derive(Clone, Debug)]
pub struct Release {
    /// Of this batch.
    pub batch: BatchId,
    /// Who stages.
    pub epoch: i64,
    /// How far the balance may go.
    pub rules: SpendingRules,
    /// What happens when it does not reach.
    pub on_short: OnShort,
    /// When.
    pub now: Timestamp,
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum Released {
    /// It will be sent; in part, with `on_short = partial`, where the rest is being taken back.
    Running(Box<BatchRow>, Box<AccountSnapshot>),
    /// The credit does not cover it: it is `refused`, and its key is free again.
    Short(Short),
    /// No line could be accepted: it is `refused` (cause `none_valid`), and its key is free again.
    Empty(Box<BatchRow>),
}

/// What a person wants of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchOrder {
    /// Stop beginning its messages.
    Pause,
    /// Go on.
    Resume,
    /// Take back what has not left.
    Cancel,
}

/// What housekeeping did.
#[derive(Clone, Debug, Default)]
pub struct Swept {
    /// Messages that moved, with their new states.
    pub messages: Vec<(MessageId, MessageState)>,
    /// Batches that changed.
    pub batches: Vec<BatchId>,
    /// Accounts that changed.
    pub snapshots: Vec<AccountSnapshot>,
    /// There is more to do.
    pub more: bool,
}
