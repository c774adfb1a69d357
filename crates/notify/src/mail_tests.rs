//! Settings that are taken or refused, and a letter to the byte.

use super::compose::compose;
use super::*;

fn settings() -> MailSettings {
    MailSettings {
        host: "smtp.example.com".to_owned(),
        port: None,
        tls: MailTls::StartTls,
        user: Some("made-up-user".to_owned()),
        password: Some(Secret::from("made-up-password")),
        from: "Salio <salio@example.com>".to_owned(),
        to: vec!["ops@example.com".to_owned()],
    }
}

#[test]
fn settings_are_looked_over() {
    type Change = fn(&mut MailSettings);
    let cases: &[(Change, Option<&str>)] = &[
        (|_| {}, None),
        (|s| s.host = "[::1]".to_owned(), None),
        (|s| s.host = "192.0.2.1".to_owned(), None),
        (|s| s.host = String::new(), Some("host")),
        (|s| s.host = "smtp.example.com:25".to_owned(), Some("host")),
        (|s| s.host = "a b".to_owned(), Some("host")),
        (|s| s.user = None, Some("user")),
        (|s| s.password = None, Some("password")),
        (|s| s.password = Some(Secret::from("made-up\0")), Some("password")),
        (|s| (s.user, s.password) = (None, Some(Secret::default())), None),
        (|s| s.from = "salio".to_owned(), Some("from")),
        (|s| s.from = "salio@example.com\r\nBcc: x@example.com".to_owned(), Some("from")),
        (|s| s.to = vec![], Some("to")),
        (|s| s.to = vec!["ops@example.com".to_owned(); 51], Some("to")),
        (|s| s.to.push("öps@example.com".to_owned()), Some("to")),
        (|s| s.to.push("ops@example.com> SIZE=1".to_owned()), Some("to")),
    ];
    for (at, (change, field)) in cases.iter().enumerate() {
        let mut settings = settings();
        change(&mut settings);
        let problem = Mail::new(settings).err();
        assert_eq!(problem.as_ref().map(|problem| problem.field), *field, "case {at}: {problem:?}");
        assert!(!problem.is_some_and(|problem| problem.to_string().contains("made-up")), "case {at}");
    }
}

#[test]
fn ports_and_words_follow_the_protection() {
    for (tls, word, port) in [(MailTls::StartTls, "starttls", 587), (MailTls::Implicit, "implicit", 465), (MailTls::None, "none", 25)] {
        assert_eq!((tls.as_str(), MailTls::from_word(word)), (word, Some(tls)));
        assert_eq!(Mail::new(MailSettings { tls, ..settings() }).unwrap().port, port);
    }
    assert_eq!(MailTls::from_word("ssl"), None);
    assert_eq!(Mail::new(MailSettings { port: Some(2525), ..settings() }).unwrap().port, 2525);
    let to = ["a", "b", "c", "d", "e"].map(|name| format!("{name}@example.com")).to_vec();
    assert_eq!(Mail::new(MailSettings { to, ..settings() }).unwrap().shown(), "a@example.com, b@example.com, c@example.com and 2 more");
}

#[test]
fn a_letter_to_the_byte() {
    let mail = Mail::new(MailSettings { to: vec!["ops@example.com".to_owned(), "Duty <duty@example.com>".to_owned()], ..settings() }).unwrap();
    let letter = Letter {
        id: "ntf_01hzy3q8k4w5t\r\n>".to_owned(),
        at: Timestamp::from_micros(1_795_000_000_123_456),
        subject: "onfon is low\r\nBcc: x@example.com".to_owned(),
        body: "412.5 units are left.\n.\nTop up €100.\n".to_owned(),
    };
    let text = String::from_utf8(compose(&mail, &letter).unwrap()).unwrap();
    assert!(text.is_ascii() && !text.replace("\r\n", "").contains(['\r', '\n']), "{text:?}");
    insta::assert_snapshot!(text.replace("\r\n", "\n"), @r"
    From: Salio <salio@example.com>
    Subject: onfon is low  Bcc: x@example.com
    Date: Wed, 18 Nov 2026 11:06:40 +0000
    Message-ID: <ntf_01hzy3q8k4w5t.salio@example.com>
    Auto-Submitted: auto-generated
    Content-Type: text/plain; charset=utf-8
    To: ops@example.com, Duty <duty@example.com>
    Content-Transfer-Encoding: quoted-printable

    412.5 units are left.
    .
    Top up =E2=82=AC100.
    ");
}
