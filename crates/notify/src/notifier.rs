//! Hands notifications over, each once.
//!
//! Knows nothing of: retries, storage, who asked for it.

use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use salio_provider::http::{Answer, Guard, NoAnswer, Outgoing, Outside, SetupError, Tls};

use crate::channel::mismatch;
use crate::mail::deliver;
use crate::post::{Manners, judge};
use crate::{Attempt, Channel, Chat, Event, Letter, Mail, Notice, Ntfy, Ping, Slack, Telegram, Webhook, ntfy, slack, telegram};

/// A receiver that takes longer has a problem of its own.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(15);

/// What holds for every channel.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which addresses may be connected to.
    pub guard: Guard,
    /// PEM text with the root certificates of a private authority, trusted beside those of the system.
    pub extra_roots: Option<String>,
    /// For a whole HTTP exchange. Mail servers take their time (some greet late on purpose): a letter has twice this until it may be handed over, and twice this for that.
    pub timeout: Duration,
}

impl Default for Options {
    /// Public addresses, the system's roots, [`DEFAULT_TIMEOUT`].
    fn default() -> Self {
        Self { guard: Guard::new(false, Vec::new()), extra_roots: None, timeout: DEFAULT_TIMEOUT }
    }
}

/// Hands notifications over. Cheap to clone.
#[derive(Clone)]
pub struct Notifier {
    http: Outside,
    pub(crate) tls: Arc<ClientConfig>,
    pub(crate) guard: Guard,
    pub(crate) timeout: Duration,
}

/// After these a chat service says the same again: wrong token, unknown chat, a text it cannot read.
const CHAT_PERMANENT: &[u16] = &[400, 401, 403, 404, 405, 410, 413];
/// Any other answer may be a receiver that is being repaired.
const WEBHOOK_PERMANENT: &[u16] = &[410];
/// Whoever watches for pings does not know this address (any more).
const PING_PERMANENT: &[u16] = &[404, 410];

impl Notifier {
    /// Reads the roots and makes the clients.
    ///
    /// # Errors
    /// When the extra roots cannot be read, or TLS or the client cannot be set up.
    pub fn new(options: Options) -> Result<Self, SetupError> {
        let tls = options.extra_roots.as_deref().map_or_else(Tls::from_system, Tls::from_system_and)?;
        let http = Outside::new(&tls, options.guard.clone(), options.timeout)?;
        Ok(Self { http, tls: tls.for_streams(), guard: options.guard, timeout: options.timeout })
    }

    /// Hands one notification over by any channel. A notice of a form that the channel cannot carry is refused for good.
    pub async fn send(&self, channel: &Channel, notice: &Notice) -> Attempt {
        match (channel, notice) {
            (Channel::Mail(mail), Notice::Letter(letter)) => self.letter(mail, letter).await,
            (Channel::Webhook(webhook), Notice::Event(event)) => self.event(webhook, event).await,
            (Channel::Slack(slack), Notice::Chat(chat)) => self.slack(slack, chat).await,
            (Channel::Telegram(telegram), Notice::Chat(chat)) => self.telegram(telegram, chat).await,
            (Channel::Ntfy(ntfy), Notice::Chat(chat)) => self.ntfy(ntfy, chat).await,
            (channel, notice) => mismatch(channel, notice),
        }
    }

    /// One letter to all receivers of a mail channel.
    pub async fn letter(&self, mail: &Mail, letter: &Letter) -> Attempt {
        deliver(self, mail, letter).await
    }

    /// One signed event to a webhook.
    pub async fn event(&self, webhook: &Webhook, event: &Event) -> Attempt {
        match webhook.request(event) {
            Ok(request) => judge(self.ask(request).await, &Manners { permanent: WEBHOOK_PERMANENT, words: &|_| None }),
            Err(attempt) => attempt,
        }
    }

    /// One message to a Slack-compatible webhook.
    pub async fn slack(&self, slack: &Slack, chat: &Chat) -> Attempt {
        let words = |body: &[u8]| slack::words(slack, body);
        judge(self.ask(slack.request(chat)).await, &Manners { permanent: CHAT_PERMANENT, words: &words })
    }

    /// One message to a Telegram chat.
    pub async fn telegram(&self, telegram: &Telegram, chat: &Chat) -> Attempt {
        let to = telegram.address();
        let answer = self.ask(telegram.request(&to, chat)).await.map(telegram::with_wait);
        let words = |body: &[u8]| telegram.words(body);
        judge(answer, &Manners { permanent: CHAT_PERMANENT, words: &words })
    }

    /// One message to a topic of ntfy.
    pub async fn ntfy(&self, ntfy: &Ntfy, chat: &Chat) -> Attempt {
        let words = |body: &[u8]| ntfy::words(ntfy, body);
        judge(self.ask(ntfy.request(chat)).await, &Manners { permanent: CHAT_PERMANENT, words: &words })
    }

    /// A sign of life to whoever watches for them.
    pub async fn ping(&self, ping: &Ping) -> Attempt {
        judge(self.ask(ping.request()).await, &Manners { permanent: PING_PERMANENT, words: &|_| None })
    }

    async fn ask(&self, request: Outgoing<'_>) -> Result<Answer, NoAnswer> {
        self.http.send(request).await
    }
}
