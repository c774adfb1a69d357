//! Whether the provider knows the keys, and what it last said that could not be read.
//!
//! Knows nothing of: the provider's interface.

use serde::Deserialize;

use super::report::{Line, Report};
use crate::client::Client;
use crate::client::wire::Balance;
use crate::commands::{account_path, parsed};
use crate::config::settings::AccountSettings;
use crate::say;

/// Questions that are looked at.
const QUESTIONS: usize = 50;
/// Failures of reading.
const UNREADABLE: [&str; 2] = ["unreadable_balance", "unreadable_answer"];

/// Adds what was found.
pub async fn check(report: &mut Report, client: &Client, account: &AccountSettings, ask: bool) {
    let slug = account.slug.as_str();
    if ask {
        credentials(report, client, slug).await;
    } else {
        report.add(Line::note(slug, "the keys were not tried; `salio doctor --ask` asks for the balance once"));
    }
    match client.local() {
        Some(local) => kept_text(report, local.engine(), slug).await,
        None => told_code(report, client, slug).await,
    }
}

async fn credentials(report: &mut Report, client: &Client, slug: &str) {
    let reply = match client.post(&account_path(slug, "/balance/refresh"), None).await {
        Ok(reply) => reply,
        Err(failure) => return report.add(Line::fail(slug, failure.to_string(), "run the doctor again; look at the server's log if it stays so")),
    };
    if !reply.is_problem() {
        let formatted = parsed::<Balance>(reply.body).ok().and_then(|balance| balance.formatted).unwrap_or_default();
        return report.add(Line::ok(slug, format!("the provider takes the keys: {formatted}")));
    }
    let (problem, wait) = (reply.problem(), reply.retry_after_s);
    report.add(Line::fail(slug, problem.text(wait), fix(&problem.code)));
}

fn fix(code: &str) -> &'static str {
    match code {
        "credentials_refused" => {
            "compare api_key, client_id and access_key with the provider's portal; some accounts need access_key_in = \"body\" or \"both\", or this machine's address on a list"
        }
        "out_of_calls" => "wait; the hour's calls are used up",
        "unreadable_balance" | "unreadable_answer" | "balance_form_changed" => "look at the text below; `salio balance ACCOUNT --accept-form` confirms a new form",
        "unreachable" | "timeout" | "connection_lost" => "look at the lines above, and try again later",
        _ => "ask the provider; docs/errors explains the code",
    }
}

async fn kept_text(report: &mut Report, engine: &salio_engine::Engine, slug: &str) {
    let Some(account) = engine.find(slug) else { return };
    let rows = engine.store().questions(account, QUESTIONS).await.unwrap_or_default();
    let unreadable = |code: Option<&str>| code.is_some_and(|code| UNREADABLE.contains(&code));
    let Some((place, row)) = rows.iter().enumerate().find(|(_, row)| unreadable(row.error_code.as_deref())) else { return };
    let text = format!("an answer of {} could not be read: {:?}", row.question.asked_at, row.raw.as_deref().unwrap_or_default());
    report.add(if place == 0 { Line::warn(slug, text, "send this text to whoever maintains Salio; the last known figure stays shown") } else { Line::note(slug, text) });
}

#[derive(Deserialize)]
struct Questions {
    questions: Vec<Question>,
}

#[derive(Deserialize)]
struct Question {
    asked_at: String,
    error_code: Option<String>,
}

/// A running server tells the code alone: the text is for whoever may read the database.
async fn told_code(report: &mut Report, client: &Client, slug: &str) {
    let Ok(reply) = client.get(&account_path(slug, &format!("/questions?limit={QUESTIONS}"))).await else { return };
    let Ok(list) = reply.ok().and_then(parsed::<Questions>) else { return };
    let found = list.questions.iter().find(|question| question.error_code.as_deref().is_some_and(|code| UNREADABLE.contains(&code)));
    if let Some(question) = found {
        report.add(Line::note(slug, format!("an answer of {} could not be read; `salio doctor` shows its text while no server runs", say::instant(&question.asked_at, "UTC"))));
    }
}
