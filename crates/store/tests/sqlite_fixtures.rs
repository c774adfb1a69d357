//! Databases of every schema that has landed are carried forward, with everything in them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod sqlite_support;

use std::time::Duration;

use salio_domain::ids::BatchId;
use salio_domain::ledger::{EntryKind, LedgerFault, Verifier};
use salio_domain::message::MessageState;
use salio_domain::{AccountId, MessageId, Timestamp, Units};
use salio_store::*;
use sqlite_support::*;

const FIRST: &str = include_str!("fixtures/0001.sql");
const SECOND: &str = include_str!("fixtures/0002.sql");

fn schema(place: &Place) -> Vec<(String, Option<String>)> {
    let connection = place.connect();
    let mut statement = connection.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").unwrap();
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().collect::<std::result::Result<_, _>>().unwrap()
}

fn restore(dump: &str) -> Place {
    let place = Place::new();
    place.connect().execute_batch(dump).unwrap();
    place
}

#[tokio::test]
async fn every_schema_is_carried_forward() {
    let fresh = Place::new();
    fresh.open().await.0.close().await;
    for dump in [FIRST, SECOND] {
        let old = restore(dump);
        old.open().await.0.close().await;
        assert_eq!(schema(&old), schema(&fresh));
        let faults: String = old.connect().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(faults, "ok");
        let orphans = old.connect().prepare("PRAGMA foreign_key_check").unwrap().exists([]).unwrap();
        assert!(!orphans);
    }
}

/// What the verifier finds in the books, and that the submissions say the same of them.
async fn faults(store: &sqlite::SqliteStore, account: AccountId) -> Vec<LedgerFault> {
    let head = store.ledger_head(account).await.unwrap();
    let mut verifier = Verifier::new(account);
    for row in store.ledger(account, 0, 1000).await.unwrap() {
        verifier.entry(&row.entry, &row.hash);
    }
    assert_eq!((head.balances.pending, head.balances.suspense), head.submissions);
    assert_eq!(store.ledger_strays().await.unwrap(), Vec::<String>::new());
    verifier.end(head.head, &head.seals, &head.balances)
}

#[tokio::test]
async fn the_books_of_the_first_schema_begin_with_what_was_spent() {
    let place = restore(FIRST);
    let (store, account) = place.open().await;
    let entries: Vec<_> = store.ledger(account.account, 0, 10).await.unwrap().iter().map(|row| (row.entry.kind, row.entry.amount)).collect();
    assert_eq!(entries, [(EntryKind::CarriedSpend, Units::whole(1)), (EntryKind::CarriedPending, Units::whole(2))]);
    assert!(faults(&store, account.account).await.is_empty());
    store.close().await;
    let (store, _) = place.open().await;
    assert_eq!(store.ledger(account.account, 0, 10).await.unwrap().len(), 2, "once");
    assert_eq!(
        place.connect().query_row("SELECT group_concat(DISTINCT owner_id) FROM ledger_accounts", [], |row| row.get::<_, String>(0)).unwrap(),
        account.account.raw().to_string()
    );
}

#[tokio::test]
async fn batches_and_doubts_of_the_first_schema_go_on() {
    let place = restore(FIRST);
    let (store, account) = place.open().await;
    let batch = store.batch(BatchId::from_raw(50)).await.unwrap();
    let count = |state| batch.counts.get(state);
    assert_eq!((batch.state, count(MessageState::Sent), count(MessageState::Unknown), count(MessageState::Queued)), (BatchState::Running, 1, 1, 1));
    assert_eq!((batch.spent, batch.released_at, batch.begun_at, batch.ended_at), (Units::whole(2), Some(batch.created_at), Some(NOW), None));
    assert_eq!(store.doubts_since(account.account, NOW.after(Duration::from_hours(1)), 10).await.unwrap(), [2, 11].map(MessageId::from_raw));
    store.settle(Settle { message: MessageId::from_raw(2), settlement: Settlement::NotSent, by: "person", idempotency: None, now: NOW }).await.unwrap();
    assert!(faults(&store, account.account).await.is_empty());
    let later = NOW.after(Duration::from_hours(2));
    let begun = begin(&store, account.account, 99, 20, later).await.begun.remove(0);
    let carried: Vec<_> = begun.messages.iter().map(|message| (message.id.raw(), message.batch.map(BatchId::raw))).collect();
    assert_eq!(carried, [(10, None), (3, Some(50))], "single messages have the first turn");
    assert_eq!(store.audit(account.account).await.unwrap().queued, Units::ZERO);
}

#[tokio::test]
async fn nothing_of_the_second_schema_is_lost() {
    let place = restore(SECOND);
    let before: Vec<(i64, String)> = states(&place);
    let (store, account) = place.open().await;
    let id = account.account;
    let after: Vec<(i64, String)> = before.iter().map(|(id, state)| (*id, if state == "submitting" { "unknown".to_owned() } else { state.clone() })).collect();
    assert_eq!(states(&place), after, "only what had begun is in doubt now");
    assert_eq!((account.standing.queued, account.standing.pending, account.standing.unknown_messages, account.standing.in_flight), (Units::whole(12), Units::whole(3), 5, 0));
    let audit = store.audit(id).await.unwrap();
    assert_eq!((audit.queued, audit.submissions.len()), (Units::whole(12), 3));
    assert!(faults(&store, id).await.is_empty());
    assert_eq!((store.ledger_head(id).await.unwrap().seals.len(), account.prices.len()), (2, 0), "prices that are no longer named have ended");
    let batches: Vec<(i64, BatchState)> = store.batches(&BatchFilter { limit: 10, ..BatchFilter::default() }).await.unwrap().iter().map(|row| (row.id.raw(), row.state)).collect();
    use BatchState::{Cancelled, Paused, Receiving, Refused, Running};
    assert_eq!(batches, [(55, Cancelled), (54, Receiving), (53, Refused), (52, Paused), (51, Running), (50, Running)]);
    assert_eq!(store.batch_errors(BatchId::from_raw(54), 0, 10).await.unwrap().len(), 1);
    let matched: Vec<_> = store.reports(&ReportFilter { limit: 10, ..ReportFilter::default() }).await.unwrap().iter().map(|row| row.message.map(MessageId::raw)).collect();
    assert_eq!(matched, [None, None, Some(1), Some(2)]);
    let (tokens, stops, inbound) = (store.tokens().await.unwrap().len(), store.stops().await.unwrap().len(), store.inbound_messages(None, None, 10).await.unwrap().len());
    assert_eq!((tokens, stops, inbound, store.forwards_due(LATER, &[], 10).await.unwrap().len()), (2, 1, 1, 2));
}

#[tokio::test]
async fn what_the_second_schema_left_unfinished_goes_on() {
    let place = restore(SECOND);
    let (store, account) = place.open().await;
    let mut swept = 0;
    loop {
        let once = store.sweep(LATER, 100).await.unwrap();
        swept += once.messages.len();
        if !once.more {
            break;
        }
    }
    assert_eq!(swept, 11, "three of the refused one, four of the cancelled one, four of the stream nobody went on with");
    assert_eq!(store.snapshot(account.account).await.unwrap().standing.queued, Units::whole(8));
    assert_eq!(store.audit(account.account).await.unwrap().queued, Units::whole(8));
    store.order_batch(BatchId::from_raw(52), BatchOrder::Resume, LATER).await.unwrap();
    let begun = begin_all(&store, account.account, &[900, 901, 902], 20, LATER).await.begun;
    assert_eq!(begun.iter().map(|begun| begun.messages.len()).sum::<usize>(), 8);
    for begun in begun {
        end(&store, &begun, vec![sent("made-up"); begun.messages.len()], LATER).await;
    }
    assert!(store.batch(BatchId::from_raw(52)).await.unwrap().is_done());
    assert!(faults(&store, account.account).await.is_empty());
}

const LATER: Timestamp = Timestamp::from_micros(NOW.micros() + 9 * 86_400_000_000 + 3_600_000_000);

fn states(place: &Place) -> Vec<(i64, String)> {
    let connection = place.connect();
    let mut statement = connection.prepare("SELECT message_id, state FROM messages ORDER BY message_id").unwrap();
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().collect::<std::result::Result<_, _>>().unwrap()
}

#[tokio::test]
async fn nothing_of_the_first_schema_is_lost() {
    let place = restore(FIRST);
    let (store, account) = place.open().await;
    assert_eq!((account.slug.as_str(), account.version), ("onfon", NOW.micros() + 18));
    let standing = &account.standing;
    assert_eq!((standing.estimate(), standing.pending, standing.queued), (Some(Units::whole(597)), Units::whole(2), Units::whole(2)));
    assert_eq!((standing.unknown_messages, standing.in_flight), (2, 0), "what had begun when the process ended is in doubt");
    assert_eq!(standing.failure.as_ref().map(|failure| failure.code.as_str()), Some("timeout"));
    let states: Vec<(i64, MessageState)> =
        store.messages(&MessageFilter { limit: 10, ..MessageFilter::default() }).await.unwrap().iter().map(|row| (row.id.raw(), row.state)).collect();
    use MessageState::{Cancelled, Queued, Scheduled, Sent, Unknown};
    assert_eq!(states, [(12, Cancelled), (11, Unknown), (10, Scheduled), (3, Queued), (2, Unknown), (1, Sent)]);
    let sent = store.message(MessageId::from_raw(1)).await.unwrap();
    assert_eq!((sent.timeline.len(), sent.provider_message_ids), (3, vec!["made-up-0001".to_owned()]));
    let key = IdempotencyKey { scope: "made-up:messages".into(), key: "made-up-1".into(), body_sha256: [7; 32] };
    assert_eq!(store.replay(&key).await.unwrap(), Some(Replay::Same("{\"kept\":true}".into())));
    let history = store.history(account.account, NOW, NOW.after(Duration::from_secs(60)), Duration::from_secs(1)).await.unwrap();
    assert_eq!((history.points.len(), history.top_ups.len()), (3, 1));
    assert_eq!(store.questions(account.account, 1).await.unwrap()[0].outcome.as_deref(), Some("abandoned"));
    assert_eq!(store.audit(account.account).await.unwrap().queued, Units::whole(2));
}

#[tokio::test]
async fn messages_are_found_whether_they_wait_or_have_left() {
    let place = restore(FIRST);
    let (store, account) = place.open().await;
    let found = async |filter: MessageFilter| {
        let rows = store.messages(&MessageFilter { limit: 10, ..filter }).await.unwrap();
        rows.iter().map(|row| row.id.raw()).collect::<Vec<_>>()
    };
    let all = MessageFilter::default;
    assert_eq!(found(MessageFilter { account: Some(account.account), ..all() }).await, [12, 11, 10, 3, 2, 1]);
    assert_eq!(found(MessageFilter { account: Some(account.account), before: Some(MessageId::from_raw(3)), ..all() }).await, [2, 1]);
    assert_eq!(found(MessageFilter { batch: Some(salio_domain::ids::BatchId::from_raw(50)), ..all() }).await, [3, 2, 1]);
    for id in [1, 3] {
        assert_eq!(found(MessageFilter { to: Some(format!("2547{id:08}")), ..all() }).await, [id]);
        assert_eq!(found(MessageFilter { reference: Some(format!("order-{id}")), ..all() }).await, [id]);
    }
    for (state, ids) in
        [(MessageState::Queued, vec![3]), (MessageState::Scheduled, vec![10]), (MessageState::Unknown, vec![11, 2]), (MessageState::Sent, vec![1]), (MessageState::Failed, vec![])]
    {
        assert_eq!(found(MessageFilter { state: Some(state), ..all() }).await, ids, "{state:?}");
    }
}
