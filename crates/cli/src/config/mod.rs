//! The configuration: `salio.toml`, `.env`, the environment and flags, laid over each other key by key.
//!
//! [`load`] is pure: texts in, [`Settings`] or every problem out; [`read_process`] alone touches the file system and the environment.
//! Knows nothing of: what the settings are for.

mod accounts;
mod address;
mod dotenv;
mod duration;
pub mod errors;
mod explain;
mod file;
mod kind;
mod layers;
mod process;
mod raw;
mod reader;
mod schema;
mod sections;
pub mod settings;
mod suggest;
mod value;
mod variables;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use errors::{ConfigError, ConfigErrors, Place};
pub use explain::explain;
use layers::Layers;
pub use process::{process_inputs, read_log_alone, read_process};
use settings::Settings;
pub use variables::FlagValue;

/// A file that was read.
#[derive(Clone, Debug)]
pub struct FileText {
    /// As problems name it.
    pub path: String,
    /// What stands in it.
    pub text: String,
}

/// Everything the configuration is made of.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// `salio.toml`, or the file that was named instead.
    pub file: Option<FileText>,
    /// The text of `.env` in the working directory.
    pub dotenv: Option<String>,
    /// Names and values of the environment; names that are not ours are passed over.
    pub environment: Vec<(String, String)>,
    /// What the command line gave.
    pub flags: Vec<FlagValue>,
    /// What went wrong while these were read; reported with everything else.
    pub problems: Vec<ConfigError>,
}

/// Reads everything; finds every problem.
///
/// # Errors
/// All problems at once, in the order of the layers; none shows a secret.
pub fn load(inputs: &Inputs) -> Result<Settings, ConfigErrors> {
    let mut layers = lay(inputs);
    let read = read(&mut layers, inputs);
    match (read, layers.into_errors()) {
        (Some(settings), errors) if errors.is_empty() => Ok(settings),
        (None, errors) if errors.is_empty() => Err(ConfigErrors(vec![no_default()])),
        (_, errors) => Err(ConfigErrors(errors)),
    }
}

/// The later wins.
fn lay(inputs: &Inputs) -> Layers {
    let mut layers = Layers::default();
    inputs.problems.iter().cloned().for_each(|problem| layers.refuse(problem));
    layers.file_is_broken = !inputs.problems.is_empty();
    if let Some(file) = &inputs.file {
        file::lay(&file.path, &file.text, &mut layers);
    }
    lay_above_file(inputs, &mut layers);
    layers
}

fn lay_above_file(inputs: &Inputs, layers: &mut Layers) {
    if let Some(text) = &inputs.dotenv {
        variables::lay_dotenv(text, &inputs.environment, layers);
    }
    variables::lay_environment(&inputs.environment, layers);
    variables::lay_flags(&inputs.flags, layers);
}

fn read(layers: &mut Layers, inputs: &Inputs) -> Option<Settings> {
    let (server, balance, client) = (sections::server(layers), sections::balance(layers), sections::client(layers));
    let (accounts, setup_missing) = accounts::accounts(layers);
    let (data_dir, database_url, log) = (layers.get("data_dir"), layers.get("database_url"), layers.get("log"));
    Some(Settings {
        server: server?,
        balance: balance?,
        accounts,
        data_dir: data_dir?,
        database_url,
        log: log?,
        config_path: inputs.file.as_ref().map(|file| PathBuf::from(&file.path)),
        client,
        setup_missing,
    })
}

/// Cannot come: a test loads nothing at all. Said rather than assumed.
fn no_default() -> ConfigError {
    ConfigError { key: String::new(), place: Place::Default, value: None, problem: "a key has no default; a fault of Salio".to_owned() }
}
