//! More that stories tell: streams, batches, reports, evidence, keys and lists.
//!
//! Knows nothing of: what comes before and after in a story.

use salio_domain::admission::OnShort;
use salio_domain::ids::{BatchId, InboundId, ReportId, TokenId};
use salio_domain::message::{MessageState, Priority};
use salio_domain::report::{DeliveryReport, ReportOutcome};
use salio_domain::{MessageId, Msisdn};
use salio_store::*;

use super::harness;
use super::story::Teller;
use super::twins::{kind, without_version};

impl Teller {
    /// Few, so that they repeat and reports come before them.
    pub fn name(&mut self) -> String {
        format!("p-{}", self.dice.roll(9))
    }

    pub async fn report(&mut self) {
        let outcome = self.dice.of(&[ReportOutcome::Delivered, ReportOutcome::Delivered, ReportOutcome::Failed, ReportOutcome::Pending, ReportOutcome::Unmapped]).expect("five");
        let name = if self.dice.one_in(3) { None } else { Some(self.name()) };
        let number = self.dice.roll(6);
        let written = self.dice.of(&["0", "+254", "254"]).expect("three");
        let report = DeliveryReport {
            provider_message_id: name,
            number: self.dice.one_in(2).then(|| format!("{written}71234500{number}")),
            word: (!self.dice.one_in(5)).then(|| outcome.as_str().to_uppercase()),
            outcome,
            error_code: None,
            text: self.dice.one_in(4).then(|| format!("'Hello {}'", number % 2)),
            done_at: None,
        };
        let id = ReportId::from_raw(self.id());
        let new = NewReport { id, account: self.twins.account, received_at: self.now, shape: "get".to_owned(), report, raw: "raw".to_owned() };
        let times = if self.dice.one_in(4) { 2 } else { 1 };
        for again in 0..times {
            let id = if again == 0 { id } else { ReportId::from_raw(self.id()) };
            let new = NewReport { id, ..new.clone() };
            self.twins
                .both(async |store| {
                    let reported = store.report(new.clone()).await.expect("written down");
                    Reported { snapshot: reported.snapshot.map(without_version), ..reported }
                })
                .await;
        }
    }

    pub async fn settle(&mut self) {
        let (account, now) = (self.twins.account, self.now);
        let doubts = self.twins.both(async |store| store.doubts_since(account, now, 100).await.expect("listed")).await;
        let Some(message) = (if self.dice.one_in(4) { self.dice.of(&self.messages) } else { self.dice.of(&doubts) }) else { return };
        let name = self.name();
        let state = self.dice.of(&[MessageState::Sent, MessageState::Delivered, MessageState::Undelivered, MessageState::Failed]).expect("four");
        let found = Settlement::Found { provider_message_id: name, state };
        let (settlement, by) = match self.dice.roll(9) {
            0 | 1 => (Settlement::Sent, "person"),
            2 | 3 => (Settlement::NotSent, "person"),
            4 | 5 => (Settlement::Resend, "person"),
            6 => (Settlement::Resend, "policy"),
            _ => (found, "look_up"),
        };
        for _ in 0..=self.dice.roll(2) {
            let settle = Settle { message, settlement: settlement.clone(), by, idempotency: None, now };
            self.twins.both(async |store| kind(store.settle(settle.clone()).await.map(|settled| (settled.message, without_version(settled.account), settled.forwards)))).await.ok();
        }
    }

    pub async fn look_up(&mut self) {
        let (account, now) = (self.twins.account, self.now);
        let due = self.twins.both(async |store| store.doubts_to_look_up(account, now, 2).await.expect("listed")).await;
        let next = if self.dice.one_in(2) { Some(self.soon(200)) } else { None };
        for doubt in due {
            self.twins.both(async |store| kind(store.looked_up(doubt.message.id, next).await)).await.expect("written down");
        }
    }

    pub async fn stream(&mut self) {
        match self.dice.roll(8) {
            0..=2 => self.open_stream().await,
            3..=5 => self.stage().await,
            6 => self.release().await,
            _ => self.drop_stream().await,
        }
    }

    async fn open_stream(&mut self) {
        let key = self.dice.roll(6);
        let source = if self.dice.one_in(8) { BatchSource::Ndjson } else { BatchSource::Csv };
        let open = OpenStream {
            id: BatchId::from_raw(self.id()),
            account: self.twins.account,
            source,
            name: None,
            priority: self.dice.of(Priority::ALL).expect("three"),
            token: self.dice.of(&self.tokens),
            key: (key < 3).then(|| ("a".to_owned(), key.to_string())),
            now: self.now,
        };
        match self.twins.both(async |store| kind(store.open_stream(open.clone()).await)).await {
            Ok(StreamOpening::New(place) | StreamOpening::Resumed(place)) => {
                self.batches.push(BatchId::from_raw(place.batch));
                self.streams.push(place);
            }
            Ok(StreamOpening::Accepted(..)) | Err(_) => {}
        }
        self.stage().await;
    }

    fn a_stream(&mut self) -> Option<usize> {
        let places: Vec<usize> = (0..self.streams.len()).rev().take(3).collect();
        self.dice.of(&places)
    }

    async fn stage(&mut self) {
        let Some(at) = self.a_stream() else { return };
        let place = self.streams[at].clone();
        let first = (place.blocks + 1) * 10;
        let messages: Vec<NewMessage> = (0..self.dice.roll(4)).zip(first..).map(|(_, line)| NewMessage { line: Some(line), ..self.message() }).collect();
        let code = if self.dice.one_in(2) { "duplicate" } else { "bad_number" };
        let error = LineError { line: first + 7, field: "to".to_owned(), code: code.to_owned(), detail: "as told".to_owned(), given: "07".to_owned() };
        let errors = if self.dice.one_in(3) { vec![error] } else { vec![] };
        let ids: Vec<MessageId> = messages.iter().map(|message| message.id).collect();
        let late = i64::from(self.dice.one_in(12));
        let block = Block {
            batch: BatchId::from_raw(place.batch),
            epoch: place.epoch - i64::from(self.dice.one_in(12)),
            block: place.blocks + 1 + late,
            digest: [u8::try_from(place.blocks % 200).expect("small"); 32],
            lines: i64::try_from(messages.len() + errors.len()).expect("few"),
            messages,
            errors,
            now: self.now,
        };
        let digest = block.digest;
        if self.twins.both(async |store| kind(store.stage(block.clone()).await)).await.is_ok() {
            self.messages.extend(ids);
            (self.streams[at].blocks, self.streams[at].digest) = (place.blocks + 1, Some(digest));
        }
    }

    async fn release(&mut self) {
        let Some(at) = self.a_stream() else { return };
        let place = self.streams[at].clone();
        let on_short = self.dice.of(&[OnShort::Hold, OnShort::Refuse, OnShort::Partial]).expect("three");
        let release = Release { batch: BatchId::from_raw(place.batch), epoch: place.epoch, rules: self.rules(), on_short, now: self.now };
        self.twins
            .both(async |store| {
                kind(store.release(release.clone()).await).map(|released| match released {
                    Released::Running(row, snapshot) => Released::Running(row, Box::new(without_version(*snapshot))),
                    other => other,
                })
            })
            .await
            .ok();
    }

    async fn drop_stream(&mut self) {
        let Some(at) = self.a_stream().filter(|_| self.dice.one_in(3)) else { return };
        let (place, now) = (self.streams[at].clone(), self.now);
        self.twins.both(async |store| kind(store.drop_stream(BatchId::from_raw(place.batch), place.epoch, now).await)).await.expect("dropped, or nothing");
    }

    pub async fn order(&mut self) {
        let Some(id) = self.dice.of(&self.batches) else { return };
        let order = self.dice.of(&[BatchOrder::Pause, BatchOrder::Resume, BatchOrder::Resume, BatchOrder::Cancel]).expect("four");
        let now = self.now;
        self.twins.both(async |store| kind(store.order_batch(id, order, now).await.map(|(row, snapshot)| (row, without_version(snapshot))))).await.ok();
    }

    /// To the end: in which order is a store's own affair.
    pub async fn sweep(&mut self, limit: usize) {
        let now = self.now;
        self.twins.both(async |store| harness::sweep(store, now, limit).await).await;
    }

    pub async fn keys_and_lists(&mut self) {
        let (account, now) = (self.twins.account, self.now);
        match self.dice.roll(5) {
            0 | 1 => self.create_token().await,
            2 => {
                let Some(token) = self.dice.of(&self.tokens) else { return };
                self.twins.both(async |store| kind(store.token_used(token, now).await)).await.expect("used");
                if self.dice.one_in(3) {
                    self.twins.both(async |store| kind(store.revoke_token(token, now).await)).await.expect("revoked");
                }
            }
            3 => {
                let number = Msisdn::from_stored(format!("25471234500{}", self.dice.roll(5)));
                self.twins.both(async |store| store.add_stops(std::slice::from_ref(&number), now).await.expect("added")).await;
                if self.dice.one_in(2) {
                    self.twins.both(async |store| store.remove_stop(&number).await.expect("removed")).await;
                }
            }
            _ => {
                let id = InboundId::from_raw(self.id());
                let row = InboundRow {
                    id,
                    account,
                    received_at: now,
                    from: "0712".to_owned(),
                    to: None,
                    text: "STOP".to_owned(),
                    provider_message_id: None,
                    sent_at: None,
                    raw: "raw".to_owned(),
                };
                self.twins.both(async |store| kind(store.inbound(row.clone()).await)).await.expect("written down");
            }
        }
    }

    async fn create_token(&mut self) {
        let id = self.id();
        let mut key_hash = [1; 32];
        key_hash[..8].copy_from_slice(&id.to_be_bytes());
        let new = TokenRow {
            id: TokenId::from_raw(id),
            name: format!("key {}", self.dice.roll(3)),
            scope: "drop-in".to_owned(),
            account: self.twins.account,
            client_id: "made-up-client-id".to_owned(),
            key_hash,
            access_hash: None,
            credits_format: "plain".to_owned(),
            dlr_url: self.dice.one_in(2).then(|| "http://127.0.0.1/dlr".to_owned()),
            created_at: self.now,
            last_used_at: None,
            revoked_at: None,
        };
        if self.twins.both(async |store| kind(store.create_token(new.clone()).await)).await.is_ok() {
            self.tokens.push(new.id);
        }
    }

    pub async fn forward(&mut self) {
        let now = self.now;
        let due = self.twins.both(async |store| store.forwards_due(now, &[], 3).await.expect("listed")).await;
        for forward in due {
            let outcome = match self.dice.roll(3) {
                0 => Forwarded::Done,
                1 => Forwarded::GivenUp,
                _ => Forwarded::Again(self.soon(60)),
            };
            self.twins.both(async |store| kind(store.forwarded(forward.id, outcome.clone(), now).await)).await.expect("written down");
        }
    }
}
