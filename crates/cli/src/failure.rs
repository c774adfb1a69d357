//! Why a command ends without having done what it was told, and with which exit code: 1 failed, 2 wrong usage or configuration.
//!
//! Knows nothing of: what failed.

use std::fmt;
use std::process::ExitCode;

/// What a command comes to.
pub type Outcome<T = ()> = Result<T, Failure>;

/// Why a command ends early. The text names the fix; it never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Wrong usage or configuration: exit code 2.
    Usage(String),
    /// It could not be done: exit code 1.
    Failed(String),
    /// It could not be done, and that has been said already: exit code 1.
    Told,
}

impl Failure {
    /// It could not be done.
    pub fn failed(text: impl Into<String>) -> Self {
        Self::Failed(text.into())
    }

    /// Wrong usage or configuration.
    pub fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    /// The code the process ends with.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Failed(_) | Self::Told => ExitCode::from(1),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) | Self::Failed(text) => f.write_str(text),
            Self::Told => Ok(()),
        }
    }
}

impl std::error::Error for Failure {}

/// An error with its causes, in one line.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_stand_in_one_line_and_once() {
        let inner = std::io::Error::other("the disk is full");
        let outer = std::io::Error::other(inner);
        assert_eq!(with_causes(&outer), "the disk is full");
    }
}
