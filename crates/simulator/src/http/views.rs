//! What the control API shows of the model. Must not change anything.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::core::{Accepted, Books, Calls, FaultPlan, Micros, Model, Service};

/// What became of delivery reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ReportsView {
    /// Requests made.
    pub sent: u64,
    /// Answered with success (and the right words, where the shape wants them).
    pub acknowledged: u64,
    /// Answered otherwise.
    pub refused: u64,
    /// Not answered.
    pub failed: u64,
}

/// The whole state at one instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StateView {
    /// What a balance call shows.
    pub credit: Micros,
    /// What will be left when pending charges have been taken.
    pub holds_after_pending: Micros,
    /// Every movement by kind.
    pub books: Books,
    /// Whether the books balance; false is a defect of the simulator.
    pub balanced: bool,
    /// Messages really accepted.
    pub accepted: usize,
    /// Recipient-and-text pairs accepted more than once.
    pub repeated: usize,
    /// Calls by service.
    pub calls: BTreeMap<&'static str, Calls>,
    /// Callers that followed a redirect.
    pub redirects_followed: u64,
    /// Delivery reports.
    pub reports: ReportsView,
    /// Messages from phones.
    pub inbound: ReportsView,
    /// Faults in force and to come.
    pub faults: FaultPlan,
    /// The seed.
    pub seed: u64,
    /// The instant of this view, in microseconds since the epoch.
    pub now_us: i64,
}

/// One accepted message.
#[derive(Debug, Serialize)]
pub(super) struct AcceptedView<'a> {
    number: &'a str,
    text: &'a str,
    sender: &'a str,
    segments: u32,
    charge: Micros,
    message_id: &'a str,
    at_us: i64,
    call_no: u64,
    outcome: &'a str,
}

pub(super) fn state(model: &Model, reports: ReportsView, inbound: ReportsView) -> StateView {
    let books = model.books();
    StateView {
        credit: books.credit,
        holds_after_pending: books.holds_after_pending,
        books,
        balanced: books.balanced(),
        accepted: model.accepted().len(),
        repeated: model.repeated(),
        calls: Service::ALL.iter().map(|service| (service.name(), model.calls(*service))).collect(),
        redirects_followed: model.redirects_followed(),
        reports,
        inbound,
        faults: model.faults().clone(),
        seed: model.config().seed,
        now_us: model.now(),
    }
}

pub(super) fn accepted(message: &Accepted) -> AcceptedView<'_> {
    AcceptedView {
        number: &message.number,
        text: &message.text,
        sender: &message.sender,
        segments: message.segments,
        charge: Micros(message.charge),
        message_id: &message.message_id,
        at_us: message.at,
        call_no: message.call_no,
        outcome: &message.outcome,
    }
}
