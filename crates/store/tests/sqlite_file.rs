//! The file itself: what may not be in it, what is refused, what is told.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod sqlite_support;

use salio_domain::Units;
use salio_domain::balance::{BalanceForm, Pool, Reason};
use salio_store::sqlite::{Options, SqliteStore};
use salio_store::*;
use sqlite_support::*;

async fn observe(store: &SqliteStore, account: &AccountSnapshot) {
    let (question, _) = store.begin_question(account.account, Ask { reason: Reason::Start, pool: Pool::Automatic, now: NOW }).await.unwrap();
    let figure = Answer::Figure { units: Units::whole(100), form: BalanceForm::Bare, raw: "100".into() };
    store.end_question(account.account, question.number, figure, RULES, NOW).await.unwrap();
}

#[tokio::test]
async fn keys_and_client_ids_are_nowhere_in_the_files() {
    let place = Place::new();
    let (store, account) = place.open().await;
    observe(&store, &account).await;
    store.accept(new(&account, vec![message(1)])).await.unwrap();
    let holds = |secret: &str| {
        let files = std::fs::read_dir(place.directory()).unwrap();
        let bytes: Vec<Vec<u8>> = files.map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
        assert!(bytes.len() >= 2, "the log is looked at too");
        bytes.iter().any(|bytes| bytes.windows(secret.len()).any(|window| window == secret.as_bytes()))
    };
    assert!(holds("Your code is 1"), "what is stored is found this way");
    assert!(!holds(CLIENT) && !holds(KEY));
    let unsalted: i64 =
        place.connect().query_row("SELECT count(*) FROM accounts WHERE client_hash = ?1 OR credentials_hash = ?2", [sha(CLIENT), sha(KEY)], |row| row.get(0)).unwrap();
    assert_eq!(unsalted, 0);
}

fn sha(text: &str) -> [u8; 32] {
    use sha2::Digest;
    sha2::Sha256::digest(text.as_bytes()).into()
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_on_the_machine_reads_it() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let (store, _) = place.open().await;
    store.check().await.unwrap();
    for file in std::fs::read_dir(place.directory()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.path());
    }
}

#[tokio::test]
async fn observations_are_never_edited_nor_deleted() {
    let place = Place::new();
    let (store, account) = place.open().await;
    observe(&store, &account).await;
    let other = place.connect();
    for sql in ["UPDATE observations SET units = 1", "DELETE FROM observations", "INSERT OR REPLACE INTO observations SELECT * FROM observations"] {
        let error = other.execute(sql, []).unwrap_err().to_string();
        assert!(error.contains("append-only"), "{sql}: {error}");
    }
    let audit = store.audit(account.account).await.unwrap();
    assert_eq!(audit.observations.iter().map(|row| row.taken.units).collect::<Vec<_>>(), [Units::whole(100)]);
}

#[tokio::test]
async fn a_newer_schema_is_refused_untouched() {
    let place = Place::new();
    let (store, _) = place.open().await;
    store.close().await;
    place.connect().pragma_update(None, "user_version", 99).unwrap();
    let said = detail(SqliteStore::open(place.path(), Options::default()));
    assert!(said.contains("salio.db") && said.contains("newer version of salio") && said.contains("99") && said.contains("backup"), "{said}");
    let kept: i64 = place.connect().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(kept, 99);
}

#[tokio::test]
async fn other_files_are_refused_with_their_name_and_what_to_do() {
    let place = Place::new();
    place.connect().execute_batch("CREATE TABLE theirs (x)").unwrap();
    let said = detail(SqliteStore::open(place.path(), Options::default()));
    assert!(said.contains("salio.db") && said.contains("another program"), "{said}");
    let tables: Vec<String> = {
        let other = place.connect();
        let mut statement = other.prepare("SELECT name FROM sqlite_schema").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<std::result::Result<_, _>>().unwrap()
    };
    assert_eq!(tables, ["theirs"]);

    let text = place.directory().join("notes.txt");
    std::fs::write(&text, "this is a text of more than a hundred characters, so that it is long enough to be looked at as the head of a database, and is none").unwrap();
    let said = detail(SqliteStore::open(&text, Options::default()));
    assert!(said.contains("notes.txt") && said.contains("no SQLite file"), "{said}");

    let nowhere = place.directory().join("missing").join("salio.db");
    let said = detail(SqliteStore::open(&nowhere, Options::default()));
    assert!(said.contains("missing") && said.contains("create its directory"), "{said}");
}
