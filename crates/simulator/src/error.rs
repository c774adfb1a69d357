//! What can keep a simulator from starting. Must not carry credentials or query strings.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Why a simulator could not start or had to stop. Every text says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SimError {
    /// The address is taken or not ours.
    #[error("cannot listen on {addr}: choose another address with --listen (port 0 takes any free port)")]
    Bind {
        /// The address that was asked for.
        addr: SocketAddr,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// An option holds something that cannot be used.
    #[error("{option}: {problem}")]
    Option {
        /// The option as the user knows it.
        option: &'static str,
        /// What is wrong and what is allowed.
        problem: String,
    },
    /// A settings file cannot be read.
    #[error("cannot read {path}: check that the file exists and is readable", path = path.display())]
    ReadFile {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A settings file is not what it should be.
    #[error("{path}: {problem}", path = path.display())]
    ParseFile {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column.
        problem: String,
    },
    /// The client that sends delivery reports could not be made.
    #[error("cannot prepare the sender of delivery reports: {0}")]
    ReportClient(String),
}
