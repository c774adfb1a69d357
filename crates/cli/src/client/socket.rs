//! The socket of the server that is in charge of the data directory.
//!
//! Knows nothing of: what is asked.

use std::path::{Path, PathBuf};

use http_body_util::BodyExt;
use hyper::header::{HOST, HeaderValue};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;

use super::{Asked, Body, BoxError};
use crate::failure::{Failure, Outcome};
use crate::short_path;

/// A server behind a socket.
#[derive(Clone, Debug)]
pub struct Socket {
    path: PathBuf,
}

impl Socket {
    /// Looks whether somebody answers there.
    pub async fn knock(path: &Path) -> Option<Self> {
        connect(path).await.ok().map(|_| Self { path: path.to_owned() })
    }

    /// One connection for each request: they cost next to nothing on one machine.
    pub async fn send(&self, mut request: Request<Asked>) -> Outcome<Response<Body>> {
        request.headers_mut().insert(HOST, HeaderValue::from_static("localhost"));
        let gone = |error: BoxError| Failure::failed(format!("the server behind {} does not answer ({error}); look at its log, or run the command again", self.path.display()));
        let stream = connect(&self.path).await.map_err(|error| gone(error.into()))?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|error| gone(error.into()))?;
        tokio::spawn(connection);
        let response = sender.send_request(request).await.map_err(|error| gone(error.into()))?;
        Ok(response.map(|body| body.map_err(BoxError::from).boxed_unsync()))
    }
}

async fn connect(path: &Path) -> std::io::Result<UnixStream> {
    let short = short_path::of(path)?;
    UnixStream::connect(short.path()).await
}
