//! The only place that reads configuration from the machine: the working directory, the environment, the named file.
//!
//! Knows nothing of: what the texts mean.

use std::ffi::OsString;
use std::io::{ErrorKind, Read};
use std::path::Path;

use super::dotenv::PREFIXES;
use super::errors::{ConfigError, ConfigErrors, Place};
use super::layers::Layers;
use super::{FileText, FlagValue, Inputs, Settings, lay_above_file, load};

/// The file that is read when none is named.
const USUAL_FILE: &str = "salio.toml";

/// A configuration is some kilobytes; a log or a database given by mistake is not read into memory.
const MOST_BYTES: u64 = 1 << 20;

const LOG_VARIABLE: &str = "SALIO_LOG";
const LOG_KEY: &str = "log";

/// Reads `.env` and `salio.toml` of the working directory, the environment and the flags.
///
/// # Errors
/// All problems at once.
pub fn read_process(flags: Vec<FlagValue>) -> Result<Settings, ConfigErrors> {
    load(&process_inputs(flags))
}

/// The texts that [`read_process`] reads, for whoever wants to explain them.
pub fn process_inputs(flags: Vec<FlagValue>) -> Inputs {
    inputs(Path::new(""), std::env::vars_os().collect(), flags)
}

/// Only what is logged, for a demo that needs no configuration and must not be kept from running by one.
///
/// # Errors
/// When the filter cannot be read.
pub fn read_log_alone(flags: Vec<FlagValue>) -> Result<Settings, ConfigErrors> {
    let environment = std::env::vars_os().filter(|(name, _)| name == LOG_VARIABLE).collect();
    let mut inputs = Inputs { flags: flags.into_iter().filter(|flag| flag.key == LOG_KEY).collect(), ..Inputs::default() };
    take_environment(&mut inputs, environment);
    load(&inputs)
}

/// The same for any directory and environment.
pub fn inputs(directory: &Path, environment: Vec<(OsString, OsString)>, flags: Vec<FlagValue>) -> Inputs {
    let mut inputs = Inputs { flags, ..Inputs::default() };
    take_environment(&mut inputs, environment);
    // Old files are not always UTF-8, and only our lines matter: a broken character in one of those is refused where it is read.
    match read_limited(&directory.join(".env")) {
        Ok(bytes) => inputs.dotenv = Some(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => inputs.problems.push(unreadable(Place::Dotenv { line: 0, variable: None }, &error)),
    }
    take_file(&mut inputs, directory);
    inputs
}

fn take_environment(inputs: &mut Inputs, environment: Vec<(OsString, OsString)>) {
    for (name, value) in environment {
        let Ok(name) = name.into_string() else {
            continue;
        };
        match value.into_string() {
            Ok(value) => inputs.environment.push((name, value)),
            Err(_) if PREFIXES.iter().any(|prefix| name.starts_with(prefix)) => {
                inputs.problems.push(ConfigError { key: name, place: Place::Environment { variable: None }, value: None, problem: "the value is not UTF-8".to_owned() })
            }
            Err(_) => {}
        }
    }
}

/// The file that flag, environment or `.env` name, which must be there; else the usual one, if it is there.
fn take_file(inputs: &mut Inputs, directory: &Path) {
    let mut above = Layers::default();
    lay_above_file(inputs, &mut above);
    let named = above.entry("config").and_then(|entry| Some((entry.raw.scalar()?.to_owned(), entry.place.clone())));
    let path = named.as_ref().map_or(USUAL_FILE, |(path, _)| path.as_str());
    match read_limited(&directory.join(path)).and_then(into_text) {
        Ok(text) => inputs.file = Some(FileText { path: path.to_owned(), text }),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if let Some((path, place)) = named {
                inputs.problems.push(ConfigError { key: "config".to_owned(), place, value: Some(format!("{path:?}")), problem: "there is no such file".to_owned() });
            }
        }
        Err(error) => inputs.problems.push(unreadable(Place::File { path: path.to_owned(), line: 0 }, &error)),
    }
}

fn read_limited(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(std::io::Error::new(ErrorKind::FileTooLarge, "larger than 1 MiB"));
    }
    Ok(bytes)
}

fn into_text(bytes: Vec<u8>) -> std::io::Result<String> {
    String::from_utf8(bytes).map_err(|_| std::io::Error::new(ErrorKind::InvalidData, "not UTF-8"))
}

fn unreadable(place: Place, error: &std::io::Error) -> ConfigError {
    ConfigError { key: String::new(), place, value: None, problem: format!("cannot be read: {error}") }
}
