//! One thread, many calls: order, isolation, panics, a full disk.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use salio_domain::{AccountId, Timestamp};

use super::super::fault::{Fault, Outcome};
use super::super::tx::Tx;
use super::super::{Options, SqliteStore};
use crate::{AccountDef, Store, StoreError};

const NOW: Timestamp = Timestamp::from_micros(1_795_000_000_000_000);

async fn opened(path: &Path) -> (Arc<SqliteStore>, AccountId) {
    let store = SqliteStore::open(path, Options::default()).unwrap();
    let price = salio_domain::pricing::Price::ASSUMED;
    let def = AccountDef {
        slug: "onfon".into(),
        provider: "onfon".into(),
        unit: "units".into(),
        client: "made-up-client".into(),
        credentials: "made-up-key".into(),
        price,
        prices: Vec::new(),
    };
    let account = store.open(&[def], NOW).await.unwrap()[0].account;
    (Arc::new(store), account)
}

fn note(tx: &Tx<'_>, word: &str) -> Outcome<usize> {
    Ok(tx.connection.execute("INSERT INTO meta (word, value) VALUES (?1, 1)", [word])?)
}

async fn notes(store: &SqliteStore) -> Vec<String> {
    let read = |connection: &rusqlite::Connection| {
        let mut statement = connection.prepare("SELECT word FROM meta WHERE word LIKE 'note-%' ORDER BY word")?;
        let words = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(words)
    };
    store.readers.call(read).await.unwrap()
}

/// Keeps the writer busy until the sender is dropped, so that what is called meanwhile shares a transaction with it.
fn hold(store: &Arc<SqliteStore>) -> mpsc::Sender<()> {
    let (release, held) = mpsc::channel::<()>();
    let store = store.clone();
    let (started, has_started) = mpsc::channel();
    tokio::spawn(async move {
        let wait = move |_: &mut Tx<'_>| {
            started.send(()).ok();
            held.recv_timeout(Duration::from_secs(20)).ok();
            Ok(())
        };
        store.writer.call(wait).await
    });
    has_started.recv_timeout(Duration::from_secs(20)).unwrap();
    release
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_fails_or_panics_leaves_its_neighbours_whole() {
    let directory = tempfile::tempdir().unwrap();
    let (store, account) = opened(&directory.path().join("salio.db")).await;
    let before = store.snapshot(account).await.unwrap();
    let release = hold(&store);
    let mut calls = Vec::new();
    for number in 0..30 {
        let own = store.clone();
        calls.push(tokio::spawn(async move {
            let work = move |tx: &mut Tx<'_>| {
                note(tx, &format!("note-{number:02}"))?;
                let account = tx.account(account)?;
                let shown = tx.put(account);
                assert!(number % 10 != 7, "planted panic");
                if number % 10 == 3 { Err(Fault::conflict("planted")) } else { Ok(shown.version) }
            };
            own.writer.call(work).await
        }));
    }
    drop(release);
    let (mut versions, mut conflicts, mut broken) = (Vec::new(), 0, 0);
    for call in calls {
        match call.await.unwrap() {
            Ok(version) => versions.push(version),
            Err(StoreError::Conflict { .. }) => conflicts += 1,
            Err(StoreError::Broken { detail }) => broken += usize::from(detail.contains("panicked")),
            Err(other) => panic!("{other}"),
        }
    }
    versions.sort_unstable();
    let expected: Vec<i64> = (1..=24).map(|step| before.version + step).collect();
    assert_eq!((versions, conflicts, broken), (expected, 3, 3));
    assert_eq!(notes(&store).await.len(), 24);
    assert_eq!(store.snapshot(account).await.unwrap().version, before.version + 24);
    store.check().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_run_in_the_order_they_came_and_share_commits() {
    let directory = tempfile::tempdir().unwrap();
    let (store, account) = opened(&directory.path().join("salio.db")).await;
    let version = store.snapshot(account).await.unwrap().version;
    let release = hold(&store);
    let order = Arc::new(parking_lot::Mutex::new(Vec::new()));
    let mut calls = Vec::new();
    for number in 0..50_i64 {
        let (own, done) = (store.clone(), order.clone());
        let (asked, is_asked) = tokio::sync::oneshot::channel();
        calls.push(tokio::spawn(async move {
            let work = move |tx: &mut Tx<'_>| {
                done.lock().push(number);
                let account = tx.account(account)?;
                Ok(tx.put(account).version)
            };
            let mut call = Box::pin(own.writer.call(work));
            // Polled once, the call stands in the queue.
            let first = futures_poll_once(&mut call).await;
            assert!(first.is_none());
            asked.send(()).unwrap();
            call.await.unwrap()
        }));
        is_asked.await.unwrap();
    }
    // Nothing is committed while the first call of the transaction still runs.
    assert_eq!(store.snapshot(account).await.unwrap().version, version);
    drop(release);
    let mut versions = Vec::new();
    for call in calls {
        versions.push(call.await.unwrap());
    }
    assert_eq!(versions, (1..=50).map(|step| version + step).collect::<Vec<_>>());
    assert_eq!(*order.lock(), (0..50).collect::<Vec<_>>());
}

async fn futures_poll_once<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(match std::pin::Pin::new(&mut *future).poll(context) {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        })
    })
    .await
}

#[tokio::test]
async fn a_full_disk_breaks_the_call_and_nothing_is_half_done() {
    let directory = tempfile::tempdir().unwrap();
    let (store, account) = opened(&directory.path().join("salio.db")).await;
    let version = store.snapshot(account).await.unwrap().version;
    let limit = |pages: i64| move |tx: &mut Tx<'_>| Ok(tx.connection.pragma_update_and_check(None, "max_page_count", pages, |row| row.get::<_, i64>(0))?);
    let full = store.writer.call(limit(1)).await.unwrap();
    let fill = move |tx: &mut Tx<'_>| {
        let account = tx.account(account)?;
        tx.put(account);
        note(tx, "note-1")?;
        tx.connection.execute("INSERT INTO meta (word, value) VALUES ('note-2', zeroblob(100000))", [])?;
        Ok(())
    };
    match store.writer.call(fill).await {
        Err(StoreError::Broken { detail }) => assert!(detail.contains("salio.db") && detail.contains("make room"), "{detail}"),
        other => panic!("{other:?}"),
    }
    assert!(notes(&store).await.is_empty());
    assert_eq!(store.snapshot(account).await.unwrap().version, version);
    store.writer.call(limit(full + 1000)).await.unwrap();
    store.writer.call(fill).await.unwrap();
    assert_eq!((notes(&store).await.len(), store.snapshot(account).await.unwrap().version), (2, version + 1));
}

#[tokio::test]
async fn what_another_connection_changed_is_seen() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("salio.db");
    let (store, account) = opened(&path).await;
    store.touch(account).await.unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute("UPDATE accounts SET unknown_messages = 7", []).unwrap();
    assert_eq!(store.touch(account).await.unwrap().standing.unknown_messages, 7);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_store_says_so_and_what_waited_is_written() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("salio.db");
    let (store, account) = opened(&path).await;
    let mut version = 0;
    let release = hold(&store);
    let waiting = {
        let own = store.clone();
        tokio::spawn(async move { own.touch(account).await })
    };
    let closing = {
        let own = store.clone();
        async move { own.close().await }
    };
    let (done, ()) = tokio::join!(
        async {
            drop(release);
            waiting.await.unwrap()
        },
        closing
    );
    match done {
        Ok(snapshot) => version = snapshot.version,
        Err(error) => assert!(matches!(error, StoreError::Closed), "{error}"),
    }
    store.close().await;
    assert!(matches!(store.touch(account).await, Err(StoreError::Closed)));
    assert!(matches!(store.snapshot(account).await, Err(StoreError::Closed)));
    assert!(!directory.path().join("salio.db-wal").exists(), "the log is folded in");
    let (again, _) = opened(&path).await;
    assert!(again.snapshot(account).await.unwrap().version > version);
}

#[tokio::test]
async fn a_database_that_cannot_be_written_breaks_the_call_and_reading_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let (store, account) = opened(&directory.path().join("salio.db")).await;
    let version = store.snapshot(account).await.unwrap().version;
    store.writer.call(|tx| Ok(tx.connection.pragma_update(None, "query_only", true)?)).await.unwrap();
    for error in [store.touch(account).await.unwrap_err(), store.check().await.unwrap_err()] {
        let StoreError::Broken { detail } = error else { panic!("{error}") };
        assert!(detail.contains("salio.db") && detail.contains("writable"), "{detail}");
    }
    assert_eq!(store.snapshot(account).await.unwrap().version, version);
    store.close().await;
    let (again, _) = opened(&directory.path().join("salio.db")).await;
    assert_eq!(again.touch(account).await.unwrap().version, version + 2, "a start and a touch: the refused ones left no trace");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_read_holds_up_no_write_and_sees_one_state() {
    let directory = tempfile::tempdir().unwrap();
    let (store, account) = opened(&directory.path().join("salio.db")).await;
    let (written, is_written) = mpsc::channel::<()>();
    let (began, has_begun) = tokio::sync::oneshot::channel();
    let own = store.clone();
    let reading = tokio::spawn(async move {
        let read = move |connection: &rusqlite::Connection| {
            let version = || connection.query_row("SELECT version FROM accounts", [], |row| row.get::<_, i64>(0));
            let before = version()?;
            began.send(()).ok();
            let waited = is_written.recv_timeout(Duration::from_secs(20)).is_ok();
            Ok((waited, before, version()?))
        };
        own.readers.call(read).await.unwrap()
    });
    has_begun.await.unwrap();
    let after = store.touch(account).await.unwrap().version;
    written.send(()).unwrap();
    assert_eq!(reading.await.unwrap(), (true, after - 1, after - 1));
}
