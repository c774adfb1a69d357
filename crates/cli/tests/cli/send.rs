//! Sending: by itself, through a server, from files, interrupted.

use salio_simulator::SimOptions;
use salio_simulator::core::{Charging, Fault, Next, Service};
use serde_json::Value;

use crate::site::{Site, Started, until};

fn site() -> Site {
    let site = Site::new();
    site.add(".env", "ONFON_SENDER_ID=DUKA\n");
    site
}

fn accepted(site: &Site) -> Vec<(String, String)> {
    site.provider().with(|model, _| model.accepted().iter().map(|message| (message.number.to_string(), message.text.to_string())).collect())
}

#[test]
fn without_a_server_it_sends_by_itself() {
    let site = site();
    let done = site.run(&["send", "--to", "0712345678", "0722345678", "--text", "Hello"]).with_code(0);
    assert!(done.out.starts_with("2 messages: 2 sent  (charge 2.00)\n"), "{}", done.out);
    assert_eq!(accepted(&site), [("254712345678".to_owned(), "Hello".to_owned()), ("254722345678".to_owned(), "Hello".to_owned())]);
    let batch = done.out.lines().find(|line| line.starts_with("bat_")).unwrap();
    let listed = site.run(&["messages", "--batch", batch, "--json"]).with_code(0).json();
    assert_eq!(listed["messages"].as_array().unwrap().len(), 2);
    let id = listed["messages"][0]["id"].as_str().unwrap();
    let one = site.run(&["messages", id]).with_code(0);
    assert!(one.out.contains("Hello") && one.out.contains("submitting") && one.out.contains("sent (accepted)"), "{}", one.out);
    let done = site.run(&["messages", "cancel", id]).with_code(1);
    assert!(done.err.contains("left"), "{}", done.err);
}

#[test]
fn through_a_server_it_queues_and_follows() {
    let site = site();
    let server = site.serve();
    let told = site.run(&["send", "--to", "0712345678", "--text", "Hello", "--reference", "order 7", "--json"]).with_code(0).json();
    assert_eq!((&told["states"]["sent"], &told["charge"]), (&1.into(), &"1.00".into()));
    let done = site.run(&["send", "--to", "0722345678", "--text", "Later", "--no-wait"]).with_code(0);
    assert!(done.err.contains("the server sends them; follow with `salio messages msg_"), "{}", done.err);
    until("both arrive", || (accepted(&site).len() == 2).then_some(()));
    let found = site.run(&["messages", "--reference", "order 7"]).with_code(0);
    assert!(found.out.contains("254712345678") && !found.out.contains("254722345678"), "{}", found.out);
    server.stop().with_code(0);
}

#[test]
fn a_file_fills_the_text_and_its_bad_lines_are_named() {
    let site = site();
    site.write("people.csv", "name,to\nAsha,0712345678\nJuma,\nNia,12\nOtieno,0722345678\n");
    for arguments in [&["send", "--csv", "people.csv", "--text", "Dear {name}"] as &[&str], &["send", "--csv", "people.csv", "--text", "Dear {name}", "--dry-run"]] {
        let done = site.run(arguments).with_code(1);
        assert!(done.err.contains("line 3: to: The number is empty.") && done.err.contains("line 4: to: ") && done.err.contains("[12]"), "{}", done.err);
        assert!(done.err.contains("nothing was sent: mend these lines, or send the others alone with --skip-bad-lines"), "{}", done.err);
        assert_eq!(done.out, "");
    }
    assert!(accepted(&site).is_empty());
    assert_eq!(site.run(&["messages", "--json"]).with_code(0).json()["messages"], serde_json::json!([]));
    let done = site.run(&["send", "--csv", "people.csv", "--text", "Dear {name}", "--skip-bad-lines"]).with_code(1);
    assert!(done.err.contains("line 3: to: The number is empty.") && done.err.contains("2 lines of the file went, 2 did not: `salio batch errors bat_"), "{}", done.err);
    assert!(done.out.starts_with("2 messages: 2 sent"), "{}", done.out);
    let mut arrived = accepted(&site);
    arrived.sort();
    assert_eq!(arrived, [("254712345678".to_owned(), "Dear Asha".to_owned()), ("254722345678".to_owned(), "Dear Otieno".to_owned())]);
}

#[test]
fn what_is_wrong_as_typed_is_wrong_usage() {
    let site = site();
    site.write("people.csv", "to,text\n0712345678,Hello\n");
    for (arguments, why) in [
        (&["--to", "0712345678", "--text", "Hello", "--from", "é"] as &[&str], "\"é\" cannot be a sender"),
        (&["--to", "0712345678", "--text", " "], "--text is empty"),
        (&["--to", "0712345678", "--text", "Hello", "--account", "nope"], "\"nope\""),
        (&["--to", "12", "--text", "Hello"], "12 was refused: "),
        (&["--to", "12", "13", "--text", "Hello"], "13 was refused: "),
        (&["--csv", "people.csv", "--account", "nope"], "there is no account \"nope\"; the accounts are: onfon"),
        (&["--csv", "people.csv", "--text", "Hi all"], "leave out --text, or take the column out of the file"),
        (&["--csv", "/dev/zero", "--text", "Hi all"], "/dev/zero is no regular file"),
        (&["--to", "0712345678", "--text", "Hello", "--skip-bad-lines"], "--csv"),
    ] {
        let done = site.run(&[&["send"], arguments].concat()).with_code(2);
        assert!(done.err.contains(why) && !done.err.contains("GET"), "{arguments:?}: {}", done.err);
    }
    assert!(accepted(&site).is_empty());
}

#[test]
fn standard_input_is_read_up_to_a_bound() {
    let site = site();
    site.write("people.csv", "to,text\n0712345678,Hello\n");
    let read = |path: std::path::PathBuf| {
        let mut command = site.command(&["send", "--csv", "-"]);
        command.stdin(std::fs::File::open(path).unwrap());
        Started::new(command.spawn().unwrap()).wait()
    };
    assert!(read(site.path("people.csv")).with_code(0).out.starts_with("1 message: 1 sent"));
    let done = read("/dev/zero".into()).with_code(2);
    assert!(done.err.contains("that is no list of messages"), "{}", done.err);
}

#[test]
fn a_long_file_is_one_batch() {
    let site = site();
    let rows: String = (0..2_300).map(|number| format!("2547{number:08},Hello all\n")).collect();
    site.write("all.csv", &format!("to,text\n{rows}"));
    let told = site.run(&["send", "--csv", "all.csv", "--json"]).with_code(0).json();
    assert_eq!((told["messages_truncated"].clone(), told["batch_ids"].as_array().unwrap().len(), told["batch"]["messages"].clone()), (true.into(), 1, 2_300.into()));
    assert_eq!(told["states"], serde_json::json!({ "sent": 2_300 }));
    assert_eq!(site.provider().with(|model, _| (model.accepted().len(), model.repeated())), (2_300, 0));
}

#[test]
fn a_dry_run_sends_nothing() {
    let site = site();
    site.run(&["balance"]).with_code(0);
    let done = site.run(&["send", "--to", "0712345678", "0722345678", "--text", &"a".repeat(161), "--dry-run"]).with_code(0);
    assert!(done.out.contains("2 recipients × 2 segments (gsm7)  charge 4.00") && done.out.contains("11,374.50 would be left"), "{}", done.out);
    assert!(accepted(&site).is_empty());
    assert_eq!(site.run(&["messages", "--json"]).with_code(0).json()["messages"], serde_json::json!([]));
}

/// What the sending itself would refuse is refused before.
#[test]
fn a_dry_run_approves_nothing_that_is_refused_then() {
    let site = site();
    let long = "r".repeat(201);
    for (more, why) in [
        (["--from", "TWELVE-CHARS"], "cannot be a sender"),
        (["--valid-until", "2020-01-01T00:00:00Z"], "--valid-until must lie in the future"),
        (["--reference", &long], "at most 200 bytes"),
    ] {
        for dry in [&["--dry-run"] as &[&str], &[]] {
            let done = site.run(&[&["send", "--to", "0712345678", "--text", "Hello"], more.as_slice(), dry].concat()).with_code(2);
            assert!(done.err.contains(why), "{more:?} {dry:?}: {}", done.err);
        }
    }
    let done = Site::new().run(&["send", "--to", "0712345678", "--text", "Hello", "--dry-run"]).with_code(2);
    assert!(done.err.contains("ONFON_SENDER_ID") && done.err.contains("--from"), "{}", done.err);
    assert!(accepted(&site).is_empty());
}

#[test]
fn a_batch_is_taken_back_without_a_server() {
    let site = site();
    let rows: String = (0..2_300).map(|number| format!("2547{number:08},Hello all\n")).collect();
    site.write("all.csv", &format!("to,text\n{rows}"));
    let told = site.run(&["send", "--csv", "all.csv", "--send-at", "2099-01-01T00:00:00Z", "--json"]).json();
    let id = told["batch_ids"][0].as_str().unwrap().to_owned();
    let done = site.run(&["batch", "cancel", &id]).with_code(0);
    assert!(done.out.contains("cancelled: 2,300 cancelled"), "{}", done.out);
    let shown = site.run(&["batch", "show", &id, "--json"]).with_code(0).json();
    assert_eq!((&shown["state"], &shown["counts"]["cancelled"], &shown["ended_at"].is_string()), (&"cancelled".into(), &2_300.into(), &true));
    let watched = site.run(&["batch", "watch", &id]).with_code(0);
    assert!(!watched.err.contains("leave"), "{}", watched.err);
    assert_eq!(site.run(&["balance", "--json"]).json().to_string().matches("\"queued\":\"0.00\"").count(), 1);
}

#[test]
fn without_a_sender_it_is_refused_with_the_fix() {
    let site = Site::new();
    let done = site.run(&["send", "--to", "0712345678", "--text", "Hello"]).with_code(2);
    assert!(done.err.contains("ONFON_SENDER_ID") && done.err.contains("--from"), "{}", done.err);
    assert!(accepted(&site).is_empty());
}

#[test]
fn what_the_provider_refuses_is_one() {
    let site = site();
    site.provider()
        .with(|model, _| model.add_next(Next { service: Some(Service::SendBulkSMS), fault: Fault::PartialRefusals { per_mille: 1000, code: 13, text: "bad".into() }, count: 1 }));
    let done = site.run(&["send", "--to", "0712345678", "--text", "Hello"]).with_code(1);
    assert!(done.out.contains("1 rejected") && done.err.contains("1 rejected: "), "{}{}", done.out, done.err);
}

#[test]
fn out_of_credit_leaves_them_queued_instead_of_waiting_for_ever() {
    let site = Site::with(SimOptions::default());
    site.add(".env", "ONFON_SENDER_ID=DUKA\n");
    site.provider().with(|model, now| model.set_credit(now, salio_simulator::core::Micros(0)));
    let done = site.run(&["send", "--to", "0712345678", "--text", "Hello"]).with_code(1);
    assert!(done.err.contains("has stopped sending (out of credit); 1 message stays queued"), "{}", done.err);
    assert_eq!(queued(&site), 1);
}

fn queued(site: &Site) -> usize {
    let listed: Value = site.run(&["messages", "--state", "queued", "--limit", "1000", "--json"]).with_code(0).json();
    listed["messages"].as_array().unwrap().len()
}

#[test]
fn ctrl_c_leaves_the_rest_queued_and_says_how_to_follow() {
    let site = Site::with(SimOptions { latency_ms: Some(300), ..SimOptions::default() });
    site.add(".env", "ONFON_SENDER_ID=DUKA\n");
    site.write("salio.toml", "[accounts.onfon]\nbatch_size = 1\nconcurrency = 1\n");
    let numbers: Vec<String> = (0..60).map(|number| format!("2547{number:08}")).collect();
    let mut arguments = vec!["send", "--text", "Hello", "--to"];
    arguments.extend(numbers.iter().map(String::as_str));
    let sending = Started::new(site.command(&arguments).spawn().unwrap());
    until("the first two are with the provider", || (accepted(&site).len() >= 2).then_some(()));
    sending.signal("INT");
    let done = sending.wait().with_code(1);
    assert!(done.err.contains("stay queued: they leave with `salio serve` or the next `salio send`. Follow with `salio batch watch bat_"), "{}", done.err);
    let arrived = accepted(&site).len();
    assert!((2..60).contains(&arrived), "{arrived}");
    assert_eq!(queued(&site), 60 - arrived, "what was in flight ended, nothing is in doubt");
    assert_eq!(site.run(&["messages", "--state", "unknown", "--json"]).with_code(0).json()["messages"], serde_json::json!([]));
    // A file that is refused sends nothing, not even what waits.
    site.write("people.csv", "to,text\n12,Hello\n0722345678,Hello\n");
    site.run(&["send", "--csv", "people.csv"]).with_code(1);
    assert_eq!((accepted(&site).len(), queued(&site)), (arrived, 60 - arrived));
    // A server takes over what is left.
    site.provider().with(|model, now| {
        model.set_faults(now, salio_simulator::core::FaultPlan::default());
        model.set_charging(now, Charging::default());
    });
    let server = site.serve();
    until("the rest arrives", || (accepted(&site).len() == 60).then_some(()));
    assert_eq!(site.provider().with(|model, _| model.repeated()), 0);
    server.stop().with_code(0);
}

#[test]
fn what_waits_can_be_taken_back() {
    let site = site();
    site.provider().with(|model, now| model.set_credit(now, salio_simulator::core::Micros(0)));
    site.run(&["send", "--to", "0712345678", "--text", "Hello"]).with_code(1);
    let id = site.run(&["messages", "--json"]).json()["messages"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(site.run(&["messages", "cancel", &id]).with_code(0).out, format!("{id}  cancelled\n"));
    assert_eq!(queued(&site), 0);
}
