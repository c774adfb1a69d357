//! The connection to a mail server, in the clear or not, as the mail library wants to have it.
//!
//! Knows nothing of: how it came about, what is said on it.

use std::fmt;
use std::io::{Error, Result};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// All that a server may say in one conversation, in bytes. The library has limits for lines and replies, but looks at them only when a line has ended.
const MAX_HEARD: usize = 256 * 1024;

/// A stream of either kind.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for T {}

/// A connection with an end to what is read from it.
pub(super) struct Line {
    stream: Box<dyn Stream>,
    peer: SocketAddr,
    /// Read before what the server says.
    greeting: &'static [u8],
    heard: usize,
}

impl Line {
    pub(super) fn new(stream: Box<dyn Stream>, peer: SocketAddr) -> Self {
        Self { stream, peer, greeting: b"", heard: 0 }
    }

    /// The server has greeted already, before TLS began; the library waits for a greeting all the same, and gets this.
    pub(super) fn greeted(stream: Box<dyn Stream>, peer: SocketAddr) -> Self {
        Self { greeting: b"220 greeted before\r\n", ..Self::new(stream, peer) }
    }
}

impl AsyncTokioStream for Line {
    fn peer_addr(&self) -> Result<SocketAddr> {
        Ok(self.peer)
    }
}

impl AsyncRead for Line {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        if !self.greeting.is_empty() {
            let (now, later) = self.greeting.split_at(self.greeting.len().min(buf.remaining()));
            buf.put_slice(now);
            self.greeting = later;
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buf);
        self.heard = self.heard.saturating_add(buf.filled().len() - before);
        if self.heard > MAX_HEARD { Poll::Ready(Err(Error::other("the server does not stop talking"))) } else { polled }
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Line")
    }
}
