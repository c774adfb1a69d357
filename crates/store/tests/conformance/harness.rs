//! One account over a fresh store, a clock that only tests move, and short words for what is done to it.
//!
//! Knows nothing of: which store it is.

use std::sync::Arc;
use std::time::Duration;

use salio_domain::admission::{OnShort, SpendingRules};
use salio_domain::balance::{BalanceForm, Failed, Pool, Reason, SettleRules};
use salio_domain::ids::{BatchId, ReportId};
use salio_domain::ledger::EntryKind;
use salio_domain::message::{MessageState, Priority};
use salio_domain::outbox::{ChargeFate, Decision, Pause};
use salio_domain::pricing::{Price, PriceSource};
use salio_domain::report::{DeliveryReport, ReportOutcome};
use salio_domain::segments::Encoding;
use salio_domain::{AccountId, MessageId, Msisdn, SubmissionId, Timestamp, Units};
use salio_store::*;

use super::house::House;

pub const START: Timestamp = Timestamp::from_micros(1_795_000_000_000_000);
pub const RULES: SettleRules = SettleRules { settle_end: Duration::from_secs(60), close_interval: SettleRules::CLOSE_INTERVAL, late_charge_window: Duration::from_hours(24) };

pub const fn whole(units: i64) -> Units {
    Units::whole(units)
}

pub fn account_def(slug: &str, client: &str) -> AccountDef {
    AccountDef {
        slug: slug.to_owned(),
        provider: "onfon".to_owned(),
        unit: "units".to_owned(),
        client: client.to_owned(),
        credentials: "made-up-key-one".to_owned(),
        price: Price { per_segment: whole(1), source: PriceSource::Configured },
        prices: vec![],
    }
}

pub struct Harness {
    house: Box<dyn House>,
    /// None only while one process is gone and the next has not come.
    store: Option<Arc<dyn Store>>,
    pub defs: Vec<AccountDef>,
    pub account: AccountId,
    pub now: Timestamp,
    pub rules: SpendingRules,
    price_id: i64,
    last_id: i64,
}

impl Harness {
    pub async fn over(house: Box<dyn House>) -> Self {
        let defs = vec![account_def("onfon", "made-up-client")];
        let mut new = Self { house, store: None, defs, account: AccountId::from_raw(0), now: START, rules: SpendingRules::default(), price_id: 0, last_id: START.millis() << 20 };
        new.account = new.restart().await[0].account;
        new
    }

    pub fn store(&self) -> &dyn Store {
        self.store.as_deref().expect("a process runs")
    }

    /// The process ends without a word, and another one starts.
    pub async fn restart(&mut self) -> Vec<AccountSnapshot> {
        drop(self.store.take());
        let store = self.house.process();
        let opened = store.open(&self.defs, self.now).await.expect("the accounts open");
        self.store = Some(store);
        self.price_id = opened.iter().find(|snapshot| snapshot.account == self.account).unwrap_or(&opened[0]).price.id;
        opened
    }

    pub fn wait(&mut self, seconds: u64) {
        self.now = self.now.after(Duration::from_secs(seconds));
    }

    pub fn id(&mut self) -> i64 {
        self.last_id += 1;
        self.last_id
    }

    pub async fn snapshot(&self) -> AccountSnapshot {
        self.store().snapshot(self.account).await.expect("the account is there")
    }

    /// A message to the number that ends in `number`.
    pub fn message(&mut self, number: u32, charge: i64) -> NewMessage {
        NewMessage {
            id: MessageId::from_raw(self.id()),
            to: Msisdn::from_stored(format!("254712345{number:03}")),
            text: format!("Hello {number}"),
            sender: "SHOP".to_owned(),
            encoding: Encoding::Gsm7,
            segments: u32::try_from(charge).unwrap_or(1),
            charge: whole(charge),
            priority: Priority::Normal,
            reference: None,
            send_at: None,
            valid_until: None,
            price_id: self.price_id,
            line: None,
        }
    }

    pub fn new_messages(&self, messages: Vec<NewMessage>) -> NewMessages {
        NewMessages { account: self.account, batch: None, messages, token: None, covered_by: None, idempotency: None, now: self.now }
    }

    pub async fn accept(&mut self, messages: Vec<NewMessage>) -> AccountSnapshot {
        let new = self.new_messages(messages);
        match self.store().accept(new).await.expect("accepted") {
            Acceptance::Accepted(snapshot) => *snapshot,
            Acceptance::Short(short) => panic!("nobody asked what it takes, and yet {short}"),
            Acceptance::Replayed(replay) => panic!("no key was given, and yet {replay:?}"),
        }
    }

    /// Messages of these charges to different numbers.
    pub async fn queue(&mut self, charges: &[i64]) -> Vec<MessageId> {
        let messages: Vec<NewMessage> = charges.iter().zip(0..).map(|(charge, number)| self.message(number, *charge)).collect();
        let ids = messages.iter().map(|message| message.id).collect();
        self.accept(messages).await;
        ids
    }

    /// Limits of so many submissions.
    pub fn limits(&mut self, submissions: usize, max: usize) -> BeginSubmissions {
        let ids = (0..submissions).map(|_| SubmissionId::from_raw(self.id())).collect();
        BeginSubmissions { ids, max, rules: self.rules, now: self.now, claimed_until: self.now.after(Duration::from_secs(30)) }
    }

    /// As many submissions as are due, up to `submissions`.
    pub async fn begin_many(&mut self, submissions: usize, max: usize) -> BeginOutcome {
        let begin = self.limits(submissions, max);
        self.store().begin_submissions(self.account, begin).await.expect("begun, or nothing to begin")
    }

    pub async fn try_begin(&mut self, max: usize) -> BeginOutcome {
        self.begin_many(1, max).await
    }

    pub async fn begin(&mut self, max: usize) -> BegunSubmission {
        self.try_begin(max).await.begun.pop().expect("something is due")
    }

    pub async fn try_end(&self, id: SubmissionId, results: Vec<MessageResult>) -> Result<AccountSnapshot> {
        self.store().end_submission(id, EndSubmission { results, raw: None, now: self.now }).await.map(|ended| ended.account)
    }

    pub async fn end(&self, id: SubmissionId, results: Vec<MessageResult>) -> AccountSnapshot {
        self.try_end(id, results).await.expect("ended")
    }

    /// Messages of these charges go out in one submission and are taken.
    pub async fn send(&mut self, charges: &[i64]) -> AccountSnapshot {
        self.queue(charges).await;
        let begun = self.begin(charges.len()).await;
        self.end(begun.id, vec![sent("made-up-id"); charges.len()]).await
    }

    /// As `send`, and nobody knows what became of them.
    pub async fn send_in_doubt(&mut self, charges: &[i64]) -> AccountSnapshot {
        self.queue(charges).await;
        let begun = self.begin(charges.len()).await;
        self.end(begun.id, vec![in_doubt(); charges.len()]).await
    }

    pub async fn ask_for(&self, reason: Reason) -> Question {
        let ask = Ask { reason, pool: Pool::Shared, now: self.now };
        self.store().begin_question(self.account, ask).await.expect("asked").0
    }

    pub async fn ask(&self) -> Question {
        self.ask_for(Reason::Schedule).await
    }

    pub async fn try_answer(&self, number: i64, answer: Answer) -> Result<Ended> {
        self.store().end_question(self.account, number, answer, RULES, self.now).await
    }

    pub async fn answer(&self, number: i64, units: i64) -> Ended {
        self.try_answer(number, figure(units, BalanceForm::Bare)).await.expect("answered")
    }

    /// Asks and is answered at once.
    pub async fn said(&self, units: i64) -> Ended {
        let question = self.ask().await;
        self.answer(question.number, units).await
    }

    pub async fn fail(&self, code: &str, credentials: bool) -> Ended {
        let question = self.ask().await;
        self.try_answer(question.number, failure(code, credentials)).await.expect("written down")
    }

    pub async fn detail(&self, id: MessageId) -> MessageDetail {
        self.store().message(id).await.expect("the message is there")
    }

    pub async fn audit(&self) -> Audit {
        self.store().audit(self.account).await.expect("audited")
    }

    pub async fn top_ups(&self) -> Vec<TopUpRow> {
        let (from, to) = (START.before(Duration::from_hours(1)), self.now.after(Duration::from_hours(1)));
        self.store().history(self.account, from, to, Duration::from_secs(1)).await.expect("a history").top_ups
    }

    /// Newest first.
    pub async fn activity(&self) -> Vec<Activity> {
        self.store().activity(Some(self.account), 1000).await.expect("listed")
    }

    pub async fn kinds(&self) -> Vec<ActivityKind> {
        self.activity().await.into_iter().rev().map(|happening| happening.kind).collect()
    }

    /// Messages of these charges in a batch of a list, released at once.
    pub async fn queue_batch(&mut self, priority: Priority, charges: &[i64]) -> (BatchId, Vec<MessageId>) {
        let messages: Vec<NewMessage> = charges.iter().zip(0..).map(|(charge, number)| NewMessage { priority, ..self.message(number, *charge) }).collect();
        let ids = messages.iter().map(|message| message.id).collect();
        let id = BatchId::from_raw(self.id());
        let lines = i64::try_from(charges.len()).expect("few");
        let new = NewMessages { batch: Some(NewBatch { id, lines, refused: 0, duplicates: 0 }), ..self.new_messages(messages) };
        let accepted = self.store().accept(new).await.expect("accepted");
        assert!(matches!(accepted, Acceptance::Accepted(_)), "{accepted:?}");
        (id, ids)
    }

    pub fn opening(&mut self, key: Option<&str>) -> OpenStream {
        OpenStream {
            id: BatchId::from_raw(self.id()),
            account: self.account,
            source: BatchSource::Csv,
            name: Some("June".to_owned()),
            priority: Priority::Bulk,
            token: None,
            key: key.map(|key| ("a".to_owned(), key.to_owned())),
            now: self.now,
        }
    }

    pub async fn open_stream(&mut self, key: Option<&str>) -> StreamPlace {
        let open = self.opening(key);
        match self.store().open_stream(open).await.expect("opened") {
            StreamOpening::New(place) => place,
            other => panic!("it should be new: {other:?}"),
        }
    }

    /// The next block of a stream: messages of these charges.
    pub fn block(&mut self, place: &StreamPlace, charges: &[i64]) -> Block {
        let first = place.blocks * 100 + 1;
        let numbers = u32::try_from(first).expect("small")..;
        let messages = charges
            .iter()
            .zip(numbers)
            .map(|(charge, number)| NewMessage { priority: Priority::Bulk, line: Some(i64::from(number)), ..self.message(number % 1000, *charge) })
            .collect();
        let block = place.blocks + 1;
        let digest = [u8::try_from(block).expect("few"); 32];
        Block {
            batch: BatchId::from_raw(place.batch),
            epoch: place.epoch,
            block,
            digest,
            lines: i64::try_from(charges.len()).expect("few"),
            messages,
            errors: vec![],
            now: self.now,
        }
    }

    /// Stages it; the ids of its messages.
    pub async fn stage(&mut self, place: &mut StreamPlace, charges: &[i64]) -> Vec<MessageId> {
        let block = self.block(place, charges);
        let ids = block.messages.iter().map(|message| message.id).collect();
        (place.blocks, place.digest) = (block.block, Some(block.digest));
        self.store().stage(block).await.expect("staged");
        ids
    }

    pub async fn release(&self, place: &StreamPlace, on_short: OnShort) -> Released {
        let release = Release { batch: BatchId::from_raw(place.batch), epoch: place.epoch, rules: self.rules, on_short, now: self.now };
        self.store().release(release).await.expect("released or refused")
    }

    /// A stream of messages of these charges, whole.
    pub async fn stream(&mut self, charges: &[i64]) -> (BatchId, Vec<MessageId>) {
        let mut place = self.open_stream(None).await;
        let ids = self.stage(&mut place, charges).await;
        let released = self.release(&place, OnShort::Refuse).await;
        assert!(matches!(released, Released::Running(..)), "{released:?}");
        (BatchId::from_raw(place.batch), ids)
    }

    pub async fn batch(&self, id: BatchId) -> BatchRow {
        self.store().batch(id).await.expect("the batch is there")
    }

    pub async fn order(&self, id: BatchId, order: BatchOrder) -> Result<BatchRow> {
        self.store().order_batch(id, order, self.now).await.map(|(row, _)| row)
    }

    /// Housekeeping until nothing is left to do; what moved.
    pub async fn sweep(&self, limit: usize) -> Vec<(MessageId, MessageState)> {
        sweep(self.store(), self.now, limit).await
    }

    /// A report of this outcome under a name, to a number or to none.
    pub fn new_report(&mut self, name: Option<&str>, number: Option<&str>, outcome: ReportOutcome) -> NewReport {
        let word = match outcome {
            ReportOutcome::Delivered => "DELIVRD",
            ReportOutcome::Failed => "UNDELIV",
            ReportOutcome::Pending => "ACCEPTD",
            ReportOutcome::Unmapped => "PURPLE",
        };
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let report = DeliveryReport {
            provider_message_id: owned(name),
            number: owned(number),
            word: Some(word.to_owned()),
            outcome,
            error_code: Some("000".to_owned()),
            text: None,
            done_at: Some("2606011200".to_owned()),
        };
        NewReport { id: ReportId::from_raw(self.id()), account: self.account, received_at: self.now, shape: "get".to_owned(), report, raw: "id=1".to_owned() }
    }

    pub async fn report(&mut self, name: Option<&str>, number: Option<&str>, outcome: ReportOutcome) -> Reported {
        let new = self.new_report(name, number, outcome);
        self.store().report(new).await.expect("written down")
    }

    pub async fn try_settle(&self, message: MessageId, settlement: Settlement) -> Result<(MessageRow, AccountSnapshot)> {
        self.store().settle(Settle { message, settlement, by: "person", idempotency: None, now: self.now }).await.map(|settled| (settled.message, settled.account))
    }

    pub async fn settle(&self, message: MessageId, settlement: Settlement) -> (MessageRow, AccountSnapshot) {
        self.try_settle(message, settlement).await.expect("settled")
    }

    /// One message of this charge whose submission ended in doubt.
    pub async fn match_reports(&self) -> Vec<Reported> {
        self.store().match_reports(self.account, self.now, 100).await.unwrap()
    }

    pub async fn doubtful(&mut self, number: u32, charge: i64) -> MessageId {
        let message = self.message(number, charge);
        let id = message.id;
        self.accept(vec![message]).await;
        let begun = self.begin(1).await;
        assert_eq!(begun.messages[0].id, id);
        self.end(begun.id, vec![in_doubt()]).await;
        id
    }

    pub async fn head(&self) -> LedgerHead {
        self.store().ledger_head(self.account).await.expect("books")
    }

    /// The entries as kind and amount.
    pub async fn entries(&self) -> Vec<(EntryKind, Units)> {
        let rows = self.store().ledger(self.account, 0, 1000).await.expect("books");
        rows.into_iter().map(|row| (row.entry.kind, row.entry.amount)).collect()
    }
}

/// Housekeeping until nothing is left to do; what moved, by message.
pub async fn sweep(store: &dyn Store, now: Timestamp, limit: usize) -> Vec<(MessageId, MessageState)> {
    let mut moved = Vec::new();
    loop {
        let swept = store.sweep(now, limit).await.expect("swept");
        assert!(swept.messages.len() <= limit, "{swept:?}");
        assert!(!(swept.more && swept.messages.is_empty() && swept.batches.is_empty()), "more is to do, and nothing was done");
        moved.extend(swept.messages);
        if !swept.more {
            moved.sort_by_key(|(id, _)| *id);
            return moved;
        }
    }
}

pub fn figure(units: i64, form: BalanceForm) -> Answer {
    Answer::Figure { units: whole(units), form, raw: format!("{units}.00") }
}

pub fn failure(code: &str, credentials: bool) -> Answer {
    let failed = Failed { code: code.to_owned(), detail: "in a test".to_owned(), credentials, jitter: 0 };
    Answer::Failure { failed, raw: Some("<html>".to_owned()) }
}

fn result(state: MessageState, cause: &str, charge: ChargeFate) -> MessageResult {
    MessageResult { decision: Decision { state, cause: cause.to_owned(), charge, retry_at: None, pause: None }, provider_message_id: None }
}

pub fn sent(provider_message_id: &str) -> MessageResult {
    MessageResult { provider_message_id: Some(provider_message_id.to_owned()), ..result(MessageState::Sent, "accepted", ChargeFate::Stands) }
}

pub fn rejected() -> MessageResult {
    result(MessageState::Rejected, "number_refused", ChargeFate::Voided)
}

pub fn given_up() -> MessageResult {
    result(MessageState::Failed, "connect_failed", ChargeFate::Voided)
}

pub fn in_doubt() -> MessageResult {
    result(MessageState::Unknown, "timeout", ChargeFate::InDoubt)
}

pub fn again(at: Timestamp) -> MessageResult {
    let again = result(MessageState::Queued, "connect_failed", ChargeFate::Voided);
    MessageResult { decision: Decision { retry_at: Some(at), ..again.decision }, ..again }
}

pub fn paused(at: Timestamp, pause: Pause) -> MessageResult {
    let again = again(at);
    MessageResult { decision: Decision { pause: Some(pause), cause: pause.as_str().to_owned(), ..again.decision }, ..again }
}
