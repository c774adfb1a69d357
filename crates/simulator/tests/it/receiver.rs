//! A server that takes delivery reports, for tests.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Requests received: first line and body.
pub type Received = Arc<Mutex<Vec<(String, String)>>>;

/// Starts a receiver that answers every request with `answer` as its body.
pub async fn start(answer: &'static str) -> (SocketAddr, Received) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let received = Received::default();
    let taking = Arc::clone(&received);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(take(stream, Arc::clone(&taking), answer));
        }
    });
    (addr, received)
}

async fn take(mut stream: TcpStream, received: Received, answer: &str) {
    let (mut bytes, mut chunk) = (Vec::new(), [0_u8; 4096]);
    loop {
        let Ok(read) = stream.read(&mut chunk).await else { return };
        if read == 0 {
            return;
        }
        bytes.extend_from_slice(&chunk[..read]);
        while let Some((request, used)) = whole(&bytes) {
            received.lock().unwrap().push(request);
            bytes.drain(..used);
            let response = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{answer}", answer.len());
            if stream.write_all(response.as_bytes()).await.is_err() {
                return;
            }
        }
    }
}

fn whole(bytes: &[u8]) -> Option<((String, String), usize)> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).and_then(|text| text.parse().ok()).unwrap_or(0);
    let body = bytes.get(end..end + length)?;
    let first = String::from_utf8_lossy(&bytes[..end]).lines().next()?.to_owned();
    Some(((first, String::from_utf8_lossy(body).into_owned()), end + length))
}
