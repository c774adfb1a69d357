//! The server: where it listens, what it says without accounts, how it ends.

use std::os::unix::fs::PermissionsExt;

use crate::site::{Site, until};

#[test]
fn it_refuses_to_listen_to_strangers_and_says_why() {
    let site = Site::new();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8080"] {
        let done = site.run(&["serve", "--listen", address]).with_code(2);
        assert!(done.err.contains("people's accounts and logins do not exist yet") && done.err.contains("reverse proxy"), "{}", done.err);
    }
    assert!(!site.path("salio-data").exists(), "nothing was begun");
}

#[test]
fn without_accounts_it_runs_and_explains() {
    let site = Site::bare();
    let server = site.serve();
    let info = server.json("/api/v1/info");
    assert_eq!(info["setup"]["needed"], true);
    assert_eq!(info["setup"]["missing"], serde_json::json!(["ONFON_API_KEY", "ONFON_CLIENT_ID"]));
    assert!(server.get("/").starts_with("HTTP/1.1 200"), "{}", server.get("/"));
    assert_eq!(server.json("/readyz")["status"], "ok");
    let done = server.stop().with_code(0);
    for variable in ["ONFON_API_KEY=", "ONFON_CLIENT_ID=", "ONFON_SENDER_ID="] {
        assert!(done.err.contains(variable), "{}", done.err);
    }
}

#[test]
fn three_old_variables_are_enough() {
    let site = Site::new();
    let server = site.serve();
    let balance = until("the first figure", || Some(server.json("/api/v1/accounts/onfon/balance")).filter(|balance| balance["state"] == "fresh"));
    assert_eq!((&balance["formatted"], &balance["observed"]), (&"11,378.50 units".into(), &"11378.50".into()));
    let done = server.stop().with_code(0);
    assert!(!done.out.contains("No account") && !done.err.contains("No account"), "{}{}", done.out, done.err);
}

#[test]
fn everything_it_keeps_is_private_and_the_socket_goes_with_it() {
    let site = Site::new();
    let server = site.serve();
    let data = site.path("salio-data");
    let mode = |name: &str| std::fs::metadata(data.join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(""), mode("salio.sock"), mode("salio.db"), mode("salio.lock")), (0o700, 0o600, 0o600, 0o600));
    server.stop().with_code(0);
    assert!(!data.join("salio.sock").exists());
}

#[test]
fn a_taken_port_is_named_with_the_fix() {
    let site = Site::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let done = site.run(&["serve", "--listen", &address]).with_code(1);
    assert!(done.err.contains(&format!("{address} is in use")) && done.err.contains("--listen"), "{}", done.err);
}

#[test]
fn interrupting_it_is_an_orderly_end_too() {
    let site = Site::new();
    let server = site.serve();
    server.process.signal("INT");
    server.process.wait().with_code(0);
    // The lock is free again.
    site.serve().stop().with_code(0);
}

#[test]
fn a_second_signal_ends_it_at_once() {
    use salio_simulator::core::{Effect, Fault, Next, Service};
    let site = Site::new();
    site.add(".env", "ONFON_SENDER_ID=DUKA\n");
    let server = site.serve();
    site.provider().with(|model, _| model.add_next(Next { service: Some(Service::SendBulkSMS), fault: Fault::Stall { effect: Effect::None }, count: 1 }));
    site.run(&["send", "--to", "0712345678", "--text", "Hello", "--no-wait"]).with_code(0);
    until("it is with the provider", || Some(server.json("/api/v1/messages")).filter(|all| all["messages"][0]["state"] == "submitting"));
    server.process.signal("TERM");
    until("it takes nothing more", || std::net::TcpStream::connect(server.address).is_err().then_some(()));
    server.process.signal("TERM");
    let done = server.process.wait().with_code(1);
    assert!(done.err.contains("stopped at once; messages whose answer had not come will show as unknown"), "{}", done.err);
    let listed = site.run(&["messages", "--json"]).with_code(0).json();
    assert_eq!(listed["messages"][0]["state"], "unknown");
}
