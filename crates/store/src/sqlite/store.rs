//! The trait: what writes goes to the writer, what reads to a reader.

use std::time::Duration;

use async_trait::async_trait;
use salio_domain::balance::{Call, SettleRules};
use salio_domain::ids::{BatchId, InboundId, TokenId};
use salio_domain::{AccountId, MessageId, Msisdn, SubmissionId, Timestamp};

use super::{
    SqliteStore, account, audit, batches, books_reading, claim, doubts, ending, figures, forwards, inbound, intake, journal, lists, opening, questions, reports, settle, stopping,
    stops, streams, sweep, tokens,
};
use crate::{
    Acceptance, AccountDef, AccountSnapshot, Activity, Answer, Ask, Audit, BatchFilter, BatchOrder, BatchRow, BeginOutcome, BeginSubmissions, Block, DoubtRow, EndSubmission,
    Ended, EndedSubmission, ForwardRow, Forwarded, History, IdempotencyKey, InboundRow, LedgerHead, LedgerRow, LineError, MessageDetail, MessageFilter, MessageRow, NewMessages,
    NewReport, OpenStream, Question, QuestionRow, Release, Released, Replay, ReportFilter, ReportRow, Reported, Result, Settle, Settled, Store, StreamOpening, Swept, TokenRow,
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

    async fn begin_submissions(&self, account: AccountId, begin: BeginSubmissions) -> Result<BeginOutcome> {
        self.writer.call(move |tx| claim::begin(tx, account, &begin)).await
    }

    async fn end_submission(&self, submission: SubmissionId, end: EndSubmission) -> Result<EndedSubmission> {
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

    async fn stop(&self, account: AccountId, now: Timestamp) -> Result<AccountSnapshot> {
        self.writer.call(move |tx| stopping::stop(tx, account, now)).await
    }

    async fn open_stream(&self, open: OpenStream) -> Result<StreamOpening> {
        self.writer.call(move |tx| streams::open(tx, &open)).await
    }

    async fn stage(&self, block: Block) -> Result<()> {
        self.writer.call(move |tx| streams::stage(tx, &block)).await
    }

    async fn release(&self, release: Release) -> Result<Released> {
        self.writer.call(move |tx| streams::release(tx, &release)).await
    }

    async fn drop_stream(&self, batch: BatchId, epoch: i64, now: Timestamp) -> Result<()> {
        self.writer.call(move |tx| streams::drop_stream(tx, batch, epoch, now)).await
    }

    async fn batch(&self, id: BatchId) -> Result<BatchRow> {
        self.readers.call(move |connection| batches::one(connection, id)).await
    }

    async fn batches(&self, filter: &BatchFilter) -> Result<Vec<BatchRow>> {
        let filter = filter.clone();
        self.readers.call(move |connection| batches::page(connection, &filter)).await
    }

    async fn batch_errors(&self, id: BatchId, after: i64, limit: usize) -> Result<Vec<LineError>> {
        self.readers.call(move |connection| batches::errors(connection, id, after, limit)).await
    }

    async fn order_batch(&self, id: BatchId, order: BatchOrder, now: Timestamp) -> Result<(BatchRow, AccountSnapshot)> {
        self.writer.call(move |tx| batches::order(tx, id, order, now)).await
    }

    async fn sweep(&self, now: Timestamp, limit: usize) -> Result<Swept> {
        self.writer.call(move |tx| sweep::sweep(tx, now, limit)).await
    }

    async fn report(&self, new: NewReport) -> Result<Reported> {
        self.writer.call(move |tx| reports::take(tx, &new)).await
    }

    async fn match_reports(&self, account: AccountId, now: Timestamp, limit: usize) -> Result<Vec<Reported>> {
        let again = self.readers.call(move |connection| reports::unmatched(connection, account, now, limit)).await?;
        if again.is_empty() {
            return Ok(Vec::new());
        }
        self.writer.call(move |tx| reports::match_again(tx, account, &again, now)).await
    }

    async fn reports(&self, filter: &ReportFilter) -> Result<Vec<ReportRow>> {
        let filter = filter.clone();
        self.readers.call(move |connection| reports::page(connection, &filter)).await
    }

    async fn inbound(&self, new: InboundRow) -> Result<()> {
        self.writer.call(move |tx| inbound::keep(tx, &new)).await
    }

    async fn inbound_messages(&self, account: Option<AccountId>, before: Option<InboundId>, limit: usize) -> Result<Vec<InboundRow>> {
        self.readers.call(move |connection| inbound::page(connection, account, before, limit)).await
    }

    async fn settle(&self, settle: Settle) -> Result<Settled> {
        self.writer.call(move |tx| settle::settle(tx, &settle)).await
    }

    async fn doubts_to_look_up(&self, account: AccountId, now: Timestamp, limit: usize) -> Result<Vec<DoubtRow>> {
        self.readers.call(move |connection| doubts::to_look_up(connection, account, now, limit)).await
    }

    async fn looked_up(&self, message: MessageId, next_at: Option<Timestamp>) -> Result<()> {
        self.writer.call(move |tx| doubts::looked_up(tx, message, next_at)).await
    }

    async fn look_up_failed(&self, message: MessageId, again_at: Option<Timestamp>) -> Result<()> {
        self.writer.call(move |tx| doubts::look_up_failed(tx, message, again_at)).await
    }

    async fn doubt(&self, message: MessageId) -> Result<Option<DoubtRow>> {
        self.readers.call(move |connection| doubts::one(connection, message)).await
    }

    async fn doubts_since(&self, account: AccountId, before: Timestamp, limit: usize) -> Result<Vec<MessageId>> {
        self.readers.call(move |connection| doubts::since(connection, account, before, limit)).await
    }

    async fn add_stops(&self, numbers: &[Msisdn], now: Timestamp) -> Result<()> {
        let numbers = numbers.to_vec();
        self.writer.call(move |tx| stops::add(tx, &numbers, now)).await
    }

    async fn remove_stop(&self, number: &Msisdn) -> Result<bool> {
        let number = number.clone();
        self.writer.call(move |tx| stops::remove(tx, &number)).await
    }

    async fn stops(&self) -> Result<Vec<(Msisdn, Timestamp)>> {
        self.readers.call(stops::all).await
    }

    async fn create_token(&self, new: TokenRow) -> Result<()> {
        self.writer.call(move |tx| tokens::create(tx, &new)).await
    }

    async fn tokens(&self) -> Result<Vec<TokenRow>> {
        self.readers.call(tokens::all).await
    }

    async fn revoke_token(&self, id: TokenId, now: Timestamp) -> Result<TokenRow> {
        self.writer.call(move |tx| tokens::revoke(tx, id, now)).await
    }

    async fn token_used(&self, id: TokenId, now: Timestamp) -> Result<()> {
        self.writer.call(move |tx| tokens::used(tx, id, now)).await
    }

    async fn forwards_due(&self, now: Timestamp, busy: &[TokenId], limit: usize) -> Result<Vec<ForwardRow>> {
        let busy = forwards::busy(busy);
        self.readers.call(move |connection| forwards::due(connection, now, &busy, limit)).await
    }

    async fn next_forward(&self, busy: &[TokenId]) -> Result<Option<Timestamp>> {
        let busy = forwards::busy(busy);
        self.readers.call(move |connection| forwards::next(connection, &busy)).await
    }

    async fn forwarded(&self, id: i64, outcome: Forwarded, now: Timestamp) -> Result<()> {
        self.writer.call(move |tx| forwards::ended(tx, id, &outcome, now)).await
    }

    async fn ledger(&self, account: AccountId, after: i64, limit: usize) -> Result<Vec<LedgerRow>> {
        self.readers.call(move |connection| books_reading::entries(connection, account, after, limit)).await
    }

    async fn ledger_strays(&self) -> Result<Vec<String>> {
        self.readers.call(books_reading::strays).await
    }

    async fn ledger_head(&self, account: AccountId) -> Result<LedgerHead> {
        self.readers.call(move |connection| books_reading::head(connection, account)).await
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
