//! Whose message a report means: as tables, and that no other message can be meant when one is found.

use proptest::prelude::*;

use super::super::ReportOutcome;
use super::*;
use MessageState::{Delivered, Failed, Queued, Sent, Submitting, Undelivered, Unknown};

const NOW: Timestamp = Timestamp::from_micros(1_795_000_000_000_000);
const NUMBER: &str = "254712345678";
const OTHER: &str = "254722345678";

/// Begun `hours` ago.
fn candidate(id: i64, number: &str, state: MessageState, hours: u64, named: bool) -> Candidate {
    let number = Msisdn::from_stored(number.to_owned());
    Candidate { id: MessageId::from_raw(id), number, state, text: "Your code is 1234".to_owned(), begun_at: NOW.before(Duration::from_hours(hours)), named }
}

fn report(number: Option<&str>, text: Option<&str>) -> DeliveryReport {
    let own = |text: Option<&str>| text.map(str::to_owned);
    DeliveryReport { provider_message_id: None, number: own(number), word: None, outcome: ReportOutcome::Delivered, error_code: None, text: own(text), done_at: None }
}

fn named(number: Option<&str>, candidates: &[Candidate]) -> Option<i64> {
    by_name(&report(number, None), candidates).map(MessageId::raw)
}

fn numbered(candidates: &[Candidate]) -> Option<i64> {
    by_number(&report(Some(NUMBER), None), candidates, NOW).map(MessageId::raw)
}

#[test]
fn a_name_means_the_oldest_open_one_that_fits_else_the_newest() {
    let of = |id, number, state, hours| candidate(id, number, state, hours, true);
    for (candidates, found) in [
        (vec![], None),
        (vec![of(1, NUMBER, Sent, 1)], Some(1)),
        (vec![of(1, OTHER, Sent, 1)], None),
        (vec![of(1, OTHER, Sent, 5), of(2, NUMBER, Sent, 1)], Some(2)),
        (vec![of(1, NUMBER, Sent, 2), of(2, NUMBER, Sent, 5)], Some(2)),
        (vec![of(1, NUMBER, Delivered, 9), of(2, NUMBER, Sent, 5), of(3, NUMBER, Unknown, 1)], Some(2)),
        (vec![of(1, NUMBER, Delivered, 2), of(2, NUMBER, Undelivered, 5)], Some(1)),
        (vec![of(7, NUMBER, Sent, 2), of(4, NUMBER, Sent, 2)], Some(4)),
        (vec![of(1, NUMBER, Sent, 2000)], Some(1)),
    ] {
        assert_eq!(named(Some(NUMBER), &candidates), found, "{candidates:?}");
    }
}

#[test]
fn numbers_are_compared_however_they_are_written() {
    let candidates = [candidate(1, NUMBER, Sent, 1, true)];
    for written in ["254712345678", "+254712345678", "0712345678", "712345678", "00254712345678", " +254 712-345 678 "] {
        assert_eq!(named(Some(written), &candidates), Some(1), "{written}");
        let in_doubt = [candidate(1, NUMBER, Unknown, 1, false)];
        assert_eq!(by_number(&report(Some(written), None), &in_doubt, NOW), Some(MessageId::from_raw(1)), "{written}");
    }
    for other in ["254712345679", "0722345678", "255712345678", "1254712345678", "7123456789"] {
        assert_eq!(named(Some(other), &candidates), None, "{other}");
    }
    for no_number in ["", "+", "0", "345678", "2547****5678", "unknown", "SHORT1234567"] {
        assert_eq!(named(Some(no_number), &candidates), Some(1), "{no_number:?} speaks against nobody");
        assert_eq!(by_number(&report(Some(no_number), None), &[candidate(1, NUMBER, Unknown, 1, false)], NOW), None, "{no_number:?} names nobody");
    }
    assert_eq!(named(None, &candidates), Some(1));
}

#[test]
fn a_number_means_the_one_message_in_doubt_or_none() {
    let of = |id, state, hours, named| candidate(id, NUMBER, state, hours, named);
    for (candidates, found) in [
        (vec![], None),
        (vec![of(1, Unknown, 1, false)], Some(1)),
        (vec![of(1, Queued, 1, false)], Some(1)),
        (vec![of(1, Unknown, 24, false)], Some(1)),
        (vec![of(1, Unknown, 25, false)], None),
        (vec![of(1, Unknown, 1, true)], None),
        (vec![of(1, Unknown, 1, false), of(2, Unknown, 3, false)], None),
        (vec![of(1, Unknown, 1, false), of(2, Queued, 3, false)], None),
        (vec![of(1, Unknown, 1, false), of(2, Unknown, 30, false)], Some(1)),
        (vec![of(1, Unknown, 1, false), of(2, Unknown, 3, true)], Some(1)),
        (vec![of(1, Unknown, 1, false), of(2, Submitting, 0, false)], None),
        (vec![of(1, Unknown, 1, false), of(2, Submitting, 0, true)], None),
        (vec![of(1, Submitting, 0, false)], None),
        (vec![of(1, Sent, 1, false)], Some(1)),
        (vec![of(1, Sent, 1, true)], None),
        (vec![of(1, Sent, 30, false)], None),
        (vec![of(1, Sent, 1, false), of(2, Sent, 3, false)], None),
        (vec![of(1, Sent, 1, false), of(2, Submitting, 0, false)], None),
        (vec![of(1, Delivered, 1, false)], None),
        (vec![of(1, Unknown, 1, false), of(2, Sent, 2, false)], None),
        (vec![of(1, Unknown, 1, false), of(2, Sent, 2, true), of(3, Delivered, 1, false), of(4, Failed, 1, false)], Some(1)),
        (vec![of(1, Unknown, 1, false), candidate(2, OTHER, Unknown, 1, false)], Some(1)),
        (vec![candidate(2, OTHER, Unknown, 1, false)], None),
    ] {
        assert_eq!(numbered(&candidates), found, "{candidates:?}");
    }
    assert_eq!(by_number(&report(None, None), &[of(1, Unknown, 1, false)], NOW), None);
}

#[test]
fn a_text_must_be_the_messages_or_its_beginning() {
    for (text, fits) in [
        (Some("Your code is 1234"), true),
        (Some("'Your code is 1234'"), true),
        (Some("Your code"), true),
        (Some("'Your code'"), true),
        (Some("'Your code"), true),
        (Some(" 'Your code ' "), true),
        (Some(""), true),
        (Some("''"), true),
        (None, true),
        (Some("Your code is 12345"), false),
        (Some("code is 1234"), false),
        (Some("your code"), false),
        (Some("\"Your code\""), false),
        (Some("'Other'"), false),
    ] {
        let found = by_number(&report(Some(NUMBER), text), &[candidate(1, NUMBER, Unknown, 1, false)], NOW);
        assert_eq!(found.is_some(), fits, "{text:?}");
    }
    let quoted = Candidate { text: "'Quoted' it begins".to_owned(), ..candidate(1, NUMBER, Unknown, 1, false) };
    assert!(by_number(&report(Some(NUMBER), Some("'Quoted'")), std::slice::from_ref(&quoted), NOW).is_some());
}

fn any_candidate() -> impl Strategy<Value = Candidate> {
    let number = prop::sample::select(&[NUMBER, OTHER][..]);
    let state = prop::sample::select(MessageState::ALL);
    (1..1000_i64, number, state, 0..40_u64, any::<bool>()).prop_map(|(id, number, state, hours, named)| candidate(id, number, state, hours, named))
}

fn any_candidates() -> impl Strategy<Value = (Vec<Candidate>, Vec<Candidate>)> {
    prop::collection::vec(any_candidate(), 0..6).prop_flat_map(|mut candidates| {
        candidates.sort_by_key(|candidate| candidate.id);
        candidates.dedup_by_key(|candidate| candidate.id);
        (Just(candidates.clone()), Just(candidates).prop_shuffle())
    })
}

proptest! {
    #[test]
    fn the_order_of_candidates_means_nothing((candidates, shuffled) in any_candidates()) {
        prop_assert_eq!(numbered(&candidates), numbered(&shuffled));
        prop_assert_eq!(named(Some(NUMBER), &candidates), named(Some(NUMBER), &shuffled));
        prop_assert_eq!(named(None, &candidates), named(None, &shuffled));
    }

    #[test]
    fn what_a_number_finds_is_in_doubt_and_alone((candidates, _) in any_candidates(), rival in any_candidate()) {
        if let Some(id) = numbered(&candidates) {
            let found = candidates.iter().find(|candidate| candidate.id.raw() == id).unwrap();
            prop_assert!(matches!(found.state, Unknown | Queued | Sent) && !found.named && found.number.as_str() == NUMBER);
            prop_assert!(candidates.iter().all(|candidate| candidate.state != Submitting || candidate.number.as_str() == OTHER));
            // A rival either cannot be meant and changes nothing, or makes it ambiguous: it never takes the report.
            let rival = Candidate { id: MessageId::from_raw(5000), ..rival };
            let with_rival: Vec<Candidate> = candidates.iter().cloned().chain([rival]).collect();
            prop_assert!(numbered(&with_rival).is_none_or(|found| found == id));
        }
    }

    #[test]
    fn a_name_finds_something_whenever_something_fits((candidates, _) in any_candidates()) {
        let fitting: Vec<&Candidate> = candidates.iter().filter(|candidate| candidate.number.as_str() == NUMBER).collect();
        let found = named(Some(NUMBER), &candidates).map(|id| fitting.iter().find(|candidate| candidate.id.raw() == id).copied().unwrap());
        prop_assert_eq!(found.is_some(), !fitting.is_empty());
        let any_open = fitting.iter().any(|candidate| !candidate.state.is_final());
        prop_assert!(found.is_none_or(|found| !found.state.is_final() || !any_open), "a final one only when none is open");
    }

    #[test]
    fn no_report_panics(number in any::<Option<String>>(), text in any::<Option<String>>(), candidate in any_candidate()) {
        let report = report(number.as_deref(), text.as_deref());
        let found = by_number(&report, std::slice::from_ref(&candidate), NOW).or_else(|| by_name(&report, std::slice::from_ref(&candidate)));
        prop_assert!(found.is_none_or(|id| id == candidate.id));
    }
}
