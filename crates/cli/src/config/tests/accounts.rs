//! Accounts: what completes one, what is wrong between two, what is only odd.

use salio_domain::Units;

use super::*;

#[test]
fn the_previous_systems_variables_are_enough() {
    for given in [dotenv_text(COMPLETE), env("ONFON_API_KEY", "made-up-key-1").env("ONFON_CLIENT_ID", "made-up-client-1")] {
        let settings = given.settings();
        let [account] = settings.accounts.as_slice() else { panic!("{:?}", settings.accounts) };
        assert_eq!((account.slug.as_str(), account.provider.as_str()), ("onfon", "onfon"));
        assert_eq!((account.api_key.expose(), account.client_id.expose()), ("made-up-key-1", "made-up-client-1"));
        assert_eq!(account.api_url, "https://api.onfonmedia.co.ke");
        assert_eq!((account.access_key_in.as_str(), account.unit.as_str(), account.on_unknown.as_str()), ("header", "units", "hold"));
        assert_eq!((account.batch_size, account.calls_per_second, account.concurrency, account.timeout.as_secs()), (20, 40, 8, 20));
        assert_eq!((account.default_country.as_str(), account.default, account.credit_limit, account.price), ("KE", false, Units::ZERO, None));
        assert!(account.webhook_allow.is_empty() && account.webhook_token.is_none());
        assert_eq!(settings.setup_missing, Vec::<String>::new());
    }
}

#[test]
fn all_five_variables_are_taken() {
    let settings = dotenv_text(&format!("{COMPLETE}ONFON_API_URL=http://h/v1/sms\nONFON_ACCESS_KEY=made-up-access\nONFON_SENDER_ID=MY SHOP")).settings();
    let account = &settings.accounts[0];
    assert_eq!((account.api_url.as_str(), account.sender_id.as_deref()), ("http://h/v1/sms", Some("MY SHOP")));
    assert_eq!(account.access_key.as_ref().map(salio_provider::Secret::expose), Some("made-up-access"));
}

#[test]
fn what_is_missing_for_onfon_is_said_and_no_problem() {
    for (text, missing) in [
        ("", &["ONFON_API_KEY", "ONFON_CLIENT_ID"][..]),
        ("ONFON_API_KEY=made-up", &["ONFON_CLIENT_ID"]),
        ("ONFON_CLIENT_ID=made-up", &["ONFON_API_KEY"]),
        ("ONFON_API_KEY=\nONFON_CLIENT_ID=made-up", &["ONFON_API_KEY"]),
        ("ONFON_API_KEY=made-up\nONFON_CLIENT_ID='  '", &["ONFON_CLIENT_ID"]),
        ("ONFON_SENDER_ID=SHOP", &["ONFON_API_KEY", "ONFON_CLIENT_ID"]),
    ] {
        let settings = dotenv_text(text).settings();
        assert_eq!(settings.setup_missing, missing, "{text:?}");
        assert!(settings.accounts.is_empty(), "{text:?}");
    }
    assert_eq!(file("[accounts.onfon]\n").settings().setup_missing.len(), 2);
}

#[test]
fn an_incomplete_onfon_still_has_its_other_keys_checked() {
    let lines = dotenv_text("ONFON_API_URL=nonsense").lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with(r#"accounts.onfon.api_url = "nonsense" (.env:1, ONFON_API_URL): not an address of the web"#), "{lines:?}");
}

#[test]
fn another_account_must_be_complete() {
    let lines = file("\n[accounts.big-shop]\nsender_id = 'SHOP'").lines();
    assert_eq!(
        lines,
        [
            "accounts.big-shop.api_key (salio.toml:2): missing; write api_key = \"…\" under [accounts.big-shop] or set SALIO_ACCOUNTS__BIG_SHOP__API_KEY",
            "accounts.big-shop.client_id (salio.toml:2): missing; write client_id = \"…\" under [accounts.big-shop] or set SALIO_ACCOUNTS__BIG_SHOP__CLIENT_ID",
        ]
    );
}

#[test]
fn another_complete_account_leaves_nothing_to_explain() {
    let settings = env("SALIO_ACCOUNTS__BIG_SHOP__API_KEY", "made-up").env("SALIO_ACCOUNTS__BIG_SHOP__CLIENT_ID", "made-up-2").settings();
    assert_eq!((settings.accounts[0].slug.as_str(), settings.setup_missing.len()), ("big-shop", 0));
}

#[test]
fn twins_are_refused_by_both_names() {
    let lines = file("[accounts.a]\napi_key = 'made-up-1'\nclient_id = 'made-up-same'\n[accounts.b]\napi_key = 'made-up-2'\nclient_id = 'made-up-same'").lines();
    assert_eq!(lines, ["accounts.b.client_id = (hidden) (salio.toml:6): the accounts a and b have the same provider (onfon) and the same client id; keep one of them"]);
}

#[test]
fn at_most_one_account_is_the_default() {
    let account = |slug: &str| format!("[accounts.{slug}]\napi_key = 'made-up'\nclient_id = 'made-up-{slug}'\ndefault = true\n");
    assert!(file(&account("a")).settings().accounts[0].default);
    let lines = file(&(account("a") + &account("b"))).lines();
    assert_eq!(lines, ["accounts.b.default = true (salio.toml:8): only one account can be the default, not a and b"]);
}

#[test]
fn slugs_have_a_form() {
    let long = "x".repeat(41);
    for slug in ["Big", "big_shop", "big shop", "", "a.b", "ü", long.as_str()] {
        let lines = file(&format!("[accounts.{slug:?}]\napi_key = 'made-up'")).lines();
        assert_eq!(lines, [format!("accounts.{slug} (salio.toml:1): an account's name is 1 to 40 of a-z, 0-9 and -")]);
    }
    let longest = "a".repeat(40);
    for slug in ["a", "0-9", longest.as_str()] {
        let settings = file(&format!("[accounts.{slug}]\napi_key = 'made-up'\nclient_id = 'made-up'")).settings();
        assert_eq!(settings.accounts[0].slug, slug);
    }
}

#[test]
fn unknown_providers_are_told_the_known_ones() {
    let lines = dotenv_text(COMPLETE).env("SALIO_ACCOUNTS__ONFON__PROVIDER", "onfn").lines();
    assert_eq!(lines, [r#"accounts.onfon.provider = "onfn" (environment, SALIO_ACCOUNTS__ONFON__PROVIDER): unknown; allowed: onfon; did you mean "onfon"?"#]);
}

#[test]
fn a_sender_that_no_message_could_have_is_refused_at_start() {
    for sender in ["ELEVENCHARS", "MY SHOP", "123456789012345"] {
        assert_eq!(dotenv_text(&format!("{COMPLETE}ONFON_SENDER_ID={sender}")).settings().accounts[0].sender_id.as_deref(), Some(sender));
    }
    let lines = dotenv_text(&format!("{COMPLETE}ONFON_SENDER_ID=TWELVE-CHARS")).lines();
    assert_eq!(lines.len(), 1);
    assert!(lines[0].starts_with(r#"accounts.onfon.sender_id = "TWELVE-CHARS" (.env:3, ONFON_SENDER_ID): no message could be sent with it; allowed: "#), "{}", lines[0]);
}

#[test]
fn a_token_that_would_have_to_be_encoded_is_refused_with_a_way_to_make_one() {
    let lines = file("[accounts.onfon]\napi_key = 'made-up'\nclient_id = 'made-up'\nwebhook_token = 'made-up+&#%PLANTED'").lines();
    assert_eq!(lines.len(), 1);
    assert!(lines[0].contains("webhook_token") && lines[0].contains("openssl rand -hex 24") && !lines[0].contains("PLANTED"), "{}", lines[0]);
}

#[test]
fn amounts_are_exact() {
    let settings = dotenv_text(COMPLETE).file("[accounts.onfon]\nprice = '0.800001'\ncredit_limit = 500").settings();
    assert_eq!(settings.accounts[0].price, Some(Units::from_micros(800_001)));
    assert_eq!(settings.accounts[0].credit_limit, Units::whole(500));
}
