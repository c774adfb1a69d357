//! The [`Store`] of one process: each method is one transaction over the world.
//!
//! Knows nothing of: what the transactions do.

use std::time::Duration;

use async_trait::async_trait;
use salio_domain::balance::{Call, SettleRules};
use salio_domain::{AccountId, BatchId, InboundId, MessageId, Msisdn, SubmissionId, Timestamp, TokenId};

use super::Process;
use super::rows::Account;
use crate::*;

#[async_trait]
impl Store for Process {
    async fn open(&self, defs: &[AccountDef], now: Timestamp) -> Result<Vec<AccountSnapshot>> {
        self.run(|world| world.open(defs, now)).await
    }

    async fn last_id(&self) -> Result<i64> {
        self.run(|world| Ok(world.last_id)).await
    }

    async fn snapshot(&self, account: AccountId) -> Result<AccountSnapshot> {
        self.run(|world| world.account(account).map(Account::snapshot)).await
    }

    async fn touch(&self, account: AccountId) -> Result<AccountSnapshot> {
        self.run(|world| world.changed(account)).await
    }

    async fn calls_since(&self, account: AccountId, since: Timestamp) -> Result<Vec<Call>> {
        self.run(|world| world.calls_since(account, since)).await
    }

    async fn begin_question(&self, account: AccountId, ask: Ask) -> Result<(Question, AccountSnapshot)> {
        self.run(|world| world.begin_question(account, ask)).await
    }

    async fn end_question(&self, account: AccountId, number: i64, answer: Answer, rules: SettleRules, now: Timestamp) -> Result<Ended> {
        self.run(|world| world.end_question(account, number, answer, rules, now)).await
    }

    async fn clear_cache(&self, account: AccountId, _now: Timestamp) -> Result<AccountSnapshot> {
        self.run(|world| world.clear_cache(account)).await
    }

    async fn accept_form(&self, account: AccountId, _now: Timestamp) -> Result<AccountSnapshot> {
        self.run(|world| world.accept_form(account)).await
    }

    async fn resume(&self, account: AccountId, now: Timestamp) -> Result<AccountSnapshot> {
        self.run(|world| world.resume(account, now)).await
    }

    async fn accept(&self, new: NewMessages) -> Result<Acceptance> {
        self.run(|world| world.accept(new)).await
    }

    async fn replay(&self, key: &IdempotencyKey) -> Result<Option<Replay>> {
        self.run(|world| Ok(world.replay(key))).await
    }

    async fn begin_submissions(&self, account: AccountId, begin: BeginSubmissions) -> Result<BeginOutcome> {
        self.run(|world| world.begin_submissions(account, &begin)).await
    }

    async fn end_submission(&self, submission: SubmissionId, end: EndSubmission) -> Result<EndedSubmission> {
        self.run(|world| world.end_submission(submission, &end)).await
    }

    async fn next_due(&self, account: AccountId) -> Result<Option<Timestamp>> {
        self.run(|world| world.next_due(account)).await
    }

    async fn messages(&self, filter: &MessageFilter) -> Result<Vec<MessageRow>> {
        self.run(|world| Ok(world.list(filter))).await
    }

    async fn message(&self, id: MessageId) -> Result<MessageDetail> {
        self.run(|world| world.message(id)).await
    }

    async fn cancel(&self, id: MessageId, now: Timestamp) -> Result<(MessageRow, AccountSnapshot)> {
        self.run(|world| world.cancel(id, now)).await
    }

    async fn stop(&self, account: AccountId, now: Timestamp) -> Result<AccountSnapshot> {
        self.run(|world| world.stop(account, now)).await
    }

    async fn open_stream(&self, open: OpenStream) -> Result<StreamOpening> {
        self.run(|world| world.open_stream(&open)).await
    }

    async fn stage(&self, block: Block) -> Result<()> {
        self.run(|world| world.stage(block)).await
    }

    async fn release(&self, release: Release) -> Result<Released> {
        self.run(|world| world.release(&release)).await
    }

    async fn drop_stream(&self, batch: BatchId, epoch: i64, now: Timestamp) -> Result<()> {
        self.run(|world| world.drop_stream(batch, epoch, now)).await
    }

    async fn batch(&self, id: BatchId) -> Result<BatchRow> {
        self.run(|world| world.batch(id)).await
    }

    async fn batches(&self, filter: &BatchFilter) -> Result<Vec<BatchRow>> {
        self.run(|world| Ok(world.list_batches(filter))).await
    }

    async fn batch_errors(&self, id: BatchId, after: i64, limit: usize) -> Result<Vec<LineError>> {
        self.run(|world| world.batch_errors(id, after, limit)).await
    }

    async fn order_batch(&self, id: BatchId, order: BatchOrder, now: Timestamp) -> Result<(BatchRow, AccountSnapshot)> {
        self.run(|world| world.order_batch(id, order, now)).await
    }

    async fn sweep(&self, now: Timestamp, limit: usize) -> Result<Swept> {
        self.run(|world| world.sweep(now, limit)).await
    }

    async fn report(&self, new: NewReport) -> Result<Reported> {
        self.run(|world| world.report(new)).await
    }

    async fn match_reports(&self, account: AccountId, now: Timestamp, limit: usize) -> Result<Vec<Reported>> {
        self.run(|world| world.match_reports(account, now, limit)).await
    }

    async fn reports(&self, filter: &ReportFilter) -> Result<Vec<ReportRow>> {
        self.run(|world| Ok(world.list_reports(filter))).await
    }

    async fn inbound(&self, new: InboundRow) -> Result<()> {
        self.run(|world| world.inbound(new)).await
    }

    async fn inbound_messages(&self, account: Option<AccountId>, before: Option<InboundId>, limit: usize) -> Result<Vec<InboundRow>> {
        self.run(|world| Ok(world.inbound_messages(account, before, limit))).await
    }

    async fn settle(&self, settle: Settle) -> Result<Settled> {
        self.run(|world| world.settle(&settle)).await
    }

    async fn doubts_to_look_up(&self, account: AccountId, now: Timestamp, limit: usize) -> Result<Vec<DoubtRow>> {
        self.run(|world| world.doubts_to_look_up(account, now, limit)).await
    }

    async fn looked_up(&self, message: MessageId, next_at: Option<Timestamp>) -> Result<()> {
        self.run(|world| {
            world.looked_up(message, next_at);
            Ok(())
        })
        .await
    }

    async fn look_up_failed(&self, message: MessageId, again_at: Option<Timestamp>) -> Result<()> {
        self.run(|world| {
            world.look_up_failed(message, again_at);
            Ok(())
        })
        .await
    }

    async fn doubt(&self, message: MessageId) -> Result<Option<DoubtRow>> {
        self.run(|world| world.one_doubt(message)).await
    }

    async fn doubts_since(&self, account: AccountId, before: Timestamp, limit: usize) -> Result<Vec<MessageId>> {
        self.run(|world| world.doubts_since(account, before, limit)).await
    }

    async fn add_stops(&self, numbers: &[Msisdn], now: Timestamp) -> Result<()> {
        self.run(|world| {
            world.add_stops(numbers, now);
            Ok(())
        })
        .await
    }

    async fn remove_stop(&self, number: &Msisdn) -> Result<bool> {
        self.run(|world| Ok(world.remove_stop(number))).await
    }

    async fn stops(&self) -> Result<Vec<(Msisdn, Timestamp)>> {
        self.run(|world| Ok(world.stops())).await
    }

    async fn create_token(&self, new: TokenRow) -> Result<()> {
        self.run(|world| world.create_token(new)).await
    }

    async fn tokens(&self) -> Result<Vec<TokenRow>> {
        self.run(|world| Ok(world.tokens())).await
    }

    async fn revoke_token(&self, id: TokenId, now: Timestamp) -> Result<TokenRow> {
        self.run(|world| world.revoke_token(id, now)).await
    }

    async fn token_used(&self, id: TokenId, now: Timestamp) -> Result<()> {
        self.run(|world| {
            world.token_used(id, now);
            Ok(())
        })
        .await
    }

    async fn forwards_due(&self, now: Timestamp, busy: &[TokenId], limit: usize) -> Result<Vec<ForwardRow>> {
        self.run(|world| world.forwards_due(now, busy, limit)).await
    }

    async fn next_forward(&self, busy: &[TokenId]) -> Result<Option<Timestamp>> {
        self.run(|world| Ok(world.next_forward(busy))).await
    }

    async fn forwarded(&self, id: i64, outcome: Forwarded, _now: Timestamp) -> Result<()> {
        self.run(|world| world.forwarded(id, &outcome)).await
    }

    async fn ledger(&self, account: AccountId, after: i64, limit: usize) -> Result<Vec<LedgerRow>> {
        self.run(|world| world.ledger(account, after, limit)).await
    }

    async fn ledger_strays(&self) -> Result<Vec<String>> {
        // Books live inside their account here, and nobody can write past it.
        self.run(|_| Ok(Vec::new())).await
    }

    async fn ledger_head(&self, account: AccountId) -> Result<LedgerHead> {
        self.run(|world| world.ledger_head(account)).await
    }

    async fn history(&self, account: AccountId, from: Timestamp, to: Timestamp, step: Duration) -> Result<History> {
        self.run(|world| world.history(account, from, to, step)).await
    }

    async fn activity(&self, account: Option<AccountId>, limit: usize) -> Result<Vec<Activity>> {
        self.run(|world| Ok(world.activity(account, limit))).await
    }

    async fn questions(&self, account: AccountId, limit: usize) -> Result<Vec<QuestionRow>> {
        self.run(|world| world.questions(account, limit)).await
    }

    async fn audit(&self, account: AccountId) -> Result<Audit> {
        self.run(|world| world.audit(account)).await
    }

    async fn check(&self) -> Result<()> {
        self.run(|_| Ok(())).await
    }

    async fn close(&self) {
        self.shut();
    }
}
