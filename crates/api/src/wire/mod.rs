//! What goes over the wire, in the words of the contract. Field names and words are promises; enums are open to new words.

mod account;
mod balance;
mod batch;
mod bulk;
mod event;
mod history;
mod ledger;
mod message;
mod new_message;
mod onfon;
mod quote;
mod report;
mod standing;
mod stop;
mod token;
mod words;

use salio_domain::{Timestamp, Units};
use serde::Serialize;
use utoipa::ToSchema;

pub use account::{Account, Accounts, Info};
pub use balance::{Balance, BalanceError, Question, Questions, Refreshed};
pub use batch::{Batch, BatchCounts, BatchState, Batches, LineError, LineErrors};
pub use bulk::BulkAccepted;
pub use event::{AlertEvent, MessageEvent, RefreshEvent, RefreshPhase};
pub use history::{Activities, Activity, ActivityKind, History, HistoryPoint, Tone, TopUp};
pub use ledger::{Ledger, LedgerBalances, LedgerEntry, LedgerFault, LedgerSeal, Verified, VerifiedAccount};
pub use message::{Message, MessageDetail, Messages, ReportWord, Resolution, Resolve, Step};
pub use new_message::{Accepted, AcceptedMany, NewMessage, RefusedRecipient, SendAnswer, To};
pub use onfon::OnfonRefresh;
pub(crate) use onfon::number;
pub use quote::{Forced, Quote, QuoteRequest, Short};
pub use report::{Inbound, InboundMessages, ListedReport, Report, Reports};
pub use standing::{Held, PauseCause, Paused};
pub use stop::{NewStops, Stop, StopList, Stopped, Unstopped};
pub use token::{CreatedToken, CreditsFormat, NewToken, Scope, Token, Tokens};
pub use words::{BalanceState, BatchSource, Encoding, Health, MessageState, OnShort, PriceSource, Priority, ReportOutcome};

/// Units: a decimal string with 2 to 6 fraction digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(value_type = String, example = "11376.50", pattern = r"^-?\d+\.\d{2,6}$")]
pub struct Amount(pub Units);

/// An instant: RFC 3339 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-11-22T08:05:00.123456Z")]
pub struct Moment(pub Timestamp);

/// A problem (RFC 9457). Further members depend on the code; `last` is the balance as it stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A page about this code.
    #[schema(example = "/docs/errors/out_of_calls")]
    pub r#type: String,
    /// The same words for every occurrence.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// A stable word.
    #[schema(example = "out_of_calls")]
    pub code: String,
    /// What is wrong here, and what helps.
    pub detail: String,
    /// The last known balance, where one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Balance>,
}
