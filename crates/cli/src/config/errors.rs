//! What is wrong with the configuration, all of it at once, each with its key, its place and what is allowed.
//!
//! Knows nothing of: files, variables, what a key means. A secret never enters a [`ConfigError`]: callers hand in what may be shown.

use std::fmt;

/// What stands where a secret would.
pub const HIDDEN: &str = "(hidden)";

/// Where a value was written. The order is the order of precedence and of the report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In a configuration file; line 0 is the file as a whole.
    File {
        /// The path as it was given.
        path: String,
        /// Counted from 1.
        line: usize,
    },
    /// In `.env` of the working directory; line 0 is the file as a whole.
    Dotenv {
        /// Counted from 1.
        line: usize,
        /// The variable, when it is not itself the key of the problem.
        variable: Option<String>,
    },
    /// In the environment of the process.
    Environment {
        /// The variable, when it is not itself the key of the problem.
        variable: Option<String>,
    },
    /// On the command line: `--listen`.
    Flag(String),
    /// Nowhere: the default.
    Default,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variable = match self {
            Self::File { path, line: 0 } => return f.write_str(path),
            Self::File { path, line } => return write!(f, "{path}:{line}"),
            Self::Flag(flag) => return write!(f, "flag {flag}"),
            Self::Default => return f.write_str("default"),
            Self::Dotenv { line: 0, variable } => {
                f.write_str(".env")?;
                variable
            }
            Self::Dotenv { line, variable } => {
                write!(f, ".env:{line}")?;
                variable
            }
            Self::Environment { variable } => {
                f.write_str("environment")?;
                variable
            }
        };
        variable.as_ref().map_or(Ok(()), |name| write!(f, ", {name}"))
    }
}

/// One problem: where, what, and what is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The key or variable; empty when the problem is the file itself.
    pub key: String,
    /// Where it was written.
    pub place: Place,
    /// What was written there, as it may be shown: quoted and short, or [`HIDDEN`].
    pub value: Option<String>,
    /// What is wrong and what is allowed.
    pub problem: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.key.is_empty() {
            return write!(f, "{}: {}", self.place, self.problem);
        }
        f.write_str(&self.key)?;
        if let Some(value) = &self.value {
            write!(f, " = {value}")?;
        }
        write!(f, " ({}): {}", self.place, self.problem)
    }
}

/// Every problem found, in the order of the layers. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => f.write_str("The configuration has a problem:")?,
            n => write!(f, "The configuration has {n} problems:")?,
        }
        self.0.iter().try_for_each(|error| write!(f, "\n  - {error}"))
    }
}

impl std::error::Error for ConfigErrors {}
