//! Levels that make sense, and the form in which they are kept.

use super::*;

#[test]
fn levels_that_always_or_never_fire_are_refused() {
    use ConditionError::{NoAmount, NoCount, NoTime};
    let units = Units::whole;
    for (condition, expected) in [
        (Condition::BalanceBelow { level: units(0) }, Ok(())),
        (Condition::BalanceBelow { level: units(-500) }, Ok(())),
        (Condition::RunwayBelow { level_ms: 0 }, Err(NoTime)),
        (Condition::RunwayBelow { level_ms: 1 }, Ok(())),
        (Condition::DriftAbove { least: units(0), share: 0 }, Err(NoAmount)),
        (Condition::DriftAbove { least: units(-1), share: 5 }, Err(NoAmount)),
        (Condition::DriftAbove { least: units(10), share: -1 }, Err(NoAmount)),
        (Condition::DriftAbove { least: units(10), share: 0 }, Ok(())),
        (Condition::DriftAbove { least: units(0), share: 1 }, Ok(())),
        (Condition::NoObservation { level_ms: -1 }, Err(NoTime)),
        (Condition::ProviderFailing { failures: 0 }, Err(NoCount)),
        (Condition::ProviderFailing { failures: 1 }, Ok(())),
        (Condition::CredentialsRefused, Ok(())),
        (Condition::BurnAbove { ratio: 0, least: units(1) }, Err(NoAmount)),
        (Condition::BurnAbove { ratio: 1, least: units(0) }, Err(NoAmount)),
        (Condition::BurnAbove { ratio: 3_000_000, least: units(50) }, Ok(())),
        (Condition::MessagesStuck { level_ms: 0 }, Err(NoTime)),
        (Condition::UnknownWaiting { count: None, level_ms: None }, Err(NoCount)),
        (Condition::UnknownWaiting { count: Some(0), level_ms: None }, Err(NoCount)),
        (Condition::UnknownWaiting { count: Some(1), level_ms: Some(0) }, Err(NoTime)),
        (Condition::UnknownWaiting { count: Some(1), level_ms: None }, Ok(())),
        (Condition::ReportSilence { level_ms: 0 }, Err(NoTime)),
    ] {
        assert_eq!(condition.check(), expected, "{condition:?}");
    }
}

#[test]
fn conditions_are_kept_under_their_rules_word() {
    for rule in crate::alert::default_rules() {
        let kept = serde_json::to_value(rule.condition).unwrap();
        assert_eq!(kept["kind"], rule.kind().as_str());
        assert_eq!(serde_json::from_value::<Condition>(kept).unwrap(), rule.condition);
        assert_eq!(serde_json::from_str::<crate::alert::Rule>(&serde_json::to_string(&rule).unwrap()).unwrap(), rule);
    }
    let level = serde_json::to_string(&Condition::BalanceBelow { level: Units::whole(1000) }).unwrap();
    assert_eq!(level, r#"{"kind":"balance_below","level":"1000.00"}"#);
}
