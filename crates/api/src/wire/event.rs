//! Happenings as the event stream tells them. A `balance` event has the body of the balance route.

use salio_engine::hub;
use serde::Serialize;
use utoipa::ToSchema;

use super::{MessageState, Moment};

/// A message changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MessageEvent {
    /// Which.
    pub id: String,
    /// To whom.
    pub to: String,
    /// Where it is now.
    pub state: MessageState,
    /// The slug of its account.
    pub account: String,
    /// Why.
    pub cause: Option<String>,
    /// When.
    pub at: Moment,
}

impl MessageEvent {
    pub(crate) fn of(event: &hub::MessageEvent, account: String) -> Self {
        Self { id: event.id.to_string(), to: event.to.to_string(), state: event.state.into(), account, cause: event.cause.clone(), at: Moment(event.at) }
    }
}

/// How far a question to the provider is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefreshPhase {
    /// Being asked.
    Started,
    /// Answered with a figure.
    Done,
    /// No figure.
    Failed,
}

impl From<hub::RefreshPhase> for RefreshPhase {
    fn from(phase: hub::RefreshPhase) -> Self {
        match phase {
            hub::RefreshPhase::Started => Self::Started,
            hub::RefreshPhase::Done => Self::Done,
            hub::RefreshPhase::Failed => Self::Failed,
        }
    }
}

/// A question to the provider began or ended.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RefreshEvent {
    /// The slug.
    pub account: String,
    /// How far it is.
    pub phase: RefreshPhase,
}

/// Somebody should act.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AlertEvent {
    /// The slug.
    pub account: String,
    /// A stable word.
    pub code: String,
    /// For people.
    pub text: String,
}
