//! A provider that knows the truth, in virtual time, with faults by seed. Shares no code with drivers or the simulator.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use salio_domain::balance::BalanceForm;
use salio_domain::outbox::{RecipientOutcome, Refusal, RefusalClass, SubmitOutcome};
use salio_domain::{Timestamp, Units};
use salio_engine::Clock;
use salio_provider::{BalanceAnswer, BalanceError, Provider, SubmitRequest};

/// How it misbehaves; parts of a thousand.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// A balance question fails.
    pub balance_fails: u32,
    /// A submission cannot connect.
    pub not_sent: u32,
    /// A submission is lost before it has an effect.
    pub lost_before: u32,
    /// A submission's answer is lost after its effect.
    pub lost_after: u32,
    /// A recipient is refused.
    pub refused: u32,
    /// The longest answer, in milliseconds.
    pub slowest_ms: u64,
    /// Charges come up to so much later, in one step or two.
    pub late_ms: u64,
    /// Out of credit is refused as such.
    pub checks_credit: bool,
    /// Balance questions are refused for their credentials.
    pub refuses_credentials: bool,
}

/// What it really knows.
#[derive(Debug)]
pub struct Books {
    /// What it holds now.
    pub holds: Units,
    /// What it will take, and when.
    due: Vec<(Timestamp, Units)>,
    /// What it took for messages, in all.
    pub charged: Units,
    /// How often it took each text (texts are unique in these stories), and for how much.
    pub accepted: BTreeMap<String, (u32, Units)>,
    /// How it named each text that it took, last.
    pub names: BTreeMap<String, String>,
    /// When each balance call began.
    pub balance_calls: Vec<Timestamp>,
    /// What each submission carried, as it came: text and recipients.
    pub submissions: Vec<Vec<(String, usize)>>,
    /// When submissions began and ended.
    pub last_submission_at: Option<Timestamp>,
    ids: u64,
    rng: StdRng,
}

/// A shared handle.
pub struct SimProvider {
    books: Mutex<Books>,
    faults: Mutex<Faults>,
    clock: Clock,
}

/// One unit a segment, and one segment a message.
pub const PRICE: Units = Units::whole(1);

enum Fate {
    Lost,
    Refused,
    Answered(SubmitOutcome),
}

impl SimProvider {
    /// With `holds` to begin with.
    #[must_use]
    pub fn new(seed: u64, holds: Units, clock: Clock) -> Arc<Self> {
        let books = Books {
            holds,
            due: Vec::new(),
            charged: Units::ZERO,
            accepted: BTreeMap::new(),
            names: BTreeMap::new(),
            balance_calls: Vec::new(),
            submissions: Vec::new(),
            last_submission_at: None,
            ids: 0,
            rng: StdRng::seed_from_u64(seed),
        };
        Arc::new(Self { books: Mutex::new(books), faults: Mutex::new(Faults::default()), clock })
    }

    /// Changes how it misbehaves.
    pub fn set_faults(&self, faults: Faults) {
        *self.faults.lock() = faults;
    }

    /// Credit bought (or, negative, spent by somebody else).
    pub fn add(&self, units: Units) {
        let now = self.clock.now();
        let mut books = self.books.lock();
        books.settle(now);
        books.holds = books.holds.plus(units);
    }

    /// Looks at the books as they are now.
    pub fn look<T>(&self, look: impl FnOnce(&Books) -> T) -> T {
        let now = self.clock.now();
        let mut books = self.books.lock();
        books.settle(now);
        look(&books)
    }

    /// Whether charges are still to come.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.look(|books| books.due.is_empty())
    }

    fn chance(&self, of_thousand: u32) -> bool {
        self.books.lock().rng.random_range(0..1000) < of_thousand
    }

    fn pause(&self, longest_ms: u64) -> Duration {
        Duration::from_millis(self.books.lock().rng.random_range(0..=longest_ms))
    }

    fn effect(&self, request: &SubmitRequest, faults: &Faults) -> Fate {
        let now = self.clock.now();
        let mut books = self.books.lock();
        books.settle(now);
        let whole = PRICE.checked_mul(i64::try_from(request.recipients.len()).unwrap_or(i64::MAX)).unwrap_or(Units::MAX);
        if faults.checks_credit && books.free() < whole {
            return Fate::Refused;
        }
        let recipients = request.recipients.iter().map(|recipient| books.accept(&recipient.text, faults, now)).collect();
        Fate::Answered(SubmitOutcome { recipients, raw: None })
    }
}

impl Books {
    fn settle(&mut self, now: Timestamp) {
        let taken: Units = self.due.iter().filter(|(at, _)| *at <= now).map(|(_, units)| *units).sum();
        self.due.retain(|(at, _)| *at > now);
        self.holds = self.holds.minus(taken);
    }

    fn came(&mut self, request: &SubmitRequest, now: Timestamp) {
        let mut texts: BTreeMap<&str, usize> = BTreeMap::new();
        for recipient in &request.recipients {
            *texts.entry(&recipient.text).or_default() += 1;
        }
        self.submissions.push(texts.into_iter().map(|(text, count)| (text.to_owned(), count)).collect());
        self.last_submission_at = Some(now);
    }

    fn free(&self) -> Units {
        self.holds.minus(self.due.iter().map(|(_, units)| *units).sum())
    }

    fn accept(&mut self, text: &str, faults: &Faults, now: Timestamp) -> RecipientOutcome {
        if self.rng.random_range(0..1000) < faults.refused {
            return RecipientOutcome::Rejected(Refusal {
                code: "number_refused".into(),
                provider_code: "013".into(),
                class: RefusalClass::Permanent,
                stops_account: false,
                text: "refused".into(),
            });
        }
        let taken = self.accepted.entry(text.to_owned()).or_insert((0, Units::ZERO));
        *taken = (taken.0 + 1, taken.1.plus(PRICE));
        self.charged = self.charged.plus(PRICE);
        let first = self.rng.random_range(0..=faults.late_ms / 2);
        let second = self.rng.random_range(0..=faults.late_ms / 2);
        let half = Units::from_micros(PRICE.micros() / 4);
        self.due.push((now.after(Duration::from_millis(first)), PRICE.minus(half)));
        self.due.push((now.after(Duration::from_millis(first + second)), half));
        self.settle(now);
        self.ids += 1;
        // Not unique: every seventh name comes twice.
        let provider_message_id = format!("p-{}", self.ids - u64::from(self.ids.is_multiple_of(7)));
        self.names.insert(text.to_owned(), provider_message_id.clone());
        RecipientOutcome::Submitted { provider_message_id }
    }
}

fn no_figure() -> BalanceError {
    BalanceError { code: "unreachable", detail: "The provider cannot be reached.".into(), credentials: false, timed_out: false, raw: None }
}

#[async_trait]
impl Provider for SimProvider {
    fn name(&self) -> &'static str {
        "onfon"
    }

    async fn fetch_balance(&self) -> Result<BalanceAnswer, BalanceError> {
        let faults = *self.faults.lock();
        let now = self.clock.now();
        self.books.lock().balance_calls.push(now);
        tokio::time::sleep(self.pause(faults.slowest_ms)).await;
        if faults.refuses_credentials {
            return Err(BalanceError { code: "credentials_refused", detail: "The provider refuses the credentials.".into(), credentials: true, timed_out: false, raw: None });
        }
        if self.chance(faults.balance_fails) {
            return Err(no_figure());
        }
        let units = self.look(|books| books.holds);
        tokio::time::sleep(self.pause(faults.slowest_ms)).await;
        Ok(BalanceAnswer { units, form: BalanceForm::Bare, raw: units.to_string() })
    }

    async fn submit(&self, request: &SubmitRequest) -> SubmitOutcome {
        let faults = *self.faults.lock();
        let now = self.clock.now();
        self.books.lock().came(request, now);
        let all = |outcome: &RecipientOutcome| SubmitOutcome::all(request.recipients.len(), outcome, None);
        let doubt = RecipientOutcome::in_doubt("connection_reset");
        if self.chance(faults.not_sent) {
            return all(&RecipientOutcome::NotSent { reason: "connect_failed".into() });
        }
        tokio::time::sleep(self.pause(faults.slowest_ms)).await;
        let fate = if self.chance(faults.lost_before) { Fate::Lost } else { self.effect(request, &faults) };
        tokio::time::sleep(self.pause(faults.slowest_ms)).await;
        match fate {
            Fate::Lost => all(&doubt),
            Fate::Refused => all(&RecipientOutcome::Rejected(Refusal {
                code: "out_of_credit".into(),
                provider_code: "021".into(),
                class: RefusalClass::AfterTopUp,
                stops_account: true,
                text: String::new(),
            })),
            Fate::Answered(_) if self.chance(faults.lost_after) => all(&doubt),
            Fate::Answered(outcome) => outcome,
        }
    }
}
