//! The engine under every interleaving, with crashes between any two commits, in virtual time: one seed, one story.
//! `SALIO_SEED=17 cargo nextest run -p salio-tests --test interleavings one_story` plays one again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::too_many_lines,
    reason = "a test that cannot go on fails, and prints what it measured"
)]

use std::collections::BTreeMap;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use salio_domain::Units;
use salio_domain::planted::{Mistake, plant};
use salio_engine::AccountOptions;
use salio_store::{BatchFilter, BatchOrder, MessageFilter, Store};
use salio_tests::audit::{Viewer, accounted, derivable, within_budget};
use salio_tests::house::{House, in_virtual_time};
use salio_tests::provider::Faults;

const SEEDS: u64 = 2_000;

fn fast(account: &mut AccountOptions) {
    account.dispatch.calls_per_second = 1_000;
    account.dispatch.batch_size = 2;
}

struct Story {
    house: House,
    rng: StdRng,
    viewer: Viewer,
    /// Texts whose acceptance was acknowledged, with how many messages.
    acknowledged: BTreeMap<String, usize>,
    /// A text that was sent and whose acceptance a crash may have swallowed.
    texts: u64,
}

impl Story {
    async fn open(seed: u64) -> Self {
        // Every third story begins nearly without credit; in every second one several submissions begin at once.
        let holds = if seed.is_multiple_of(3) { 20 } else { 500 };
        let house = House::tuned(seed, Units::whole(holds), if seed.is_multiple_of(2) { |_| {} } else { fast }).await;
        Self { house, rng: StdRng::seed_from_u64(seed ^ 0x5a1e), viewer: Viewer::default(), acknowledged: BTreeMap::new(), texts: 0 }
    }

    async fn step(&mut self) -> Result<(), String> {
        match self.rng.random_range(0..100) {
            0..35 => self.send().await,
            35..75 => {
                let longest = [50, 500, 5_000, 40_000][self.rng.random_range(0..4)];
                let span = Duration::from_millis(self.rng.random_range(0..longest));
                self.house.pass(span).await;
            }
            75..83 => {
                let engine = self.house.engine.clone();
                let account = self.house.account();
                tokio::spawn(async move { drop(engine.refresh(account).await) });
            }
            83..87 => self.house.provider.add(Units::whole(self.rng.random_range(1..300))),
            87..90 => self.house.provider.add(Units::whole(-self.rng.random_range(1..20_i64))),
            90..93 => self.misbehave(),
            93..94 => drop(tokio::time::timeout(Duration::from_secs(1), self.house.engine.clear_cache(self.house.account())).await),
            94..97 => drop(tokio::time::timeout(Duration::from_secs(1), self.order()).await),
            _ => {
                let commits = self.rng.random_range(0..12);
                if self.rng.random_bool(0.5) { self.house.process.crash_after(commits) } else { self.house.process.crash_unheard_after(commits + 1) }
            }
        }
        self.survive().await;
        self.check().await
    }

    /// A person pauses, resumes, takes back.
    async fn order(&mut self) {
        let (engine, account) = (self.house.engine.clone(), self.house.account());
        match self.rng.random_range(0..6) {
            0 => drop(engine.pause(account).await),
            1 => drop(engine.resume(account).await),
            2 => {
                let rows = engine.store().messages(&MessageFilter { limit: 20, ..MessageFilter::default() }).await.unwrap_or_default();
                if let Some(row) = rows.get(self.rng.random_range(0..20)) {
                    drop(engine.cancel(row.id).await);
                }
            }
            _ => {
                let batches = engine.batches(&BatchFilter { limit: 5, ..BatchFilter::default() }).await.unwrap_or_default();
                let order = [BatchOrder::Pause, BatchOrder::Pause, BatchOrder::Resume, BatchOrder::Cancel][self.rng.random_range(0..4)];
                if let Some(batch) = batches.get(self.rng.random_range(0..5)) {
                    drop(engine.order_batch(batch.row.id, order).await);
                }
            }
        }
    }

    fn misbehave(&mut self) {
        let rng = &mut self.rng;
        let faults = Faults {
            balance_fails: [0, 200, 1000][rng.random_range(0..3)],
            not_sent: rng.random_range(0..300),
            lost_before: rng.random_range(0..200),
            lost_after: rng.random_range(0..200),
            refused: rng.random_range(0..200),
            slowest_ms: [5, 300, 9_000][rng.random_range(0..3)],
            late_ms: [0, 3_000, 50_000][rng.random_range(0..3)],
            checks_credit: rng.random_bool(0.5),
            refuses_credentials: false,
        };
        self.house.provider.set_faults(faults);
    }

    /// Accepts one or several; a crash on the way is answered as a caller would: the same key again after the restart.
    async fn send(&mut self) {
        self.texts += 1;
        let text = format!("text {}", self.texts);
        let count = self.rng.random_range(1..4_usize);
        let numbers: Vec<String> = (0..count).map(|n| format!("2547{:08}", self.texts * 10 + n as u64)).collect();
        for _ in 0..3 {
            let sent = tokio::time::timeout(Duration::from_secs(5), self.house.send(&text, &numbers)).await;
            if let Ok(Ok(accepted)) = sent {
                assert_eq!(accepted, count.to_string());
                self.acknowledged.insert(text, count);
                return;
            }
            self.survive().await;
        }
    }

    async fn survive(&mut self) {
        if self.house.process.has_crashed() {
            self.house.restart().await;
        }
    }

    async fn check(&mut self) -> Result<(), String> {
        let now = self.house.clock.now();
        let account = self.house.account();
        let Ok(Ok(audit)) = tokio::time::timeout(Duration::from_secs(1), self.house.process.audit(account)).await else { return Ok(()) };
        derivable(&audit, now)?;
        let shown = self.house.engine.hub().latest(account).ok_or("no snapshot")?;
        self.viewer.look(&shown, now)?;
        if let (Some(view), Some(figure)) = (self.house.engine.view(account), shown.standing.base)
            && view.balance != Some(figure.units.minus(shown.standing.pending))
        {
            return Err(format!("shown {:?}", view.balance));
        }
        Ok(())
    }

    /// Whatever a person paused goes on.
    async fn all_goes_on(&self) -> Result<(), String> {
        let engine = &self.house.engine;
        engine.resume(self.house.account()).await.map_err(|error| error.to_string())?;
        let paused = BatchFilter { state: Some("paused".into()), limit: 1_000, ..BatchFilter::default() };
        for batch in engine.batches(&paused).await.map_err(|error| error.to_string())? {
            engine.order_batch(batch.row.id, BatchOrder::Resume).await.map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// All faults end; then the schedule alone must bring everything right.
    async fn quiet(&mut self) -> Result<(), String> {
        self.house.process.crash_after(u64::MAX);
        self.house.provider.set_faults(Faults::default());
        self.house.provider.add(Units::whole(2_000));
        self.all_goes_on().await?;
        for _ in 0..30 {
            self.house.pass(Duration::from_mins(1)).await;
            self.check().await?;
        }
        let holds = self.house.provider.look(|books| books.holds);
        let audit = self.house.process.audit(self.house.account()).await.map_err(|error| error.to_string())?;
        if audit.snapshot.standing.estimate() != Some(holds) {
            return Err(format!("after quiet {:?} is shown and the provider holds {holds}", audit.snapshot.standing.estimate()));
        }
        let state = audit.snapshot.standing.state(self.house.clock.now(), Duration::from_mins(15));
        if state != salio_domain::balance::State::Fresh {
            return Err(format!("after quiet the state is {state:?}"));
        }
        accounted(&self.house, &self.acknowledged).await?;
        let calls = self.house.provider.look(|books| books.balance_calls.clone());
        within_budget(&calls, 120)
    }
}

fn play(seed: u64) -> Result<(), String> {
    in_virtual_time(async {
        let mut story = Story::open(seed).await;
        let steps = story.rng.random_range(10..60);
        for step in 0..steps {
            story.step().await.map_err(|why| format!("seed {seed}, step {step}: {why}"))?;
        }
        story.quiet().await.map_err(|why| format!("seed {seed}: {why}"))
    })
}

#[test]
fn two_thousand_stories_end_right() {
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

/// Each mistake that this world can show must be caught within the same seeds.
#[test]
fn planted_mistakes_of_the_engine_are_caught() {
    use Mistake::{ChargeTwiceAfterCrash, DoubtIsNotSent, FreshTooEarly, ResendAfterCrash, VersionStartsOver, ZeroOnFailure};
    for mistake in [ResendAfterCrash, ChargeTwiceAfterCrash, DoubtIsNotSent, FreshTooEarly, VersionStartsOver, ZeroOnFailure] {
        plant(Some(mistake));
        let caught = (0..SEEDS).find_map(|seed| play(seed).err());
        plant(None);
        let Some(why) = caught else { panic!("{mistake:?} was not caught") };
        println!("{mistake:?} caught: {why}");
    }
}
