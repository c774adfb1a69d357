//! Settings of the engine, already read and checked.

use std::sync::Arc;
use std::time::Duration;

use salio_domain::admission::{OnShort, SpendingRules};
use salio_domain::balance::{AskSettings, SettleRules, Shares};
use salio_domain::outbox::{OnUnknown, RetryPolicy};
use salio_domain::pricing::Price;
use salio_provider::Provider;

use crate::evidence::Forwarder;

/// Whether the engine works by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A server: asks on start, by schedule and while watched; sends what waits.
    Serve,
    /// A command without a server: asks when told to, and when somebody reads a stale figure; sends what waits only after `dispatch` was asked for.
    Command {
        /// Whether this command sends.
        dispatch: bool,
    },
}

/// Everything the engine needs to know.
#[derive(Clone)]
pub struct EngineOptions {
    /// Whether it works by itself.
    pub mode: Mode,
    /// How the balance is asked for.
    pub balance: BalanceOptions,
    /// The accounts of the configuration.
    pub accounts: Vec<AccountOptions>,
    /// Hands delivery reports on to programs; none leaves them waiting.
    pub forwarder: Option<Arc<dyn Forwarder>>,
}

/// How the balance is asked for.
#[derive(Clone, Debug)]
pub struct BalanceOptions {
    /// Ages and pauses.
    pub ask: AskSettings,
    /// Five fields; minutes are the finest.
    pub schedule: String,
    /// The time zone of the schedule.
    pub timezone: String,
    /// Calls in any hour.
    pub calls_per_hour: usize,
    /// Of them only for people.
    pub reserved_for_people: usize,
    /// Of them only automatic.
    pub reserved_for_automatic: usize,
    /// How long a charge is remembered.
    pub late_charge_window: Duration,
    /// How long an answer may take.
    pub timeout: Duration,
}

impl Default for BalanceOptions {
    fn default() -> Self {
        Self {
            ask: AskSettings { cache_ttl: Duration::from_mins(15), watch_interval: Duration::from_secs(30), settle_after: [2, 5, 15, 60].map(Duration::from_secs).to_vec() },
            schedule: "*/5 * * * *".to_owned(),
            timezone: "Africa/Nairobi".to_owned(),
            calls_per_hour: 120,
            reserved_for_people: 20,
            reserved_for_automatic: 40,
            late_charge_window: Duration::from_hours(24),
            timeout: Duration::from_secs(15),
        }
    }
}

impl BalanceOptions {
    /// When charges stop being waited for.
    #[must_use]
    pub fn settle_rules(&self) -> SettleRules {
        SettleRules {
            settle_end: self.ask.settle_after.last().copied().unwrap_or_default(),
            close_interval: SettleRules::CLOSE_INTERVAL,
            late_charge_window: self.late_charge_window,
        }
    }

    /// The parts of the budget. The schedule's own calls are set aside, with two more for the edges of an hour, but never more than three quarters of the automatic part.
    #[must_use]
    pub fn shares(&self, schedule_per_hour: usize) -> Shares {
        let steady = (schedule_per_hour + 2).min(self.reserved_for_automatic * 3 / 4);
        Shares { calls_per_hour: self.calls_per_hour, people: self.reserved_for_people, automatic: self.reserved_for_automatic, steady }
    }
}

/// One account of the configuration.
#[derive(Clone)]
pub struct AccountOptions {
    /// The word people use.
    pub slug: String,
    /// The driver of the account.
    pub provider: Arc<dyn Provider>,
    /// What tells the account from others at the provider; only its salted hash is stored.
    pub client: String,
    /// Everything a refusal depends on; only its salted hash is stored.
    pub credentials: String,
    /// The unit every amount carries.
    pub unit: String,
    /// The price of a segment.
    pub price: Price,
    /// Prices of numbers that begin like this (E.164 digits).
    pub prices: Vec<(String, Price)>,
    /// How far the balance may go.
    pub spending: SpendingRules,
    /// What happens to messages that the balance does not cover, when the request does not say; none: one waits, many are refused.
    pub on_short: Option<OnShort>,
    /// What happens to messages in doubt that no evidence settles.
    pub on_unknown: OnUnknown,
    /// Whether the provider is asked about messages in doubt, where its driver can.
    pub look_ups: bool,
    /// The sender when a message names none.
    pub sender_id: Option<String>,
    /// Numbers without a country code belong here.
    pub default_country: String,
    /// Takes messages that name no account.
    pub default: bool,
    /// How it sends.
    pub dispatch: DispatchOptions,
}

/// How an account sends.
#[derive(Clone, Copy, Debug)]
pub struct DispatchOptions {
    /// Recipients in one call.
    pub batch_size: usize,
    /// Calls a second.
    pub calls_per_second: u32,
    /// Calls at the same time.
    pub concurrency: usize,
    /// How long one may take.
    pub timeout: Duration,
    /// When what did not arrive is tried again.
    pub retry: RetryPolicy,
}

impl Default for DispatchOptions {
    fn default() -> Self {
        Self { batch_size: 20, calls_per_second: 40, concurrency: 8, timeout: Duration::from_secs(20), retry: RetryPolicy::DEFAULT }
    }
}
