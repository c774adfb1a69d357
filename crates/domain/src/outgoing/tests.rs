//! The shapes of events, which other programs rely on.

use super::*;
use crate::alert::{Figure, Moment, Notice, NoticeKind, Options, Reading, Rule, RuleKind, Seen, Unanswered, default_rules, step};
use crate::balance::State;
use crate::ids::{AccountId, BatchId, MessageId};
use crate::units::Units;

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_micros(1_795_000_000_000_000 + minutes * 60_000_000)
}

fn of() -> Of {
    Of { account: "onfon".to_owned(), account_id: AccountId::from_raw(1), unit: "units".to_owned() }
}

fn message(state: MessageState) -> MessageChanged {
    MessageChanged {
        id: MessageId::from_raw(2),
        to: crate::Msisdn::from_stored("254712345678".to_owned()),
        from: Some("PROMO".to_owned()),
        reference: Some("order-17".to_owned()),
        state,
        cause: Some("report:delivrd".to_owned()),
        account: "onfon".to_owned(),
        account_id: AccountId::from_raw(1),
        batch_id: Some(BatchId::from_raw(3)),
        segments: 2,
        charge: Units::from_micros(1_600_000),
        created_at: at(0),
        changed_at: at(1),
    }
}

/// What the default rule of `kind` tells of a figure that reaches its level, and that cannot be confirmed.
fn fired(kind: RuleKind, figure: Figure) -> Notice {
    let rule: Rule = default_rules().into_iter().find(|rule| rule.kind() == kind).unwrap();
    let seen = Seen { figure, balance: Some(Units::whole(950)), advice: None };
    let unanswered = Unanswered { reason: "no answer in 15 s".to_owned(), is_last: true };
    let reading = Reading { seen: Some(seen), unanswered: Some(unanswered), ..Reading::default() };
    step(&rule, &Options::default(), crate::alert::State::default(), &reading, Moment { at: at(0), local_minute: 0 }).notices.remove(0)
}

fn low() -> BalanceLow {
    BalanceLow::of(&fired(RuleKind::BalanceBelow, Figure::Balance { units: Units::whole(950) }), of()).unwrap()
}

fn one_of_each() -> Vec<Event> {
    let units = Units::whole;
    let changed = BalanceChanged {
        of: of(),
        balance: units(950),
        previous: Some(units(1_000)),
        observed: Some(units(960)),
        observed_at: Some(at(0)),
        pending: units(10),
        queued: units(0),
        state: State::Settling,
        version: 77,
    };
    let top_up = TopUpSeen { of: of(), amount_low: units(4_990), amount_high: units(5_000), settled: false, balance: units(5_940), seen_at: at(2) };
    let drift = DriftFound { of: of(), amount: units(12), expected: units(960), observed: units(948), from: at(0), until: at(5) };
    let counts = BatchCounts { delivered: 98, unknown: 2, ..BatchCounts::default() };
    let batch = BatchDone {
        id: BatchId::from_raw(3),
        of: of(),
        name: Some("October".to_owned()),
        messages: 100,
        counts,
        charge: units(80),
        spent: units(80),
        created_at: at(0),
        ended_at: at(9),
    };
    let mut all = vec![EventData::BalanceChanged(changed), EventData::BalanceLow(low()), EventData::TopUpSeen(top_up), EventData::DriftFound(drift)];
    all.extend([MessageState::Delivered, MessageState::Undelivered, MessageState::Unknown].into_iter().filter_map(|state| EventData::message(message(state))));
    all.push(EventData::BatchDone(batch));
    all.into_iter().map(|data| Event { data, timestamp: at(9) }).collect()
}

#[test]
fn every_kind_is_told_under_its_word() {
    let all = one_of_each();
    assert_eq!(all.iter().map(|event| event.data.kind()).collect::<Vec<_>>(), EventKind::ALL);
    for event in &all {
        let body = serde_json::to_value(event).unwrap();
        assert_eq!(body["type"], event.data.kind().as_str());
        assert_eq!(body["timestamp"], "2026-11-18T11:15:40.000000Z");
        assert!(body["data"].is_object() && body.as_object().unwrap().len() == 3, "{body}");
        assert_eq!(EventKind::from_word(event.data.kind().as_str()), Some(event.data.kind()));
        assert_eq!(&serde_json::from_value::<Event>(body).unwrap(), event);
    }
}

#[test]
fn bodies_are_as_they_were() {
    let bodies: Vec<String> = one_of_each().iter().map(|event| serde_json::to_string_pretty(event).unwrap()).collect();
    insta::assert_snapshot!("bodies", bodies.join("\n"));
}

#[test]
fn only_the_ends_that_somebody_waits_for_are_news() {
    let news: Vec<MessageState> = MessageState::ALL.iter().copied().filter(|state| EventData::message(message(*state)).is_some()).collect();
    assert_eq!(news, [MessageState::Delivered, MessageState::Undelivered, MessageState::Unknown]);
}

#[test]
fn only_a_low_balance_or_runway_that_fired_is_low() {
    let runway = fired(RuleKind::RunwayBelow, Figure::Runway { left_ms: 5 });
    assert_eq!(BalanceLow::of(&runway, of()).map(|low| low.figure), Some(Figure::Runway { left_ms: 5 }));
    assert_eq!(BalanceLow::of(&fired(RuleKind::CredentialsRefused, Figure::Key { refused: true }), of()), None);
    assert_eq!(BalanceLow::of(&Notice { kind: NoticeKind::Reminder, ..runway }, of()), None);
}
