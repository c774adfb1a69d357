//! Messages from phones in every shape.

use super::form;
use super::inbound::{acknowledgement, read};
use crate::{Inbound, RawCall};

fn call(query: &str, body: &str) -> (Vec<Inbound>, &'static str) {
    let query: Vec<(String, String)> = form::pairs(query).collect();
    let call = RawCall { query: &query, content_type: Some("application/json"), body: body.as_bytes() };
    (read(&call), acknowledgement(&call))
}

fn message(from: &str, to: Option<&str>, text: &str, id: Option<&str>, at: Option<&str>) -> Inbound {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    Inbound { from: from.to_owned(), to: owned(to), text: text.to_owned(), provider_message_id: owned(id), received_at: owned(at) }
}

#[test]
fn every_shape_that_has_been_seen() {
    let whole = || message("254712345678", Some("20880"), "STOP now", Some("mo-1"), Some("2026-11-22 17:12:28"));
    for body in [
        r#"{"From":"254712345678","To":"20880","Message":"STOP now","MessageId":"mo-1","ReceivedTime":"2026-11-22 17:12:28"}"#,
        r#"{"from":254712345678,"to":20880,"message":"STOP now","message_id":"mo-1","received_time":"2026-11-22 17:12:28"}"#,
        r#"[{"FROM":"254712345678","TO":"20880","MESSAGE":"STOP now","MESSAGEID":"mo-1","RECEIVEDTIME":"2026-11-22 17:12:28"}]"#,
        r#"{"Data":{"From":"254712345678","To":"20880","Message":"STOP now","MessageId":"mo-1","ReceivedTime":"2026-11-22 17:12:28"}}"#,
        r#"{"To":"20880","message":{"from":"254712345678","to":"20880","text":"STOP now","id":"mo-1","time":"2026-11-22 17:12:28"}}"#,
        "From=254712345678&To=20880&Message=STOP+now&MessageId=mo-1&ReceivedTime=2026-11-22%2017:12:28",
    ] {
        assert_eq!(call("", body), (vec![whole()], "OK"), "{body}");
    }
    assert_eq!(call("From=254712345678&To=20880&Message=STOP+now&MessageId=mo-1&ReceivedTime=2026-11-22+17:12:28", ""), (vec![whole()], "OK"));
    assert_eq!(call("shortcode=20880&mobile=0712345678&message=Hi", "").0, [message("0712345678", Some("20880"), "Hi", None, None)]);
    assert_eq!(call("", "shortcode=20880&msisdn=0712345678&message=Hi").0, [message("0712345678", Some("20880"), "Hi", None, None)]);
}

#[test]
fn the_engine_wants_its_own_words() {
    let plain = "id=mo-1&from=254712345678&to=20880&origin-connector=c1&priority=1&coding=0&validity=&content=Hi&binary=4869";
    let expected = vec![message("254712345678", Some("20880"), "Hi", Some("mo-1"), None)];
    assert_eq!(call(plain, ""), (expected.clone(), "ACK/Jasmin"));
    assert_eq!(call("", plain), (expected, "ACK/Jasmin"));
    for (coding, binary, text) in [("8", "00e9d83dde00", "é😀"), ("8", "00e", "??"), ("8", "", "??"), ("8", "zzzz", "??"), ("0", "00e9", "??"), ("8", "d83d", "\u{fffd}")] {
        let (messages, _) = call("", &format!("id=mo-1&from=1&to=2&origin-connector=c1&coding={coding}&content=??&binary={binary}"));
        assert_eq!(messages[0].text, text, "{coding} {binary}");
    }
}

#[test]
fn texts_are_kept_as_they_are() {
    for text in ["  STOP \n", "null", "", "'quoted'", "a=b&c", "{not json", "🙂"] {
        let body = serde_json::json!({"From": "1", "Message": text}).to_string();
        assert_eq!(call("", &body).0, [message("1", None, text, None, None)], "{text}");
    }
    assert_eq!(call("", r#"{"Message":"who?"}"#).0, [message("", None, "who?", None, None)]);
    let several = call("", r#"[{"From":"1","Message":"a"},{"From":"2","Message":"b"}]"#).0;
    assert_eq!(several, [message("1", None, "a", None, None), message("2", None, "b", None, None)]);
}

#[test]
fn what_holds_no_text_is_no_message() {
    for body in ["", "{}", "[]", "null", "hello", "<html>", r#"{"From":"1"}"#, r#"{"From":"1","Message":null}"#, r#"{"MessageId":"m-1","Status":"DELIVRD","MobileNumber":"1"}"#] {
        assert_eq!(call("", body), (Vec::new(), "OK"), "{body}");
    }
}
