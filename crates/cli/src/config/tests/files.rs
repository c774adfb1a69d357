//! The example files and the documentation hold every key, and nothing else, as the schema has it.

use std::collections::BTreeMap;

use super::super::schema::{KeySpec, PREVIOUS_SYSTEM, SCHEMA, SHORT_FORMS, variable};
use super::super::variables::target;
use super::*;

const EXAMPLE: &str = include_str!("../../../../../salio.example.toml");
const DOTENV_EXAMPLE: &str = include_str!("../../../../../.env.example");
const DOCS: &str = include_str!("../../../../../docs/configuration.md");

/// Takes the `#` from settings; those before prose are followed by a space.
fn uncommented(text: &str) -> String {
    let bare = |line: &str| line.strip_prefix('#').filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '[')).unwrap_or(line).to_owned();
    text.lines().map(bare).collect::<Vec<_>>().join("\n")
}

fn in_toml(spec: &KeySpec) -> String {
    spec.kind.in_toml(spec.default.unwrap_or(spec.example))
}

#[test]
fn the_example_holds_every_key_with_its_default() {
    let mut section = String::new();
    let mut written = BTreeMap::new();
    for line in uncommented(EXAMPLE).lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = format!("{}.", name.trim_end_matches(']'));
        } else if let Some((key, value)) = line.split_once(" = ").filter(|(key, _)| !key.starts_with('#')) {
            assert_eq!(written.insert(format!("{section}{key}"), value.to_owned()), None, "{key} stands there twice");
        }
    }
    let expected: BTreeMap<String, String> = SCHEMA.iter().filter(|spec| spec.in_file).map(|spec| (spec.path.replace(".ID.", ".onfon."), in_toml(spec))).collect();
    assert_eq!(written, expected);
}

#[test]
fn the_example_loads_with_and_without_its_comments() {
    let (none, as_is, all) = (Given::default().settings(), file(EXAMPLE).settings(), file(&uncommented(EXAMPLE)).settings());
    assert_eq!((&as_is.server, &as_is.balance, as_is.accounts.len()), (&none.server, &none.balance, 0));
    assert_eq!((&all.balance, &all.log, &all.data_dir), (&none.balance, &none.log, &none.data_dir));
    assert_eq!((all.server.listen, &all.server.timezone), (none.server.listen, &none.server.timezone));
    assert_eq!((all.accounts.len(), all.setup_missing.len()), (1, 0));
}

#[test]
fn the_examples_account_is_the_default_account_with_more() {
    let mut with_more = file(&uncommented(EXAMPLE)).settings().accounts.remove(0);
    let mut plain = dotenv_text(COMPLETE).settings().accounts.remove(0);
    for account in [&mut with_more, &mut plain] {
        (account.access_key, account.webhook_token, account.sender_id, account.price, account.on_short) = (None, None, None, None, None);
        (account.api_key, account.client_id) = (salio_provider::Secret::default(), salio_provider::Secret::default());
    }
    assert_eq!(with_more, plain);
}

#[test]
fn the_dotenv_example_holds_the_variables_people_need() {
    let text = uncommented(DOTENV_EXAMPLE);
    let names: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('=').map(|(name, _)| name)).collect();
    let top = SCHEMA.iter().filter(|spec| !spec.path.contains('.')).map(|spec| variable(spec.path));
    let needed = PREVIOUS_SYSTEM.iter().chain(&SHORT_FORMS).map(|(name, _)| (*name).to_owned()).chain(top);
    for name in needed {
        assert!(names.contains(&name.as_str()), "{name} is missing from .env.example");
    }
    for name in names {
        assert!(target(name).is_some(), "{name} is no variable of ours");
    }
}

#[test]
fn the_dotenv_example_defines_an_account() {
    let settings = dotenv_text(DOTENV_EXAMPLE).settings();
    assert_eq!((settings.accounts.len(), settings.accounts[0].api_key.expose()), (1, "made-up-key-000"));
    let all = dotenv_text(&uncommented(DOTENV_EXAMPLE)).settings();
    assert_eq!(all.accounts.iter().map(|account| account.slug.as_str()).collect::<Vec<_>>(), ["onfon", "onfon-marketing"]);
}

/// The table of the documentation.
fn documented() -> String {
    let mut table = "| key | default | allowed | what it is for |\n|---|---|---|---|\n".to_owned();
    for spec in SCHEMA {
        let key = if spec.in_file { spec.path.to_owned() } else { variable(spec.path) };
        let default = spec.default.map_or_else(|| "none".to_owned(), |text| format!("`{}`", spec.kind.in_toml(text)));
        table.push_str(&format!("| `{key}` | {default} | {} | {} |\n", spec.kind.allowed(), spec.doc));
    }
    table
}

#[test]
fn the_documentation_holds_the_table_of_the_schema() {
    let expected = documented();
    let written: String = DOCS.lines().skip_while(|line| !line.starts_with("| key |")).take_while(|line| line.starts_with('|')).map(|line| format!("{line}\n")).collect();
    assert_eq!(written, expected, "docs/configuration.md must hold exactly:\n{expected}");
    for (name, path) in PREVIOUS_SYSTEM {
        assert!(DOCS.contains(&format!("| `{name}` | `{path}` |")), "{name} is not documented");
    }
}

#[test]
fn the_documented_problems_look_like_that() {
    let lines = file("\n\n[balance]\ncache_tll = \"15m\"").env("SALIO_LISTEN", "8080").lines();
    assert!(lines[0].starts_with("balance.cache_tll = \"15m\" (salio.toml:4): unknown key; did you mean balance.cache_ttl? allowed here: cache_ttl, schedule, "));
    for line in lines {
        let shown = line.split("schedule, ").next().unwrap_or_default();
        assert!(DOCS.contains(shown), "docs/configuration.md lacks: {shown}");
    }
}
