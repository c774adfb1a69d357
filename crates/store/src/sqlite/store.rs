//! The trait: what writes goes to the writer, what reads to a reader.

use std::time::Duration;

use async_trait::async_trait;
use salio_domain::balance::{Call, SettleRules};
use salio_domain::{AccountId, MessageId, SubmissionId, Timestamp};

use super::{SqliteStore, account, audit, claim, ending, figures, intake, journal, lists, opening, questions, stopping};
use crate::{
    Acceptance, AccountDef, AccountSnapshot, Activity, Answer, Ask, Audit, BeginOutcome, BeginSubmission, EndSubmission, Ended, History, IdempotencyKey, MessageDetail,
    MessageFilter, MessageRow, NewMessages, Question, QuestionRow, Replay, Result, Store,
};

#[async_trait]
impl Store for SqliteStore {
    async fn open(&self, defs: &[AccountDef], now: Timestamp) -> Result<Vec<AccountSnapshot>> {
        let defs = defs.to_vec();
        self.writer.call(move |tx| opening::open(tx, &defs, now)).await
    }

    async fn last_id(&self) -> Result<i64> {
        self.readers.call(lists::last_id).await
    }

    async fn snapshot(&self, account: AccountId) -> Result<AccountSnapshot> {
        self.readers.call(move |connection| Ok(account::load(connection, account)?.shown)).await
    }

    async fn touch(&self, account: AccountId) -> Result<AccountSnapshot> {
        self.writer.call(move |tx| tx.account(account).map(|account| tx.put(account))).await
    }

    async fn calls_since(&self, account: AccountId, since: Timestamp) -> Result<Vec<Call>> {
        self.readers.call(move |connection| questions::calls_since(connection, account, Some(since))).await
    }

    async fn begin_question(&self, account: AccountId, ask: Ask) -> Result<(Question, AccountSnapshot)> {
        self.writer.call(move |tx| questions::begin(tx, account, &ask)).await
    }

    async fn end_question(&self, account: AccountId, number: i64, answer: Answer, rules: SettleRules, now: Timestamp) -> Result<Ended> {
        self.writer.call(move |tx| questions::end(tx, account, number, &answer, rules, now)).await
    }

    async fn clear_cache(&self, account: AccountId, _now: Timestamp) -> Result<AccountSnapshot> {
        self.writer.call(move |tx| questions::clear_cache(tx, account)).await
    }

    async fn accept_form(&self, account: AccountId, now: Timestamp) -> Result<AccountSnapshot> {
        self.writer.call(move |tx| questions::accept_form(tx, account, now)).await
    }

    async fn resume(&self, account: AccountId, now: Timestamp) -> Result<AccountSnapshot> {
        self.writer.call(move |tx| stopping::resume(tx, account, now)).await
    }

    async fn accept(&self, new: NewMessages) -> Result<Acceptance> {
        self.writer.call(move |tx| intake::accept(tx, &new)).await
    }

    async fn replay(&self, key: &IdempotencyKey) -> Result<Option<Replay>> {
        let key = key.clone();
        self.readers.call(move |connection| intake::kept(connection, &key, Timestamp::from_micros(i64::MIN))).await
    }

    async fn begin_submission(&self, account: AccountId, begin: BeginSubmission) -> Result<BeginOutcome> {
        self.writer.call(move |tx| claim::begin(tx, account, &begin)).await
    }

    async fn end_submission(&self, submission: SubmissionId, end: EndSubmission) -> Result<AccountSnapshot> {
        self.writer.call(move |tx| ending::end(tx, submission, &end)).await
    }

    async fn next_due(&self, account: AccountId) -> Result<Option<Timestamp>> {
        self.readers.call(move |connection| lists::next_due(connection, account)).await
    }

    async fn messages(&self, filter: &MessageFilter) -> Result<Vec<MessageRow>> {
        let filter = filter.clone();
        self.readers.call(move |connection| lists::page(connection, &filter)).await
    }

    async fn message(&self, id: MessageId) -> Result<MessageDetail> {
        self.readers.call(move |connection| lists::detail(connection, id)).await
    }

    async fn cancel(&self, id: MessageId, now: Timestamp) -> Result<(MessageRow, AccountSnapshot)> {
        self.writer.call(move |tx| stopping::cancel(tx, id, now)).await
    }

    async fn history(&self, account: AccountId, from: Timestamp, to: Timestamp, step: Duration) -> Result<History> {
        self.readers.call(move |connection| figures::history(connection, account, from, to, step)).await
    }

    async fn activity(&self, account: Option<AccountId>, limit: usize) -> Result<Vec<Activity>> {
        self.readers.call(move |connection| journal::latest(connection, account, limit)).await
    }

    async fn questions(&self, account: AccountId, limit: usize) -> Result<Vec<QuestionRow>> {
        self.readers.call(move |connection| questions::latest(connection, account, limit)).await
    }

    async fn audit(&self, account: AccountId) -> Result<Audit> {
        self.readers.call(move |connection| audit::audit(connection, account)).await
    }

    async fn check(&self) -> Result<()> {
        self.writer.call(|tx| Ok(tx.connection.prepare_cached("UPDATE meta SET value = value + 1 WHERE word = 'checks'")?.execute([]).map(|_| ())?)).await?;
        self.readers.call(|connection| Ok(connection.query_row("SELECT 1", [], |_| Ok(()))?)).await
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
