//! What a report makes of a message: one pure function for early, late, repeated and reordered reports alike. Final states absorb.

use super::ReportOutcome;
use crate::message::MessageState;
use crate::planted::{Mistake, planted};

/// A word of the provider's in a cause: longer ones are no words.
const LONGEST_WORD: usize = 40;

/// What becomes of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    /// The next state.
    pub state: MessageState,
    /// Stable word for the timeline: `report:delivrd`.
    pub cause: String,
    /// The message was in doubt and this is evidence that the provider took it: its doubtful charge becomes sure.
    pub taken: bool,
}

/// What a report makes of a message. None: nothing changes (the report is kept raw all the same). `resending`: it was in doubt and waits to be sent again.
#[must_use]
pub fn fold(state: MessageState, resending: bool, outcome: ReportOutcome, word: Option<&str>) -> Option<Folded> {
    let in_doubt = is_in_doubt(state, resending);
    let revived = planted(Mistake::FoldAfterFinal) && state.is_final();
    if !(in_doubt || state == MessageState::Sent || revived) {
        return None;
    }
    let next = match outcome {
        ReportOutcome::Delivered => MessageState::Delivered,
        ReportOutcome::Failed => MessageState::Undelivered,
        ReportOutcome::Pending if in_doubt => MessageState::Sent,
        ReportOutcome::Pending | ReportOutcome::Unmapped => return None,
    };
    Some(Folded { state: next, cause: cause(word), taken: in_doubt })
}

const fn is_in_doubt(state: MessageState, resending: bool) -> bool {
    matches!(state, MessageState::Unknown) || (matches!(state, MessageState::Queued) && resending)
}

fn cause(word: Option<&str>) -> String {
    let plain: String = word.unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).take(LONGEST_WORD).map(|c| c.to_ascii_lowercase()).collect();
    if plain.is_empty() { "report".to_owned() } else { format!("report:{plain}") }
}
