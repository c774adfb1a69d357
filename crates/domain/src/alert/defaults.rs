//! The rules that hold without configuration, one of each kind.

use super::{Condition, Rule, RuleKind, Severity};
use crate::time::Millis;
use crate::units::Units;

const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;
/// One in a hundred, in millionths.
const ONE_PERCENT: i64 = 10_000;
/// Three times, in millionths.
const THREEFOLD: i64 = 3_000_000;

/// The default rules, for every account. Burn and report silence need to know what is usual, so they are off until somebody wants them.
#[must_use]
pub fn default_rules() -> Vec<Rule> {
    RuleKind::ALL.iter().map(|kind| default_rule(*kind)).collect()
}

fn default_rule(kind: RuleKind) -> Rule {
    Rule { slug: kind.as_str().replace('_', "-"), account: None, condition: condition(kind), severity: severity(kind), enabled: is_on(kind) }
}

const fn condition(kind: RuleKind) -> Condition {
    match kind {
        RuleKind::BalanceBelow => Condition::BalanceBelow { level: Units::whole(1_000) },
        RuleKind::RunwayBelow => Condition::RunwayBelow { level_ms: 24 * HOUR },
        RuleKind::DriftAbove => Condition::DriftAbove { least: Units::whole(10), share: ONE_PERCENT },
        RuleKind::NoObservation => Condition::NoObservation { level_ms: 30 * MINUTE },
        RuleKind::ProviderFailing => Condition::ProviderFailing { failures: 3 },
        RuleKind::CredentialsRefused => Condition::CredentialsRefused,
        RuleKind::BurnAbove => Condition::BurnAbove { ratio: THREEFOLD, least: Units::whole(50) },
        RuleKind::MessagesStuck => Condition::MessagesStuck { level_ms: 15 * MINUTE },
        RuleKind::UnknownWaiting => Condition::UnknownWaiting { count: None, level_ms: Some(24 * HOUR) },
        RuleKind::ReportSilence => Condition::ReportSilence { level_ms: 2 * HOUR },
    }
}

/// Critical is what stops sending or may be theft: it must wake somebody. The rest can wait for the morning.
const fn severity(kind: RuleKind) -> Severity {
    match kind {
        RuleKind::BalanceBelow | RuleKind::DriftAbove | RuleKind::ProviderFailing | RuleKind::CredentialsRefused | RuleKind::MessagesStuck => Severity::Critical,
        RuleKind::RunwayBelow | RuleKind::NoObservation | RuleKind::BurnAbove | RuleKind::UnknownWaiting | RuleKind::ReportSilence => Severity::Warning,
    }
}

const fn is_on(kind: RuleKind) -> bool {
    !matches!(kind, RuleKind::BurnAbove | RuleKind::ReportSilence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_sound_and_what_was_promised() {
        let rules = default_rules();
        assert!(rules.iter().all(|rule| rule.condition.check().is_ok() && rule.account.is_none()));
        let off: Vec<&str> = rules.iter().filter(|rule| !rule.enabled).map(|rule| rule.slug.as_str()).collect();
        assert_eq!(off, ["burn-above", "report-silence"]);
        assert_eq!(rules.iter().map(Rule::kind).collect::<Vec<_>>(), RuleKind::ALL);
        assert_eq!(rules[0].condition, Condition::BalanceBelow { level: Units::whole(1_000) });
        assert_eq!(rules[1].condition, Condition::RunwayBelow { level_ms: 86_400_000 });
    }
}
