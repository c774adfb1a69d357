//! What goes on while a demo runs: a few batches at once and then one every minute or so, as the hour's calls of a real account allow; a top-up when credit is low, and now and then something goes wrong.
//!
//! Knows nothing of: how the engine deals with it.

use std::time::Duration;

use salio_domain::Units;
use salio_engine::{Draft, Engine};
use salio_simulator::core::{Charging, Effect, Fault, Micros, Next, Service, StatusBody, Window};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::accounts::DemoAccount;
use super::dice::Dice;
use super::texts::numbers;

/// Between the first batches, in milliseconds: whoever has just opened the page sees it live.
const FIRST_PAUSE: (u32, u32) = (3_000, 9_000);
const FIRST_BATCHES: u32 = 6;
/// Between all others: each is followed by questions that settle it, and the budget is that of a real account.
const PAUSE: (u32, u32) = (35_000, 95_000);
/// Recipients: fewer than a busy shop has, so that credit lasts while somebody looks on.
const BATCH: (u32, u32) = (1, 4);
/// Between mishaps, in batches: a few minutes.
const MISHAP_EVERY: u32 = 5;
/// An outage.
const OUTAGE_MS: u64 = 25_000;
/// A charge that comes late.
const LATE_MS: u64 = 9_000;
/// Kept apart from the chance of the history.
const PURPOSE: u64 = 1_000;

/// Runs until `stop`.
pub fn start(engine: Engine, accounts: Vec<DemoAccount>, seed: u64, stop: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut traffic = Traffic { engine, dice: Dice::new(seed, PURPOSE), batches: 0 };
        let _ = stop.run_until_cancelled(traffic.run(&accounts)).await;
        for account in &accounts {
            account.provider.shutdown().await;
        }
    })
}

struct Traffic {
    engine: Engine,
    dice: Dice,
    batches: u32,
}

impl Traffic {
    async fn run(&mut self, accounts: &[DemoAccount]) {
        loop {
            let range = if self.batches < FIRST_BATCHES { FIRST_PAUSE } else { PAUSE };
            let pause = self.dice.between(range.0, range.1);
            tokio::time::sleep(Duration::from_millis(u64::from(pause))).await;
            self.batches += 1;
            accounts.iter().for_each(top_up_when_low);
            // Notices come often, campaigns seldom.
            let at = usize::from(self.dice.percent(20)).min(accounts.len().saturating_sub(1));
            let Some(account) = accounts.get(at) else { return };
            if self.batches.is_multiple_of(MISHAP_EVERY) {
                self.mishap(account);
            }
            self.send(account).await;
        }
    }

    async fn send(&mut self, account: &DemoAccount) {
        let count = self.dice.between(BATCH.0, BATCH.1);
        let to = numbers(&mut self.dice, count);
        let text = self.dice.one_of(account.flavour.texts).copied().unwrap_or_default();
        let from = self.dice.one_of(account.flavour.senders).map(|sender| (*sender).to_owned());
        let draft = Draft { to, text: text.to_owned(), from, account: Some(account.flavour.slug.to_owned()), ..Draft::default() };
        if let Err(error) = self.engine.intake().accept(draft, true, None, |_| String::new()).await {
            warn!(account = account.flavour.slug, %error, "a sample message was not accepted");
        }
    }

    fn mishap(&mut self, account: &DemoAccount) {
        match self.dice.between(1, 4) {
            1 => outage(account),
            2 => late_charges(account),
            3 => refused_row(account),
            _ => top_up(account),
        }
    }
}

fn top_up_when_low(account: &DemoAccount) {
    let low = account.provider.with(|model, _| model.books().credit) < Micros(Units::whole(account.flavour.low).micros());
    if low {
        top_up(account);
    }
}

fn top_up(account: &DemoAccount) {
    account.provider.with(|model, now| model.top_up(now, Micros(Units::whole(account.flavour.top_up).micros())));
}

/// The provider's balance call fails for a while.
fn outage(account: &DemoAccount) {
    let fault = Fault::HttpStatus { code: 503, body: StatusBody::Html, effect: Effect::None, retry_after_s: None, error_code: None };
    let window = Window { from_ms: 0, until_ms: OUTAGE_MS, service: Some(Service::Balance), per_mille: 1000, fault };
    account.provider.with(|model, now| {
        let mut plan = model.faults().clone();
        plan.windows = vec![window];
        model.set_faults(now, plan);
    });
}

/// From here on this provider charges late, or at once again.
fn late_charges(account: &DemoAccount) {
    account.provider.with(|model, now| {
        let late = model.config().charging.charge_delay_ms > 0;
        model.set_charging(now, Charging { charge_delay_ms: if late { 0 } else { LATE_MS }, ..Charging::default() });
    });
}

fn refused_row(account: &DemoAccount) {
    let fault = Fault::PartialRefusals { per_mille: 350, code: 13, text: "Invalid mobile number".to_owned() };
    account.provider.with(|model, _| model.add_next(Next { service: Some(Service::SendBulkSMS), fault, count: 1 }));
}
