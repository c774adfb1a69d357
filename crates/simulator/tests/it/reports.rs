//! Delivery reports: planned by the model, sent over HTTP.

use std::collections::BTreeMap;

use crate::client::{control, send, start, until};
use crate::receiver;
use crate::run::{HOUR, model, submit};

fn words(json: &str, messages: usize) -> BTreeMap<String, usize> {
    let mut model = model(json);
    for index in 0..messages {
        submit(&mut model, 0, &[(&format!("2547{index:08}"), "Karibu")]);
    }
    let mut counted = BTreeMap::new();
    *counted.entry("(first)".to_owned()).or_insert(0) += model.take_reports_first().len();
    model.advance(HOUR);
    for report in model.take_reports() {
        *counted.entry(report.word.to_string()).or_insert(0) += 1;
    }
    counted
}

#[test]
fn outcomes_keep_their_shares() {
    let counted = words(
        r#"{"dlr":{"enabled":true,"outcomes":[{"word":"DELIVRD","per_mille":700},{"word":"UNDELIV","per_mille":200,"error_code":"013"},{"word":"EXPIRED","per_mille":0}]}}"#,
        2000,
    );
    assert!((1300..1500).contains(&counted["DELIVRD"]), "{counted:?}");
    assert!((320..480).contains(&counted["UNDELIV"]), "{counted:?}");
    assert!((140..260).contains(&counted["EXPIRED"]), "the last takes what is left: {counted:?}");
}

#[test]
fn reports_come_twice_in_between_or_never() {
    assert_eq!(words(r#"{"dlr":{"enabled":true,"duplicate_per_mille":1000}}"#, 5)["DELIVRD"], 10);
    let interim = words(r#"{"dlr":{"enabled":true,"interim_per_mille":1000,"interim_word":"ENROUTE"}}"#, 5);
    assert_eq!((interim["ENROUTE"], interim["DELIVRD"]), (5, 5));
    assert_eq!(words(r#"{"dlr":{"enabled":true,"lost_per_mille":1000}}"#, 5).get("DELIVRD"), None);
    assert_eq!(words(r#"{"dlr":{"enabled":true,"reordered_per_mille":1000}}"#, 5)["SUBMITTED"], 5);
    assert_eq!(words(r#"{"dlr":{}}"#, 5).get("DELIVRD"), None, "off without a url");
}

#[test]
fn switching_reports_on_changes_no_fate() {
    let fates = |more: &str| {
        let outcomes = r#""outcomes":[{"word":"DELIVRD","per_mille":500},{"word":"UNDELIV","per_mille":500}]"#;
        let mut model = model(&format!(r#"{{"dlr":{{{outcomes}{more}}}}}"#));
        for index in 0..50 {
            submit(&mut model, 0, &[(&format!("2547{index:08}"), "Karibu")]);
        }
        model.accepted().to_vec()
    };
    assert_eq!(fates(""), fates(r#","enabled":true,"duplicate_per_mille":300,"lost_per_mille":200"#));
}

#[test]
fn a_pending_word_can_come_after_the_final_one() {
    let mut model = model(r#"{"dlr":{"enabled":true,"delay_ms":4000,"reordered_per_mille":1000,"interim_word":"ENROUTE"}}"#);
    submit(&mut model, 0, &[("254712345678", "Karibu")]);
    model.advance(HOUR);
    let came: Vec<(String, i64)> = model.take_reports().iter().map(|report| (report.word.to_string(), report.done_at)).collect();
    assert_eq!(came, [("DELIVRD".to_owned(), 4_000_000), ("ENROUTE".to_owned(), 2_000_000)]);
}

#[test]
fn reports_can_overtake_the_answer() {
    let mut model = model(r#"{"dlr":{"enabled":true,"before_answer_per_mille":1000}}"#);
    let answer = submit(&mut model, 5, &[("254712345678", "Karibu")]);
    assert_eq!((answer.reports_first.len(), answer.reports_first[0].done_at), (1, 5));
    model.advance(HOUR);
    assert!(model.take_reports().is_empty());
}

#[tokio::test]
async fn every_shape_arrives() {
    let (addr, received) = receiver::start("ACK/Jasmin").await;
    let sim = start("{}").await;
    for (shape, line, body) in [
        ("s1", "GET /dlr?token=made-up&messageId=", ""),
        ("s1_post", "POST /dlr?token=made-up ", "messageId="),
        ("s2", "POST /dlr?token=made-up ", "MessageId="),
        ("s2_get", "GET /dlr?token=made-up&MessageId=", ""),
        ("s2_json", "POST /dlr?token=made-up ", "{\"MessageId\":"),
        ("s3", "POST /dlr?token=made-up ", "{\"DeliveryTime\":"),
        ("s3_snake", "POST /dlr?token=made-up ", "{\"delivery_time\":"),
        ("s3_get", "GET /dlr?token=made-up&MessageId=", ""),
        ("s4", "GET /dlr?token=made-up&id=", ""),
        ("s4_post", "POST /dlr?token=made-up ", "id="),
        ("s4_level1", "GET /dlr?token=made-up&id=", ""),
        ("s4_level1_post", "POST /dlr?token=made-up ", "id="),
    ] {
        received.lock().unwrap().clear();
        control(&sim, "PUT", "/sim/dlr", &format!(r#"{{"url":"http://{addr}/dlr?token=made-up","shape":"{shape}","delay_ms":5}}"#)).await;
        send(&sim, &[("254712345678", shape)]).await;
        until(shape, || received.lock().unwrap().len() == 1).await;
        let (first, sent) = received.lock().unwrap()[0].clone();
        assert!(first.starts_with(line) && sent.starts_with(body), "{shape}: {first} {sent}");
        let id = sim.with(|model, _| model.accepted().last().unwrap().message_id.clone());
        assert!(format!("{first}{sent}").contains(&*id), "{shape}");
    }
    until("all are acknowledged", || sim.reports().acknowledged == 12).await;
    sim.shutdown().await;
}

#[tokio::test]
async fn a_report_before_the_answer_has_arrived_when_the_answer_does() {
    let (addr, received) = receiver::start("OK").await;
    let sim = start(&format!(r#"{{"dlr":{{"url":"http://{addr}/dlr","before_answer_per_mille":1000,"duplicate_per_mille":1000,"delay_ms":10}}}}"#)).await;
    send(&sim, &[("254712345678", "a")]).await;
    assert!(!received.lock().unwrap().is_empty(), "the report comes first");
    until("its repetition", || received.lock().unwrap().len() == 2).await;
    sim.shutdown().await;
}

#[tokio::test]
async fn only_the_shape_that_wants_acknowledgement_repeats() {
    let (addr, received) = receiver::start("OK").await;
    let sim = start(&format!(r#"{{"dlr":{{"url":"http://{addr}/dlr","shape":"s4","delay_ms":0,"retry_ms":5}}}}"#)).await;
    send(&sim, &[("254712345678", "a")]).await;
    until("one report and three repetitions", || sim.reports().refused == 4).await;
    control(&sim, "PUT", "/sim/dlr", &format!(r#"{{"url":"http://{addr}/dlr","shape":"s1","delay_ms":0}}"#)).await;
    send(&sim, &[("254712345678", "b")]).await;
    until("one more", || sim.reports().acknowledged == 1).await;
    assert_eq!(received.lock().unwrap().len(), 5);
    sim.shutdown().await;
}

#[tokio::test]
async fn a_receiver_that_is_down_loses_the_report() {
    let sim = start(r#"{"dlr":{"url":"http://127.0.0.1:1/dlr","delay_ms":0}}"#).await;
    send(&sim, &[("254712345678", "a")]).await;
    until("it failed", || sim.reports().failed == 1).await;
    assert_eq!(sim.reports().sent, 1);
    sim.shutdown().await;
}
