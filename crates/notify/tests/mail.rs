//! Letters to a real mail server: plain, STARTTLS, TLS from the first byte; and servers that nothing is said to.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use std::sync::Arc;

use salio_notify::{Guard, Letter, Mail, MailSettings, MailTls, Notifier, Options, Outcome};
use support::mail::{LOGIN, letter, mail, odd, say, send, settings};
use support::smtp::{Act, MailServer, Speech, Step};
use support::{HASTY, Identity, PATIENT, not_sent, notifier, nowhere, taken, trusting};

#[tokio::test]
async fn a_letter_arrives_each_way() {
    let identity = Identity::made_up();
    let (starttls, implicit) = (Speech::StartTls(identity.acceptor()), Speech::Implicit(identity.acceptor()));
    for (speech, tls, protected) in [(Speech::Plain, MailTls::None, false), (starttls, MailTls::StartTls, true), (implicit, MailTls::Implicit, true)] {
        let server = MailServer::start(speech, vec![]).await;
        let attempt = send(&trusting(&identity, PATIENT), &mail(server.port, tls)).await;
        assert!(taken(&attempt) && attempt.status == Some(250), "{tls:?}: {attempt:?}");
        let [heard] = &server.heard()[..] else { panic!("{tls:?}: one connection") };
        assert_eq!(heard.tls, protected, "{tls:?}");
        let hello = "EHLO [127.0.0.1]";
        let mut expected = vec![hello, LOGIN, "MAIL FROM:<salio@example.com>", "RCPT TO:<ops@example.com>", "RCPT TO:<duty@example.com>", "DATA", "QUIT"];
        if tls == MailTls::StartTls {
            expected.splice(0..0, [hello, "STARTTLS"]);
        }
        assert_eq!(heard.lines, expected, "{tls:?}");
        let [letter] = &heard.letters[..] else { panic!("{tls:?}: one letter") };
        assert!(letter.contains("Subject: onfon is low\r\n") && letter.ends_with("412.5 units are left.\r\n.\r\nTop up now.\r\n\r\n"), "{letter:?}");
        assert!(letter.contains("Message-ID: <ntf_1.salio@example.com>\r\n"), "{letter}");
    }
}

#[tokio::test]
async fn an_unverified_server_hears_nothing() {
    let (identity, other) = (Identity::made_up(), Identity::made_up());
    for (speech, tls) in [(Speech::StartTls(identity.acceptor()), MailTls::StartTls), (Speech::Implicit(identity.acceptor()), MailTls::Implicit)] {
        let server = MailServer::start(speech, vec![]).await;
        for notifier in [notifier(PATIENT), trusting(&other, PATIENT)] {
            let attempt = send(&notifier, &mail(server.port, tls)).await;
            assert!(not_sent(&attempt).is_ok_and(|detail| detail.contains("cannot be verified (TLS): ")), "{attempt:?}");
        }
        // A certificate for another name does not do either.
        let elsewhere = Mail::new(MailSettings { host: "127.0.0.1".to_owned(), ..settings(server.port, tls) }).expect("a channel");
        let attempt = send(&trusting(&identity, PATIENT), &elsewhere).await;
        assert!(not_sent(&attempt).is_ok_and(|detail| detail.contains("cannot be verified (TLS): ")), "{attempt:?}");
        assert!(server.heard().iter().all(|heard| !heard.lines.iter().any(|line| line.starts_with("AUTH") || line.starts_with("MAIL"))));
    }
}

/// Somebody on the way strips the offer, or speaks in the clear for the server: nothing is said to them.
#[tokio::test]
async fn starttls_is_not_to_be_talked_out_of() {
    let identity = Identity::made_up();
    let plan = "220 go on\r\n250 AUTH PLAIN\r\n235 ok\r\n250 ok\r\n250 ok\r\n250 ok\r\n354 go on\r\n250 taken\r\n";
    for (step, act, words) in [
        (Step::Hello, say("250 made-up.test"), "does not offer STARTTLS"),
        (Step::StartTls, Act::Say(plan.to_owned()), "spoke out of turn"),
        (Step::Greeting, Act::Say("220 hi\r\n250 STARTTLS\r\n".to_owned()), "spoke out of turn"),
        (Step::Greeting, Act::Babble, "does not stop talking"),
        (Step::Hello, Act::Close, "broke before TLS"),
        (Step::StartTls, Act::Stall, "did not answer in time"),
        (Step::Greeting, say("garbage"), "no reply"),
        (Step::StartTls, say("250 odd"), "no reply"),
    ] {
        let server = MailServer::start(Speech::StartTls(identity.acceptor()), vec![(step, act)]).await;
        let attempt = send(&trusting(&identity, HASTY), &mail(server.port, MailTls::StartTls)).await;
        assert!(not_sent(&attempt).is_ok_and(|detail| detail.contains(words)), "{step:?}: {attempt:?}");
        assert!(server.heard().iter().all(|heard| !heard.tls && heard.lines.iter().all(|line| line.starts_with("EHLO") || line == "STARTTLS")), "{step:?}");
    }
    let server = MailServer::start(Speech::StartTls(identity.acceptor()), vec![(Step::StartTls, say("454 not now"))]).await;
    let attempt = send(&trusting(&identity, HASTY), &mail(server.port, MailTls::StartTls)).await;
    assert_eq!(attempt.outcome, Outcome::Refused { permanent: false, detail: "STARTTLS was refused (454)".to_owned() });
}

#[tokio::test]
async fn logging_in_takes_what_the_server_offers() {
    let (user, password) = ("bWFkZS11cC11c2Vy", "bWFkZS11cC1wYXNzd29yZA==");
    let server = MailServer::start(Speech::Plain, vec![(Step::Hello, say("250 AUTH LOGIN"))]).await;
    assert!(taken(&send(&notifier(PATIENT), &mail(server.port, MailTls::None)).await));
    assert_eq!(server.heard()[0].lines[1..4], ["AUTH LOGIN", user, password]);
    for offer in ["250 AUTH CRAM-MD5", "250 8BITMIME"] {
        let (attempt, server) = odd(Step::Hello, say(offer)).await;
        assert_eq!(not_sent(&attempt), Ok("logging in: the server does not offer a way that both know"));
        assert_eq!(server.heard()[0].lines.len(), 1, "{offer}");
    }
    let server = MailServer::start(Speech::Plain, vec![]).await;
    let open = Mail::new(MailSettings { user: None, password: None, ..settings(server.port, MailTls::None) }).expect("a channel");
    assert!(taken(&send(&notifier(PATIENT), &open).await));
    assert!(!server.heard()[0].lines.iter().any(|line| line.starts_with("AUTH")));
}

#[tokio::test]
async fn nobody_there_and_nobody_allowed() {
    let attempt = send(&notifier(HASTY), &mail(nowhere().await, MailTls::None)).await;
    assert!(not_sent(&attempt).is_ok_and(|detail| detail.starts_with("no connection to the mail server")), "{attempt:?}");

    let server = MailServer::start(Speech::Plain, vec![]).await;
    let strict = Notifier::new(Options { timeout: HASTY, ..Options::default() }).expect("a notifier");
    for host in ["127.0.0.1", "localhost", "[::1]", "::ffff:127.0.0.1", "10.0.0.1", "169.254.169.254", "0.0.0.0"] {
        for tls in MailTls::ALL {
            let mail = Mail::new(MailSettings { host: host.to_owned(), ..settings(server.port, *tls) }).expect("a channel");
            let attempt = send(&strict, &mail).await;
            assert!(not_sent(&attempt).is_ok_and(|detail| detail.contains("private or reserved")), "{host}: {attempt:?}");
        }
    }
    assert!(server.heard().is_empty(), "a forbidden server was connected to");
}

/// In the clear to this machine alone, however much is allowed.
#[tokio::test]
async fn without_tls_nothing_leaves_this_machine() {
    let lax = Notifier::new(Options { guard: Guard::new(true, vec!["0.0.0.0/0".parse().expect("a network")]), extra_roots: None, timeout: HASTY }).expect("a notifier");
    for host in ["10.0.0.1", "192.0.2.1", "8.8.8.8"] {
        let mail = Mail::new(MailSettings { host: host.to_owned(), ..settings(25, MailTls::None) }).expect("a channel");
        let attempt = send(&lax, &mail).await;
        assert!(not_sent(&attempt).is_ok_and(|detail| detail.contains("only a server on this machine")), "{host}: {attempt:?}");
    }
}

#[tokio::test]
async fn letters_beside_each_other_do_not_mix() {
    let server = MailServer::start(Speech::Plain, vec![]).await;
    let (notifier, mail) = (Arc::new(notifier(PATIENT)), Arc::new(mail(server.port, MailTls::None)));
    let sends: Vec<_> = (0..8)
        .map(|number| {
            let (notifier, mail) = (Arc::clone(&notifier), Arc::clone(&mail));
            tokio::spawn(async move { notifier.letter(&mail, &Letter { id: format!("ntf_{number}"), ..letter() }).await })
        })
        .collect();
    for send in sends {
        assert!(taken(&send.await.expect("an end")));
    }
    let heard = server.heard();
    let ids = (0..8).filter(|number| heard.iter().any(|heard| heard.letters.len() == 1 && heard.letters[0].contains(&format!("<ntf_{number}.salio@")))).count();
    assert_eq!((heard.len(), ids), (8, 8));
}
