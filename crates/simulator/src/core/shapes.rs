//! The incompatible shapes of delivery reports. Pure: a report goes in, a request comes out; sending it is the business of `http`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::calendar::{compact, sortable};
use super::dlr::Report;

/// Everything but letters, digits and the four marks that need no escape in a query or form.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// A `Report` repeats at most this much of the text in shape S4.
const S4_TEXT: usize = 20;
/// The names of shape S3.
const S3_PASCAL: [&str; 4] = ["MessageId", "Status", "DeliveryTime", "ErrorMessage"];

/// The shapes of section 8 of the protocol notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DlrShape {
    /// GET, query in camelCase.
    #[default]
    S1,
    /// The same fields by POST form: the customer chooses the method with the template.
    S1Post,
    /// POST form, PascalCase.
    S2,
    /// As S2, as JSON.
    S2Json,
    /// As S2, by GET.
    S2Get,
    /// POST JSON, PascalCase.
    S3,
    /// As S3, snake_case.
    S3Snake,
    /// As S3, by GET.
    S3Get,
    /// The engine underneath, level 3, GET. Wants `ACK/Jasmin`.
    S4,
    /// As S4, POST form.
    S4Post,
    /// Level 1, GET.
    S4Level1,
    /// Level 1, POST form.
    S4Level1Post,
}

impl DlrShape {
    /// Whether a report counts as received only when the body is exactly `ACK/Jasmin`.
    #[must_use]
    pub const fn wants_ack(self) -> bool {
        matches!(self, Self::S4 | Self::S4Post | Self::S4Level1 | Self::S4Level1Post)
    }
}

/// A request that carries a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DlrRequest {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Whole, with its query.
    pub url: String,
    /// For a body.
    pub content_type: Option<&'static str>,
    /// Empty for GET.
    pub body: String,
}

/// The request that carries `report` to `url` in `shape`.
#[must_use]
pub fn dlr_request(shape: DlrShape, url: &str, report: &Report) -> DlrRequest {
    match shape {
        DlrShape::S1 => get(url, &s1(report)),
        DlrShape::S1Post => post_form(url, &s1(report)),
        DlrShape::S2 => post_form(url, &s2(report)),
        DlrShape::S2Json => post_json(url, &object(&s2(report))),
        DlrShape::S2Get => get(url, &s2(report)),
        DlrShape::S3 => post_json(url, &object(&s3(report, S3_PASCAL))),
        DlrShape::S3Snake => post_json(url, &object(&s3(report, ["message_id", "status", "delivery_time", "error_message"]))),
        DlrShape::S3Get => get(url, &s3(report, S3_PASCAL)),
        DlrShape::S4 => get(url, &s4(report)),
        DlrShape::S4Post => post_form(url, &s4(report)),
        DlrShape::S4Level1 => get(url, &s4_level1(report)),
        DlrShape::S4Level1Post => post_form(url, &s4_level1(report)),
    }
}

/// Names and values, in order.
pub(super) type Fields = Vec<(&'static str, String)>;

fn s1(report: &Report) -> Fields {
    vec![
        ("messageId", report.message_id.to_string()),
        ("mobile", report.number.to_string()),
        ("status", report.word.to_string()),
        ("errorCode", report.error_code.to_string()),
        ("shortMessage", format!("'{}'", report.text)),
        ("submitDate", sortable(report.submitted_at)),
        ("doneDate", sortable(report.done_at)),
    ]
}

fn s2(report: &Report) -> Fields {
    vec![
        ("MessageId", report.message_id.to_string()),
        ("Status", report.word.to_string()),
        ("StatusDescription", report.word.to_string()),
        ("MobileNumber", report.number.to_string()),
        ("NetworkCode", "63902".to_owned()),
        ("Timestamp", sortable(report.done_at)),
    ]
}

fn s3(report: &Report, names: [&'static str; 4]) -> Fields {
    let [id, status, time, error] = names;
    let message = if &*report.error_code == "000" { "" } else { &*report.error_code };
    vec![(id, report.message_id.to_string()), (status, report.word.to_string()), (time, sortable(report.done_at)), (error, message.to_owned())]
}

fn s4_level1(report: &Report) -> Fields {
    vec![("id", report.message_id.to_string()), ("message_status", report.word.to_string()), ("level", "1".to_owned()), ("connector", "simulated".to_owned())]
}

fn s4(report: &Report) -> Fields {
    let delivered = if &*report.error_code == "000" { "001" } else { "000" };
    vec![
        ("id", report.message_id.to_string()),
        ("message_status", report.word.to_string()),
        ("level", "3".to_owned()),
        ("connector", "simulated".to_owned()),
        ("id_smsc", report.message_id.chars().take(8).collect()),
        ("subdate", compact(report.submitted_at)),
        ("donedate", compact(report.done_at)),
        ("sub", "001".to_owned()),
        ("dlvrd", delivered.to_owned()),
        ("err", report.error_code.to_string()),
        ("text", report.text.chars().take(S4_TEXT).collect()),
    ]
}

fn encode(fields: &Fields) -> String {
    let pair = |(name, value): &(&str, String)| format!("{name}={}", utf8_percent_encode(value, ESCAPED));
    fields.iter().map(pair).collect::<Vec<_>>().join("&")
}

pub(super) fn object(fields: &Fields) -> serde_json::Value {
    fields.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect()
}

pub(super) fn get(url: &str, fields: &Fields) -> DlrRequest {
    let separator = if url.contains('?') { '&' } else { '?' };
    DlrRequest { method: "GET", url: format!("{url}{separator}{}", encode(fields)), content_type: None, body: String::new() }
}

pub(super) fn post_form(url: &str, fields: &Fields) -> DlrRequest {
    DlrRequest { method: "POST", url: url.to_owned(), content_type: Some("application/x-www-form-urlencoded"), body: encode(fields) }
}

pub(super) fn post_json(url: &str, value: &serde_json::Value) -> DlrRequest {
    DlrRequest { method: "POST", url: url.to_owned(), content_type: Some("application/json"), body: value.to_string() }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn report() -> Report {
        Report {
            message_id: Arc::from("id-1"),
            number: Box::from("254712345678"),
            word: Arc::from("DELIVRD"),
            error_code: Arc::from("000"),
            text: Arc::from("Karibu & asante, leo tu"),
            submitted_at: 1_521_209_548_000_000,
            done_at: 1_521_209_608_000_000,
        }
    }

    #[test]
    fn s1_is_a_query_and_keeps_the_token() {
        let request = dlr_request(DlrShape::S1, "http://127.0.0.1:1/dlr?token=made-up", &report());
        assert_eq!((request.method, request.content_type, request.body.as_str()), ("GET", None, ""));
        assert_eq!(
            request.url,
            "http://127.0.0.1:1/dlr?token=made-up&messageId=id-1&mobile=254712345678&status=DELIVRD&errorCode=000&\
             shortMessage=%27Karibu%20%26%20asante%2C%20leo%20tu%27&submitDate=2018-03-16%2017%3A12%3A28&doneDate=2018-03-16%2017%3A13%3A28"
        );
    }

    #[test]
    fn s2_is_a_form_or_json() {
        let form = dlr_request(DlrShape::S2, "http://h/d", &report());
        assert_eq!((form.method, form.url.as_str()), ("POST", "http://h/d"));
        assert!(form.body.starts_with("MessageId=id-1&Status=DELIVRD&StatusDescription=DELIVRD&MobileNumber=254712345678&"));
        let json: serde_json::Value = serde_json::from_str(&dlr_request(DlrShape::S2Json, "http://h/d", &report()).body).unwrap();
        assert_eq!(json["Timestamp"], "2018-03-16 17:13:28");
        let get = dlr_request(DlrShape::S2Get, "http://h/d", &report());
        assert!(get.method == "GET" && get.url.starts_with("http://h/d?MessageId=id-1&Status=DELIVRD&"), "{get:?}");
    }

    #[test]
    fn s3_comes_in_two_casings_and_by_get() {
        let get = dlr_request(DlrShape::S3Get, "http://h/d", &report());
        assert!(get.method == "GET" && get.url.starts_with("http://h/d?MessageId=id-1&Status=DELIVRD&DeliveryTime="), "{get:?}");
        let pascal: serde_json::Value = serde_json::from_str(&dlr_request(DlrShape::S3, "http://h/d", &report()).body).unwrap();
        let snake: serde_json::Value = serde_json::from_str(&dlr_request(DlrShape::S3Snake, "http://h/d", &report()).body).unwrap();
        assert_eq!((&pascal["MessageId"], &snake["message_id"]), (&json!("id-1"), &json!("id-1")));
        assert_eq!(snake["delivery_time"], "2018-03-16 17:13:28");
    }

    #[test]
    fn s4_has_the_fields_of_the_engine() {
        let request = dlr_request(DlrShape::S4Post, "http://h/d", &report());
        assert!(request.body.contains("subdate=1803161712&donedate=1803161713&sub=001&dlvrd=001&err=000&text=Karibu%20%26%20asante%2C%20le"));
        let level1 = dlr_request(DlrShape::S4Level1, "http://h/d", &report());
        assert_eq!(level1.url, "http://h/d?id=id-1&message_status=DELIVRD&level=1&connector=simulated");
        assert!(DlrShape::S4.wants_ack() && !DlrShape::S1.wants_ack());
    }
}
