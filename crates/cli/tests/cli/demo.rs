//! The demo: at once full of history, needing nothing, leaving nothing.

use crate::site::{Server, Site, Started, until};

fn demo(site: &Site, arguments: &[&str]) -> Server {
    let temporary = site.directory.path().to_str().unwrap().to_owned();
    let mut all = vec!["demo", "--listen", "127.0.0.1:0"];
    all.extend(arguments);
    let mut command = site.command(&all);
    command.env("TMPDIR", temporary);
    Server::new(Started::new(command.spawn().unwrap()))
}

#[test]
fn it_shows_figures_and_a_past_at_once_and_leaves_nothing() {
    let site = Site::bare();
    // A configuration that serve would refuse does not keep a demo from running.
    site.write("salio.toml", "nonsense = 1\n");
    site.write(".env", "ONFON_API_KEY=made-up-key\nSALIO_NONSENSE=1\n");
    let server = demo(&site, &[]);
    for account in ["onfon", "onfon-marketing"] {
        let balance = server.json(&format!("/api/v1/accounts/{account}/balance"));
        assert!(balance["formatted"].as_str().is_some_and(|figure| figure.ends_with(" units")), "{balance}");
        let days = format!("/api/v1/accounts/{account}/balance/history?from={}", week_ago(&balance));
        let history = server.json(&days);
        assert!(history["points"].as_array().is_some_and(|points| points.len() > 100), "{history}");
        assert!(history["top_ups"].as_array().is_some_and(|top_ups| !top_ups.is_empty()), "{history}");
    }
    assert!(server.json("/api/v1/activity?limit=50")["activity"].as_array().is_some_and(|all| all.len() == 50));
    assert_eq!(server.json("/api/v1/info")["demo"], true);
    assert!(server.get("/").starts_with("HTTP/1.1 200"));
    let batches = until("a campaign runs", || {
        Some(server.json("/api/v1/batches?account=onfon-marketing&limit=1")).filter(|all| all["batches"][0]["name"] == "Weekend deals" && all["batches"][0]["state"] == "running")
    });
    assert_eq!((&batches["batches"][0]["source"], &batches["batches"][0]["rejected"]), (&"csv".into(), &1.into()), "{batches}");
    for state in ["delivered", "undelivered"] {
        let past = server.json(&format!("/api/v1/messages?account=onfon&state={state}&limit=1"));
        assert!(past["messages"].as_array().is_some_and(|found| found.len() == 1), "{state}: {past}");
    }
    let live = |path: &str, wanted: &dyn Fn(&serde_json::Value) -> bool| until(path, || wanted(&server.json(path)).then_some(()));
    live("/api/v1/reports?account=onfon-marketing&limit=1", &|page| page["reports"][0]["shape"].is_string());
    live("/api/v1/inbound", &|page| page["messages"][0]["text"].is_string());
    live("/api/v1/messages?state=unknown", &|page| page["messages"][0]["id"].is_string());
    let verified = server.json("/api/v1/ledger/verify");
    assert_eq!(verified["ok"], true, "{verified}");
    let newest = |server: &Server| server.json("/api/v1/messages?limit=1")["messages"][0]["id"].clone();
    let before = newest(&server);
    until("traffic goes on", || (newest(&server) != before).then_some(()));
    let done = server.stop().with_code(0);
    assert!(done.out.contains("This is a demo") && done.out.lines().any(|line| line.starts_with("Open http://127.0.0.1:")), "{}", done.out);
    let left: Vec<_> =
        std::fs::read_dir(site.directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).filter(|name| name.to_string_lossy().starts_with("salio-demo")).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Six days before the figure was asked.
fn week_ago(balance: &serde_json::Value) -> jiff::Timestamp {
    let asked: jiff::Timestamp = balance["observed_at"].as_str().unwrap().parse().unwrap();
    asked - jiff::SignedDuration::from_hours(24 * 6)
}

#[test]
fn it_goes_on_where_it_was_and_takes_the_next_port() {
    let site = Site::bare();
    let first = demo(&site, &["--data-dir", "kept", "--quiet"]);
    let accounts = first.json("/api/v1/accounts");
    first.stop().with_code(0);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let second = Server::new(Started::new(site.command(&["demo", "--listen", &address, "--data-dir", "kept", "--quiet"]).spawn().unwrap()));
    assert!(second.address.port() > taken.local_addr().unwrap().port());
    assert_eq!(second.json("/api/v1/accounts")["accounts"][0]["id"], accounts["accounts"][0]["id"]);
    let done = second.stop().with_code(0);
    assert_eq!(done.out.lines().count(), 1, "{}", done.out);
}

#[test]
fn it_listens_to_nobody_else() {
    let site = Site::bare();
    let done = site.run(&["demo", "--listen", "0.0.0.0:0"]).with_code(2);
    assert!(done.err.contains("this machine only"), "{}", done.err);
}
