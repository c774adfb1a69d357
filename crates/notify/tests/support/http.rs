//! A receiver of HTTP: a real server that remembers each request and answers as told, and a raw one that misbehaves.
//!
//! Knows nothing of: the code that it tests.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    /// Path and query.
    pub target: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Seen {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

/// Status, extra headers, body.
pub type Say = (u16, &'static [(&'static str, &'static str)], String);

/// One server; gone when dropped.
pub struct Receiver {
    pub port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Receiver {
    /// Gives every request the same answer.
    pub async fn start(say: Say) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let all = Arc::clone(&seen);
        let handler = async move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
            let target = uri.path_and_query().map(ToString::to_string).unwrap_or_default();
            all.lock().expect("not poisoned").push(Seen { method: method.to_string(), target, headers, body: body.to_vec() });
            let mut answer = HeaderMap::new();
            for (name, value) in say.1 {
                answer.append(*name, value.parse().expect("a header"));
            }
            (StatusCode::from_u16(say.0).expect("a status"), answer, say.2)
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, Router::new().fallback(handler)).await;
        });
        Self { port, seen, task }
    }

    pub async fn ok() -> Self {
        Self::start((200, &[], "ok".to_owned())).await
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("not poisoned").clone()
    }
}

/// What the raw server does with a connection once it has read the head of a request.
#[derive(Clone, Debug)]
pub enum Odd {
    /// Writes these bytes and stays silent until the other side is gone.
    Stall(Vec<u8>),
    /// Resets the connection.
    Reset,
    /// Closes without a word.
    Close,
    /// Writes these bytes and closes.
    Answer(Vec<u8>),
}

/// A raw server on a port; ends with the test.
pub async fn odd(odd: Odd) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(misbehave(stream, odd.clone()));
        }
    });
    port
}

async fn misbehave(mut stream: TcpStream, odd: Odd) -> std::io::Result<()> {
    let mut buffer = [0; 4096];
    let mut read = Vec::new();
    while !read.windows(4).any(|window| window == b"\r\n\r\n") {
        let count = stream.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        read.extend_from_slice(&buffer[..count]);
    }
    match odd {
        Odd::Reset => stream.set_zero_linger(),
        Odd::Close => stream.shutdown().await,
        Odd::Answer(bytes) => {
            stream.write_all(&bytes).await?;
            stream.shutdown().await
        }
        Odd::Stall(bytes) => {
            stream.write_all(&bytes).await?;
            while stream.read(&mut buffer).await? > 0 {}
            Ok(())
        }
    }
}

/// Answers 200 over TLS.
pub async fn over_tls(acceptor: TlsAcceptor) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut buffer = [0; 4096];
            let _ = stream.read(&mut buffer).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
            let _ = stream.shutdown().await;
        }
    });
    port
}
