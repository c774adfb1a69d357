//! The model behind real HTTP: the vendor's paths, faults on the wire, delivery reports, and the control API under `/sim`.
//! Must not decide what is answered; the model does. Real time and sockets live here and nowhere else in this crate.

mod connection;
mod control;
mod link;
mod pump;
mod reports;
mod vendor;
mod views;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use parking_lot::Mutex;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::core::{Model, SimConfig};
use crate::error::SimError;
use crate::wall::Wall;

pub use views::{ReportsView, StateView};

/// Starts simulators.
#[derive(Debug)]
pub struct Simulator;

impl Simulator {
    /// Listens on `addr` (port 0 takes any free port) and answers as the account that `config` describes.
    ///
    /// # Errors
    /// The address cannot be had, or the settings cannot be carried out.
    pub async fn bind(addr: SocketAddr, config: SimConfig) -> Result<SimHandle, SimError> {
        config.check().map_err(|problem| SimError::Option { option: "settings", problem })?;
        let bind_error = |source| SimError::Bind { addr, source };
        let listener = TcpListener::bind(addr).await.map_err(bind_error)?;
        let addr = listener.local_addr().map_err(bind_error)?;
        let shared = Arc::new(Shared::new(config)?);
        shared.tasks.spawn(pump::run(Arc::clone(&shared)));
        shared.tasks.spawn(connection::accept(listener, Arc::clone(&shared)));
        Ok(SimHandle { addr, shared })
    }
}

/// What every task of one simulator shares.
pub(crate) struct Shared {
    model: Mutex<Model>,
    initial: SimConfig,
    wall: Wall,
    /// Until when the pump sleeps, so that only an earlier event wakes it.
    pump_until: AtomicI64,
    wake: Notify,
    reports: reports::Sender,
    shutdown: CancellationToken,
    tasks: TaskTracker,
}

impl Shared {
    fn new(config: SimConfig) -> Result<Self, SimError> {
        let wall = Wall::start();
        Ok(Self {
            model: Mutex::new(Model::new(config.clone(), wall.now())),
            initial: config,
            wall,
            pump_until: AtomicI64::new(i64::MAX),
            wake: Notify::new(),
            reports: reports::Sender::new()?,
            shutdown: CancellationToken::new(),
            tasks: TaskTracker::new(),
        })
    }

    /// Works on the model at the present instant.
    pub(crate) fn with<R>(&self, work: impl FnOnce(&mut Model, i64) -> R) -> R {
        let (result, next) = {
            let mut model = self.model.lock();
            let now = self.wall.now();
            model.advance(now);
            (work(&mut model, now), model.next_due())
        };
        if next.is_some_and(|next| next < self.pump_until.load(Ordering::Acquire)) {
            self.wake.notify_one();
        }
        result
    }
}

/// A running simulator. Dropping the handle does not stop it; [`SimHandle::shutdown`] does.
#[derive(Clone)]
pub struct SimHandle {
    addr: SocketAddr,
    shared: Arc<Shared>,
}

impl SimHandle {
    /// Where it listens.
    #[must_use]
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The base of the vendor's API, `http://…/v1/sms`.
    #[must_use]
    pub fn api_url(&self) -> String {
        format!("http://{}/v1/sms", self.addr)
    }

    /// The base of the control API, `http://…/sim`.
    #[must_use]
    pub fn control_url(&self) -> String {
        format!("http://{}/sim", self.addr)
    }

    /// The environment variables that make Salio use this simulator, in the order to print them.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let credentials = self.with(|model, _| model.config().credentials.clone());
        let mut variables = vec![("ONFON_API_URL", format!("{}/SendBulkSMS", self.api_url())), ("ONFON_API_KEY", credentials.api_key), ("ONFON_CLIENT_ID", credentials.client_id)];
        variables.extend(credentials.access_key.map(|key| ("ONFON_ACCESS_KEY", key)));
        variables
    }

    /// Reads or changes the model at the present instant (given in microseconds); everything due by then has happened.
    pub fn with<R>(&self, work: impl FnOnce(&mut Model, i64) -> R) -> R {
        self.shared.with(work)
    }

    /// What became of delivery reports so far.
    #[must_use]
    pub fn reports(&self) -> ReportsView {
        self.shared.reports.view()
    }

    /// What became of messages from phones so far.
    #[must_use]
    pub fn inbound(&self) -> ReportsView {
        self.shared.reports.inbound_view()
    }

    /// Stops listening, lets open answers finish for a moment, and returns when everything has ended.
    pub async fn shutdown(&self) {
        self.shared.shutdown.cancel();
        self.shared.tasks.close();
        self.shared.tasks.wait().await;
    }
}

impl std::fmt::Debug for SimHandle {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("SimHandle").field("addr", &self.addr).finish_non_exhaustive()
    }
}
