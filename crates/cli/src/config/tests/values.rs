//! Every kind of value: what it takes, what it refuses.

use super::super::kind::Kind;
use super::super::raw::Raw;
use super::super::schema::{self, SCHEMA};
use super::super::value::parse;
use super::*;

/// Values that each key must refuse.
fn wrong(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Listen => &["8080", "localhost:80", "127.0.0.1", "x"],
        Kind::Url => &["x", "ftp://h", "https://u:p@h", "http://", "https://h?q=1"],
        Kind::TimeZone => &["Nairobi", "Africa/Nairobbi", "+03:00", "../etc/passwd"],
        Kind::Cron => &["* * * *", "* * * * * *", "60 * * * *", "@sometimes", "@hourly", "every minute", "a b c d e"],
        Kind::Duration { .. } => &["15", "1.5h", "soon", "-5s", "9999d", "15 m"],
        Kind::Durations { .. } => &["5s,2s", "2s,2s", "2", "2s,,5s", "1ms", "1s,2s,3s,4s,5s,6s,7s,8s,9s,10s,11s"],
        Kind::Integer { .. } => &["-1", "1.5", "many", "99999", "4294967296", "+x", "1_0"],
        Kind::Secret => &["two words", "line\nbreak", "\u{7}bell", "broken\u{fffd}"],
        Kind::Token => &["two words", "made-up-+", "made-up-&", "made-up-#", "made-up-%", "made-up-ü", "made-up-/", "made-up=0", "short-7"],
        Kind::Sender => &["TWELVE-CHARS", "1234567890123456", "DÜKA", "A\tB"],
        Kind::Text { .. } => &["line\nbreak", "tab\tin it", "0123456789012345678901234567890123456789012345678901234567890123456789"],
        Kind::Choice(_) => &["nonsense", "Header", "HOLD"],
        Kind::Prices => &["254", "254=0", "254=-1", "x=1", "254=1,254=2", "+254=KES 1"],
        Kind::Price => &["0", "-1", "1,000", "1e3", "0.0000001", "KES 1"],
        Kind::Amount => &["-1", "-0.000001", "x", "1.", "99999999999999"],
        Kind::Bool => &["yes", "1", "True"],
        Kind::Country => &["KEN", "K", "25", "+254"],
        Kind::Addresses => &["example.com", "192.0.2.1/33", "192.0.2.1,,192.0.2.2", "::/129"],
        Kind::Database => &["postgres://h/d", "mysql://h/d", "sqlite:", "sqlite::memory:"],
        Kind::LogFilter => &["salio=loudest", "a=b=c"],
        Kind::Path => &[],
    }
}

#[test]
fn every_key_takes_its_default_or_example_and_refuses_nonsense() {
    for spec in SCHEMA {
        let text = spec.default.unwrap_or(spec.example);
        let good = parse(spec.kind, &Raw::Text(text.to_owned()));
        assert!(good.is_ok(), "{}: {good:?}", spec.path);
        for text in wrong(spec.kind) {
            let bad = parse(spec.kind, &Raw::Text((*text).to_owned()));
            assert!(bad.is_err(), "{} took {text:?}: {bad:?}", spec.path);
        }
        assert!(parse(spec.kind, &Raw::Table).is_err(), "{} took a table", spec.path);
        assert_eq!(spec.default.is_some(), spec.example.is_empty(), "{}: either a default or an example", spec.path);
    }
}

#[test]
fn a_refused_value_names_key_place_and_variable() {
    for spec in SCHEMA {
        for text in wrong(spec.kind) {
            let path = spec.path.replace(".ID.", ".onfon.");
            let variable = schema::variable(&path);
            let errors = dotenv_text(COMPLETE).env(&variable, text).errors();
            assert_eq!(errors.len(), 1, "{variable}={text:?}: {errors:?}");
            assert_eq!((errors[0].key.as_str(), errors[0].place.to_string()), (path.as_str(), format!("environment, {variable}")));
            assert_eq!(errors[0].value.as_deref() == Some("(hidden)"), spec.is_secret(), "{variable}: {errors:?}");
        }
    }
}

#[test]
fn limits_are_inclusive() {
    for spec in SCHEMA {
        let (at_limits, beyond): (Vec<String>, Vec<String>) = match spec.kind {
            Kind::Integer { min, max } => (vec![min.to_string(), max.to_string()], vec![(i64::from(min) - 1).to_string(), (i64::from(max) + 1).to_string()]),
            Kind::Duration { min_ms, max_ms } => (vec![format!("{min_ms}ms"), format!("{max_ms}ms")], vec![format!("{}ms", max_ms + 1)]),
            Kind::Text { most } => (vec!["x".to_owned(), "ü".repeat(most)], vec!["x".repeat(most + 1)]),
            Kind::Token => (vec!["made-up0".to_owned(), "made.up_web~hook-0".to_owned()], vec!["made-up".to_owned()]),
            Kind::Sender => (vec!["x".to_owned(), "ELEVENCHARS".to_owned(), "123456789012345".to_owned()], vec!["TWELVE-CHARS".to_owned()]),
            _ => continue,
        };
        assert!(at_limits.iter().all(|text| parse(spec.kind, &Raw::Text(text.clone())).is_ok()), "{}", spec.path);
        assert!(beyond.iter().all(|text| parse(spec.kind, &Raw::Text(text.clone())).is_err()), "{}", spec.path);
    }
}

#[test]
fn the_file_may_write_numbers_bare_or_quoted() {
    for text in ["calls_per_hour = 100", "calls_per_hour = '100'", "calls_per_hour = 0x64", "calls_per_hour = 1_00"] {
        assert_eq!(file(&format!("[balance]\n{text}")).settings().balance.calls_per_hour, 100, "{text}");
    }
}

#[test]
fn wrong_types_of_the_file_are_refused() {
    for (text, problem) in [
        ("[balance]\ncache_ttl = 15", "balance.cache_ttl = 15 (salio.toml:2): a bare number has no unit; write 15s, 15m or 15h"),
        ("[balance]\ncache_ttl = ['15m']", "balance.cache_ttl = [\"15m\"] (salio.toml:2): one value is expected: a length of time, 100ms to 7d"),
        ("[balance]\ncalls_per_hour = 1.5", "balance.calls_per_hour = 1.5 (salio.toml:2): allowed: a whole number, 1 to 3600"),
        ("[balance]\nsettle_after = [2, '5s']", "balance.settle_after = [2, \"5s\"] (salio.toml:2): a bare number has no unit; write 2s, 2m or 2h"),
        ("[balance]\nsettle_after = []", "balance.settle_after = [] (salio.toml:2): it holds 0 lengths of time; allowed: 1 to 10"),
        ("[balance]\nsettle_after = [['2s']]", "balance.settle_after = [[\"2s\"]] (salio.toml:2): a list is expected: 1 to 10 ascending lengths of time, each 100ms to 1h"),
        ("[balance]\nschedule = ''", "balance.schedule = \"\" (salio.toml:2): it is empty; allowed: five cron fields (minute, hour, day, month, weekday), such as */5 * * * *"),
        ("[accounts.onfon]\nprice = 0.8", "accounts.onfon.price = 0.8 (salio.toml:2): write the amount in quotes, such as \"0.80\": it is kept exactly, never as a float"),
        (
            "database_url = 'postgres://h/d'",
            "database_url = \"postgres://h/d\" (salio.toml:1): PostgreSQL comes with a later release; this one keeps everything in a SQLite file. Leave the key out, or write sqlite:PATH",
        ),
        ("[server]\ntimezone = 2026-01-01", "server.timezone = 2026-01-01 (salio.toml:2): unknown; allowed: an IANA time zone, such as Africa/Nairobi"),
    ] {
        assert_eq!(file(text).lines(), [problem], "{text}");
    }
}

#[test]
fn what_is_written_loosely_is_kept_strictly() {
    let settings = dotenv_text(COMPLETE).env("SALIO_ACCOUNTS__ONFON__DEFAULT_COUNTRY", "ug").env("SALIO_BALANCE__SCHEDULE", "0 6-18/2 * * MON-FRI").settings();
    assert_eq!((settings.accounts[0].default_country.as_str(), settings.balance.schedule.as_str()), ("UG", "0 6-18/2 * * MON-FRI"));
}
