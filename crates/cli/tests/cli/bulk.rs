//! Files of any length: checked as a whole, handed over as one stream, followed, repeated, interrupted.

use salio_simulator::SimOptions;
use salio_simulator::core::Micros;

use crate::site::{Done, Site, Started, until};

fn site() -> Site {
    let site = Site::new();
    site.add(".env", "ONFON_SENDER_ID=DUKA\n");
    site
}

fn arrived(site: &Site) -> Vec<(String, String)> {
    let mut all: Vec<_> = site.provider().with(|model, _| model.accepted().iter().map(|message| (message.number.to_string(), message.text.to_string())).collect());
    all.sort();
    all
}

fn batch_of(done: &Done) -> String {
    done.out.lines().find(|line| line.starts_with("bat_")).unwrap().to_owned()
}

#[test]
fn any_column_delimiter_and_form_will_do() {
    let site = site();
    let server = site.serve();
    site.write("people.txt", "Name|Cell\nAsha|0712345678\n");
    let done = site.run(&["send", "--csv", "people.txt", "--text", "Dear {name}", "--delimiter", "|", "--to-column", "Cell", "--name", "Friday"]).with_code(0);
    site.write("people.ndjson", "{\"to\":\"0722345678\",\"name\":\"Juma\"}\n\n{\"to\":\"0732345678\",\"text\":\"Own\"}\n");
    site.run(&["send", "--ndjson", "people.ndjson", "--text", "Dear {name}", "--skip-bad-lines"]).with_code(0);
    let expected = [("254712345678", "Dear Asha"), ("254722345678", "Dear Juma"), ("254732345678", "Own")];
    assert_eq!(arrived(&site), expected.map(|(to, text)| (to.to_owned(), text.to_owned())));
    let listed = site.run(&["batch", "list"]).with_code(0);
    assert!(listed.out.contains("Friday") && listed.out.contains("done"), "{}", listed.out);
    let shown = site.run(&["batch", "show", &batch_of(&done)]).with_code(0);
    assert!(shown.out.contains("1 sent") && shown.out.contains("csv") && shown.out.contains("bulk"), "{}", shown.out);
    server.stop().with_code(0);
}

#[test]
fn the_same_file_again_is_sent_once_unless_it_has_a_key_of_its_own() {
    let site = site();
    let server = site.serve();
    site.write("people.csv", "to,text\n0712345678,Hello\n");
    let first = batch_of(&site.run(&["send", "--csv", "people.csv"]).with_code(0));
    let again = site.run(&["send", "--csv", "people.csv"]).with_code(0);
    assert!(again.err.contains(&format!("handed over before with the same options, as {first}")), "{}", again.err);
    assert_eq!((batch_of(&again), arrived(&site).len()), (first.clone(), 1));
    server.stop().with_code(0);
    // Without a server, from standard input, it is the same file still.
    let mut command = site.command(&["send", "--csv", "-", "--json"]);
    command.stdin(std::fs::File::open(site.path("people.csv")).unwrap());
    let told = Started::new(command.spawn().unwrap()).wait().with_code(0).json();
    assert_eq!((&told["replayed"], &told["batch_ids"][0], arrived(&site).len()), (&true.into(), &first.into(), 1));
    site.run(&["send", "--csv", "people.csv", "--key", "second-time"]).with_code(0);
    assert_eq!(arrived(&site).len(), 2);
}

#[test]
fn many_bad_lines_are_counted_and_the_first_named() {
    let site = site();
    let rows: String = (0..30).map(|_| "12,Hello\n").collect();
    site.write("people.csv", &format!("to,text\n{rows}0712345678,Hello\n"));
    let done = site.run(&["send", "--csv", "people.csv"]).with_code(1);
    assert!(done.err.contains("line 21: to: ") && !done.err.contains("line 22: "), "{}", done.err);
    assert!(done.err.contains("… and 10 more"), "{}", done.err);
    let checked = site.run(&["send", "--csv", "people.csv", "--dry-run", "--json"]).with_code(1).json();
    assert_eq!((checked["rejected"].clone(), checked["messages"].clone(), checked["errors"].as_array().unwrap().len()), (30.into(), 1.into(), 30));
    let sent = site.run(&["send", "--csv", "people.csv", "--skip-bad-lines"]).with_code(1);
    let batch = batch_of(&sent);
    let all = site.run(&["batch", "errors", &batch]).with_code(0);
    assert!(all.out.lines().count() == 30 && all.out.starts_with("line 2: to: "), "{}", all.out);
    assert_eq!(site.run(&["batch", "errors", &batch, "--limit", "3", "--json"]).with_code(0).json()["errors"].as_array().unwrap().len(), 3);
    assert_eq!(arrived(&site).len(), 1);
}

#[test]
fn a_stopped_number_is_found_before_anything_is_sent() {
    let site = site();
    site.run(&["stop-list", "add", "0712345678"]).with_code(0);
    site.write("people.csv", "to,text\n0712345678,Hello\n0722345678,Hello\n");
    let done = site.run(&["send", "--csv", "people.csv"]).with_code(1);
    assert!(done.err.contains("line 2: to: 254712345678 is on the stop list"), "{}", done.err);
    assert!(arrived(&site).is_empty());
}

#[test]
fn a_dry_run_of_a_file_says_what_it_costs() {
    let site = site();
    site.add("salio.toml", "[accounts.onfon]\nprice = \"0.80\"\nprices = \"2547=0.50\"\n");
    site.run(&["balance"]).with_code(0);
    site.write("people.csv", &format!("to,text\n0712345678,{}\n0722345678,Hi\n+255712345678,Hi\n", "a".repeat(161)));
    let done = site.run(&["send", "--csv", "people.csv", "--dry-run"]).with_code(0);
    assert_eq!(done.out, "3 messages, 4 segments  charge 2.30\n11,376.20 would be left. Nothing was sent.\n");
    assert!(arrived(&site).is_empty());
    assert_eq!(site.run(&["batch", "list", "--json"]).with_code(0).json()["batches"], serde_json::json!([]));
}

#[test]
fn what_the_balance_does_not_cover_is_refused_held_or_cut() {
    let site = site();
    site.provider().with(|model, now| model.set_credit(now, Micros(2_000_000)));
    let server = site.serve();
    until("the first figure", || Some(server.json("/api/v1/accounts/onfon/balance")).filter(|balance| balance["state"] == "fresh"));
    site.write("people.csv", "to,text\n0712345678,Hello\n0722345678,Hello\n0732345678,Hello\n");
    let refused = site.run(&["send", "--csv", "people.csv"]).with_code(1);
    assert!(refused.err.contains("1.00 units are missing") && refused.err.contains("--on-short hold"), "{}", refused.err);
    assert!(arrived(&site).is_empty());
    let partly = site.run(&["send", "--csv", "people.csv", "--on-short", "partial"]).with_code(1);
    assert!(partly.out.starts_with("3 messages: 1 cancelled, 2 sent"), "{}{}", partly.out, partly.err);
    let held = site.run(&["send", "--to", "0742345678", "0752345678", "--text", "Later", "--on-short", "hold", "--no-wait", "--json"]).with_code(0).json();
    let batch = held["batch_ids"][0].as_str().unwrap().to_owned();
    until("it waits for credit", || Some(site.run(&["batch", "show", &batch]).with_code(0)).filter(|shown| shown.out.contains("insufficient balance")));
    let taken = site.run(&["batch", "cancel", &batch]).with_code(0);
    assert!(taken.out.starts_with(&batch), "{}", taken.out);
    let watched = site.run(&["batch", "watch", &batch]).with_code(0);
    assert!(watched.out.contains("cancelled: 2 cancelled"), "{}", watched.out);
    server.stop().with_code(0);
}

#[test]
fn a_batch_can_be_paused_watched_and_let_go() {
    let site = Site::with(SimOptions { latency_ms: Some(150), ..SimOptions::default() });
    site.add(".env", "ONFON_SENDER_ID=DUKA\n");
    site.write("salio.toml", "[accounts.onfon]\nbatch_size = 1\nconcurrency = 1\n");
    let server = site.serve();
    let rows: String = (0..12).map(|number| format!("2547{number:08},Hello\n")).collect();
    site.write("people.csv", &format!("to,text\n{rows}"));
    let told = site.run(&["send", "--csv", "people.csv", "--no-wait", "--json"]).with_code(0).json();
    let batch = told["batch_ids"][0].as_str().unwrap().to_owned();
    let paused = site.run(&["batch", "pause", &batch]).with_code(0);
    assert!(paused.out.starts_with(&format!("{batch}  paused: ")), "{}", paused.out);
    let before = arrived(&site).len();
    assert!(before < 12, "{before}");
    let mut watching = Started::new(site.command(&["batch", "watch", &batch, "--json"]).spawn().unwrap());
    watching.line(|line| line.contains("\"state\":\"paused\""));
    site.run(&["batch", "resume", &batch, "--json"]).with_code(0);
    let last = watching.line(|line| line.contains("\"state\":\"done\""));
    let last: serde_json::Value = serde_json::from_str(&last).unwrap();
    assert_eq!((last["counts"]["sent"].clone(), arrived(&site).len()), (12.into(), 12));
    watching.wait().with_code(0);
    let ended = site.run(&["batch", "pause", &batch]).with_code(1);
    assert!(ended.err.contains("ended"), "{}", ended.err);
    server.stop().with_code(0);
    // Without a server nothing goes on, and that is said.
    assert!(site.run(&["batch", "watch", &batch]).with_code(0).out.contains("done: 12 sent"));
}

#[test]
fn ctrl_c_leaves_the_batch_running_on_the_server() {
    let site = Site::with(SimOptions { latency_ms: Some(200), ..SimOptions::default() });
    site.add(".env", "ONFON_SENDER_ID=DUKA\n");
    site.write("salio.toml", "[accounts.onfon]\nbatch_size = 1\nconcurrency = 1\n");
    let server = site.serve();
    let rows: String = (0..20).map(|number| format!("2547{number:08},Hello\n")).collect();
    site.write("people.csv", &format!("to,text\n{rows}"));
    let sending = Started::new(site.command(&["send", "--csv", "people.csv"]).spawn().unwrap());
    until("the first is with the provider", || (!arrived(&site).is_empty()).then_some(()));
    sending.signal("INT");
    let done = sending.wait().with_code(1);
    assert!(done.err.contains("the server goes on with them. Follow with `salio batch watch bat_") && done.err.contains("`salio batch cancel bat_"), "{}", done.err);
    until("the rest arrives", || (arrived(&site).len() == 20).then_some(()));
    server.stop().with_code(0);
}

#[test]
fn a_broken_upload_says_how_to_go_on_and_the_same_command_does() {
    let site = site();
    let server = site.serve();
    let url = server.url();
    let rows: String = (0..150_000).map(|number| format!("2547{number:08},Hello\n")).collect();
    site.write("long.csv", &format!("to,text\n{rows}"));
    // Far away, so that nothing of it reaches the provider.
    let arguments = ["send", "--csv", "long.csv", "--key", "made-up key", "--send-at", "2099-01-01T08:00:00Z", "--on-short", "hold"];
    let mut command = site.command(&arguments);
    command.env("SALIO_URL", &url);
    let sending = Started::new(command.spawn().unwrap());
    until("it arrives", || server.json("/api/v1/batches")["batches"].as_array().is_some_and(|all| all.iter().any(|batch| batch["state"] == "receiving")).then_some(()));
    sending.signal("INT");
    let done = sending.wait().with_code(1);
    assert!(done.err.contains("--key 'made-up key'") && done.err.contains("nothing of it is sent"), "{}", done.err);
    let listed = site.run(&["batch", "list", "--state", "receiving", "--json"]).with_code(0).json();
    let batch = listed["batches"][0]["id"].as_str().unwrap().to_owned();
    let again = site.run_with(&arguments, &[("SALIO_URL", &url)]).with_code(0);
    assert_eq!(batch_of(&again), batch);
    assert!(again.out.starts_with("150,000 messages: 150,000 scheduled"), "{}", again.out);
    assert!(site.run(&["batch", "cancel", &batch]).with_code(0).out.starts_with(&batch));
    assert!(arrived(&site).is_empty());
    server.stop().with_code(0);
}

#[test]
fn what_is_scheduled_is_not_waited_for() {
    let site = site();
    let server = site.serve();
    let at = "2099-01-01T08:00:00+03:00";
    let done = site.run(&["send", "--to", "0712345678", "--text", "Later", "--send-at", at, "--priority", "high"]).with_code(0);
    assert!(done.out.starts_with("1 message: 1 scheduled") && done.err.contains("take back with `salio messages cancel msg_"), "{}{}", done.out, done.err);
    site.write("people.csv", &format!("to,text,send_at\n0712345678,Hello,{at}\n"));
    let done = site.run(&["send", "--csv", "people.csv"]).with_code(0);
    assert!(done.out.starts_with("1 message: 1 scheduled"), "{}", done.out);
    server.stop().with_code(0);
}
