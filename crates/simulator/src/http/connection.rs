//! Accepting connections and serving each until it ends, is reset on purpose, or the simulator stops. Must not know any path.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tower::Service as _;

use super::link::{Link, Wire};
use super::{Shared, control, vendor};

/// How long open answers may take after the stop was asked for.
const DRAIN: Duration = Duration::from_secs(2);
/// Pause after the system refuses a connection (too many open files), so that the loop does not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);
/// Largest request body: thousands of recipients, far above any batch.
const MOST_BODY: usize = 8 * 1024 * 1024;

/// Takes connections until the simulator stops.
pub(super) async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let router = vendor::router().merge(control::router()).layer(DefaultBodyLimit::max(MOST_BODY)).with_state(Arc::clone(&shared));
    loop {
        let accepted = tokio::select! {
            () = shared.shutdown.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                let (router, shared) = (router.clone(), Arc::clone(&shared));
                shared.tasks.clone().spawn(serve(stream, router, shared));
            }
            Err(error) => {
                tracing::warn!(provider = "onfon", %error, "the simulator could not take a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn serve(stream: TcpStream, router: Router, shared: Arc<Shared>) {
    // Small answers must not wait for the caller's acknowledgement.
    let _ = stream.set_nodelay(true);
    let link = Arc::new(Link::default());
    let wire = TokioIo::new(Wire::new(stream, Arc::clone(&link)));
    let answering = Arc::clone(&link);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Arc::clone(&answering));
        call(router.clone(), request)
    });
    let connection = http1::Builder::new().serve_connection(wire, service);
    tokio::pin!(connection);
    tokio::select! {
        // An error here is a caller that went away or a fault that was asked for: nothing to act on.
        _ = connection.as_mut() => {}
        () = link.was_reset() => {}
        () = shared.shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            tokio::select! {
                _ = tokio::time::timeout(DRAIN, connection.as_mut()) => {}
                () = link.was_reset() => {}
            }
        }
    }
}

async fn call(mut router: Router, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    router.call(request).await
}
