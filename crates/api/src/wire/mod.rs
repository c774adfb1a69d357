//! What goes over the wire, in the words of the contract. Field names and words are promises; enums are open to new words.

mod account;
mod balance;
mod event;
mod history;
mod message;
mod new_message;
mod onfon;
mod words;

use salio_domain::{Timestamp, Units};
use serde::Serialize;
use utoipa::ToSchema;

pub use account::{Account, Accounts, Info};
pub use balance::{Balance, BalanceError, Question, Questions, Refreshed};
pub use event::{AlertEvent, MessageEvent, RefreshEvent, RefreshPhase};
pub use history::{Activities, Activity, ActivityKind, History, HistoryPoint, Tone, TopUp};
pub use message::{Message, MessageDetail, Messages, Step};
pub use new_message::{Accepted, AcceptedMany, Forced, NewMessage, OnShort, Quote, QuoteRequest, RefusedRecipient, SendAnswer, To};
pub use onfon::OnfonRefresh;
pub(crate) use onfon::number;
pub use words::{BalanceState, Encoding, Health, MessageState, Paused, PriceSource, Priority};

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
