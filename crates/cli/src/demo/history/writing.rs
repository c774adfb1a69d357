//! Writes what happened, through the store's own use cases.
//!
//! Knows nothing of: what should have happened. Calls are handed to the store in order without waiting for each commit, so that a week takes some
//! tenths of a second even on a slow disk.

use std::time::Duration;

use futures::future::{BoxFuture, join_all};
use salio_domain::admission::SpendingRules;
use salio_domain::balance::{BalanceForm, Failed, Pool, Reason, SettleRules};
use salio_domain::{AccountId, SubmissionId, Timestamp, Units};
use salio_engine::BalanceOptions;
use salio_store::{Answer, Ask, BeginSubmissions, EndSubmission, MessageResult, Result, Store, StoreError};

use super::past::Event;

/// Calls handed over together: they share a commit. `join_all` polls up to 30 futures strictly in order, and order is what this is about.
const TOGETHER: usize = 30;
/// Answers came after so long.
const ANSWERED_AFTER: Duration = Duration::from_millis(180);
/// Calls took so long.
const SUBMITTED_AFTER: Duration = Duration::from_millis(420);

type Call<'a> = BoxFuture<'a, Result<()>>;

/// Writes it all.
pub async fn write(store: &dyn Store, account: AccountId, events: Vec<Event>) -> Result<()> {
    let mut calls: Vec<Call<'_>> = Vec::new();
    let mut questions = 0;
    for event in events {
        match event {
            Event::Asked { at, figure } => {
                questions += 1;
                calls.push(Box::pin(begin(store, account, at, questions)));
                calls.push(Box::pin(end(store, account, at, questions, figure)));
            }
            Event::Accepted(new) => calls.push(Box::pin(async move { store.accept(*new).await.map(drop) })),
            Event::Reported(new) => calls.push(Box::pin(async move { store.report(*new).await.map(drop) })),
            Event::Submitted { id, begun_at, results } => {
                calls.push(Box::pin(submit(store, account, id, begun_at)));
                calls.push(Box::pin(submitted(store, id, begun_at, results)));
            }
        }
        if calls.len() >= TOGETHER - 1 {
            flush(&mut calls).await?;
        }
    }
    flush(&mut calls).await
}

async fn flush(calls: &mut Vec<Call<'_>>) -> Result<()> {
    join_all(std::mem::take(calls)).await.into_iter().collect()
}

/// Questions are numbered from 1 in a database without any.
async fn begin(store: &dyn Store, account: AccountId, at: Timestamp, number: i64) -> Result<()> {
    let (question, _) = store.begin_question(account, Ask { reason: Reason::Schedule, pool: Pool::Automatic, now: at }).await?;
    if question.number == number { Ok(()) } else { Err(StoreError::Conflict { why: "the directory holds something else" }) }
}

async fn end(store: &dyn Store, account: AccountId, at: Timestamp, number: i64, figure: Option<Units>) -> Result<()> {
    let answer = match figure {
        Some(units) => Answer::Figure { units, form: BalanceForm::Bare, raw: units.to_string() },
        None => {
            Answer::Failure { failed: Failed { code: "timeout".to_owned(), detail: "The provider did not answer in time.".to_owned(), credentials: false, jitter: 0 }, raw: None }
        }
    };
    let rules: SettleRules = BalanceOptions::default().settle_rules();
    store.end_question(account, number, answer, rules, at.after(ANSWERED_AFTER)).await.map(drop)
}

async fn submit(store: &dyn Store, account: AccountId, id: SubmissionId, at: Timestamp) -> Result<()> {
    let begin = BeginSubmissions { ids: vec![id], max: TOGETHER, rules: SpendingRules::default(), now: at, claimed_until: at.after(Duration::from_secs(30)) };
    store.begin_submissions(account, begin).await.map(drop)
}

async fn submitted(store: &dyn Store, id: SubmissionId, begun_at: Timestamp, results: Vec<MessageResult>) -> Result<()> {
    store.end_submission(id, EndSubmission { results, raw: None, now: begun_at.after(SUBMITTED_AFTER) }).await.map(drop)
}
