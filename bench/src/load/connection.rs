//! One kept-alive HTTP/1.1 connection with as little between the bench and the socket as can be: what the client takes, the server lacks.

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Answers of one message and of fifty fit; longer ones make it grow.
const BUFFER: usize = 16 * 1024;
const HEAD_END: &[u8] = b"\r\n\r\n";

/// A connection and what was read from it.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer with a length.
pub struct Answer<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: &'a [u8],
}

impl Answer<'_> {
    /// The body as text, for people.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.body).into_owned()
    }
}

impl Connection {
    pub async fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("{address} does not answer"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; BUFFER] })
    }

    /// Asks and reads the whole answer.
    pub async fn exchange(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.read().await
    }

    /// Sends a part of a request.
    pub async fn write(&mut self, part: &[u8]) -> Result<()> {
        Ok(self.stream.write_all(part).await?)
    }

    /// Reads one whole answer.
    pub async fn read(&mut self) -> Result<Answer<'_>> {
        let mut filled = 0;
        let (status, start, end) = loop {
            if filled == self.buffer.len() {
                self.buffer.resize(filled * 2, 0);
            }
            let read = self.stream.read(self.buffer.get_mut(filled..).unwrap_or_default()).await?;
            ensure!(read > 0, "the connection was closed");
            filled += read;
            if let Some((status, start, length)) = head(self.buffer.get(..filled).unwrap_or_default())?
                && filled >= start + length
            {
                break (status, start, start + length);
            }
        };
        Ok(Answer { status, body: self.buffer.get(start..end).unwrap_or_default() })
    }
}

/// Status, where the body begins, its length; none while the head is not whole.
fn head(bytes: &[u8]) -> Result<Option<(u16, usize, usize)>> {
    let Some(end) = bytes.windows(HEAD_END.len()).position(|window| window == HEAD_END) else { return Ok(None) };
    let text = std::str::from_utf8(bytes.get(..end).unwrap_or_default())?;
    let status = text.get(9..12).context("no status")?.parse()?;
    let length = text.lines().filter_map(|line| line.split_once(':')).find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    Ok(Some((status, end + HEAD_END.len(), length.context("an answer without a length")?.1.trim().parse()?)))
}

/// A POST with a JSON body, written over `request`.
pub fn post_json(request: &mut Vec<u8>, host: &str, path: &str, body: &str) {
    use std::io::Write as _;
    request.clear();
    // Writing into memory cannot fail.
    let _ = write!(request, "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len());
}

/// A GET, written over `request`.
pub fn get(request: &mut Vec<u8>, host: &str, path: &str) {
    use std::io::Write as _;
    request.clear();
    let _ = write!(request, "GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
}
