//! A store over a file in a temporary directory, and short words for what is done to it.
#![allow(dead_code, clippy::new_without_default, reason = "each test file uses its part")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use salio_domain::admission::SpendingRules;
use salio_domain::balance::SettleRules;
use salio_domain::message::{MessageState, Priority};
use salio_domain::outbox::{ChargeFate, Decision};
use salio_domain::pricing::{Price, PriceSource};
use salio_domain::segments::Encoding;
use salio_domain::{AccountId, MessageId, Msisdn, SubmissionId, Timestamp, Units};
use salio_store::sqlite::{Options, SqliteStore};
use salio_store::*;

pub const NOW: Timestamp = Timestamp::from_micros(1_795_000_000_000_000);
pub const RULES: SettleRules = SettleRules { settle_end: Duration::from_secs(60), close_interval: SettleRules::CLOSE_INTERVAL, late_charge_window: Duration::from_hours(24) };

pub const CLIENT: &str = "made-up-client-4711-zebra";
pub const KEY: &str = "made-up-key-0815-giraffe";

pub fn def() -> AccountDef {
    AccountDef {
        slug: "onfon".into(),
        provider: "onfon".into(),
        unit: "units".into(),
        client: CLIENT.into(),
        credentials: KEY.into(),
        price: Price { per_segment: Units::whole(1), source: PriceSource::Configured },
        prices: Vec::new(),
    }
}

pub struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    pub fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> PathBuf {
        self.directory.path().join("salio.db")
    }

    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    pub fn connect(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path()).unwrap()
    }

    pub async fn open(&self) -> (SqliteStore, AccountSnapshot) {
        let store = SqliteStore::open(self.path(), Options::default()).unwrap();
        let account = store.open(&[def()], NOW).await.unwrap().remove(0);
        (store, account)
    }
}

pub fn detail<T: std::fmt::Debug>(result: Result<T>) -> String {
    match result {
        Err(StoreError::Broken { detail }) => detail,
        other => panic!("{other:?}"),
    }
}

pub fn message(id: i64) -> NewMessage {
    NewMessage {
        id: MessageId::from_raw(id),
        to: Msisdn::from_stored(format!("2547{id:08}")),
        text: format!("Your code is {id}"),
        sender: "PROMO".into(),
        encoding: Encoding::Gsm7,
        segments: 1,
        charge: Units::whole(1),
        priority: Priority::Normal,
        reference: None,
        send_at: None,
        valid_until: None,
        price_id: 1,
        line: None,
    }
}

pub fn new(account: &AccountSnapshot, messages: Vec<NewMessage>) -> NewMessages {
    NewMessages { account: account.account, batch: None, messages, token: None, covered_by: None, idempotency: None, now: NOW }
}

pub async fn begin(store: &SqliteStore, account: AccountId, id: i64, max: usize, now: Timestamp) -> BeginOutcome {
    begin_all(store, account, &[id], max, now).await
}

pub async fn begin_all(store: &SqliteStore, account: AccountId, ids: &[i64], max: usize, now: Timestamp) -> BeginOutcome {
    let ids = ids.iter().map(|id| SubmissionId::from_raw(*id)).collect();
    let begin = BeginSubmissions { ids, max, rules: SpendingRules::default(), now, claimed_until: now.after(Duration::from_secs(30)) };
    store.begin_submissions(account, begin).await.unwrap()
}

fn result(state: MessageState, charge: ChargeFate) -> MessageResult {
    MessageResult { decision: Decision { state, cause: state.as_str().to_owned(), charge, retry_at: None, pause: None }, provider_message_id: None }
}

pub fn sent(name: &str) -> MessageResult {
    MessageResult { provider_message_id: Some(name.to_owned()), ..result(MessageState::Sent, ChargeFate::Stands) }
}

pub fn in_doubt() -> MessageResult {
    result(MessageState::Unknown, ChargeFate::InDoubt)
}

pub fn rejected() -> MessageResult {
    result(MessageState::Rejected, ChargeFate::Voided)
}

pub fn again(at: Timestamp) -> MessageResult {
    let again = result(MessageState::Queued, ChargeFate::Voided);
    MessageResult { decision: Decision { retry_at: Some(at), ..again.decision }, ..again }
}

pub async fn end(store: &SqliteStore, begun: &BegunSubmission, results: Vec<MessageResult>, now: Timestamp) -> AccountSnapshot {
    store.end_submission(begun.id, EndSubmission { results, raw: None, now }).await.unwrap().account
}
