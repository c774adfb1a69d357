//! What each rule sees of an account, and what it does not.

use super::super::{RuleKind, default_rules};
use super::*;
use crate::balance::{Failure, Standing, Taken};

const MINUTE: i64 = 60_000_000;

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_micros(1_795_000_000_000_000 + minutes * MINUTE)
}

fn standing() -> Standing {
    let base = Taken { units: Units::whole(1_200), question: 4, asked_seq: 40, asked_at: at(0), answered_at: at(1) };
    Standing { base: Some(base), pending: Units::whole(300), last_begun_seq: 42, last_ended_seq: 41, ..Standing::new(PriceSource::Configured) }
}

fn failure(credentials: bool) -> Failure {
    Failure { code: "timeout".to_owned(), detail: "no answer in 15 s".to_owned(), since: at(5), attempts: 3, next_try_at: None, credentials }
}

fn view(standing: &Standing) -> View<'_> {
    View {
        standing,
        top_up_seq: 9,
        starting: false,
        watched_since: at(-60),
        asks_no_more: false,
        runway: Some(7),
        advice: None,
        drift: Some(Drift { units: Units::whole(12), charges: Units::whole(100), since: Some(at(3)) }),
        burn: Some(Burn { per_hour: Units::whole(90), usual: Units::whole(30) }),
        stuck: Some(Waiting { messages: 5, oldest_at: Some(at(2)) }),
        doubt: Some(Waiting { messages: 2, oldest_at: Some(at(4)) }),
        silence: Some(Waiting::default()),
    }
}

fn see(kind: RuleKind, view: &View<'_>) -> Reading {
    let rule = default_rules().into_iter().find(|rule| rule.kind() == kind).unwrap();
    read(&rule.condition, view, at(10))
}

#[test]
fn each_rule_sees_its_own_figure() {
    let failing = Standing { failure: Some(failure(true)), ..standing() };
    let view = view(&failing);
    for (kind, figure, since) in [
        (RuleKind::BalanceBelow, Figure::Balance { units: Units::whole(900) }, None),
        (RuleKind::RunwayBelow, Figure::Runway { left_ms: 7 }, None),
        (RuleKind::DriftAbove, Figure::Drift { units: Units::whole(12), charges: Units::whole(100) }, Some(at(3))),
        (RuleKind::NoObservation, Figure::NoFigure { for_ms: 9 * 60_000 }, Some(at(1))),
        (RuleKind::ProviderFailing, Figure::Failures { in_a_row: 3 }, Some(at(5))),
        (RuleKind::CredentialsRefused, Figure::Key { refused: true }, Some(at(5))),
        (RuleKind::BurnAbove, Figure::Burn { per_hour: Units::whole(90), usual: Units::whole(30) }, None),
        (RuleKind::MessagesStuck, Figure::Stuck { messages: 5, for_ms: 8 * 60_000 }, Some(at(2))),
        (RuleKind::UnknownWaiting, Figure::Doubt { messages: 2, for_ms: 6 * 60_000 }, Some(at(4))),
        (RuleKind::ReportSilence, Figure::Silence { messages: 0, for_ms: 0 }, None),
    ] {
        let reading = see(kind, &view);
        let seen = reading.seen.unwrap();
        assert_eq!((seen.figure, seen.balance, reading.since), (figure, Some(Units::whole(900)), since), "{kind:?}");
        assert_eq!((reading.asked, reading.newest_seq, reading.top_up_seq), (Some((40, at(0))), 42, 9));
        assert_eq!(reading.unanswered, Some(Unanswered { reason: "no answer in 15 s".to_owned(), is_last: true }));
    }
}

#[test]
fn what_is_not_known_is_not_seen() {
    let nothing = Standing::new(PriceSource::Assumed);
    let blind = View { runway: None, drift: None, burn: None, stuck: None, doubt: None, silence: None, ..view(&nothing) };
    let known: Vec<RuleKind> = RuleKind::ALL.iter().copied().filter(|kind| see(*kind, &blind).seen.is_some()).collect();
    assert_eq!(known, [RuleKind::NoObservation, RuleKind::ProviderFailing, RuleKind::CredentialsRefused]);
    assert_eq!(see(RuleKind::NoObservation, &blind).seen.unwrap().figure, Figure::NoFigure { for_ms: 70 * 60_000 }, "expected since it is watched");
    assert_eq!(see(RuleKind::CredentialsRefused, &blind).unanswered, None);

    let starting = View { starting: true, ..view(&nothing) };
    for kind in [RuleKind::NoObservation, RuleKind::ProviderFailing, RuleKind::MessagesStuck] {
        assert_eq!(see(kind, &starting).seen, None, "{kind:?} while starting");
    }
    assert_eq!(see(RuleKind::DriftAbove, &view(&nothing)).seen, None, "nothing is drift under an assumed price");
}

#[test]
fn whether_a_confirmation_can_still_come() {
    let failing = Standing { failure: Some(failure(false)), ..standing() };
    assert_eq!(see(RuleKind::BalanceBelow, &view(&failing)).unanswered.map(|unanswered| unanswered.is_last), Some(false));
    let own = standing();
    assert_eq!(see(RuleKind::BalanceBelow, &view(&own)).unanswered, None);
    let last = View { asks_no_more: true, ..view(&own) };
    assert_eq!(see(RuleKind::BalanceBelow, &last).unanswered, Some(Unanswered { reason: "the provider is not asked now".to_owned(), is_last: true }));
    let cleared = Standing { cleared_seq: 50, ..standing() };
    assert_eq!(see(RuleKind::BalanceBelow, &view(&cleared)).newest_seq, 50, "a cleared figure confirms nothing");
}
