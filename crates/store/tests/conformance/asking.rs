//! Questions: numbered and written down before they are asked, ended once, counted for the budget.

use std::time::Duration;

use salio_domain::AccountId;
use salio_domain::balance::{Call, CallClass, Health, Pool, Reason, State, Verdict};
use salio_store::*;

use super::harness::{Harness, RULES, failure, whole};

const TTL: Duration = Duration::from_mins(15);

pub async fn questions_are_numbered_and_placed_in_order(h: &mut Harness) {
    let before = h.snapshot().await;
    let one = h.ask().await;
    h.wait(1);
    let two = h.ask().await;
    assert_eq!((two.number, one.asked_at, two.asked_at), (one.number + 1, h.now.before(Duration::from_secs(1)), h.now));
    assert!(two.asked_seq > one.asked_seq);
    let after = h.snapshot().await;
    assert!(after.version > before.version);
    assert_eq!(after.standing.last_asked_at, Some(h.now));
    h.answer(two.number, 10).await;
    let three = h.ask().await;
    assert!(three.number == two.number + 1 && three.asked_seq > two.asked_seq + 1, "the answer has a place of its own");
    h.restart().await;
    assert_eq!(h.ask().await.number, three.number + 1, "also across restarts");
}

pub async fn begun_questions_count_for_the_budget(h: &mut Harness) {
    let start = h.now;
    for (reason, pool) in [(Reason::Person, Pool::People), (Reason::Schedule, Pool::Automatic), (Reason::Watch, Pool::Shared), (Reason::Settle, Pool::Automatic)] {
        h.wait(10);
        h.store().begin_question(h.account, Ask { reason, pool, now: h.now }).await.unwrap();
    }
    h.restart().await;
    let at = |seconds| start.after(Duration::from_secs(seconds));
    let all = vec![
        Call { at: at(10), pool: Pool::People, class: CallClass::Person },
        Call { at: at(20), pool: Pool::Automatic, class: CallClass::Steady },
        Call { at: at(30), pool: Pool::Shared, class: CallClass::Watch },
        Call { at: at(40), pool: Pool::Automatic, class: CallClass::Eager },
    ];
    assert_eq!(h.store().calls_since(h.account, start).await.unwrap(), all);
    assert_eq!(h.store().calls_since(h.account, at(20)).await.unwrap(), all[2..].to_vec(), "after, not at");
    assert_eq!(h.audit().await.calls, all);
}

pub async fn a_question_ends_once(h: &mut Harness) {
    let question = h.ask().await;
    assert!(matches!(h.try_answer(question.number + 1, failure("timeout", false)).await, Err(StoreError::NotFound { .. })));
    h.answer(question.number, 10).await;
    let before = h.snapshot().await;
    for answer in [failure("timeout", false), super::harness::figure(5, salio_domain::balance::BalanceForm::Bare)] {
        assert!(matches!(h.try_answer(question.number, answer).await, Err(StoreError::Conflict { .. })));
    }
    assert_eq!(h.snapshot().await, before);
    let nobody = AccountId::from_raw(77);
    assert!(matches!(h.store().end_question(nobody, 1, failure("timeout", false), RULES, h.now).await, Err(StoreError::NotFound { .. })));
    let ask = Ask { reason: Reason::Watch, pool: Pool::Shared, now: h.now };
    assert!(matches!(h.store().begin_question(nobody, ask).await, Err(StoreError::NotFound { .. })));
}

pub async fn a_failure_keeps_the_figure_and_counts(h: &mut Harness) {
    h.said(40).await;
    h.wait(5);
    let since = h.now;
    let ended = h.fail("timeout", false).await;
    assert_eq!(ended.verdict, None);
    h.wait(5);
    let standing = h.fail("html_answer", false).await.snapshot.standing;
    assert_eq!((standing.estimate(), standing.health(), standing.state(h.now, TTL)), (Some(whole(40)), Health::Degraded, State::Fresh));
    let failed = standing.failure.unwrap();
    assert_eq!((failed.code.as_str(), failed.detail.as_str(), failed.since, failed.attempts, failed.credentials), ("html_answer", "in a test", since, 2, false));
    assert_eq!(failed.next_try_at, Some(h.now.after(Duration::from_secs(2))));
    assert_eq!(h.fail("timeout", false).await.snapshot.standing.health(), Health::Failing);
    assert_eq!(h.kinds().await, vec![ActivityKind::Failure], "only the first in a row is a happening");
    assert_eq!(h.activity().await[0].word.as_deref(), Some("timeout"));
    let before = h.snapshot().await;
    assert_eq!(h.restart().await[0].standing, before.standing, "also across restarts");
}

pub async fn an_answer_ends_the_failures(h: &mut Harness) {
    h.fail("timeout", false).await;
    assert_eq!(h.snapshot().await.standing.estimate(), None, "nothing is made up");
    let ended = h.said(40).await;
    assert_eq!((ended.verdict, ended.snapshot.standing.failure), (Some(Verdict::First), None));
    assert_eq!(h.kinds().await, vec![ActivityKind::Failure, ActivityKind::Recovered]);
}

pub async fn refused_credentials_wait_for_a_person(h: &mut Harness) {
    let failed = h.fail("credentials_refused", true).await.snapshot.standing.failure.unwrap();
    assert_eq!((failed.credentials, failed.next_try_at), (true, None));
}

pub async fn an_older_answer_is_kept_and_changes_nothing_shown(h: &mut Harness) {
    h.said(100).await;
    let (old, new) = (h.ask().await, h.ask().await);
    h.wait(1);
    h.answer(new.number, 90).await;
    h.store().clear_cache(h.account, h.now).await.unwrap();
    h.fail("timeout", false).await;
    let before = h.snapshot().await;
    h.wait(1);
    let ended = h.answer(old.number, 100).await;
    assert_eq!(ended.verdict, Some(Verdict::Older));
    let after = ended.snapshot;
    assert_eq!((after.standing.base, after.standing.pending, after.standing.cleared_seq), (before.standing.base, before.standing.pending, before.standing.cleared_seq));
    assert!(after.standing.failure.is_none() && after.version > before.version);
    let observed = h.audit().await.observations;
    let words: Vec<(i64, &str)> = observed.iter().map(|row| (row.taken.question, row.verdict.as_str())).collect();
    assert_eq!(words, vec![(old.number - 1, "first"), (old.number, "older"), (new.number, "fell")]);
    assert_eq!((observed[1].taken.units, observed[1].taken.answered_at, observed[1].taken.asked_seq), (whole(100), h.now, old.asked_seq));
    assert_eq!(observed[1].shown, Some(whole(90)), "what was shown stays");
    assert!(observed[1].answered_seq > observed[2].answered_seq, "answered later");
    let rows = h.store().questions(h.account, 10).await.unwrap();
    let row = rows.iter().find(|row| row.question.number == old.number).unwrap();
    assert_eq!((row.outcome.as_deref(), row.units), (Some("older"), Some(whole(100))));
}

pub async fn a_cleared_figure_is_stale_until_the_next_answer(h: &mut Harness) {
    h.said(40).await;
    h.wait(1);
    let before = h.snapshot().await;
    let cleared = h.store().clear_cache(h.account, h.now).await.unwrap();
    assert!(cleared.version > before.version);
    assert_eq!((cleared.standing.estimate(), cleared.standing.state(h.now, TTL)), (Some(whole(40)), State::Stale));
    assert_eq!(h.audit().await.observations.len(), 1, "nothing is deleted");
    let ended = h.said(40).await;
    assert_eq!((ended.verdict, ended.snapshot.standing.state(h.now, TTL)), (Some(Verdict::Agreed), State::Fresh));
    let running = h.ask().await;
    h.store().clear_cache(h.account, h.now).await.unwrap();
    let ended = h.answer(running.number, 40).await;
    assert_eq!(ended.snapshot.standing.state(h.now, TTL), State::Stale, "asked before it was cleared");
    assert!(matches!(h.store().clear_cache(AccountId::from_raw(77), h.now).await, Err(StoreError::NotFound { .. })));
}

pub async fn questions_are_listed_newest_first(h: &mut Harness) {
    let asked_at = h.now;
    h.said(40).await;
    h.wait(1);
    h.fail("timeout", false).await;
    let running = h.ask_for(Reason::Person).await;
    let rows = h.store().questions(h.account, 10).await.unwrap();
    let running_row = QuestionRow { question: running, reason: "person".to_owned(), answered_at: None, outcome: None, units: None, error_code: None, raw: None };
    assert_eq!((rows.len(), &rows[0]), (3, &running_row));
    let failed = &rows[1];
    assert_eq!((failed.outcome.as_deref(), failed.error_code.as_deref(), failed.raw.as_deref()), (Some("failed"), Some("timeout"), Some("<html>")));
    assert_eq!((failed.answered_at, failed.units), (Some(h.now), None));
    let figure = &rows[2];
    assert_eq!((figure.outcome.as_deref(), figure.units, figure.raw.as_deref(), figure.error_code.as_deref()), (Some("figure"), Some(whole(40)), Some("40.00"), None));
    assert_eq!((figure.answered_at, figure.reason.as_str(), figure.question.asked_at), (Some(asked_at), "schedule", asked_at));
    assert_eq!(h.store().questions(h.account, 2).await.unwrap(), rows[..2].to_vec());
}
