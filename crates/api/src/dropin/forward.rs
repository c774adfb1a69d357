//! The address under which a delivery report is handed on to a program: a GET with Onfon's parameters behind the program's own.

use jiff::tz::TimeZone;
use salio_domain::report::ReportOutcome;
use salio_engine::store::{ForwardRow, MessageRow, ReportRow};

use super::face;

/// The word for what a report says. Of a message that has ended the end is told again, whatever a later report says: the first end wins, as `MessageStatus` shows it.
fn status(message: &MessageRow, report: &ReportRow) -> String {
    let says_an_end = matches!(report.report.outcome, ReportOutcome::Delivered | ReportOutcome::Failed);
    match report.effect.or_else(|| says_an_end.then_some(message.state)) {
        Some(state) if state.is_final() => face::status(state).to_owned(),
        _ => report.report.word.clone().unwrap_or_else(|| face::status(message.state).to_owned()),
    }
}

/// The whole address.
#[must_use]
pub fn forward_url(forward: &ForwardRow, zone: &TimeZone) -> String {
    let (message, report) = (&forward.message, &forward.report);
    let status = status(message, report);
    // The provider's own word for when, as it would have told the program itself.
    let done_at = report.report.done_at.clone().filter(|at| !at.trim().is_empty()).unwrap_or_else(|| face::date(report.received_at, zone));
    let submitted_at = face::date(message.created_at, zone);
    let pairs = [
        ("messageId", face::uuid(message.id)),
        ("mobile", message.to.to_string()),
        ("status", status),
        ("errorCode", report.report.error_code.clone().unwrap_or_else(|| "000".to_owned())),
        ("shortMessage", message.text.clone()),
        ("submitDate", submitted_at),
        ("doneDate", done_at),
    ];
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let address = forward.url.split('#').next().unwrap_or_default();
    let joint = if !address.contains('?') {
        "?"
    } else if address.ends_with(['?', '&']) {
        ""
    } else {
        "&"
    };
    format!("{address}{joint}{query}")
}
