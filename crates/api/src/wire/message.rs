//! Messages as they are listed and looked at.

use salio_engine::store;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Amount, Encoding, MessageState, Moment, Priority};

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
    /// Why it is there.
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

impl Message {
    pub(crate) fn of(row: store::MessageRow, account: String) -> Self {
        Self {
            id: row.id.to_string(),
            to: row.to.to_string(),
            from: Some(row.sender),
            reference: row.reference,
            state: row.state.into(),
            cause: row.cause,
            account,
            encoding: row.encoding.into(),
            segments: row.segments,
            charge: Amount(row.charge),
            priority: row.priority.into(),
            batch_id: row.batch.map(|batch| batch.to_string()),
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
}

impl MessageDetail {
    pub(crate) fn of(detail: store::MessageDetail, account: String) -> Self {
        let step = |step: store::Step| Step { at: Moment(step.at), state: step.state.into(), cause: step.cause, submission_id: step.submission.map(|id| id.to_string()) };
        Self {
            text: detail.row.text.clone(),
            message: Message::of(detail.row, account),
            timeline: detail.timeline.into_iter().map(step).collect(),
            provider_message_ids: detail.provider_message_ids,
        }
    }
}
