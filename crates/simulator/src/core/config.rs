//! Everything that makes one simulated account, as one value (also the JSON of a settings file). Must not know where it was read from.

use serde::Deserialize;

use super::charging::Charging;
use super::credentials::Credentials;
use super::dlr::DlrPlan;
use super::inbound::InboundPlan;
use super::micros::Micros;
use super::plan::FaultPlan;
use super::variants::Variants;

/// A simulated account from its first moment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SimConfig {
    /// Seed of all chance.
    pub seed: u64,
    /// Credit at the beginning.
    pub credit: Micros,
    /// Price of one segment.
    pub price: Micros,
    /// Who may call.
    pub credentials: Credentials,
    /// How answers look.
    pub variants: Variants,
    /// When money moves.
    pub charging: Charging,
    /// What goes wrong.
    pub faults: FaultPlan,
    /// Delivery reports.
    pub dlr: DlrPlan,
    /// Messages from phones.
    pub inbound: InboundPlan,
    /// Senders that the account may use; any when left out. Others are refused row by row (code 401).
    pub senders: Option<Vec<String>>,
    /// Top-ups to come.
    pub top_ups: Vec<ScheduledTopUp>,
}

/// A top-up that arrives by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduledTopUp {
    /// Milliseconds after the start.
    pub after_ms: u64,
    /// How much.
    pub units: Micros,
}

impl Default for SimConfig {
    fn default() -> Self {
        Self {
            seed: 1,
            credit: Micros(11_378_670_000),
            price: Micros(super::ONE_UNIT),
            credentials: Credentials::default(),
            variants: Variants::default(),
            charging: Charging::default(),
            faults: FaultPlan::default(),
            dlr: DlrPlan::default(),
            inbound: InboundPlan::default(),
            senders: None,
            top_ups: Vec::new(),
        }
    }
}

impl SimConfig {
    /// Refuses settings that cannot be carried out.
    ///
    /// # Errors
    /// What is wrong and what is allowed, in words, after the name of the setting.
    pub fn check(&self) -> Result<(), String> {
        let named = |name: &'static str| move |problem: String| format!("{name}: {problem}");
        if self.price.0 < 0 {
            return Err("price: a segment cannot cost less than 0".to_owned());
        }
        self.faults.check().map_err(named("faults"))?;
        self.charging.check().map_err(named("charging"))?;
        self.dlr.check().map_err(named("dlr"))?;
        self.inbound.check().map_err(named("inbound"))
    }
}
