//! The only room that builds an HTTP client. One request goes out at most once: no retries, no redirects, no proxies; TLS is always verified.
//!
//! Knows nothing of: vendors, what an answer means, whether to try again. It tells apart what certainly never left from what may have arrived.
//!
//! # What the client below does by itself, as read in its source
//! `hyper-util` 0.1 sends a request again when a *reused* connection turned out to be closed (`retry_canceled_requests`, which `reqwest` 0.13 gives no
//! way to switch off). It does so only when `hyper` hands the request object back, and `hyper` 1.x hands it back only while it still lies in the
//! connection's queue (`proto/h1/dispatch.rs`, `recv_msg`: `message: Some(req)` for a request "never even started"). Once it has been taken from the queue
//! to be written, the answer is an error without the request and nothing is repeated. So the repetition concerns requests of which no byte was written,
//! which is as good as the first try. The short idle time of the pool keeps even that rare. A request cancelled so on a *fresh* connection comes back as
//! `Canceled`, not as a connect error: it is reported as lost, because certainty is claimed only for errors of the connector itself.

mod address;
mod courier;
mod failure;
mod guard;
mod outside;
mod tls;
mod wait;

use std::time::Duration;

use reqwest::{RequestBuilder, Url};

pub use address::{Address, BadAddress};
pub use courier::{Courier, NotTaken};
pub use failure::{Failure, FailureKind, Phase};
pub use guard::{BadNetwork, Guard, Names, Network, NoWay, SystemNames};
pub use outside::{Answer, MAX_ANSWER_BYTES, Method, NoAnswer, Outgoing, Outside};
pub use tls::Tls;

/// How much of an answer is read, in bytes; a vendor's answer has a few kilobytes.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;
/// The longest a connection may take to come about, however long the whole may take.
const MAX_CONNECT: Duration = Duration::from_secs(10);
/// Shorter than the 5 s after which the most impatient common servers close: a request on a connection that is just being closed is a message in doubt.
const POOL_IDLE: Duration = Duration::from_secs(4);
/// Idle connections kept for one host: as many as the highest `concurrency` that can be set, so that a busy account never opens one anew for each call.
const POOL_IDLE_PER_HOST: usize = 1024;

/// An HTTP client for one account and one kind of call.
#[derive(Clone)]
pub struct HttpClient {
    client: reqwest::Client,
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// TLS could not be set up.
    #[error("TLS cannot be set up")]
    Tls(#[from] rustls::Error),
    /// A root certificate of the user's cannot be read.
    #[error("the root certificates cannot be read: PEM text with at least one certificate is needed")]
    Roots,
    /// The client could not be built.
    #[error("the HTTP client cannot be set up")]
    Client(#[source] reqwest::Error),
}

/// How the body of an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// As announced.
    Whole,
    /// The connection was closed before its end.
    CutShort,
    /// It was longer than [`MAX_BODY_BYTES`]; the rest was not read.
    TooLarge,
}

/// An answer of any status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The body, at most [`MAX_BODY_BYTES`] long.
    pub body: Vec<u8>,
    /// How the body ended.
    pub ending: Ending,
}

impl HttpClient {
    /// A client whose requests have `timeout` for everything: name, connection, question and the whole answer.
    ///
    /// # Errors
    /// When the client cannot be built.
    #[expect(clippy::disallowed_methods, reason = "this is the room that owns the HTTP client")]
    pub fn new(tls: &Tls, timeout: Duration) -> Result<Self, SetupError> {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.config())
            .retry(reqwest::retry::never())
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .http1_only()
            // Half of the whole, so that a connection that never comes about is known as such instead of "timed out somewhere".
            .connect_timeout((timeout / 2).min(MAX_CONNECT))
            .timeout(timeout)
            .tcp_nodelay(true)
            .pool_idle_timeout(POOL_IDLE)
            .pool_max_idle_per_host(POOL_IDLE_PER_HOST)
            // It would write every byte, keys included, into the log at `trace`.
            .connection_verbose(false)
            .user_agent(concat!("salio/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| SetupError::Client(error.without_url()))?;
        Ok(Self { client })
    }

    /// A question without a body.
    pub fn get(&self, url: Url) -> RequestBuilder {
        self.client.get(url)
    }

    /// A question with a body.
    pub fn post(&self, url: Url) -> RequestBuilder {
        self.client.post(url)
    }
}

/// Sends once and reads the answer, whatever its status.
///
/// # Errors
/// When no answer came, told apart by whether the question can have arrived.
pub async fn send(request: RequestBuilder) -> Result<Reply, Failure> {
    let mut response = request.send().await.map_err(Failure::from_reqwest)?;
    let status = response.status().as_u16();
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > MAX_BODY_BYTES => {
                body.extend_from_slice(chunk.get(..MAX_BODY_BYTES - body.len()).unwrap_or_default());
                return Ok(Reply { status, body, ending: Ending::TooLarge });
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(Reply { status, body, ending: Ending::Whole }),
            Err(error) if failure::is_early_end(&error) => return Ok(Reply { status, body, ending: Ending::CutShort }),
            Err(error) => return Err(Failure::from_reqwest(error)),
        }
    }
}
