//! The channels there are, and the forms of notification that they carry.
//!
//! Knows nothing of: how any of them works.

use crate::{Attempt, Chat, Event, Letter, Mail, Ntfy, Outcome, Slack, Telegram, Webhook};

/// One way to reach somebody, with all that it needs. Its `Debug` shows no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Channel {
    /// E-mail, by SMTP.
    Mail(Box<Mail>),
    /// A program, by Standard Webhooks.
    Webhook(Webhook),
    /// Slack, or what understands its incoming webhooks (Mattermost, Rocket.Chat, Discord with `/slack`).
    Slack(Slack),
    /// A Telegram chat.
    Telegram(Telegram),
    /// A topic of ntfy.
    Ntfy(Ntfy),
}

/// One notification, in the form that a channel carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// For e-mail.
    Letter(Letter),
    /// For chats: Slack, Telegram, ntfy.
    Chat(Chat),
    /// For programs.
    Event(Event),
}

/// A setting of a channel that cannot be used. Repeats nothing of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {why}")]
pub struct Invalid {
    /// The setting.
    pub field: &'static str,
    /// What is wrong with it, and what is allowed.
    pub why: String,
}

impl Invalid {
    pub(crate) fn new(field: &'static str, why: impl ToString) -> Self {
        Self { field, why: why.to_string() }
    }
}

impl Channel {
    /// A stable word: `email`, `webhook`, `slack`, `telegram`, `ntfy`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Mail(_) => "email",
            Self::Webhook(_) => "webhook",
            Self::Slack(_) => "slack",
            Self::Telegram(_) => "telegram",
            Self::Ntfy(_) => "ntfy",
        }
    }

    /// Where it goes, as far as that may be shown: receivers of letters, a host, a chat.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Mail(mail) => mail.shown(),
            Self::Webhook(webhook) => webhook.shown(),
            Self::Slack(slack) => slack.shown(),
            Self::Telegram(telegram) => telegram.shown(),
            Self::Ntfy(ntfy) => ntfy.shown(),
        }
    }
}

impl Notice {
    const fn form(&self) -> &'static str {
        match self {
            Self::Letter(_) => "a letter",
            Self::Chat(_) => "a chat message",
            Self::Event(_) => "an event",
        }
    }
}

/// Whoever renders notices mixed the forms up; trying again would do the same.
pub(crate) fn mismatch(channel: &Channel, notice: &Notice) -> Attempt {
    let detail = format!("{} cannot go by {}", notice.form(), channel.kind());
    Attempt::unanswered(Outcome::Refused { permanent: true, detail })
}
