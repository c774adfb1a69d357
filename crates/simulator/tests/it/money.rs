//! Money is neither made nor lost, whatever goes wrong and however late it moves.

use salio_simulator::Model;
use salio_simulator::core::{Answer, Micros, ONE_UNIT};

use crate::run::{HOUR, ask, config, model, submit, submit_json, text};

const STORM: &str = r#"{
    "seed": SEED, "credit": "300", "price": "0.7",
    "charging": {"charge_delay_ms": 700, "two_step": {"first_per_mille": 333, "delay_ms": 2500}, "other_spender": {"units": "1.3", "every_ms": 900}},
    "variants": {"mix": true, "out_of_credit": "row"},
    "top_ups": [{"after_ms": 4000, "units": "25"}, {"after_ms": 9000, "units": "0.000001"}],
    "dlr": {"enabled": true, "jitter_ms": 3000, "duplicate_per_mille": 200, "interim_per_mille": 300, "before_answer_per_mille": 100, "lost_per_mille": 50},
    "faults": {"jitter_ms": 40, "chances": [
        {"per_mille": 60, "fault": {"kind": "reset_after_effect"}},
        {"per_mille": 60, "fault": {"kind": "reset_before_effect"}},
        {"per_mille": 60, "fault": {"kind": "http_status", "code": 429, "effect": {"later_ms": 5000}}},
        {"per_mille": 60, "fault": {"kind": "partial_refusals", "per_mille": 500}},
        {"per_mille": 60, "fault": {"kind": "missing_rows", "at": "anywhere"}},
        {"per_mille": 60, "fault": {"kind": "reordered_rows"}},
        {"per_mille": 30, "fault": {"kind": "out_of_credit"}},
        {"per_mille": 30, "fault": {"kind": "bom"}}]}
}"#;

/// 300 calls, 50 ms apart. Returns the answers and checks the books after each.
fn storm(seed: u64) -> (Model, Vec<Answer>) {
    let mut model = model(&STORM.replace("SEED", &seed.to_string()));
    let mut answers = Vec::new();
    for step in 0..300_i64 {
        let now = step * 50_000;
        let number = format!("2547{:08}", step % 40);
        answers.push(if step % 5 == 0 { ask(&mut model, now) } else { submit(&mut model, now, &[(&number, "Karibu"), ("254711000000", &"x".repeat(161))]) });
        let books = model.books();
        assert!(books.balanced(), "step {step}: {books:?}");
        assert_eq!(books.holds_after_pending.0, books.credit.0 - books.pending.0);
    }
    (model, answers)
}

#[test]
fn late_and_two_step_charges_conserve_money() {
    for seed in 0..20 {
        let (mut model, _) = storm(seed);
        model.set_charging(model.now(), Default::default());
        model.advance(model.now() + HOUR);
        let books = model.books();
        let billed: i64 = model.accepted().iter().map(|message| message.charge).sum();
        assert!(billed > 0 && books.spent_by_others.0 > 0, "seed {seed}: something must move");
        assert_eq!(books.pending, Micros(0), "seed {seed}");
        assert_eq!(books.charged.0, billed, "seed {seed}: what was billed was charged, once");
        assert_eq!(books.topped_up.0, 25 * ONE_UNIT + 1, "seed {seed}");
        assert!(books.balanced() && books.credit.0 >= 0, "seed {seed}: {books:?}");
    }
}

#[test]
fn the_same_seed_replays_to_the_byte() {
    let (mut first, answers) = storm(42);
    let (mut second, again) = storm(42);
    assert_eq!(answers, again);
    assert_eq!(first.accepted(), second.accepted());
    assert_eq!(first.take_reports(), second.take_reports());
    let (_, other) = storm(43);
    assert_ne!(answers, other);
}

#[test]
fn a_charge_is_segments_times_price() {
    let mut model = model(r#"{"credit":"100","price":"0.7"}"#);
    submit(&mut model, 0, &[("254712345678", &"a".repeat(161)), ("254712345679", "ș")]);
    let charged: Vec<(u32, i64)> = model.accepted().iter().map(|message| (message.segments, message.charge)).collect();
    assert_eq!(charged, [(2, 1_400_000), (1, 700_000)]);
    assert!(text(&ask(&mut model, 0)).contains("\"Credits\":97.90}"));
}

#[test]
fn two_steps_show_in_the_balance_one_after_the_other() {
    let mut model = model(r#"{"credit":"100","price":"1","charging":{"charge_delay_ms":10,"two_step":{"first_per_mille":400,"delay_ms":20}}}"#);
    submit(&mut model, 0, &[("254712345678", "a")]);
    for (ms, figure) in [(9, "100.00"), (10, "99.60"), (29, "99.60"), (30, "99.00")] {
        assert!(text(&ask(&mut model, ms * 1000)).contains(&format!("\"Credits\":{figure}}}")), "after {ms} ms");
        assert_eq!(model.books().holds_after_pending, Micros(99 * ONE_UNIT));
    }
}

#[test]
fn an_empty_wallet_refuses_the_call_or_the_rows() {
    let rows = [("254712345678", "a"), ("254712345679", "b"), ("254712345680", "c")];
    let mut whole = model(r#"{"credit":"2"}"#);
    assert_eq!(submit_json(&mut whole, 0, &rows)["ErrorCode"], 21);
    assert_eq!((whole.accepted().len(), whole.books().credit), (0, Micros(2 * ONE_UNIT)));

    let mut by_row = model(r#"{"credit":"2","variants":{"out_of_credit":"row"}}"#);
    let answer = submit_json(&mut by_row, 0, &rows);
    let codes: Vec<i64> = answer["Data"].as_array().unwrap().iter().map(|row| row["MessageErrorCode"].as_i64().unwrap()).collect();
    assert_eq!((answer["ErrorCode"].as_i64(), codes), (Some(0), vec![0, 0, 403]));
    assert!(answer["Data"][2]["MessageErrorDescription"].as_str().unwrap().contains("ChargingError"));
    assert_eq!((by_row.accepted().len(), by_row.books().credit), (2, Micros(0)));
}

#[test]
fn late_charges_may_overdraw_only_when_the_shown_credit_counts() {
    let charging = |check: &str| format!(r#"{{"credit":"1","charging":{{"charge_delay_ms":1000,"credit_check":"{check}"}}}}"#);
    for (check, accepted, left) in [("free", 1, 0), ("shown", 2, -ONE_UNIT)] {
        let mut model = Model::new(config(&charging(check)), 0);
        submit(&mut model, 0, &[("254712345678", "a")]);
        submit(&mut model, 1, &[("254712345678", "b")]);
        model.advance(HOUR);
        assert_eq!((model.accepted().len(), model.books().credit), (accepted, Micros(left)), "{check}");
    }
}

#[test]
fn others_take_no_more_than_is_free() {
    let mut model = model(r#"{"credit":"2.5","charging":{"other_spender":{"units":"1","every_ms":1000}}}"#);
    model.advance(999_999);
    assert_eq!(model.books().spent_by_others, Micros(0));
    model.advance(HOUR);
    assert_eq!((model.books().spent_by_others, model.books().credit), (Micros(2_500_000), Micros(0)));
    model.top_up(HOUR, Micros(10 * ONE_UNIT));
    model.advance(HOUR + 1_000_000);
    assert_eq!(model.books().credit, Micros(9 * ONE_UNIT));
}

#[test]
fn corrections_and_top_ups_keep_the_books() {
    let mut model = model(r#"{"credit":"5","top_ups":[{"after_ms":10,"units":"500"}]}"#);
    model.set_credit(0, Micros(-ONE_UNIT));
    assert_eq!((model.books().adjusted, model.books().credit), (Micros(-6 * ONE_UNIT), Micros(-ONE_UNIT)));
    model.advance(10_000);
    assert_eq!(model.books().credit, Micros(499 * ONE_UNIT));
    assert_eq!(model.spend_by_others(10_000, Micros(9 * ONE_UNIT)), Micros(9 * ONE_UNIT));
    assert!(model.books().balanced());
}
