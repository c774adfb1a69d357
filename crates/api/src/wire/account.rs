//! Accounts as they may be shown: never a key, a client id or an address with one in it.

use salio_domain::AccountId;
use salio_engine::store::AccountSnapshot;
use salio_engine::{self as engine, AccountOptions};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Amount, Held, Paused, PriceSource};
use crate::options::Setup;

/// What runs here.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Info {
    /// The version of the program.
    #[schema(example = "0.1.0")]
    pub version: String,
    /// Whether accounts and traffic are simulated.
    pub demo: bool,
    /// What is still to be set.
    pub setup: Setup,
    /// Where days, months and schedules begin.
    #[schema(example = "Africa/Nairobi")]
    pub timezone: String,
}

/// One prepaid account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Account {
    /// Never changes.
    pub id: String,
    /// The word people use.
    #[schema(example = "onfon")]
    pub slug: String,
    /// Whose API it is.
    #[schema(example = "onfon")]
    pub provider: String,
    /// What every amount counts.
    #[schema(example = "units")]
    pub unit: String,
    /// The sender of messages that name none.
    pub sender_id: Option<String>,
    /// Takes messages that name no account.
    pub default: bool,
    /// Whose numbers may be written without a country code.
    #[schema(example = "KE")]
    pub default_country: String,
    /// Numbers in one call.
    pub batch_size: usize,
    /// Calls in a second.
    pub calls_per_second: u32,
    /// Calls under way at once.
    pub concurrency: usize,
    /// Units a segment.
    pub price_per_segment: Amount,
    /// Where that price comes from.
    pub price_source: PriceSource,
    /// Why sending has stopped; null while it goes on.
    pub paused: Option<Paused>,
    /// Why the next message waits for credit; null while there is enough, or nothing waits.
    pub held: Option<Held>,
    /// Whether its provider is simulated.
    pub demo: bool,
}

/// The accounts of the configuration, in its order.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Accounts {
    /// In the order of the configuration.
    pub accounts: Vec<Account>,
}

impl Account {
    /// What may be shown of an account.
    #[must_use]
    pub fn of(id: AccountId, options: &AccountOptions, snapshot: Option<&AccountSnapshot>, demo: bool) -> Self {
        let (per_segment, source) = snapshot.map_or((options.price.per_segment, options.price.source), |snapshot| (snapshot.price.per_segment, snapshot.price.source));
        Self {
            id: id.to_string(),
            slug: options.slug.clone(),
            provider: options.provider.name().to_owned(),
            unit: options.unit.clone(),
            sender_id: options.sender_id.clone(),
            default: options.default,
            default_country: options.default_country.clone(),
            batch_size: options.dispatch.batch_size,
            calls_per_second: options.dispatch.calls_per_second,
            concurrency: options.dispatch.concurrency,
            price_per_segment: Amount(per_segment),
            price_source: source.into(),
            paused: snapshot.and_then(engine::Paused::of).map(Into::into),
            held: snapshot.and_then(|snapshot| snapshot.held).map(Into::into),
            demo,
        }
    }
}
