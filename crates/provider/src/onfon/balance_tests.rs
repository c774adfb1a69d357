//! Every form of a balance answer that has been seen, and what must not become a figure.

use salio_domain::balance::BalanceForm::{self, Bare, Currency};

use super::answer::Trouble;
use super::balance::{Reading, read};
use crate::http::{Ending, Reply};

fn reply(status: u16, body: impl AsRef<[u8]>) -> Reply {
    Reply { status, body: body.as_ref().to_vec(), ending: Ending::Whole }
}

fn ask(status: u16, body: impl AsRef<[u8]>) -> Result<Reading, Trouble> {
    read(&reply(status, body))
}

fn figure(body: &str) -> (i64, BalanceForm) {
    let reading = ask(200, body).unwrap_or_else(|trouble| panic!("{body}: {trouble:?}"));
    (reading.figure.units.micros(), reading.figure.form)
}

fn trouble(status: u16, body: impl AsRef<[u8]>) -> Trouble {
    ask(status, body).expect_err("no figure")
}

fn sms(credits: &str) -> String {
    format!(r#"{{"ErrorCode":0,"ErrorDescription":"Success","Data":[{{"PluginType":"SMS","Credits":{credits}}}]}}"#)
}

#[test]
fn every_form_of_credits() {
    for (credits, micros, form) in [
        ("11378.67", 11_378_670_000, Bare),
        ("0", 0, Bare),
        ("-12.5", -12_500_000, Bare),
        ("1.137867e4", 11_378_670_000, Bare),
        ("0.1", 100_000, Bare),
        ("9007199254740.993", 9_007_199_254_740_993_000, Bare),
        (r#""11378.67""#, 11_378_670_000, Bare),
        (r#""1,024.50""#, 1_024_500_000, Bare),
        (r#""KSh7578560.8000""#, 7_578_560_800_000, Currency),
        (r#""Ksh1.00""#, 1_000_000, Currency),
        (r#""KSh12,345.00""#, 12_345_000_000, Currency),
        (r#""KSh5000""#, 5_000_000_000, Currency),
        (r#"" KES\u00a05 ""#, 5_000_000, Currency),
    ] {
        assert_eq!(figure(&sms(credits)), (micros, form), "{credits}");
    }
}

#[test]
fn the_text_of_the_figure_is_kept() {
    assert_eq!(ask(200, sms(r#""KSh12,345.00""#)).expect("a figure").raw, "KSh12,345.00");
    assert_eq!(ask(200, sms("1.5e1")).expect("a figure").raw, "1.5e1");
}

#[test]
fn credits_that_are_no_figure() {
    for credits in [
        r#""""#,
        r#""ND""#,
        r#""N/A""#,
        r#""€0.6991""#,
        r#""5 KSh""#,
        r#""1e3""#,
        r#""1,02""#,
        r#""0,123""#,
        r#""1.000,50""#,
        "null",
        "true",
        "[5]",
        r#"{"v":5}"#,
        "1e-7",
        "1e999999999999",
        "99999999999999999999",
        r#""\ud800""#,
    ] {
        let trouble = trouble(200, sms(credits));
        assert_eq!((trouble.code, trouble.credentials), ("unreadable_balance", false), "{credits}");
    }
}

#[test]
fn the_envelope_in_all_its_forms() {
    for body in [
        "\u{feff}  \r\n {\"ErrorCode\":0,\"Data\":[{\"PluginType\":\"SMS\",\"Credits\":\"5\"}]}\n",
        r#"{"errorcode":"000","data":[{"plugintype":"sms","CREDITS":5}]}"#,
        r#"{"ErrorCode":"0.0","ErrorDescription":null,"Data":[{"PluginType":" Sms ","Credits":5.0}]}"#,
        r#"{"ErrorCode":0.0,"ErrorDescription":"null","Data":[[[{"PluginType":"SMS","Credits":5}]]]}"#,
        r#"{"ErrorCode":null,"ErrorDescription":7,"Data":{"PluginType":"SMS","Credits":5}}"#,
        r#"{"Data":{"balances":[{"Credits":5}]}}"#,
        r#"{"ErrorCode":"null","Data":[{"Credits":"5"}]}"#,
        r#"{"ErrorCode":" 0 ","Data":[{"PluginType":null,"Credits":"5"}]}"#,
        r#"{"ErrorCode":0,"Data":[{"PluginType":"VOICE","Credits":"9"},{"PluginType":"sms","Credits":"5"},{"Credits":"8"},null]}"#,
        r#"{"ErrorCode":0,"ErrorCode":"000","Data":[{"PluginType":"SMS","Credits":5,"credits":"5.00"}]}"#,
        r#"{"ErrorCode":0,"Data":[{"PluginType":"SMS","Credits":5},{"PluginType":"SMS","Credits":"5"}]}"#,
    ] {
        assert_eq!(figure(body), (5_000_000, Bare), "{body}");
    }
}

#[test]
fn no_figure_is_made_up_from_a_doubtful_envelope() {
    for (body, code) in [
        (r#"{"ErrorCode":0,"Data":[]}"#, "unreadable_balance"),
        (r#"{"ErrorCode":0,"Data":null}"#, "unreadable_balance"),
        (r#"{"ErrorCode":0}"#, "unreadable_balance"),
        (r#"{"ErrorCode":0,"Data":"Success"}"#, "unreadable_balance"),
        (r#"{"ErrorCode":0,"Data":["5"]}"#, "unreadable_balance"),
        (r#"{"ErrorCode":0,"Data":[{"PluginType":"SMS"}]}"#, "unreadable_balance"),
        (r#"{"ErrorCode":0,"Data":[{"PluginType":"VOICE","Credits":5}]}"#, "unreadable_balance"),
        (r#"{"ErrorCode":0,"Data":[{"Credits":5},{"Credits":5}]}"#, "unreadable_balance"),
        (r#"{"ErrorCode":0,"Data":[{"PluginType":"SMS","Credits":5},{"PluginType":"SMS","Credits":6}]}"#, "unreadable_balance"),
        (r#"{"ErrorCode":0,"Data":[{"PluginType":"SMS","Credits":5},{"PluginType":"SMS","Credits":"KSh5"}]}"#, "unreadable_balance"),
        (r#"{"ErrorCode":0,"Data":[{"PluginType":"SMS","Credits":5},{"PluginType":"SMS","Credits":"ND"}]}"#, "unreadable_balance"),
        (r#"{"ErrorCode":0,"Data":[{"PluginType":"SMS","Credits":5,"Credits":6}]}"#, "unreadable_balance"),
        (r#"{"ErrorCode":0,"Data":[{"PluginType":"SMS","PluginType":"VOICE","Credits":5}]}"#, "unreadable_balance"),
        (r#"{"ErrorCode":0,"errorCode":7,"Data":[{"PluginType":"SMS","Credits":5}]}"#, "unreadable_answer"),
        (r#"{"ErrorCode":0,"Data":[{"PluginType":"SMS","Credits":5}],"data":[{"PluginType":"SMS","Credits":6}]}"#, "unreadable_answer"),
        (r#"{"ErrorCode":0,"Data":[{"PluginType":"SMS","Credits":€0.6991}]}"#, "unreadable_answer"),
        (r#"{"ErrorCode":0,"Data":[{"PluginType":"SMS","Credits":5}]"#, "unreadable_answer"),
        (r#"{"ErrorCode":0,"Data":[{"PluginType":"SMS","Credits":5}]} trailing"#, "unreadable_answer"),
        (r#"{"Credits":5}"#, "unreadable_answer"),
        (r#"[{"PluginType":"SMS","Credits":5}]"#, "unreadable_answer"),
        ("5", "unreadable_answer"),
        ("null", "unreadable_answer"),
        ("", "unreadable_answer"),
        (" \r\n", "unreadable_answer"),
        ("<!DOCTYPE html><title>524: A timeout occurred</title>", "unreadable_answer"),
        (r#"<?xml version="1.0"?><Response><ErrorCode>0</ErrorCode></Response>"#, "unreadable_answer"),
    ] {
        assert_eq!(trouble(200, body).code, code, "{body}");
    }
    assert_eq!(trouble(200, [0xff, 0xfe, 0x7b, 0x00]).code, "unreadable_answer");
    // A figure with a byte that is no UTF-8 (a no-break space in an older encoding) is no figure.
    assert_eq!(trouble(200, b"{\"Data\":[{\"Credits\":\"KSh\xa05\"}]}").code, "unreadable_balance");
}

#[test]
fn an_answer_that_was_not_read_to_its_end_is_not_believed() {
    for (ending, status, code) in
        [(Ending::CutShort, 200, "unreadable_answer"), (Ending::TooLarge, 200, "unreadable_answer"), (Ending::CutShort, 401, "http_status"), (Ending::CutShort, 500, "http_status")]
    {
        let trouble = read(&Reply { ending, ..reply(status, sms("5")) }).expect_err("no figure");
        assert_eq!((trouble.code, trouble.credentials), (code, false), "{ending:?} {status}");
    }
}

#[test]
fn refusals_are_told_apart_by_who_can_help() {
    for code in ["1", "\"001\"", "2", "7", "\"007\"", "7.0", "8", "9", "10", "11", "16", "30"] {
        for status in [200, 400, 403, 500] {
            let trouble = trouble(status, format!(r#"{{"ErrorCode":{code},"ErrorDescription":"x","Data":null}}"#));
            assert_eq!((trouble.code, trouble.credentials), ("credentials_refused", true), "{status} {code}");
        }
    }
    for code in ["6", "21", "\"021\"", "31", "999", "-1", "0.5", "\"x\"", "true", "[]", "{}", "1e99"] {
        let trouble = trouble(200, format!(r#"{{"ErrorCode":{code},"Data":[{{"PluginType":"SMS","Credits":5}}]}}"#));
        assert_eq!((trouble.code, trouble.credentials), ("refused", false), "{code}");
    }
    assert_eq!(trouble(200, r#"{"ErrorCode":"007"}"#).detail, "Onfon refused with code 007: API key or client id are wrong");
}

#[test]
fn http_401_counts_only_with_the_vendors_envelope() {
    for body in [r#"{"ErrorCode":401,"Data":null}"#, r#"{"errorcode":"007"}"#, r#"{"ErrorCode":null,"Data":[]}"#, &sms("5")] {
        let trouble = trouble(401, body);
        assert_eq!((trouble.code, trouble.credentials), ("credentials_refused", true), "{body}");
    }
    for body in ["", "<html>401</html>", r#"{"error":"unauthorized"}"#, r#"{"Data":[]}"#, "null"] {
        let trouble = trouble(401, body);
        assert_eq!((trouble.code, trouble.credentials), ("http_status", false), "{body}");
    }
    assert_ne!(trouble(401, r#"{"ErrorCode":"AUTH-9"}"#).code, "credentials_refused");
}

#[test]
fn a_status_that_contradicts_the_body_makes_both_worthless() {
    for status in [301, 302, 307, 400, 404, 422, 429, 500, 503, 520, 599, 600] {
        let trouble = trouble(status, sms("5"));
        assert_eq!((trouble.code, trouble.credentials), ("http_status", false), "{status}");
    }
    assert_eq!(trouble(302, r#"{"ErrorCode":7}"#).code, "http_status");
    assert_eq!(trouble(503, "<html>").code, "http_status");
    assert_eq!(figure(&sms("5")).0, 5_000_000);
    assert!(ask(203, sms("5")).is_ok());
}
