//! An SMS is one segment of GSM 03.38 whatever comes, and says what is needed even then.

use proptest::prelude::*;

use super::super::super::{Advice, Condition, Confirmation, ENDLESS, Figure, Notice, NoticeKind, RuleKind, Severity};
use super::super::{About, Drill, DrillKind, DrillSubject, sms};
use super::samples::{about, at, notice};
use crate::ids::AccountId;
use crate::segments::{Encoding, segment};
use crate::units::Units;

fn number() -> impl Strategy<Value = i64> {
    prop_oneof![Just(0), Just(1), Just(i64::MAX), Just(i64::MIN), any::<i64>(), 0..100_000_000_000_i64]
}

/// A figure of the rule's kind, as large as it gets.
fn figure(kind: RuleKind, a: i64, b: i64) -> Figure {
    let units = Units::from_micros(a);
    match kind {
        RuleKind::BalanceBelow => Figure::Balance { units },
        RuleKind::RunwayBelow => Figure::Runway { left_ms: if a < 0 { ENDLESS } else { a } },
        RuleKind::DriftAbove => Figure::Drift { units, charges: Units::from_micros(b) },
        RuleKind::NoObservation => Figure::NoFigure { for_ms: b },
        RuleKind::ProviderFailing => Figure::Failures { in_a_row: u32::try_from(a.unsigned_abs() & 0xffff_ffff).unwrap() },
        RuleKind::CredentialsRefused => Figure::Key { refused: a % 2 == 0 },
        RuleKind::BurnAbove => Figure::Burn { per_hour: units, usual: Units::from_micros(b) },
        RuleKind::MessagesStuck => Figure::Stuck { messages: a, for_ms: b },
        RuleKind::UnknownWaiting => Figure::Doubt { messages: a, for_ms: b },
        RuleKind::ReportSilence => Figure::Silence { messages: a, for_ms: b },
    }
}

fn condition(kind: RuleKind, level: i64) -> Condition {
    let units = Units::from_micros(level);
    match kind {
        RuleKind::BalanceBelow => Condition::BalanceBelow { level: units },
        RuleKind::RunwayBelow => Condition::RunwayBelow { level_ms: level },
        RuleKind::DriftAbove => Condition::DriftAbove { least: units, share: level },
        RuleKind::NoObservation => Condition::NoObservation { level_ms: level },
        RuleKind::ProviderFailing => Condition::ProviderFailing { failures: u32::MAX },
        RuleKind::CredentialsRefused => Condition::CredentialsRefused,
        RuleKind::BurnAbove => Condition::BurnAbove { ratio: level, least: units },
        RuleKind::MessagesStuck => Condition::MessagesStuck { level_ms: level },
        RuleKind::UnknownWaiting => Condition::UnknownWaiting { count: Some(level), level_ms: Some(level) },
        RuleKind::ReportSilence => Condition::ReportSilence { level_ms: level },
    }
}

prop_compose! {
    fn extreme()(
        rule in prop::sample::select(RuleKind::ALL), kind in prop::sample::select(NoticeKind::ALL), critical in any::<bool>(),
        (a, b, level, advised, balance) in (number(), number(), number(), number(), prop::option::of(number())), reason in prop::option::of(".{0,90}"),
    ) -> Notice {
        let mut notice = notice(rule, kind);
        notice.severity = if critical { Severity::Critical } else { Severity::Warning };
        notice.condition = condition(rule, level);
        notice.seen.figure = figure(rule, a, b);
        notice.seen.balance = balance.map(Units::from_micros);
        notice.seen.advice = Some(Advice { units: Units::from_micros(advised), days: Some(u32::MAX), by: None });
        if rule == RuleKind::BalanceBelow || rule == RuleKind::RunwayBelow {
            notice.confirmation = reason.map_or(Confirmation::Confirmed, |reason| Confirmation::Failed { reason });
        }
        notice
    }
}

fn is_one_segment(text: &str) -> bool {
    let found = segment(text);
    found.encoding == Encoding::Gsm7 && found.segments == 1 && found.length <= 160
}

/// The longest of everything at once, which chance rarely deals.
#[test]
fn the_longest_of_everything_fits() {
    let (account, unit, local) = ("a".repeat(64), "€".repeat(20), |_| "x".repeat(40));
    let about = About { account: &account, unit: &unit, local: &local, ..about() };
    for (rule, kind) in RuleKind::ALL.iter().flat_map(|rule| NoticeKind::ALL.iter().map(|kind| (*rule, *kind))) {
        let mut longest = notice(rule, kind);
        longest.condition = condition(rule, i64::MAX);
        longest.seen.balance = Some(Units::from_micros(i64::MIN));
        longest.seen.advice = Some(Advice { units: Units::from_micros(i64::MIN), days: None, by: None });
        if longest.condition.is_confirmed_first() {
            longest.confirmation = Confirmation::Failed { reason: "€".repeat(80) };
        }
        for figure in [figure(rule, i64::MIN, i64::MAX), figure(rule, i64::MAX - 1, i64::MAX)] {
            longest.seen.figure = figure;
            let text = sms(&longest, &about);
            assert!(is_one_segment(&text), "{text}");
            assert!(text.ends_with(&super::super::todo::todo_short(&longest, "", false)), "what to do is whole: {text}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn an_sms_is_one_segment_whatever_comes(notice in extreme(), account in "[a-z0-9-]{1,64}", unit in ".{0,20}", time in ".{0,40}") {
        let local = |_| time.clone();
        let text = sms(&notice, &About { account: &account, unit: &unit, local: &local, ..about() });
        prop_assert!(is_one_segment(&text), "{:?}: {}", segment(&text), text);
        prop_assert!(text.contains(account.get(..14).unwrap_or(&account)), "{}", text);
        let order = text.rfind("Top up").or(text.rfind(". ").map(|point| point + 2)).and_then(|place| text.get(place..)).unwrap();
        prop_assert!(["Top up", "Carry on.", "Check ", "Settle them."].iter().any(|known| order.starts_with(known)) && order.ends_with('.'), "{}", text);
        let doubtful = matches!(notice.confirmation, Confirmation::Failed { .. }) && notice.kind != NoticeKind::Recovered;
        prop_assert_eq!(text.contains(", could not be confirmed"), doubtful, "{}", text);
        prop_assert!(text.contains("since "), "{}", text);
    }

    #[test]
    fn figures_are_never_cut(notice in extreme(), account in "[a-z0-9-]{64}") {
        let text = sms(&notice, &About { account: &account, ..about() });
        let whole = match notice.seen.figure {
            Figure::Balance { units } | Figure::Drift { units, .. } | Figure::Burn { per_hour: units, .. } => units.grouped() + " units",
            Figure::Failures { in_a_row } if in_a_row > 1 && in_a_row < 1_000_000_000 => format!("{in_a_row} failures"),
            _ => String::new(),
        };
        prop_assert!(text.contains(&whole), "{} lacks {}", text, whole);
        prop_assert!(text.contains("since 18 Nov 2026, 14:06"), "{}", text);
    }

    #[test]
    fn a_drill_is_one_segment_too(
        account in "[a-z0-9-]{1,64}", channel in ".{0,80}", unit in ".{0,20}", time in ".{0,40}", balance in prop::option::of(number()), any in any::<bool>(),
    ) {
        let local = |_| time.clone();
        let balance = balance.map(Units::from_micros);
        let subject = any.then(|| DrillSubject { account_id: AccountId::from_raw(1), account: &account, unit: &unit, balance, since: Some(at(0)) });
        for kind in DrillKind::ALL {
            let text = Drill { kind: *kind, channel: &channel, at: at(0), subject, local: &local, link: None }.sms();
            prop_assert!(is_one_segment(&text), "{}", text);
            prop_assert!(text.ends_with("Check that whoever acts on alerts saw it."), "{}", text);
        }
    }
}
