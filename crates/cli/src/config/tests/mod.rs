//! Tables of inputs and what must come of them. No file system and no environment, except in `process`.

mod accounts;
mod dotenv;
mod files;
mod layering;
mod process;
mod refusals;
mod secrets;
mod values;

use super::errors::{ConfigError, ConfigErrors};
use super::settings::Settings;
use super::{FileText, FlagValue, Inputs, load};

/// Two variables that make a complete account.
pub const COMPLETE: &str = "ONFON_API_KEY=made-up-key-1\nONFON_CLIENT_ID=made-up-client-1\n";

/// Inputs under construction.
#[derive(Default)]
pub struct Given(Inputs);

impl Given {
    pub fn file(mut self, text: &str) -> Self {
        self.0.file = Some(FileText { path: "salio.toml".to_owned(), text: text.to_owned() });
        self
    }

    pub fn dotenv(mut self, text: &str) -> Self {
        self.0.dotenv = Some(text.to_owned());
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.0.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn flag(mut self, flag: &str, key: &str, value: &str) -> Self {
        self.0.flags.push(FlagValue { flag: flag.to_owned(), key: key.to_owned(), value: value.to_owned() });
        self
    }

    pub fn load(&self) -> Result<Settings, ConfigErrors> {
        load(&self.0)
    }

    pub fn settings(&self) -> Settings {
        self.load().unwrap_or_else(|errors| panic!("{errors}"))
    }

    pub fn errors(&self) -> Vec<ConfigError> {
        self.load().expect_err("it was taken").0
    }

    /// The problems as people read them, one a line.
    pub fn lines(&self) -> Vec<String> {
        self.errors().iter().map(ToString::to_string).collect()
    }
}

pub fn file(text: &str) -> Given {
    Given::default().file(text)
}

pub fn dotenv_text(text: &str) -> Given {
    Given::default().dotenv(text)
}

pub fn env(name: &str, value: &str) -> Given {
    Given::default().env(name, value)
}
