//! Everything that is logged at `trace`, by the driver and by all that is below it, while secrets go over the wire and come back: none of it shows them.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use std::io::Write;
use std::sync::{Arc, Mutex};

use salio_provider::Provider;
use support::Reaction::{Answer, CloseAfterReading, KeepOpen, ResetAfter, Stall};
use support::{ACCESS_KEY, API_KEY, CLIENT_ID, HASTY, Vendor, http, look_up, nowhere, onfon, question, request, submit};

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("not poisoned").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_log_line_shows_a_secret_or_a_query() {
    let captured = Captured::default();
    let writer = captured.clone();
    tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false).with_writer(move || writer.clone()).init();

    let echo = format!(r#"{{"ErrorCode":12,"ErrorDescription":"{API_KEY} {CLIENT_ID} {ACCESS_KEY}","Data":"{API_KEY}"}}"#);
    let mut shown = String::new();
    for reaction in [
        KeepOpen(http(200, &echo)),
        Answer(http(302, &echo)),
        Answer(http(500, &format!("<html>{echo}"))),
        Answer(echo.clone().into_bytes()),
        ResetAfter(Vec::new()),
        CloseAfterReading,
        Stall(Vec::new()),
    ] {
        let vendor = Vendor::always(reaction).await;
        let driver = onfon(&vendor.url(), HASTY);
        for _ in 0..2 {
            shown.push_str(&format!("{:?}\n{:?}\n", submit(&driver, &request()).await, driver.fetch_balance().await));
            shown.push_str(&format!("{:?}\n{:?}\n", look_up(&driver, &question(&[])).await, look_up(&driver, &question(&["m-1"])).await));
        }
    }
    for url in [nowhere().await, nowhere().await.replace("http:", "https:"), "https://made-up-vendor.invalid".to_owned()] {
        let driver = onfon(&url, HASTY);
        shown.push_str(&format!("{:?}\n{:?}\n{:?}\n", submit(&driver, &request()).await, driver.fetch_balance().await, look_up(&driver, &question(&["m-1"])).await));
    }

    let log = String::from_utf8(captured.0.lock().expect("not poisoned").clone()).expect("text");
    for needle in [API_KEY, CLIENT_ID, ACCESS_KEY, "made-up%2B", "made-up%2b", "ApiKey=", "?ApiKey"] {
        assert!(!log.contains(needle), "{needle} in the log:\n{}", log.lines().filter(|line| line.contains(needle)).collect::<Vec<_>>().join("\n"));
        assert!(!shown.contains(needle), "{needle} in an outcome:\n{shown}");
    }
    // The net must have been in the water: the driver's own lines, and those of the HTTP client below.
    assert!(log.lines().any(|line| line.contains("salio_provider::onfon") && line.contains("provider=\"onfon\"")), "{log}");
    assert!(log.contains("TRACE hyper_util"), "{log}");
    assert!(shown.contains("[hidden]"), "{shown}");
}
