//! What a rule watches and its level. Knows nothing of states: where a figure lies is said in `place`.

use serde::{Deserialize, Serialize};

use super::RuleKind;
use crate::time::Millis;
use crate::units::Units;

/// What is watched and its level. Reaching the level exactly counts. Stored and given as `{"kind":"balance_below","level":"1000.00"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Condition {
    /// The shown balance is at or below `level`, which may be negative where credit is given.
    BalanceBelow {
        /// In the account's unit.
        level: Units,
    },
    /// The balance lasts no longer than this.
    RunwayBelow {
        /// Milliseconds.
        level_ms: Millis,
    },
    /// What left in the last 24 h and nothing known explains reaches the larger of `least` and `share` of that day's charges.
    DriftAbove {
        /// In the account's unit.
        least: Units,
        /// Millionths of the charges of the last day.
        share: i64,
    },
    /// No figure for this long.
    NoObservation {
        /// Milliseconds.
        level_ms: Millis,
    },
    /// This many questions failed in a row.
    ProviderFailing {
        /// How many.
        failures: u32,
    },
    /// The provider refuses the key.
    CredentialsRefused,
    /// Units go at `ratio` times the usual speed, and at least `least` an hour.
    BurnAbove {
        /// Millionths of the usual burn: 3,000,000 is three times as fast.
        ratio: i64,
        /// Units an hour; slower burns never alarm, so that quiet accounts do not cry.
        least: Units,
    },
    /// The oldest message that is due has waited this long.
    MessagesStuck {
        /// Milliseconds.
        level_ms: Millis,
    },
    /// Either so many messages are in doubt or the oldest of them for so long.
    UnknownWaiting {
        /// How many.
        count: Option<i64>,
        /// Milliseconds.
        level_ms: Option<Millis>,
    },
    /// Messages were sent and no report came for this long.
    ReportSilence {
        /// Milliseconds.
        level_ms: Millis,
    },
}

/// Why a level makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConditionError {
    /// A length of time of nothing or less.
    #[error("the length of time must be more than nothing")]
    NoTime,
    /// An amount or a ratio below nothing, or all of nothing.
    #[error("amounts and ratios must not be below 0, and not all of them 0")]
    NoAmount,
    /// A count below one, or neither count nor age.
    #[error("a count of 1 or more, or an age, is needed")]
    NoCount,
}

impl Condition {
    /// What is watched.
    #[must_use]
    pub const fn kind(&self) -> RuleKind {
        match self {
            Self::BalanceBelow { .. } => RuleKind::BalanceBelow,
            Self::RunwayBelow { .. } => RuleKind::RunwayBelow,
            Self::DriftAbove { .. } => RuleKind::DriftAbove,
            Self::NoObservation { .. } => RuleKind::NoObservation,
            Self::ProviderFailing { .. } => RuleKind::ProviderFailing,
            Self::CredentialsRefused => RuleKind::CredentialsRefused,
            Self::BurnAbove { .. } => RuleKind::BurnAbove,
            Self::MessagesStuck { .. } => RuleKind::MessagesStuck,
            Self::UnknownWaiting { .. } => RuleKind::UnknownWaiting,
            Self::ReportSilence { .. } => RuleKind::ReportSilence,
        }
    }

    /// Whether a fresh figure must confirm it before anything is told.
    #[must_use]
    pub const fn is_confirmed_first(&self) -> bool {
        matches!(self, Self::BalanceBelow { .. } | Self::RunwayBelow { .. })
    }

    /// Refuses levels that would always or never fire.
    ///
    /// # Errors
    /// What is wrong with the level, in words for whoever wrote it.
    pub fn check(&self) -> Result<(), ConditionError> {
        let sound = |fine: bool, error| if fine { Ok(()) } else { Err(error) };
        match *self {
            Self::BalanceBelow { .. } | Self::CredentialsRefused => Ok(()),
            Self::RunwayBelow { level_ms } | Self::NoObservation { level_ms } | Self::MessagesStuck { level_ms } | Self::ReportSilence { level_ms } => {
                sound(level_ms > 0, ConditionError::NoTime)
            }
            Self::DriftAbove { least, share } => sound(!least.is_negative() && share >= 0 && (!least.is_zero() || share > 0), ConditionError::NoAmount),
            Self::BurnAbove { ratio, least } => sound(ratio > 0 && least > Units::ZERO, ConditionError::NoAmount),
            Self::ProviderFailing { failures } => sound(failures > 0, ConditionError::NoCount),
            Self::UnknownWaiting { count: None, level_ms: None } => Err(ConditionError::NoCount),
            Self::UnknownWaiting { count, level_ms } => {
                sound(count.is_none_or(|count| count > 0), ConditionError::NoCount)?;
                sound(level_ms.is_none_or(|ms| ms > 0), ConditionError::NoTime)
            }
        }
    }
}

#[cfg(test)]
#[path = "condition_tests.rs"]
mod tests;
