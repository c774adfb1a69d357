//! What every handler holds: the engine's handle, the settings, the shared frames and counters.

use std::sync::Arc;

use salio_domain::AccountId;
use salio_engine::Engine;
use salio_engine::store::AccountSnapshot;
use tokio_util::sync::CancellationToken;

use crate::events::{self, Frames};
use crate::hosts::Hosts;
use crate::kept::{Bodies, Body};
use crate::metrics::Metrics;
use crate::options::ApiOptions;
use crate::wire::{Account, Balance};

/// Cheap to clone.
#[derive(Clone)]
pub struct ApiState {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    options: ApiOptions,
    hosts: Hosts,
    frames: Frames,
    metrics: Metrics,
    bodies: Bodies,
    stop: CancellationToken,
}

impl ApiState {
    /// Starts the one task that frames events for all viewers; it ends with `stop`, and every event stream with it. Needs a running tokio runtime.
    #[must_use]
    pub fn new(engine: Engine, options: ApiOptions, metrics: Metrics, stop: CancellationToken) -> Self {
        let frames = events::start(engine.clone(), metrics.clone(), stop.clone());
        let (hosts, bodies) = (Hosts::new(&options), Bodies::of(&engine));
        Self { inner: Arc::new(Inner { engine, options, hosts, frames, metrics, bodies, stop }) }
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    pub(crate) fn options(&self) -> &ApiOptions {
        &self.inner.options
    }

    pub(crate) fn hosts(&self) -> &Hosts {
        &self.inner.hosts
    }

    pub(crate) fn frames(&self) -> &Frames {
        &self.inner.frames
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    /// Ends when Salio stops.
    pub(crate) fn stopping(&self) -> &CancellationToken {
        &self.inner.stop
    }

    /// The body of a balance, seen now.
    pub(crate) fn body_of(&self, account: AccountId) -> Option<Body> {
        self.inner.bodies.get(&self.inner.engine, account)
    }

    /// A snapshot, seen now.
    pub(crate) fn balance_of(&self, snapshot: &AccountSnapshot) -> Option<Balance> {
        self.engine().view_of(snapshot).map(Into::into)
    }

    /// The slug of an account; its id where it is no longer configured.
    pub(crate) fn slug(&self, account: AccountId) -> String {
        slug(self.engine(), account)
    }

    pub(crate) fn accounts(&self) -> Vec<Account> {
        self.engine().accounts().map(|(id, options)| Account::of(id, options, self.engine().hub().latest(id).as_deref(), self.options().demo)).collect()
    }
}

pub(crate) fn slug(engine: &Engine, account: AccountId) -> String {
    engine.accounts().find(|(id, _)| *id == account).map_or_else(|| account.to_string(), |(_, options)| options.slug.clone())
}
