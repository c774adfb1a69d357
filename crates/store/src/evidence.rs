//! Records of delivery reports, doubts, inbound messages, keys and forwards.

use salio_domain::ids::{InboundId, ReportId, TokenId};
use salio_domain::message::MessageState;
use salio_domain::report::DeliveryReport;
use salio_domain::{AccountId, MessageId, Timestamp, Units};

use crate::{AccountSnapshot, IdempotencyKey, MessageRow};

/// A delivery report as it came.
#[derive(Clone, Debug)]
pub struct NewReport {
    /// Its id.
    pub id: ReportId,
    /// To whose address it came.
    pub account: AccountId,
    /// When.
    pub received_at: Timestamp,
    /// Which of the vendor's shapes.
    pub shape: String,
    /// What it says.
    pub report: DeliveryReport,
    /// The whole call, without secrets.
    pub raw: String,
}

/// What came of a report.
#[derive(Clone, Debug, Default)]
pub struct Reported {
    /// The message it is of, as it is now; none while it is of none.
    pub message: Option<MessageRow>,
    /// Whether that message's state changed.
    pub changed: bool,
    /// The account afterwards, when it changed.
    pub snapshot: Option<AccountSnapshot>,
    /// It waits to be forwarded to a program.
    pub forwards: bool,
}

/// What came of the end of a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedSubmission {
    /// The account afterwards.
    pub account: AccountSnapshot,
    /// Reports that had come before wait to be forwarded to a program.
    pub forwards: bool,
}

/// What came of evidence about a message in doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The message, as it is now.
    pub message: MessageRow,
    /// The account afterwards.
    pub account: AccountSnapshot,
    /// Reports that had come before wait to be forwarded to a program.
    pub forwards: bool,
}

/// Reports of no message are looked at again for this long.
pub(crate) const LOOKED_AT_FOR: std::time::Duration = std::time::Duration::from_hours(24);

/// A report as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRow {
    /// Its id.
    pub id: ReportId,
    /// To whose address it came.
    pub account: AccountId,
    /// When.
    pub received_at: Timestamp,
    /// Which of the vendor's shapes.
    pub shape: String,
    /// What it says.
    pub report: DeliveryReport,
    /// The whole call, without secrets.
    pub raw: String,
    /// The message it is of.
    pub message: Option<MessageId>,
    /// The state it brought the message to; none when it changed nothing.
    pub effect: Option<MessageState>,
}

/// Which reports.
#[derive(Clone, Debug, Default)]
pub struct ReportFilter {
    /// To this account's address.
    pub account: Option<AccountId>,
    /// Of this message.
    pub message: Option<MessageId>,
    /// Of a known message, or of none.
    pub matched: Option<bool>,
    /// Older than this one (the cursor).
    pub before: Option<ReportId>,
    /// At most so many.
    pub limit: usize,
}

/// A message from a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboundRow {
    /// Its id.
    pub id: InboundId,
    /// To whose address it came.
    pub account: AccountId,
    /// When.
    pub received_at: Timestamp,
    /// From whom, as written.
    pub from: String,
    /// To which number or word.
    pub to: Option<String>,
    /// The text.
    pub text: String,
    /// The provider's name of it.
    pub provider_message_id: Option<String>,
    /// When it was sent, as written.
    pub sent_at: Option<String>,
    /// The whole call, without secrets.
    pub raw: String,
}

/// What evidence says of a message in doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// A person: it was sent.
    Sent,
    /// A person: it was not sent, and will not be.
    NotSent,
    /// A person or the policy: send it again. The first charge stays in doubt.
    Resend,
    /// The provider's list: it took the message under this name; with the state the list shows, if that says more than taken.
    Found {
        /// The provider's name of it.
        provider_message_id: String,
        /// `sent`, `delivered` or `undelivered`.
        state: MessageState,
    },
}

/// A message is settled.
#[derive(Clone, Debug)]
pub struct Settle {
    /// Which.
    pub message: MessageId,
    /// How.
    pub settlement: Settlement,
    /// Who says so, for the timeline: `person`, `policy`, `look_up`.
    pub by: &'static str,
    /// The key of the request that says it, and the answer to keep under it: the same request again settles nothing a second time.
    pub idempotency: Option<(IdempotencyKey, String)>,
    /// When.
    pub now: Timestamp,
}

/// A message in doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoubtRow {
    /// The message.
    pub message: MessageRow,
    /// Since when.
    pub since: Timestamp,
    /// When its doubtful submission began.
    pub begun_at: Timestamp,
    /// How often the provider was asked.
    pub looked_up: u32,
    /// Names of it that the provider has said.
    pub provider_message_ids: Vec<String>,
    /// The provider's names of other messages to the same number.
    pub others: Vec<String>,
}

/// A key that Salio issues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// Its id.
    pub id: TokenId,
    /// What a person called it.
    pub name: String,
    /// What it may do: `drop-in`.
    pub scope: String,
    /// Whose credit it spends.
    pub account: AccountId,
    /// Its client id, which is no secret.
    pub client_id: String,
    /// SHA-256 of its key.
    pub key_hash: [u8; 32],
    /// SHA-256 of its access key.
    pub access_hash: Option<[u8; 32]>,
    /// How it is told the balance: `ksh` or `plain`.
    pub credits_format: String,
    /// Where reports of its messages go.
    pub dlr_url: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was used last, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

/// A report on its way to a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForwardRow {
    /// Its number.
    pub id: i64,
    /// Whose.
    pub token: TokenId,
    /// Where to.
    pub url: String,
    /// Tries so far.
    pub attempts: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// The message.
    pub message: MessageRow,
    /// The report.
    pub report: ReportRow,
}

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forwarded {
    /// Taken.
    Done,
    /// Tried again then.
    Again(Timestamp),
    /// Given up.
    GivenUp,
}

/// The books of an account: one entry with its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerRow {
    /// The entry.
    pub entry: salio_domain::ledger::Entry,
    /// Its hash as stored.
    pub hash: salio_domain::ledger::Hash,
    /// From which to which side, as stored; none when a side is no ledger account of the owner's.
    pub sides: Option<(salio_domain::ledger::Purpose, salio_domain::ledger::Purpose)>,
    /// The word that stands where its kind should, when that is the word of none: somebody altered it, and the entry's kind is a stand-in.
    pub strange_kind: Option<String>,
}

/// What is kept beside the entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerHead {
    /// Number and hash of the last entry, as the account remembers them.
    pub head: (i64, salio_domain::ledger::Hash),
    /// The seals, by day.
    pub seals: Vec<salio_domain::ledger::Seal>,
    /// The balances, as the database keeps them.
    pub balances: salio_domain::ledger::Balances,
    /// What the submissions say is pending and in suspense: the books must say the same.
    pub submissions: (Units, Units),
}
