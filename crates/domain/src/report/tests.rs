//! Folding: the whole table, and that order and repetition of reports make no difference beyond what was decided first.

use proptest::prelude::*;

use super::*;
use crate::message::MessageState;

fn next(state: MessageState, resending: bool, outcome: ReportOutcome) -> Option<(MessageState, bool)> {
    fold(state, resending, outcome, None).map(|folded| (folded.state, folded.taken))
}

#[test]
fn the_whole_table() {
    use MessageState::{Delivered, Queued, Sent, Undelivered, Unknown};
    for (state, resending, delivered, failed, pending) in [
        (Sent, false, Some((Delivered, false)), Some((Undelivered, false)), None),
        (Sent, true, Some((Delivered, false)), Some((Undelivered, false)), None),
        (Unknown, false, Some((Delivered, true)), Some((Undelivered, true)), Some((Sent, true))),
        (Unknown, true, Some((Delivered, true)), Some((Undelivered, true)), Some((Sent, true))),
        (Queued, true, Some((Delivered, true)), Some((Undelivered, true)), Some((Sent, true))),
        (Queued, false, None, None, None),
    ] {
        assert_eq!(next(state, resending, ReportOutcome::Delivered), delivered, "{state:?} {resending}");
        assert_eq!(next(state, resending, ReportOutcome::Failed), failed, "{state:?} {resending}");
        assert_eq!(next(state, resending, ReportOutcome::Pending), pending, "{state:?} {resending}");
        assert_eq!(next(state, resending, ReportOutcome::Unmapped), None, "{state:?} {resending}");
    }
    for state in MessageState::ALL.iter().filter(|state| !matches!(state, Sent | Unknown | Queued)) {
        for (outcome, resending) in ReportOutcome::ALL.iter().flat_map(|outcome| [(*outcome, false), (*outcome, true)]) {
            assert_eq!(next(*state, resending, outcome), None, "{state:?} absorbs {outcome:?}");
        }
    }
}

#[test]
fn causes_are_stable_words() {
    let long = "x".repeat(100);
    for (word, cause) in [
        (None, "report".to_owned()),
        (Some(""), "report".to_owned()),
        (Some(" -- é"), "report".to_owned()),
        (Some("DELIVRD"), "report:delivrd".to_owned()),
        (Some("Sender Name_Blacklisted 2"), "report:sendernameblacklisted2".to_owned()),
        (Some("1"), "report:1".to_owned()),
        (Some(long.as_str()), format!("report:{}", "x".repeat(40))),
    ] {
        let folded = fold(MessageState::Sent, false, ReportOutcome::Delivered, word);
        assert_eq!(folded.map(|folded| folded.cause), Some(cause), "{word:?}");
    }
}

#[test]
fn words_come_back() {
    for outcome in ReportOutcome::ALL {
        assert_eq!(ReportOutcome::from_word(outcome.as_str()), Some(*outcome));
    }
    assert_eq!(ReportOutcome::ALL.iter().map(|outcome| outcome.as_str()).collect::<Vec<_>>(), ["delivered", "failed", "pending", "unmapped"]);
}

/// Where a message ends after reports in this order, and how often its doubtful charge became sure.
fn after(state: MessageState, reports: &[ReportOutcome]) -> (MessageState, usize) {
    reports.iter().fold((state, 0), |(state, taken), outcome| {
        let resending = state == MessageState::Queued;
        fold(state, resending, *outcome, None).map_or((state, taken), |folded| (folded.state, taken + usize::from(folded.taken)))
    })
}

fn outcome() -> impl Strategy<Value = ReportOutcome> {
    prop::sample::select(ReportOutcome::ALL)
}

fn open_state() -> impl Strategy<Value = MessageState> {
    prop::sample::select(&[MessageState::Sent, MessageState::Unknown, MessageState::Queued][..])
}

proptest! {
    #[test]
    fn the_first_decisive_report_decides(state in open_state(), reports in prop::collection::vec(outcome(), 0..12)) {
        let decisive = reports.iter().find(|outcome| matches!(outcome, ReportOutcome::Delivered | ReportOutcome::Failed));
        let expected = match decisive {
            Some(ReportOutcome::Delivered) => MessageState::Delivered,
            Some(_) => MessageState::Undelivered,
            None if reports.contains(&ReportOutcome::Pending) => MessageState::Sent,
            None => state,
        };
        let evidence = state != MessageState::Sent && reports.iter().any(|outcome| *outcome != ReportOutcome::Unmapped);
        prop_assert_eq!(after(state, &reports), (expected, usize::from(evidence)), "a doubtful charge becomes sure at most once");
    }

    #[test]
    fn repeating_and_reordering_change_nothing(state in open_state(), reports in prop::collection::vec(outcome(), 1..8), at in 0..8_usize, decisive in prop::sample::select(&[ReportOutcome::Delivered, ReportOutcome::Failed][..])) {
        let twice: Vec<ReportOutcome> = reports.iter().flat_map(|outcome| [*outcome, *outcome]).collect();
        prop_assert_eq!(after(state, &twice), after(state, &reports));
        let mut again = reports.clone();
        again.extend_from_slice(&reports);
        prop_assert_eq!(after(state, &again), after(state, &reports));
        // One decisive report among any number of indecisive ones, wherever it stands: the same end.
        let mut mixed: Vec<ReportOutcome> = reports.into_iter().filter(|outcome| matches!(outcome, ReportOutcome::Pending | ReportOutcome::Unmapped)).collect();
        mixed.insert(at.min(mixed.len()), decisive);
        prop_assert_eq!(after(state, &mixed), after(state, &[decisive]));
    }

    #[test]
    fn final_states_absorb_whatever_comes(state in prop::sample::select(MessageState::ALL), resending in any::<bool>(), outcome in outcome(), word in any::<Option<String>>()) {
        let folded = fold(state, resending, outcome, word.as_deref());
        if state.is_final() {
            prop_assert_eq!(folded, None);
        } else if let Some(folded) = folded {
            prop_assert!(folded.state != state, "a fold that changes nothing is none");
            prop_assert!(folded.cause.len() <= 47 && folded.cause.is_ascii());
        }
    }
}
