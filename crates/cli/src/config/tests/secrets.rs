//! No secret is ever shown: not where it is expected, not where it was put by mistake.

use super::super::errors::HIDDEN;
use super::*;

const PLANTED: &str = "made-up-planted-secret";

fn never_shown(given: &Given) -> String {
    let errors = given.load().expect_err("it was taken");
    let text = format!("{errors} {errors:?}");
    assert!(!text.contains("planted"), "{text}");
    text
}

#[test]
fn refused_secrets_are_hidden() {
    for key in ["api_key", "client_id", "access_key", "webhook_token"] {
        let text = never_shown(&file(&format!("[accounts.onfon]\n{key} = '{PLANTED} with a space'")));
        assert!(text.contains(&format!("accounts.onfon.{key} = (hidden) (salio.toml:2): it holds a space")), "{text}");
    }
    for (name, key) in [("ONFON_API_KEY", "accounts.onfon.api_key"), ("SALIO_TOKEN", "token")] {
        let text = never_shown(&env(name, "made-up planted"));
        assert!(text.contains(&format!("{key} = (hidden) (environment, {name}): it holds")), "{text}");
    }
    never_shown(&file(&format!("[accounts.onfon]\napi_key = ['{PLANTED}']\nclient_id = {{ a = '{PLANTED}' }}")));
    never_shown(&Given::default().flag("--token", "token", "made-up planted"));
}

#[test]
fn unquoted_numbers_are_no_secrets_and_stay_hidden() {
    let lines = file("[accounts.onfon]\napi_key = 123456789").lines();
    assert_eq!(lines, ["accounts.onfon.api_key = (hidden) (salio.toml:2): write it in quotes"]);
}

#[test]
fn mistyped_names_of_secrets_hide_their_values() {
    for text in [
        "[accounts.onfon]\napikey = 'X'",
        "[accounts.onfon]\nwhatever = 'X'",
        "api_key = 'X'",
        "[server]\npassword = 'X'",
        "[acounts.onfon]\napi_key = 'X'",
        "[server]\nlisten = 'X'\n[accounts.onfon]\napi_key = 'X'",
    ] {
        never_shown(&file(&text.replace('X', PLANTED)));
    }
    for name in ["SALIO_ONFON_APIKEY", "SALIO_TOKENS", "SALIO_ACCOUNTS__ONFON__X", "SALIO_CLIENTID", "SALIO_API"] {
        never_shown(&env(name, PLANTED).env("ONFON_API_KEY", PLANTED));
    }
}

#[test]
fn a_secret_in_another_keys_value_is_hidden_too() {
    let text = never_shown(&dotenv_text(&format!("ONFON_API_KEY={PLANTED}\nONFON_API_URL={PLANTED}\nSALIO_LOG=x\nSALIO_ODD={PLANTED}x")));
    assert!(text.contains("accounts.onfon.api_url = (hidden) (.env:2, ONFON_API_URL)"), "{text}");
}

#[test]
fn a_long_or_quoted_secret_in_another_value_is_recognised() {
    for secret in ["planted".repeat(20), "pla\"nted-made-up".to_owned(), "1234567890planted".to_owned()] {
        let errors = env("ONFON_API_KEY", &secret).env("SALIO_ODD", &format!("x{secret}")).env("SALIO_BALANCE__TIMEOUT", &secret).errors();
        let shown: Vec<Option<&str>> = errors.iter().map(|error| error.value.as_deref()).collect();
        assert_eq!(shown, [Some(HIDDEN), Some(HIDDEN)], "{errors:?}");
        assert!(errors.iter().all(|error| !error.problem.contains("planted")), "{errors:?}");
    }
    let errors = env("ONFON_API_KEY", "1234567890").env("SALIO_BALANCE__TIMEOUT", "1234567890").errors();
    assert!(!format!("{errors:?}").contains("123456"), "{errors:?}");
}

#[test]
fn long_values_are_cut() {
    let lines = env("SALIO_ODD", &"x".repeat(500)).lines();
    assert!(lines[0].starts_with(&format!("SALIO_ODD = \"{}… (environment): unknown", "x".repeat(59))), "{lines:?}");
}

#[test]
fn passwords_and_queries_of_addresses_are_hidden() {
    for (name, value) in [
        ("SALIO_DATABASE_URL", "postgres://salio:planted@db/salio"),
        ("SALIO_DATABASE_URL", "mysql://salio:planted@db/salio"),
        ("SALIO_DATABASE_URL", "sqlite://salio.db?key=planted"),
        ("ONFON_API_URL", "https://me:planted@api.example"),
        ("ONFON_API_URL", "https://api.example/v1/sms/Balance?ApiKey=planted"),
        ("ONFON_API_URL", "https//me:planted@api.example"),
        ("SALIO_URL", "ftp://planted@host"),
        ("SALIO_DATABASEURL", "postgres://salio:planted@db/salio"),
    ] {
        assert!(never_shown(&env(name, value)).contains(HIDDEN), "{name}");
    }
}

#[test]
fn broken_lines_are_not_repeated() {
    for line in [
        "ONFON_API_KEY planted",
        "ONFON_API_KEY: planted",
        "ONFON_API_KEYplanted",
        "ONFON_API_KEY='planted",
        "ONFON_API_KEY=\"planted\" planted",
        "ONFON_CLIENT_ID=${planted}",
        "SALIO_TOKENplanted",
        "export SALIO_TOKEN planted",
    ] {
        let text = never_shown(&dotenv_text(line));
        assert!(text.contains("(.env:1): "), "{line}: {text}");
    }
}

#[test]
fn the_parser_of_the_file_does_not_repeat_its_line() {
    for line in [
        "api_key = planted",
        "api_key = 'planted",
        "api_key planted",
        "api_key = 'planted' planted",
        "planted",
        "'planted",
        "[planted",
        "api_key = \"\\planted\"",
        "planted = 1\nplanted = 2",
        "api_key = 12planted",
        "api_key = 2020-13-45planted",
    ] {
        let text = never_shown(&file(&format!("[accounts.onfon]\n{line}\n")));
        assert!(text.contains("not TOML"), "{line}: {text}");
    }
}

#[test]
fn settings_can_be_printed() {
    let settings = dotenv_text(&format!(
        "ONFON_API_KEY={PLANTED}\nONFON_CLIENT_ID={PLANTED}\nONFON_ACCESS_KEY={PLANTED}\nSALIO_TOKEN={PLANTED}\nSALIO_ACCOUNTS__ONFON__WEBHOOK_TOKEN={PLANTED}"
    ))
    .settings();
    assert!(!format!("{settings:?}").contains("planted"));
}
