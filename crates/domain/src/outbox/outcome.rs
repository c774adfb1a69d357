//! The four things that can have happened to a message handed to a provider. No vendor's words; no decision.

use serde::{Deserialize, Serialize};

/// What to do before the same message may be tried again after a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalClass {
    /// Never: the provider refuses this message for good.
    Permanent,
    /// After the account has been topped up.
    AfterTopUp,
    /// After a person has fixed the account (credentials, address list, account state).
    AfterFix,
    /// By itself: the whole call was refused for something that is wrong with one of its messages, and nobody said which.
    Alone,
}

/// A certain refusal: the message was not taken and will not be charged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Stable, ours, snake case: `out_of_credit`, `credentials_refused`, `sender_refused`, `number_refused`, `text_refused`, `refused`.
    pub code: String,
    /// The provider's own code, as it came, for the operator (`"021"`, `"401"`).
    pub provider_code: String,
    /// What may happen next.
    pub class: RefusalClass,
    /// Whether the whole account must stop sending until the cause is gone.
    pub stops_account: bool,
    /// The provider's text, shortened and without secrets, for the operator.
    pub text: String,
}

/// What happened to one recipient of a submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum RecipientOutcome {
    /// The provider took it and named it. Its names are not unique.
    Submitted {
        /// The provider's name of the message.
        provider_message_id: String,
    },
    /// The provider certainly refused it.
    Rejected(Refusal),
    /// It certainly did not arrive: no connection, DNS, TLS, or nothing written.
    NotSent {
        /// Why, stable and snake case: `connect_failed`, `dns_failed`, `tls_failed`.
        reason: String,
    },
    /// It may have arrived. Never sent again by itself.
    InDoubt {
        /// Why, stable and snake case: `timeout`, `connection_reset`, `http_status`, `unreadable_answer`, `missing_row`, `no_message_id`, `ambiguous_code`…
        reason: String,
        /// The provider's name of the message, where its doubtful answer held one: what comes under it is about this message.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider_message_id: Option<String>,
    },
}

impl RecipientOutcome {
    /// In doubt, and the provider named nothing.
    #[must_use]
    pub fn in_doubt(reason: &str) -> Self {
        Self::InDoubt { reason: reason.to_owned(), provider_message_id: None }
    }

    /// What the provider named the message, taken or in doubt.
    #[must_use]
    pub fn provider_message_id(&self) -> Option<&str> {
        match self {
            Self::Submitted { provider_message_id } => Some(provider_message_id),
            Self::InDoubt { provider_message_id, .. } => provider_message_id.as_deref(),
            Self::Rejected(_) | Self::NotSent { .. } => None,
        }
    }
}

/// What a driver reports of one submission: one outcome for each recipient, in the order of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmitOutcome {
    /// In the order of the request, exactly as many.
    pub recipients: Vec<RecipientOutcome>,
    /// What came back, shortened and without secrets, for the operator.
    pub raw: Option<String>,
}

impl SubmitOutcome {
    /// The same outcome for every one of `count` recipients.
    #[must_use]
    pub fn all(count: usize, outcome: &RecipientOutcome, raw: Option<String>) -> Self {
        Self { recipients: vec![outcome.clone(); count], raw }
    }
}
