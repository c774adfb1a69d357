//! The week before: questions, answers, messages, two top-ups and an outage, written through the store as they would have been.
//!
//! Knows nothing of: SQL, the engine. The figures are the provider's own: it starts with some credit, each message costs it, so everything agrees.

mod past;
mod writing;

use std::sync::Arc;
use std::time::Duration;

use salio_domain::{AccountId, Timestamp, Units};
use salio_simulator::core::Micros;
use salio_store::{AccountDef, Store, StoreError};

use super::accounts::DemoAccount;
use super::dice::Dice;
use crate::failure::{Failure, Outcome};

use past::Past;

/// How far the history goes back.
const DAYS: u64 = 7;

/// Writes the history of accounts that have none, and gives their providers the credit it ends with.
pub async fn write(store: &Arc<dyn Store>, accounts: &[DemoAccount], seed: u64, now: Timestamp) -> Outcome {
    let failed = |error: StoreError| Failure::failed(format!("the sample history cannot be written: {error}; name an empty directory with --data-dir"));
    let start = now.before(Duration::from_hours(24 * DAYS));
    let defs: Vec<AccountDef> = accounts.iter().map(def).collect();
    let snapshots = store.open(&defs, start).await.map_err(failed)?;
    let mut writing = tokio::task::JoinSet::new();
    for (number, (account, snapshot)) in accounts.iter().zip(snapshots).enumerate() {
        // A directory that the user named may hold the history of an earlier demo: it goes on from there.
        if let Some(estimate) = snapshot.standing.estimate() {
            set_credit(account, estimate);
            continue;
        }
        let dice = Dice::new(seed, number as u64);
        let past = Past { flavour: account.flavour, start, now, account: snapshot.account, price_id: snapshot.price.id };
        writing.spawn(write_one(store.clone(), past, dice, number));
    }
    while let Some(written) = writing.join_next().await {
        let (number, credit) = written.map_err(|error| Failure::failed(error.to_string()))?.map_err(failed)?;
        accounts.get(number).into_iter().for_each(|account| set_credit(account, credit));
    }
    Ok(())
}

async fn write_one(store: Arc<dyn Store>, past: Past, dice: Dice, number: usize) -> Result<(usize, Units), StoreError> {
    let account: AccountId = past.account;
    let (events, credit) = past.events(dice, number);
    writing::write(store.as_ref(), account, events).await?;
    Ok((number, credit))
}

fn set_credit(account: &DemoAccount, credit: Units) {
    account.provider.with(|model, now| model.set_credit(now, Micros(credit.micros())));
}

/// As the engine will open it.
fn def(account: &DemoAccount) -> AccountDef {
    let options = &account.options;
    AccountDef {
        slug: options.slug.clone(),
        provider: options.provider.name().to_owned(),
        unit: options.unit.clone(),
        client: options.client.clone(),
        credentials: options.credentials.clone(),
        price: options.price,
        prices: options.prices.clone(),
    }
}
