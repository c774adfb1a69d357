//! How a command speaks with Salio: always the HTTP API, over TCP (`SALIO_URL`), over the socket of a running server, or with an engine in this
//! process. Commands cannot tell which, so there is one way to ask and one way to show.
//!
//! Knows nothing of: what commands ask for, how it is shown.

mod choose;
mod events;
mod local;
mod problem;
mod socket;
mod tcp;
pub mod wire;

use std::time::Duration;

use futures::{Stream, StreamExt};
use http_body_util::combinators::{BoxBody, UnsyncBoxBody};
use http_body_util::{BodyExt, Full, Limited, StreamBody};
use hyper::body::{Bytes, Frame};
use hyper::header::{ACCEPT, CONTENT_TYPE, HeaderName, RETRY_AFTER};
use hyper::{Method, Request, Response};
use serde_json::Value;

use crate::failure::{Failure, Outcome};

pub use choose::{busy, open};
pub use events::{Event, Events};
pub use local::Local;
pub use problem::Problem;
pub use tcp::http_client;

/// The longest a question may take; a provider has 15 s by default, and settings allow more.
const LONGEST_CALL: Duration = Duration::from_secs(120);
/// No answer to a command is larger: 1,000 messages are some 500 kB.
const LARGEST_ANSWER: usize = 32 * 1024 * 1024;
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

type BoxError = Box<dyn std::error::Error + Send + Sync>;
/// The body of an answer, wherever it comes from.
pub type Body = UnsyncBoxBody<Bytes, BoxError>;
/// The body of a request: a few bytes, or a stream of any length.
type Asked = BoxBody<Bytes, BoxError>;

/// A way to Salio.
pub enum Client {
    /// A server that `SALIO_URL` names.
    Tcp(tcp::Tcp),
    /// The server in charge of the data directory.
    Socket(socket::Socket),
    /// An engine in this process.
    Local(Box<Local>),
}

/// What was answered.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Seconds to wait, where the answer says so.
    pub retry_after_s: Option<u64>,
    /// The answer stands for an earlier request under the same key.
    pub replayed: bool,
    /// The answer.
    pub body: Value,
}

impl Reply {
    /// The answer, or why there is none.
    pub fn ok(self) -> Outcome<Value> {
        if (200..300).contains(&self.status) { Ok(self.body) } else { Err(self.problem().failure(self.retry_after_s)) }
    }

    /// Whether it was refused.
    pub fn is_problem(&self) -> bool {
        !(200..300).contains(&self.status)
    }

    /// Why it was refused.
    pub fn problem(&self) -> Problem {
        let mut problem: Problem = serde_json::from_value(self.body.clone()).unwrap_or_default();
        if problem.detail.is_empty() && problem.title.is_empty() {
            problem.detail = format!("the answer was HTTP {} without a reason", self.status);
        }
        problem
    }
}

impl Client {
    /// Whether the engine runs in this process.
    pub fn local(&self) -> Option<&Local> {
        if let Self::Local(local) = self { Some(local) } else { None }
    }

    /// Asks for something.
    pub async fn get(&self, path: &str) -> Outcome<Reply> {
        self.call(Method::GET, path, None, None).await
    }

    /// Tells to do something.
    pub async fn post(&self, path: &str, body: Option<&Value>) -> Outcome<Reply> {
        self.call(Method::POST, path, body, None).await
    }

    /// Takes something away.
    pub async fn delete(&self, path: &str) -> Outcome<Reply> {
        self.call(Method::DELETE, path, None, None).await
    }

    /// Any call; under `key` a second one with the same body does nothing more.
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>, key: Option<&str>) -> Outcome<Reply> {
        let request = request(method, path, body, key)?;
        let answered = async { read(self.send(request).await?).await };
        tokio::time::timeout(LONGEST_CALL, answered).await.map_err(|_| Failure::failed(format!("Salio did not answer within {} s", LONGEST_CALL.as_secs())))?
    }

    /// A question whose answer may take as long as it takes.
    pub async fn get_slowly(&self, path: &str) -> Outcome<Reply> {
        read(self.send(request(Method::GET, path, None, None)?).await?).await
    }

    /// Hands a stream over, of any length; under `key` the same stream again goes on where it broke.
    pub async fn upload(&self, path: &str, kind: &str, key: &str, body: impl Stream<Item = std::io::Result<Bytes>> + Send + Sync + 'static) -> Outcome<Reply> {
        let request = Request::builder().method(Method::POST).uri(path).header(ACCEPT, "application/json").header(CONTENT_TYPE, kind).header(IDEMPOTENCY_KEY, key);
        let body = StreamBody::new(body.map(|chunk| chunk.map(Frame::data).map_err(BoxError::from)));
        read(self.send(made(request.body(BodyExt::boxed(body)))?).await?).await
    }

    /// Hears what happens, from now on.
    pub async fn events(&self) -> Outcome<Events> {
        let response = self.send(request(Method::GET, "/api/v1/events", None, None)?).await?;
        if !response.status().is_success() {
            return Err(Failure::failed(read(response).await?.problem().text(None)));
        }
        Ok(Events::new(response.into_body()))
    }

    async fn send(&self, request: Request<Asked>) -> Outcome<Response<Body>> {
        match self {
            Self::Tcp(tcp) => tcp.send(request).await,
            Self::Socket(socket) => socket.send(request).await,
            Self::Local(local) => local.send(request).await,
        }
    }

    /// Without a server: begins to send what waits; or lets what is in flight end, and begins nothing more.
    pub async fn set_sending(&mut self, dispatch: bool) -> Outcome {
        if let Self::Local(local) = self { local.set_sending(dispatch).await } else { Ok(()) }
    }

    /// Lets what is under way end.
    pub async fn close(self) {
        if let Self::Local(local) = self {
            local.close().await;
        }
    }
}

fn request(method: Method, path: &str, body: Option<&Value>, key: Option<&str>) -> Outcome<Request<Asked>> {
    let mut request = Request::builder().method(method).uri(path).header(ACCEPT, "application/json, text/event-stream");
    if body.is_some() {
        request = request.header(CONTENT_TYPE, "application/json");
    }
    if let Some(key) = key {
        request = request.header(IDEMPOTENCY_KEY, key);
    }
    let bytes = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
    made(request.body(BodyExt::boxed(Full::new(bytes).map_err(|never| match never {}))))
}

fn made(request: hyper::http::Result<Request<Asked>>) -> Outcome<Request<Asked>> {
    request.map_err(|error| Failure::failed(format!("a request could not be made: {error}")))
}

async fn read(response: Response<Body>) -> Outcome<Reply> {
    let (head, body) = response.into_parts();
    let broken = |error: BoxError| Failure::failed(format!("the answer of Salio broke off: {error}"));
    let bytes = Limited::new(body, LARGEST_ANSWER).collect().await.map_err(broken)?.to_bytes();
    let replayed = head.headers.get(REPLAYED).is_some_and(|value| value == "true");
    let retry_after_s = head.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    Ok(Reply { status: head.status.as_u16(), retry_after_s, replayed, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) })
}

/// A word as part of a path or a query.
pub fn escaped(word: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    word.bytes().map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_escaped_byte_by_byte() {
        assert_eq!(escaped("onfon-1 é/?&"), "onfon-1%20%C3%A9%2F%3F%26");
    }

    #[test]
    fn an_answer_without_a_reason_still_says_something() {
        let reply = Reply { status: 502, retry_after_s: None, replayed: false, body: Value::Null };
        assert_eq!(reply.ok(), Err(Failure::failed("the answer was HTTP 502 without a reason")));
    }
}
