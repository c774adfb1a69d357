//! Stories by seed: the same random doings told to two stores, which must agree on everything and keep their books.
//!
//! A failure names its seed and step; `story(seed)` alone plays it again.

use std::collections::BTreeSet;
use std::time::Duration;

use salio_domain::admission::SpendingRules;
use salio_domain::balance::{BalanceForm, Pool, Reason};
use salio_domain::ids::{BatchId, TokenId};
use salio_domain::message::Priority;
use salio_domain::outbox::Pause;
use salio_domain::segments::Encoding;
use salio_domain::{MessageId, Msisdn, SubmissionId, Timestamp, Units};
use salio_store::*;

use super::dice::Dice;
use super::harness::{RULES, START, again, failure, given_up, in_doubt, paused, rejected, sent, whole};
use super::twins::{Twins, kind, without_version};

const STEPS: u64 = 60;

pub struct Teller {
    pub twins: Twins,
    pub dice: Dice,
    pub now: Timestamp,
    last_id: i64,
    pub messages: Vec<MessageId>,
    pub batches: Vec<BatchId>,
    /// Streams, with the place that whoever fills them believes in.
    pub streams: Vec<StreamPlace>,
    pub tokens: Vec<TokenId>,
    running: Vec<(SubmissionId, usize)>,
    asked: Vec<i64>,
}

/// One story, whole.
pub async fn story(seed: u64) {
    let twins = Twins::new().await;
    let mut teller = Teller {
        twins,
        dice: Dice(seed),
        now: START,
        last_id: START.millis() << 20,
        messages: vec![],
        batches: vec![],
        streams: vec![],
        tokens: vec![],
        running: vec![],
        asked: vec![],
    };
    for step in 0..STEPS {
        teller.step(seed, step).await;
        teller.twins.check(teller.now).await;
    }
    teller.twins.compare(teller.now).await;
    teller.sweep(1000).await;
    teller.twins.check_swept().await;
}

impl Teller {
    async fn step(&mut self, seed: u64, step: u64) {
        let doing = self.dice.roll(44);
        self.twins.story = format!("seed {seed}, step {step}, doing {doing}");
        match doing {
            0..=4 => self.accept().await,
            5..=8 => self.begin().await,
            9..=12 => self.end().await,
            13..=14 => self.ask().await,
            15..=18 => self.answer().await,
            19 => self.cancel().await,
            20 => self.account_doing().await,
            21 => self.restart().await,
            22..=25 => self.report().await,
            26..=28 => self.settle().await,
            29..=33 => self.stream().await,
            34..=35 => self.order().await,
            36 => {
                let limit = 1 + self.dice.roll(5);
                self.sweep(usize::try_from(limit).expect("few")).await;
            }
            37 => self.look_up().await,
            38 => self.keys_and_lists().await,
            39 => self.forward().await,
            _ => self.wait(),
        }
    }

    pub fn id(&mut self) -> i64 {
        self.last_id += 1;
        self.last_id
    }

    pub fn soon(&mut self, seconds: u64) -> Timestamp {
        // Never exactly now: what happens on the instant itself has a test of its own.
        self.now.after(Duration::from_micros(self.dice.roll(seconds) * 1_000_000 + 7))
    }

    fn wait(&mut self) {
        match self.dice.roll(20) {
            0 => self.now = self.now.before(Duration::from_secs(3)),
            1 => self.now = self.now.after(Duration::from_secs(400)),
            2 => self.now = self.now.after(Duration::from_hours(25)),
            _ => self.now = self.soon(40),
        }
    }

    pub fn message(&mut self) -> NewMessage {
        let number = self.dice.roll(5);
        NewMessage {
            id: MessageId::from_raw(self.id()),
            to: Msisdn::from_stored(format!("25471234500{number}")),
            text: format!("Hello {number}"),
            sender: if self.dice.one_in(4) { "BANK" } else { "SHOP" }.to_owned(),
            encoding: if self.dice.one_in(4) { Encoding::Ucs2 } else { Encoding::Gsm7 },
            segments: 1,
            charge: Units::from_micros(self.dice.number(5) * 700_000),
            priority: self.dice.of(Priority::ALL).expect("three"),
            reference: self.dice.one_in(3).then(|| format!("order {number}")),
            send_at: self.dice.one_in(4).then(|| self.soon(60)),
            valid_until: self.dice.one_in(4).then(|| self.soon(90)),
            price_id: 1,
            line: None,
        }
    }

    async fn accept(&mut self) {
        let count = 1 + self.dice.roll(4);
        let mut messages: Vec<NewMessage> = (0..count).map(|_| self.message()).collect();
        if let Some(old) = self.dice.of(&self.messages).filter(|_| self.dice.one_in(12)) {
            messages[0].id = old;
        }
        let (key, body) = (self.dice.roll(6), u8::from(self.dice.one_in(3)));
        let idempotency = (key < 3).then(|| (IdempotencyKey { scope: "a".to_owned(), key: key.to_string(), body_sha256: [body; 32] }, format!("answer {}", self.last_id)));
        let ids: Vec<MessageId> = messages.iter().map(|message| message.id).collect();
        let listed = self.dice.one_in(3).then(|| NewBatch { id: BatchId::from_raw(self.id()), lines: i64::try_from(count).expect("few") + 1, refused: 1, duplicates: 0 });
        let token = if self.dice.one_in(2) { self.dice.of(&self.tokens) } else { None };
        let covered_by = if self.dice.one_in(3) { Some(self.rules()) } else { None };
        let new = NewMessages { account: self.twins.account, batch: listed.clone(), messages, token, covered_by, idempotency, now: self.now };
        let told = self.twins.both(async |store| match kind(store.accept(new.clone()).await) {
            Ok(Acceptance::Accepted(snapshot)) => Ok(Some(without_version(*snapshot))),
            Ok(Acceptance::Replayed(replay)) => Err(format!("{replay:?}")),
            Ok(Acceptance::Short(short)) => Err(format!("{short:?}")),
            // A refused id may be a conflict here and a broken constraint there: nothing is written either way.
            Err(_) => Ok(None),
        });
        if matches!(told.await, Ok(Some(_))) {
            self.messages.extend(ids);
            self.batches.extend(listed.map(|batch| batch.id));
        }
    }

    /// Mostly more than enough may be spent.
    pub fn rules(&mut self) -> SpendingRules {
        let credit_limit = if self.dice.one_in(3) { Units::ZERO } else { whole(500) };
        SpendingRules { credit_limit, reserve_for_high: if self.dice.one_in(3) { whole(5) } else { Units::ZERO } }
    }

    async fn begin(&mut self) {
        let max = if self.dice.one_in(3) { 1 } else { 20 };
        let ids = (0..1 + self.dice.roll(3)).map(|_| SubmissionId::from_raw(self.id())).collect();
        let begin = BeginSubmissions { ids, max, rules: self.rules(), now: self.now, claimed_until: self.now };
        let account = self.twins.account;
        let outcome = self.twins.both(async |store| {
            let outcome = store.begin_submissions(account, begin.clone()).await.expect("begun, or nothing to begin");
            // How far a store looks ahead is its own affair.
            BeginOutcome { snapshot: outcome.snapshot.map(without_version), more: false, ..outcome }
        });
        for begun in outcome.await.begun {
            assert!(!begun.messages.is_empty(), "{}", self.twins.story);
            assert_eq!(begun.messages.iter().map(|message| &message.to).collect::<BTreeSet<_>>().len(), begun.messages.len());
            self.running.push((begun.id, begun.messages.len()));
        }
    }

    fn result(&mut self) -> MessageResult {
        let at = self.soon(20);
        match self.dice.roll(16) {
            0..=7 => sent(&self.name()),
            8 | 9 => rejected(),
            10 | 11 => again(at),
            12 => given_up(),
            13 if self.dice.one_in(2) => paused(at, Pause::OutOfCredit),
            14 if self.dice.one_in(2) => paused(at, Pause::CredentialsRefused),
            14 => MessageResult { provider_message_id: Some(self.name()), ..in_doubt() },
            _ => in_doubt(),
        }
    }

    async fn end(&mut self) {
        let Some((id, count)) = self.dice.of(&self.running) else { return };
        let count = if self.dice.one_in(15) { count + 1 } else { count };
        let results: Vec<MessageResult> = (0..count).map(|_| self.result()).collect();
        let end = EndSubmission { results, raw: None, now: self.now };
        let ended = self.twins.both(async |store| kind(store.end_submission(id, end.clone()).await.map(|ended| (without_version(ended.account), ended.forwards)))).await;
        // A few stay in the list, to be ended twice.
        if ended.is_ok() && !self.dice.one_in(8) {
            self.running.retain(|(running, _)| *running != id);
        }
    }

    async fn ask(&mut self) {
        let (account, now) = (self.twins.account, self.now);
        let reason = self.dice.of(&[Reason::Schedule, Reason::Person, Reason::Settle]).expect("three");
        let question = self.twins.both(async |store| {
            let (question, snapshot) = store.begin_question(account, Ask { reason, pool: Pool::Shared, now }).await.expect("asked");
            (question, without_version(snapshot))
        });
        let number = question.await.0.number;
        self.asked.push(number);
    }

    /// Near what the provider may hold: charged, not charged, in part, topped up, or less.
    async fn figure(&mut self) -> Units {
        let standing = self.twins.memory.store().snapshot(self.twins.account).await.expect("there").standing;
        let base = standing.base.map_or(whole(100), |base| base.units);
        let low = base.minus(standing.pending);
        match self.dice.roll(8) {
            0..=2 => low,
            3 => base,
            4 | 5 => low.plus(Units::from_micros(700_000 * self.dice.number(6))),
            6 => base.plus(whole(self.dice.number(40))),
            _ => low.minus(Units::from_micros(700_000 * self.dice.number(6))),
        }
    }

    async fn answer(&mut self) {
        if self.asked.is_empty() {
            self.ask().await;
        }
        // Mostly the newest.
        let Some(number) = (if self.dice.one_in(3) { self.dice.of(&self.asked) } else { self.asked.last().copied() }) else { return };
        let answer = match self.dice.roll(12) {
            0 => failure("timeout", false),
            1 => failure("credentials_refused", true),
            roll => Answer::Figure { units: self.figure().await, form: if roll == 2 { BalanceForm::Currency } else { BalanceForm::Bare }, raw: "as said".to_owned() },
        };
        let (account, now) = (self.twins.account, self.now);
        let ended = self.twins.both(async |store| {
            let ended = kind(store.end_question(account, number, answer.clone(), RULES, now).await);
            ended.map(|ended| (ended.verdict, without_version(ended.snapshot)))
        });
        if ended.await.is_ok() && !self.dice.one_in(10) {
            self.asked.retain(|asked| *asked != number);
        }
    }

    async fn cancel(&mut self) {
        let Some(id) = self.dice.of(&self.messages) else { return };
        let now = self.now;
        self.twins.both(async |store| kind(store.cancel(id, now).await).map(|(row, snapshot)| (row, without_version(snapshot)))).await.ok();
    }

    async fn account_doing(&mut self) {
        let (account, now, which) = (self.twins.account, self.now, self.dice.roll(7));
        let told = self.twins.both(async |store| {
            let done = match which {
                0 => store.clear_cache(account, now).await,
                1 => store.accept_form(account, now).await,
                2 | 4 | 5 => store.resume(account, now).await,
                6 => store.stop(account, now).await,
                _ => store.touch(account).await,
            };
            kind(done.map(without_version))
        });
        assert!(told.await.is_ok() || which == 1, "{}", self.twins.story);
    }

    async fn restart(&mut self) {
        if self.dice.one_in(3) {
            self.twins.prices = self.dice.number(4);
        }
        self.twins.restart(self.now).await;
        // What had begun is in doubt; ending it is a conflict.
        if self.dice.one_in(2) {
            self.running.clear();
        }
    }
}
