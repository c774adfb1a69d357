//! Why there is no answer, by what is certain: never left, or may have arrived.
//!
//! Knows nothing of: vendors, URLs (they carry keys; each error is stripped of its URL before anything is made of it).

use std::error::Error;
use std::fmt::Write;

/// How much of the system's words is kept, in characters.
const DETAIL_CHARS: usize = 300;

/// Where a connection failed to come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The name could not be resolved.
    Dns,
    /// No connection (refused, unreachable, or not in time).
    Connect,
    /// The other side could not be verified, or does not speak TLS.
    Tls,
}

/// What is certain about a question without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// No byte of the question was written: certain.
    NotConnected(Phase),
    /// The time ran out after the connection stood: the question may have arrived.
    TimedOut,
    /// The connection broke: the question may have arrived.
    Lost,
}

/// A question without an answer. Holds no URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Failure {
    /// What is certain.
    pub kind: FailureKind,
    /// Whether a time limit ended it (a connection that did not come about in time is `NotConnected` *and* timed out).
    pub timed_out: bool,
    /// The system's words.
    pub detail: String,
}

impl Failure {
    pub(super) fn from_reqwest(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let timed_out = error.is_timeout();
        // `is_connect` is true only for errors of the connector, which runs before the request is handed to a connection.
        let kind = if error.is_connect() {
            FailureKind::NotConnected(phase(&error))
        } else if timed_out {
            FailureKind::TimedOut
        } else {
            FailureKind::Lost
        };
        Self { kind, timed_out, detail: words(&error) }
    }
}

fn phase(error: &reqwest::Error) -> Phase {
    if error.is_dns() {
        return Phase::Dns;
    }
    let is_tls = chain(error).any(<dyn Error>::is::<rustls::Error>);
    if is_tls { Phase::Tls } else { Phase::Connect }
}

/// Whether the other side closed in an orderly way before the announced end: an answer that was cut short, as against a broken line.
pub(super) fn is_early_end(error: &reqwest::Error) -> bool {
    !error.is_timeout() && chain(error).filter_map(|cause| cause.downcast_ref::<std::io::Error>()).any(|io| io.kind() == std::io::ErrorKind::UnexpectedEof)
}

/// Every cause below an error. An I/O error that wraps another names that one's cause as its own and skips it, so it is unwrapped here.
pub(super) fn chain(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause: &&(dyn Error + 'static)| {
        let wrapped = (*cause).downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        wrapped.map_or_else(|| (*cause).source(), |inner| Some(inner))
    })
}

fn words(error: &reqwest::Error) -> String {
    let mut words = error.to_string();
    for cause in chain(error).map(ToString::to_string) {
        // An error that wraps another often repeats its words.
        if !words.ends_with(&cause) {
            let _ = write!(words, ": {cause}");
        }
    }
    words.chars().take(DETAIL_CHARS).collect()
}
