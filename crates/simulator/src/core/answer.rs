//! Calls and answers as bytes: what the wire would carry, decided without a wire. Waiting, resetting and sending is for whoever drives it.

use super::balance::BalanceReply;
use super::dlr::Report;
use super::fault::Fault;
use super::fault_parts::StatusBody;
use super::model::{Begun, Model};
use super::query::Query;
use super::render;
use super::reply::{Refusal, SubmitReply};
use super::request::SubmitRequest;
use super::service::Service;

const JSON: &str = "application/json; charset=utf-8";
const HTML: &str = "text/html; charset=UTF-8";
/// A page such as a proxy in front of the vendor serves.
const PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Web server is returning an unknown error</title></head>\
<body><h1>Error</h1><p>There is an issue between the cache and your origin web server.</p></body></html>\n";

/// A call as it arrives.
#[derive(Clone, Copy)]
pub enum Call<'a> {
    /// `POST /v1/sms/SendBulkSMS`
    SendBulkSMS {
        /// The JSON body.
        body: &'a [u8],
        /// The `AccessKey` header.
        access_key: Option<&'a str>,
    },
    /// One of the calls that carry everything in their query.
    Get {
        /// Which.
        service: Service,
        /// The query, still encoded, without its question mark.
        query: &'a str,
        /// The `AccessKey` header.
        access_key: Option<&'a str>,
    },
}

impl Call<'_> {
    /// The service called.
    #[must_use]
    pub const fn service(&self) -> Service {
        match self {
            Self::SendBulkSMS { .. } => Service::SendBulkSMS,
            Self::Get { service, .. } => *service,
        }
    }
}

/// What becomes of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// The answer goes out whole.
    Whole,
    /// Nothing goes out; the connection stays open.
    Stall,
    /// Nothing goes out; the connection is reset.
    Reset,
    /// The length of the whole body is announced, this many bytes of it are sent, the connection is closed.
    CutShort(usize),
}

/// An answer as it would go over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`
    pub content_type: Option<String>,
    /// `Location`
    pub location: Option<String>,
    /// `Retry-After`
    pub retry_after_s: Option<u32>,
    /// The body.
    pub body: Vec<u8>,
    /// To wait before the answer leaves.
    pub delay_ms: u64,
    /// What becomes of the connection.
    pub wire: Wire,
    /// Reports that arrive before the answer.
    pub reports_first: Vec<Report>,
}

impl Answer {
    fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            content_type: Some(content_type.to_owned()),
            location: None,
            retry_after_s: None,
            body: body.into(),
            delay_ms: 0,
            wire: Wire::Whole,
            reports_first: Vec::new(),
        }
    }
}

/// The two ways of writing one answer, and its status.
struct Written {
    status: u16,
    body: String,
    xml: bool,
}

impl Model {
    /// Counts a call, carries it out and writes its answer.
    pub fn handle(&mut self, now: i64, call: &Call<'_>) -> Answer {
        let begun = self.begin(now, call.service());
        self.answer(now, call, &begun)
    }

    /// Carries out a call that [`Model::begin`] has counted, and writes its answer.
    pub fn answer(&mut self, now: i64, call: &Call<'_>, begun: &Begun) -> Answer {
        let written = match *call {
            Call::SendBulkSMS { body, access_key } => self.answer_submission(now, body, access_key, begun),
            Call::Get { service: Service::Balance, query, access_key } => self.answer_balance(now, &Query::read(query), access_key, begun),
            Call::Get { service, query, access_key } => self.answer_list(now, service, &Query::read(query), access_key, begun),
        };
        let mut answer = written.map_or_else(|| replaced(&begun.fault, begun), |written| disfigured(written, &begun.fault));
        answer.delay_ms = begun.latency_ms.saturating_add(if let Fault::Latency { ms, .. } = begun.fault { ms } else { 0 });
        answer.reports_first = self.take_reports_first();
        answer
    }

    fn answer_submission(&mut self, now: i64, body: &[u8], access_key: Option<&str>, begun: &Begun) -> Option<Written> {
        let reply = match SubmitRequest::read(body, access_key) {
            Ok(request) => self.submit(now, &request, begun),
            Err(_) if begun.fault.replaces_answer().is_some() => SubmitReply::Nothing,
            Err(_) => SubmitReply::Refused(Refusal::of(23)),
        };
        match reply {
            SubmitReply::Nothing => None,
            SubmitReply::Refused(refusal) => Some(refused(&refusal, begun)),
            SubmitReply::Rows(rows) => Some(written(begun, || render::submission(&rows, &begun.variants), || render::submission_xml(&rows))),
        }
    }

    fn answer_balance(&mut self, now: i64, query: &Query, access_key: Option<&str>, begun: &Begun) -> Option<Written> {
        match self.balance(now, &query.login(access_key), begun) {
            BalanceReply::Nothing => None,
            BalanceReply::Refused(refusal) => Some(refused(&refusal, begun)),
            BalanceReply::Figure(figure) => Some(written(begun, || render::balance(figure, &begun.variants, &begun.fault), || render::balance_xml(figure))),
        }
    }

    fn answer_list(&mut self, now: i64, service: Service, query: &Query, access_key: Option<&str>, begun: &Begun) -> Option<Written> {
        self.advance(now);
        if begun.fault.replaces_answer().is_some() {
            return None;
        }
        let refusal = match (self.check_login(&query.login(access_key), begun), &begun.fault) {
            (Err(refusal), _) => Some(refusal),
            (Ok(()), Fault::Refuse { code, http, .. }) => Some(Refusal { http: *http, ..Refusal::of(*code) }),
            (Ok(()), _) => None,
        };
        if let Some(refusal) = refusal {
            return Some(refused(&refusal, begun));
        }
        let (rows, total) = match service {
            Service::SMS => {
                let (rows, total) = self.sent_list(query);
                (rows, Some(total))
            }
            _ => (self.message_status(query), None),
        };
        Some(written(begun, || render::listing(&rows, total, &begun.variants), || render::listing_xml(&rows)))
    }
}

fn refused(refusal: &Refusal, begun: &Begun) -> Written {
    let written = written(begun, || render::refusal(refusal, &begun.variants), || render::refusal_xml(refusal));
    Written { status: refusal.http, ..written }
}

fn written(begun: &Begun, json: impl FnOnce() -> String, xml: impl FnOnce() -> String) -> Written {
    let as_xml = matches!(begun.fault, Fault::Xml {});
    Written { status: 200, body: if as_xml { xml() } else { json() }, xml: as_xml }
}

/// The answer that stands in place of the real one.
fn replaced(fault: &Fault, begun: &Begun) -> Answer {
    let silent = |wire| Answer { wire, ..Answer::new(200, JSON, "") };
    match fault {
        Fault::Stall { .. } => silent(Wire::Stall),
        Fault::ResetBeforeEffect {} | Fault::ResetAfterEffect {} => silent(Wire::Reset),
        Fault::HttpStatus { code, body, retry_after_s, error_code, .. } => Answer { retry_after_s: *retry_after_s, ..bare_status(*code, *body, *error_code, begun) },
        Fault::Html200 { .. } => Answer::new(200, HTML, PAGE),
        Fault::Redirect { location, .. } => Answer { location: Some(location.clone()), ..Answer::new(302, HTML, "") },
        _ => Answer::new(200, JSON, ""),
    }
}

fn bare_status(code: u16, body: StatusBody, error_code: Option<i64>, begun: &Begun) -> Answer {
    match body {
        StatusBody::Html => Answer::new(code, HTML, PAGE),
        StatusBody::Empty => Answer { content_type: None, ..Answer::new(code, "", "") },
        StatusBody::Text => Answer::new(code, "text/plain; charset=utf-8", format!("error code: {code}\n")),
        StatusBody::Envelope => {
            let refusal = Refusal::of(error_code.unwrap_or(if code == 401 { 7 } else { 6 }));
            Answer::new(code, JSON, render::refusal(&refusal, &begun.variants))
        }
    }
}

/// The real answer, after faults that spoil its bytes.
fn disfigured(written: Written, fault: &Fault) -> Answer {
    let mut answer = Answer::new(written.status, if written.xml { "application/xml; charset=utf-8" } else { JSON }, written.body);
    match fault {
        Fault::Truncated { keep_per_mille, cut_connection } => {
            let keep = answer.body.len().saturating_mul(usize::from(*keep_per_mille)) / 1000;
            if *cut_connection {
                answer.wire = Wire::CutShort(keep);
            } else {
                answer.body.truncate(keep);
            }
        }
        Fault::WrongContentType { value } => answer.content_type = Some(value.clone()),
        Fault::Bom {} => {
            answer.body.splice(0..0, "\u{feff} \r\n\t ".bytes());
        }
        Fault::Oversize { bytes } => blow_up(&mut answer.body, *bytes),
        _ => {}
    }
    answer
}

/// Adds a long field at the head of the object, so that a reader that stops early has nothing of use.
fn blow_up(body: &mut Vec<u8>, bytes: usize) {
    let missing = bytes.saturating_sub(body.len());
    let padding = format!("\"Padding\":\"{}\",", "x".repeat(missing));
    body.splice(1..1, padding.into_bytes());
}
