//! The estimate under every interleaving: a property test, and the same property with mistakes planted.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::too_many_lines,
    reason = "a test that cannot go on fails, and prints what it measured"
)]

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use salio_domain::planted::{Mistake, plant};
use salio_tests::estimate::{Op, story};

fn accepted_only() -> impl Strategy<Value = Op> {
    prop_oneof![
        2 => (0_u32..30_000).prop_map(Op::Wait),
        3 => any::<u8>().prop_map(Op::Begin),
        3 => (any::<u16>(), prop_oneof![Just(0), any::<u16>()]).prop_map(|(first, second)| Op::Arrive(first, second)),
        2 => Just(Op::Ask),
        3 => (0_u8..4).prop_map(Op::Read),
        3 => (0_u8..4).prop_map(Op::Answer),
    ]
}

fn anything() -> impl Strategy<Value = Op> {
    prop_oneof![
        8 => accepted_only(),
        3 => any::<bool>().prop_map(|lost_answer| Op::End { lost_answer }),
        1 => any::<u8>().prop_map(Op::TopUp),
        1 => any::<u8>().prop_map(Op::Spend),
    ]
}

/// Everything but a lost answer and somebody else's money: submissions are accepted or refused, charged late and in two steps.
fn exact_story() -> impl Strategy<Value = Vec<Op>> {
    prop::collection::vec(prop_oneof![6 => accepted_only(), 3 => Just(Op::End { lost_answer: false })], 1..80)
}

fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 2000, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

#[test]
fn after_quiet_the_estimate_is_what_the_provider_holds_and_never_fresh_too_early() {
    runner(20_000).run(&prop::collection::vec(anything(), 1..80), |ops| story(&ops, false).map_err(TestCaseError::fail)).unwrap();
}

#[test]
fn with_nobody_else_on_the_account_the_estimate_is_exact_at_every_moment() {
    runner(10_000).run(&exact_story(), |ops| story(&ops, true).map_err(TestCaseError::fail)).unwrap();
}

/// Each mistake must be caught by the property; the shrunk story is printed for the curious.
#[test]
fn planted_mistakes_of_the_estimate_are_caught() {
    for mistake in [Mistake::TakeLateAnswer, Mistake::ForgetOverlapping, Mistake::ForgetVoid, Mistake::FreshTooEarly, Mistake::DropUncharged] {
        plant(Some(mistake));
        let exact = runner(2_000).run(&exact_story(), |ops| story(&ops, true).map_err(TestCaseError::fail));
        let general = runner(2_000).run(&prop::collection::vec(anything(), 1..80), |ops| story(&ops, false).map_err(TestCaseError::fail));
        plant(None);
        let caught = [exact, general].into_iter().find_map(Result::err);
        let Some(TestError::Fail(why, ops)) = caught else { panic!("{mistake:?} was not caught") };
        println!("{mistake:?} caught: {why} by {ops:?}");
    }
}
