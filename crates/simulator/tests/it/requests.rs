//! What the vendor refuses and what it lets pass.

use salio_simulator::Model;
use salio_simulator::core::{Call, Login, Micros, Service, SubmitReply, SubmitRequest, SubmitRow};

use crate::run::{HOUR, LOGIN, ask, body, json, model, submit_json};

fn post(model: &mut Model, body: &str) -> serde_json::Value {
    json(&model.handle(0, &Call::SendBulkSMS { body: body.as_bytes(), access_key: None }))
}

#[test]
fn whole_calls_are_refused_with_their_code() {
    let good = body(&[("254712345678", "a")]);
    for (bad, code) in [
        (good.replace("made-up-key", "made-up-other"), 7),
        (good.replace("\"ClientId\":\"made-up-client\"", "\"X\":1"), 7),
        (good.replace("Shop", ""), 3),
        (good.replace("Shop", "TwelveLetter"), 15),
        (body(&[]), 5),
        (good.replace("\"SenderId\"", "\"ScheduleDateTime\":\"tomorrow\",\"SenderId\""), 19),
        (good.replace('}', ""), 23),
    ] {
        let mut model = model("{}");
        let answer = post(&mut model, &bad);
        assert_eq!((&answer["ErrorCode"], &answer["Data"]), (&code.into(), &serde_json::Value::Null), "{bad}");
        assert!(model.accepted().is_empty(), "{bad}");
    }
}

#[test]
fn rows_are_refused_one_by_one() {
    let rows = [("254712345678", "a"), ("+254712345679", "a"), ("", "a"), ("254712345678", ""), ("25471234", "a"), ("2547x2345678", "a"), ("2547123456789012", "a")];
    let mut model = model("{}");
    let answer = submit_json(&mut model, 0, &rows);
    let rows = answer["Data"].as_array().unwrap();
    let codes: Vec<i64> = rows.iter().map(|row| row["MessageErrorCode"].as_i64().unwrap()).collect();
    assert_eq!(codes, [0, 0, 20, 4, 13, 13, 801]);
    assert!(rows.iter().all(|row| (row["MessageErrorCode"] == 0) == (row["MessageId"] != "")), "{rows:?}");
    assert_eq!(model.accepted().len(), 2);
}

#[test]
fn senders_that_are_not_on_the_account_are_refused_row_by_row() {
    let mut model = model(r#"{"senders":["shop"]}"#);
    let answer = submit_json(&mut model, 0, &[("254712345678", "a")]);
    assert_eq!((&answer["ErrorCode"], &answer["Data"][0]["MessageErrorCode"]), (&0.into(), &401.into()));
    assert_eq!(answer["Data"][0]["MessageErrorDescription"], "source_address filter mismatch");
}

#[test]
fn local_numbers_are_accepted_charged_and_never_delivered() {
    let mut model = model(r#"{"credit":"10","dlr":{"enabled":true}}"#);
    assert_eq!(submit_json(&mut model, 0, &[("0712345678", "a"), ("254712345678", "a")])["Data"][0]["MessageErrorCode"], 0);
    model.advance(HOUR);
    let reported: Vec<_> = model.take_reports().into_iter().map(|report| report.number).collect();
    assert_eq!(reported, [Box::from("254712345678")]);
    assert_eq!(model.books().credit, Micros(8_000_000));
}

#[test]
fn is_unicode_bills_by_70() {
    let mut model = model("{}");
    let seventy_one = "a".repeat(71);
    post(&mut model, &body(&[("254712345678", &seventy_one)]).replace("\"SenderId\"", "\"IsUnicode\":true,\"SenderId\""));
    assert_eq!(model.accepted()[0].segments, 2);
}

#[test]
fn wrong_credentials_come_as_envelope_or_401() {
    for (json_config, status) in [("{}", 200), (r#"{"variants":{"wrong_credentials":"http401"}}"#, 401)] {
        let mut model = model(json_config);
        let answer = model.handle(0, &Call::Get { service: Service::Balance, query: "ApiKey=made-up-x&ClientId=y", access_key: None });
        assert_eq!((answer.status, json(&answer)["ErrorCode"].as_i64()), (status, Some(7)));
    }
    let config = r#"{"credentials":{"access_key":"made-up-access","access_key_required":"header"}}"#;
    let mut model = model(config);
    assert_eq!(json(&ask(&mut model, 0))["ErrorCode"], 10);
    let answer = model.handle(0, &Call::Get { service: Service::Balance, query: LOGIN, access_key: Some("made-up-access") });
    assert_eq!(json(&answer)["ErrorCode"], 0);
}

#[test]
fn the_structured_face_needs_no_bytes() {
    let mut model = model(r#"{"credit":"3"}"#);
    let login = model.config().credentials.login();
    let rows = vec![SubmitRow { number: "254712345678".to_owned(), text: "a".to_owned() }];
    let request = SubmitRequest { login: login.clone(), sender: "Shop".to_owned(), rows, ..SubmitRequest::default() };
    let begun = model.begin(5, Service::SendBulkSMS);
    let SubmitReply::Rows(rows) = model.submit(5, &request, &begun) else { panic!("rows expected") };
    assert_eq!(rows[0].message_id.as_deref(), Some(&*model.accepted()[0].message_id));
    assert_eq!((model.accepted()[0].call_no, model.accepted()[0].at), (begun.call_no, 5));
    let begun = model.begin(6, Service::Balance);
    assert_eq!(model.balance(6, &login, &begun), salio_simulator::core::BalanceReply::Figure(Micros(2_000_000)));
    let begun = model.begin(7, Service::Balance);
    assert!(matches!(model.balance(7, &Login::default(), &begun), salio_simulator::core::BalanceReply::Refused(_)));
}

#[test]
fn repetitions_are_found() {
    let mut model = model("{}");
    for _ in 0..3 {
        submit_json(&mut model, 0, &[("254712345678", "a"), ("254712345679", "a")]);
    }
    submit_json(&mut model, 0, &[("254712345678", "b"), ("+254712345679", "c"), ("254712345679", "c")]);
    assert_eq!((model.repeated(), model.times_accepted("254712345678", "a"), model.times_accepted("254712345678", "c")), (3, 3, 0));
    let found = model.duplicates(10);
    assert_eq!(
        found.iter().map(|one| (one.text.as_str(), one.times, one.calls.as_slice())).collect::<Vec<_>>(),
        [("a", 3, &[1, 2, 3][..]), ("a", 3, &[1, 2, 3][..]), ("c", 2, &[4, 4][..]),]
    );
    assert_eq!(model.duplicates(1).len(), 1);
}

#[test]
fn time_never_runs_back() {
    let mut model = model("{}");
    model.advance(1000);
    model.advance(10);
    submit_json(&mut model, 0, &[("254712345678", "a")]);
    assert_eq!((model.now(), model.accepted()[0].at), (1000, 1000));
}
