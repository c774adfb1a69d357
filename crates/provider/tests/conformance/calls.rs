//! What every driver must make of calls from its vendor: it never fails, and what it does not understand changes nothing.
//!
//! Knows nothing of: any vendor's shapes.

use std::sync::Arc;

use salio_domain::report::ReportOutcome;
use salio_provider::{Provider, RawCall};

use crate::suite::Bench;
use crate::support::{HASTY, nowhere};

async fn driver(bench: &dyn Bench) -> Arc<dyn Provider> {
    bench.driver(&nowhere().await, HASTY)
}

pub async fn a_call_that_says_nothing_is_kept_and_changes_nothing(bench: &dyn Bench) {
    let driver = driver(bench).await;
    for body in ["", "{}", "[]", "null", "<html></html>", "{\"a\":", "hello", "\u{feff}"] {
        let call = RawCall { query: &[], content_type: Some("application/json"), body: body.as_bytes() };
        let read = driver.read_reports(&call);
        assert_eq!(read.reports.len(), 1, "{body}");
        let report = &read.reports[0];
        assert_eq!((report.outcome, &report.provider_message_id, &report.number, &report.word), (ReportOutcome::Unmapped, &None, &None, &None), "{body}");
        assert!(!read.acknowledge.is_empty() && !driver.acknowledge_inbound(&call).is_empty());
        assert!(driver.read_inbound(&call).is_empty(), "{body}");
    }
}

pub async fn any_bytes_are_a_call(bench: &dyn Bench) {
    let driver = driver(bench).await;
    let mut seed = 0x5eed_u64;
    let mut byte = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        seed.to_be_bytes()[0]
    };
    for length in 0..5000_usize {
        let body: Vec<u8> = (0..length % 300).map(|_| byte()).collect();
        let text = String::from_utf8_lossy(&body).into_owned();
        let query = [(text.clone(), text.clone()), ("status".to_owned(), text)];
        let call = RawCall { query: &query, content_type: None, body: &body };
        assert!(!driver.read_reports(&call).reports.is_empty());
        for message in driver.read_inbound(&call) {
            assert!(message.text.len() <= 64 * 1024);
        }
    }
}
