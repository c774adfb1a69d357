//! What became of messages: reports, messages from phones, messages in doubt that a person settles, accounts that a person stops.

use salio_simulator::SimOptions;
use salio_simulator::core::{DlrPlan, Effect, Fault, InboundPlan, Next, Service, StatusBody};

use crate::site::{Server, Site, Started, until};

const TOKEN: &str = "made-up-webhook-token";

fn site() -> Site {
    let site = Site::with(SimOptions::default());
    site.add(".env", "ONFON_SENDER_ID=DUKA\n");
    site.write("salio.toml", &format!("[accounts.onfon]\nwebhook_token = \"{TOKEN}\"\nlook_ups = false\n"));
    site
}

/// The provider reports to the server.
fn reporting(site: &Site, server: &Server) {
    let url = |what: &str| Some(format!("{}/webhooks/onfon/{what}?token={TOKEN}", server.url()));
    site.provider().with(|model, _| {
        model.set_dlr(DlrPlan { url: url("dlr"), delay_ms: 50, ..DlrPlan::default() });
        model.set_inbound(InboundPlan { url: url("inbound"), ..InboundPlan::default() });
    });
}

fn in_doubt(site: &Site) -> String {
    let fault = Fault::HttpStatus { code: 502, body: StatusBody::Html, effect: Effect::None, retry_after_s: None, error_code: None };
    site.provider().with(|model, _| model.add_next(Next { service: Some(Service::SendBulkSMS), fault, count: 1 }));
    let done = site.run(&["send", "--to", "0712345678", "--text", "Hello"]).with_code(1);
    assert!(done.out.starts_with("1 message: 1 unknown"), "{}{}", done.out, done.err);
    done.out.lines().find(|line| line.starts_with("msg_")).unwrap().to_owned()
}

#[test]
fn reports_show_with_the_message_and_by_themselves() {
    let site = site();
    let server = site.serve();
    reporting(&site, &server);
    let told = site.run(&["send", "--to", "0712345678", "--text", "Hello", "--json"]).with_code(0).json();
    let id = told["messages"][0]["id"].as_str().unwrap().to_owned();
    let shown = until("the report comes", || Some(site.run(&["messages", "show", &id]).with_code(0)).filter(|shown| shown.out.contains("reports, newest first:")));
    assert!(shown.out.contains("DELIVRD (delivered): delivered") && shown.out.contains("network said"), "{}", shown.out);
    assert!(!shown.out.contains(TOKEN), "{}", shown.out);
    let listed = site.run(&["reports"]).with_code(0);
    assert!(listed.out.contains("DELIVRD") && listed.out.contains(&id), "{}", listed.out);
    let stray = server.get(&format!("/webhooks/onfon/dlr?token={TOKEN}&messageId=made-up-0&mobile=254799999999&status=DELIVRD"));
    assert!(stray.starts_with("HTTP/1.1 200"), "{stray}");
    let unmatched = site.run(&["reports", "--unmatched", "--json"]).with_code(0).json();
    let reports = unmatched["reports"].as_array().unwrap();
    assert_eq!((reports.len(), reports[0]["provider_message_id"].as_str()), (1, Some("made-up-0")));
    server.stop().with_code(0);
}

#[test]
fn messages_from_phones_are_listed() {
    let site = site();
    let server = site.serve();
    assert!(site.run(&["inbound"]).with_code(0).err.contains("no messages from phones"));
    let call = server.get(&format!("/webhooks/onfon/inbound?token={TOKEN}&shortcode=20880&mobile=254712345678&message=Habari%20yako"));
    assert!(call.starts_with("HTTP/1.1 200"), "{call}");
    let listed = site.run(&["inbound", "--account", "onfon"]).with_code(0);
    assert!(listed.out.contains("254712345678  20880  Habari yako"), "{}", listed.out);
    assert_eq!(site.run(&["inbound", "--json"]).with_code(0).json()["messages"][0]["text"], "Habari yako");
    server.stop().with_code(0);
    assert!(site.run(&["inbound", "--account", "nope"]).with_code(2).err.contains("there is no account \"nope\""));
}

#[test]
fn a_person_settles_what_is_in_doubt() {
    let site = site();
    let first = in_doubt(&site);
    let shown = site.run(&["messages", &first]).with_code(0);
    assert!(shown.err.contains(&format!("salio messages resolve {first} --as sent|not-sent|resend")), "{}", shown.err);
    let done = site.run(&["messages", "resolve", &first, "--as", "not-sent"]).with_code(0);
    assert_eq!(done.out, format!("{first}  failed (resolved not sent)\n"));
    assert!(site.run(&["messages", "resolve", &first, "--as", "sent"]).with_code(1).err.contains("doubt"));
    // Nobody is there to be asked.
    let second = in_doubt(&site);
    let asked = site.run(&["messages", "resolve", &second, "--as", "resend"]).with_code(2);
    assert!(asked.err.contains("--yes"), "{}", asked.err);
    let done = site.run(&["messages", "resolve", &second, "--as", "resend", "--yes"]).with_code(0);
    assert!(done.out.starts_with(&format!("{second}  queued")) && done.err.contains("salio serve"), "{}{}", done.out, done.err);
    let server = site.serve();
    until("it is sent again", || (server.json(&format!("/api/v1/messages/{second}"))["state"] == "sent").then_some(()));
    server.stop().with_code(0);
    let third = in_doubt(&site);
    assert_eq!(site.run(&["messages", "resolve", &third, "--as", "sent", "--json"]).with_code(0).json()["state"], "sent");
}

#[test]
fn messages_are_followed_as_they_change() {
    let site = site();
    let alone = site.run(&["messages", "--follow"]).with_code(1);
    assert!(alone.err.contains("start `salio serve`"), "{}", alone.err);
    let server = site.serve();
    let mut following = Started::new(site.command(&["messages", "--follow", "--json"]).spawn().unwrap());
    site.run(&["send", "--to", "0712345678", "--text", "Hello"]).with_code(0);
    let line = following.line(|line| line.contains("\"state\":\"sent\""));
    assert!(line.contains("254712345678"), "{line}");
    following.signal("INT");
    following.wait().with_code(0);
    server.stop().with_code(0);
}

#[test]
fn a_person_stops_an_account_and_lets_it_go_on() {
    let site = site();
    let paused = site.run(&["account", "pause", "onfon"]).with_code(0);
    assert!(paused.out.starts_with("onfon  sends: paused by a person, since "), "{}", paused.out);
    let done = site.run(&["send", "--to", "0712345678", "--text", "Hello"]).with_code(1);
    assert!(done.err.contains("has stopped sending (account paused)") && done.err.contains("`salio account resume onfon`"), "{}", done.err);
    assert!(site.run(&["account", "list"]).with_code(0).out.contains("paused by a person"));
    let server = site.serve();
    let resumed = site.run(&["account", "resume", "onfon", "--json"]).with_code(0).json();
    assert_eq!(resumed["paused"], serde_json::Value::Null);
    until("what waited is sent", || (server.json("/api/v1/messages")["messages"][0]["state"] == "sent").then_some(()));
    server.stop().with_code(0);
    assert!(site.run(&["account", "pause", "nope"]).with_code(2).err.contains("the accounts are: onfon"));
}
