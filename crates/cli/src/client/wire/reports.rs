//! What came from providers and phones.

use serde::Deserialize;

/// A delivery report.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Report {
    /// To whose address it came.
    pub account: String,
    /// When.
    pub received_at: String,
    /// What it means.
    pub outcome: String,
    /// The provider's word.
    pub word: Option<String>,
    /// The provider's code.
    pub error_code: Option<String>,
    /// The recipient, as written.
    pub number: Option<String>,
    /// The provider's name of the message.
    pub provider_message_id: Option<String>,
    /// The message, where it is known.
    pub message_id: Option<String>,
    /// The whole call.
    pub raw: String,
    /// The state it brought its message to.
    pub effect: Option<String>,
}

/// A page of reports.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Reports {
    /// Newest first.
    pub reports: Vec<Report>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

/// A message from a phone.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Inbound {
    /// To whose address it came.
    pub account: String,
    /// When.
    pub received_at: String,
    /// From whom.
    pub from: String,
    /// To which number or word.
    pub to: Option<String>,
    /// The text.
    pub text: String,
}

/// A page of them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct InboundMessages {
    /// Newest first.
    pub messages: Vec<Inbound>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}
