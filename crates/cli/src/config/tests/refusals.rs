//! What is refused, where it is said to stand, and what is offered instead. All at once.

use super::*;

#[test]
fn everything_wrong_comes_at_once_in_the_order_of_the_layers() {
    let given = file("datadir = '/x'\n\n[server]\nlisten = 8080\n[balance]\ncache_tll = '1m'\ncalls_per_hour = 5000\n")
        .dotenv("APP_NAME=shop\nSALIO_LISTN=1\nSALIO_LOG=\"open\nSALIO_BALANCE__TIMEOUT=15\n")
        .env("SALIO_TIMEZONE", "Africa/Nairobi")
        .env("SALIO_SERVER__TIMEZONE", "Africa/Nairobo")
        .flag("--data-dir", "data_dir", "");
    let text = given.load().expect_err("it was taken").to_string();
    let expected = [
        "The configuration has 9 problems:",
        "  - datadir = \"/x\" (salio.toml:1): unknown key; did you mean data_dir? allowed here: data_dir, database_url, log, [server], [balance], [accounts]",
        "  - server.listen = 8080 (salio.toml:4): allowed: an address and a port, such as 127.0.0.1:8080; did you mean 127.0.0.1:8080?",
        "  - balance.cache_tll = \"1m\" (salio.toml:6): unknown key; did you mean balance.cache_ttl? allowed here: cache_ttl, schedule, watch_interval, calls_per_hour, reserved_for_people, reserved_for_automatic, settle_after, late_charge_window, timeout",
        "  - balance.calls_per_hour = 5000 (salio.toml:7): allowed: a whole number, 1 to 3600",
        "  - SALIO_LISTN = \"1\" (.env:2): unknown variable; did you mean SALIO_LISTEN? allowed: SALIO_LISTEN, SALIO_DATA_DIR, SALIO_DATABASE_URL, SALIO_LOG, SALIO_CONFIG, SALIO_URL, SALIO_TOKEN, SALIO_SERVER__KEY, SALIO_BALANCE__KEY, SALIO_ACCOUNTS__ID__KEY",
        "  - SALIO_LOG (.env:3): the line is broken: its quote is not closed, or something follows it",
        "  - balance.timeout = \"15\" (.env:4, SALIO_BALANCE__TIMEOUT): a bare number has no unit; write 15s, 15m or 15h",
        "  - server.timezone = \"Africa/Nairobo\" (environment, SALIO_SERVER__TIMEZONE): unknown; allowed: an IANA time zone, such as Africa/Nairobi",
    ];
    let lines: Vec<&str> = text.lines().collect();
    for line in expected.iter().skip(1) {
        assert!(lines.contains(line), "missing: {line}\nin:\n{text}");
    }
    assert!(text.contains("SALIO_TIMEZONE = \"Africa/Nairobi\" (environment): unknown variable; did you mean SALIO_SERVER__TIMEZONE?"), "{text}");
    assert!(text.ends_with("data_dir = \"\" (flag --data-dir): it is empty; allowed: a path"), "{text}");
    assert_eq!(lines[0], "The configuration has 10 problems:", "{text}");
    assert_eq!(lines.len(), 11, "{text}");
}

#[test]
fn one_problem_has_its_own_heading() {
    let text = file("x = 1").load().expect_err("it was taken").to_string();
    assert!(text.starts_with("The configuration has a problem:\n  - x = 1 (salio.toml:1): unknown key; allowed here: "), "{text}");
}

#[test]
fn unknown_keys_of_the_file_are_refused() {
    for (text, begins) in [
        ("[acounts.onfon]\napi_key = 'made-up'", "acounts = a table (salio.toml:1): unknown key; did you mean accounts? "),
        ("server = 5", "server = 5 (salio.toml:1): a section is expected, written [server]"),
        ("accounts = []", "accounts = (hidden) (salio.toml:1): a section is expected, written [accounts]"),
        ("accounts.onfon = 'x'", "accounts.onfon = (hidden) (salio.toml:1): a section is expected, written [accounts.onfon]"),
        ("[[balance]]\n", "balance = [a table] (salio.toml:1): a section is expected"),
        ("[server.listen]\nport = 1", "server.listen = a table (salio.toml:1): one value is expected: an address and a port"),
        ("token = 'made-up'", "token = (hidden) (salio.toml:1): not a key of the file; set SALIO_TOKEN or use the flag"),
        ("config = 'x.toml'", "config = \"x.toml\" (salio.toml:1): not a key of the file; set SALIO_CONFIG"),
        ("listen = '127.0.0.1:1'", "listen = \"127.0.0.1:1\" (salio.toml:1): unknown key; did you mean server.listen? "),
        ("[server]\nurl = 'http://h'", "server.url = \"http://h\" (salio.toml:2): unknown key; allowed here: listen, public_url, trusted_proxies, timezone"),
        ("[accounts.onfon]\nDEFAULT = true", "accounts.onfon.DEFAULT = (hidden) (salio.toml:2): unknown key; did you mean accounts.onfon.default? "),
        ("\u{feff}\r\n\r\nlogg = 'x'\r\n", "logg = \"x\" (salio.toml:3): unknown key; did you mean log? "),
    ] {
        let lines = file(text).lines();
        assert_eq!(lines.len(), 1, "{text}: {lines:?}");
        assert!(lines[0].starts_with(begins), "{text}: {lines:?}");
    }
}

#[test]
fn unknown_variables_are_refused_wherever_they_stand() {
    for (name, meant) in [
        ("SALIO_LISTN", Some("SALIO_LISTEN")),
        ("SALIO_LISTENS", Some("SALIO_LISTEN")),
        ("SALIO_Listen", Some("SALIO_LISTEN")),
        ("SALIO_CACHE_TTL", Some("SALIO_BALANCE__CACHE_TTL")),
        ("SALIO_BALANCE_CACHE_TTL", Some("SALIO_BALANCE__CACHE_TTL")),
        ("SALIO_BALANCE__CACHETTL", Some("SALIO_BALANCE__CACHE_TTL")),
        ("SALIO_DATABSE_URL", Some("SALIO_DATABASE_URL")),
        ("SALIO_ONFON_API_KEY", Some("ONFON_API_KEY")),
        ("SALIO_ACCOUNTS__BIG_SHOP__APIKEY", Some("SALIO_ACCOUNTS__BIG_SHOP__API_KEY")),
        ("SALIO_", None),
        ("SALIO_ACCOUNTS", None),
        ("SALIO_SERVER", None),
        ("SALIO_ACCOUNTS____API_KEY", None),
        ("SALIO_ACCOUNTS__ONFON__API_KEY__X", Some("SALIO_ACCOUNTS__ONFON__API_KEY")),
        ("SALIO_FROBNICATE", None),
    ] {
        for (given, place) in [(env(name, "x"), "environment"), (dotenv_text(&format!("A=1\n{name}=x")), ".env:2"), (env(name, ""), "environment")] {
            let errors = given.errors();
            assert_eq!(errors.len(), 1, "{name}: {errors:?}");
            assert_eq!((errors[0].key.as_str(), errors[0].place.to_string().as_str()), (name, place));
            let suggestion = errors[0].problem.split("did you mean ").nth(1).and_then(|rest| rest.split('?').next());
            assert_eq!(suggestion, meant, "{name}: {errors:?}");
        }
    }
}

#[test]
fn other_variables_are_nobodys_business() {
    let settings = env("PATH", "/bin").env("SALIOX", "1").env("salio_listen", "x").env("ONFON_SOMETHING", "x").env("MY_SALIO_LISTEN", "x").settings();
    assert_eq!(settings.server.listen.port(), 8080);
}

#[test]
fn a_section_of_variables_lists_its_own() {
    let lines = env("SALIO_SERVER__PORT", "8080").lines();
    assert_eq!(
        lines,
        [r#"SALIO_SERVER__PORT = "8080" (environment): unknown variable; allowed: SALIO_LISTEN, SALIO_SERVER__PUBLIC_URL, SALIO_SERVER__TRUSTED_PROXIES, SALIO_SERVER__TIMEZONE"#]
    );
}

#[test]
fn reserved_parts_fit_into_the_whole() {
    for (text, place) in [
        ("[balance]\ncalls_per_hour = 59", "balance.calls_per_hour = 59 (salio.toml:2)"),
        ("[balance]\nreserved_for_people = 81", "balance.reserved_for_people = 81 (salio.toml:2)"),
        ("[balance]\ncalls_per_hour = 10\nreserved_for_automatic = 41", "balance.reserved_for_automatic = 41 (salio.toml:3)"),
    ] {
        let lines = file(text).lines();
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].starts_with(&format!("{place}: reserved_for_people (")), "{lines:?}");
    }
    assert_eq!(file("balance.calls_per_hour = 60").settings().balance.calls_per_hour, 60);
    let lines = file("[balance]\ncalls_per_hour = 0\nreserved_for_people = 100").lines();
    assert_eq!(lines.len(), 1, "a refused number is not compared: {lines:?}");
}

#[test]
fn a_file_that_is_no_toml_names_its_lines_and_hides_nothing_else() {
    let given = file("[server]\nlisten = 127.0.0.1\n[accounts.shop]\nsender_id = 'X'\n").env("SALIO_NOPE", "x").env("SALIO_ACCOUNTS__SHOP__UNIT", "KES");
    let lines = given.lines();
    assert!(lines[0].starts_with("salio.toml:2: not TOML: "), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("SALIO_NOPE = ")), "{lines:?}");
    assert!(!lines.iter().any(|line| line.contains("missing")), "half a file says nothing about what is missing: {lines:?}");
}

#[test]
fn a_key_written_twice_is_refused() {
    let lines = file("log = 'info'\nlog = 'warn'").lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("salio.toml:2: not TOML: duplicate key"), "{lines:?}");
}
