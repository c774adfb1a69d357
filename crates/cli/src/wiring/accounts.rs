//! One account of the configuration as the engine knows it, with its driver.
//!
//! Knows nothing of: the database, commands.

use std::sync::Arc;
use std::time::Duration;

use salio_domain::Units;
use salio_domain::admission::{OnShort, SpendingRules};
use salio_domain::outbox::{OnUnknown, RetryPolicy};
use salio_domain::pricing::{Price, PriceSource};
use salio_engine::{AccountOptions, DispatchOptions};
use salio_provider::Provider;
use salio_provider::onfon::{AccessKeyIn, Onfon, OnfonConfig};

use super::number;
use crate::config::settings::AccountSettings;
use crate::failure::{Failure, Outcome, with_causes};

/// Stands between the parts of what a refusal depends on; no part can hold it.
const BETWEEN: &str = "\n";

/// The account with its driver; nothing is asked.
pub fn account(settings: &AccountSettings, balance_timeout: Duration) -> Outcome<AccountOptions> {
    Ok(AccountOptions {
        slug: settings.slug.clone(),
        provider: driver(settings, balance_timeout)?,
        client: settings.client_id.expose().to_owned(),
        credentials: credentials(settings),
        unit: settings.unit.clone(),
        price: settings.price.map_or(Price::ASSUMED, configured),
        prices: settings.prices.iter().map(|(digits, per_segment)| (digits.clone(), configured(*per_segment))).collect(),
        spending: SpendingRules { credit_limit: settings.credit_limit, reserve_for_high: settings.reserve_for_high },
        on_short: settings.on_short.as_deref().and_then(OnShort::from_word),
        on_unknown: OnUnknown::from_word(&settings.on_unknown).unwrap_or(OnUnknown::Hold),
        look_ups: settings.look_ups,
        sender_id: settings.sender_id.clone(),
        default_country: settings.default_country.clone(),
        default: settings.default,
        dispatch: DispatchOptions {
            batch_size: number(settings.batch_size),
            calls_per_second: settings.calls_per_second,
            concurrency: number(settings.concurrency),
            timeout: settings.timeout,
            retry: RetryPolicy::DEFAULT,
        },
    })
}

const fn configured(per_segment: Units) -> Price {
    Price { per_segment, source: PriceSource::Configured }
}

fn driver(settings: &AccountSettings, balance_timeout: Duration) -> Outcome<Arc<dyn Provider>> {
    let config = OnfonConfig {
        api_url: settings.api_url.clone(),
        api_key: settings.api_key.clone(),
        client_id: settings.client_id.clone(),
        access_key: settings.access_key.clone(),
        access_key_in: AccessKeyIn::from_word(&settings.access_key_in).unwrap_or_default(),
        balance_timeout,
        submit_timeout: settings.timeout,
    };
    match Onfon::new(config) {
        Ok(driver) => Ok(Arc::new(driver)),
        Err(error) if error.key().is_some() => Err(Failure::usage(format!("the account {}: {}", settings.slug, with_causes(&error)))),
        Err(error) => Err(Failure::failed(format!("the account {}: {}", settings.slug, with_causes(&error)))),
    }
}

/// Everything a refusal depends on: when any of it changes, asking again makes sense.
fn credentials(settings: &AccountSettings) -> String {
    let access_key = settings.access_key.as_ref().map_or("", |key| key.expose());
    [&settings.api_url, settings.api_key.expose(), settings.client_id.expose(), access_key, &settings.access_key_in].join(BETWEEN)
}
