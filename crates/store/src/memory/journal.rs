//! Which happenings people are told of, and the pauses that are among them.
//!
//! Knows nothing of: where happenings are shown.

use salio_domain::balance::{Take, Verdict};
use salio_domain::outbox::Pause;
use salio_domain::{AccountId, Timestamp, Units};

use super::world::World;
use crate::{AccountSnapshot, Activity, ActivityKind, Result};

/// Who stopped it, where a person did.
const PERSON: &str = "person";

/// A happening without amount and messages.
pub(super) fn plain(at: Timestamp, account: AccountId, kind: ActivityKind, word: Option<String>) -> Activity {
    Activity { at, account, kind, amount: None, messages: 0, word }
}

const fn negative(amount: Units) -> Units {
    Units::from_micros(amount.micros().saturating_neg())
}

/// Something spent on messages.
pub(super) fn spent(at: Timestamp, account: AccountId, kind: ActivityKind, amount: Units, messages: i64, word: &str) -> Activity {
    Activity { at, account, kind, amount: Some(negative(amount)), messages, word: Some(word.to_owned()) }
}

/// A happening, and the top-up whose amount it shows as far as that is known by now.
pub(super) struct Entry {
    pub told: Activity,
    pub top_up: Option<usize>,
}

/// What an answer revealed; `seen` is the place of a new top-up.
pub(super) fn revealed(at: Timestamp, account: AccountId, take: &Take, was_settling: bool, seen: Option<usize>) -> Vec<Entry> {
    let moved = |kind, amount| Entry { told: Activity { amount: Some(amount), ..plain(at, account, kind, None) }, top_up: None };
    match take.verdict {
        Verdict::Agreed if was_settling => vec![moved(ActivityKind::Agreed, Units::ZERO)],
        Verdict::ToppedUp(top_up) => vec![Entry { top_up: seen, ..moved(ActivityKind::TopUp, top_up.low) }],
        Verdict::Fell { late, drift } => {
            let parts = [(ActivityKind::LateCharge, late), (ActivityKind::Drift, drift)];
            parts.into_iter().filter(|(_, amount)| !amount.is_zero()).map(|(kind, amount)| moved(kind, negative(amount))).collect()
        }
        Verdict::Older | Verdict::First | Verdict::Agreed | Verdict::Uncharged(_) => Vec::new(),
    }
}

impl World {
    pub fn tell(&mut self, told: Activity) {
        self.journal.push(Entry { told, top_up: None });
    }

    /// The latest, newest first.
    pub fn activity(&self, account: Option<AccountId>, limit: usize) -> Vec<Activity> {
        let own = self.journal.iter().rev().filter(|entry| account.is_none_or(|account| entry.told.account == account));
        own.take(limit).map(|entry| self.told(entry)).collect()
    }

    fn told(&self, entry: &Entry) -> Activity {
        let top_ups = self.accounts.get(&entry.told.account).map(|account| &account.top_ups);
        let known = top_ups.zip(entry.top_up).and_then(|(rows, place)| rows.get(place)).map(|row| row.amount.low);
        Activity { amount: known.or(entry.told.amount), ..entry.told.clone() }
    }

    /// Stops sending, unless it has stopped already: the first cause stays.
    pub fn pause(&mut self, id: AccountId, pause: Pause, now: Timestamp) {
        let Some(account) = self.accounts.get_mut(&id).filter(|account| account.paused.is_none()) else { return };
        account.paused = Some((pause, now));
        self.tell(plain(now, id, ActivityKind::Paused, Some(pause.as_str().to_owned())));
    }

    /// Lets sending go on when it had stopped for one of `causes`.
    pub fn unpause(&mut self, id: AccountId, causes: &[Pause], now: Timestamp) {
        let Some(account) = self.accounts.get_mut(&id) else { return };
        let Some((pause, _)) = account.paused.take_if(|(pause, _)| causes.contains(pause)) else { return };
        self.tell(plain(now, id, ActivityKind::Resumed, Some(pause.as_str().to_owned())));
        self.hurry(id, now);
    }

    /// A person stops sending.
    pub fn stop(&mut self, id: AccountId, now: Timestamp) -> Result<AccountSnapshot> {
        let account = self.account_mut(id)?;
        if account.stopped_at.is_some() {
            return Ok(account.snapshot());
        }
        account.stopped_at = Some(now);
        self.tell(plain(now, id, ActivityKind::Paused, Some(PERSON.to_owned())));
        self.changed(id)
    }

    /// A person lets sending go on, whatever had stopped it; what waits for another try goes at once.
    pub fn resume(&mut self, id: AccountId, now: Timestamp) -> Result<AccountSnapshot> {
        if self.account_mut(id)?.stopped_at.take().is_some() {
            self.tell(plain(now, id, ActivityKind::Resumed, Some(PERSON.to_owned())));
        }
        self.unpause(id, &[Pause::OutOfCredit, Pause::CredentialsRefused], now);
        self.hurry(id, now);
        self.changed(id)
    }

    /// Clears a pause for lack of credit; what was tried keeps its time, so that an account that is refused again and again is not hammered.
    pub fn lift(&mut self, id: AccountId, now: Timestamp) {
        let Some(account) = self.accounts.get_mut(&id) else { return };
        let Some((Pause::OutOfCredit, at)) = account.paused else { return };
        if account.standing.may_spend_again(at) {
            account.paused = None;
            self.tell(plain(now, id, ActivityKind::Resumed, Some(Pause::OutOfCredit.as_str().to_owned())));
        }
    }
}
