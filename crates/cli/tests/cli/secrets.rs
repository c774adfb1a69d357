//! Planted secrets appear in no output, no log at `trace` and no byte of the database.

use salio_simulator::SimOptions;
use salio_simulator::core::{Fault, Next};

use crate::site::{ACCESS_KEY, API_KEY, CLIENT_ID, Site, bytes_in, until};

/// The secrets, plain and as a query carries them.
fn secrets() -> Vec<String> {
    let escaped = API_KEY.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    [API_KEY, &escaped, "PLANTED", CLIENT_ID, ACCESS_KEY].map(str::to_owned).to_vec()
}

#[track_caller]
fn clean(what: &str, bytes: &[u8]) {
    for secret in secrets() {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret} in {what}: {}", String::from_utf8_lossy(bytes));
    }
}

fn trouble(site: &Site) {
    for fault in [
        Fault::Refuse { code: 7, text: Some(format!("wrong key {API_KEY} of {CLIENT_ID}")), http: 401 },
        Fault::Credits { raw: format!("\"{API_KEY}\"") },
        Fault::ResetBeforeEffect {},
    ] {
        site.provider().with(|model, _| model.add_next(Next { service: None, fault, count: 1 }));
    }
}

#[test]
fn nowhere_in_output_log_api_or_database() {
    let site = Site::with(SimOptions { access_key: Some(ACCESS_KEY.to_owned()), ..SimOptions::default() });
    site.add(".env", "ONFON_SENDER_ID=DUKA\n");
    let environment = [("SALIO_LOG", "trace,hyper=trace,reqwest=trace,hyper_util=trace,rustls=trace"), ("RUST_BACKTRACE", "1")];
    let server = site.serve_with(&environment);
    until("the first figure", || Some(server.json("/api/v1/accounts/onfon/balance")).filter(|balance| balance["state"] == "fresh"));
    for path in ["/", "/api/v1/accounts", "/api/v1/accounts/onfon/balance", "/api/v1/accounts/onfon/questions", "/api/v1/info", "/metrics", "/openapi.json", "/nothing?ApiKey=x"] {
        clean(path, server.get(path).as_bytes());
    }
    trouble(&site);
    for arguments in [
        &["balance", "--refresh"] as &[&str],
        &["balance", "--refresh"],
        &["balance", "--refresh", "--json"],
        &["send", "--to", "0712345678", "--text", "Hello"],
        &["messages"],
        &["doctor"],
        &["cache", "show"],
    ] {
        let done = site.run_with(arguments, &environment);
        clean(&format!("{arguments:?}"), (done.out + &done.err).as_bytes());
    }
    let done = server.stop().with_code(0);
    assert!(done.err.contains("\"level\":\"INFO\"") && done.err.contains("\"provider\":\"onfon\""), "the log is there: {}", done.err);
    clean("the server's output", (done.out + &done.err).as_bytes());
    trouble(&site);
    for arguments in [&["balance", "--refresh"] as &[&str], &["doctor", "--ask"], &["balance", "--refresh", "--json"], &["send", "--to", "0712345678", "--text", "Again"]] {
        let done = site.run_with(arguments, &environment);
        clean(&format!("{arguments:?} without a server"), (done.out + &done.err).as_bytes());
    }
    let files = bytes_in(&site.path("salio-data"));
    assert!(files.iter().any(|(path, bytes)| path.ends_with("salio.db") && bytes.len() > 10_000));
    files.iter().for_each(|(path, bytes)| clean(&path.display().to_string(), bytes));
}
