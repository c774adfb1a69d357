//! A client for addresses that users have written down: webhooks, chat services, pings. One request, at most once; only to where the guard permits; a little of the answer is read.
//!
//! Knows nothing of: what is sent, what an answer means, whether to try again.

use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Response, Url};

use super::guard::{Guarded, NoWay};
use super::{Address, Failure, Guard, MAX_CONNECT, POOL_IDLE, SetupError, Tls, failure, wait};

/// How much of an answer is read, in bytes. What these services say fits in one; the rest is not waited for.
pub const MAX_ANSWER_BYTES: usize = 64 * 1024;
/// Events for one receiver may come close together; a receiver is no vendor, though, and gets few connections.
const POOL_IDLE_PER_HOST: usize = 8;

/// A client whose every connection the guard has permitted.
#[derive(Clone)]
pub struct Outside {
    client: reqwest::Client,
    guard: Guard,
}

/// How to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Without a body.
    Get,
    /// With one.
    Post,
}

/// One request. No `Debug`: headers and body may hold secrets.
pub struct Outgoing<'a> {
    /// How to ask.
    pub method: Method,
    /// Whom.
    pub to: &'a Address,
    /// Beside what the client adds itself.
    pub headers: Vec<(&'static str, String)>,
    /// Empty for a GET.
    pub body: Vec<u8>,
}

/// An answer of any status. No `Debug`: a body may repeat what was sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// How long `Retry-After` asks to wait: at most a day.
    pub retry_after: Option<Duration>,
    /// What came of the body, at most [`MAX_ANSWER_BYTES`]; whether it was cut short makes no difference to the status.
    pub body: Vec<u8>,
}

/// Why there is no answer. Holds no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// Nobody was asked: there is no address to go to, or none that is permitted.
    #[error("{0}")]
    NoWay(NoWay),
    /// Nobody was asked: a header cannot be sent.
    #[error("a header holds characters that cannot be sent")]
    Unsendable,
    /// Told apart by whether the question can have arrived.
    #[error("{0}")]
    Failed(Failure),
}

impl Outside {
    /// A client whose requests have `timeout` for everything: name, connection, question and answer.
    ///
    /// # Errors
    /// When the client cannot be built.
    #[expect(clippy::disallowed_methods, reason = "this is the room that owns the HTTP client")]
    pub fn new(tls: &Tls, guard: Guard, timeout: Duration) -> Result<Self, SetupError> {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.config())
            .dns_resolver(Guarded(guard.clone()))
            .retry(reqwest::retry::never())
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .http1_only()
            .connect_timeout((timeout / 2).min(MAX_CONNECT))
            .timeout(timeout)
            .tcp_nodelay(true)
            .pool_idle_timeout(POOL_IDLE)
            .pool_max_idle_per_host(POOL_IDLE_PER_HOST)
            // It would write every byte, tokens included, into the log at `trace`.
            .connection_verbose(false)
            .user_agent(concat!("salio/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| SetupError::Client(error.without_url()))?;
        Ok(Self { client, guard })
    }

    /// Sends once and reads the beginning of the answer.
    ///
    /// # Errors
    /// When no answer came.
    pub async fn send(&self, outgoing: Outgoing<'_>) -> Result<Answer, NoAnswer> {
        // A literal address never reaches the resolver, and so is looked at here.
        if outgoing.to.literal().is_some_and(|address| !self.guard.permits(address)) {
            return Err(NoAnswer::NoWay(NoWay::Forbidden));
        }
        let url: Url = outgoing.to.url().clone();
        let request = match outgoing.method {
            Method::Get => self.client.get(url),
            Method::Post => self.client.post(url).body(outgoing.body),
        };
        let response = request.headers(headers(outgoing.headers)?).send().await.map_err(no_answer)?;
        Ok(Answer { status: response.status().as_u16(), retry_after: retry_after(response.headers()), body: beginning(response).await })
    }
}

/// Marked as secret one and all, for whatever below might log them.
fn headers(given: Vec<(&'static str, String)>) -> Result<HeaderMap, NoAnswer> {
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let mut value = HeaderValue::try_from(value).map_err(|_| NoAnswer::Unsendable)?;
        value.set_sensitive(true);
        headers.append(HeaderName::from_static(name), value);
    }
    Ok(headers)
}

fn no_answer(error: reqwest::Error) -> NoAnswer {
    let no_way = failure::chain(&error).find_map(|cause| cause.downcast_ref::<NoWay>()).cloned();
    no_way.map_or_else(|| NoAnswer::Failed(Failure::from_reqwest(error)), NoAnswer::NoWay)
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    wait::read(text(RETRY_AFTER)?, text(DATE))
}

/// The status has been said; a body that breaks off takes nothing back.
async fn beginning(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        body.extend_from_slice(chunk.get(..chunk.len().min(MAX_ANSWER_BYTES - body.len())).unwrap_or_default());
        if body.len() >= MAX_ANSWER_BYTES {
            break;
        }
    }
    body
}
