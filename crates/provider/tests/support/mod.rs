//! A made-up vendor on a raw socket: it reads a whole request, remembers it, and answers (or misbehaves) byte by byte as told.
//!
//! Knows nothing of: the driver's code, what an answer means.
#![allow(dead_code, reason = "each test target uses a part of it")]

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use salio_domain::outbox::{RecipientOutcome, SubmitOutcome};
use salio_provider::onfon::{AccessKeyIn, Onfon, OnfonConfig};
use salio_provider::{Found, LookUp, LookUpError, Provider, Recipient, Secret, SubmitRequest};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Longer than anything here takes; a test that runs into it has failed.
pub const DEADLINE: Duration = Duration::from_secs(20);
/// For tests in which nothing should time out.
pub const PATIENT: Duration = Duration::from_secs(15);
/// For tests in which something should.
pub const HASTY: Duration = Duration::from_millis(400);

pub const API_KEY: &str = "made-up+api/key-1==";
pub const CLIENT_ID: &str = "made-up-client-2";
pub const ACCESS_KEY: &str = "made-up-access-3";

/// What the vendor does with one connection.
#[derive(Clone, Debug)]
pub enum Reaction {
    /// Reads the request, writes these bytes, closes in an orderly way.
    Answer(Vec<u8>),
    /// Reads the request, writes these bytes, waits for the next request on the same connection.
    KeepOpen(Vec<u8>),
    /// Closes with a reset before reading anything.
    ResetAtOnce,
    /// Reads the request, writes these bytes, then resets.
    ResetAfter(Vec<u8>),
    /// Reads the request, closes in an orderly way without a word.
    CloseAfterReading,
    /// Reads the request, writes these bytes, then stays silent until the other side is gone.
    Stall(Vec<u8>),
}

/// One made-up vendor; gone when dropped.
pub struct Vendor {
    pub addr: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    closed: watch::Receiver<usize>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Vendor {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Vendor {
    /// Reacts to the first connection (or kept-open request) with the first reaction, and so on; the last one repeats.
    pub async fn start(script: Vec<Reaction>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let addr = listener.local_addr().expect("an address");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (closing, closed) = watch::channel(0);
        let script = Arc::new(Script { reactions: script, next: Mutex::new(0), requests: Arc::clone(&requests), closing });
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let script = Arc::clone(&script);
                tokio::spawn(async move {
                    let _ = script.serve(stream).await;
                    script.closing.send_modify(|count| *count += 1);
                });
            }
        });
        Self { addr, requests, closed, task }
    }

    pub async fn always(reaction: Reaction) -> Self {
        Self::start(vec![reaction]).await
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Every whole request so far, head and body as one text.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("not poisoned").clone()
    }

    /// Waits until so many connections have been closed from this side.
    pub async fn closed(&self, count: usize) {
        let mut closed = self.closed.clone();
        tokio::time::timeout(DEADLINE, closed.wait_for(|seen| *seen >= count)).await.expect("in time").expect("the vendor runs");
    }
}

struct Script {
    reactions: Vec<Reaction>,
    next: Mutex<usize>,
    requests: Arc<Mutex<Vec<String>>>,
    closing: watch::Sender<usize>,
}

impl Script {
    fn reaction(&self) -> Reaction {
        let mut next = self.next.lock().expect("not poisoned");
        let reaction = self.reactions[(*next).min(self.reactions.len() - 1)].clone();
        *next += 1;
        reaction
    }

    async fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        loop {
            let reaction = self.reaction();
            if matches!(reaction, Reaction::ResetAtOnce) {
                return stream.set_zero_linger();
            }
            let Some(request) = read_request(&mut stream).await? else { return Ok(()) };
            self.requests.lock().expect("not poisoned").push(request);
            match reaction {
                Reaction::KeepOpen(bytes) => stream.write_all(&bytes).await?,
                Reaction::Answer(bytes) => {
                    stream.write_all(&bytes).await?;
                    return stream.shutdown().await;
                }
                Reaction::ResetAfter(bytes) => {
                    stream.write_all(&bytes).await?;
                    // What was written must arrive before the reset overtakes it.
                    stream.flush().await?;
                    return stream.set_zero_linger();
                }
                Reaction::CloseAfterReading => return stream.shutdown().await,
                Reaction::Stall(bytes) => {
                    stream.write_all(&bytes).await?;
                    let mut gone = [0; 64];
                    while stream.read(&mut gone).await? > 0 {}
                    return Ok(());
                }
                Reaction::ResetAtOnce => return Ok(()),
            }
        }
    }
}

/// Reads head and body; `None` when the other side is gone.
async fn read_request(stream: &mut TcpStream) -> std::io::Result<Option<String>> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        if let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:")).map_or(0, |n| n.trim().parse().expect("a length"));
            if bytes.len() >= end + 4 + length {
                return Ok(Some(String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
        let read = stream.read(&mut buffer).await?;
        if read == 0 {
            return Ok(None);
        }
        bytes.extend_from_slice(&buffer[..read]);
    }
}

/// A whole HTTP answer.
pub fn http(status: u16, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status} Made up\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// The head of an answer that promises more than it may bring.
pub fn promising(status: u16, length: usize, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status} Made up\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
}

pub fn config(api_url: &str, timeout: Duration) -> OnfonConfig {
    OnfonConfig {
        api_url: api_url.to_owned(),
        api_key: Secret::from(API_KEY),
        client_id: Secret::from(CLIENT_ID),
        access_key: Some(Secret::from(ACCESS_KEY)),
        access_key_in: AccessKeyIn::Header,
        balance_timeout: timeout,
        submit_timeout: timeout,
    }
}

pub fn onfon(api_url: &str, timeout: Duration) -> Onfon {
    Onfon::new(config(api_url, timeout)).expect("a driver")
}

pub const NUMBERS: [&str; 3] = ["254712345678", "254112345679", "254700000001"];

pub fn request() -> SubmitRequest {
    let recipients = NUMBERS.iter().enumerate().map(|(i, to)| Recipient { to: (*to).to_owned(), text: format!("Made-up text {i}: \"habari\"\n") });
    SubmitRequest { sender: "MADE_UP".to_owned(), unicode: false, recipients: recipients.collect() }
}

/// Submits under the deadline of the tests and checks the one thing that holds for every outcome.
pub async fn submit(driver: &dyn Provider, request: &SubmitRequest) -> SubmitOutcome {
    let outcome = tokio::time::timeout(DEADLINE, driver.submit(request)).await.expect("an outcome in time");
    assert_eq!(outcome.recipients.len(), request.recipients.len(), "one outcome for each recipient");
    outcome
}

/// A look-up for the first recipient of [`request`].
pub fn question(names: &[&str]) -> LookUp {
    let recipient = &request().recipients[0];
    LookUp {
        to: recipient.to.clone(),
        sender: "MADE_UP".to_owned(),
        text: recipient.text.clone(),
        submitted_at: "2026-11-22T10:00:00Z".parse().expect("an instant"),
        provider_message_ids: names.iter().map(|name| (*name).to_owned()).collect(),
    }
}

/// Looks up under the deadline of the tests.
pub async fn look_up(driver: &dyn Provider, ask: &LookUp) -> Result<Vec<Found>, LookUpError> {
    tokio::time::timeout(DEADLINE, driver.look_up(ask)).await.expect("an answer in time")
}

/// The reason, when every recipient is in doubt for the same one.
pub fn doubt(outcome: &SubmitOutcome) -> &str {
    let reasons: Vec<&str> = outcome
        .recipients
        .iter()
        .map(|outcome| match outcome {
            RecipientOutcome::InDoubt { reason, .. } => reason.as_str(),
            other => panic!("not in doubt: {other:?}"),
        })
        .collect();
    assert!(reasons.iter().all(|reason| *reason == reasons[0]), "{reasons:?}");
    reasons[0]
}

/// An address at which nothing listens: it was free a moment ago, and stays reserved by nobody.
pub async fn nowhere() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    format!("http://{}", listener.local_addr().expect("an address"))
}
