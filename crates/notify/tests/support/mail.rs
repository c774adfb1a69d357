//! A mail channel to a server of the tests, and one letter.
//!
//! Knows nothing of: how letters are handed over.

use salio_notify::{Attempt, Letter, Mail, MailSettings, MailTls, Notifier, Secret};

use super::smtp::{Act, MailServer, Speech, Step};
use super::{AT, HASTY, NAME, in_time, notifier};

pub const USER: &str = "made-up-user";
pub const PASSWORD: &str = "made-up-password";
/// `\0made-up-user\0made-up-password`
pub const LOGIN: &str = "AUTH PLAIN AG1hZGUtdXAtdXNlcgBtYWRlLXVwLXBhc3N3b3Jk";

pub fn settings(port: u16, tls: MailTls) -> MailSettings {
    MailSettings {
        host: NAME.to_owned(),
        port: Some(port),
        tls,
        user: Some(USER.to_owned()),
        password: Some(Secret::from(PASSWORD)),
        from: "Salio <salio@example.com>".to_owned(),
        to: vec!["ops@example.com".to_owned(), "Duty <duty@example.com>".to_owned()],
    }
}

pub fn mail(port: u16, tls: MailTls) -> Mail {
    Mail::new(settings(port, tls)).expect("a channel")
}

pub fn letter() -> Letter {
    Letter { id: "ntf_1".to_owned(), at: AT, subject: "onfon is low".to_owned(), body: "412.5 units are left.\n.\nTop up now.\n".to_owned() }
}

pub async fn send(notifier: &Notifier, mail: &Mail) -> Attempt {
    let attempt = in_time(notifier.letter(mail, &letter())).await;
    let shown = format!("{attempt:?} {}", attempt.outcome);
    assert!(![PASSWORD, "AG1hZGU"].iter().any(|secret| shown.contains(secret)), "{shown}");
    attempt
}

/// What came of a letter in the clear to a server that does so at that step.
pub async fn odd(step: Step, act: Act) -> (Attempt, MailServer) {
    let server = MailServer::start(Speech::Plain, vec![(step, act)]).await;
    let attempt = send(&notifier(HASTY), &mail(server.port, MailTls::None)).await;
    (attempt, server)
}

pub fn say(text: &str) -> Act {
    Act::Say(format!("{text}\r\n"))
}
