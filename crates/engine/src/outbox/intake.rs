//! From a draft to messages on disk: read, segmented, priced, numbered, and written in one transaction.

use std::collections::HashSet;
use std::sync::Arc;

use salio_domain::ids::BatchId;
use salio_domain::message::{MAX_NUMERIC_SENDER, MAX_REFERENCE, MAX_SEGMENTS, MAX_SENDER, MessageState, Priority, control_in, sender_fits};
use salio_domain::pricing::Price;
use salio_domain::segments::{Encoding, Segmented, segment};
use salio_domain::{AccountId, MessageId, Msisdn, Timestamp, Units};
use salio_store::{Acceptance, IdempotencyKey, NewMessage, NewMessages, Replay, Store, StoreError};
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::hub::{Event, Hub, MessageEvent};

/// Recipients of one request at most; longer lists go through the bulk route.
pub const MAX_RECIPIENTS: usize = 10_000;

/// What a caller wants sent.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// One or many numbers, as people write them.
    pub to: Vec<String>,
    /// The text.
    pub text: String,
    /// The sender; else the account's.
    pub from: Option<String>,
    /// Slug or id; needed only with several accounts and no default.
    pub account: Option<String>,
    /// Not before.
    pub send_at: Option<Timestamp>,
    /// Not after.
    pub valid_until: Option<Timestamp>,
    /// Who goes first.
    pub priority: Option<Priority>,
    /// The caller's own word for it.
    pub reference: Option<String>,
}

/// An idempotency key as the caller sent it.
pub type Key = IdempotencyKey;

/// A message that is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedMessage {
    /// Its id.
    pub id: MessageId,
    /// The recipient.
    pub to: Msisdn,
    /// How it travels.
    pub encoding: Encoding,
    /// Parts on the air.
    pub segments: u32,
    /// What it should cost.
    pub charge: Units,
    /// Where it is.
    pub state: MessageState,
}

/// A recipient that was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedRecipient {
    /// Its place in the list.
    pub index: usize,
    /// As it was given.
    pub to: String,
    /// Stable word.
    pub code: &'static str,
    /// For people.
    pub detail: String,
}

/// What was accepted together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Set when a list was given.
    pub batch: Option<BatchId>,
    /// In the order of the list.
    pub messages: Vec<AcceptedMessage>,
    /// The others.
    pub rejected: Vec<RejectedRecipient>,
    /// The sum.
    pub charge: Units,
}

/// What is wrong with a draft.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct DraftError {
    /// Stable word.
    pub code: &'static str,
    /// For people, with the way to mend it.
    pub detail: String,
}

/// Why nothing was accepted.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AcceptError {
    /// The draft is wrong as a whole.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// No recipient can be sent to.
    #[error("no recipient can be sent to")]
    NoneValid(Vec<RejectedRecipient>),
    /// The key was used with another body.
    #[error("this Idempotency-Key was used with another body")]
    KeyReused,
    /// The database failed; nothing was accepted.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the intake knows of an account.
#[derive(Clone, Debug)]
pub(crate) struct IntakeAccount {
    pub id: AccountId,
    pub slug: String,
    pub sender_id: Option<String>,
    pub default_country: String,
    pub default: bool,
    pub dispatcher: Arc<Notify>,
}

/// Accepts messages.
#[derive(Clone)]
pub struct Intake {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) hub: Hub,
    pub(crate) clock: Clock,
    pub(crate) entropy: Arc<Entropy>,
    pub(crate) accounts: Arc<Vec<IntakeAccount>>,
}

fn wrong(code: &'static str, detail: impl Into<String>) -> DraftError {
    DraftError { code, detail: detail.into() }
}

impl Intake {
    /// Accepts a draft durably: when this returns `Ok`, the messages are on disk. `render` makes the answer that is kept under the key;
    /// under a key used before with the same body that first answer comes back.
    ///
    /// # Errors
    /// When the draft is wrong, no recipient is left, the key was used otherwise, or the database failed; nothing was accepted then.
    pub async fn accept(&self, draft: Draft, list: bool, key: Option<Key>, render: impl Fn(&Accepted) -> String + Send) -> Result<String, AcceptError> {
        let now = self.clock.now();
        let account = self.account(draft.account.as_deref())?.clone();
        let snapshot = self.hub.latest(account.id).ok_or(StoreError::NotFound { what: "account" })?;
        let price = Price { per_segment: snapshot.price.per_segment, source: snapshot.price.source };
        let common = self.common(&draft, &account, &price, now)?;
        let (messages, rejected) = self.recipients(&draft, &common, &account, now);
        if messages.is_empty() {
            return Err(AcceptError::NoneValid(rejected));
        }
        let batch = list.then(|| BatchId::from_raw(self.entropy.id(now)));
        let accepted = Accepted { batch, charge: messages.iter().map(|message| message.charge).sum(), messages: messages.iter().map(|m| self.shown(m, now)).collect(), rejected };
        let answer = render(&accepted);
        let idempotency = key.map(|key| (key, answer.clone()));
        match self.store.accept(NewMessages { account: account.id, batch, messages, price_id: snapshot.price.id, idempotency, now }).await? {
            Acceptance::Accepted(snapshot) => {
                self.hub.publish(*snapshot);
                account.dispatcher.notify_one();
                self.tell(&account, &accepted, now);
                Ok(answer)
            }
            Acceptance::Replayed(Replay::Same(first)) => Ok(first),
            Acceptance::Replayed(Replay::OtherBody) => Err(AcceptError::KeyReused),
        }
    }

    /// What a draft would take, without accepting it: text, price and the first recipient that cannot be sent to.
    ///
    /// # Errors
    /// When the draft is wrong.
    pub fn quote(&self, draft: &Draft) -> Result<(AccountId, Segmented, Units), DraftError> {
        let account = self.account(draft.account.as_deref())?;
        let price = self.hub.latest(account.id).map_or(Price::ASSUMED, |snapshot| Price { per_segment: snapshot.price.per_segment, source: snapshot.price.source });
        let segmented = segmented(&draft.text)?;
        Ok((account.id, segmented, charge(&price, segmented.segments)?))
    }

    /// The account a word stands for: slug or id; without a word the only one, or the default.
    ///
    /// # Errors
    /// When there is none, or it is not clear which.
    pub(crate) fn account(&self, word: Option<&str>) -> Result<&IntakeAccount, DraftError> {
        let accounts = self.accounts.as_slice();
        match (word, accounts) {
            (_, []) => Err(wrong("no_account", "No account is configured yet. Set ONFON_API_KEY and ONFON_CLIENT_ID in .env and restart.")),
            (Some(word), _) => accounts
                .iter()
                .find(|account| account.slug == word || account.id.to_string() == word)
                .ok_or_else(|| wrong("unknown_account", format!("There is no account {word:?}. The accounts are: {}.", self.slugs()))),
            (None, [only]) => Ok(only),
            (None, _) => accounts
                .iter()
                .find(|account| account.default)
                .ok_or_else(|| wrong("account_needed", format!("There are several accounts and none is the default: name one of {} in \"account\".", self.slugs()))),
        }
    }

    fn slugs(&self) -> String {
        self.accounts.iter().map(|account| account.slug.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn common(&self, draft: &Draft, account: &IntakeAccount, price: &Price, now: Timestamp) -> Result<Common, DraftError> {
        let segmented = segmented(&draft.text)?;
        let sender = draft
            .from
            .clone()
            .or_else(|| account.sender_id.clone())
            .ok_or_else(|| wrong("sender_missing", format!("The account {} has no sender_id: name an approved sender in \"from\", or set ONFON_SENDER_ID.", account.slug)))?;
        if !sender_fits(&sender) {
            return Err(wrong("sender_invalid", format!("{sender:?} cannot be a sender: at most {MAX_SENDER} visible ASCII characters, or up to {MAX_NUMERIC_SENDER} digits.")));
        }
        if draft.reference.as_ref().is_some_and(|reference| reference.len() > MAX_REFERENCE) {
            return Err(wrong("reference_too_long", format!("A reference has at most {MAX_REFERENCE} bytes.")));
        }
        if draft.to.len() > MAX_RECIPIENTS {
            return Err(wrong("too_many_recipients", format!("One request takes at most {MAX_RECIPIENTS} recipients; this one has {}.", draft.to.len())));
        }
        if draft.valid_until.is_some_and(|until| until <= now || draft.send_at.is_some_and(|at| at >= until)) {
            return Err(wrong("valid_until_passed", "\"valid_until\" must lie in the future and after \"send_at\"."));
        }
        Ok(Common { charge: charge(price, segmented.segments)?, segmented, sender })
    }

    fn recipients(&self, draft: &Draft, common: &Common, account: &IntakeAccount, now: Timestamp) -> (Vec<NewMessage>, Vec<RejectedRecipient>) {
        let mut seen = HashSet::new();
        let (mut messages, mut rejected) = (Vec::with_capacity(draft.to.len()), Vec::new());
        for (index, to) in draft.to.iter().enumerate() {
            let refuse = |code, detail: String| RejectedRecipient { index, to: to.clone(), code, detail };
            match Msisdn::parse(to, &account.default_country) {
                Err(error) => rejected.push(refuse("invalid_number", format!("{error}."))),
                Ok(number) if !seen.insert(number.clone()) => rejected.push(refuse("duplicate", format!("{number} stands in this list already."))),
                Ok(number) => messages.push(self.message(draft, common, number, now)),
            }
        }
        (messages, rejected)
    }

    fn message(&self, draft: &Draft, common: &Common, to: Msisdn, now: Timestamp) -> NewMessage {
        NewMessage {
            id: MessageId::from_raw(self.entropy.id(now)),
            to,
            text: draft.text.clone(),
            sender: common.sender.clone(),
            encoding: common.segmented.encoding,
            segments: common.segmented.segments,
            charge: common.charge,
            priority: draft.priority.unwrap_or(Priority::Normal),
            reference: draft.reference.clone(),
            send_at: draft.send_at,
            valid_until: draft.valid_until,
        }
    }

    fn shown(&self, message: &NewMessage, now: Timestamp) -> AcceptedMessage {
        let state = if message.send_at.is_some_and(|at| at > now) { MessageState::Scheduled } else { MessageState::Queued };
        AcceptedMessage { id: message.id, to: message.to.clone(), encoding: message.encoding, segments: message.segments, charge: message.charge, state }
    }

    fn tell(&self, account: &IntakeAccount, accepted: &Accepted, now: Timestamp) {
        if !self.hub.is_heard() {
            return;
        }
        for message in &accepted.messages {
            self.hub.tell(Event::Message(Arc::new(MessageEvent { account: account.id, id: message.id, to: message.to.clone(), state: message.state, cause: None, at: now })));
        }
    }
}

struct Common {
    segmented: Segmented,
    charge: Units,
    sender: String,
}

fn segmented(text: &str) -> Result<Segmented, DraftError> {
    if let Some((place, control)) = control_in(text) {
        let code = u32::from(control);
        return Err(wrong("text_invalid", format!("Character {place} of \"text\" (counted from 0) is the control character U+{code:04X}; only line breaks and tabs can be sent.")));
    }
    if text.trim().is_empty() {
        return Err(wrong("text_missing", "\"text\" is empty."));
    }
    let segmented = segment(text);
    if segmented.segments > MAX_SEGMENTS {
        return Err(wrong("text_too_long", format!("The text takes {} segments; at most {MAX_SEGMENTS} are sent.", segmented.segments)));
    }
    Ok(segmented)
}

fn charge(price: &Price, segments: u32) -> Result<Units, DraftError> {
    price.charge(segments).ok_or_else(|| wrong("price_too_large", "The price of this text is beyond what can be counted."))
}
