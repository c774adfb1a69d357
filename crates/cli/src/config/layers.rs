//! The layers laid over each other, key by key; what belongs to no key is refused here.
//!
//! Knows nothing of: files, variables, the meaning of values. Whoever sets later wins.

use std::collections::BTreeMap;

use super::errors::{ConfigError, HIDDEN, Place};
use super::raw::Raw;
use super::schema::{self, KeySpec};

/// Shorter secrets are not searched for in other values: they would blot out ordinary words.
const SHORTEST_SEARCHED_SECRET: usize = 4;

/// No shown value is longer: a problem stays one readable line.
const SHOWN_CHARS: usize = 60;

/// Words in the name of an unknown key that make its value a likely secret.
const SECRET_WORDS: [&str; 8] = ["key", "secret", "token", "pass", "pwd", "client", "cred", "auth"];

/// A value and where it was written.
#[derive(Clone, Debug)]
pub struct Entry {
    /// As it was written.
    pub raw: Raw,
    /// Where.
    pub place: Place,
}

/// What all layers say together.
#[derive(Debug, Default)]
pub struct Layers {
    entries: BTreeMap<String, Entry>,
    accounts: BTreeMap<String, Place>,
    errors: Vec<ConfigError>,
    secrets: Vec<String>,
    /// The file could not be read to its end, so that what is missing may stand there.
    pub file_is_broken: bool,
}

impl Layers {
    /// Sets a key; a later call wins.
    pub fn set(&mut self, spec: &KeySpec, segments: &[&str], raw: Raw, place: Place) {
        if let (true, Some(text)) = (spec.is_secret(), raw.scalar()) {
            self.remember_secret(text);
        }
        if let ["accounts", slug, _] = segments {
            self.declare_account(slug, place.clone());
        }
        self.entries.insert(segments.join("."), Entry { raw, place });
    }

    /// Notes that an account is meant to exist, even without a key.
    pub fn declare_account(&mut self, slug: &str, place: Place) {
        self.accounts.entry(slug.to_owned()).or_insert(place);
    }

    /// Notes a problem.
    pub fn refuse(&mut self, error: ConfigError) {
        self.errors.push(error);
    }

    /// Notes a key or variable that nobody knows; its value is shown only if it cannot be a secret.
    pub fn refuse_unknown(&mut self, key: &str, raw: &Raw, place: Place, problem: String) {
        let name = key.to_ascii_lowercase();
        let hidden = name.contains("account") || name.contains("onfon") || SECRET_WORDS.iter().any(|word| name.contains(word));
        if let (true, Some(text)) = (hidden, raw.scalar()) {
            self.remember_secret(text);
        }
        let value = if hidden && !matches!(raw, Raw::Table) { HIDDEN.to_owned() } else { raw.shown() };
        self.refuse(ConfigError { key: key.to_owned(), place, value: Some(value), problem });
    }

    /// The winning value of a key.
    pub fn entry(&self, path: &str) -> Option<&Entry> {
        self.entries.get(path)
    }

    /// Every key that somebody wrote, with its winning value.
    pub fn written(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.entries.iter().map(|(key, entry)| (key.as_str(), entry))
    }

    /// The accounts that are meant to exist, in the order of their slugs.
    pub fn accounts(&self) -> Vec<(String, Place)> {
        self.accounts.iter().map(|(slug, place)| (slug.clone(), place.clone())).collect()
    }

    /// Refuses the winning value of a key.
    pub fn refuse_value(&mut self, path: &str, problem: String) {
        let secret = schema::find_path(path).is_some_and(KeySpec::is_secret);
        let entry = self.entries.get(path);
        let value = entry.map(|entry| if secret { HIDDEN.to_owned() } else { entry.raw.shown() });
        let place = entry.map_or(Place::Default, |entry| entry.place.clone());
        self.refuse(ConfigError { key: path.to_owned(), place, value, problem });
    }

    /// All problems in the order of the layers, without any secret that was written anywhere.
    pub fn into_errors(mut self) -> Vec<ConfigError> {
        let mut errors = std::mem::take(&mut self.errors);
        for error in &mut errors {
            self.make_showable(error);
        }
        errors.sort_by(|a, b| a.place.cmp(&b.place));
        errors
    }

    /// Hides a value that holds a secret of another key, and cuts long ones. Sentences need none of this: they never repeat values.
    pub fn make_showable(&self, error: &mut ConfigError) {
        let Some(value) = &mut error.value else {
            return;
        };
        if self.secrets.iter().any(|secret| value.contains(secret.as_str())) {
            HIDDEN.clone_into(value);
        }
        if let Some((end, _)) = value.char_indices().nth(SHOWN_CHARS) {
            value.truncate(end);
            value.push('…');
        }
    }

    fn remember_secret(&mut self, text: &str) {
        if text.len() >= SHORTEST_SEARCHED_SECRET {
            // Values are shown quoted, so the secret is searched for as it would look there.
            self.secrets.push(text.escape_debug().to_string());
        }
    }
}
