//! The services that tell what became of messages.

use salio_simulator::Model;
use salio_simulator::core::{Call, Service};
use serde_json::Value;

use crate::run::{LOGIN, json, model, submit};

fn get(model: &mut Model, now: i64, service: Service, more: &str) -> Value {
    json(&model.handle(now, &Call::Get { service, query: &format!("{LOGIN}{more}"), access_key: None }))
}

#[test]
fn a_message_is_submitted_and_then_done() {
    let mut model = model(r#"{"dlr":{"delay_ms":5000,"outcomes":[{"word":"UNDELIV","per_mille":1000,"error_code":"001"}]}}"#);
    submit(&mut model, 0, &[("254712345678", "Karibu")]);
    let id = format!("&MessageId={}", model.accepted()[0].message_id);
    let before = get(&mut model, 4_999_999, Service::MessageStatus, &id);
    assert_eq!((&before["Data"][0]["Status"], &before["Data"][0]["DoneDate"]), (&"SUBMITTED".into(), &"".into()));
    let after = get(&mut model, 5_000_000, Service::MessageStatus, &id);
    assert_eq!((&after["Data"][0]["Status"], &after["Data"][0]["DoneDate"]), (&"UNDELIV".into(), &"01-Jan-1970 03:00:05 AM".into()));
    assert_eq!(get(&mut model, 5_000_000, Service::MessageStatus, "&MessageId=nobody")["Data"], serde_json::json!([]));
}

#[test]
fn the_list_is_paged_newest_first_and_cut_by_date() {
    let mut model = model("{}");
    let day = 86_400_000_000;
    for (index, at) in [0, day, 2 * day].iter().enumerate() {
        submit(&mut model, *at, &[(&format!("25471234567{index}"), "Karibu")]);
    }
    let numbers = |answer: &Value| -> Vec<String> { answer["Data"]["messages"].as_array().unwrap().iter().map(|row| row["MobileNumber"].as_str().unwrap().to_owned()).collect() };
    let all = get(&mut model, 0, Service::SMS, "");
    assert_eq!((numbers(&all).len(), numbers(&all)[0].as_str(), &all["Data"]["total"]), (3, "254712345672", &"3".into()));
    let page = get(&mut model, 0, Service::SMS, "&start=1&length=1");
    assert_eq!((numbers(&page), &page["Data"]["total"]), (vec!["254712345671".to_owned()], &"3".into()));
    let cut = get(&mut model, 0, Service::SMS, "&fromdate=1970-01-02&enddate=1970-01-02");
    assert_eq!((numbers(&cut), &cut["Data"]["total"]), (vec!["254712345671".to_owned()], &"1".into()));
}

#[test]
fn lists_need_the_login_too() {
    let mut model = model("{}");
    for service in [Service::SMS, Service::MessageStatus] {
        let answer = model.handle(0, &Call::Get { service, query: "ApiKey=made-up-x", access_key: None });
        assert_eq!(json(&answer)["ErrorCode"], 7);
    }
}
