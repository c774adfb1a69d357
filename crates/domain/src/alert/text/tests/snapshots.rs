//! The words as they are: one file a rule, with each kind of notice on each channel.

use std::fmt::Write;

use super::super::super::{Notice, NoticeKind, RuleKind};
use super::super::{Drill, DrillKind, DrillSubject, chat, data, mail, sms};
use super::samples::{about, at, local, notice, other_levels};
use crate::ids::AccountId;
use crate::segments::segment;
use crate::units::Units;

fn all_channels(out: &mut String, notice: &Notice) {
    let about = about();
    let (mail, chat, sms) = (mail(notice, &about), chat(notice, &about), sms(notice, &about));
    writeln!(out, "===== {} by e-mail =====\nSubject: {}\n\n{}", notice.kind.as_str(), mail.subject, mail.body).unwrap();
    writeln!(out, "===== {} by SMS ({} septets) =====\n{sms}\n", notice.kind.as_str(), segment(&sms).length).unwrap();
    writeln!(out, "===== {} in a chat =====\n{}\n---\n{}\n", notice.kind.as_str(), chat.title, chat.body).unwrap();
    writeln!(out, "===== {} to a program =====\n{}\n", notice.kind.as_str(), serde_json::to_string_pretty(&data(notice, &about)).unwrap()).unwrap();
}

#[test]
fn every_rule_on_every_channel() {
    for rule in RuleKind::ALL {
        let mut out = String::new();
        for kind in NoticeKind::ALL {
            all_channels(&mut out, &notice(*rule, *kind));
        }
        insta::assert_snapshot!(rule.as_str(), out);
    }
}

#[test]
fn levels_of_other_shapes() {
    let mut out = String::new();
    for notice in other_levels() {
        writeln!(out, "{}\n{}\n{}", chat(&notice, &about()).title, chat(&notice, &about()).body, sms(&notice, &about())).unwrap();
        out.push('\n');
    }
    insta::assert_snapshot!("other_levels", out);
}

#[test]
fn drills() {
    let subject =
        DrillSubject { account_id: AccountId::from_raw(1_234_567), account: "onfon", unit: "units", balance: Some(Units::from_micros(11_378_670_000)), since: Some(at(-3)) };
    let mut out = String::new();
    for kind in DrillKind::ALL {
        for subject in [Some(subject), Some(DrillSubject { balance: None, since: None, ..subject }), None] {
            let drill = Drill { kind: *kind, channel: "ops-phone", at: at(0), subject, local: &local, link: Some("https://salio.example/alerts") };
            let (mail, chat) = (drill.mail(), drill.chat());
            writeln!(out, "Subject: {}\n\n{}\n---\n{}\n---\n{}\n{}\n---", mail.subject, mail.body, drill.sms(), chat.title, chat.body).unwrap();
            writeln!(out, "{}\n", serde_json::to_string_pretty(&drill.data()).unwrap()).unwrap();
        }
    }
    insta::assert_snapshot!("drills", out);
}
