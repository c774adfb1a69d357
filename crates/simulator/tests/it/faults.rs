//! Faults of the pure model: what each does to the answer, and what really happened behind it.

use salio_simulator::Model;
use salio_simulator::core::{Fault, Micros, Next, Wire};
use serde_json::Value;

use crate::run::{HOUR, ask, json, model, submit, submit_json, text};

const ROWS: [(&str, &str); 4] = [("254712345671", "a"), ("254712345672", "a"), ("254712345673", "a"), ("254712345674", "a")];

fn with_next(fault: &str) -> Model {
    let mut model = model(r#"{"credit":"10"}"#);
    let fault: Fault = serde_json::from_str(fault).unwrap();
    model.add_next(Next { service: None, fault, count: 1 });
    model
}

fn numbers(answer: &Value) -> Vec<String> {
    answer["Data"].as_array().unwrap().iter().map(|row| row["MobileNumber"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn faults_that_replace_the_answer_say_whether_the_submission_counts() {
    for (fault, wire, status, accepted) in [
        (r#"{"kind":"stall"}"#, Wire::Stall, 200, 0),
        (r#"{"kind":"stall","effect":"now"}"#, Wire::Stall, 200, 4),
        (r#"{"kind":"reset_before_effect"}"#, Wire::Reset, 200, 0),
        (r#"{"kind":"reset_after_effect"}"#, Wire::Reset, 200, 4),
        (r#"{"kind":"http_status","code":503}"#, Wire::Whole, 503, 0),
        (r#"{"kind":"http_status","code":429,"effect":"now"}"#, Wire::Whole, 429, 4),
        (r#"{"kind":"html200"}"#, Wire::Whole, 200, 0),
        (r#"{"kind":"empty200"}"#, Wire::Whole, 200, 4),
        (r#"{"kind":"redirect"}"#, Wire::Whole, 302, 0),
        (r#"{"kind":"truncated"}"#, Wire::Whole, 200, 4),
        (r#"{"kind":"xml"}"#, Wire::Whole, 200, 4),
        (r#"{"kind":"refuse","code":6}"#, Wire::Whole, 200, 0),
        (r#"{"kind":"refuse","code":7,"http":401}"#, Wire::Whole, 401, 0),
        (r#"{"kind":"out_of_credit"}"#, Wire::Whole, 200, 0),
    ] {
        let mut model = with_next(fault);
        let answer = submit(&mut model, 0, &ROWS);
        assert_eq!((answer.wire, answer.status, model.accepted().len()), (wire, status, accepted), "{fault}");
        assert_eq!(model.books().credit, Micros(10_000_000 - 1_000_000 * i64::try_from(accepted).unwrap()), "{fault}");
        let next = submit_json(&mut model, 0, &ROWS[..1]);
        assert_eq!(next["ErrorCode"], 0, "{fault}: the next call is well");
    }
}

#[test]
fn a_refused_submission_may_take_effect_an_hour_later() {
    let mut model = with_next(r#"{"kind":"http_status","code":429,"effect":{"later_ms":3600000}}"#);
    submit(&mut model, 7, &ROWS[..2]);
    model.advance(HOUR);
    assert_eq!(model.accepted().len(), 0);
    model.advance(HOUR + 7);
    assert_eq!(model.accepted().iter().map(|message| (message.call_no, message.at)).collect::<Vec<_>>(), [(1, HOUR + 7), (1, HOUR + 7)]);
    model.advance(9 * HOUR);
    assert_eq!((model.accepted().len(), model.books().credit), (2, Micros(8_000_000)));
}

#[test]
fn envelopes_of_refusals() {
    let mut model = with_next(r#"{"kind":"refuse","code":33,"text":"closed"}"#);
    let answer = submit_json(&mut model, 0, &ROWS);
    assert_eq!((answer["ErrorCode"].as_i64(), answer["ErrorDescription"].as_str()), (Some(33), Some("closed")));
    for (fault, code, said) in [
        (r#"{"kind":"out_of_credit"}"#, 21, "Insufficient credit"),
        (r#"{"kind":"http_status","code":401,"body":"envelope"}"#, 7, "Invalid API credentials"),
        (r#"{"kind":"http_status","code":500,"body":"envelope"}"#, 6, "An error occurred on the server"),
        (r#"{"kind":"http_status","code":500,"body":"envelope","error_code":40}"#, 40, "Report cannot be published"),
    ] {
        let answer = submit_json(&mut with_next(fault), 0, &ROWS);
        assert_eq!((answer["ErrorCode"].as_i64(), answer["ErrorDescription"].as_str()), (Some(code), Some(said)), "{fault}");
    }
}

#[test]
fn rows_go_missing_and_their_messages_count() {
    for (at, left) in [("end", vec!["254712345671", "254712345672"]), ("start", vec!["254712345673", "254712345674"])] {
        let mut model = with_next(&format!(r#"{{"kind":"missing_rows","count":2,"at":"{at}"}}"#));
        assert_eq!(numbers(&submit_json(&mut model, 0, &ROWS)), left);
        assert_eq!(model.accepted().len(), 4);
    }
    let mut model = with_next(r#"{"kind":"missing_rows","count":99,"at":"anywhere"}"#);
    assert!(numbers(&submit_json(&mut model, 0, &ROWS)).is_empty());
    assert_eq!(model.accepted().len(), 4);
}

#[test]
fn rows_come_extra_reordered_or_twice() {
    let sent: Vec<String> = ROWS.iter().map(|(number, _)| (*number).to_owned()).collect();
    let extra = numbers(&submit_json(&mut with_next(r#"{"kind":"extra_rows","count":2}"#), 0, &ROWS));
    assert_eq!((&extra[..4], extra.len()), (&sent[..], 6));
    let mut reordered = numbers(&submit_json(&mut with_next(r#"{"kind":"reordered_rows"}"#), 0, &ROWS));
    assert_ne!(reordered, sent);
    reordered.sort();
    assert_eq!(reordered, sent);
    let mut model = with_next(r#"{"kind":"duplicated_rows","count":2}"#);
    let twice = numbers(&submit_json(&mut model, 0, &ROWS));
    assert_eq!((&twice[..4], &twice[4..], model.accepted().len()), (&sent[..], &sent[..2], 4));
}

#[test]
fn ids_are_shared_or_hidden() {
    let mut model = with_next(r#"{"kind":"duplicate_ids"}"#);
    let shared = submit_json(&mut model, 0, &ROWS);
    let ids: Vec<&Value> = shared["Data"].as_array().unwrap().iter().map(|row| &row["MessageId"]).collect();
    assert!(ids.windows(2).all(|pair| pair[0] == pair[1]) && *ids[0] == *model.accepted()[3].message_id, "{ids:?}");
    for (form, shown) in [("empty", Some("\"\"")), ("null", Some("null")), ("absent", None), ("blank", Some("\"  \""))] {
        let mut model = with_next(&format!(r#"{{"kind":"no_message_id","form":"{form}"}}"#));
        let answer = submit_json(&mut model, 0, &ROWS);
        assert_eq!(answer["Data"][0].get("MessageId").map(Value::to_string).as_deref(), shown, "{form}");
        assert_eq!(answer["Data"][0]["MessageErrorCode"], 0);
        assert_eq!(model.accepted()[0].message_id.len(), 36, "the message has an id all the same");
    }
}

#[test]
fn partial_refusals_charge_only_what_was_accepted() {
    let mut model = model(r#"{"credit":"1000","faults":{"chances":[{"per_mille":1000,"fault":{"kind":"partial_refusals","per_mille":400}}]}}"#);
    let mut refused = 0;
    for _ in 0..50 {
        let answer = submit_json(&mut model, 0, &ROWS);
        refused += answer["Data"].as_array().unwrap().iter().filter(|row| row["MessageErrorCode"] == 401).count();
    }
    assert!((50..110).contains(&refused), "{refused} of 200 at 400 per mille");
    assert_eq!(model.accepted().len(), 200 - refused);
    assert_eq!(model.books().charged.0, 1_000_000 * i64::try_from(200 - refused).unwrap());
}

#[test]
fn bodies_are_spoiled_in_the_ways_they_are_seen() {
    let plain = text(&ask(&mut model(r#"{"credit":"10"}"#), 0));
    let spoiled = |fault: &str| ask(&mut with_next(fault), 0);
    let bom = spoiled(r#"{"kind":"bom"}"#);
    assert!(bom.body.starts_with(b"\xEF\xBB\xBF \r\n") && text(&bom).ends_with(&plain));
    let cut = spoiled(r#"{"kind":"truncated","keep_per_mille":250}"#);
    assert_eq!(text(&cut), plain[..plain.len() / 4]);
    let short = spoiled(r#"{"kind":"truncated","cut_connection":true}"#);
    assert_eq!((short.wire, text(&short).as_str()), (Wire::CutShort(plain.len() / 2), plain.as_str()));
    let typed = spoiled(r#"{"kind":"wrong_content_type","value":"text/plain"}"#);
    assert_eq!((typed.content_type.as_deref(), text(&typed)), (Some("text/plain"), plain.clone()));
    let xml = spoiled(r#"{"kind":"xml"}"#);
    assert!(text(&xml).contains("<Credits>10.00</Credits>") && xml.content_type.is_some_and(|kind| kind.contains("xml")));
    let large = spoiled(r#"{"kind":"oversize"}"#);
    assert!(large.body.len() >= 2 * 1024 * 1024);
    assert_eq!(json(&large)["Data"], serde_json::from_str::<Value>(&plain).unwrap()["Data"]);
}

#[test]
fn balance_figures_can_be_wrong_stale_or_raw() {
    let mut model = model(r#"{"credit":"10"}"#);
    ask(&mut model, 0);
    submit(&mut model, 0, &ROWS);
    for (fault, credits) in [
        (r#"{"kind":"stale_figure"}"#, "10.00"),
        (r#"{"kind":"credits","raw":"\"KSh5\""}"#, "\"KSh5\""),
        (r#"{"kind":"credits","raw":"€0.6991"}"#, "€0.6991"),
        (r#"{"kind":"out_of_credit"}"#, "0.00"),
        (r#"{"kind":"none"}"#, "6.00"),
    ] {
        model.add_next(Next { service: None, fault: serde_json::from_str(fault).unwrap(), count: 1 });
        assert!(text(&ask(&mut model, 0)).contains(&format!("\"Credits\":{credits}}}")), "{fault}");
    }
}

#[test]
fn latency_is_named_not_waited_for() {
    let mut model = model(r#"{"faults":{"latency_ms":50,"jitter_ms":10,"next":[{"fault":{"kind":"latency","ms":200,"before_ms":70}}]}}"#);
    let begun = model.begin(0, salio_simulator::core::Service::Balance);
    assert_eq!(begun.fault.before_ms(), 70);
    assert!((50..=60).contains(&begun.latency_ms));
    model.add_next(Next { service: None, fault: begun.fault, count: 1 });
    assert!((250..=260).contains(&ask(&mut model, 0).delay_ms));
    assert!((50..=60).contains(&ask(&mut model, 0).delay_ms));
}
