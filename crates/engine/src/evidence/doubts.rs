//! The run loop for messages in doubt: looks them up where the provider has a list, and sends them again where the account's policy says so, once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use salio_domain::outbox::{OnUnknown, RESEND_AFTER, look_up_again_at, look_up_at, resend_at};
use salio_domain::{AccountId, MessageId, Timestamp};
use salio_provider::{Found, LookUp, LookUpError, Provider};
use salio_store::{DoubtRow, MessageDetail, Settle, Settlement, StoreError};
use tracing::{debug, error, info, warn};

use super::found::{Shown, shown};
use crate::shared::Shared;

/// Between two rounds; the first look-up is due two minutes after the doubt began.
const ROUND: Duration = Duration::from_secs(15);
/// Messages of one account that are looked up in a round; the driver bounds the calls.
const LOOKED_UP_AT_ONCE: usize = 200;
/// Reports looked at again in one round.
const MATCHED_AT_ONCE: usize = 1000;
/// Messages sent again in one round.
const RESENT_AT_ONCE: usize = 100;

/// What the store writes into the timeline of a message that is sent again.
const RESEND: &str = "resend";

/// One account's doubts.
pub(crate) struct Doubts {
    pub shared: Arc<Shared>,
    pub account: AccountId,
    pub provider: Arc<dyn Provider>,
    pub policy: OnUnknown,
    pub look_ups: bool,
}

/// Old enough to be sent again and left alone: until then, or for good.
type PassedOver = BTreeMap<MessageId, Option<Timestamp>>;

/// Runs until it is dropped.
pub(crate) async fn settle_doubts(doubts: Doubts) {
    let mut passed_over = PassedOver::new();
    loop {
        doubts.shared.clock.sleep(ROUND).await;
        if let Err(error) = doubts.round(&mut passed_over).await {
            error!(account = %doubts.account, %error, "messages in doubt cannot be settled; tried again soon");
        }
    }
}

/// A message that is asked for in this round.
struct Asked {
    doubt: DoubtRow,
    /// Its turn has come in the order of look-ups.
    due: bool,
    /// It is to be sent again if the provider knows nothing of it.
    resend: bool,
}

impl Doubts {
    async fn round(&self, passed_over: &mut PassedOver) -> Result<(), StoreError> {
        self.match_reports().await?;
        let resend = self.to_send_again(passed_over).await?;
        if self.look_ups {
            let asked = self.to_ask(resend).await?;
            return self.look_up(asked, passed_over).await;
        }
        for message in resend {
            self.send_again(message).await?;
        }
        Ok(())
    }

    /// Reports that came while a submission ran, and could not be told apart then.
    async fn match_reports(&self) -> Result<(), StoreError> {
        let now = self.shared.clock.now();
        for reported in self.shared.store.match_reports(self.account, now, MATCHED_AT_ONCE).await? {
            self.shared.reported(reported).await;
        }
        Ok(())
    }

    /// Those that the policy sends again now.
    async fn to_send_again(&self, passed_over: &mut PassedOver) -> Result<Vec<MessageId>, StoreError> {
        let now = self.shared.clock.now();
        if resend_at(self.policy, now, 0).is_none() {
            return Ok(Vec::new());
        }
        let old = self.shared.store.doubts_since(self.account, now.before(RESEND_AFTER), RESENT_AT_ONCE + passed_over.len()).await?;
        let known: BTreeSet<MessageId> = old.iter().copied().collect();
        passed_over.retain(|message, _| known.contains(message));
        let mut fresh = Vec::new();
        for message in old {
            let left_alone = passed_over.get(&message).is_some_and(|until| until.is_none_or(|until| until > now));
            if left_alone || fresh.len() == RESENT_AT_ONCE {
                continue;
            }
            if may_be_sent_again(&self.shared.store.message(message).await?, now) {
                fresh.push(message);
            } else {
                passed_over.insert(message, None);
            }
        }
        Ok(fresh)
    }

    /// Those whose look-up is due and those to be sent again, oldest first.
    async fn to_ask(&self, resend: Vec<MessageId>) -> Result<Vec<Asked>, StoreError> {
        let mut resend: BTreeSet<MessageId> = resend.into_iter().collect();
        let due = self.shared.store.doubts_to_look_up(self.account, self.shared.clock.now(), LOOKED_UP_AT_ONCE).await?;
        let mut asked: Vec<Asked> = due.into_iter().map(|doubt| Asked { resend: resend.remove(&doubt.message.id), due: true, doubt }).collect();
        for message in resend {
            let doubt = self.shared.store.doubt(message).await?;
            asked.extend(doubt.map(|doubt| Asked { doubt, due: false, resend: true }));
        }
        asked.sort_by_key(|asked| (asked.doubt.since, asked.doubt.message.id));
        Ok(asked)
    }

    /// All are asked for together, so that a driver can read its list once.
    async fn look_up(&self, asked: Vec<Asked>, passed_over: &mut PassedOver) -> Result<(), StoreError> {
        if asked.is_empty() {
            return Ok(());
        }
        let asks: Vec<LookUp> = asked.iter().map(|asked| ask(&asked.doubt)).collect();
        let answers = self.provider.look_up_all(&asks).await;
        // One row is one message: a name that was given to one of them is no other's.
        let mut given: Vec<String> = Vec::new();
        if let Some(error) = answers.iter().filter_map(|answer| answer.as_ref().err()).find(|error| matches!(error, LookUpError::Failed { .. })) {
            warn!(account = %self.account, provider = self.provider.name(), %error, "messages in doubt could not be looked up; tried again later");
        }
        for (mut asked, answer) in asked.into_iter().zip(answers) {
            asked.doubt.others.extend(given.iter().cloned());
            match answer {
                Ok(rows) => given.extend(self.compare(&asked, &rows, passed_over).await?),
                Err(LookUpError::NotReached) => {}
                Err(LookUpError::NotSupported) => self.never_found(&asked).await?,
                Err(error) => self.not_said(&asked, &error, passed_over).await?,
            }
        }
        Ok(())
    }

    /// What the provider's rows make of a message; the name that it turned out to have.
    async fn compare(&self, asked: &Asked, rows: &[Found], passed_over: &mut PassedOver) -> Result<Option<String>, StoreError> {
        let Asked { doubt, due, resend } = asked;
        let message = doubt.message.id;
        let shown = shown(doubt, rows);
        if let Shown::This(found) = shown {
            let name = if let Settlement::Found { provider_message_id, .. } = &found { Some(provider_message_id.clone()) } else { None };
            self.settle(doubt, found, "look_up").await?;
            return Ok(name);
        }
        debug!(%message, rows = rows.len(), "a look-up proved nothing");
        if *due {
            self.shared.store.looked_up(message, look_up_at(doubt.since, doubt.looked_up + 1)).await?;
        }
        match shown {
            Shown::Nothing if *resend => self.send_again(message).await?,
            _ if *resend => _ = passed_over.insert(message, look_up_again_at(doubt.since, self.shared.clock.now())),
            _ => {}
        }
        Ok(None)
    }

    /// This provider has no list.
    async fn never_found(&self, asked: &Asked) -> Result<(), StoreError> {
        if asked.due {
            self.shared.store.looked_up(asked.doubt.message.id, None).await?;
        }
        if asked.resend { self.send_again(asked.doubt.message.id).await } else { Ok(()) }
    }

    /// The provider did not say: that is no proof of anything, and nothing is sent again on it.
    async fn not_said(&self, asked: &Asked, error: &LookUpError, passed_over: &mut PassedOver) -> Result<(), StoreError> {
        let (message, again_at) = (asked.doubt.message.id, look_up_again_at(asked.doubt.since, self.shared.clock.now()));
        debug!(%message, %error, "not looked up");
        if asked.due {
            self.shared.store.look_up_failed(message, again_at).await?;
        }
        if asked.resend {
            passed_over.insert(message, again_at);
        }
        Ok(())
    }

    async fn send_again(&self, message: MessageId) -> Result<(), StoreError> {
        let settle = Settle { message, settlement: Settlement::Resend, by: "policy", idempotency: None, now: self.shared.clock.now() };
        match self.shared.settle(settle).await {
            Ok(_) => info!(%message, "a message in doubt is sent again, once"),
            // Evidence came meanwhile.
            Err(StoreError::Conflict { .. }) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    async fn settle(&self, doubt: &DoubtRow, settlement: Settlement, by: &'static str) -> Result<(), StoreError> {
        let settle = Settle { message: doubt.message.id, settlement, by, idempotency: None, now: self.shared.clock.now() };
        match self.shared.settle(settle).await {
            Ok(row) => info!(message = %row.id, state = row.state.as_str(), "the provider's list settled a message in doubt"),
            Err(StoreError::Conflict { .. }) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

/// Not past its time, and not once queued again and taken back: then it is in doubt as before, and what a person took back stays so.
fn may_be_sent_again(detail: &MessageDetail, now: Timestamp) -> bool {
    let in_time = detail.row.valid_until.is_none_or(|until| until > now);
    in_time && detail.timeline.iter().all(|step| step.cause.as_deref() != Some(RESEND))
}

fn ask(doubt: &DoubtRow) -> LookUp {
    LookUp {
        to: doubt.message.to.as_str().to_owned(),
        sender: doubt.message.sender.clone(),
        text: doubt.message.text.clone(),
        submitted_at: doubt.begun_at,
        provider_message_ids: doubt.provider_message_ids.clone(),
    }
}

#[cfg(test)]
#[path = "doubts_tests.rs"]
mod tests;
