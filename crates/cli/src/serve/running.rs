//! A server at work: engine, port and socket, and how it ends in order.
//!
//! Knows nothing of: where its parts come from.

use std::time::Duration;

use salio_api::ApiOptions;
use salio_engine::Engine;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::listen;
use crate::data_dir::{DataDir, Lock};
use crate::failure::{Failure, Outcome};
use crate::signals::Signals;
use crate::wiring;

/// Supervisors commonly kill after 30 s; a submission under way has its answer within 20 s.
const DRAIN: Duration = Duration::from_secs(25);

/// A server at work.
pub struct Running {
    engine: Engine,
    servers: JoinSet<()>,
    stop: CancellationToken,
    signals: Signals,
    data_dir: DataDir,
    /// Kept until everything is written.
    _lock: Lock,
}

impl Running {
    /// Opens the doors.
    pub async fn start(engine: Engine, options: ApiOptions, listener: TcpListener, data_dir: &DataDir, lock: Lock) -> Outcome<Self> {
        let stop = CancellationToken::new();
        let signals = Signals::listen()?;
        let router = wiring::router(&engine, options, &stop)?;
        let socket = listen::unix(data_dir)?;
        let mut servers = JoinSet::new();
        servers.spawn(salio_api::serve(listener, router.clone(), stop.clone()));
        servers.spawn(salio_api::serve(socket, router, stop.clone()));
        Ok(Self { engine, servers, stop, signals, data_dir: data_dir.clone(), _lock: lock })
    }

    /// The engine at work.
    pub const fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Ends with it.
    pub const fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    /// Serves until asked to stop, then ends in order: takes nothing more, lets what is in flight end, writes, exits. A second signal ends it at once.
    pub async fn until_stopped(mut self) -> Outcome {
        self.signals.next().await;
        info!("stopping");
        let drained = tokio::select! {
            drained = tokio::time::timeout(DRAIN, drain(&self.engine, &mut self.servers, &self.stop)) => drained.is_ok(),
            () = self.signals.next() => return Err(Failure::failed("stopped at once; messages whose answer had not come will show as unknown")),
        };
        // Left in place by a crash, it is replaced by the next server.
        let _ = std::fs::remove_file(self.data_dir.socket());
        if drained {
            return Ok(());
        }
        warn!("some work did not end in time and is cut off; messages whose answer had not come will show as unknown");
        Err(Failure::failed(format!("not everything ended within {} s", DRAIN.as_secs())))
    }
}

async fn drain(engine: &Engine, servers: &mut JoinSet<()>, stop: &CancellationToken) {
    stop.cancel();
    while servers.join_next().await.is_some() {}
    engine.stop().await;
}
