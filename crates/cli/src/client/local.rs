//! An engine in this process, asked over the same API without a socket.
//!
//! Knows nothing of: what is asked.

use std::convert::Infallible;

use axum::Router;
use http_body_util::BodyExt;
use hyper::header::{HOST, HeaderValue};
use hyper::{Request, Response};
use salio_engine::{Engine, Mode};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::{Asked, Body, BoxError};
use crate::config::settings::Settings;
use crate::data_dir::{DataDir, Lock};
use crate::failure::{Failure, Outcome};
use crate::wiring;

/// An engine that works for one command.
pub struct Local {
    settings: Settings,
    data_dir: DataDir,
    running: Running,
    dispatch: bool,
    /// Kept until the engine has stopped.
    _lock: Lock,
}

struct Running {
    engine: Engine,
    router: Router,
    stop: CancellationToken,
}

impl Local {
    /// Opens the database under a lock that is held.
    pub async fn start(settings: &Settings, data_dir: &DataDir, lock: Lock, dispatch: bool) -> Outcome<Self> {
        if settings.accounts.is_empty() {
            return Err(Failure::usage(wiring::setup_text(settings)));
        }
        let running = Running::start(settings, data_dir, dispatch).await?;
        Ok(Self { settings: settings.clone(), data_dir: data_dir.clone(), running, dispatch, _lock: lock })
    }

    /// The engine itself, for what no route tells.
    pub const fn engine(&self) -> &Engine {
        &self.running.engine
    }

    /// Lets what is in flight end and goes on with or without sending.
    pub(super) async fn set_sending(&mut self, dispatch: bool) -> Outcome {
        if self.dispatch != dispatch {
            self.running.end().await;
            self.running = Running::start(&self.settings, &self.data_dir, dispatch).await?;
            self.dispatch = dispatch;
        }
        Ok(())
    }

    pub(super) async fn send(&self, mut request: Request<Asked>) -> Outcome<Response<Body>> {
        request.headers_mut().insert(HOST, HeaderValue::from_static("localhost"));
        let answered: Result<_, Infallible> = self.running.router.clone().oneshot(request).await;
        match answered {
            Ok(response) => Ok(response.map(|body| body.map_err(BoxError::from).boxed_unsync())),
            Err(never) => match never {},
        }
    }

    pub(super) async fn close(self) {
        self.running.end().await;
    }
}

impl Running {
    async fn start(settings: &Settings, data_dir: &DataDir, dispatch: bool) -> Outcome<Self> {
        let engine = wiring::engine(settings, data_dir, Mode::Command { dispatch }).await?;
        let stop = CancellationToken::new();
        let router = wiring::router(&engine, wiring::api_options(settings, None), &stop)?;
        Ok(Self { engine, router, stop })
    }

    async fn end(&self) {
        self.stop.cancel();
        self.engine.stop().await;
    }
}
