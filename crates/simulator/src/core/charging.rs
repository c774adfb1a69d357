//! When money moves. Must not know who is charged, only how an amount is split over time.

use serde::{Deserialize, Serialize};

use super::fault_check::check_share;
use super::micros::Micros;

/// How the vendor takes its money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Charging {
    /// The charge (or its first part) comes this long after the submission.
    pub charge_delay_ms: u64,
    /// A part at first, the rest later (the engine underneath charges on submit and again when the operator acknowledges).
    pub two_step: Option<TwoStep>,
    /// Somebody else uses the same account.
    pub other_spender: Option<OtherSpender>,
    /// What a submission is held against when credit is low.
    pub credit_check: CreditCheck,
}

/// A charge in two parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TwoStep {
    /// Share of the first part.
    pub first_per_mille: u16,
    /// The second part comes this long after the first.
    pub delay_ms: u64,
}

/// Somebody else who spends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherSpender {
    /// How much each time; less when less is left.
    pub units: Micros,
    /// How often.
    pub every_ms: u64,
}

/// What "enough credit" means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditCheck {
    /// Credit less charges still to come: the account never goes below zero.
    #[default]
    Free,
    /// Credit as a balance call shows it: late charges may take it below zero.
    Shown,
}

/// Parts of a charge with their delays in milliseconds.
pub(crate) type Parts = [(u64, i64); 2];

impl Charging {
    /// Splits `amount`; the parts always add up to it.
    pub(crate) fn parts(&self, amount: i64) -> Parts {
        let Some(steps) = self.two_step else { return [(self.charge_delay_ms, amount), (0, 0)] };
        let first = i64::try_from(i128::from(amount) * i128::from(steps.first_per_mille) / 1000).unwrap_or(amount);
        [(self.charge_delay_ms, first), (self.charge_delay_ms.saturating_add(steps.delay_ms), amount - first)]
    }

    /// Refuses settings that cannot be carried out.
    ///
    /// # Errors
    /// What is wrong and what is allowed, in words.
    pub fn check(&self) -> Result<(), String> {
        if let Some(steps) = self.two_step {
            check_share(steps.first_per_mille)?;
        }
        match self.other_spender {
            Some(spender) if spender.every_ms == 0 => Err("other_spender.every_ms 0 would never end: use 1 or more".to_owned()),
            Some(spender) if spender.units.0 <= 0 => Err("other_spender.units must be more than 0".to_owned()),
            _ => Ok(()),
        }
    }
}
