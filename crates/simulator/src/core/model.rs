//! The account in time: what happened, what is still to happen, and the settings that may change meanwhile.

use super::account::SimAccount;
use super::charging::OtherSpender;
use super::config::SimConfig;
use super::counters::Counters;
use super::dice::Dice;
use super::dlr::Report;
use super::fault::Fault;
use super::plan::Faults;
use super::record::Record;
use super::service::Service;
use super::timeline::{Event, Timeline, after_ms};
use super::variants::Variants;

/// A simulated account at the vendor.
#[derive(Debug)]
pub struct Model {
    pub(super) now: i64,
    pub(super) config: SimConfig,
    pub(super) account: SimAccount,
    pub(super) record: Record,
    pub(super) timeline: Timeline,
    pub(super) faults: Faults,
    pub(super) counters: Counters,
    pub(super) ids: Dice,
    pub(super) forms: Dice,
    pub(super) fates: Dice,
    pub(super) habits: Dice,
    pub(super) due_reports: Vec<Report>,
    pub(super) reports_first: Vec<Report>,
    pub(super) last_figure: Option<i64>,
    others_no: u64,
    pub(super) redirects_followed: u64,
    pub(super) received: u64,
}

/// A call that was counted, with the fault that it will meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// Its number, from 1.
    pub call_no: u64,
    /// The service called.
    pub service: Service,
    /// When it arrived.
    pub at: i64,
    /// What will go wrong.
    pub fault: Fault,
    /// The forms of its answer.
    pub variants: Variants,
    /// How long its answer takes besides the fault.
    pub latency_ms: u64,
}

impl Model {
    /// An account that begins at `now`.
    #[must_use]
    pub fn new(config: SimConfig, now: i64) -> Self {
        let mut model = Self {
            now,
            account: SimAccount::new(config.credit.0),
            record: Record::default(),
            timeline: Timeline::default(),
            faults: Faults::new(config.faults.clone(), now, config.seed),
            counters: Counters::new(),
            ids: Dice::new(config.seed, 2),
            forms: Dice::new(config.seed, 3),
            fates: Dice::new(config.seed, 4),
            habits: Dice::new(config.seed, 5),
            due_reports: Vec::new(),
            reports_first: Vec::new(),
            last_figure: None,
            others_no: 0,
            redirects_followed: 0,
            received: 0,
            config,
        };
        for top_up in &model.config.top_ups {
            model.timeline.add(after_ms(now, top_up.after_ms), Event::TopUp(top_up.units.0));
        }
        model.schedule_others();
        model
    }

    /// Counts a call to `service` and decides what goes wrong with it. Every call starts here.
    pub fn begin(&mut self, now: i64, service: Service) -> Begun {
        self.advance(now);
        let (call_no, in_second) = self.counters.note(self.now, service);
        let fault = self.faults.decide(self.now, service, in_second);
        if !fault.is_none() {
            self.counters.note_fault(service);
        }
        let variants = self.config.variants.for_call(&mut self.forms);
        Begun { call_no, service, at: self.now, fault, variants, latency_ms: self.faults.latency_ms() }
    }

    /// The fault that a call to `service` at `now` meets; [`Model::begin`] without the rest. It counts the call.
    pub fn decide_fault(&mut self, now: i64, service: Service) -> Fault {
        self.begin(now, service).fault
    }

    /// Lets everything happen that was due at `now` or before. Time never runs back: an earlier `now` changes nothing.
    pub fn advance(&mut self, now: i64) {
        self.now = self.now.max(now);
        while let Some((at, event)) = self.timeline.pop_due(self.now) {
            self.happen(at, event);
        }
    }

    /// When something will next happen by itself.
    #[must_use]
    pub fn next_due(&self) -> Option<i64> {
        self.timeline.next_at()
    }

    /// The delivery reports that have become due.
    pub fn take_reports(&mut self) -> Vec<Report> {
        std::mem::take(&mut self.due_reports)
    }

    /// After a structured [`Model::submit`]: the reports that overtake its answer.
    pub fn take_reports_first(&mut self) -> Vec<Report> {
        std::mem::take(&mut self.reports_first)
    }

    fn happen(&mut self, at: i64, event: Event) {
        match event {
            Event::Charge(amount) => self.account.take(amount),
            Event::TopUp(amount) => self.account.top_up(amount),
            Event::Others { settings_no } => self.others_spend(at, settings_no),
            Event::LateSubmission { request, call_no } => self.accept_late(at, &request, call_no),
            Event::Report(report) => self.due_reports.push(*report),
        }
    }

    fn others_spend(&mut self, at: i64, settings_no: u64) {
        let Some(OtherSpender { units, every_ms }) = self.config.charging.other_spender.filter(|_| settings_no == self.others_no) else { return };
        self.account.spend_by_others(units.0);
        self.timeline.add(after_ms(at, every_ms.max(1)), Event::Others { settings_no });
    }

    pub(super) fn schedule_others(&mut self) {
        self.others_no += 1;
        if let Some(spender) = self.config.charging.other_spender {
            self.timeline.add(after_ms(self.now, spender.every_ms), Event::Others { settings_no: self.others_no });
        }
    }
}
