//! Channels: each hands one notification over, once, and says what came of it.
//!
//! Knows nothing of: rules, when to notify, storage, retries, the clock. An outbox around it decides from an [`Attempt`] whether to try again.
//! No text that leaves this room holds a password, a token, or more of an address than its host.

mod channel;
mod chat;
mod mail;
mod notifier;
mod ntfy;
mod outcome;
mod ping;
mod plain;
mod post;
mod signature;
mod slack;
mod telegram;
mod webhook;

pub use channel::{Channel, Invalid, Notice};
pub use chat::Chat;
pub use mail::{Letter, Mail, MailSettings, MailTls};
pub use notifier::{DEFAULT_TIMEOUT, Notifier, Options};
pub use ntfy::Ntfy;
pub use outcome::{Attempt, Outcome};
pub use ping::Ping;
pub use salio_provider::Secret;
pub use salio_provider::http::{Guard, Method, Network, SetupError};
pub use signature::{BadSecret, Signed, SigningSecret, TOLERANCE, Unverified, sign, verify};
pub use slack::Slack;
pub use telegram::Telegram;
pub use webhook::{Event, Webhook};
