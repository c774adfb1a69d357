//! A notice of each rule and kind, as an account in Nairobi would cause it.

use super::super::super::{Advice, Condition, Confirmation, Figure, Notice, NoticeKind, RuleKind, Seen, default_rules};
use super::super::About;
use crate::ids::AccountId;
use crate::time::Timestamp;
use crate::units::Units;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

pub(super) fn at(minutes: i64) -> Timestamp {
    Timestamp::from_micros(1_795_000_000_000_000 + minutes * MINUTE * 1_000)
}

/// Nairobi's clock, three hours ahead of UTC, as the callers write it.
pub(super) fn local(at: Timestamp) -> String {
    let zoned = jiff::Timestamp::from_microsecond(at.micros()).unwrap().to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(3)));
    zoned.strftime("%-d %b %Y, %H:%M").to_string()
}

pub(super) fn about() -> About<'static> {
    About { account_id: AccountId::from_raw(1_234_567), account: "onfon-marketing", unit: "units", local: &local, link: Some("https://salio.example/alerts") }
}

fn figure(kind: RuleKind, is_over: bool) -> Figure {
    let of = |firing: i64, over: i64| if is_over { over } else { firing };
    let whole = |firing, over| Units::whole(of(firing, over));
    match kind {
        RuleKind::BalanceBelow => Figure::Balance { units: Units::from_micros(of(950_500_000, 6_378_670_000)) },
        RuleKind::RunwayBelow => Figure::Runway { left_ms: of(23 * HOUR + 10 * MINUTE, 72 * HOUR) },
        RuleKind::DriftAbove => Figure::Drift { units: whole(65, 40), charges: whole(5_000, 5_000) },
        RuleKind::NoObservation => Figure::NoFigure { for_ms: of(31 * MINUTE, 2_000) },
        RuleKind::ProviderFailing => Figure::Failures { in_a_row: if is_over { 0 } else { 3 } },
        RuleKind::CredentialsRefused => Figure::Key { refused: !is_over },
        RuleKind::BurnAbove => Figure::Burn { per_hour: whole(120, 41), usual: Units::from_micros(37_500_000) },
        RuleKind::MessagesStuck => Figure::Stuck { messages: of(12, 0), for_ms: of(16 * MINUTE, 0) },
        RuleKind::UnknownWaiting => Figure::Doubt { messages: of(3, 0), for_ms: of(25 * HOUR, 0) },
        RuleKind::ReportSilence => Figure::Silence { messages: of(40, 1), for_ms: of(2 * HOUR, 5_000) },
    }
}

/// What `rule` tells of `onfon-marketing` when `kind` is told.
pub(super) fn notice(rule: RuleKind, kind: NoticeKind) -> Notice {
    let default = default_rules().into_iter().find(|default| default.kind() == rule).unwrap();
    let is_over = kind == NoticeKind::Recovered;
    let low = matches!(rule, RuleKind::BalanceBelow | RuleKind::RunwayBelow);
    let advice = low.then(|| Advice { units: Units::whole(5_000), days: Some(30), by: Some(at(40 * 60)) });
    let confirmation = match (rule, kind) {
        (RuleKind::BalanceBelow, NoticeKind::Escalated) | (RuleKind::RunwayBelow, NoticeKind::Fired) => Confirmation::Failed { reason: "no answer in 15 s".to_owned() },
        _ if low => Confirmation::Confirmed,
        _ => Confirmation::NotNeeded,
    };
    Notice {
        kind,
        rule: default.slug,
        condition: default.condition,
        severity: default.severity,
        crossing: 4,
        reminder: u32::from(kind == NoticeKind::Reminder) * 2,
        since: at(0),
        at: at(25),
        seen: Seen { figure: figure(rule, is_over), balance: Some(Units::from_micros(figure_balance(is_over))), advice },
        confirmation,
        escalated: kind == NoticeKind::Escalated,
    }
}

const fn figure_balance(is_over: bool) -> i64 {
    if is_over { 6_378_670_000 } else { 950_500_000 }
}

/// Conditions with levels of other shapes than the defaults'.
pub(super) fn other_levels() -> Vec<Notice> {
    let mut doubt = notice(RuleKind::UnknownWaiting, NoticeKind::Fired);
    doubt.condition = Condition::UnknownWaiting { count: Some(1), level_ms: Some(24 * HOUR) };
    doubt.seen.figure = Figure::Doubt { messages: 1, for_ms: 61_000 };
    let mut key = notice(RuleKind::CredentialsRefused, NoticeKind::Fired);
    key.seen.balance = None;
    let mut endless = notice(RuleKind::RunwayBelow, NoticeKind::Recovered);
    endless.seen.figure = Figure::Runway { left_ms: crate::alert::ENDLESS };
    let mut burn = notice(RuleKind::BurnAbove, NoticeKind::Fired);
    burn.seen.figure = Figure::Burn { per_hour: Units::whole(60), usual: Units::ZERO };
    let mut bare = notice(RuleKind::BalanceBelow, NoticeKind::Fired);
    bare.seen.advice = None;
    let mut empty = bare.clone();
    empty.seen.figure = Figure::Balance { units: Units::ZERO };
    empty.seen.advice = Some(Advice { units: Units::whole(300), days: Some(1), by: None });
    vec![doubt, key, endless, burn, bare, empty]
}
