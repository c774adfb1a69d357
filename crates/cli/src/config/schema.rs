//! Every key of the configuration, once: path, kind, default, what it is for.
//!
//! Validation, `docs/configuration.md` and `salio.example.toml` follow this table (tests hold them to it). To add a key: a row here, a
//! field in `settings.rs`, a line in each of the two files. Knows nothing of: where values come from.

use super::kind::Kind;

/// Sections of the file; anything else at the top is a key.
pub const SECTIONS: [&str; 3] = ["server", "balance", "accounts"];

/// The account that the previous system's variables define.
pub const ONFON: &str = "onfon";

/// Drivers that exist.
pub const PROVIDERS: &[&str] = &["onfon"];

/// Variables with a shorter name than their path would give.
pub const SHORT_FORMS: [(&str, &str); 1] = [("SALIO_LISTEN", "server.listen")];

/// Variables of the previous system, and the keys they set.
pub const PREVIOUS_SYSTEM: [(&str, &str); 5] = [
    ("ONFON_API_KEY", "accounts.onfon.api_key"),
    ("ONFON_CLIENT_ID", "accounts.onfon.client_id"),
    ("ONFON_API_URL", "accounts.onfon.api_url"),
    ("ONFON_ACCESS_KEY", "accounts.onfon.access_key"),
    ("ONFON_SENDER_ID", "accounts.onfon.sender_id"),
];

/// One key.
#[derive(Debug)]
pub struct KeySpec {
    /// The path with dots; `ID` stands for an account's slug.
    pub path: &'static str,
    /// What its value may be.
    pub kind: Kind,
    /// The value when nobody sets it, as a variable would hold it.
    pub default: Option<&'static str>,
    /// A value to show where there is no default.
    pub example: &'static str,
    /// One line for people.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests hold the documentation against it"))]
    pub doc: &'static str,
    /// Whether the file may hold it; else only variables and flags.
    pub in_file: bool,
}

impl KeySpec {
    const fn new(path: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self { path, kind, default: None, example: "", doc, in_file: true }
    }

    const fn or(mut self, default: &'static str) -> Self {
        self.default = Some(default);
        self
    }

    const fn such_as(mut self, example: &'static str) -> Self {
        self.example = example;
        self
    }

    const fn not_in_file(mut self) -> Self {
        self.in_file = false;
        self
    }

    /// Whether its value is never shown.
    pub fn is_secret(&self) -> bool {
        matches!(self.kind, Kind::Secret | Kind::Token)
    }

    fn matches(&self, segments: &[&str]) -> bool {
        let mut own = self.path.split('.');
        segments.iter().all(|segment| own.next().is_some_and(|part| part == *segment || part == "ID")) && own.next().is_none()
    }
}

/// A wait for the provider: shorter cannot succeed over a mobile network, longer holds a submission's lease too long.
const CALL_TIMEOUT: Kind = Kind::Duration { min_ms: 100, max_ms: 120_000 };

/// The table.
pub const SCHEMA: &[KeySpec] = &[
    KeySpec::new("data_dir", Kind::Path, "Where the database, the lock and the socket live").or("./salio-data"),
    KeySpec::new("database_url", Kind::Database, "The SQLite database file; without it, one in `data_dir`").such_as("sqlite:./salio-data/salio.db"),
    KeySpec::new("log", Kind::LogFilter, "What is logged").or("info"),
    KeySpec::new("config", Kind::Path, "The configuration file; without it, `salio.toml` in the working directory if there is one").such_as("/etc/salio/salio.toml").not_in_file(),
    KeySpec::new("url", Kind::Url, "The running server that commands act on; without it, the one that holds the data directory").such_as("http://127.0.0.1:8080").not_in_file(),
    KeySpec::new("token", Kind::Secret, "The token that commands show to `url`").such_as("made-up-token-000").not_in_file(),
    KeySpec::new("server.listen", Kind::Listen, "The address and port that `salio serve` listens on").or("127.0.0.1:8080"),
    KeySpec::new("server.public_url", Kind::Url, "The address that people and providers reach it by, when a proxy stands before it").such_as("https://sms.example.com"),
    KeySpec::new("server.trusted_proxies", Kind::Addresses, "Proxies whose `X-Forwarded-For` is believed when `webhook_allow` is checked").or(""),
    KeySpec::new("server.timezone", Kind::TimeZone, "Where days, months and schedules begin").or("Africa/Nairobi"),
    KeySpec::new("balance.cache_ttl", Kind::Duration { min_ms: 100, max_ms: 604_800_000 }, "After this long without a question the shown balance is `stale`").or("15m"),
    KeySpec::new("balance.schedule", Kind::Cron, "When the balance is asked by itself, in `server.timezone`").or("*/5 * * * *"),
    KeySpec::new("balance.watch_interval", Kind::Duration { min_ms: 100, max_ms: 3_600_000 }, "How often it is asked while a dashboard is open").or("30s"),
    KeySpec::new("balance.calls_per_hour", Kind::Integer { min: 1, max: 3600 }, "Balance calls an account makes at most in any 3,600 s").or("120"),
    KeySpec::new("balance.reserved_for_people", Kind::Integer { min: 0, max: 3600 }, "Of those, only for people who press sync").or("20"),
    KeySpec::new("balance.reserved_for_automatic", Kind::Integer { min: 0, max: 3600 }, "Of those, only for start, settling, schedule and alerts").or("40"),
    KeySpec::new(
        "balance.settle_after",
        Kind::Durations { min_ms: 100, max_ms: 3_600_000, most: 10 },
        "When the balance is asked after the last submission ended, until the figure agrees",
    )
    .or("2s,5s,15s,60s"),
    KeySpec::new("balance.late_charge_window", Kind::Duration { min_ms: 0, max_ms: 2_592_000_000 }, "How long an unconfirmed charge may still explain a fall").or("24h"),
    KeySpec::new("balance.timeout", CALL_TIMEOUT, "How long a balance call may take").or("15s"),
    KeySpec::new("accounts.ID.provider", Kind::Choice(PROVIDERS), "Whose API it is").or("onfon"),
    KeySpec::new("accounts.ID.api_url", Kind::Url, "The provider's address: its base, or the full address of its send call").or("https://api.onfonmedia.co.ke"),
    KeySpec::new("accounts.ID.api_key", Kind::Secret, "The API key; required").such_as("made-up-key-000"),
    KeySpec::new("accounts.ID.client_id", Kind::Secret, "The client id; required").such_as("made-up-client-000"),
    KeySpec::new("accounts.ID.access_key", Kind::Secret, "The access key, where the provider gave one").such_as("made-up-access-000"),
    KeySpec::new("accounts.ID.access_key_in", Kind::Choice(&["header", "body", "both"]), "Where the access key goes").or("header"),
    KeySpec::new("accounts.ID.sender_id", Kind::Sender, "The approved sender name of messages that name none").such_as("MYSHOP"),
    KeySpec::new("accounts.ID.unit", Kind::Text { most: 16 }, "What the provider counts, as shown beside figures").or("units"),
    KeySpec::new("accounts.ID.price", Kind::Price, "Units a segment costs; without it 1 is assumed until learned").such_as("0.80"),
    KeySpec::new("accounts.ID.prices", Kind::Prices, "Units a segment costs to numbers that begin with these digits; the longest beginning wins").or(""),
    KeySpec::new("accounts.ID.batch_size", Kind::Integer { min: 1, max: 1000 }, "Numbers in one call").or("20"),
    KeySpec::new("accounts.ID.calls_per_second", Kind::Integer { min: 1, max: 10_000 }, "Calls in a second").or("40"),
    KeySpec::new("accounts.ID.concurrency", Kind::Integer { min: 1, max: 1024 }, "Calls under way at once").or("8"),
    KeySpec::new("accounts.ID.timeout", CALL_TIMEOUT, "How long a send call may take before its messages are `unknown`").or("20s"),
    KeySpec::new("accounts.ID.on_unknown", Kind::Choice(&["hold", "resend"]), "What happens to `unknown` messages: wait for evidence, or send once more after 2 h").or("hold"),
    KeySpec::new("accounts.ID.look_ups", Kind::Bool, "Asks the provider's list of sent messages about `unknown` ones").or("true"),
    KeySpec::new(
        "accounts.ID.on_short",
        Kind::Choice(&["hold", "refuse", "partial"]),
        "What happens to messages that the balance does not cover; without it one message is held, many are refused",
    )
    .such_as("hold"),
    KeySpec::new("accounts.ID.reserve_for_high", Kind::Amount, "Units that only messages of priority `high` may spend").or("0"),
    KeySpec::new("accounts.ID.default_country", Kind::Country, "Whose numbers may be written without a country code").or("KE"),
    KeySpec::new("accounts.ID.default", Kind::Bool, "Used by messages that name no account").or("false"),
    KeySpec::new("accounts.ID.credit_limit", Kind::Amount, "How far below zero the balance may go").or("0"),
    KeySpec::new("accounts.ID.webhook_token", Kind::Token, "The secret in the address that the provider reports to").such_as("made-up-webhook-000"),
    KeySpec::new("accounts.ID.webhook_allow", Kind::Addresses, "Addresses that may report without the token").or(""),
];

/// The key at a path, if it is one.
pub fn find(segments: &[&str]) -> Option<&'static KeySpec> {
    SCHEMA.iter().find(|spec| spec.matches(segments))
}

/// The same for a path with dots.
pub fn find_path(path: &str) -> Option<&'static KeySpec> {
    find(&path.split('.').collect::<Vec<_>>())
}

/// Whether the path holds keys instead of a value.
pub fn is_section(segments: &[&str]) -> bool {
    match segments {
        [one] => SECTIONS.contains(one),
        ["accounts", _] => true,
        _ => false,
    }
}

/// Whether a text can be an account's slug.
pub fn is_slug(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// The last words of the keys in a section: what may stand beside a wrong one.
pub fn names_in(section: &[&str], file_only: bool) -> Vec<&'static str> {
    let inside = |spec: &&KeySpec| {
        let parent: Vec<&str> = spec.path.split('.').collect();
        let parent = parent.split_last().map(|(_, rest)| rest).unwrap_or_default();
        let same = parent.len() == section.len() && parent.iter().zip(section).all(|(a, b)| a == b || *a == "ID");
        same && (spec.in_file || !file_only)
    };
    SCHEMA.iter().filter(inside).filter_map(|spec| spec.path.rsplit('.').next()).collect()
}

/// The variable for a path: the short form where there is one.
pub fn variable(path: &str) -> String {
    if let Some((short, _)) = SHORT_FORMS.iter().find(|(_, target)| *target == path) {
        return (*short).to_owned();
    }
    format!("SALIO_{}", path.replace('.', "__").replace('-', "_").to_ascii_uppercase())
}
