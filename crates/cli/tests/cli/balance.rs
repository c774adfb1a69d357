//! Balance and cache, with and without a server.

use salio_simulator::core::Micros;

use crate::site::{Server, Site, Started, until};

fn top_up(site: &Site, units: i64) {
    site.provider().with(|model, now| model.top_up(now, Micros(units * 1_000_000)));
}

fn calls(site: &Site) -> u64 {
    site.provider().with(|model, _| model.calls(salio_simulator::core::Service::Balance).total)
}

#[test]
fn the_old_cron_line_works_without_a_server() {
    let mut site = Site::new();
    assert_eq!(site.run(&["onfon:refresh-balance"]).with_code(0).out, "Balance updated: 11,378.50 units\n");
    let told = site.run(&["onfon:refresh-balance", "--json"]).with_code(0).json();
    assert_eq!((&told["balance"], &told["previous"], &told["changed"]), (&"11378.50".into(), &"11378.50".into(), &false.into()));
    site.stop_provider();
    let done = site.run(&["onfon:refresh-balance"]).with_code(1);
    assert!(done.err.contains("onfon: Failed to sync balance: ") && done.err.contains("last known: onfon  11,378.50 units"), "{}", done.err);
    assert_eq!(done.out, "");
    let told = site.run(&["onfon:refresh-balance", "--json"]).with_code(1).json();
    assert_eq!((&told["code"], &told["last"]["balance"]), (&"unreachable".into(), &"11378.50".into()));
}

#[test]
fn the_old_cron_line_works_with_a_server_whose_viewers_see_it() {
    let mut site = Site::new();
    let server = site.serve();
    until("the first figure", || Some(server.json("/api/v1/accounts/onfon/balance")).filter(|balance| balance["state"] == "fresh"));
    top_up(&site, 500);
    let mut viewer = Started::new(site.command(&["balance", "--watch"]).spawn().unwrap());
    viewer.line(|line| line.contains("11,378.50 units"));
    assert_eq!(site.run(&["onfon:refresh-balance"]).with_code(0).out, "Balance updated: 11,878.50 units\n");
    viewer.line(|line| line.starts_with("onfon  11,878.50 units"));
    assert_eq!(server.json("/api/v1/accounts/onfon/balance")["balance"], "11878.50");
    viewer.signal("INT");
    viewer.wait().with_code(0);
    site.stop_provider();
    let done = site.run(&["onfon:refresh-balance"]).with_code(1);
    assert!(done.err.contains("Failed to sync balance: "), "{}", done.err);
    server.stop().with_code(0);
}

#[test]
fn a_named_server_is_asked_with_its_token() {
    let site = Site::new();
    let server: Server = site.serve();
    let environment = [("SALIO_URL", server.url()), ("SALIO_TOKEN", "made-up-token-1".to_owned())];
    let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let elsewhere = Site::bare();
    assert_eq!(elsewhere.run_with(&["balance", "onfon", "--refresh"], &environment).with_code(0).out, "Balance updated: 11,378.50 units\n");
    let mut viewer = elsewhere.command(&["balance", "--watch", "--json"]);
    viewer.envs(environment);
    let mut viewer = Started::new(viewer.spawn().unwrap());
    let line = viewer.line(|line| line.starts_with('{'));
    assert_eq!(serde_json::from_str::<serde_json::Value>(&line).unwrap()["account"], "onfon");
    assert!(!elsewhere.path("salio-data").exists());
}

#[test]
fn before_any_figure_there_is_no_zero() {
    let mut site = Site::new();
    site.stop_provider();
    let done = site.run(&["balance"]).with_code(0);
    assert!(done.out.starts_with("onfon  no figure yet  unknown  (degraded: "), "{}", done.out);
    assert!(!done.out.contains("0.00"), "{}", done.out);
    let told = site.run(&["balance", "--json"]).with_code(0).json();
    assert_eq!((&told["balances"][0]["balance"], &told["balances"][0]["state"]), (&serde_json::Value::Null, &"unknown".into()));
}

#[test]
fn reading_asks_only_when_the_figure_is_stale() {
    let site = Site::new();
    let done = site.run(&["balance"]).with_code(0);
    assert!(done.out.starts_with("onfon  11,378.50 units  fresh  (provider said 11,378.50, "), "{}", done.out);
    assert_eq!(calls(&site), 1);
    site.run(&["balance"]).with_code(0);
    site.run(&["cache", "show"]).with_code(0);
    assert_eq!(calls(&site), 1, "a fresh figure is not asked for");
    assert_eq!(site.run(&["cache", "clear"]).with_code(0).out, "onfon  cleared; the next reader asks the provider\n");
    let shown = site.run(&["cache", "show"]).with_code(0);
    assert!(shown.out.contains("stale") && shown.out.contains("11,378.50 units"), "{}", shown.out);
    assert_eq!(calls(&site), 1, "looking at the cache asks nobody");
    top_up(&site, 1);
    let done = site.run(&["balance", "onfon"]).with_code(0);
    assert!(done.out.starts_with("onfon  11,379.50 units"), "{}", done.out);
    assert_eq!(calls(&site), 2);
}

#[test]
fn the_cache_is_cleared_through_a_server_too() {
    let site = Site::new();
    let server = site.serve();
    until("the first figure", || Some(server.json("/api/v1/accounts/onfon/balance")).filter(|balance| balance["state"] == "fresh"));
    // Counted before: the schedule may ask in between, and then a reader finds a fresh figure.
    let before = calls(&site);
    let told = site.run(&["cache", "clear", "onfon", "--json"]).with_code(0).json();
    assert_eq!(told, serde_json::json!({ "cleared": ["onfon"] }));
    until("the next reader causes a call", || {
        server.json("/api/v1/accounts/onfon/balance");
        (calls(&site) > before).then_some(())
    });
    server.stop().with_code(0);
}

#[test]
fn an_unknown_account_is_wrong_usage_and_the_others_are_named() {
    let site = Site::new();
    for arguments in [
        &["balance", "other"] as &[&str],
        &["balance", "other", "--refresh"],
        &["balance", "other", "--watch"],
        &["cache", "show", "other"],
        &["cache", "clear", "other"],
        &["messages", "--account", "other"],
    ] {
        let done = site.run(arguments).with_code(2);
        assert_eq!(done.err, "salio: there is no account \"other\"; the accounts are: onfon\n", "{arguments:?}");
    }
}

#[test]
fn watching_works_without_a_server() {
    let site = Site::new();
    let mut viewer = Started::new(site.command(&["balance", "onfon", "--watch"]).spawn().unwrap());
    viewer.line(|line| line.starts_with("onfon  11,378.50 units  fresh"));
    viewer.signal("INT");
    viewer.wait().with_code(0);
}
