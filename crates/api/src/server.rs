//! Connections: accepted up to a limit, with small buffers, without Nagle's delay; drained when told to stop.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::http::Request;
use axum::response::Response;
use axum::{Extension, Router};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service;
use tower::util::MapRequest;
use tracing::{debug, warn};

use crate::guard::OverSocket;
use crate::webhooks::Peer;

/// Connections at once, viewers included: twice what a large site has open, and about 250 MiB at 12 KiB each.
pub const MAX_CONNECTIONS: usize = 20_000;
/// A caller that does not send its next headers within this gives its place back.
const HEADERS_WITHIN: Duration = Duration::from_secs(30);
/// Headers and read-ahead of one connection; the smallest that hyper allows is 8 KiB, which long cookies of other local sites would fill.
const READ_BUFFER: usize = 16 * 1024;
/// How long requests that are under way may take when Salio stops.
const DRAIN: Duration = Duration::from_secs(10);
/// Out of descriptors: wait for some to come back instead of spinning.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Where connections come from.
#[derive(Debug)]
pub enum Listener {
    /// A port.
    Tcp(TcpListener),
    /// The socket in the data directory: only its owner can open it, so `Host` is not checked.
    Unix(UnixListener),
}

impl From<TcpListener> for Listener {
    fn from(listener: TcpListener) -> Self {
        Self::Tcp(listener)
    }
}

impl From<UnixListener> for Listener {
    fn from(listener: UnixListener) -> Self {
        Self::Unix(listener)
    }
}

/// Serves until `stop`: then takes no more, lets requests end within 10 s, and closes. Give [`crate::ApiState`] the same token: event streams end with it.
pub async fn serve(listener: impl Into<Listener>, router: Router, stop: CancellationToken) {
    let (listener, router) = match listener.into() {
        Listener::Unix(listener) => (Listener::Unix(listener), router.layer(Extension(OverSocket))),
        tcp @ Listener::Tcp(_) => (tcp, router),
    };
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let open = TaskTracker::new();
    while let Some(Ok(place)) = stop.run_until_cancelled(places.clone().acquire_owned()).await {
        let Some(accepted) = stop.run_until_cancelled(accept(&listener)).await else { break };
        match accepted {
            Ok(Stream::Tcp(stream, peer)) => drop(open.spawn(connection(stream, with_peer(router.clone(), peer), stop.clone(), place))),
            Ok(Stream::Unix(stream)) => drop(open.spawn(connection(stream, router.clone(), stop.clone(), place))),
            Err(error) => refused(&error).await,
        }
    }
    drop(listener);
    open.close();
    if tokio::time::timeout(DRAIN, open.wait()).await.is_err() {
        warn!(connections = open.len(), "some requests did not end in time and are cut off");
    }
}

/// Requests carry the other end of their connection.
fn with_peer(router: Router, peer: SocketAddr) -> MapRequest<Router, impl Fn(Request<Incoming>) -> Request<Incoming> + Clone> {
    MapRequest::new(router, move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        request
    })
}

enum Stream {
    Tcp(tokio::net::TcpStream, SocketAddr),
    Unix(tokio::net::UnixStream),
}

async fn accept(listener: &Listener) -> io::Result<Stream> {
    match listener {
        Listener::Tcp(listener) => {
            let (stream, peer) = listener.accept().await?;
            // An event is small and must not wait for the next one.
            stream.set_nodelay(true)?;
            Ok(Stream::Tcp(stream, peer))
        }
        Listener::Unix(listener) => listener.accept().await.map(|(stream, _)| Stream::Unix(stream)),
    }
}

async fn refused(error: &io::Error) {
    // A caller that left before it was served is no news.
    if matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::InvalidInput | io::ErrorKind::NotConnected) {
        return;
    }
    warn!(%error, "a connection could not be accepted");
    tokio::time::sleep(ACCEPT_PAUSE).await;
}

async fn connection<S, R>(stream: S, service: R, stop: CancellationToken, _place: OwnedSemaphorePermit)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    R: Service<Request<Incoming>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    R::Future: Send,
{
    let service = TowerToHyperService::new(service);
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADERS_WITHIN).max_buf_size(READ_BUFFER);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        debug!(%error, "a connection broke");
    }
}
