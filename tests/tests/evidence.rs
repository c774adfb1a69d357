//! Doubts and the evidence that settles them, in virtual time: reports early, late, twice, out of order and under names that are not unique, crashes between any
//! two commits. One seed, one story (`SALIO_SEED=17 cargo nextest run -p salio-tests --test evidence one_story` plays it again); the mistakes that somebody could
//! make here one day are planted, and must be caught.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::too_many_lines,
    reason = "a test that cannot go on fails, and prints what it measured"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use salio_domain::admission::OnShort;
use salio_domain::ids::ReportId;
use salio_domain::message::MessageState;
use salio_domain::planted::{Mistake, plant};
use salio_domain::report::{DeliveryReport, ReportOutcome};
use salio_domain::{MessageId, Units};
use salio_engine::{AcceptError, AccountOptions, Draft};
use salio_store::{NewReport, Settlement, Store};
use salio_tests::audit::all_messages;
use salio_tests::house::{House, in_virtual_time};
use salio_tests::provider::Faults;

const SEEDS: u64 = 150;
/// Numbers that all messages go to.
const NUMBERS: u64 = 4;

struct Story {
    house: House,
    rng: StdRng,
    texts: u64,
    /// By text: to whom.
    sent_to: BTreeMap<String, String>,
    /// Texts whose final report was made.
    reported: BTreeSet<String>,
    /// Reports on their way.
    coming: Vec<DeliveryReport>,
    reports: i64,
    /// States that were seen to be final.
    finals: BTreeMap<MessageId, MessageState>,
    /// How often a person may have had a text sent again.
    resent: BTreeMap<String, u32>,
}

fn fast(account: &mut AccountOptions) {
    account.dispatch.calls_per_second = 1_000;
    account.dispatch.batch_size = 3;
}

impl Story {
    async fn open(seed: u64) -> Self {
        let house = House::tuned(seed, Units::whole(40), fast).await;
        let rng = StdRng::seed_from_u64(seed ^ 0xe71d);
        Self { house, rng, texts: 0, sent_to: BTreeMap::new(), reported: BTreeSet::new(), coming: Vec::new(), reports: 0, finals: BTreeMap::new(), resent: BTreeMap::new() }
    }

    async fn step(&mut self) -> Result<(), String> {
        match self.rng.random_range(0..100) {
            0..35 => self.send().await,
            35..60 => {
                let longest = [50, 500, 12_000, 90_000][self.rng.random_range(0..4)];
                self.house.pass(Duration::from_millis(self.rng.random_range(0..longest))).await;
            }
            60..82 => self.report().await,
            82..85 => self.send_again().await,
            85..88 => self.promise().await?,
            88..94 => {
                let faults = Faults {
                    lost_before: self.rng.random_range(0..500),
                    lost_after: self.rng.random_range(0..500),
                    not_sent: [0, 0, 1000, 300][self.rng.random_range(0..4)],
                    refused: [0, 0, 1000, 300][self.rng.random_range(0..4)],
                    slowest_ms: [5, 300, 9_000][self.rng.random_range(0..3)],
                    ..Faults::default()
                };
                self.house.provider.set_faults(faults);
            }
            94..96 => self.house.provider.add(Units::whole(self.rng.random_range(1..40))),
            _ => self.house.process.crash_after(self.rng.random_range(0..10)),
        }
        self.survive().await;
        self.look().await
    }

    async fn survive(&mut self) {
        if self.house.process.has_crashed() {
            self.house.restart().await;
        }
    }

    async fn send(&mut self) {
        self.texts += 1;
        let (text, number) = (format!("text {:04}", self.texts), format!("25471000000{}", self.rng.random_range(0..NUMBERS)));
        self.sent_to.insert(text.clone(), number.clone());
        drop(tokio::time::timeout(Duration::from_secs(5), self.house.send(&text, &[number])).await);
    }

    /// What was admitted for what is there cannot be more than is there, whatever waits.
    async fn promise(&mut self) -> Result<(), String> {
        let Some(view) = self.house.engine.view(self.house.account()) else { return Ok(()) };
        let Some(balance) = view.balance else { return Ok(()) };
        let room = balance.minus(view.queued);
        let wanted = room.plus(Units::whole(1)).micros() / 1_000_000;
        let Ok(count @ 1..60) = usize::try_from(wanted) else { return Ok(()) };
        self.texts += 1;
        let text = format!("text {:04}", self.texts);
        let to: Vec<String> = (0..count).map(|n| format!("25472{n:07}")).collect();
        let draft = Draft { to, text: text.clone(), on_short: Some(OnShort::Refuse), ..Draft::default() };
        let asked = self.house.provider.look(|books| (books.balance_calls.len(), books.holds));
        let accepted = tokio::time::timeout(Duration::from_secs(40), self.house.engine.intake().accept(draft, true, None, |_| String::new())).await;
        // What waited may have been refused meanwhile, and then there was room.
        let after = self.house.engine.view(self.house.account()).and_then(|view| Some(view.balance?.minus(view.queued)));
        match accepted {
            // Asked again, the provider may have had more.
            Ok(Ok(_)) if asked.1 <= balance && after.is_none_or(Units::is_negative) => Err(format!("{count} were admitted, {balance} is left and {} waits", view.queued)),
            Ok(Ok(_) | Err(AcceptError::Short { .. } | AcceptError::Store(_))) | Err(_) => Ok(()),
            Ok(Err(other)) => Err(other.to_string()),
        }
    }

    /// A person has something in doubt sent again, whatever the provider does just now.
    async fn send_again(&mut self) {
        let Ok(rows) = all_messages(&self.house.process).await else { return };
        let doubts: Vec<_> = rows.into_iter().filter(|row| row.state == MessageState::Unknown && self.sent_to.contains_key(&row.text)).collect();
        if doubts.is_empty() {
            return;
        }
        let row = &doubts[self.rng.random_range(0..doubts.len())];
        // Counted before: a crash may swallow the answer.
        *self.resent.entry(row.text.clone()).or_default() += 1;
        drop(tokio::time::timeout(Duration::from_secs(1), self.house.engine.resolve(row.id, Settlement::Resend)).await);
    }

    /// The network speaks of something that the provider took: at once or later, once or twice, in any order.
    async fn report(&mut self) {
        let names = self.house.provider.look(|books| books.names.clone());
        let news: Vec<(&String, &String)> = names.iter().filter(|(text, _)| !self.reported.contains(*text) && self.sent_to.contains_key(*text)).collect();
        if let Some((text, name)) = news.get(self.rng.random_range(0..4)) {
            let outcome = [ReportOutcome::Delivered, ReportOutcome::Failed][self.rng.random_range(0..2)];
            let one = |outcome: ReportOutcome, echo: bool| DeliveryReport {
                provider_message_id: Some((*name).clone()),
                number: self.sent_to.get(*text).cloned(),
                word: Some(outcome.as_str().to_uppercase()),
                outcome,
                error_code: None,
                text: echo.then(|| (*text).clone()),
                done_at: None,
            };
            let echo = self.rng.random_bool(0.5);
            let mut made = vec![one(outcome, echo)];
            if self.rng.random_bool(0.3) {
                made.push(one(ReportOutcome::Pending, echo));
            }
            if self.rng.random_bool(0.3) {
                let other = [ReportOutcome::Delivered, ReportOutcome::Failed][self.rng.random_range(0..2)];
                made.push(one(other, echo));
            }
            self.reported.insert((*text).clone());
            self.coming.append(&mut made);
        }
        for _ in 0..self.rng.random_range(0..3) {
            if !self.coming.is_empty() {
                let report = self.coming.swap_remove(self.rng.random_range(0..self.coming.len()));
                self.arrive(report).await;
            }
        }
    }

    async fn arrive(&mut self, report: DeliveryReport) {
        self.reports += 1;
        let (id, account, received_at) = (ReportId::from_raw(self.reports), self.house.account(), self.house.clock.now());
        let new = NewReport { id, account, received_at, shape: "made-up".into(), report: report.clone(), raw: "made up".into() };
        let taken = tokio::time::timeout(Duration::from_secs(1), self.house.process.report(new)).await;
        if !matches!(taken, Ok(Ok(_))) {
            // Not acknowledged: it comes again.
            self.coming.push(report);
        }
    }

    /// What is final stays so, and only what the provider took was ever delivered, or called sent.
    async fn look(&mut self) -> Result<(), String> {
        let Ok(rows) = all_messages(&self.house.process).await else { return Ok(()) };
        let taken = self.house.provider.look(|books| books.accepted.clone());
        for row in rows {
            let times = taken.get(&row.text).map_or(0, |(times, _)| *times);
            let single = self.sent_to.contains_key(&row.text);
            if single && times == 0 && matches!(row.state, MessageState::Sent | MessageState::Delivered | MessageState::Undelivered) {
                return Err(format!("{} is {:?} and the provider never took it", row.text, row.state));
            }
            if single && times > 0 && matches!(row.state, MessageState::Rejected | MessageState::Failed | MessageState::Expired | MessageState::Cancelled) {
                return Err(format!("{} is {:?} and the provider took it", row.text, row.state));
            }
            if single && times > 1 + self.resent.get(&row.text).copied().unwrap_or_default() {
                return Err(format!("{} was sent {times} times", row.text));
            }
            if let Some(before) = self.finals.get(&row.id)
                && *before != row.state
            {
                return Err(format!("{} was {before:?} and is {:?}", row.text, row.state));
            }
            if row.state.is_final() && row.state != MessageState::Failed {
                self.finals.insert(row.id, row.state);
            }
        }
        Ok(())
    }

    /// Everything calms down; all reports come at last, and hours pass.
    async fn quiet(&mut self) -> Result<(), String> {
        self.house.process.crash_after(u64::MAX);
        self.house.provider.set_faults(Faults::default());
        self.house.provider.add(Units::whole(2_000));
        for _ in 0..200 {
            self.report().await;
        }
        self.house.pass(Duration::from_mins(5)).await;
        while let Some(report) = self.coming.pop() {
            self.arrive(report).await;
        }
        for _ in 0..3 {
            self.house.pass(Duration::from_mins(61)).await;
            self.look().await?;
        }
        self.placed().await
    }

    /// A report of the one message in doubt to its number has settled it, unless the provider's name of it is another's too.
    async fn placed(&self) -> Result<(), String> {
        let rows = all_messages(&self.house.process).await?;
        let doubts: Vec<_> = rows.iter().filter(|row| row.state == MessageState::Unknown).collect();
        let names = self.house.provider.look(|books| books.names.clone());
        for row in &doubts {
            let shared = self.resent.contains_key(&row.text) || names.values().filter(|name| names.get(&row.text) == Some(*name)).count() > 1;
            let alone = !shared && doubts.iter().filter(|other| other.to == row.to).count() == 1;
            if alone && self.reported.contains(&row.text) {
                return Err(format!("{} is in doubt, it is the only one to its number, and there is a report of it", row.text));
            }
        }
        match rows.iter().find(|row| matches!(row.state, MessageState::Queued | MessageState::Submitting)) {
            Some(row) => Err(format!("{} is still {:?} ({:?})", row.text, row.state, row.cause)),
            None => Ok(()),
        }
    }
}

fn play(seed: u64) -> Result<(), String> {
    in_virtual_time(async {
        let mut story = Story::open(seed).await;
        for step in 0..story.rng.random_range(20..80) {
            story.step().await.map_err(|why| format!("seed {seed}, step {step}: {why}"))?;
        }
        story.quiet().await.map_err(|why| format!("seed {seed}: {why}"))
    })
}

#[test]
fn evidence_settles_doubts_and_nothing_else_does() {
    let failures: Vec<String> = (0..SEEDS).filter_map(|seed| play(seed).err()).collect();
    assert!(failures.is_empty(), "{} of {SEEDS} failed, the first: {}", failures.len(), failures.iter().take(5).cloned().collect::<Vec<_>>().join("\n"));
    println!("{SEEDS} stories");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "which seed to play again")]
fn one_story() {
    let seed = std::env::var("SALIO_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    play(seed).unwrap();
}

#[test]
fn planted_mistakes_with_evidence_are_caught() {
    for mistake in [Mistake::ResendUnknown, Mistake::FoldAfterFinal, Mistake::GuessByNumber, Mistake::ForgetQueued] {
        plant(Some(mistake));
        let caught = (0..SEEDS).find_map(|seed| play(seed).err());
        plant(None);
        let Some(why) = caught else { panic!("{mistake:?} was not caught") };
        println!("{mistake:?} caught: {why}");
    }
}
