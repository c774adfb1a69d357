//! Hands delivery reports on to the programs that sent the messages: the address as the drop-in endpoint writes it, called by the provider room's client.
//!
//! Knows nothing of: when to try again.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::tz::TimeZone;
use salio_engine::store::ForwardRow;
use salio_engine::{ForwardFailure, Forwarder};
use salio_provider::http::Courier;

use crate::failure::{Failure, Outcome, with_causes};

struct ByGet {
    courier: Courier,
    zone: TimeZone,
}

#[async_trait]
impl Forwarder for ByGet {
    async fn forward(&self, forward: &ForwardRow) -> Result<(), ForwardFailure> {
        let address = salio_api::forward_url(forward, &self.zone);
        self.courier.get(&address).await.map_err(|failure| ForwardFailure { is_down: failure.is_down(), reason: failure.to_string() })
    }
}

/// The one for programs written for Onfon.
pub fn forwarder(timezone: &str) -> Outcome<Arc<dyn Forwarder>> {
    let courier = Courier::new().map_err(|error| Failure::failed(with_causes(&error)))?;
    Ok(Arc::new(ByGet { courier, zone: TimeZone::get(timezone).unwrap_or(TimeZone::UTC) }))
}
