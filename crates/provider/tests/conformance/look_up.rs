//! What a driver that can look messages up must do. One that cannot says so each time.
//!
//! Knows nothing of: any vendor's words.

use salio_provider::LookUpError;

use crate::suite::Bench;
use crate::support::Reaction::{self, Answer, CloseAfterReading, ResetAfter, Stall};
use crate::support::{HASTY, PATIENT, Vendor, http, look_up, nowhere, promising, question};

pub async fn a_listed_message_is_found(bench: &dyn Bench) {
    let ask = question(&[]);
    let rows = [["m-1", ask.to.as_str(), ask.text.as_str()], ["m-2", "254700000009", ask.text.as_str()], ["m-3", ask.to.as_str(), "another"]];
    let vendor = Vendor::always(Answer(http(200, &bench.listed(&rows)))).await;
    let driver = bench.driver(&vendor.url(), PATIENT);
    match look_up(&*driver, &ask).await {
        Err(LookUpError::NotSupported) => assert!(vendor.requests().is_empty()),
        other => {
            let found = other.expect("rows");
            assert_eq!(found.iter().map(|row| row.provider_message_id.as_str()).collect::<Vec<_>>(), ["m-1"]);
            assert_eq!(look_up(&*driver, &question(&["m-3"])).await.expect("rows")[0].text, "another");
        }
    }
}

async fn assert_no_answer(bench: &dyn Bench, reaction: Reaction) {
    let timeout = if matches!(reaction, Stall(_)) { HASTY } else { PATIENT };
    for names in [&[][..], &["m-1"]] {
        let vendor = Vendor::always(reaction.clone()).await;
        let error = look_up(&*bench.driver(&vendor.url(), timeout), &question(names)).await.expect_err("nothing certain");
        assert!(vendor.requests().len() <= 1, "asked {} times after {reaction:.80?}", vendor.requests().len());
        assert!(!matches!(error, LookUpError::Failed { credentials: true, .. }), "{error:?}");
    }
}

pub async fn a_look_up_without_a_certain_answer_is_an_error(bench: &dyn Bench) {
    let ask = question(&[]);
    let body = bench.listed(&[["m-1", &ask.to, &ask.text]]);
    let target = Vendor::always(Answer(http(200, &body))).await;
    let oversize = format!("{body}{}", " ".repeat(salio_provider::http::MAX_BODY_BYTES));
    let redirect = format!("HTTP/1.1 302 Elsewhere\r\nLocation: {}/\r\nContent-Length: 0\r\n\r\n", target.url());
    let mut reactions = vec![Stall(Vec::new()), ResetAfter(Vec::new()), CloseAfterReading, Answer(promising(200, body.len() + 1, &body)), Answer(redirect.into_bytes())];
    reactions.extend([http(200, &body[..body.len() / 2]), http(200, ""), http(200, "<html></html>"), http(200, "null"), http(503, &body), http(200, &oversize)].map(Answer));
    for reaction in reactions {
        assert_no_answer(bench, reaction).await;
    }
    assert!(target.requests().is_empty(), "a redirect was followed");
    assert!(look_up(&*bench.driver(&nowhere().await, PATIENT), &ask).await.is_err());
}

pub async fn a_look_up_gives_no_secret_back(bench: &dyn Bench) {
    let echo = bench.secrets().join(" and ");
    let ask = question(&["m-1"]);
    for body in [bench.listed(&[["m-1", &ask.to, &echo]]), bench.out_of_credit(&echo), echo.clone()] {
        for status in [200, 403, 500] {
            let vendor = Vendor::always(Answer(http(status, &body))).await;
            let shown = format!("{:?}", look_up(&*bench.driver(&vendor.url(), PATIENT), &ask).await);
            for secret in bench.secrets() {
                assert!(!shown.contains(secret), "{status}: {shown}");
            }
        }
    }
}
