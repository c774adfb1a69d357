//! Every shape of a delivery report and every quirk of them, and what must not become a report.

use salio_domain::report::DeliveryReport;
use salio_domain::report::ReportOutcome::{self, Delivered, Failed, Pending, Unmapped};

use super::reports::read;
use super::{form, inbound};
use crate::{MOST_IN_CALL, RawCall, ReportCall};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

fn call_of(query: &str, content_type: Option<&str>, body: impl AsRef<[u8]>) -> ReportCall {
    let query: Vec<(String, String)> = form::pairs(query).collect();
    read(&RawCall { query: &query, content_type, body: body.as_ref() })
}

fn get(query: &str) -> ReportCall {
    call_of(query, None, "")
}

fn post(body: &str) -> ReportCall {
    call_of("", Some(JSON), body)
}

/// The only report.
fn one(call: ReportCall) -> DeliveryReport {
    let [report] = call.reports.as_slice() else { panic!("{call:?}") };
    report.clone()
}

fn outcomes(call: &ReportCall) -> Vec<(Option<&str>, ReportOutcome)> {
    call.reports.iter().map(|report| (report.provider_message_id.as_deref(), report.outcome)).collect()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

const S1: &str =
    "messageId=m-1&mobile=254712345678&status=DELIVRD&errorCode=000&shortMessage=%27Karibu+%26+asante%27&submitDate=2018-03-16%2017:12:28&doneDate=2018-03-16%2017:13:28";
const S2: &str = "MessageId=m-1&Status=1&StatusDescription=DelivredToTerminal&MobileNumber=254712345678&NetworkCode=63902&Timestamp=2018-03-16+17%3A13%3A28";
const S4: &str = "id=m-1&message_status=UNDELIV&level=3&connector=c1&id_smsc=77&subdate=1803161712&donedate=1803161713&sub=001&dlvrd=000&err=013&text=Karibu";

#[test]
fn s1_by_any_method() {
    for call in [get(S1), call_of("", Some(FORM), S1), call_of("", Some(JSON), S1), call_of("", None, S1)] {
        assert_eq!((call.shape, call.acknowledge), ("s1", "OK"));
        let expected = DeliveryReport {
            provider_message_id: some("m-1"),
            number: some("254712345678"),
            word: some("DELIVRD"),
            outcome: Delivered,
            error_code: some("000"),
            text: some("Karibu & asante"),
            done_at: some("2018-03-16 17:13:28"),
        };
        assert_eq!(one(call), expected);
    }
}

#[test]
fn s2_by_any_method() {
    let json = r#"{"MessageId":"m-1","Status":1,"StatusDescription":"DelivredToTerminal","MobileNumber":254712345678,"NetworkCode":"63902","Timestamp":"2018-03-16 17:13:28"}"#;
    for call in [get(S2), call_of("", Some(FORM), S2), post(json), call_of("", Some(FORM), json), call_of("", Some("text/plain"), format!("\u{feff} \r\n{json}\n"))] {
        assert_eq!((call.shape, call.acknowledge), ("s2", "OK"));
        let report = one(call);
        assert_eq!((report.provider_message_id, report.number, report.outcome), (some("m-1"), some("254712345678"), Delivered));
        // The word beside the figure says more, and the operator's own number is no error.
        assert_eq!((report.word, report.error_code, report.done_at), (some("DelivredToTerminal"), None, some("2018-03-16 17:13:28")));
    }
}

#[test]
fn s2_under_its_other_names() {
    for (query, word, outcome) in [
        ("msgid=m-1&DeliveryStatus=Delivered", "Delivered", Delivered),
        ("msgid=m-1&StatusText=AbsentSubscriber&ErrorCode=27", "AbsentSubscriber", Failed),
        ("msgid=m-1&dlr_status=0", "0", Pending),
        ("MessageId=m-1&Status=3&StatusDescription=AbsentSubscriber", "AbsentSubscriber", Failed),
        ("MessageId=m-1&Status=2&MobileNumber=1", "2", Failed),
        ("MessageId=m-1&Status=2&StatusDescription=DeliveredToTerminal", "2", Failed),
        ("MessageId=m-1&Status=&StatusDescription=Rejected", "Rejected", Failed),
        ("MessageId=m-1&Status=77&StatusDescription=Rejected", "Rejected", Failed),
        ("MessageId=m-1&Status=77&StatusDescription=Something", "77", Unmapped),
    ] {
        for call in [get(query), call_of("", Some(FORM), query)] {
            assert_eq!(call.shape, "s2", "{query}");
            let report = one(call);
            assert_eq!((report.provider_message_id.as_deref(), report.word.as_deref(), report.outcome), (Some("m-1"), Some(word), outcome), "{query}");
        }
    }
}

#[test]
fn s3_in_both_casings_by_any_method() {
    for call in [
        post(r#"{"MessageId":"m-1","Status":"Failed","DeliveryTime":"2018-03-16 17:13:28","ErrorMessage":"no route"}"#),
        post(r#"{"message_id":"m-1","status":"Failed","delivery_time":"2018-03-16 17:13:28","error_message":"no route"}"#),
        get("MessageId=m-1&Status=Failed&DeliveryTime=2018-03-16+17:13:28&ErrorMessage=no+route"),
    ] {
        assert_eq!((call.shape, call.acknowledge), ("s3", "OK"));
        let report = one(call);
        assert_eq!((report.provider_message_id, report.word, report.outcome), (some("m-1"), some("Failed"), Failed));
        // Words about the error are no echo of the message: a text that is not the message's would keep the report from finding it.
        assert_eq!((report.text, report.error_code, report.done_at), (None, some("no route"), some("2018-03-16 17:13:28")));
    }
}

#[test]
fn s4_by_any_method_and_level() {
    let json = r#"{"id":"m-1","message_status":"UNDELIV","level":3,"connector":"c1","err":"013","text":"Karibu","donedate":"1803161713"}"#;
    for call in [get(S4), call_of("", Some(FORM), S4), post(json)] {
        assert_eq!((call.shape, call.acknowledge), ("s4", "ACK/Jasmin"));
        let report = one(call);
        assert_eq!((report.provider_message_id, report.word, report.outcome), (some("m-1"), some("UNDELIV"), Failed));
        assert_eq!((report.error_code, report.text, report.done_at, report.number), (some("013"), some("Karibu"), some("1803161713"), None));
    }
    for (status, outcome) in [("ESME_ROK", Pending), ("DELIVRD", Delivered), ("ACCEPTD", Pending), ("ESME_RINVDSTADR", Failed), ("1", Unmapped), ("0", Unmapped), ("", Unmapped)] {
        let call = get(&format!("id=m-1&message_status={status}&level=1&connector=c1"));
        assert_eq!((call.shape, call.acknowledge, call.reports[0].outcome), ("s4", "ACK/Jasmin", outcome), "{status}");
    }
    let nothing = one(get("id=m-1&message_status=DELIVRD&level=2&err=ND&text=ND&donedate=ND&id_smsc=ND"));
    assert_eq!((nothing.error_code, nothing.text, nothing.done_at), (None, None, None));
}

#[test]
fn names_in_any_casing() {
    for query in [
        "MESSAGEID=m-1&STATUS=DELIVRD",
        "message-id=m-1&Status=DELIVRD",
        "Message_ID=m-1&dlrStatus=DELIVRD",
        "msgId=m-1&delivery_status=DELIVRD",
        "%20messageid%20=m-1&status=DELIVRD",
    ] {
        let report = one(get(query));
        assert_eq!((report.provider_message_id.as_deref(), report.outcome), (Some("m-1"), Delivered), "{query}");
    }
}

#[test]
fn wrapped_in_whatever_way() {
    for body in [
        r#"{"MessageId":"m-1","Status":"DELIVRD"}"#,
        r#"[{"MessageId":"m-1","Status":"DELIVRD"}]"#,
        r#"[[{"MessageId":"m-1","Status":"DELIVRD"}]]"#,
        r#"{"Data":{"MessageId":"m-1","Status":"DELIVRD"}}"#,
        r#"{"Data":[{"MessageId":"m-1","Status":"DELIVRD"}]}"#,
        r#"{"status":"success","data":{"reports":[{"MessageId":"m-1","Status":"DELIVRD"}]}}"#,
        r#"{"MessageId":"m-1","Data":{"Status":"DELIVRD"}}"#,
        r#"{"MessageId":"m-1","Status":"DELIVRD","network":{"name":"x","status":"up"}}"#,
        r#"{"MessageId":["m-1"],"Status":["DELIVRD"]}"#,
        r#"{"MessageId":[null,"m-1",""],"Status":[["DELIVRD"]],"status":"DELIVRD"}"#,
        r#"{"MessageId":"m-1","Status":"DELIVRD","MessageId":null}"#,
        r#""{\"MessageId\":\"m-1\",\"Status\":\"DELIVRD\"}""#,
        "Data[MessageId]=m-1&Data[Status]=DELIVRD",
        "reports[0][MessageId]=m-1&reports[0][Status]=DELIVRD",
        "MessageId[]=m-1&Status[0]=DELIVRD",
        "payload=%7B%22MessageId%22%3A%22m-1%22%2C%22Status%22%3A%22DELIVRD%22%7D",
        "--made-up\r\nContent-Disposition: form-data; name=\"MessageId\"\r\n\r\nm-1\r\n--made-up\r\nContent-Disposition: form-data; name=\"Status\"\r\n\r\nDELIVRD\r\n--made-up--\r\n",
    ] {
        let report = one(post(body));
        assert_eq!((report.provider_message_id.as_deref(), report.outcome), (Some("m-1"), Delivered), "{body}");
    }
}

#[test]
fn several_in_one_call() {
    for call in [
        post(r#"[{"MessageId":"a","Status":"DELIVRD"},{"MessageId":"b","Status":"UNDELIV"}]"#),
        post(r#"{"MessageId":["a","b"],"Status":["DELIVRD","UNDELIV"]}"#),
        get("messageId=a&messageId=b&status=DELIVRD&status=UNDELIV"),
        call_of("", Some(FORM), "r[0][id]=a&r[0][status]=DELIVRD&r[1][id]=b&r[1][status]=UNDELIV"),
    ] {
        assert_eq!(outcomes(&call), [(Some("a"), Delivered), (Some("b"), Failed)]);
    }
    assert_eq!(outcomes(&get("messageId=a&messageId=b&status=DELIVRD")), [(Some("a"), Delivered), (Some("b"), Delivered)]);
    assert_eq!(outcomes(&get("messageId=a&status=SUBMITTED&status=DELIVRD")), [(Some("a"), Pending), (Some("a"), Delivered)]);
    assert_eq!(outcomes(&get("messageId=a&messageId=a&status=DELIVRD")), [(Some("a"), Delivered)]);
    // Two words for three names: whose is whose cannot be told.
    assert_eq!(outcomes(&get("messageId=a&messageId=b&messageId=c&status=DELIVRD&status=UNDELIV")), [(Some("a"), Unmapped), (Some("b"), Unmapped), (Some("c"), Unmapped)]);
}

#[test]
fn query_and_body_together() {
    let report = one(call_of("messageId=m-1&status=SUBMITTED&mobile=0712345678", Some(FORM), "status=DELIVRD&errorCode="));
    assert_eq!((report.provider_message_id, report.word, report.number), (some("m-1"), some("DELIVRD"), some("0712345678")));
    let both = call_of("mobile=0712345678", Some(JSON), r#"[{"MessageId":"a","Status":1},{"MessageId":"b","Status":2,"MobileNumber":"0700000001"}]"#);
    assert_eq!(outcomes(&both), [(Some("a"), Delivered), (Some("b"), Failed)]);
    assert_eq!(both.reports[1].number.as_deref(), Some("0700000001"));
    assert_eq!(one(call_of(S1, Some(JSON), "")).provider_message_id, some("m-1"));
    assert_eq!(one(call_of(S1, Some(JSON), "<html></html>")).provider_message_id, some("m-1"));
}

#[test]
fn the_success_of_an_envelope_is_nobodys_delivery() {
    for body in
        [r#"{"status":"success","data":{"MessageId":"m-1"}}"#, r#"{"Status":"Success","Data":[{"MessageId":"m-1"},{"MessageId":"m-2"}]}"#, "status=success&data[0][MessageId]=m-1"]
    {
        let call = post(body);
        assert!(call.reports.iter().all(|report| report.outcome == Unmapped && report.provider_message_id.is_some()), "{call:?}");
    }
    let inner = post(r#"{"MessageId":"m-1","Status":"ENROUTE","meta":{"status":"success"}}"#);
    assert_eq!(outcomes(&inner), [(Some("m-1"), Pending)]);
}

#[test]
fn quotes_and_blanks() {
    for (text, read) in [("'Karibu'", Some("Karibu")), ("'it''s'", Some("it''s")), ("'half", Some("'half")), ("''", None), ("'", Some("'")), ("  ", None), ("null", None)] {
        let report = one(post(&format!(r#"{{"messageId":"m-1","status":"DELIVRD","shortMessage":"{text}"}}"#)));
        assert_eq!(report.text.as_deref(), read, "{text}");
    }
    // No status is tolerated; neither is it made up.
    let report = one(get("messageId=m-1&mobile=254712345678&status=&doneDate=null"));
    assert_eq!((report.word, report.outcome, report.done_at), (None, Unmapped, None));
    assert_eq!(one(get("messageId=m-1&status=+Something+new+")).word, some("Something new"));
    assert_eq!(one(post(r#"{"MessageId":12345678901234567890,"Status":"DELIVRD","MobileNumber":2.54712345678e11}"#)).provider_message_id, some("12345678901234567890"));
    assert_eq!(one(post(r#"{"MessageId":7.0,"Status":1.0,"MobileNumber":2.54712345678e11}"#)).number, some("254712345678"));
}

#[test]
fn what_is_none_is_kept_as_one_that_says_nothing() {
    for body in [
        "",
        " ",
        "\u{feff}",
        "null",
        "[]",
        "{}",
        "5",
        "\"x\"",
        "true",
        "<xml><MessageId>m-1</MessageId></xml>",
        r#"{"MessageId":"m-1""#,
        "a=b",
        "=",
        "&&&",
        "hello",
        "--",
        "--\r\n\r\n",
        "[[[[[[[[[[[[{\"id\":1}]]]]]]]]]]]]",
    ] {
        assert_eq!(post(body), ReportCall::not_understood(), "{body}");
    }
    assert_eq!(call_of("", None, [0xff, 0xfe, 0x00]), ReportCall::not_understood());
    assert_eq!(get("foo=bar"), ReportCall::not_understood());
}

/// What stands around many records is looked at once for all of them: half a mebibyte of either takes no longer than the other.
#[test]
fn nothing_is_quadratic() {
    let around = |value: &str| vec![format!("{value:?}"); 20_000].join(",");
    let rows = vec![r#"{"Status":1}"#; 20_000].join(",");
    for value in ["", "null", "254712345678"] {
        let body = format!("{{\"MobileNumber\":[{},\"254712345678\"],\"Data\":[{rows}]}}", around(value));
        assert_eq!(post(&body).reports.len(), MOST_IN_CALL + 1, "{value}");
        let body = format!("{{\"From\":[{},\"254712345678\"],\"Data\":[{}]}}", around(value), vec![r#"{"Message":"x"}"#; 20_000].join(","));
        assert_eq!(inbound::read(&RawCall { query: &[], content_type: None, body: body.as_bytes() }).len(), MOST_IN_CALL + 1, "{value}");
    }
}

#[test]
fn bounds_hold() {
    for (count, read) in [(1500, 1500), (MOST_IN_CALL, MOST_IN_CALL), (MOST_IN_CALL + 50, MOST_IN_CALL + 1)] {
        let rows: Vec<String> = (0..count).map(|i| format!(r#"{{"MessageId":"m-{i}","Status":1}}"#)).collect();
        assert_eq!(post(&format!("[{}]", rows.join(","))).reports.len(), read);
        assert_eq!(post(&format!("{{\"MobileNumber\":\"254712345678\",\"Data\":[[{}]]}}", rows.join(","))).reports.len(), read);
        let names: Vec<String> = (0..count).map(|i| format!("messageId=m-{i}")).collect();
        assert_eq!(get(&format!("{}&status=1", names.join("&"))).reports.len(), read);
        let groups: Vec<String> = (0..count).map(|i| format!("r[{i}][messageId]=m-{i}&r[{i}][status]=1")).collect();
        assert_eq!(post(&groups.join("&")).reports.len(), read);
        let messages: Vec<String> = (0..count).map(|i| format!(r#"{{"From":"0712345678","Message":"m-{i}"}}"#)).collect();
        let body = format!("[{}]", messages.join(","));
        assert_eq!(inbound::read(&RawCall { query: &[], content_type: None, body: body.as_bytes() }).len(), read);
    }
    let long = "é".repeat(10_000);
    let report = one(post(&format!(r#"{{"MessageId":"{long}","Status":"{long}","MobileNumber":"{long}","text":"{long}","err":"{long}","DoneDate":"{long}"}}"#)));
    let lengths = [&report.provider_message_id, &report.word, &report.number, &report.text, &report.error_code, &report.done_at].map(|field| field.as_ref().map_or(0, String::len));
    assert_eq!(lengths, [200, 100, 100, 4096, 100, 100]);
    // A body of nothing but names, or of nothing but depth, is read in a moment.
    let names = (0..200_000).fold(String::new(), |text, i| text + &format!("a{i}=&"));
    assert_eq!(post(&names), ReportCall::not_understood());
    assert_eq!(post(&"[".repeat(500_000)), ReportCall::not_understood());
    assert_eq!(post(&format!("{}1{}", r#"{"a":"#.repeat(100), "}".repeat(100))), ReportCall::not_understood());
}
