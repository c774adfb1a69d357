//! The run loop for messages in doubt: looks them up where the provider has a list, and sends them again where the account's policy says so, once.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use salio_domain::outbox::{OnUnknown, RESEND_AFTER, look_up_at, resend_at};
use salio_domain::{AccountId, MessageId, Timestamp};
use salio_provider::{LookUp, LookUpError, Provider};
use salio_store::{DoubtRow, MessageDetail, Settle, Settlement, StoreError};
use tracing::{debug, error, info, warn};

use super::found::settlement;
use crate::shared::Shared;

/// Between two rounds; the first look-up is due two minutes after the doubt began.
const ROUND: Duration = Duration::from_secs(15);
/// Look-ups of one account in a round: far below what a provider allows in a second.
const LOOKED_UP_AT_ONCE: usize = 10;
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

/// Runs until it is dropped.
pub(crate) async fn settle_doubts(doubts: Doubts) {
    let mut passed_over = BTreeSet::new();
    loop {
        doubts.shared.clock.sleep(ROUND).await;
        let done = async {
            doubts.match_reports().await?;
            if doubts.look_ups {
                doubts.look_up().await?;
            }
            doubts.send_again(&mut passed_over).await
        };
        if let Err(error) = done.await {
            error!(account = %doubts.account, %error, "messages in doubt cannot be settled; tried again soon");
        }
    }
}

impl Doubts {
    /// Reports that came while a submission ran, and could not be told apart then.
    async fn match_reports(&self) -> Result<(), StoreError> {
        let now = self.shared.clock.now();
        for reported in self.shared.store.match_reports(self.account, now, MATCHED_AT_ONCE).await? {
            self.shared.reported(reported).await;
        }
        Ok(())
    }

    async fn look_up(&self) -> Result<(), StoreError> {
        let now = self.shared.clock.now();
        // One row is one message: a name that was given to one of them is no other's.
        let mut given: Vec<String> = Vec::new();
        for mut doubt in self.shared.store.doubts_to_look_up(self.account, now, LOOKED_UP_AT_ONCE).await? {
            let next = look_up_at(doubt.since, doubt.looked_up + 1);
            doubt.others.extend(given.iter().cloned());
            match self.provider.look_up(&ask(&doubt)).await {
                Ok(rows) => match settlement(&doubt, &rows) {
                    Some(found) => {
                        if let Settlement::Found { provider_message_id, .. } = &found {
                            given.push(provider_message_id.clone());
                        }
                        self.settle(&doubt, found, "look_up").await?;
                    }
                    None => {
                        debug!(message = %doubt.message.id, rows = rows.len(), "a look-up proved nothing");
                        self.shared.store.looked_up(doubt.message.id, next).await?;
                    }
                },
                Err(LookUpError::NotSupported) => self.shared.store.looked_up(doubt.message.id, None).await?,
                Err(error) => {
                    warn!(account = %self.account, provider = self.provider.name(), %error, "messages in doubt could not be looked up");
                    self.shared.store.looked_up(doubt.message.id, next).await?;
                    // What failed for one will fail for the others: they wait for the next round.
                    break;
                }
            }
        }
        Ok(())
    }

    /// `passed_over`: those that are old enough and that the policy leaves alone; looked at once.
    async fn send_again(&self, passed_over: &mut BTreeSet<MessageId>) -> Result<(), StoreError> {
        let now = self.shared.clock.now();
        if resend_at(self.policy, now, 0).is_none() {
            return Ok(());
        }
        let old = self.shared.store.doubts_since(self.account, now.before(RESEND_AFTER), RESENT_AT_ONCE + passed_over.len()).await?;
        let fresh: Vec<MessageId> = old.iter().copied().filter(|message| !passed_over.contains(message)).collect();
        let old: BTreeSet<MessageId> = old.into_iter().collect();
        passed_over.retain(|message| old.contains(message));
        for message in fresh {
            if !may_be_sent_again(&self.shared.store.message(message).await?, now) {
                passed_over.insert(message);
                continue;
            }
            let settle = Settle { message, settlement: Settlement::Resend, by: "policy", now };
            match self.shared.settle(settle).await {
                Ok(_) => info!(%message, "a message in doubt is sent again, once"),
                // Evidence came meanwhile.
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn settle(&self, doubt: &DoubtRow, settlement: Settlement, by: &'static str) -> Result<(), StoreError> {
        let settle = Settle { message: doubt.message.id, settlement, by, now: self.shared.clock.now() };
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
