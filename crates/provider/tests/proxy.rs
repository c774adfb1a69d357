//! Proxies of the environment are not used: they would see whom we write to, and would answer in the vendor's place.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use salio_provider::Provider;
use support::Reaction::Answer;
use support::{PATIENT, Vendor, http, nowhere, onfon};

const VARIABLES: [&str; 3] = ["http_proxy", "HTTP_PROXY", "ALL_PROXY"];
const AGAIN: &str = "SALIO_TEST_BEHIND_A_PROXY";

/// Runs itself again with a proxy at which nothing listens, for the environment of a running process must not be changed.
#[tokio::test]
async fn a_proxy_of_the_environment_is_not_used() {
    if std::env::var_os(AGAIN).is_some() {
        let vendor = Vendor::always(Answer(http(200, r#"{"ErrorCode":0,"Data":[{"Credits":"5"}]}"#))).await;
        let answer = onfon(&vendor.url(), PATIENT).fetch_balance().await.expect("a figure, past the proxy");
        assert_eq!((answer.units.micros(), vendor.requests().len()), (5_000_000, 1));
        return;
    }
    let proxy = nowhere().await;
    let again = std::process::Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "a_proxy_of_the_environment_is_not_used", "--nocapture"])
        .env(AGAIN, "1")
        .envs(VARIABLES.map(|variable| (variable, &proxy)))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .expect("a run");
    let printed = String::from_utf8_lossy(&again.stdout);
    assert!(again.status.success() && printed.contains("1 passed"), "{printed}{}", String::from_utf8_lossy(&again.stderr));
}
