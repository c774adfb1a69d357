//! Keys that Salio issues, and the reports that go to the programs that hold them.

use std::time::Duration;

use salio_domain::ids::TokenId;
use salio_domain::report::ReportOutcome;
use salio_domain::{AccountId, MessageId, Timestamp};
use salio_store::*;

use super::harness::{Harness, START, sent};

fn token(h: &mut Harness, name: &str, dlr_url: Option<&str>) -> TokenRow {
    let id = h.id();
    let mut key_hash = [7; 32];
    key_hash[..8].copy_from_slice(&id.to_be_bytes());
    TokenRow {
        id: TokenId::from_raw(id),
        name: name.to_owned(),
        scope: "drop-in".to_owned(),
        account: h.account,
        client_id: "made-up-client-id".to_owned(),
        key_hash,
        access_hash: Some([8; 32]),
        credits_format: "ksh".to_owned(),
        dlr_url: dlr_url.map(str::to_owned),
        created_at: h.now,
        last_used_at: None,
        revoked_at: None,
    }
}

async fn created(h: &mut Harness, name: &str, dlr_url: Option<&str>) -> TokenRow {
    let row = token(h, name, dlr_url);
    h.store().create_token(row.clone()).await.unwrap();
    row
}

pub async fn keys_are_kept(h: &mut Harness) {
    let one = created(h, "shop", Some("http://127.0.0.1/dlr")).await;
    h.wait(1);
    let two = created(h, "crm", None).await;
    assert_eq!(h.store().tokens().await.unwrap(), vec![one.clone(), two.clone()], "oldest first");
    assert!(h.store().last_id().await.unwrap() >= two.id.raw());
    h.restart().await;
    assert_eq!(h.store().tokens().await.unwrap(), vec![one, two]);
}

pub async fn a_name_belongs_to_one_living_key(h: &mut Harness) {
    let one = created(h, "shop", None).await;
    let second = token(h, "shop", None);
    assert!(matches!(h.store().create_token(second.clone()).await, Err(StoreError::Conflict { .. })));
    h.store().revoke_token(one.id, h.now).await.unwrap();
    h.store().create_token(second).await.unwrap();
    assert_eq!(h.store().tokens().await.unwrap().len(), 2, "revoked ones too");
    let nobody = TokenRow { account: AccountId::from_raw(77), ..token(h, "x", None) };
    assert!(matches!(h.store().create_token(nobody).await, Err(StoreError::NotFound { .. })));
}

pub async fn a_key_is_taken_back_once(h: &mut Harness) {
    let one = created(h, "shop", None).await;
    h.wait(5);
    let revoked = h.store().revoke_token(one.id, h.now).await.unwrap();
    assert_eq!(revoked, TokenRow { revoked_at: Some(h.now), ..one.clone() });
    h.wait(5);
    assert_eq!(h.store().revoke_token(one.id, h.now).await.unwrap(), revoked, "again changes nothing");
    assert!(matches!(h.store().revoke_token(TokenId::from_raw(7), h.now).await, Err(StoreError::NotFound { .. })));
}

pub async fn the_last_use_is_kept_to_the_minute(h: &mut Harness) {
    let one = created(h, "shop", None).await;
    let minute = Timestamp::from_micros(START.micros().div_euclid(60_000_000) * 60_000_000);
    let used = async |h: &Harness| h.store().tokens().await.unwrap()[0].last_used_at;
    h.now = minute.after(Duration::from_secs(10));
    h.store().token_used(one.id, h.now).await.unwrap();
    assert_eq!(used(h).await, Some(minute));
    h.wait(40);
    h.store().token_used(one.id, h.now).await.unwrap();
    assert_eq!(used(h).await, Some(minute));
    h.wait(60);
    h.store().token_used(one.id, h.now).await.unwrap();
    assert_eq!(used(h).await, Some(minute.after(Duration::from_secs(60))));
    h.now = minute;
    h.store().token_used(one.id, h.now).await.unwrap();
    assert_eq!(used(h).await, Some(minute.after(Duration::from_secs(60))), "a clock that goes back takes nothing away");
}

/// A message that came with a key, taken by the provider under this name.
async fn sent_with(h: &mut Harness, key: &TokenRow, number: u32, name: &str) -> MessageId {
    let message = h.message(number, 1);
    let id = message.id;
    let new = h.new_messages(vec![message]);
    h.store().accept(NewMessages { token: Some(key.id), ..new }).await.unwrap();
    let begun = h.begin(1).await;
    h.end(begun.id, vec![sent(name)]).await;
    assert_eq!(h.detail(id).await.row.token, Some(key.id));
    id
}

async fn due(h: &Harness) -> Vec<ForwardRow> {
    h.store().forwards_due(h.now, &[], 10).await.unwrap()
}

pub async fn reports_are_forwarded_to_the_key_of_their_message(h: &mut Harness) {
    let key = created(h, "shop", Some("http://127.0.0.1/dlr")).await;
    let id = sent_with(h, &key, 1, "p-1").await;
    assert_eq!((due(h).await, h.store().next_forward(&[]).await.unwrap()), (vec![], None));
    h.wait(1);
    let reported = h.report(Some("p-1"), None, ReportOutcome::Delivered).await;
    assert!(reported.forwards);
    assert_eq!(h.store().next_forward(&[]).await.unwrap(), Some(h.now));
    let rows = due(h).await;
    assert_eq!((rows.len(), rows[0].token, rows[0].url.as_str(), rows[0].attempts, rows[0].created_at), (1, key.id, "http://127.0.0.1/dlr", 0, h.now));
    assert_eq!((rows[0].message.clone(), rows[0].report.message), (h.detail(id).await.row, Some(id)));
    h.store().forwarded(rows[0].id, Forwarded::Done, h.now).await.unwrap();
    assert_eq!((due(h).await, h.store().next_forward(&[]).await.unwrap()), (vec![], None));
}

pub async fn a_forward_is_tried_again_or_given_up(h: &mut Harness) {
    let key = created(h, "shop", Some("http://127.0.0.1/dlr")).await;
    sent_with(h, &key, 1, "p-1").await;
    h.report(Some("p-1"), None, ReportOutcome::Pending).await;
    let first = due(h).await.remove(0);
    let at = h.now.after(Duration::from_secs(30));
    h.store().forwarded(first.id, Forwarded::Again(at), h.now).await.unwrap();
    assert_eq!((due(h).await, h.store().next_forward(&[]).await.unwrap()), (vec![], Some(at)));
    sent_with(h, &key, 2, "p-2").await;
    h.wait(1);
    h.report(Some("p-2"), None, ReportOutcome::Delivered).await;
    h.restart().await;
    h.now = at;
    let rows = due(h).await;
    assert_eq!(
        rows.iter().map(|row| (row.attempts, row.report.report.outcome)).collect::<Vec<_>>(),
        vec![(0, ReportOutcome::Delivered), (1, ReportOutcome::Pending)],
        "as they are due"
    );
    assert_eq!(h.store().forwards_due(h.now, &[], 1).await.unwrap().len(), 1);
    h.store().forwarded(first.id, Forwarded::GivenUp, h.now).await.unwrap();
    assert_eq!(due(h).await.len(), 1);
    assert!(matches!(h.store().forwarded(77, Forwarded::Done, h.now).await, Err(StoreError::NotFound { .. })));
}

pub async fn forwards_of_one_message_wait_for_each_other(h: &mut Harness) {
    let key = created(h, "shop", Some("http://127.0.0.1/dlr")).await;
    sent_with(h, &key, 1, "p-1").await;
    sent_with(h, &key, 2, "p-2").await;
    h.report(Some("p-1"), None, ReportOutcome::Pending).await;
    let first = due(h).await.remove(0);
    let at = h.now.after(Duration::from_secs(1800));
    h.store().forwarded(first.id, Forwarded::Again(at), h.now).await.unwrap();
    h.wait(1);
    h.report(Some("p-1"), None, ReportOutcome::Delivered).await;
    h.report(Some("p-2"), None, ReportOutcome::Delivered).await;
    h.restart().await;
    let second = due(h).await;
    assert_eq!(second.iter().map(|row| row.message.id).collect::<Vec<_>>(), [first.message.id.max(second[0].message.id)], "only the other message's");
    h.store().forwarded(second[0].id, Forwarded::Done, h.now).await.unwrap();
    assert_eq!((due(h).await, h.store().next_forward(&[]).await.unwrap()), (vec![], Some(at)), "the later one waits for the earlier one");
    h.now = at;
    assert_eq!(due(h).await.iter().map(|row| row.id).collect::<Vec<_>>(), [first.id]);
    h.store().forwarded(first.id, Forwarded::Done, h.now).await.unwrap();
    let rows = due(h).await;
    assert_eq!(rows.iter().map(|row| row.report.report.outcome).collect::<Vec<_>>(), [ReportOutcome::Delivered]);
    // Given up is ended too.
    h.report(Some("p-1"), None, ReportOutcome::Failed).await;
    assert_eq!(due(h).await.iter().map(|row| row.id).collect::<Vec<_>>(), [rows[0].id]);
    h.store().forwarded(rows[0].id, Forwarded::GivenUp, h.now).await.unwrap();
    assert_eq!(due(h).await.len(), 1);
}

pub async fn forwards_by_busy_keys_are_left_out(h: &mut Harness) {
    let (one, other) = (created(h, "one", Some("http://127.0.0.1/1")).await, created(h, "other", Some("http://127.0.0.1/2")).await);
    sent_with(h, &one, 1, "p-1").await;
    sent_with(h, &other, 2, "p-2").await;
    h.report(Some("p-1"), None, ReportOutcome::Delivered).await;
    h.wait(1);
    h.report(Some("p-2"), None, ReportOutcome::Delivered).await;
    let of = async |h: &Harness, busy: &[TokenId]| h.store().forwards_due(h.now, busy, 1).await.unwrap().iter().map(|row| row.token).collect::<Vec<_>>();
    assert_eq!(of(h, &[]).await, [one.id]);
    assert_eq!(of(h, &[one.id]).await, [other.id]);
    assert_eq!(h.store().next_forward(&[one.id]).await.unwrap(), Some(h.now));
    assert_eq!((of(h, &[other.id, one.id]).await, h.store().next_forward(&[one.id, other.id]).await.unwrap()), (vec![], None));
}

pub async fn what_nobody_wants_is_not_forwarded(h: &mut Harness) {
    let silent = created(h, "silent", None).await;
    sent_with(h, &silent, 1, "p-1").await;
    assert!(!h.report(Some("p-1"), None, ReportOutcome::Delivered).await.forwards);
    h.send(&[1]).await;
    assert!(!h.report(Some("made-up-id"), None, ReportOutcome::Delivered).await.forwards, "no key");
    let revoked = created(h, "revoked", Some("http://127.0.0.1/dlr")).await;
    sent_with(h, &revoked, 3, "p-3").await;
    h.store().revoke_token(revoked.id, h.now).await.unwrap();
    assert!(!h.report(Some("p-3"), None, ReportOutcome::Delivered).await.forwards, "a key that was taken back");
    assert_eq!(h.store().next_forward(&[]).await.unwrap(), None);
}

pub async fn early_reports_are_forwarded_too(h: &mut Harness) {
    let key = created(h, "shop", Some("http://127.0.0.1/dlr")).await;
    assert!(!h.report(Some("p-1"), None, ReportOutcome::Delivered).await.forwards);
    let message = h.message(1, 1);
    let new = h.new_messages(vec![message]);
    h.store().accept(NewMessages { token: Some(key.id), ..new }).await.unwrap();
    let begun = h.begin(1).await;
    let ended = h.store().end_submission(begun.id, EndSubmission { results: vec![sent("p-1")], raw: None, now: h.now }).await.unwrap();
    assert!(ended.forwards, "whoever ends it is told");
    assert_eq!(due(h).await.len(), 1);
    let message = h.message(2, 1);
    let new = h.new_messages(vec![message]);
    h.store().accept(NewMessages { token: Some(key.id), ..new }).await.unwrap();
    let begun = h.begin(1).await;
    let ended = h.store().end_submission(begun.id, EndSubmission { results: vec![sent("p-2")], raw: None, now: h.now }).await.unwrap();
    assert!(!ended.forwards, "nothing had come");
}
