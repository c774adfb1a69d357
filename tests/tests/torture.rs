//! `kill -9` at random instants under mixed load: single messages, lists, streams, cancels, pauses, settled doubts, delivery reports, a provider that stalls,
//! resets and forgets. What was acknowledged is accounted for, nothing is sent twice, and the money adds up. `SALIO_TORTURE_KILLS` says how often,
//! `SALIO_SEED` with which chances.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::too_many_lines,
    reason = "a test that cannot go on fails, and prints what it measured"
)]

use std::sync::Arc;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use salio_simulator::core::Micros;
use salio_simulator::{SimConfig, SimHandle};
use salio_tests::binary::{Server, eventually, now, simulator};
use salio_tests::torture::World;
use salio_tests::torture::audit::{Found, audit};
use salio_tests::torture::load::{finish, send_until_cut};
use salio_tests::torture::meddle::{all_goes_on, meddle_until_cut};
use salio_tests::torture::requests::Kind;
use salio_tests::torture::weather::{calm, storm};
use serde_json::Value;

const CALLERS: [Kind; 5] = [Kind::Single, Kind::Single, Kind::Single, Kind::List, Kind::Csv];
const MEDDLERS: usize = 3;
/// Nothing may be called `submitting` longer than this after a start.
const RECOVERED: Duration = Duration::from_secs(30);
const TOKEN: &str = "made-up-webhook-token";

#[expect(clippy::disallowed_methods, reason = "how long to go on")]
fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

struct Torture {
    server: Server,
    vendor: SimHandle,
    world: Arc<World>,
    rng: StdRng,
    reports_to: String,
    version: i64,
    mid_start: u32,
}

impl Torture {
    async fn new(seed: u64) -> Self {
        let vendor = simulator(SimConfig { seed, credit: Micros(10_000_000_000_000), ..SimConfig::default() }).await.unwrap();
        // The hour's budget of balance calls is no part of this test.
        let extra = [
            ("SALIO_BALANCE__CALLS_PER_HOUR", "3600"),
            ("SALIO_BALANCE__RESERVED_FOR_AUTOMATIC", "3000"),
            ("SALIO_BALANCE__SETTLE_AFTER", "500ms,1s,2s"),
            ("SALIO_ACCOUNTS__ONFON__CALLS_PER_SECOND", "1000"),
            ("SALIO_ACCOUNTS__ONFON__TIMEOUT", "1s"),
            ("SALIO_ACCOUNTS__ONFON__PRICE", "1"),
            ("SALIO_ACCOUNTS__ONFON__WEBHOOK_TOKEN", TOKEN),
            // Evidence that goes on coming for hours would move under the auditor.
            ("SALIO_ACCOUNTS__ONFON__LOOK_UPS", "false"),
        ];
        let server = Server::new(&vendor, &extra).unwrap();
        let world = World::new(server.url.clone(), vendor.clone()).unwrap();
        let reports_to = format!("{}/webhooks/onfon/dlr?token={TOKEN}", server.url);
        Self { server, vendor, world, rng: StdRng::seed_from_u64(seed), reports_to, version: 0, mid_start: 0 }
    }

    async fn round(&mut self, round: u64) {
        storm(&self.vendor, round, &self.reports_to);
        self.start().await;
        let mut tasks: Vec<_> = CALLERS.iter().map(|kind| tokio::spawn(send_until_cut(self.world.clone(), *kind, self.rng.random()))).collect();
        tasks.extend((0..MEDDLERS).map(|_| tokio::spawn(meddle_until_cut(self.world.clone(), self.rng.random()))));
        tokio::time::sleep(Duration::from_millis(self.rng.random_range(30..1_300))).await;
        self.server.kill();
        for task in tasks {
            task.await.unwrap();
        }
    }

    /// Now and then it is killed while it starts.
    async fn start(&mut self) {
        while self.rng.random_bool(0.15) {
            self.mid_start += 1;
            self.server.launch().unwrap();
            tokio::time::sleep(Duration::from_millis(self.rng.random_range(0..300))).await;
            self.server.kill();
        }
        self.server.start().await.unwrap();
        self.newer(&self.server.balance().await.unwrap());
        // Nothing begins meanwhile that was not begun before: callers come later. What is waiting may go.
        self.recovered().await;
        self.world.books().await.unwrap();
    }

    /// What was `submitting` when the server was killed is so no more.
    async fn recovered(&self) {
        let page = self.server.get("/api/v1/messages?state=submitting&limit=1000").await.unwrap();
        let attempt = |message: &Value| (message["id"].clone(), message["attempts"].clone());
        let then: Vec<_> = page["messages"].as_array().unwrap().iter().map(attempt).collect();
        eventually("what was being submitted to have ended", RECOVERED, || async {
            let page = self.server.get("/api/v1/messages?state=submitting&limit=1000").await.ok()?;
            let now: Vec<_> = page["messages"].as_array()?.iter().map(attempt).collect();
            (!now.iter().any(|message| then.contains(message))).then_some(())
        })
        .await
        .unwrap();
    }

    fn newer(&mut self, balance: &Value) {
        let version = balance["version"].as_i64().unwrap();
        assert!(version >= self.version, "version {version} after {}", self.version);
        self.version = version;
    }

    /// The last start: nothing goes wrong any more, and everything must come to its end.
    async fn quiet(&mut self) {
        calm(&self.vendor);
        self.start().await;
        finish(&self.world).await.unwrap();
        all_goes_on(&self.world).await.unwrap();
        for state in ["scheduled", "queued", "submitting"] {
            self.world.none_left(state, Duration::from_secs(180)).await.unwrap();
        }
        self.last_report().await;
    }

    /// Until no report is due and none has come for a while: one that was on its way in a call that the kill cut is counted as sent for ever.
    async fn last_report(&self) {
        let seen = parking_lot::Mutex::new((self.vendor.reports(), 0));
        eventually("the last delivery report", Duration::from_secs(60), || async {
            let (reports, due) = (self.vendor.reports(), self.vendor.with(|model, _| model.next_due()));
            let mut seen = seen.lock();
            let same = seen.0 == reports && due.is_none();
            *seen = (reports, if same { seen.1 + 1 } else { 0 });
            // Looked at every 20 ms; a repetition comes after 300.
            (seen.1 > 50).then_some(())
        })
        .await
        .unwrap();
    }

    /// Reports that were kept are looked at again by and by and settle doubts: an audit during which one was settled saw two instants, and is made again.
    async fn audit(&self) -> Found {
        loop {
            let before = self.server.balance().await.unwrap();
            let found = audit(&self.world).await.unwrap();
            if self.server.balance().await.unwrap()["unknown_messages"] == before["unknown_messages"] {
                return found;
            }
        }
    }

    /// What is shown is what the provider holds, to the last millionth.
    async fn balance_is_right(&mut self) -> Value {
        let holds = self.vendor.with(|model, _| model.books().credit.to_string()).parse::<salio_domain::Units>().unwrap();
        let shown = eventually("the balance to be what the provider holds", Duration::from_secs(60), || async {
            let shown = self.server.balance().await.ok()?;
            (shown["state"] == "fresh" && shown["balance"].as_str()?.parse() == Ok(holds)).then_some(shown)
        })
        .await
        .unwrap();
        self.newer(&shown);
        shown
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_at_random_instants_lose_nothing_and_repeat_nothing() {
    let (kills, seed) = (setting("SALIO_TORTURE_KILLS", 20), setting("SALIO_SEED", 11));
    let mut torture = Torture::new(seed).await;
    let begin = now();
    for round in 0..kills {
        torture.round(round).await;
        if (round + 1).is_multiple_of(50) {
            println!("{} kills in {:?}, {:?}", round + 1, begin.elapsed(), torture.world.book.counted());
        }
    }
    let killed = begin.elapsed();
    torture.quiet().await;
    let drained = begin.elapsed();
    let found = torture.audit().await;
    println!("killed for {killed:?}, all ended after {drained:?}, audited after {:?}", begin.elapsed());
    tell(&torture, &found, kills, seed);
    assert!(found.wrong.is_empty(), "seed {seed}, {} wrong, the first: {:#?}", found.wrong.len(), found.wrong.iter().take(10).collect::<Vec<_>>());
    let shown = torture.balance_is_right().await;
    let still = torture.audit().await;
    assert!(still.wrong.is_empty() && still.doubts.len() <= found.doubts.len(), "{:?}", still.wrong);
    println!("the balance is {} and so it is at the provider, {} in doubt", shown["formatted"], shown["unknown_messages"]);
    assert!(shown["unknown_messages"].as_u64().and_then(|count| usize::try_from(count).ok()).is_some_and(|count| (still.doubts.len()..=found.doubts.len()).contains(&count)));
    assert_eq!(torture.vendor.with(|model, _| model.repeated()), 0, "sent twice");
    let least = usize::try_from(kills).unwrap() * 10;
    assert!(found.sizes.1 > least && found.taken > least, "a real load: {:?}, {} taken", found.sizes, found.taken);
    assert!(!found.doubts.is_empty() && found.states.contains_key("delivered"), "the weather was bad: {:?}", found.states);
}

/// An auditor that overlooks something proves nothing: each thing that must not be is made to be.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_auditor_overlooks_nothing() {
    let mut torture = Torture::new(5).await;
    calm(&torture.vendor);
    torture.start().await;
    for kind in [Kind::Single, Kind::List, Kind::Csv] {
        let (request, _) = torture.world.book.next(kind, &mut torture.rng);
        torture.world.book.wait(request);
    }
    torture.quiet().await;
    let well = audit(&torture.world).await.unwrap();
    assert_eq!(well.wrong, Vec::<String>::new());
    let says = |found: &Found, what: &str| found.wrong.iter().any(|wrong| wrong.contains(what));

    // The provider takes one once more, and one that nobody asked for.
    let (number, text) = torture.vendor.with(|model, _| model.accepted().first().map(|first| (first.number.to_string(), first.text.to_string()))).unwrap();
    behind_its_back(&torture, &number, &text).await;
    behind_its_back(&torture, "254733333333", "from elsewhere").await;
    let found = audit(&torture.world).await.unwrap();
    for what in ["the provider took it 2 times", "no message says so", "the provider charged"] {
        assert!(says(&found, what), "{what}: {:?}", found.wrong);
    }

    // A caller was told of one that is not there, and got another answer the second time.
    let (lost, _) = torture.world.book.next(Kind::Single, &mut torture.rng);
    torture.world.book.answered(lost.clone(), 202, false, "{\"id\":\"msg_1\"}".into());
    torture.world.book.answered(lost, 202, true, "{\"id\":\"msg_2\"}".into());
    let found = audit(&torture.world).await.unwrap();
    for what in ["was acknowledged and is lost", "first {\"id\":\"msg_1\"}, then"] {
        assert!(says(&found, what), "{what}: {:?}", found.wrong);
    }
}

/// Somebody else sends over the same account.
async fn behind_its_back(torture: &Torture, number: &str, text: &str) {
    let login = torture.vendor.with(|model, _| model.config().credentials.clone());
    let body = serde_json::json!({
        "SenderId": "SALIO", "IsUnicode": false, "IsFlash": false, "MessageParameters": [{ "Number": number, "Text": text }], "ApiKey": login.api_key, "ClientId": login.client_id
    });
    let answer: Value = torture.world.client().post(format!("{}/SendBulkSMS", torture.vendor.api_url())).json(&body).send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["ErrorCode"], 0, "{answer}");
}

fn tell(torture: &Torture, found: &Found, kills: u64, seed: u64) {
    let (requests, messages, batches) = found.sizes;
    println!("{kills} kills while it ran and {} while it started (seed {seed}): {requests} requests acknowledged, {messages} messages, {batches} batches", torture.mid_start);
    println!("the provider took {}: {:?}", found.taken, found.states);
    println!("people: {:?}", torture.world.book.counted());
    println!("reports: {:?}", torture.vendor.reports());
    let (sure, explained, charged) = found.money;
    println!("charged by the provider {charged} = {sure} that stands + {explained} in doubt");
    let (taken, lost): (Vec<_>, Vec<_>) = found.doubts.iter().partition(|(_, taken)| *taken);
    let names = |doubts: Vec<&(String, bool)>| doubts.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>().join(" ");
    println!("in doubt and taken ({}, {} of them with a report that nobody could place): {}", taken.len(), found.told_of, names(taken));
    println!("in doubt and not taken ({}): {}", lost.len(), names(lost));
}
