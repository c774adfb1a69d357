//! How the provider misbehaves: everything that makes a doubt, and reports that come late, twice, out of order or before the answer.

use salio_simulator::SimHandle;
use salio_simulator::core::{Chance, Charging, DlrPlan, DlrShape, Effect, Fault, FaultPlan, Outcome, Service, StatusBody, TwoStep, Where};

/// Faults of all kinds, each rare.
pub fn storm(vendor: &SimHandle, round: u64, reports_to: &str) {
    let send = |per_mille, fault| Chance { service: Some(Service::SendBulkSMS), per_mille, fault };
    let status = |code, effect| Fault::HttpStatus { code, body: StatusBody::Html, effect, retry_after_s: None, error_code: None };
    let chances = vec![
        send(8, Fault::Stall { effect: Effect::Now }),
        send(8, Fault::Stall { effect: Effect::None }),
        send(10, Fault::ResetBeforeEffect {}),
        send(10, Fault::ResetAfterEffect {}),
        send(10, status(502, Effect::Now)),
        send(10, status(503, Effect::None)),
        send(10, Fault::MissingRows { count: 1, at: Where::Anywhere }),
        send(10, Fault::NoMessageId { per_mille: 300, form: salio_simulator::core::NoId::Empty }),
        send(10, Fault::Truncated { keep_per_mille: 600, cut_connection: true }),
        send(10, Fault::PartialRefusals { per_mille: 200, code: 401, text: "source_address filter mismatch".into() }),
        send(10, Fault::Latency { ms: 300, before_ms: 0 }),
        send(10, Fault::DuplicateIds {}),
        send(10, Fault::ReorderedRows {}),
        Chance { service: Some(Service::Balance), per_mille: 100, fault: status(500, Effect::None) },
    ];
    vendor.with(|model, now| {
        model.set_faults(now, FaultPlan { latency_ms: 2, jitter_ms: 30, chances, ..FaultPlan::default() });
        model.set_charging(now, Charging { charge_delay_ms: 50, two_step: Some(TwoStep { first_per_mille: 400, delay_ms: 300 }), ..Charging::default() });
        model.set_dlr(reports(round, reports_to));
    });
}

/// All shapes in turn.
fn reports(round: u64, to: &str) -> DlrPlan {
    let shapes = [DlrShape::S1, DlrShape::S2, DlrShape::S1Post, DlrShape::S3, DlrShape::S4, DlrShape::S2Json, DlrShape::S3Get];
    let at = usize::try_from(round).unwrap_or(0) % shapes.len();
    let word = |word: &str, per_mille, error_code: &str| Outcome { word: word.into(), per_mille, error_code: error_code.into() };
    DlrPlan {
        url: Some(to.to_owned()),
        shape: shapes[at],
        delay_ms: 30,
        jitter_ms: 1_200,
        outcomes: vec![word("UNDELIV", 100, "027"), word("DELIVRD", 900, "000")],
        interim_per_mille: 100,
        reordered_per_mille: 100,
        duplicate_per_mille: 150,
        before_answer_per_mille: 100,
        lost_per_mille: 150,
        retry_ms: 300,
        ..DlrPlan::default()
    }
}

/// Nothing goes wrong any more.
pub fn calm(vendor: &SimHandle) {
    vendor.with(|model, now| model.set_faults(now, FaultPlan::default()));
}
