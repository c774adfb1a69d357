//! Messages as they are listed and looked at.

use salio_engine::store;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Amount, Encoding, MessageState, Moment, Priority, Report};

/// A message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// The recipient: E.164 digits.
    #[schema(example = "254712345678")]
    pub to: String,
    /// The sender.
    pub from: Option<String>,
    /// The caller's own word for it.
    pub reference: Option<String>,
    /// Where it is.
    pub state: MessageState,
    /// Why it is there; while it waits, what holds it up now: `batch_receiving`, `batch_paused`, `batch_cancelled`, `account_paused`, `out_of_credit`,
    /// `credentials_refused`, `insufficient_balance`.
    pub cause: Option<String>,
    /// The slug of its account.
    pub account: String,
    /// How it travels.
    pub encoding: Encoding,
    /// Parts on the air.
    pub segments: u32,
    /// What it should cost.
    pub charge: Amount,
    /// Who goes first.
    pub priority: Priority,
    /// The batch it came in.
    pub batch_id: Option<String>,
    /// Its line in the stream it came in, from 1.
    pub line: Option<i64>,
    /// The network's latest word.
    pub report: Option<ReportWord>,
    /// Tries.
    pub attempts: u32,
    /// When it was accepted.
    pub created_at: Moment,
    /// When it last changed.
    pub updated_at: Moment,
    /// Not before.
    pub send_at: Option<Moment>,
    /// Not after.
    pub valid_until: Option<Moment>,
    /// When it is tried next, while it waits.
    pub next_try_at: Option<Moment>,
}

/// The network's word on a message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReportWord {
    /// As the provider wrote it.
    #[schema(example = "DELIVRD")]
    pub word: String,
    /// When it came.
    pub at: Moment,
}

impl Message {
    /// `waits`: what holds it up, seen now.
    pub(crate) fn of(row: store::MessageRow, account: String, waits: Option<&'static str>) -> Self {
        Self {
            id: row.id.to_string(),
            to: row.to.to_string(),
            from: Some(row.sender),
            reference: row.reference,
            state: row.state.into(),
            cause: waits.map(str::to_owned).or(row.cause),
            account,
            encoding: row.encoding.into(),
            segments: row.segments,
            charge: Amount(row.charge),
            priority: row.priority.into(),
            batch_id: row.batch.map(|batch| batch.to_string()),
            line: row.line,
            report: row.report.map(|(word, at)| ReportWord { word, at: Moment(at) }),
            attempts: row.attempts,
            created_at: Moment(row.created_at),
            updated_at: Moment(row.updated_at),
            send_at: row.send_at.map(Moment),
            valid_until: row.valid_until.map(Moment),
            next_try_at: row.next_try_at.map(Moment),
        }
    }
}

/// One page of messages, newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Messages {
    /// Newest first.
    pub messages: Vec<Message>,
    /// Where the next page begins; null at the end.
    pub next_cursor: Option<String>,
}

/// One step of a message's life.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Step {
    /// When.
    pub at: Moment,
    /// Where it went.
    pub state: MessageState,
    /// Why.
    pub cause: Option<String>,
    /// By which submission.
    pub submission_id: Option<String>,
}

/// A message with its life.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MessageDetail {
    /// The message.
    #[serde(flatten)]
    pub message: Message,
    /// The text.
    pub text: String,
    /// Oldest first.
    pub timeline: Vec<Step>,
    /// The provider's names of it.
    pub provider_message_ids: Vec<String>,
    /// Delivery reports of it, newest first, at most 100.
    pub reports: Vec<Report>,
}

impl MessageDetail {
    pub(crate) fn of(detail: store::MessageDetail, account: String, waits: Option<&'static str>, reports: Vec<store::ReportRow>) -> Self {
        let step = |step: store::Step| Step { at: Moment(step.at), state: step.state.into(), cause: step.cause, submission_id: step.submission.map(|id| id.to_string()) };
        Self {
            text: detail.row.text.clone(),
            message: Message::of(detail.row, account, waits),
            timeline: detail.timeline.into_iter().map(step).collect(),
            provider_message_ids: detail.provider_message_ids,
            reports: reports.into_iter().map(Into::into).collect(),
        }
    }
}

/// What a person says of a message in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// It was sent: its charge is sure.
    Sent,
    /// It was not sent, and will not be: its charge is voided.
    NotSent,
    /// Send it again. If the first one arrived as well, the phone has it twice and both are paid for.
    Resend,
}

impl From<Resolution> for store::Settlement {
    fn from(resolution: Resolution) -> Self {
        match resolution {
            Resolution::Sent => Self::Sent,
            Resolution::NotSent => Self::NotSent,
            Resolution::Resend => Self::Resend,
        }
    }
}

/// How a message in doubt is settled.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Resolve {
    /// What is known of it.
    pub r#as: Resolution,
}
