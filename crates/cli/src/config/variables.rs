//! The layers of variables and flags: which key a name sets.
//!
//! Knows nothing of: the process environment, what values mean. In one layer the full name wins over the short form, and that over the
//! previous system's name.

use super::dotenv;
use super::errors::{ConfigError, Place};
use super::layers::Layers;
use super::raw::Raw;
use super::schema::{self, KeySpec, PREVIOUS_SYSTEM, SHORT_FORMS};
use super::suggest;

/// A value from the command line.
#[derive(Clone, Debug)]
pub struct FlagValue {
    /// As people write it: `--listen`.
    pub flag: String,
    /// The key it sets: `server.listen`.
    pub key: String,
    /// What was given.
    pub value: String,
}

/// A variable of one layer.
struct Named {
    name: String,
    value: String,
    place: fn(Option<String>, usize) -> Place,
    line: usize,
}

impl Named {
    fn place(&self, variable: Option<String>) -> Place {
        (self.place)(variable, self.line)
    }
}

/// Lays the variables of a `.env` text.
pub fn lay_dotenv(text: &str, environment: &[(String, String)], layers: &mut Layers) {
    let mut named = Vec::new();
    for variable in dotenv::read(text, environment) {
        let line = variable.line;
        match variable.value {
            Ok(value) => named.push(Named { name: variable.name, value, place: |variable, line| Place::Dotenv { line, variable }, line }),
            Err(problem) => {
                layers.refuse(ConfigError { key: printable_name(&variable.name), place: Place::Dotenv { line, variable: None }, value: None, problem: problem.to_owned() })
            }
        }
    }
    lay(named, layers);
}

/// Lays the variables of the environment.
pub fn lay_environment(environment: &[(String, String)], layers: &mut Layers) {
    let named = |(name, value): &(String, String)| Named { name: name.clone(), value: value.clone(), place: |variable, _| Place::Environment { variable }, line: 0 };
    lay(environment.iter().map(named).collect(), layers);
}

/// Lays what the command line gave.
pub fn lay_flags(flags: &[FlagValue], layers: &mut Layers) {
    for flag in flags {
        let segments: Vec<&str> = flag.key.split('.').collect();
        let raw = Raw::Text(flag.value.clone());
        let place = Place::Flag(flag.flag.clone());
        match schema::find(&segments) {
            Some(spec) => layers.set(spec, &segments, raw, place),
            None => layers.refuse_unknown(&flag.key, &raw, place, "unknown key".to_owned()),
        }
    }
}

fn lay(mut named: Vec<Named>, layers: &mut Layers) {
    named.sort_by_key(|variable| rank(&variable.name));
    for variable in named {
        let raw = Raw::Text(variable.value.clone());
        match target(&variable.name) {
            Some((spec, path)) if raw.is_blank() => drop((spec, path)),
            Some((spec, path)) => layers.set(spec, &path.split('.').collect::<Vec<_>>(), raw, variable.place(Some(variable.name.clone()))),
            None if variable.name.starts_with("SALIO_") => {
                layers.refuse_unknown(&variable.name, &raw, variable.place(None), refusal(&variable.name));
            }
            None => {}
        }
    }
}

/// Which of several names for one key wins within a layer: the highest.
fn rank(name: &str) -> u8 {
    if PREVIOUS_SYSTEM.iter().any(|(previous, _)| *previous == name) {
        return 0;
    }
    if SHORT_FORMS.iter().any(|(short, _)| *short == name) { 1 } else { 2 }
}

/// The key that a variable sets.
pub fn target(name: &str) -> Option<(&'static KeySpec, String)> {
    let known = PREVIOUS_SYSTEM.iter().chain(&SHORT_FORMS).find(|(known, _)| *known == name);
    let path = known.map_or_else(|| own_path(name), |(_, path)| Some((*path).to_owned()))?;
    schema::find_path(&path).map(|spec| (spec, path))
}

/// `SALIO_ACCOUNTS__ONFON_MARKETING__API_KEY` → `accounts.onfon-marketing.api_key`.
fn own_path(name: &str) -> Option<String> {
    let rest = name.strip_prefix("SALIO_").filter(|rest| !rest.bytes().any(|b| b.is_ascii_lowercase()))?;
    let mut segments: Vec<String> = rest.split("__").map(str::to_ascii_lowercase).collect();
    if let [first, slug, _] = segments.as_mut_slice()
        && first == "accounts"
    {
        *slug = slug.replace('_', "-");
        if !schema::is_slug(slug) {
            return None;
        }
    }
    Some(segments.join("."))
}

/// What to say about a variable that nobody knows.
fn refusal(name: &str) -> String {
    let rest = name.strip_prefix("SALIO_").unwrap_or(name);
    if PREVIOUS_SYSTEM.iter().any(|(previous, _)| *previous == rest) {
        return format!("unknown variable; did you mean {rest}?");
    }
    let path = rest.to_ascii_lowercase().replace("__", ".");
    let segments: Vec<&str> = path.split('.').collect();
    if matches!(segments.as_slice(), ["accounts", slug, _] if !schema::is_slug(&slug.replace('_', "-"))) {
        return "unknown variable; an account's name in it is 1 to 40 of A-Z, 0-9 and _ (which stands for -)".to_owned();
    }
    let suggestion = suggest::path(&segments, false).filter(|path| !schema::SECTIONS.contains(&path.as_str()));
    let meant = suggestion.map(|path| format!("did you mean {}? ", schema::variable(&path))).unwrap_or_default();
    format!("unknown variable; {meant}allowed: {}", allowed_near(&segments))
}

/// The variables of the section that was meant, or the short ones and the form of the others.
fn allowed_near(segments: &[&str]) -> String {
    let parents = segments.split_last().map(|(_, parents)| parents).unwrap_or_default();
    let keys = schema::names_in(parents, false);
    let full = |key: &str| schema::variable(&parents.iter().copied().chain([key]).collect::<Vec<_>>().join("."));
    if !parents.is_empty() && !keys.is_empty() {
        return keys.into_iter().map(full).collect::<Vec<_>>().join(", ");
    }
    let top = schema::names_in(&[], false).into_iter().map(schema::variable);
    let short = SHORT_FORMS.iter().map(|(short, _)| (*short).to_owned());
    let forms = ["SALIO_SERVER__KEY", "SALIO_BALANCE__KEY", "SALIO_ACCOUNTS__ID__KEY"].map(str::to_owned);
    short.chain(top).chain(forms).collect::<Vec<_>>().join(", ")
}

/// The name on a broken line, where the name's end is uncertain: a known one, or only its beginning, lest part of a value be shown.
fn printable_name(name: &str) -> String {
    if target(name).is_some() {
        return name.to_owned();
    }
    let prefix = dotenv::PREFIXES.iter().find(|prefix| name.starts_with(*prefix)).copied().unwrap_or_default();
    format!("{prefix}…")
}
