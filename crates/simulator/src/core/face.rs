//! What tests and the control API read of the account and change about it. Must not decide anything.

use super::account::Books;
use super::charging::Charging;
use super::config::SimConfig;
use super::counters::Calls;
use super::credentials::Credentials;
use super::dlr::DlrPlan;
use super::inbound::InboundPlan;
use super::micros::Micros;
use super::model::Model;
use super::plan::{FaultPlan, Next};
use super::record::{Accepted, Duplicate};
use super::service::Service;
use super::variants::Variants;

/// What tests and the control API read and change.
impl Model {
    /// The latest instant the model has heard of.
    #[must_use]
    pub const fn now(&self) -> i64 {
        self.now
    }

    /// What the account really holds, with every movement by kind.
    #[must_use]
    pub const fn books(&self) -> Books {
        self.account.books()
    }

    /// Everything really accepted, in order.
    #[must_use]
    pub fn accepted(&self) -> &[Accepted] {
        self.record.accepted()
    }

    /// How many times `text` was really accepted for `number`.
    #[must_use]
    pub fn times_accepted(&self, number: &str, text: &str) -> u32 {
        self.record.times(number, text)
    }

    /// How many recipient-and-text pairs were accepted more than once.
    #[must_use]
    pub fn repeated(&self) -> usize {
        self.record.repeated()
    }

    /// At most `limit` recipient-and-text pairs that were accepted more than once.
    #[must_use]
    pub fn duplicates(&self, limit: usize) -> Vec<Duplicate> {
        self.record.duplicates(limit)
    }

    /// Counters of one service.
    #[must_use]
    pub fn calls(&self, service: Service) -> Calls {
        self.counters.of(service)
    }

    /// How many callers followed a redirect, which a client for this vendor must not.
    #[must_use]
    pub const fn redirects_followed(&self) -> u64 {
        self.redirects_followed
    }

    /// Notes that a caller followed a redirect.
    pub const fn note_redirect_followed(&mut self) {
        self.redirects_followed += 1;
    }

    /// The settings in force, except the faults.
    #[must_use]
    pub const fn config(&self) -> &SimConfig {
        &self.config
    }

    /// The faults still to come.
    #[must_use]
    pub fn faults(&self) -> &FaultPlan {
        self.faults.plan()
    }

    /// Adds to the credit.
    pub fn top_up(&mut self, now: i64, amount: Micros) {
        self.advance(now);
        self.account.top_up(amount.0);
    }

    /// Sets the credit that a balance call shows.
    pub fn set_credit(&mut self, now: i64, credit: Micros) {
        self.advance(now);
        self.account.set_credit(credit.0);
    }

    /// Somebody else spends once. Returns what was really taken.
    pub fn spend_by_others(&mut self, now: i64, amount: Micros) -> Micros {
        self.advance(now);
        Micros(self.account.spend_by_others(amount.0))
    }

    /// Puts another plan of faults in force; its windows count from `now`.
    pub fn set_faults(&mut self, now: i64, plan: FaultPlan) {
        self.advance(now);
        self.faults.replace(plan, self.now);
    }

    /// Adds a fault for the next calls.
    pub fn add_next(&mut self, next: Next) {
        self.faults.add_next(next);
    }

    /// Changes how answers look.
    pub const fn set_variants(&mut self, variants: Variants) {
        self.config.variants = variants;
    }

    /// Changes when money moves; charges already promised keep their instants.
    pub fn set_charging(&mut self, now: i64, charging: Charging) {
        self.advance(now);
        self.config.charging = charging;
        self.schedule_others();
    }

    /// Changes the delivery reports of messages accepted from now on.
    pub fn set_dlr(&mut self, dlr: DlrPlan) {
        self.config.dlr = dlr;
    }

    /// Changes where messages from phones go.
    pub fn set_inbound(&mut self, inbound: InboundPlan) {
        self.config.inbound = inbound;
    }

    /// Changes who may call.
    pub fn set_credentials(&mut self, credentials: Credentials) {
        self.config.credentials = credentials;
    }
}
