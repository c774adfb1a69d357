//! Events for programs: signed so that a receiver can tell, over TLS that is always verified, past proxies, and never followed elsewhere.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use std::time::Duration;

use salio_notify::{Attempt, Channel, Event, Notice, Notifier, Outcome, Secret, Signed, SigningSecret, Unverified, Webhook, verify};
use support::http::{Odd, Receiver, Seen, odd, over_tls};
use support::{AT, HASTY, Identity, NAME, PATIENT, in_doubt, in_time, not_sent, notifier, nowhere, taken, trusting};

const OLD: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const NEW: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const BODY: &[u8] = r#"{"type":"balance.low","data":{"account":"onfon","balance":"412.50","unit":"€"}}"#.as_bytes();

fn webhook(url: &str, secrets: &[&str]) -> Channel {
    let secrets: Vec<_> = secrets.iter().map(|secret| Secret::from(*secret)).collect();
    Channel::Webhook(Webhook::new(&Secret::from(url), &secrets).expect("a channel"))
}

async fn send(notifier: &Notifier, channel: &Channel) -> Attempt {
    let event = Notice::Event(Event { id: "evt_made-up".to_owned(), at: AT, body: BODY.to_vec() });
    let attempt = in_time(notifier.send(channel, &event)).await;
    let shown = format!("{attempt:?} {} {channel:?} {}", attempt.outcome, channel.shown());
    assert!(!shown.contains("made-up-path") && !shown.contains("AAECAwQ") && !shown.contains("MfKQ9"), "{shown}");
    attempt
}

fn signed(seen: &Seen) -> Signed {
    Signed { id: seen.header("webhook-id").to_owned(), timestamp: seen.header("webhook-timestamp").to_owned(), signature: seen.header("webhook-signature").to_owned() }
}

#[tokio::test]
async fn a_receiver_can_tell_who_sent_it() {
    for (given, held, signatures) in [(vec![OLD], OLD, 1), (vec![NEW, OLD], OLD, 2), (vec![NEW, OLD], NEW, 2)] {
        let receiver = Receiver::start((204, &[], String::new())).await;
        let attempt = send(&notifier(PATIENT), &webhook(&format!("{}/made-up-path?shop=1", receiver.url()), &given)).await;
        assert!(taken(&attempt) && attempt.status == Some(204), "{attempt:?}");
        let [seen] = &receiver.seen()[..] else { panic!("called once") };
        assert_eq!((seen.method.as_str(), seen.target.as_str(), seen.body.as_slice()), ("POST", "/made-up-path?shop=1", BODY));
        assert_eq!((seen.header("content-type"), seen.header("webhook-id"), seen.header("webhook-timestamp")), ("application/json", "evt_made-up", "1795000000"));
        let signed = signed(seen);
        assert_eq!(signed.signature.split(' ').count(), signatures);
        let secrets = [SigningSecret::parse(held).expect("a secret")];
        assert_eq!(verify(&secrets, &signed, &seen.body, AT), Ok(()));
        assert_eq!(verify(&secrets, &signed, b"{}", AT), Err(Unverified::Signature));
        assert!(seen.header("user-agent").starts_with("salio/"));
    }
}

#[tokio::test]
async fn only_gone_is_for_good() {
    let date = [("date", "Wed, 21 Oct 2026 07:28:00 GMT"), ("retry-after", "Wed, 21 Oct 2026 07:33:00 GMT")].as_slice();
    let date: &'static [(&str, &str)] = Box::leak(date.to_vec().into_boxed_slice());
    for (status, headers, permanent, wait) in [
        (410, &[] as &[_], true, None),
        (404, &[], false, None),
        (401, &[], false, None),
        (500, &[], false, None),
        (429, &[("retry-after", "120")], false, Some(120)),
        (503, date, false, Some(300)),
        (429, &[("retry-after", "soon")], false, None),
        (301, &[("location", "/elsewhere")], false, None),
        (307, &[("location", "/elsewhere")], false, None),
    ] {
        let receiver = Receiver::start((status, headers, "made-up-path whsec_AAECAwQ".to_owned())).await;
        let attempt = send(&notifier(PATIENT), &webhook(&receiver.url(), &[OLD])).await;
        assert!(matches!(attempt.outcome, Outcome::Refused { permanent: told, .. } if told == permanent), "{attempt:?}");
        assert_eq!((attempt.status, attempt.retry_after, receiver.seen().len()), (Some(status), wait.map(Duration::from_secs), 1));
    }
}

#[tokio::test]
async fn silence_is_doubt() {
    for way in [Odd::Stall(Vec::new()), Odd::Reset, Odd::Close] {
        let url = format!("http://127.0.0.1:{}/made-up-path", odd(way.clone()).await);
        let attempt = send(&notifier(HASTY), &webhook(&url, &[OLD])).await;
        assert!(in_doubt(&attempt).is_ok(), "{way:?}: {attempt:?}");
    }
    let attempt = send(&notifier(HASTY), &webhook(&format!("http://127.0.0.1:{}/made-up-path", nowhere().await), &[OLD])).await;
    assert!(not_sent(&attempt).is_ok(), "{attempt:?}");
}

#[tokio::test]
async fn a_private_authority_is_trusted_when_it_was_named() {
    let identity = Identity::made_up();
    let port = over_tls(identity.acceptor()).await;
    let named = webhook(&format!("https://{NAME}:{port}/made-up-path"), &[OLD]);
    assert!(taken(&send(&trusting(&identity, PATIENT), &named).await));
    for (notifier, channel) in [
        (notifier(PATIENT), &named),
        (trusting(&Identity::made_up(), PATIENT), &named),
        (trusting(&identity, PATIENT), &webhook(&format!("https://127.0.0.1:{port}/made-up-path"), &[OLD])),
    ] {
        let attempt = send(&notifier, channel).await;
        assert!(not_sent(&attempt).is_ok_and(|detail| detail.starts_with("it cannot be verified (TLS): ")), "{attempt:?}");
    }
}

#[tokio::test]
async fn an_id_that_cannot_be_signed_is_refused_before_anybody_is_called() {
    let receiver = Receiver::ok().await;
    let event = Notice::Event(Event { id: "evt.1".to_owned(), at: AT, body: BODY.to_vec() });
    let attempt = in_time(notifier(PATIENT).send(&webhook(&receiver.url(), &[OLD]), &event)).await;
    assert!(matches!(attempt.outcome, Outcome::Refused { permanent: true, .. }) && receiver.seen().is_empty(), "{attempt:?}");
}

#[test]
fn settings_are_looked_over() {
    let problem = |url: &str, secrets: &[&str]| {
        let secrets: Vec<_> = secrets.iter().map(|secret| Secret::from(*secret)).collect();
        Webhook::new(&Secret::from(url), &secrets).err().map(|problem| (problem.field, problem.to_string()))
    };
    for (url, secrets, field) in [
        ("made-up-path", vec![OLD], "url"),
        ("https://a:made-up-path@example.com", vec![OLD], "url"),
        ("https://example.com", vec![], "secrets"),
        ("https://example.com", vec!["made-up-path"], "secrets"),
        ("https://example.com", vec![OLD; 5], "secrets"),
    ] {
        let (told, words) = problem(url, &secrets).expect(url);
        assert!(told == field && !words.contains("made-up-path"), "{words}");
    }
    assert_eq!(problem("https://example.com", &[NEW, OLD]), None);
}

const VARIABLES: [&str; 4] = ["http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"];
const AGAIN: &str = "SALIO_TEST_BEHIND_A_PROXY";

/// Runs itself again with a proxy at which nothing listens, for the environment of a running process must not be changed.
#[tokio::test]
async fn a_proxy_of_the_environment_is_not_used() {
    if std::env::var_os(AGAIN).is_some() {
        let receiver = Receiver::ok().await;
        let attempt = send(&notifier(PATIENT), &webhook(&format!("http://{NAME}:{}", receiver.port), &[OLD])).await;
        assert!(taken(&attempt) && receiver.seen().len() == 1, "{attempt:?}");
        return;
    }
    let proxy = format!("http://127.0.0.1:{}", nowhere().await);
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
