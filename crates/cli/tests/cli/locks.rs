//! One process in charge of a directory; the others go through it or say who it is.

use std::time::Duration;

use crate::site::{Site, Started, now};

#[test]
fn a_second_server_names_the_first() {
    let site = Site::new();
    let server = site.serve();
    let done = site.run(&["serve", "--listen", "127.0.0.1:0"]).with_code(1);
    let id = server.process.id();
    assert!(done.err.contains(&format!("process {id} (salio serve); stop it (kill {id})")), "{}", done.err);
}

#[test]
fn a_holder_that_does_not_answer_is_named_after_a_while() {
    let site = Site::new();
    let data = site.path("salio-data");
    std::fs::create_dir(&data).unwrap();
    let lock = std::fs::File::create(data.join("salio.lock")).unwrap();
    lock.lock().unwrap();
    std::fs::write(data.join("salio.lock"), "4242 send\n").unwrap();
    let begun = now();
    let others = [&["balance"] as &[&str], &["serve", "--listen", "127.0.0.1:0"]].map(|arguments| Started::new(site.command(arguments).spawn().unwrap()));
    for done in others.map(|other| other.wait().with_code(1)) {
        assert!(done.err.contains("in use by process 4242 (salio send); run this again when it has ended"), "{}", done.err);
        assert!(!done.err.contains("kill"), "a command may be in the middle of sending: {}", done.err);
    }
    assert!(begun.elapsed() >= Duration::from_secs(20), "a balance may take 15 s: {:?}", begun.elapsed());
    drop(lock);
    site.run(&["balance"]).with_code(0);
}

#[test]
fn a_command_waits_for_a_short_one_to_end() {
    let site = Site::new();
    let data = site.path("salio-data");
    std::fs::create_dir(&data).unwrap();
    let lock = std::fs::File::create(data.join("salio.lock")).unwrap();
    lock.lock().unwrap();
    let waiting = crate::site::Started::new(site.command(&["balance", "--refresh"]).spawn().unwrap());
    // It has found the lock held when it has opened the file; whether before or after, it must succeed once the lock is free.
    drop(lock);
    assert_eq!(waiting.wait().with_code(0).out, "Balance updated: 11,378.50 units\n");
}

#[test]
fn a_socket_left_behind_by_a_crash_is_replaced() {
    let site = Site::new();
    let server = site.serve();
    server.process.signal("KILL");
    server.process.wait();
    assert!(site.path("salio-data/salio.sock").exists());
    assert_eq!(site.run(&["balance", "--refresh"]).with_code(0).out, "Balance updated: 11,378.50 units\n");
    let server = site.serve();
    assert_eq!(site.run(&["balance", "onfon", "--json"]).with_code(0).json()["account"], "onfon");
    server.stop().with_code(0);
}
