//! Which layer wins, and by which names a key can be set.

use std::path::PathBuf;
use std::time::Duration;

use super::super::schema;
use super::*;

#[test]
fn nothing_at_all_is_a_configuration() {
    let settings = Given::default().settings();
    assert_eq!(settings.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.server.public_url, None);
    assert_eq!(settings.server.timezone, "Africa/Nairobi");
    assert_eq!(settings.balance.cache_ttl, Duration::from_secs(900));
    assert_eq!(settings.balance.schedule, "*/5 * * * *");
    assert_eq!(settings.balance.watch_interval, Duration::from_secs(30));
    assert_eq!(settings.balance.calls_per_hour, 120);
    assert_eq!(settings.balance.reserved_for_people, 20);
    assert_eq!(settings.balance.reserved_for_automatic, 40);
    assert_eq!(settings.balance.settle_after, [2, 5, 15, 60].map(Duration::from_secs));
    assert_eq!(settings.balance.late_charge_window, Duration::from_secs(86_400));
    assert_eq!(settings.balance.timeout, Duration::from_secs(15));
    assert_eq!((settings.data_dir, settings.log.as_str()), (PathBuf::from("./salio-data"), "info"));
    assert_eq!((settings.database_url, settings.config_path, settings.client.url, settings.client.token), (None, None, None, None));
    assert!(settings.accounts.is_empty());
    assert_eq!(settings.setup_missing, ["ONFON_API_KEY", "ONFON_CLIENT_ID"]);
}

#[test]
fn the_later_layer_wins() {
    let all = || file("[balance]\ncache_ttl = '1m'\nwatch_interval = '31s'").dotenv("SALIO_BALANCE__CACHE_TTL=2m");
    assert_eq!(all().settings().balance.cache_ttl, Duration::from_secs(120));
    let all = || all().env("SALIO_BALANCE__CACHE_TTL", "3m");
    assert_eq!(all().settings().balance.cache_ttl, Duration::from_secs(180));
    let all = || all().flag("--cache-ttl", "balance.cache_ttl", "4m");
    assert_eq!(all().settings().balance.cache_ttl, Duration::from_secs(240));
    assert_eq!(all().settings().balance.watch_interval, Duration::from_secs(31), "key by key: the others stay");
}

#[test]
fn a_value_that_does_not_win_is_not_judged() {
    let settings = file("[server]\nlisten = 'nonsense'").flag("--listen", "server.listen", "127.0.0.1:1").settings();
    assert_eq!(settings.server.listen.port(), 1);
}

#[test]
fn an_account_merges_key_by_key_over_three_layers() {
    let settings = file("[accounts.onfon]\napi_key = 'made-up-file'\nsender_id = 'FILE'\nbatch_size = 5")
        .dotenv("ONFON_API_KEY=made-up-dotenv\nONFON_CLIENT_ID=made-up-client\nONFON_API_URL=http://127.0.0.1:9/v1/sms/SendBulkSMS")
        .env("ONFON_API_KEY", "made-up-env")
        .env("SALIO_ACCOUNTS__ONFON__CONCURRENCY", "3")
        .settings();
    let [account] = settings.accounts.as_slice() else { panic!("{:?}", settings.accounts) };
    assert_eq!((account.slug.as_str(), account.api_key.expose(), account.client_id.expose()), ("onfon", "made-up-env", "made-up-client"));
    assert_eq!((account.sender_id.as_deref(), account.batch_size, account.concurrency), (Some("FILE"), 5, 3));
    assert_eq!(account.api_url, "http://127.0.0.1:9/v1/sms/SendBulkSMS");
    assert!(settings.setup_missing.is_empty());
}

#[test]
fn the_short_forms_set_their_keys() {
    let settings = env("SALIO_LISTEN", "127.0.0.1:1")
        .env("SALIO_DATABASE_URL", "sqlite:/tmp/a.db")
        .env("SALIO_DATA_DIR", "/tmp/data")
        .env("SALIO_LOG", "warn,salio=trace")
        .env("SALIO_CONFIG", "elsewhere.toml")
        .env("SALIO_URL", "http://127.0.0.1:2")
        .env("SALIO_TOKEN", " made-up-token \n")
        .settings();
    assert_eq!(settings.server.listen.port(), 1);
    assert_eq!((settings.database_url, settings.data_dir), (Some(PathBuf::from("/tmp/a.db")), PathBuf::from("/tmp/data")));
    assert_eq!((settings.log.as_str(), settings.client.url.as_deref()), ("warn,salio=trace", Some("http://127.0.0.1:2")));
    assert_eq!(settings.client.token.expect("a token").expose(), "made-up-token");
}

#[test]
fn within_a_layer_the_fuller_name_wins_in_any_order() {
    for names in [["SALIO_SERVER__LISTEN", "SALIO_LISTEN"], ["SALIO_LISTEN", "SALIO_SERVER__LISTEN"]] {
        let given = names.iter().fold(Given::default(), |given, name| given.env(name, if name.contains("__") { "127.0.0.1:1" } else { "127.0.0.1:2" }));
        assert_eq!(given.settings().server.listen.port(), 1);
    }
    let settings = dotenv_text(&format!("SALIO_ACCOUNTS__ONFON__API_KEY=made-up-full\n{COMPLETE}")).settings();
    assert_eq!(settings.accounts[0].api_key.expose(), "made-up-full");
    let settings = dotenv_text("SALIO_ACCOUNTS__ONFON__API_KEY=made-up-full").env("ONFON_API_KEY", "made-up-env").env("ONFON_CLIENT_ID", "c").settings();
    assert_eq!(settings.accounts[0].api_key.expose(), "made-up-env", "the layer counts before the name");
}

#[test]
fn every_key_can_be_set_by_its_variable() {
    for spec in schema::SCHEMA {
        let path = spec.path.replace(".ID.", ".big-shop.");
        let variable = schema::variable(&path);
        let (found, key) = super::super::variables::target(&variable).unwrap_or_else(|| panic!("{variable} is unknown"));
        assert_eq!((found.path, key), (spec.path, path), "{variable}");
    }
}

#[test]
fn empty_counts_as_not_set() {
    let given = file("[accounts.onfon]\nsender_id = ''\napi_key = 'made-up-file'\nclient_id = 'made-up-client'")
        .dotenv("ONFON_API_KEY=\nONFON_ACCESS_KEY=''\nSALIO_LISTEN=")
        .env("ONFON_CLIENT_ID", " ");
    let settings = given.settings();
    let account = &settings.accounts[0];
    assert_eq!((account.api_key.expose(), account.client_id.expose()), ("made-up-file", "made-up-client"));
    assert_eq!((&account.access_key, &account.sender_id), (&None, &None));
    assert_eq!(settings.server.listen.port(), 8080);
}

#[test]
fn the_file_that_was_read_is_named() {
    assert_eq!(file("").settings().config_path, Some(PathBuf::from("salio.toml")));
}

#[test]
fn lists_come_from_the_file_and_from_commas() {
    let expected: Vec<Duration> = [1, 2].map(Duration::from_secs).to_vec();
    assert_eq!(file("balance.settle_after = ['1s', '2s']").settings().balance.settle_after, expected);
    assert_eq!(env("SALIO_BALANCE__SETTLE_AFTER", "1s, 2s").settings().balance.settle_after, expected);
    let settings = dotenv_text(COMPLETE).env("SALIO_ACCOUNTS__ONFON__WEBHOOK_ALLOW", "192.0.2.7,2001:db8::/32").settings();
    let shown: Vec<String> = settings.accounts[0].webhook_allow.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["192.0.2.7/32", "2001:db8::/32"]);
}
