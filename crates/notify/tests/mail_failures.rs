//! Every way in which a letter can go wrong, told apart by what is certain.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use salio_notify::{Attempt, MailTls, Outcome};
use support::mail::{mail, odd, say, send};
use support::smtp::{Act, MailServer, Speech, Step};
use support::{PATIENT, in_doubt, not_sent, notifier, taken};

#[tokio::test]
async fn refusals_say_who_refused_what() {
    for (step, reply, permanent, detail) in [
        (Step::Greeting, "554 No service here", true, "the greeting was refused (554: No service here)"),
        (Step::Greeting, "421 Too busy", false, "the greeting was refused (421: Too busy)"),
        (Step::Auth, "535 Sorry made-up-password", true, "user and password were refused (535)"),
        (Step::Auth, "454 Later", false, "user and password were refused (454)"),
        (Step::From, "550 5.7.1 Sender rejected", true, "the sender was refused (550: 5.7.1 Sender rejected)"),
        (Step::From, "451 Not with made-up-password", false, "the sender was refused (451: Not with …)"),
        (Step::Data, "554 No valid recipients", true, "the letter was refused (554: No valid recipients)"),
        (Step::End, "552 Mailbox full", true, "the letter was refused (552: Mailbox full)"),
        (Step::End, "451-Greylisted\r\n451 try again", false, "the letter was refused (451: Greylisted try again)"),
        (Step::End, "550 AG1hZGUtdXAtdXNlcgBtYWRlLXVwLXBhc3N3b3Jk", true, "the letter was refused (550)"),
    ] {
        let (attempt, _server) = odd(step, say(reply)).await;
        assert_eq!(attempt.outcome, Outcome::Refused { permanent, detail: detail.to_owned() }, "{step:?}");
        assert_eq!(attempt.status, reply[..3].parse().ok());
    }
}

#[tokio::test]
async fn refused_receivers_do_not_keep_the_others_from_theirs() {
    let (duty, ops) = (Step::To("duty@"), Step::To("ops@"));
    let server = MailServer::start(Speech::Plain, vec![(duty, say("550 5.1.1 User unknown"))]).await;
    let attempt = send(&notifier(PATIENT), &mail(server.port, MailTls::None)).await;
    assert_eq!(attempt.outcome, Outcome::Taken { note: Some("refused for duty@example.com (550: 5.1.1 User unknown)".to_owned()) });
    assert_eq!(server.heard()[0].letters.len(), 1);
    for (second, permanent, status) in [("550 User unknown", true, 550), ("450 Busy", false, 450)] {
        let server = MailServer::start(Speech::Plain, vec![(ops, say("550 User unknown")), (duty, say(second))]).await;
        let attempt = send(&notifier(PATIENT), &mail(server.port, MailTls::None)).await;
        assert!(
            matches!(&attempt.outcome, Outcome::Refused { permanent: told, detail } if *told == permanent && detail.contains("ops@") && detail.contains("duty@")),
            "{attempt:?}"
        );
        assert_eq!((attempt.status, server.heard()[0].letters.len()), (Some(status), 0));
    }
}

/// The same, for several cases at once, in order.
async fn odds(cases: Vec<(Step, Act)>) -> Vec<(Step, Attempt, usize)> {
    let tasks: Vec<_> = cases.into_iter().map(|(step, act)| tokio::spawn(async move { (step, odd(step, act).await) })).collect();
    let mut seen = Vec::new();
    for task in tasks {
        let (step, (attempt, server)) = task.await.expect("an end");
        seen.push((step, attempt, server.heard().iter().map(|heard| heard.letters.len()).sum()));
    }
    seen
}

/// Before the letter is handed over silence is certainty.
#[tokio::test]
async fn silence_before_the_letter_is_certain() {
    let mut cases = vec![(Step::Data, say("250 odd")), (Step::Auth, say("354 odd"))];
    for step in [Step::Greeting, Step::Hello, Step::Auth, Step::From, Step::To("ops@"), Step::Data] {
        cases.extend([Act::Stall, Act::Close, say("what?"), Act::Babble, Act::Say("250-without end\r\n".repeat(20_000))].map(|act| (step, act)));
    }
    for (step, attempt, letters) in odds(cases).await {
        assert!(not_sent(&attempt).is_ok() && letters == 0, "{step:?}: {attempt:?}");
    }
}

/// Afterwards it is doubt: also when the server closes in the middle, for it may have had more than it says.
#[tokio::test]
async fn silence_after_the_letter_is_doubt() {
    let mut cases = vec![(Step::Middle, Act::Close), (Step::Middle, Act::Stall)];
    cases.extend([Act::Stall, Act::Close, Act::Babble, say("what?"), say("354 odd"), Act::Say("250-without end\r\n".repeat(20_000))].map(|act| (Step::End, act)));
    for (step, attempt, letters) in odds(cases).await {
        assert!(in_doubt(&attempt).is_ok() && letters == usize::from(step == Step::End), "{step:?}: {attempt:?}");
    }
}

#[tokio::test]
async fn a_letter_that_was_taken_is_taken_whatever_the_farewell() {
    for (_, attempt, letters) in odds([Act::Close, Act::Stall, Act::Babble, say("500 no")].map(|act| (Step::Quit, act)).to_vec()).await {
        assert!(taken(&attempt) && letters == 1, "{attempt:?}");
    }
}
