//! A figure in another form is never compared: it waits for a person.

use salio_domain::AccountId;
use salio_domain::balance::{BalanceForm, Health, Verdict};
use salio_store::*;

use super::harness::{Harness, figure, whole};

const CODE: &str = "balance_form_changed";

/// 100 bare, then 70 with a mark.
async fn changed(h: &mut Harness) -> Ended {
    h.said(100).await;
    h.wait(1);
    let question = h.ask().await;
    h.try_answer(question.number, figure(70, BalanceForm::Currency)).await.unwrap()
}

pub async fn the_first_figure_fixes_the_form(h: &mut Harness) {
    assert_eq!(h.snapshot().await.form, None);
    let question = h.ask().await;
    let ended = h.try_answer(question.number, figure(70, BalanceForm::Currency)).await.unwrap();
    assert_eq!((ended.verdict, ended.snapshot.form, ended.snapshot.quarantined), (Some(Verdict::First), Some(BalanceForm::Currency), None));
    assert_eq!(h.restart().await[0].form, Some(BalanceForm::Currency));
}

pub async fn another_form_is_quarantined(h: &mut Harness) {
    let ended = changed(h).await;
    let standing = &ended.snapshot.standing;
    assert_eq!((ended.verdict, standing.estimate(), standing.health()), (None, Some(whole(100)), Health::Degraded));
    assert_eq!((ended.snapshot.form, ended.snapshot.quarantined), (Some(BalanceForm::Bare), Some(BalanceForm::Currency)));
    let failed = standing.failure.clone().unwrap();
    assert_eq!((failed.code.as_str(), failed.credentials, failed.attempts), (CODE, false, 1));
    assert!(failed.next_try_at.is_some() && !failed.detail.is_empty());
    assert_eq!(h.audit().await.observations.len(), 1, "it is no observation");
    let row = h.store().questions(h.account, 1).await.unwrap().remove(0);
    assert_eq!((row.outcome.as_deref(), row.error_code.as_deref(), row.units, row.raw.as_deref()), (Some("quarantined"), Some(CODE), Some(whole(70)), Some("70.00")));
    assert_eq!(h.kinds().await, vec![ActivityKind::FormChanged]);
    let again = h.ask().await;
    let ended = h.try_answer(again.number, figure(70, BalanceForm::Currency)).await.unwrap();
    assert_eq!(ended.snapshot.standing.failure.map(|failure| failure.attempts), Some(2));
    assert_eq!(h.kinds().await, vec![ActivityKind::FormChanged], "once is enough");
    assert_eq!(h.restart().await[0].quarantined, Some(BalanceForm::Currency));
}

pub async fn the_old_form_ends_the_quarantine(h: &mut Harness) {
    changed(h).await;
    let ended = h.said(100).await;
    assert_eq!((ended.verdict, ended.snapshot.quarantined, ended.snapshot.standing.failure), (Some(Verdict::Agreed), None, None));
    assert!(matches!(h.store().accept_form(h.account, h.now).await, Err(StoreError::Conflict { .. })));
}

pub async fn a_person_accepts_the_form_and_the_next_figure_is_a_first_one(h: &mut Harness) {
    changed(h).await;
    h.send(&[3]).await;
    let before = h.snapshot().await;
    let accepted = h.store().accept_form(h.account, h.now).await.unwrap();
    assert!(accepted.version > before.version);
    assert_eq!((accepted.form, accepted.quarantined), (Some(BalanceForm::Currency), Some(BalanceForm::Currency)));
    assert_eq!((accepted.standing.base, accepted.standing.opening, accepted.standing.pending), (before.standing.base, None, whole(3)));
    assert_eq!((accepted.standing.estimate(), h.snapshot().await), (Some(whole(97)), accepted.clone()), "the last figure stays until the next one");
    assert!(matches!(h.store().accept_form(h.account, h.now).await, Err(StoreError::Conflict { .. })), "once is enough");
    h.wait(5);
    let question = h.ask().await;
    let ended = h.try_answer(question.number, figure(70, BalanceForm::Currency)).await.unwrap();
    assert_eq!((ended.verdict, ended.snapshot.standing.estimate()), (Some(Verdict::First), Some(whole(67))));
    assert_eq!(ended.snapshot.quarantined, None);
    let question = h.ask().await;
    let ended = h.try_answer(question.number, figure(70, BalanceForm::Bare)).await.unwrap();
    assert_eq!(ended.snapshot.quarantined, Some(BalanceForm::Bare), "the old form is another one now");
    assert_eq!(h.top_ups().await, vec![]);
}

pub async fn accepting_the_form_drops_an_open_top_up(h: &mut Harness) {
    h.said(100).await;
    h.send(&[3]).await;
    h.wait(1);
    h.said(147).await;
    let question = h.ask().await;
    h.try_answer(question.number, figure(70, BalanceForm::Currency)).await.unwrap();
    let accepted = h.store().accept_form(h.account, h.now).await.unwrap();
    assert_eq!(accepted.standing.opening, None);
    let rows = h.top_ups().await;
    assert_eq!((rows.len(), rows[0].settled, rows[0].amount.low, rows[0].amount.high), (1, false, whole(47), whole(50)), "its amount stays unknown");
    h.wait(60);
    let question = h.ask().await;
    h.try_answer(question.number, figure(70, BalanceForm::Currency)).await.unwrap();
    h.wait(60);
    let question = h.ask().await;
    h.try_answer(question.number, figure(170, BalanceForm::Currency)).await.unwrap();
    let rows = h.top_ups().await;
    assert_eq!(rows.iter().map(|row| (row.amount.low, row.settled)).collect::<Vec<_>>(), vec![(whole(47), false), (whole(100), true)]);
}

pub async fn without_a_quarantine_there_is_nothing_to_accept(h: &mut Harness) {
    h.said(100).await;
    let before = h.snapshot().await;
    assert!(matches!(h.store().accept_form(h.account, h.now).await, Err(StoreError::Conflict { .. })));
    assert_eq!(h.snapshot().await, before);
    assert!(matches!(h.store().accept_form(AccountId::from_raw(77), h.now).await, Err(StoreError::NotFound { .. })));
}
