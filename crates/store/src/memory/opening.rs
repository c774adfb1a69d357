//! A process starts: accounts of the configuration come in, and what the last process left unfinished is ended.
//!
//! Knows nothing of: what the configuration looks like.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use salio_domain::balance::{EndSums, Standing};
use salio_domain::ids::IdSource;
use salio_domain::message::MessageState;
use salio_domain::outbox::Pause;
use salio_domain::planted::{Mistake, planted};
use salio_domain::pricing::Price;
use salio_domain::{AccountId, MessageId, SubmissionId, Timestamp, Units};

use super::books::Books;
use super::journal::spent;
use super::messages::Move;
use super::rows::{Account, AskedEnd, Fingerprint};
use super::world::{World, fingerprint};
use crate::{AccountDef, AccountSnapshot, ActivityKind, BatchState, Result, StoredPrice};

impl World {
    pub fn open(&mut self, defs: &[AccountDef], now: Timestamp) -> Result<Vec<AccountSnapshot>> {
        let ids = self.find(defs, now);
        self.recover(now)?;
        for (id, def) in ids.iter().zip(defs) {
            self.configure(*id, def, now)?;
        }
        self.written = true;
        ids.into_iter().map(|id| self.account(id).map(Account::snapshot)).collect()
    }

    /// By slug, else by provider and client among the accounts that nobody named; else a new one.
    fn find(&mut self, defs: &[AccountDef], now: Timestamp) -> Vec<AccountId> {
        let by_slug: Vec<Option<AccountId>> = defs.iter().map(|def| self.accounts.values().find(|account| account.slug == def.slug).map(|account| account.id)).collect();
        let mut named: BTreeSet<AccountId> = by_slug.iter().flatten().copied().collect();
        let mut ids = Vec::new();
        for (def, found) in defs.iter().zip(by_slug) {
            let client = fingerprint(&def.client);
            let renamed =
                || self.accounts.values().find(|account| account.provider == def.provider && account.client == client && !named.contains(&account.id)).map(|account| account.id);
            let id = found.or_else(renamed).unwrap_or_else(|| self.create(def, now));
            named.insert(id);
            ids.push(id);
        }
        ids
    }

    /// What the configuration says of it. Other credentials make a refusal meaningless.
    fn configure(&mut self, id: AccountId, def: &AccountDef, now: Timestamp) -> Result<()> {
        let price = self.price(id, def.price);
        let prices = self.prices(id, &def.prices);
        let (client, credentials) = (fingerprint(&def.client), fingerprint(&def.credentials));
        for other in self.accounts.values_mut().filter(|other| other.provider == def.provider && other.client == client) {
            // Accounts may swap their clients: nobody else holds this one.
            other.client = Fingerprint::default();
        }
        let account = self.account_mut(id)?;
        account.slug.clone_from(&def.slug);
        account.provider.clone_from(&def.provider);
        (account.client, account.price, account.prices, account.standing.price_source) = (client, price, prices, price.source);
        // Turns are the last process's; a new one begins with the first lane.
        account.turns.clear();
        account.version = if planted(Mistake::VersionStartsOver) { 1 } else { account.version.max(now.micros()) + 1 };
        if std::mem::replace(&mut account.credentials, credentials) != credentials {
            account.standing.failure.take_if(|failure| failure.credentials);
            self.unpause(id, &[Pause::CredentialsRefused], now);
        }
        Ok(())
    }

    fn create(&mut self, def: &AccountDef, now: Timestamp) -> AccountId {
        let id = AccountId::from_raw(IdSource::new(self.last_id).next(now.millis(), 0));
        self.used(id.raw());
        let account = Account {
            id,
            slug: def.slug.clone(),
            provider: def.provider.clone(),
            client: fingerprint(&def.client),
            credentials: fingerprint(&def.credentials),
            version: 0,
            standing: Standing::new(def.price.source),
            form: None,
            quarantined: None,
            paused: None,
            stopped_at: None,
            held: None,
            prices: Arc::default(),
            // Replaced at once: number 0 is no price.
            price: StoredPrice { id: 0, per_segment: def.price.per_segment, source: def.price.source },
            seq: 0,
            questions: BTreeMap::new(),
            observations: Vec::new(),
            top_ups: Vec::new(),
            open: BTreeSet::new(),
            remembered: BTreeMap::new(),
            waiting: BTreeSet::new(),
            turns: BTreeMap::new(),
            books: Books::default(),
        };
        self.accounts.insert(id, account);
        id
    }

    /// The stored price, or a new one when it differs.
    fn price(&mut self, id: AccountId, price: Price) -> StoredPrice {
        let stored = self.accounts.get(&id).map(|account| account.price).filter(|stored| stored.id != 0);
        self.date(stored, price)
    }

    fn date(&mut self, stored: Option<StoredPrice>, price: Price) -> StoredPrice {
        let same = stored.filter(|stored| stored.per_segment == price.per_segment && stored.source == price.source);
        same.unwrap_or_else(|| {
            self.last_price += 1;
            StoredPrice { id: self.last_price, per_segment: price.per_segment, source: price.source }
        })
    }

    /// Prices of numbers that begin like this; what is not named any more has ended.
    fn prices(&mut self, id: AccountId, defs: &[(String, Price)]) -> Arc<Vec<(String, StoredPrice)>> {
        let stored: BTreeMap<String, StoredPrice> = self.accounts.get(&id).map(|account| account.prices.iter().cloned().collect()).unwrap_or_default();
        let dated: BTreeMap<String, StoredPrice> = defs.iter().map(|(prefix, price)| (prefix.clone(), self.date(stored.get(prefix).copied(), *price))).collect();
        Arc::new(dated.into_iter().collect())
    }

    /// Ends what the last process had begun.
    fn recover(&mut self, now: Timestamp) -> Result<()> {
        let begun: Vec<SubmissionId> = self.submissions.iter().filter(|(_, submission)| submission.open.ended.is_none()).map(|(id, _)| *id).collect();
        for submission in begun {
            self.end_in_doubt(submission, now)?;
        }
        for batch in self.batches.values_mut().filter(|batch| batch.row.state == BatchState::Receiving && batch.key.is_none()) {
            batch.give_up(BatchState::Cancelled, "abandoned", now);
        }
        for asked in self.accounts.values_mut().flat_map(|account| account.questions.values_mut()).filter(|asked| asked.end.is_none()) {
            asked.end = Some(AskedEnd { at: now, outcome: "abandoned", units: None, error_code: None, raw: None });
        }
        Ok(())
    }

    /// Nobody knows what became of a submission: its process ended.
    fn end_in_doubt(&mut self, id: SubmissionId, now: Timestamp) -> Result<()> {
        let resend = planted(Mistake::ResendAfterCrash);
        let Some(submission) = self.submissions.get_mut(&id) else { return Ok(()) };
        let account = self.accounts.get_mut(&submission.account).ok_or(super::world::missing("account"))?;
        let seq = account.draw();
        let charge = submission.charge;
        let (voided, doubtful, requeued) = if resend { (charge, Units::ZERO, charge) } else { (Units::ZERO, charge, Units::ZERO) };
        let left = submission.open.left();
        submission.voided = voided;
        let released = submission.open.end(seq, now, voided, doubtful);
        let messages = submission.messages.clone();
        let unknown = if resend { 0 } else { i64::try_from(messages.len()).unwrap_or(i64::MAX) };
        account.standing.end(seq, now, EndSums { released, requeued, unknown });
        if planted(Mistake::ChargeTwiceAfterCrash) {
            account.standing.pending = account.standing.pending.plus(charge);
        }
        if submission.open.left().is_zero() {
            account.open.remove(&id);
        }
        account.version += 1;
        let (owner, sender) = (account.id, submission.sender.clone());
        let resent: Vec<MessageId> = messages.iter().copied().filter(|message| self.doubts.contains_key(message)).collect();
        for message in messages {
            let state = if resend { MessageState::Queued } else { MessageState::Unknown };
            if let Some(message) = self.messages.get_mut(&message) {
                (message.due_at, message.not_before) = (now, None);
            }
            self.go(message, Move { submission: Some(id), ..Move::new(now, state, "process_ended") })?;
            if !resend {
                self.doubt(message, now)?;
            }
        }
        self.tell(spent(now, owner, ActivityKind::Unknown, left, unknown, &sender));
        for message in resent {
            self.fold_held(message, now)?;
        }
        Ok(())
    }
}
