//! Help, wrong usage, completions, configuration that cannot be read.

use crate::site::Site;

#[test]
fn help_and_version_are_no_failure() {
    let site = Site::bare();
    let help = site.run(&["--help"]).with_code(0);
    for command in [
        "demo",
        "serve",
        "balance",
        "onfon:refresh-balance",
        "cache",
        "send",
        "messages",
        "batch",
        "account",
        "stop-list",
        "reports",
        "inbound",
        "ledger",
        "token",
        "simulate",
        "doctor",
        "completions",
    ] {
        assert!(help.out.lines().any(|line| line.trim_start().starts_with(command)), "{command}: {}", help.out);
    }
    assert_eq!(site.run(&["--version"]).with_code(0).out, concat!("salio ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn wrong_usage_is_two() {
    let site = Site::bare();
    let cases: [&[&str]; 17] = [
        &[],
        &["sned"],
        &["send"],
        &["send", "--to", "0712345678"],
        &["balance", "--accept-form"],
        &["balance", "onfon", "--refresh", "--watch"],
        &["messages", "--limit", "0"],
        &["messages", "--state", "bogus"],
        &["simulate", "other"],
        &["send", "--to", "0712345678", "--csv", "a.csv", "--text", "Hi"],
        &["send", "--csv", "a.csv", "--delimiter", "ab"],
        &["send", "--to", "0712345678", "--text", "Hi", "--on-short", "maybe"],
        &["send", "--to", "0712345678", "--text", "Hi", "--send-at", "tomorrow"],
        &["messages", "resolve", "msg_1", "--as", "lost"],
        &["batch", "list", "--state", "bogus"],
        &["token", "create", "--name", "shop"],
        &["stop-list", "add"],
    ];
    for arguments in cases {
        let done = site.run(arguments).with_code(2);
        assert!(done.err.contains("Usage") || done.err.contains("error"), "{arguments:?}: {}", done.err);
    }
}

#[test]
fn a_wrong_configuration_is_two_and_names_every_problem() {
    let site = Site::bare();
    site.write("salio.toml", "[balance]\ncache_tll = \"15m\"\nschedule = \"often\"\n");
    for command in [&["serve"] as &[&str], &["balance"], &["cache", "show"], &["messages"]] {
        let done = site.run(command).with_code(2);
        assert!(done.err.contains("cache_tll") && done.err.contains("schedule"), "{}", done.err);
        assert!(done.out.is_empty());
    }
}

#[test]
fn without_an_account_commands_say_what_to_set() {
    let site = Site::bare();
    for command in [&["balance"] as &[&str], &["cache", "clear"], &["messages"], &["send", "--to", "0712345678", "--text", "hi"]] {
        let done = site.run(command).with_code(2);
        assert!(done.err.contains("ONFON_API_KEY and ONFON_CLIENT_ID"), "{}", done.err);
    }
    assert!(!site.path("salio-data").exists(), "nothing is left behind");
}

#[test]
fn completions_know_every_shell_and_command() {
    let site = Site::bare();
    for shell in ["bash", "zsh", "fish"] {
        let done = site.run(&["completions", shell]).with_code(0);
        assert!(
            (done.out.contains("onfon:refresh-balance") || done.out.contains("onfon\\:refresh-balance")) && done.out.contains("stop-list") && done.out.contains("unmatched"),
            "{shell}: {}",
            done.out
        );
    }
}

#[test]
fn a_server_that_is_not_there_is_one() {
    let site = Site::new();
    let done = site.run_with(&["balance"], &[("SALIO_URL", "http://127.0.0.1:1")]).with_code(1);
    assert!(done.err.contains("http://127.0.0.1:1 (SALIO_URL) cannot be reached"), "{}", done.err);
    assert!(!site.path("salio-data").exists(), "it acts on the named server alone");
}

#[test]
fn the_simulator_prints_what_to_put_into_env() {
    let site = Site::bare();
    let mut simulator = crate::site::Started::new(site.command(&["simulate", "onfon", "--listen", "127.0.0.1:0", "--credit", "250.75"]).spawn().unwrap());
    let lines: Vec<String> =
        ["ONFON_API_URL=http://127.0.0.1:", "ONFON_API_KEY=made-up-", "ONFON_CLIENT_ID=made-up-"].iter().map(|start| simulator.line(|line| line.starts_with(start))).collect();
    site.write(".env", &lines.join("\n"));
    let done = site.run(&["balance", "onfon", "--refresh"]).with_code(0);
    assert_eq!(done.out, "Balance updated: 250.75 units\n");
    simulator.signal("INT");
    let ended = simulator.wait().with_code(0);
    assert!(ended.err.contains("/sim"), "{}", ended.err);
}

#[test]
fn a_plan_of_faults_that_cannot_be_read_is_two() {
    let site = Site::bare();
    site.write("faults.json", "{\"windows\": 3}");
    let done = site.run(&["simulate", "onfon", "--listen", "127.0.0.1:0", "--faults", "faults.json"]).with_code(2);
    assert!(done.err.contains("faults.json"), "{}", done.err);
}

#[test]
fn a_result_that_cannot_be_written_is_a_failure() {
    let site = Site::new();
    let full = |arguments: &[&str]| {
        let mut command = site.command(arguments);
        command.stdout(std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
        command.output().unwrap()
    };
    for arguments in [&["balance"] as &[&str], &["balance", "--json"], &["balance", "--refresh"], &["messages", "--json"], &["completions", "bash"], &["doctor"], &["--help"]] {
        let done = full(arguments);
        let told = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(1), "{arguments:?}: {told}");
        assert!(told.contains("salio: the result could not be written: No space left on device"), "{arguments:?}: {told}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let site = Site::new();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = site.command(&["balance"]);
    command.stdout(writer);
    let done = command.output().unwrap();
    assert_eq!((done.status.code(), String::from_utf8_lossy(&done.stderr).as_ref()), (Some(0), ""));
}
