//! Everything that is logged at `trace`, by this crate and by all that is below it, while secrets go over the wire and come back: none of it shows them.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use salio_notify::{Channel, Chat, Event, Letter, Mail, MailSettings, MailTls, Method, Notice, Ntfy, Ping, Secret, Slack, Telegram, Webhook};
use support::http::{Odd, Receiver, odd, over_tls};
use support::smtp::{Act, MailServer, Speech, Step};
use support::{AT, Captured, HASTY, Identity, NAME, in_time, nowhere, trusting};

const WEB: [&str; 7] = ["made-up-h00k", "made-up-qu3ry", "made-up_b0t", "tk_made-up1", "made-up-t0pic", "made-up-ch3ck", "AAECAwQ"];
/// The password, and the login in base64.
const MAIL: [&str; 3] = ["made-up-password", "bWFkZS11c", "AG1hZGUtdXA"];

fn channels(base: &str) -> Vec<Channel> {
    let url = |path: &str| Secret::new(format!("{base}{path}"));
    vec![
        Channel::Slack(Slack::new(&url("/services/made-up-h00k?token=made-up-qu3ry")).expect("a channel")),
        Channel::Telegram(Telegram::new(Secret::from("123456:made-up_b0t"), "1", Some(base)).expect("a channel")),
        Channel::Ntfy(Ntfy::new(base, Secret::from("made-up-t0pic"), Some(Secret::from("tk_made-up1")), vec![]).expect("a channel")),
        Channel::Webhook(Webhook::new(&url("/made-up-h00k?token=made-up-qu3ry"), &[Secret::from("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")]).expect("a channel")),
    ]
}

fn mail(port: u16, tls: MailTls) -> Channel {
    let settings = MailSettings {
        host: NAME.to_owned(),
        port: Some(port),
        tls,
        user: Some("made-up-user".to_owned()),
        password: Some(Secret::from("made-up-password")),
        from: "salio@example.com".to_owned(),
        to: vec!["ops@example.com".to_owned()],
    };
    // What a channel is made from hides its password, too.
    assert!(!format!("{settings:?}").contains("made-up-password"));
    Channel::Mail(Box::new(Mail::new(settings).expect("a channel")))
}

fn notice(channel: &Channel) -> Notice {
    match channel {
        Channel::Mail(_) => Notice::Letter(Letter { id: "ntf_1".to_owned(), at: AT, subject: "s".to_owned(), body: "b".to_owned() }),
        Channel::Webhook(_) => Notice::Event(Event { id: "evt_1".to_owned(), at: AT, body: b"{}".to_vec() }),
        _ => Notice::Chat(Chat { title: "t".to_owned(), body: "b".to_owned(), critical: true }),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_log_line_and_no_outcome_shows_a_secret() {
    let captured = Captured::default();
    let writer = captured.clone();
    tracing_subscriber::fmt().with_max_level(tracing_subscriber::filter::LevelFilter::TRACE).with_ansi(false).with_writer(move || writer.clone()).init();

    let identity = Identity::made_up();
    let notifier = trusting(&identity, HASTY);
    let (echo, mail_echo) = (WEB.join(" "), MAIL.join(" "));
    let (fine, angry) = (Receiver::ok().await, Receiver::start((400, &[], format!(r#"{{"description":"{echo}","error":"{echo}"}}"#))).await);
    let moved = Receiver::start((302, &[("location", "http://127.0.0.1:9/made-up-h00k")], echo.clone())).await;
    let mut bases = vec![fine.url(), angry.url(), moved.url(), format!("http://127.0.0.1:{}", nowhere().await)];
    for way in [Odd::Stall(Vec::new()), Odd::Reset, Odd::Answer(echo.clone().into_bytes())] {
        bases.push(format!("http://127.0.0.1:{}", odd(way).await));
    }
    bases.push(format!("https://{NAME}:{}", over_tls(identity.acceptor()).await));
    bases.push(format!("https://{NAME}:{}", over_tls(Identity::made_up().acceptor()).await));

    let mut all: Vec<Channel> = bases.iter().flat_map(|base| channels(base)).collect();
    let mut servers = Vec::new();
    for (speech, tls) in [(Speech::Plain, MailTls::None), (Speech::StartTls(identity.acceptor()), MailTls::StartTls), (Speech::Implicit(identity.acceptor()), MailTls::Implicit)] {
        for step in [Step::Quit, Step::Hello, Step::Auth, Step::From, Step::To("ops@"), Step::End] {
            let server = MailServer::start(speech.clone(), vec![(step, Act::Say(format!("550 {mail_echo}\r\n")))]).await;
            all.push(mail(server.port, tls));
            servers.push(server);
        }
    }
    let mut shown = String::new();
    for channel in &all {
        let attempt = in_time(notifier.send(channel, &notice(channel))).await;
        shown.push_str(&format!("{attempt:?} {} {channel:?} {}\n", attempt.outcome, channel.shown()));
    }
    for base in &bases {
        let ping = Ping::new(&Secret::new(format!("{base}/made-up-ch3ck?x=made-up-qu3ry")), Method::Get).expect("a ping");
        shown.push_str(&format!("{:?} {ping:?} {}\n", in_time(notifier.ping(&ping)).await, ping.shown()));
    }

    let log = captured.text();
    for needle in WEB.iter().chain(&MAIL) {
        assert!(!log.contains(*needle), "{needle} in the log:\n{}", log.lines().filter(|line| line.contains(*needle)).collect::<Vec<_>>().join("\n"));
        assert!(!shown.contains(*needle), "{needle} is shown:\n{}", shown.lines().filter(|line| line.contains(*needle)).collect::<Vec<_>>().join("\n"));
    }
    // The net must have been in the water.
    assert!(log.contains("TRACE hyper_util") && shown.contains("Taken") && shown.contains("Refused") && shown.contains("NotSent") && shown.contains("InDoubt"), "{shown}");
}
