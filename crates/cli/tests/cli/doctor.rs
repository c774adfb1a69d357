//! The doctor: what is right, what is not, and the fix.

use salio_simulator::core::{Fault, Next};
use serde_json::Value;

use crate::site::Site;

fn statuses<'a>(report: &'a Value, part: &str) -> Vec<&'a str> {
    let checks = report["checks"].as_array().unwrap();
    checks.iter().filter(|check| check["text"].as_str().unwrap().contains(part)).map(|check| check["status"].as_str().unwrap()).collect()
}

#[test]
fn a_good_site_has_no_failure() {
    let site = Site::new();
    site.add(".env", "ONFON_SENDER_ID=DUKA\n");
    let report = site.run(&["doctor", "--ask", "--json"]).with_code(0).json();
    assert_eq!(report["ok"], true);
    for (part, status) in [
        ("accounts.onfon.api_key = (hidden) (.env:", "ok"),
        ("it can be written", "ok"),
        ("every page and index is whole", "ok"),
        ("takes connections", "ok"),
        ("the provider takes the keys: 11,378.50 units", "ok"),
        ("no price", "warn"),
        ("no delivery reports are taken", "warn"),
        ("all as they were written", "ok"),
    ] {
        assert_eq!(statuses(&report, part), [status], "{part}: {report}");
    }
    let text = site.run(&["doctor"]).with_code(0);
    assert!(text.out.contains("the keys were not tried; `salio doctor --ask`"), "{}", text.out);
}

#[test]
fn the_way_of_delivery_reports_is_named_without_the_token() {
    let site = Site::new();
    site.write("salio.toml", "[server]\npublic_url = \"https://sms.example.com\"\n[accounts.onfon]\nwebhook_token = \"made-up-token-PLANTED\"\n");
    let report = site.run(&["doctor", "--json"]).with_code(0);
    assert_eq!(statuses(&report.json(), "taken at https://sms.example.com/webhooks/onfon/dlr?token=(webhook_token)"), ["ok"], "{}", report.out);
    assert!(!report.out.contains("PLANTED"), "{}", report.out);
    site.write("salio.toml", "[accounts.onfon]\nwebhook_token = \"made-up-token-PLANTED\"\n");
    assert_eq!(statuses(&site.run(&["doctor", "--json"]).with_code(0).json(), "no public_url"), ["warn"]);
}

#[test]
fn it_asks_nobody_unless_told_to() {
    let site = Site::new();
    site.run(&["doctor"]).with_code(0);
    assert_eq!(site.provider().with(|model, _| model.calls(salio_simulator::core::Service::Balance).total), 0);
}

#[test]
fn each_failure_names_its_fix() {
    let mut site = Site::new();
    site.provider().with(|model, _| model.add_next(Next { service: None, fault: Fault::Refuse { code: 7, text: None, http: 200 }, count: 1 }));
    let done = site.run(&["doctor", "--ask"]).with_code(1);
    assert!(done.out.contains("fail  onfon") && done.out.contains("→ compare api_key, client_id and access_key"), "{}", done.out);
    site.stop_provider();
    let done = site.run(&["doctor"]).with_code(1);
    assert!(done.out.contains("takes no connection") && done.out.contains("→ look at api_url"), "{}", done.out);
    let bare = Site::bare();
    let done = bare.run(&["doctor"]).with_code(1);
    assert!(done.out.contains("ONFON_API_KEY and ONFON_CLIENT_ID"), "{}", done.out);
    bare.write(".env", "SALIO_LISEN=1\n");
    let done = bare.run(&["doctor"]).with_code(1);
    assert!(done.out.contains("SALIO_LISEN"), "{}", done.out);
}

#[test]
fn a_text_that_could_not_be_read_is_kept_for_the_operator() {
    let site = Site::new();
    site.provider().with(|model, _| model.add_next(Next { service: None, fault: Fault::Credits { raw: "\"about 12 thousand\"".into() }, count: 1 }));
    site.run(&["balance", "--refresh"]).with_code(1);
    let done = site.run(&["doctor"]).with_code(0);
    assert!(done.out.contains("about 12 thousand"), "{}", done.out);
}

#[test]
fn with_a_server_it_looks_through_it() {
    let site = Site::new();
    let server = site.serve();
    let report = site.run(&["doctor", "--json"]).with_code(0).json();
    assert_eq!(statuses(&report, "a server holds it"), ["ok"], "{report}");
    assert_eq!(statuses(&report, "it can be written"), ["ok"], "{report}");
    server.stop().with_code(0);
}
