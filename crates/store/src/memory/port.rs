//! The [`Store`] of one process: each method is one transaction over the world.
//!
//! Knows nothing of: what the transactions do.

use std::time::Duration;

use async_trait::async_trait;
use salio_domain::balance::{Call, SettleRules};
use salio_domain::outbox::Pause;
use salio_domain::{AccountId, MessageId, SubmissionId, Timestamp};

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
        self.run(|world| {
            world.unpause(account, &[Pause::OutOfCredit, Pause::CredentialsRefused], now);
            world.hurry(account, now);
            world.changed(account)
        })
        .await
    }

    async fn accept(&self, new: NewMessages) -> Result<Acceptance> {
        self.run(|world| world.accept(new)).await
    }

    async fn replay(&self, key: &IdempotencyKey) -> Result<Option<Replay>> {
        self.run(|world| Ok(world.replay(key))).await
    }

    async fn begin_submission(&self, account: AccountId, begin: BeginSubmission) -> Result<BeginOutcome> {
        self.run(|world| world.begin_submission(account, &begin)).await
    }

    async fn end_submission(&self, submission: SubmissionId, end: EndSubmission) -> Result<AccountSnapshot> {
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
