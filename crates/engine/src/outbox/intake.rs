//! From a draft to messages on disk: read, segmented, priced, numbered, admitted, and written in one transaction.

use std::collections::HashSet;
use std::sync::Arc;

use salio_domain::admission::{OnShort, SpendingRules, admit};
use salio_domain::balance::Standing;
use salio_domain::ids::{BatchId, TokenId};
use salio_domain::message::Priority;
use salio_domain::segments::Segmented;
use salio_domain::{AccountId, MessageId, Msisdn, Timestamp, Units};
use salio_store::{Acceptance, AccountSnapshot, NewMessage, Replay, StoreError};

use super::draft::{AcceptError, Accepted, Draft, DraftError, Key, MAX_RECIPIENTS, Quote, RejectedRecipient};
use super::offer::Offer;
use super::prepare::{Common, Refusal, segmented};
use crate::shared::Shared;

/// Others may take what was left between two looks at it; after so many tries it is short.
const TRIES: usize = 5;

/// What the intake knows of an account.
#[derive(Clone, Debug)]
pub(crate) struct IntakeAccount {
    pub id: AccountId,
    pub slug: String,
    pub unit: String,
    pub sender_id: Option<String>,
    pub default_country: String,
    pub default: bool,
    pub spending: SpendingRules,
    pub on_short: Option<OnShort>,
}

/// How an offer is written.
pub(super) struct Admission<'a> {
    pub on_short: OnShort,
    pub token: Option<TokenId>,
    pub key: Option<Key>,
    /// The recipients as they were given.
    pub to: &'a [String],
    pub now: Timestamp,
}

/// Accepts messages; cheap to clone.
#[derive(Clone)]
pub struct Intake {
    pub(crate) shared: Arc<Shared>,
    pub(crate) accounts: Arc<Vec<IntakeAccount>>,
}

/// The account as new messages of a priority find it, as far as a snapshot tells: what goes behind them is no matter to those of the highest.
pub(crate) fn found_by(snapshot: &AccountSnapshot, priority: Priority) -> Standing {
    let mut standing = snapshot.standing.clone();
    if priority == Priority::High {
        standing.queued = Units::ZERO;
    }
    standing
}

pub(super) fn wrong(code: &'static str, field: &'static str, detail: impl Into<String>) -> DraftError {
    DraftError { code, field, detail: detail.into() }
}

impl Intake {
    /// Accepts a draft durably: when this returns `Ok`, the messages are on disk. `render` makes the answer that is kept under the key;
    /// under a key used before with the same body that first answer comes back. With `on_short` `refuse` or `partial` the balance is asked again before
    /// anything is refused for it, and the transaction that accepts decides.
    ///
    /// # Errors
    /// When the draft is wrong, no recipient is left, the balance does not cover it, the key was used otherwise, or the database failed; nothing was accepted then.
    pub async fn accept(&self, draft: Draft, list: bool, key: Option<Key>, render: impl Fn(&Accepted) -> String + Send) -> Result<String, AcceptError> {
        let now = self.shared.clock.now();
        let account = self.account(draft.account.as_deref())?;
        let on_short = draft.on_short.or(account.on_short).unwrap_or(if list { OnShort::Refuse } else { OnShort::Hold });
        let offer = self.offer(&draft, account, list, now)?;
        self.admit(account, offer, &Admission { on_short, token: draft.token, key, to: &draft.to, now }, render).await
    }

    /// Writes an offer, or what of it the balance covers. With `refuse` or `partial` the balance is asked again before anything is refused for it.
    pub(super) async fn admit(
        &self,
        account: &IntakeAccount,
        mut offer: Offer,
        admission: &Admission<'_>,
        render: impl Fn(&Accepted) -> String + Send,
    ) -> Result<String, AcceptError> {
        let &Admission { on_short, token, ref key, to, now } = admission;
        let whole = offer.charge();
        let (mut asked, mut available) = (false, Units::ZERO);
        for _ in 0..TRIES {
            let accepted = offer.accepted(now);
            let keep = key.clone().map(|key| (key, render(&accepted)));
            let answer = keep.as_ref().map_or_else(|| render(&accepted), |(_, answer)| answer.clone());
            let covered_by = (on_short != OnShort::Hold).then_some(account.spending);
            match self.shared.store.accept(offer.new_messages(account.id, token, covered_by, keep, now)).await? {
                Acceptance::Accepted(snapshot) => {
                    self.shared.accepted(*snapshot, &accepted, now);
                    return Ok(answer);
                }
                Acceptance::Replayed(Replay::Same(first)) => {
                    self.shared.wake_dispatchers();
                    return Ok(first);
                }
                Acceptance::Replayed(Replay::OtherBody) => return Err(AcceptError::KeyReused),
                Acceptance::Short(short) => available = short.available,
            }
            if !asked {
                asked = true;
                self.shared.ask_again(account.id).await;
            } else if on_short != OnShort::Partial || !offer.cut(available, to) {
                break;
            }
        }
        Err(short_of(account, whole, available))
    }

    /// What a draft would take, without accepting it: text, price for each recipient, and whether the balance as known covers it. What [`Intake::accept`] refuses is
    /// refused here too, but for a missing sender.
    ///
    /// # Errors
    /// When the draft is wrong.
    pub fn quote(&self, draft: &Draft) -> Result<Quote, DraftError> {
        let account = self.account(draft.account.as_deref())?;
        let snapshot = self.snapshot(account.id).map_err(|_| wrong("unknown_account", "account", "The account is not running."))?;
        let priority = draft.priority.unwrap_or(Priority::Normal);
        let common = Common::new(account, &snapshot, &self.shared.stops, priority, self.shared.clock.now());
        let segmented = segmented(&draft.text)?;
        // Whoever only asks what a text takes need not have a sender yet; one that is named must fit.
        draft.from.as_deref().map(|from| common.sender(Some(from))).transpose()?;
        common.reference(draft.reference.as_deref())?;
        bounded(draft)?;
        common.times(draft.send_at, draft.valid_until)?;
        let (recipients, rejected) = numbers(&draft.to, &common);
        let each = |number| common.charge(number, segmented.segments).map(|(charge, _)| charge);
        let charges: Vec<Units> = if draft.to.is_empty() { vec![each(None)?] } else { recipients.iter().map(|(_, number)| each(Some(number))).collect::<Result<_, _>>()? };
        let charge =
            charges.iter().copied().try_fold(Units::ZERO, Units::checked_add).ok_or_else(|| wrong("price_too_large", "text", "The charge is beyond what can be counted."))?;
        let short = admit(&found_by(&snapshot, priority), charge, priority, &account.spending).err();
        Ok(Quote { account: account.id, segmented, recipients: charges.len(), charge, rejected, short })
    }

    /// The account a word stands for: slug or id; without a word the only one, or the default.
    ///
    /// # Errors
    /// When there is none, or it is not clear which.
    pub(crate) fn account(&self, word: Option<&str>) -> Result<&IntakeAccount, DraftError> {
        let accounts = self.accounts.as_slice();
        match (word, accounts) {
            (_, []) => Err(wrong("no_account", "", "No account is configured yet. Set ONFON_API_KEY and ONFON_CLIENT_ID in .env and restart.")),
            (Some(word), _) => accounts
                .iter()
                .find(|account| account.slug == word || account.id.to_string() == word)
                .ok_or_else(|| wrong("unknown_account", "account", format!("There is no account {word:?}. The accounts are: {}.", self.slugs()))),
            (None, [only]) => Ok(only),
            (None, _) => accounts
                .iter()
                .find(|account| account.default)
                .ok_or_else(|| wrong("account_needed", "account", format!("There are several accounts and none is the default: name one of {} in \"account\".", self.slugs()))),
        }
    }

    /// What a request or a stream of this account has in common.
    pub(crate) fn common(&self, account: &IntakeAccount, priority: Priority, now: Timestamp) -> Result<Common, StoreError> {
        Ok(Common::new(account, &*self.snapshot(account.id)?, &self.shared.stops, priority, now))
    }

    fn snapshot(&self, account: AccountId) -> Result<Arc<AccountSnapshot>, StoreError> {
        self.shared.hub.latest(account).ok_or(StoreError::NotFound { what: "account" })
    }

    fn slugs(&self) -> String {
        self.accounts.iter().map(|account| account.slug.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// What can be accepted of a draft, and what cannot.
    fn offer(&self, draft: &Draft, account: &IntakeAccount, list: bool, now: Timestamp) -> Result<Offer, AcceptError> {
        let common = self.common(account, draft.priority.unwrap_or(Priority::Normal), now)?;
        let shape = Shape::of(draft, &common)?;
        let (recipients, rejected) = numbers(&draft.to, &common);
        if recipients.is_empty() {
            return Err(AcceptError::NoneValid(rejected));
        }
        let messages = recipients.into_iter().map(|(index, number)| Ok((index, self.message(draft, &common, &shape, number, now)?)));
        let messages: Vec<(usize, NewMessage)> = messages.collect::<Result<_, DraftError>>()?;
        let batch = list.then(|| BatchId::from_raw(self.shared.entropy.id(now)));
        Ok(Offer::new(batch, draft.to.len(), messages, rejected))
    }

    fn message(&self, draft: &Draft, common: &Common, shape: &Shape, to: Msisdn, now: Timestamp) -> Result<NewMessage, DraftError> {
        let (charge, price_id) = common.charge(Some(&to), shape.segmented.segments)?;
        Ok(NewMessage {
            id: MessageId::from_raw(self.shared.entropy.id(now)),
            to,
            text: draft.text.clone(),
            sender: shape.sender.clone(),
            encoding: shape.segmented.encoding,
            segments: shape.segmented.segments,
            charge,
            priority: draft.priority.unwrap_or(Priority::Normal),
            reference: draft.reference.clone(),
            send_at: draft.send_at,
            valid_until: draft.valid_until,
            price_id,
            line: None,
        })
    }
}

/// What all messages of a draft share: the text is segmented once.
struct Shape {
    segmented: Segmented,
    sender: String,
}

impl Shape {
    fn of(draft: &Draft, common: &Common) -> Result<Self, DraftError> {
        let segmented = segmented(&draft.text)?;
        let sender = common.sender(draft.from.as_deref())?.to_owned();
        common.reference(draft.reference.as_deref())?;
        bounded(draft)?;
        common.times(draft.send_at, draft.valid_until)?;
        Ok(Self { segmented, sender })
    }
}

fn bounded(draft: &Draft) -> Result<(), DraftError> {
    if draft.to.len() > MAX_RECIPIENTS {
        return Err(wrong("too_many_recipients", "to", format!("One request takes at most {MAX_RECIPIENTS} recipients; this one has {}.", draft.to.len())));
    }
    Ok(())
}

/// Who can be sent to, with their places; and the others. A number that stands twice is taken once.
fn numbers(to: &[String], common: &Common) -> (Vec<(usize, Msisdn)>, Vec<RejectedRecipient>) {
    let mut seen = HashSet::with_capacity(to.len());
    let (mut numbers, mut rejected) = (Vec::with_capacity(to.len()), Vec::new());
    for (index, written) in to.iter().enumerate() {
        let refuse = |code, detail| RejectedRecipient { index, to: written.clone(), code, detail };
        let read = common.number(written).and_then(|number| common.to_send_to(&number).map(|()| number));
        match read {
            Err(Refusal { code, detail, .. }) => rejected.push(refuse(code, detail)),
            Ok(number) if !seen.insert(number.clone()) => rejected.push(refuse("duplicate", format!("{number} stands in this list already."))),
            Ok(number) => numbers.push((index, number)),
        }
    }
    (numbers, rejected)
}

fn short_of(account: &IntakeAccount, charge: Units, available: Units) -> AcceptError {
    let short = salio_domain::admission::Short { charge, available, shortfall: charge.minus(available) };
    AcceptError::Short { short, account: account.slug.clone(), unit: account.unit.clone() }
}
