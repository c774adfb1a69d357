//! Whether the balance covers what is asked for. Knows the shown estimate, what waits and the account's rules; not messages, batches or who asks.

use crate::balance::Standing;
use crate::message::Priority;
use crate::planted::{Mistake, planted};
use crate::units::Units;
use crate::words::words;

/// How far an account may be spent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpendingRules {
    /// How far below zero the balance may go.
    pub credit_limit: Units,
    /// Units that only messages of high priority may use.
    pub reserve_for_high: Units,
}

words! {
    /// What to do with messages that the balance does not cover.
    OnShort {
        /// They are accepted and wait.
        Hold = "hold",
        /// None of them is accepted.
        Refuse = "refuse",
        /// Those are accepted that it covers.
        Partial = "partial",
    }
}

/// By how much the balance falls short: `available` and `shortfall` make up the `charge`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this takes {charge} units, {available} are available, {shortfall} are missing")]
pub struct Short {
    /// What is asked for.
    pub charge: Units,
    /// What may still be promised; below zero when more waits already than the balance covers.
    pub available: Units,
    /// What is missing.
    pub shortfall: Units,
}

/// What may still be begun: the estimate and the credit limit, less the reserve unless the priority is high. None: the balance is unknown, which blocks nothing.
#[must_use]
pub fn spendable(standing: &Standing, priority: Priority, rules: &SpendingRules) -> Option<Units> {
    let reserve = if priority == Priority::High { Units::ZERO } else { rules.reserve_for_high };
    standing.estimate().map(|estimate| estimate.plus(rules.credit_limit).minus(reserve))
}

/// Whether new messages of `charge` fit: into what may be begun, less what waits already (`standing.queued`; for high priority only what of high priority waits, for the rest goes
/// behind it). Nothing to pay always fits.
///
/// # Errors
/// When they do not, with the shortfall.
pub fn admit(standing: &Standing, charge: Units, priority: Priority, rules: &SpendingRules) -> Result<(), Short> {
    let Some(spendable) = spendable(standing, priority, rules) else { return Ok(()) };
    let waits = if planted(Mistake::ForgetQueued) { Units::ZERO } else { standing.queued };
    let available = spendable.minus(waits);
    if charge <= Units::ZERO || charge <= available { Ok(()) } else { Err(Short { charge, available, shortfall: charge.minus(available) }) }
}

#[cfg(test)]
#[path = "admission_tests.rs"]
mod tests;
