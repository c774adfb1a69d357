//! One TCP connection that can be reset on purpose and knows how much it has written. Must not know HTTP.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// What handlers know of the connection they answer on.
#[derive(Debug, Default)]
pub(super) struct Link {
    reset: CancellationToken,
    written: AtomicU64,
    progress: Notify,
}

impl Link {
    /// Has the connection reset: the other side sees a reset, not an end.
    pub(super) fn reset(&self) {
        self.reset.cancel();
    }

    /// Ends when a reset was asked for.
    pub(super) async fn was_reset(&self) {
        self.reset.cancelled().await;
    }

    /// Bytes given to the system so far.
    pub(super) fn written(&self) -> u64 {
        self.written.load(Ordering::Acquire)
    }

    /// Ends when this many bytes were given to the system.
    pub(super) async fn written_at_least(&self, bytes: u64) {
        loop {
            let progress = self.progress.notified();
            if self.written() >= bytes {
                return;
            }
            progress.await;
        }
    }

    fn note(&self, written: &Poll<io::Result<usize>>) {
        if let Poll::Ready(Ok(bytes)) = written {
            self.written.fetch_add(*bytes as u64, Ordering::AcqRel);
            self.progress.notify_waiters();
        }
    }
}

/// The stream of a connection.
pub(super) struct Wire {
    stream: TcpStream,
    link: Arc<Link>,
}

impl Wire {
    pub(super) const fn new(stream: TcpStream, link: Arc<Link>) -> Self {
        Self { stream, link }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.link.reset.is_cancelled() {
            // Linger 0 turns the close into a TCP reset. If the system refuses, the caller sees an end: also a lost answer.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.link.note(&written);
        written
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, parts: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.link.note(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
