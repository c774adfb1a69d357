//! What goes on while a demo runs: a campaign at once, a few batches and then one every minute or so, as the hour's calls of a real account allow; a top-up when credit is low, and now and then something goes wrong.
//!
//! Knows nothing of: how the engine deals with it.

use std::time::Duration;

use futures::stream;
use hyper::body::Bytes;
use salio_domain::Units;
use salio_domain::admission::OnShort;
use salio_engine::bulk::{BulkForm, BulkRequest};
use salio_engine::{Draft, Engine};
use salio_simulator::core::{Charging, Effect, Fault, Micros, Next, Service, StatusBody, Window};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::accounts::DemoAccount;
use super::dice::Dice;
use super::texts::{SHORT_CODE, campaign, numbers, reply};
use crate::client::http_client;

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
/// Recipients of a campaign: about half a minute of sending.
const CAMPAIGN: u32 = 320;
/// Between campaigns, in batches: some twenty minutes.
const CAMPAIGN_EVERY: u32 = 20;
/// Of those between two mishaps, the one whose fate stays in doubt.
const DOUBT_AT: u32 = 1;
/// Between replies from phones, in batches.
const REPLY_EVERY: u32 = 4;
/// They are on this machine.
const PHONE_PATIENCE: Duration = Duration::from_secs(2);
/// A charge that comes late.
const LATE_MS: u64 = 9_000;
/// Kept apart from the chance of the history.
const PURPOSE: u64 = 1_000;

/// Runs until `stop`.
pub fn start(engine: Engine, accounts: Vec<DemoAccount>, seed: u64, stop: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(async move {
        let phones = http_client(PHONE_PATIENCE).ok();
        let mut traffic = Traffic { engine, phones, dice: Dice::new(seed, PURPOSE), batches: 0 };
        let _ = stop.run_until_cancelled(traffic.run(&accounts)).await;
        for account in &accounts {
            account.provider.shutdown().await;
        }
    })
}

struct Traffic {
    engine: Engine,
    phones: Option<reqwest::Client>,
    dice: Dice,
    batches: u32,
}

impl Traffic {
    async fn run(&mut self, accounts: &[DemoAccount]) {
        loop {
            if self.batches.is_multiple_of(CAMPAIGN_EVERY) {
                self.campaigns(accounts).await;
            }
            let range = if self.batches < FIRST_BATCHES { FIRST_PAUSE } else { PAUSE };
            let pause = self.dice.between(range.0, range.1);
            tokio::time::sleep(Duration::from_millis(u64::from(pause))).await;
            self.batches += 1;
            accounts.iter().for_each(top_up_when_low);
            // Notices come often, campaigns seldom.
            let at = usize::from(self.dice.percent(20)).min(accounts.len().saturating_sub(1));
            let Some(account) = accounts.get(at) else { return };
            if self.batches % MISHAP_EVERY == DOUBT_AT {
                doubt(account);
            } else if self.batches.is_multiple_of(MISHAP_EVERY) {
                self.mishap(account);
            }
            self.send(account).await;
            if self.batches % REPLY_EVERY == 1 {
                self.reply(account).await;
            }
        }
    }

    /// A file with a line for each, slowly.
    async fn campaigns(&mut self, accounts: &[DemoAccount]) {
        for account in accounts {
            let Some((name, text)) = account.flavour.campaign else { continue };
            let file = Bytes::from(campaign(&mut self.dice, CAMPAIGN));
            if let Err(error) = self.engine.intake().bulk(request(account, name, text), stream::iter([Ok(file)])).await {
                warn!(account = account.flavour.slug, %error, "a sample campaign was not accepted");
            }
        }
    }

    /// A phone writes back.
    async fn reply(&mut self, account: &DemoAccount) {
        let Some(phones) = &self.phones else { return };
        let (from, text) = reply(&mut self.dice);
        let written = serde_json::json!({ "from": from, "to": SHORT_CODE, "text": text });
        if let Err(error) = phones.post(format!("{}/inbound", account.provider.control_url())).json(&written).send().await {
            warn!(account = account.flavour.slug, error = %error.without_url(), "a sample reply was not sent");
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

/// A shop takes what the credit covers.
fn request(account: &DemoAccount, name: &str, text: &str) -> BulkRequest {
    BulkRequest {
        form: BulkForm::Csv { delimiter: None },
        account: Some(account.flavour.slug.to_owned()),
        text: Some(text.to_owned()),
        from: None,
        reference: None,
        send_at: None,
        valid_until: None,
        priority: None,
        on_short: Some(OnShort::Partial),
        to_column: None,
        name: Some(name.to_owned()),
        key: None,
        token: None,
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

/// The provider's answer to the next messages cannot be relied on, and no report of them comes.
fn doubt(account: &DemoAccount) {
    let fault = Fault::HttpStatus { code: 502, body: StatusBody::Html, effect: Effect::None, retry_after_s: None, error_code: None };
    account.provider.with(|model, _| model.add_next(Next { service: Some(Service::SendBulkSMS), fault, count: 1 }));
}

fn refused_row(account: &DemoAccount) {
    let fault = Fault::PartialRefusals { per_mille: 350, code: 13, text: "Invalid mobile number".to_owned() };
    account.provider.with(|model, _| model.add_next(Next { service: Some(Service::SendBulkSMS), fault, count: 1 }));
}
