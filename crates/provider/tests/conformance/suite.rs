//! The requirements, in words of the domain alone.
//!
//! Knows nothing of: any vendor's words. A bench translates.

use std::sync::Arc;
use std::time::Duration;

use salio_domain::outbox::{RecipientOutcome, RefusalClass, SubmitOutcome};
use salio_provider::{BalanceAnswer, BalanceError, Provider, Recipient, SubmitRequest};

use crate::support::Reaction::{self, Answer, CloseAfterReading, KeepOpen, ResetAfter, ResetAtOnce, Stall};
use crate::support::{DEADLINE, HASTY, PATIENT, Vendor, doubt, http, nowhere, promising, request, submit};

/// A vendor's side of the suite.
pub trait Bench: Sync {
    /// A driver for a vendor at `url`.
    fn driver(&self, url: &str, timeout: Duration) -> Arc<dyn Provider>;
    /// A body that says the balance.
    fn balance(&self, figure: &str) -> String;
    /// A body that accepts each recipient under the name `id-NUMBER`.
    fn accepted(&self, recipients: &[Recipient]) -> String;
    /// A body that refuses a call because the credit is used up, with these words.
    fn out_of_credit(&self, words: &str) -> String;
    /// A body that lists these messages: name, number, text.
    fn listed(&self, rows: &[[&str; 3]]) -> String;
    /// A body that refuses the credentials.
    fn wrong_credentials(&self) -> String;
    /// What the driver was given and must not give back.
    fn secrets(&self) -> Vec<&'static str>;
}

async fn with(bench: &dyn Bench, reaction: Reaction, timeout: Duration) -> (Vendor, Arc<dyn Provider>) {
    let vendor = Vendor::always(reaction).await;
    let driver = bench.driver(&vendor.url(), timeout);
    (vendor, driver)
}

async fn ask(driver: &dyn Provider) -> Result<BalanceAnswer, BalanceError> {
    tokio::time::timeout(DEADLINE, driver.fetch_balance()).await.expect("an answer in time")
}

fn not_sent(outcome: &SubmitOutcome) -> &str {
    match &outcome.recipients[..] {
        [RecipientOutcome::NotSent { reason }, rest @ ..] if rest.iter().all(|other| *other == outcome.recipients[0]) => reason,
        other => panic!("not certain: {other:?}"),
    }
}

fn assert_accepted(outcome: &SubmitOutcome, request: &SubmitRequest) {
    for (outcome, recipient) in outcome.recipients.iter().zip(&request.recipients) {
        let expected = RecipientOutcome::Submitted { provider_message_id: format!("id-{}", recipient.to) };
        assert_eq!(*outcome, expected);
    }
}

/// Every fault after the connection stood: doubt for all, exactly one request, and a balance error of the code given.
async fn assert_doubt(bench: &dyn Bench, reaction: Reaction, timeout: Duration, reason: &str, code: &str) {
    let (vendor, driver) = with(bench, reaction.clone(), timeout).await;
    assert_eq!(doubt(&submit(&*driver, &request()).await), reason, "{reaction:.80?}");
    assert!(vendor.requests().len() <= 1, "sent {} times after {reaction:.80?}", vendor.requests().len());
    let (vendor, driver) = with(bench, reaction.clone(), timeout).await;
    let error = ask(&*driver).await.expect_err("no figure");
    assert_eq!((error.code, error.credentials, error.timed_out), (code, false, code == "timeout"), "{reaction:.80?} {error:?}");
    assert!(vendor.requests().len() <= 1, "asked {} times after {reaction:.80?}", vendor.requests().len());
}

pub async fn a_figure_is_read_exactly(bench: &dyn Bench) {
    for (figure, micros) in [("11378.67", 11_378_670_000), ("0", 0), ("-0.000001", -1)] {
        let (_vendor, driver) = with(bench, Answer(http(200, &bench.balance(figure))), PATIENT).await;
        assert_eq!(ask(&*driver).await.expect("a figure").units.micros(), micros, "{figure}");
    }
}

pub async fn acceptance_names_each_message(bench: &dyn Bench) {
    let request = request();
    let (vendor, driver) = with(bench, Answer(http(200, &bench.accepted(&request.recipients))), PATIENT).await;
    assert_accepted(&submit(&*driver, &request).await, &request);
    assert_eq!(vendor.requests().len(), 1);
}

pub async fn a_refusal_for_lack_of_credit_waits_for_a_top_up(bench: &dyn Bench) {
    let (_vendor, driver) = with(bench, Answer(http(200, &bench.out_of_credit("made-up words"))), PATIENT).await;
    for outcome in submit(&*driver, &request()).await.recipients {
        let RecipientOutcome::Rejected(refusal) = outcome else { panic!("no refusal: {outcome:?}") };
        assert_eq!((refusal.code.as_str(), refusal.class, refusal.stops_account), ("out_of_credit", RefusalClass::AfterTopUp, true));
        assert!(refusal.text.contains("made-up words"), "{refusal:?}");
    }
}

pub async fn wrong_credentials_stop_the_account(bench: &dyn Bench) {
    let (_vendor, driver) = with(bench, Answer(http(200, &bench.wrong_credentials())), PATIENT).await;
    for outcome in submit(&*driver, &request()).await.recipients {
        let RecipientOutcome::Rejected(refusal) = outcome else { panic!("no refusal: {outcome:?}") };
        assert_eq!((refusal.code.as_str(), refusal.class, refusal.stops_account), ("credentials_refused", RefusalClass::AfterFix, true));
    }
    let error = ask(&*driver).await.expect_err("no figure");
    assert_eq!((error.code, error.credentials), ("credentials_refused", true));
}

pub async fn no_connection_is_certainly_not_sent(bench: &dyn Bench) {
    let driver = bench.driver(&nowhere().await, PATIENT);
    assert_eq!(not_sent(&submit(&*driver, &request()).await), "connect_failed");
    assert_eq!(ask(&*driver).await.expect_err("no figure").code, "unreachable");
}

pub async fn an_unknown_host_is_certainly_not_sent(bench: &dyn Bench) {
    // `.invalid` never resolves (RFC 6761).
    let driver = bench.driver("http://made-up-vendor.invalid", PATIENT);
    assert_eq!(not_sent(&submit(&*driver, &request()).await), "dns_failed");
    assert_eq!(ask(&*driver).await.expect_err("no figure").code, "unreachable");
}

pub async fn garbage_instead_of_tls_is_certainly_not_sent(bench: &dyn Bench) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    let server = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            use tokio::io::AsyncWriteExt;
            let _ = stream.write_all(b"HTTP/1.1 400 This is no TLS\r\n\r\n").await;
            let _ = stream.shutdown().await;
            let mut rest = Vec::new();
            let _ = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut rest).await;
        }
    });
    let driver = bench.driver(&url, PATIENT);
    assert_eq!(not_sent(&submit(&*driver, &request()).await), "tls_failed");
    assert_eq!(ask(&*driver).await.expect_err("no figure").code, "unreachable");
    server.abort();
}

pub async fn silence_is_doubt(bench: &dyn Bench) {
    assert_doubt(bench, Stall(Vec::new()), HASTY, "timeout", "timeout").await;
}

pub async fn silence_in_the_middle_of_an_answer_is_doubt(bench: &dyn Bench) {
    let body = bench.accepted(&request().recipients);
    assert_doubt(bench, Stall(promising(200, body.len() + 1, &body)), HASTY, "timeout", "timeout").await;
}

pub async fn a_reset_before_reading_is_never_an_answer(bench: &dyn Bench) {
    // Whether the reset is met while connecting (certain) or while writing (doubt) is the system's affair. Nothing else may come of it.
    for _ in 0..20 {
        let (vendor, driver) = with(bench, ResetAtOnce, PATIENT).await;
        let outcome = submit(&*driver, &request()).await;
        match &outcome.recipients[0] {
            RecipientOutcome::NotSent { .. } => assert_eq!(not_sent(&outcome), "connect_failed"),
            _ => assert_eq!(doubt(&outcome), "connection_reset"),
        }
        let error = ask(&*driver).await.expect_err("no figure");
        assert!(matches!(error.code, "unreachable" | "connection_lost"), "{error:?}");
        assert!(vendor.requests().is_empty());
    }
}

pub async fn a_reset_is_doubt(bench: &dyn Bench) {
    assert_doubt(bench, ResetAfter(Vec::new()), PATIENT, "connection_reset", "connection_lost").await;
}

pub async fn a_wordless_close_is_doubt(bench: &dyn Bench) {
    assert_doubt(bench, CloseAfterReading, PATIENT, "connection_reset", "connection_lost").await;
}

pub async fn an_answer_cut_short_is_doubt(bench: &dyn Bench) {
    let body = bench.accepted(&request().recipients);
    assert_doubt(bench, Answer(promising(200, body.len() + 1, &body)), PATIENT, "unreadable_answer", "unreadable_answer").await;
    let half = &body[..body.len() / 2];
    assert_doubt(bench, Answer(http(200, half)), PATIENT, "unreadable_answer", "unreadable_answer").await;
    assert_doubt(bench, Answer(http(200, "")), PATIENT, "unreadable_answer", "unreadable_answer").await;
    let chunked = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n", body.len());
    assert_doubt(bench, Answer(chunked.into_bytes()), PATIENT, "unreadable_answer", "unreadable_answer").await;
}

pub async fn an_oversize_answer_is_doubt(bench: &dyn Bench) {
    let body = format!("{}{}", bench.accepted(&request().recipients), " ".repeat(salio_provider::http::MAX_BODY_BYTES));
    assert_doubt(bench, Answer(http(200, &body)), PATIENT, "unreadable_answer", "unreadable_answer").await;
}

pub async fn a_proxys_page_is_doubt(bench: &dyn Bench) {
    for (status, reason, code) in [(200, "unreadable_answer", "unreadable_answer"), (401, "http_status", "http_status"), (403, "http_status", "http_status")] {
        assert_doubt(bench, Answer(http(status, "<html><h1>A proxy</h1></html>")), PATIENT, reason, code).await;
    }
}

pub async fn a_busy_or_broken_server_is_doubt(bench: &dyn Bench) {
    for status in [429, 500, 502, 503, 504, 520, 524] {
        assert_doubt(bench, Answer(http(status, "")), PATIENT, "http_status", "http_status").await;
    }
    assert_doubt(bench, Answer(http(503, &bench.accepted(&request().recipients))), PATIENT, "http_status", "http_status").await;
}

pub async fn a_redirect_is_not_followed(bench: &dyn Bench) {
    let target = Vendor::always(Answer(http(200, &bench.accepted(&request().recipients)))).await;
    for status in [301, 302, 303, 307, 308] {
        let head = format!("HTTP/1.1 {status} Elsewhere\r\nLocation: {}/\r\nContent-Length: 0\r\n\r\n", target.url());
        assert_doubt(bench, Answer(head.into_bytes()), PATIENT, "http_status", "http_status").await;
    }
    assert!(target.requests().is_empty(), "a redirect was followed");
}

pub async fn nothing_is_sent_twice(bench: &dyn Bench) {
    let request = request();
    let good = http(200, &bench.accepted(&request.recipients));
    // The first call succeeds and leaves its connection open; the second goes out on it and meets each fault.
    for fault in [ResetAfter(Vec::new()), CloseAfterReading, ResetAfter(b"HTTP/1.1 200".to_vec())] {
        let vendor = Vendor::start(vec![KeepOpen(good.clone()), fault.clone(), KeepOpen(good.clone())]).await;
        let driver = bench.driver(&vendor.url(), PATIENT);
        assert_accepted(&submit(&*driver, &request).await, &request);
        assert_eq!(doubt(&submit(&*driver, &request).await), "connection_reset", "{fault:?}");
        assert_eq!(vendor.requests().len(), 2, "{fault:?}");
    }
}

pub async fn a_connection_that_died_while_idle_is_replaced(bench: &dyn Bench) {
    let request = request();
    let (vendor, driver) = with(bench, Answer(http(200, &bench.accepted(&request.recipients))), PATIENT).await;
    for turn in 1..=5 {
        assert_accepted(&submit(&*driver, &request).await, &request);
        // The vendor has closed: the next submission must not be lost on the old connection, nor be sent on two.
        vendor.closed(turn).await;
        assert_eq!(vendor.requests().len(), turn);
    }
}

pub async fn an_empty_submission_asks_nobody(bench: &dyn Bench) {
    let (vendor, driver) = with(bench, Answer(http(200, "")), PATIENT).await;
    let outcome = submit(&*driver, &SubmitRequest { recipients: Vec::new(), ..request() }).await;
    assert_eq!((outcome.recipients.len(), vendor.requests().len()), (0, 0));
}

pub async fn many_calls_at_once_keep_their_answers_apart(bench: &dyn Bench) {
    // The vendor accepts one number alone, so each of the other calls must see that its number is missing.
    let recipient = |to: String| Recipient { to, text: "hello".to_owned() };
    let only = recipient("254712340007".to_owned());
    let (vendor, driver) = with(bench, KeepOpen(http(200, &bench.accepted(std::slice::from_ref(&only)))), PATIENT).await;
    let calls = (0..20).map(|i| {
        let (driver, recipient) = (Arc::clone(&driver), recipient(format!("2547123400{i:02}")));
        tokio::spawn(async move { (recipient.to.clone(), submit(&*driver, &SubmitRequest { recipients: vec![recipient], ..request() }).await) })
    });
    for call in calls.collect::<Vec<_>>() {
        let (to, outcome) = call.await.expect("no panic");
        if to == only.to {
            let expected = RecipientOutcome::Submitted { provider_message_id: format!("id-{to}") };
            assert_eq!(outcome.recipients, [expected]);
        } else {
            assert_eq!(doubt(&outcome), "missing_row", "{to}");
        }
    }
    assert_eq!(vendor.requests().len(), 20);
}

pub async fn secrets_do_not_come_back(bench: &dyn Bench) {
    let echo = bench.secrets().join(" and ");
    for body in [bench.out_of_credit(&echo), echo.clone(), format!("<html>{echo}</html>")] {
        for status in [200, 403, 500] {
            let (_vendor, driver) = with(bench, Answer(http(status, &body)), PATIENT).await;
            let shown = format!("{:?} {:?}", submit(&*driver, &request()).await, ask(&*driver).await);
            for secret in bench.secrets() {
                assert!(!shown.contains(secret), "{status}: {shown}");
            }
            assert!(shown.contains("[hidden]"), "the answer must be kept for the operator: {shown}");
        }
    }
}
