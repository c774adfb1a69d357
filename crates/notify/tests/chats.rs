//! Slack, Telegram, ntfy and the ping against a real receiver: what arrives to the byte, and what each refusal comes to.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use std::time::Duration;

use salio_notify::{Attempt, Channel, Chat, Event, Letter, Method, Notice, Notifier, Ntfy, Outcome, Ping, Secret, Slack, Telegram};
use serde_json::json;
use support::http::{Odd, Receiver, Say, odd};
use support::{AT, HASTY, PATIENT, in_doubt, in_time, not_sent, notifier, nowhere, taken};

const TOKEN: &str = "123456:made-up_bot-token";
const NTFY_TOKEN: &str = "tk_m4de-up-token";
const TOPIC: &str = "made-up-topic";
const HOOK: &str = "/services/T0MADE/B0UP/made-up-hook";

fn slack(base: &str) -> Channel {
    Channel::Slack(Slack::new(&Secret::new(format!("{base}{HOOK}"))).expect("a channel"))
}

fn telegram(base: &str) -> Channel {
    Channel::Telegram(Telegram::new(Secret::from(TOKEN), "-1001234567890", Some(base)).expect("a channel"))
}

fn ntfy(base: &str) -> Channel {
    Channel::Ntfy(Ntfy::new(base, Secret::from(TOPIC), Some(Secret::from(NTFY_TOKEN)), vec!["moneybag".to_owned()]).expect("a channel"))
}

const KINDS: [fn(&str) -> Channel; 3] = [slack, telegram, ntfy];

fn chat() -> Chat {
    Chat { title: "onfon is <low>".to_owned(), body: "412.5 units & falling\nTop up €100".to_owned(), critical: false }
}

async fn send(notifier: &Notifier, channel: &Channel, chat: &Chat) -> Attempt {
    let attempt = in_time(notifier.send(channel, &Notice::Chat(chat.clone()))).await;
    let shown = format!("{attempt:?} {} {channel:?} {}", attempt.outcome, channel.shown());
    for secret in [TOKEN, "made-up_bot-token", NTFY_TOKEN, TOPIC, "T0MADE", "made-up-hook"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    attempt
}

#[tokio::test]
async fn what_arrives() {
    let critical = Chat { critical: true, ..chat() };
    let text = "onfon is <low>\n412.5 units & falling\nTop up €100";
    let escaped = "onfon is &lt;low&gt;\n412.5 units &amp; falling\nTop up €100";
    let to_telegram = |text: &str| json!({"chat_id": "-1001234567890", "text": text, "link_preview_options": {"is_disabled": true}});
    let to_ntfy =
        |priority: u8, tags: &[&str]| json!({"topic": TOPIC, "title": "onfon is <low>", "message": "412.5 units & falling\nTop up €100", "priority": priority, "tags": tags});
    let path = format!("/bot{TOKEN}/sendMessage");
    for (make, chat, target, body) in [
        (KINDS[0], chat(), HOOK, json!({"text": escaped})),
        (KINDS[0], critical.clone(), HOOK, json!({"text": format!("🔴 {escaped}")})),
        (KINDS[1], chat(), &path, to_telegram(text)),
        (KINDS[1], critical.clone(), &path, to_telegram(&format!("🔴 {text}"))),
        (KINDS[2], chat(), "/", to_ntfy(3, &["moneybag"])),
        (KINDS[2], critical.clone(), "/", to_ntfy(5, &["rotating_light", "moneybag"])),
    ] {
        let receiver = Receiver::ok().await;
        let channel = make(&receiver.url());
        let attempt = send(&notifier(PATIENT), &channel, &chat).await;
        assert!(taken(&attempt) && attempt.status == Some(200), "{attempt:?}");
        let [seen] = &receiver.seen()[..] else { panic!("asked once") };
        assert_eq!((seen.method.as_str(), seen.target.as_str(), seen.json()), ("POST", target, body));
        assert_eq!(seen.header("content-type"), "application/json");
        let login = if channel.kind() == "ntfy" { "Bearer tk_m4de-up-token" } else { "" };
        assert_eq!(seen.header("authorization"), login, "{}", channel.kind());
    }
}

#[tokio::test]
async fn long_texts_are_cut_to_what_each_takes() {
    let long = Chat { title: "long".to_owned(), body: "😀".repeat(5000), critical: true };
    for (make, field, most, size) in
        [(KINDS[0], "text", 4000, (|_| 1) as fn(char) -> usize), (KINDS[1], "text", 4096, char::len_utf16), (KINDS[2], "message", 4000, char::len_utf8)]
    {
        let receiver = Receiver::ok().await;
        assert!(taken(&send(&notifier(PATIENT), &make(&receiver.url()), &long).await));
        let body = receiver.seen()[0].json();
        let text = body[field].as_str().expect("text");
        let sum: usize = text.chars().map(size).sum();
        assert!(text.ends_with("😀…") && sum <= most && sum > most - 5, "{field}: {sum}");
    }
}

#[tokio::test]
async fn refusals_in_words_for_people() {
    let no: Say = (404, &[], "no_service".to_owned());
    let gone: Say = (410, &[], "channel_is_archived".to_owned());
    let slow: Say = (429, &[("retry-after", "30")], "rate_limited".to_owned());
    let unknown: Say = (400, &[], r#"{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}"#.to_owned());
    let flood: Say = (429, &[("retry-after", "1")], r#"{"ok":false,"description":"Too Many Requests: retry after 35","parameters":{"retry_after":35}}"#.to_owned());
    let quoting: Say = (401, &[], format!(r#"{{"ok":false,"description":"Unauthorized: {TOKEN} /bot{TOKEN}/x"}}"#));
    let forbidden: Say = (403, &[], format!(r#"{{"code":40301,"http":403,"error":"forbidden on {TOPIC}"}}"#));
    let echo: Say = (500, &[], format!("<html>{HOOK} {TOKEN} {NTFY_TOKEN} {TOPIC}</html>"));
    let elsewhere: Say = (302, &[("location", "http://127.0.0.1:9/made-up-hook")], String::new());
    for (make, say, permanent, detail, wait) in [
        (KINDS[0], no, true, "it answered 404: no_service", None),
        (KINDS[0], gone, true, "it answered 410: it is gone for good: channel_is_archived", None),
        (KINDS[0], slow, false, "it answered 429: rate_limited", Some(30)),
        (KINDS[0], echo.clone(), false, "it answered 500", None),
        (KINDS[0], elsewhere, false, "it answered 302, a redirect, which is not followed; write down the address where it leads", None),
        (KINDS[1], unknown, true, "it answered 400: Bad Request: chat not found", None),
        (KINDS[1], flood, false, "it answered 429: Too Many Requests: retry after 35", Some(35)),
        (KINDS[1], quoting, true, "it answered 401: Unauthorized: …", None),
        (KINDS[1], echo.clone(), false, "it answered 500", None),
        (KINDS[2], forbidden, true, "it answered 403: forbidden on …", None),
        (KINDS[2], echo, false, "it answered 500", None),
    ] {
        let status = say.0;
        let receiver = Receiver::start(say).await;
        let attempt = send(&notifier(PATIENT), &make(&receiver.url()), &chat()).await;
        let expected = Attempt { outcome: Outcome::Refused { permanent, detail: detail.to_owned() }, status: Some(status), retry_after: wait.map(Duration::from_secs) };
        assert_eq!(attempt, expected);
        assert_eq!(receiver.seen().len(), 1, "asked once");
    }
}

#[tokio::test]
async fn silence_is_doubt_and_nobody_there_is_certain() {
    for make in KINDS {
        for way in [Odd::Stall(Vec::new()), Odd::Reset, Odd::Close, Odd::Stall(b"HTTP/1.1 2".to_vec())] {
            let port = odd(way.clone()).await;
            let attempt = send(&notifier(HASTY), &make(&format!("http://127.0.0.1:{port}")), &chat()).await;
            assert!(in_doubt(&attempt).is_ok(), "{way:?}: {attempt:?}");
        }
        let attempt = send(&notifier(HASTY), &make(&format!("http://127.0.0.1:{}", nowhere().await)), &chat()).await;
        assert_eq!(not_sent(&attempt), Ok("no connection: refused or unreachable"));
        let strict = Notifier::new(salio_notify::Options::default()).expect("a notifier");
        let receiver = Receiver::ok().await;
        let attempt = send(&strict, &make(&receiver.url()), &chat()).await;
        assert!(not_sent(&attempt).is_ok_and(|detail| detail.contains("private or reserved")) && receiver.seen().is_empty(), "{attempt:?}");
    }
}

#[tokio::test]
async fn a_huge_answer_is_not_read_to_its_end() {
    let huge = "x ".repeat(1_000_000);
    for (head, is_taken) in [("200 OK", true), ("500 No", false)] {
        for promised in [huge.len(), 1 << 40] {
            let port = odd(Odd::Stall(format!("HTTP/1.1 {head}\r\ncontent-length: {promised}\r\n\r\n{huge}").into_bytes())).await;
            let attempt = send(&notifier(PATIENT), &slack(&format!("http://127.0.0.1:{port}")), &chat()).await;
            assert_eq!((taken(&attempt), attempt.status.is_some()), (is_taken, true), "{attempt:?}");
        }
    }
    // The status was said; what follows takes nothing back.
    let port = odd(Odd::Answer(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nok".to_vec())).await;
    assert!(taken(&send(&notifier(PATIENT), &slack(&format!("http://127.0.0.1:{port}")), &chat()).await));
}

#[tokio::test]
async fn a_ping_is_a_call_and_no_more() {
    for (method, word) in [(Method::Get, "GET"), (Method::Post, "POST")] {
        let receiver = Receiver::ok().await;
        let ping = Ping::new(&Secret::new(format!("{}/ping/made-up-check?rid=made-up", receiver.url())), method).expect("a ping");
        assert!(taken(&in_time(notifier(PATIENT).ping(&ping)).await));
        let [seen] = &receiver.seen()[..] else { panic!("called once") };
        assert_eq!((seen.method.as_str(), seen.target.as_str(), seen.body.len()), (word, "/ping/made-up-check?rid=made-up", 0));
        assert!(!format!("{ping:?} {}", ping.shown()).contains("made-up"), "{ping:?}");
    }
    for (status, permanent) in [(404, true), (410, true), (403, false), (503, false)] {
        let receiver = Receiver::start((status, &[], String::new())).await;
        let attempt = in_time(notifier(PATIENT).ping(&Ping::new(&Secret::new(receiver.url()), Method::Get).expect("a ping"))).await;
        assert!(matches!(attempt.outcome, Outcome::Refused { permanent: told, .. } if told == permanent), "{attempt:?}");
    }
}

#[tokio::test]
async fn a_form_that_a_channel_cannot_carry_is_refused_for_good() {
    let receiver = Receiver::ok().await;
    let event = Notice::Event(Event { id: "evt_1".to_owned(), at: AT, body: b"{}".to_vec() });
    let letter = Notice::Letter(Letter { id: "ntf_1".to_owned(), at: AT, subject: String::new(), body: String::new() });
    for make in KINDS {
        for notice in [&event, &letter] {
            let attempt = in_time(notifier(PATIENT).send(&make(&receiver.url()), notice)).await;
            assert!(matches!(&attempt.outcome, Outcome::Refused { permanent: true, detail } if detail.contains("cannot go by")), "{attempt:?}");
        }
    }
    assert!(receiver.seen().is_empty());
}

#[test]
fn settings_are_looked_over() {
    let secret = |text: &str| Secret::from(text);
    let problems = [
        Slack::new(&secret("hooks.example.com/made-up")).err(),
        Slack::new(&secret("https://me:made-up@hooks.example.com")).err(),
        Ping::new(&secret("ftp://made-up.example.com"), Method::Get).err(),
        Telegram::new(secret("made-up"), "1", None).err(),
        Telegram::new(secret("1:made-up/../x"), "1", None).err(),
        Telegram::new(secret("1:made-up"), "made-up chat", None).err(),
        Telegram::new(secret("1:made-up"), "@", None).err(),
        Telegram::new(secret("1:made-up"), "1", Some("made-up")).err(),
        Ntfy::new("made-up", secret("t"), None, vec![]).err(),
        Ntfy::new("https://ntfy.example.com", secret("made/up"), None, vec![]).err(),
        Ntfy::new("https://ntfy.example.com", secret("t"), Some(secret("made up")), vec![]).err(),
        Ntfy::new("https://ntfy.example.com", secret("t"), None, vec!["made up".to_owned()]).err(),
    ];
    let fields: Vec<_> = problems.iter().map(|problem| problem.as_ref().map_or("taken", |problem| problem.field)).collect();
    assert_eq!(fields, ["url", "url", "url", "token", "token", "chat", "chat", "api_url", "server", "topic", "token", "tags"]);
    assert!(problems.iter().flatten().all(|problem| !problem.to_string().contains("made")), "{problems:?}");
    for chat in ["1", "-1001234567890", "@made_up"] {
        assert!(Telegram::new(secret("1:made-up"), chat, None).is_ok(), "{chat}");
    }
}
