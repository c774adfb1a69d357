//! Each text names the account, the figure with its unit, since when, and what to do.

use super::super::super::{Confirmation, Notice, NoticeKind, RuleKind};
use super::super::{AlertData, chat, data, mail, sms};
use super::samples::{about, local, notice, other_levels};

/// The figure as a person reads it, with its unit, while it fires and when it is over.
fn figure(notice: &Notice) -> &'static str {
    let is_over = notice.kind == NoticeKind::Recovered;
    let (firing, over) = match notice.condition.kind() {
        RuleKind::BalanceBelow | RuleKind::CredentialsRefused => ("950.50 units", "6,378.67 units"),
        RuleKind::RunwayBelow => ("23 h 10 min", "3 d"),
        RuleKind::DriftAbove => ("65.00 units", "40.00 units"),
        RuleKind::NoObservation => ("31 min", "2 s"),
        RuleKind::ProviderFailing => ("3 failures", "0 failures"),
        RuleKind::BurnAbove => ("120.00 units an hour", "41.00 units an hour"),
        RuleKind::MessagesStuck => ("12 messages", "0 messages"),
        RuleKind::UnknownWaiting => ("3 messages", "0 messages"),
        RuleKind::ReportSilence => ("40 messages", "1 message"),
    };
    if is_over { over } else { firing }
}

/// The order that each rule gives, with the amount where one is advised.
fn order(notice: &Notice) -> &'static str {
    match notice.condition.kind() {
        _ if notice.kind == NoticeKind::Recovered => "Carry on",
        RuleKind::BalanceBelow | RuleKind::RunwayBelow => "Top up 5,000.00 units",
        RuleKind::UnknownWaiting => "Settle them",
        _ => "Check ",
    }
}

fn texts(notice: &Notice) -> [(&'static str, String); 4] {
    let about = about();
    let (mail, chat) = (mail(notice, &about), chat(notice, &about));
    [
        ("mail", format!("{}\n{}", mail.subject, mail.body)),
        ("chat", format!("{}\n{}", chat.title, chat.body)),
        ("sms", sms(notice, &about)),
        ("data", serde_json::to_string(&data(notice, &about)).unwrap()),
    ]
}

#[test]
fn every_text_names_account_figure_since_when_and_what_to_do() {
    for (rule, kind) in RuleKind::ALL.iter().flat_map(|rule| NoticeKind::ALL.iter().map(|kind| (*rule, *kind))) {
        let notice = notice(rule, kind);
        for (channel, text) in texts(&notice) {
            let since = if channel == "data" { notice.since.to_string() } else { local(notice.since) };
            for needed in ["onfon-marketing", figure(&notice), since.as_str(), order(&notice)] {
                assert!(text.contains(needed), "{channel} of {rule:?} {kind:?} lacks {needed:?}:\n{text}");
            }
        }
    }
}

#[test]
fn what_could_not_be_confirmed_says_so_and_why() {
    for kind in NoticeKind::ALL {
        for confirmation in [Confirmation::Confirmed, Confirmation::Failed { reason: "no answer in 15 s.".to_owned() }] {
            let notice = Notice { confirmation, ..notice(RuleKind::BalanceBelow, *kind) };
            let doubtful = matches!(notice.confirmation, Confirmation::Failed { .. }) && *kind != NoticeKind::Recovered;
            for (channel, text) in texts(&notice) {
                assert_eq!(text.contains("could not be confirmed: no answer in 15 s"), doubtful, "{channel} {kind:?}: {text}");
            }
        }
    }
}

#[test]
fn levels_of_other_shapes_name_it_all_too() {
    for notice in other_levels() {
        for (channel, text) in texts(&notice) {
            let since = if channel == "data" { notice.since.to_string() } else { local(notice.since) };
            let orders = ["Top up", "Carry on", "Check ", "Settle them"];
            assert!(text.contains("onfon-marketing") && text.contains(&since) && orders.iter().any(|order| text.contains(order)), "{channel}: {text}");
        }
    }
}

#[test]
fn nothing_from_outside_breaks_out_of_its_line() {
    let mut notice = notice(RuleKind::BalanceBelow, NoticeKind::Fired);
    notice.confirmation = Confirmation::Failed { reason: format!("gone\r\nBcc: everybody@example.com\n{}", "x".repeat(5_000)) };
    let about = super::super::About { account: "one\r\nBcc: two", unit: "un\nits", ..about() };
    let (mail, chat, sms) = (mail(&notice, &about), chat(&notice, &about), sms(&notice, &about));
    for line in [&mail.subject, &chat.title, &sms] {
        assert!(!line.chars().any(char::is_control), "{line:?}");
    }
    assert!(mail.body.lines().chain(chat.body.lines()).all(|line| !line.starts_with("Bcc") && !line.contains('\r')), "{}", mail.body);
    assert!(mail.body.len() < 1_500 && chat.body.len() < 1_500, "reasons are cut");
}

#[test]
fn data_comes_back() {
    for (rule, kind) in RuleKind::ALL.iter().flat_map(|rule| NoticeKind::ALL.iter().map(|kind| (*rule, *kind))) {
        let (notice, about) = (notice(rule, kind), about());
        let data = data(&notice, &about);
        assert_eq!(serde_json::from_str::<AlertData>(&serde_json::to_string(&data).unwrap()).unwrap(), data);
        assert_eq!(serde_json::from_str::<Notice>(&serde_json::to_string(&notice).unwrap()).unwrap(), notice);
    }
}
