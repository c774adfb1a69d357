//! Databases of every schema that has landed are carried forward, with everything in them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod sqlite_support;

use std::time::Duration;

use salio_domain::message::MessageState;
use salio_domain::{MessageId, Units};
use salio_store::*;
use sqlite_support::*;

const FIRST: &str = include_str!("fixtures/0001.sql");

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
async fn the_first_schema_is_carried_forward() {
    let (fresh, old) = (Place::new(), restore(FIRST));
    let (store, _) = fresh.open().await;
    store.close().await;
    let (store, _) = old.open().await;
    store.close().await;
    assert_eq!(schema(&old), schema(&fresh));
    let faults: String = old.connect().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(faults, "ok");
    let orphans = old.connect().prepare("PRAGMA foreign_key_check").unwrap().exists([]).unwrap();
    assert!(!orphans);
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
