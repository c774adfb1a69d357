//! What providers and phones told Salio: delivery reports and inbound messages, as they came.

use salio_engine::store;
use serde::Serialize;
use utoipa::ToSchema;

use super::{MessageState, Moment, ReportOutcome};

/// A delivery report.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Report {
    /// Its id.
    pub id: String,
    /// When it came.
    pub received_at: Moment,
    /// What it means.
    pub outcome: ReportOutcome,
    /// The provider's word.
    #[schema(example = "DELIVRD")]
    pub word: Option<String>,
    /// The provider's code, as it came.
    pub error_code: Option<String>,
    /// The recipient, as written.
    pub number: Option<String>,
    /// The message's text or its beginning, as echoed.
    pub text: Option<String>,
    /// When the network ended with it, as written.
    pub done_at: Option<String>,
    /// The provider's name of the message, as it came.
    pub provider_message_id: Option<String>,
    /// The whole call, without secrets.
    pub raw: String,
    /// The state that it brought its message to; null when it changed nothing.
    pub effect: Option<MessageState>,
}

impl From<store::ReportRow> for Report {
    fn from(row: store::ReportRow) -> Self {
        Self {
            id: row.id.to_string(),
            received_at: Moment(row.received_at),
            outcome: row.report.outcome.into(),
            word: row.report.word,
            error_code: row.report.error_code,
            number: row.report.number,
            text: row.report.text,
            done_at: row.report.done_at,
            provider_message_id: row.report.provider_message_id,
            raw: row.raw,
            effect: row.effect.map(Into::into),
        }
    }
}

/// A delivery report among others.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ListedReport {
    /// The report.
    #[serde(flatten)]
    pub report: Report,
    /// The slug of the account to whose address it came.
    pub account: String,
    /// The message that it is of; null when it is of none that Salio knows.
    pub message_id: Option<String>,
    /// Which of the provider's shapes it had.
    pub shape: String,
}

impl ListedReport {
    pub(crate) fn of(row: store::ReportRow, account: String) -> Self {
        Self { account, message_id: row.message.map(|id| id.to_string()), shape: row.shape.clone(), report: row.into() }
    }
}

/// One page of delivery reports.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reports {
    /// Newest first.
    pub reports: Vec<ListedReport>,
    /// Where the next page begins; null at the end.
    pub next_cursor: Option<String>,
}

/// A message from a phone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Inbound {
    /// Its id.
    pub id: String,
    /// The slug of the account to whose address it came.
    pub account: String,
    /// When it came.
    pub received_at: Moment,
    /// From whom, as written; empty when the call could not be read.
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

impl Inbound {
    pub(crate) fn of(row: store::InboundRow, account: String) -> Self {
        Self {
            id: row.id.to_string(),
            account,
            received_at: Moment(row.received_at),
            from: row.from,
            to: row.to,
            text: row.text,
            provider_message_id: row.provider_message_id,
            sent_at: row.sent_at,
            raw: row.raw,
        }
    }
}

/// One page of messages from phones.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InboundMessages {
    /// Newest first.
    pub messages: Vec<Inbound>,
    /// Where the next page begins; null at the end.
    pub next_cursor: Option<String>,
}
