//! A model of one account and its provider that knows the truth, to hold the estimate against. No engine, no store: only the pure fold.

use std::time::Duration;

use salio_domain::balance::{EndSums, Observed, OpenCharge, Remembered, SettleRules, Standing, State, TakeInput, Taken, reassign, take};
use salio_domain::pricing::PriceSource;
use salio_domain::{SubmissionId, Timestamp, Units};

/// One thing that happens.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// Time passes, in milliseconds.
    Wait(u32),
    /// A submission begins, of so many units.
    Begin(u8),
    /// The provider takes the oldest running submission, and charges it after so many milliseconds, in two steps where the second number is not 0.
    Arrive(u16, u16),
    /// The oldest running submission ends as its arrival tells; in doubt when asked so.
    End {
        /// The answer was lost.
        lost_answer: bool,
    },
    /// A question is asked.
    Ask,
    /// The provider reads its books for the n-th running question.
    Read(u8),
    /// The answer of the n-th running question arrives.
    Answer(u8),
    /// Credit is bought.
    TopUp(u8),
    /// Somebody else spends.
    Spend(u8),
}

#[derive(Debug)]
struct Running {
    id: SubmissionId,
    charge: Units,
    arrived: bool,
}

#[derive(Debug)]
struct Question {
    number: i64,
    asked_seq: i64,
    asked_at: Timestamp,
    read: Option<Units>,
}

/// The account as Salio keeps it, and the provider as it is.
#[derive(Debug)]
pub struct World {
    now: Timestamp,
    seq: i64,
    questions: i64,
    standing: Standing,
    charges: Vec<OpenCharge>,
    remembered: Vec<Remembered>,
    running: Vec<Running>,
    asked: Vec<Question>,
    /// What the provider holds.
    holds: Units,
    /// What it will still take, and when.
    due: Vec<(Timestamp, Units)>,
    /// The provider reads its books in the order in which it is asked.
    ordered: bool,
    /// When the newest figure was written down.
    answered_seq: i64,
    /// Nobody else spends and nothing is in doubt: then the estimate is exact at every moment.
    exact: bool,
}

const TTL: Duration = Duration::from_mins(15);
const RULES: SettleRules = SettleRules { settle_end: Duration::from_secs(60), close_interval: SettleRules::CLOSE_INTERVAL, late_charge_window: Duration::from_hours(24) };

impl World {
    /// 1,000 units, known to both.
    #[must_use]
    pub fn new(ordered: bool) -> Self {
        let now = Timestamp::from_micros(1_800_000_000_000_000);
        let holds = Units::whole(1000);
        let mut world = Self {
            now,
            seq: 0,
            questions: 0,
            standing: Standing::new(PriceSource::Configured),
            charges: Vec::new(),
            remembered: Vec::new(),
            running: Vec::new(),
            asked: Vec::new(),
            holds,
            due: Vec::new(),
            ordered,
            answered_seq: 0,
            exact: ordered,
        };
        world.ask();
        world.read(0);
        world.answer(0);
        world
    }

    /// Plays one thing and checks everything that must always hold.
    ///
    /// # Errors
    /// What does not hold.
    pub fn play(&mut self, op: Op) -> Result<(), String> {
        let shown_question = self.standing.base.map_or(0, |base| base.question);
        match op {
            Op::Wait(ms) => self.pass(Duration::from_millis(u64::from(ms))),
            Op::Begin(units) => self.begin(Units::whole(i64::from(units) + 1)),
            Op::Arrive(first, second) => self.arrive(first, second),
            Op::End { lost_answer } => self.end(lost_answer),
            Op::Ask => self.ask(),
            Op::Read(n) => self.read(usize::from(n)),
            Op::Answer(n) => self.answer(usize::from(n)),
            Op::TopUp(units) => {
                self.exact = false;
                self.holds = self.holds.plus(Units::whole(i64::from(units) + 1));
            }
            Op::Spend(units) => {
                self.exact = false;
                self.holds = self.holds.minus(Units::whole(i64::from(units) + 1));
            }
        }
        self.check(shown_question)
    }

    /// Everything ends, the settle schedule runs out, and the last question is asked: then the estimate is what the provider holds.
    ///
    /// # Errors
    /// When it is not, or not fresh.
    pub fn quiet(&mut self) -> Result<(), String> {
        while !self.running.is_empty() {
            self.play(Op::End { lost_answer: false })?;
        }
        while !self.asked.is_empty() {
            self.play(Op::Read(0))?;
            self.play(Op::Answer(0))?;
        }
        for pause in [2_000, 3_000, 10_000, 45_000, 60_000] {
            self.play(Op::Wait(pause))?;
            self.play(Op::Ask)?;
            self.play(Op::Read(0))?;
            self.play(Op::Answer(0))?;
        }
        let shown = self.standing.estimate();
        if shown != Some(self.holds) {
            return Err(format!("after quiet: shown {shown:?}, the provider holds {}", self.holds));
        }
        match self.standing.state(self.now, TTL) {
            State::Fresh => Ok(()),
            other => Err(format!("after quiet: {other:?}")),
        }
    }

    fn check(&self, shown_question: i64) -> Result<(), String> {
        let open: Units = self.charges.iter().map(OpenCharge::left).sum();
        if self.standing.pending != open {
            return Err(format!("pending {} is not the sum of open charges {open}", self.standing.pending));
        }
        let base = self.standing.base.ok_or("a known figure was lost")?;
        if base.question < shown_question {
            return Err(format!("an older answer {} over a newer one {shown_question}", base.question));
        }
        let sent_since = self.charges.iter().any(|charge| charge.begun_seq > base.asked_seq || charge.ended.is_none_or(|(seq, _)| seq > base.asked_seq));
        if sent_since && self.standing.state(self.now, TTL) == State::Fresh {
            return Err("fresh with a figure asked before the last send".to_owned());
        }
        self.check_exact()
    }

    /// With nobody else on the account and nothing in doubt, what is shown is what will be left when all that has begun is charged.
    fn check_exact(&self) -> Result<(), String> {
        let coming: Units = self.due.iter().map(|(_, units)| *units).sum();
        let not_arrived: Units = self.running.iter().filter(|running| !running.arrived).map(|running| running.charge).sum();
        let truth = self.holds.minus(coming).minus(not_arrived);
        match self.standing.estimate() {
            Some(shown) if shown == truth || !self.exact => Ok(()),
            shown => Err(format!("shown {shown:?}, and {truth} will be left")),
        }
    }

    fn draw(&mut self) -> i64 {
        self.seq += 1;
        self.seq
    }

    fn pass(&mut self, span: Duration) {
        self.now = self.now.after(span);
        let now = self.now;
        let taken: Units = self.due.iter().filter(|(at, _)| *at <= now).map(|(_, units)| *units).sum();
        self.due.retain(|(at, _)| *at > now);
        self.holds = self.holds.minus(taken);
    }

    fn begin(&mut self, charge: Units) {
        let seq = self.draw();
        let id = SubmissionId::from_raw(seq);
        self.standing.queue(charge);
        self.standing.begin(seq, charge);
        self.charges.push(OpenCharge { submission: id, begun_seq: seq, ended: None, sure: charge, doubtful: Units::ZERO });
        self.running.push(Running { id, charge, arrived: false });
    }

    fn arrive(&mut self, first: u16, second: u16) {
        let Some(running) = self.running.iter_mut().find(|running| !running.arrived) else { return };
        running.arrived = true;
        // Every charge is made within the settle schedule: at most 55 s after the end, which comes later than the arrival.
        let (first, second) = (u64::from(first) % 27_000, u64::from(second) % 27_000);
        let half = if second == 0 { Units::ZERO } else { Units::from_micros(running.charge.micros() / 3) };
        self.due.push((self.now.after(Duration::from_millis(first)), running.charge.minus(half)));
        self.due.push((self.now.after(Duration::from_millis(first + second)), half));
        self.pass(Duration::ZERO);
    }

    /// Arrived and answered: accepted. Not arrived: refused. Answer lost: in doubt either way.
    fn end(&mut self, lost_answer: bool) {
        if self.running.is_empty() {
            return;
        }
        let running = self.running.remove(0);
        let seq = self.draw();
        let Some(charge) = self.charges.iter_mut().find(|charge| charge.submission == running.id) else { return };
        let voided = if running.arrived || lost_answer { Units::ZERO } else { running.charge };
        let doubtful = if lost_answer { running.charge } else { Units::ZERO };
        self.exact &= !lost_answer;
        let excess = charge.wrongly_confirmed(voided);
        let own = charge.end(seq, self.now, voided, doubtful);
        let (changed, passed_on) = reassign(&self.charges, self.answered_seq, excess);
        self.keep(&changed);
        let released = own.plus(passed_on);
        self.standing.end(seq, self.now, EndSums { released, requeued: Units::ZERO, unknown: i64::from(lost_answer) });
    }

    fn keep(&mut self, changed: &[OpenCharge]) {
        for changed in changed {
            if let Some(charge) = self.charges.iter_mut().find(|charge| charge.submission == changed.submission) {
                *charge = *changed;
            }
        }
    }

    fn ask(&mut self) {
        let asked_seq = self.draw();
        self.questions += 1;
        self.standing.ask(self.now);
        self.asked.push(Question { number: self.questions, asked_seq, asked_at: self.now, read: None });
    }

    fn read(&mut self, n: usize) {
        let chosen = n % self.asked.len().max(1);
        let first = if self.ordered { 0 } else { chosen };
        for question in self.asked.iter_mut().take(chosen + 1).skip(first) {
            question.read.get_or_insert(self.holds);
        }
    }

    /// Only what the provider has read can be answered; answers may overtake each other.
    fn answer(&mut self, n: usize) {
        let count = self.asked.len();
        let Some(units) = self.asked.get(n % count.max(1)).and_then(|question| question.read) else { return };
        let question = self.asked.remove(n % count);
        let answered_seq = self.draw();
        let taken = Taken { units, question: question.number, asked_seq: question.asked_seq, asked_at: question.asked_at, answered_at: self.now };
        let out = take(&TakeInput {
            base: self.standing.base,
            charges: &self.charges,
            remembered: &self.remembered,
            opening: self.standing.opening,
            last_ended_at: self.standing.last_ended_at,
            observed: Observed { taken, answered_seq },
            rules: RULES,
        });
        if out.base.is_some() {
            self.answered_seq = answered_seq;
        }
        self.keep(&out.open);
        self.remembered.retain(|old| !out.expired.contains(old));
        for changed in &out.remembered {
            if let Some(old) = self.remembered.iter_mut().find(|old| old.submission == changed.submission) {
                *old = *changed;
            }
        }
        self.remembered.extend(out.forgotten.iter().copied());
        self.standing.take(&out);
    }
}

/// Plays a whole story; `ordered` when the provider reads its books in the order of the questions, so that the estimate must be exact.
///
/// # Errors
/// What did not hold, and at which step.
pub fn story(ops: &[Op], ordered: bool) -> Result<(), String> {
    let mut world = World::new(ordered);
    for (step, op) in ops.iter().enumerate() {
        world.play(*op).map_err(|why| format!("step {step}, {op:?}: {why}"))?;
    }
    world.quiet()
}
