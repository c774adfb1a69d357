//! A rule: what is watched, for which accounts, and how urgent it is. Knows nothing of channels.

use serde::{Deserialize, Serialize};

use super::Condition;
use crate::ids::AccountId;
use crate::words::words;

words! {
    /// What a rule watches.
    RuleKind {
        /// The shown balance.
        BalanceBelow = "balance_below",
        /// How long the balance lasts.
        RunwayBelow = "runway_below",
        /// What left in the last day and nothing known explains.
        DriftAbove = "drift_above",
        /// How long the provider has said no figure.
        NoObservation = "no_observation",
        /// Questions that failed in a row.
        ProviderFailing = "provider_failing",
        /// Whether the provider refuses the key.
        CredentialsRefused = "credentials_refused",
        /// How fast units go, against what is usual.
        BurnAbove = "burn_above",
        /// How long messages that are due have waited.
        MessagesStuck = "messages_stuck",
        /// Messages in doubt that nobody settled.
        UnknownWaiting = "unknown_waiting",
        /// How long no delivery report has come although they usually do.
        ReportSilence = "report_silence",
    }
}

words! {
    /// How urgent an alert is.
    Severity {
        /// Waits for the end of quiet hours.
        Warning = "warning",
        /// Goes through at any hour.
        Critical = "critical",
    }
}

/// A rule. Several levels of one account are several rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its name for people, `[a-z0-9-]`; the defaults' never change.
    pub slug: String,
    /// The one account it watches; none: every account.
    pub account: Option<AccountId>,
    /// What is watched, and the level.
    pub condition: Condition,
    /// How urgent it is.
    pub severity: Severity,
    /// Whether it speaks at all.
    pub enabled: bool,
}

impl Rule {
    /// Whether it watches this account.
    #[must_use]
    pub fn watches(&self, account: AccountId) -> bool {
        self.account.is_none_or(|own| own == account)
    }

    /// What it watches.
    #[must_use]
    pub const fn kind(&self) -> RuleKind {
        self.condition.kind()
    }
}
