//! One message: looked at with its life and what was reported of it, or taken back.
//!
//! Knows nothing of: transports.

use serde_json::Value;

use crate::client::wire::{Message, Report};
use crate::client::{Client, escaped};
use crate::commands::{parsed, show_facts, with_cause};
use crate::failure::Outcome;
use crate::{out, say};

/// Shows it.
pub(super) async fn show(client: &Client, id: &str, as_json: bool, timezone: &str) -> Outcome {
    let body = client.get(&path(id, "")).await?.ok()?;
    tell(body, as_json, timezone)
}

/// The path of a message.
pub(super) fn path(id: &str, rest: &str) -> String {
    format!("/api/v1/messages/{}{rest}", escaped(id))
}

/// Takes it back.
pub(super) async fn cancel(client: &Client, id: &str, as_json: bool) -> Outcome {
    let body = client.delete(&path(id, "")).await?.ok()?;
    if as_json {
        out::json(&body);
    } else {
        out::line(&format!("{id}  cancelled"));
    }
    Ok(())
}

fn tell(body: Value, as_json: bool, timezone: &str) -> Outcome {
    if as_json {
        out::json(&body);
        return Ok(());
    }
    let message: Message = parsed(body)?;
    let at = |instant: &Option<String>| instant.as_deref().map(|at| say::instant(at, timezone)).unwrap_or_default();
    let segments = say::count(usize::try_from(message.segments).unwrap_or(0), "segment");
    show_facts(&[
        ("message", message.id.clone()),
        ("state", with_cause(&message.state, message.cause.as_deref())),
        ("to", message.to.clone()),
        ("from", message.from.clone().unwrap_or_default()),
        ("account", message.account.clone()),
        ("text", message.text.clone().unwrap_or_default()),
        ("charge", format!("{} ({segments}, {})", say::amount(&message.charge), message.encoding)),
        ("reference", message.reference.clone().unwrap_or_default()),
        ("batch", message.batch_id.clone().unwrap_or_default()),
        ("line", message.line.map(|line| line.to_string()).unwrap_or_default()),
        ("send at", at(&message.send_at)),
        ("valid until", at(&message.valid_until)),
        ("next try", at(&message.next_try_at)),
        ("network said", message.report.as_ref().map(|report| format!("{} at {}", report.word, say::instant(&report.at, timezone))).unwrap_or_default()),
    ]);
    let steps: Vec<Vec<String>> =
        message.timeline.iter().map(|step| vec![format!("  {}", say::instant(&step.at, timezone)), with_cause(&step.state, step.cause.as_deref())]).collect();
    out::lines(&out::table(&steps, &[]));
    tell_reports(&message.reports, timezone);
    if message.state == "unknown" {
        out::note(&format!("in doubt: it may have arrived. When you know, say so: salio messages resolve {} --as sent|not-sent|resend", message.id));
    }
    Ok(())
}

fn tell_reports(reports: &[Report], timezone: &str) {
    if reports.is_empty() {
        return;
    }
    out::line("reports, newest first:");
    for report in reports {
        out::line(&format!("  {}  {}", say::instant(&report.received_at, timezone), what_it_says(report)));
        out::line(&format!("    {}", report.raw.replace('\n', " ")));
    }
}

fn what_it_says(report: &Report) -> String {
    let word = report.word.as_deref().unwrap_or("no word");
    let code = report.error_code.as_deref().filter(|code| code.bytes().any(|digit| digit != b'0')).map(|code| format!(", code {code}")).unwrap_or_default();
    let effect = report.effect.as_deref().map_or_else(|| ": changed nothing".to_owned(), |state| format!(": {state}"));
    format!("{word} ({}{code}){effect}", report.outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_says_its_word_and_what_it_did() {
        let mut report =
            Report { word: Some("DELIVRD".into()), outcome: "delivered".into(), error_code: Some("000".into()), effect: Some("delivered".into()), ..Report::default() };
        assert_eq!(what_it_says(&report), "DELIVRD (delivered): delivered");
        report = Report { word: None, outcome: "failed".into(), error_code: Some("012".into()), effect: None, ..Report::default() };
        assert_eq!(what_it_says(&report), "no word (failed, code 012): changed nothing");
    }
}
