//! What the tests of alerts share: rules, readings, and a story that steps one rule through time.

use super::*;
use crate::time::{Millis, Timestamp};
use crate::units::Units;

pub(super) const SECOND: Millis = 1_000;
pub(super) const MINUTE: Millis = 60 * SECOND;
pub(super) const HOUR: Millis = 60 * MINUTE;

/// Milliseconds after a fixed noon.
pub(super) fn at(ms: Millis) -> Timestamp {
    Timestamp::from_micros(1_795_000_000_000_000 + ms * 1_000)
}

pub(super) fn balance_below(whole: i64) -> Rule {
    Rule { slug: format!("balance-below-{whole}"), account: None, condition: Condition::BalanceBelow { level: Units::whole(whole) }, severity: Severity::Warning, enabled: true }
}

/// A rule that needs no confirmation: the key is refused or not.
pub(super) fn key_refused(severity: Severity) -> Rule {
    Rule { slug: "credentials-refused".to_owned(), account: None, condition: Condition::CredentialsRefused, severity, enabled: true }
}

/// A figure with nothing beside it.
pub(super) fn seen(figure: Figure) -> Option<Seen> {
    Some(Seen { figure, balance: None, advice: None })
}

pub(super) fn key(refused: bool) -> Reading {
    Reading { seen: seen(Figure::Key { refused }), ..Reading::default() }
}

/// A balance that the provider said at this very instant.
pub(super) fn fresh(units: Units, now: Timestamp) -> Reading {
    Reading { seen: seen(Figure::Balance { units }), asked: Some((1, now)), newest_seq: 1, ..Reading::default() }
}

/// A balance that rests on a question asked at sequence number `asked`, while `newest` is the last that happened.
pub(super) fn estimated(whole: i64, asked: i64, newest: i64) -> Reading {
    Reading { seen: seen(Figure::Balance { units: Units::whole(whole) }), asked: Some((asked, at(-HOUR))), newest_seq: newest, ..Reading::default() }
}

/// One rule stepped through time. Every state goes through its stored form, as if the process were restarted between any two steps.
pub(super) struct Story {
    pub rule: Rule,
    pub options: Options,
    pub state: State,
    pub told: Vec<Notice>,
    /// The local minute at offset 0.
    pub local_start: u16,
    pub asks: bool,
    pub next_at: Option<Timestamp>,
}

impl Story {
    pub fn new(rule: Rule) -> Self {
        Self { rule, options: Options::default(), state: State::default(), told: Vec::new(), local_start: 720, asks: false, next_at: None }
    }

    pub fn with(options: Options, rule: Rule) -> Self {
        Self { options, ..Self::new(rule) }
    }

    /// Steps at `ms` and says what was told, in words.
    pub fn step(&mut self, ms: Millis, reading: &Reading) -> Vec<&'static str> {
        let local_minute = u16::try_from((i64::from(self.local_start) + ms.div_euclid(MINUTE)).rem_euclid(1_440)).unwrap();
        let stored = serde_json::to_string(&self.state).unwrap();
        let loaded: State = serde_json::from_str(&stored).unwrap();
        assert_eq!(loaded, self.state);
        let step = step(&self.rule, &self.options, loaded, reading, Moment { at: at(ms), local_minute });
        assert!(step.next_at.is_none_or(|next| next > at(ms)), "a step that is due is ahead");
        self.state = step.state;
        self.asks = step.asks;
        self.next_at = step.next_at;
        let words = step.notices.iter().map(|notice| notice.kind.as_str()).collect();
        self.told.extend(step.notices);
        words
    }

    pub fn kinds(&self) -> Vec<NoticeKind> {
        self.told.iter().map(|notice| notice.kind).collect()
    }
}

pub(super) const NOTHING: [&str; 0] = [];
