//! Server-Sent Events. One task in the process frames each happening once; viewers only pass shared bytes on.
//!
//! A viewer hears whole balances with a version, never deltas, so that one which lags or comes back misses nothing: the newest wins.

mod frame;
mod framer;
mod viewer;

use std::sync::Arc;

use salio_domain::AccountId;
use salio_engine::Engine;
use tokio::sync::{Notify, broadcast, watch};
use tokio_util::sync::CancellationToken;

use crate::metrics::Metrics;
use frame::Frame;
use framer::Framer;
pub(crate) use viewer::Viewer;

/// Frames that a slow viewer may be behind; beyond that it hears the balances anew, whole.
const FRAMES_KEPT: usize = 256;

/// Where viewers come to; cheap to clone.
#[derive(Clone)]
pub(crate) struct Frames {
    /// Weak: the framer's end is the end of every stream.
    frames: broadcast::WeakSender<Frame>,
    first_viewer: Arc<Notify>,
    live: watch::Receiver<bool>,
    slots: Arc<[AccountId]>,
}

/// Starts the framer.
pub(crate) fn start(engine: Engine, metrics: Metrics, stop: CancellationToken) -> Frames {
    let (out, _) = broadcast::channel(FRAMES_KEPT);
    let (live_sender, live) = watch::channel(false);
    let first_viewer = Arc::new(Notify::new());
    let slots: Arc<[AccountId]> = engine.accounts().map(|(id, _)| id).collect();
    let frames = Frames { frames: out.downgrade(), first_viewer: first_viewer.clone(), live, slots: slots.clone() };
    tokio::spawn(Framer { engine, metrics, slots, out, live: live_sender, first_viewer, stop }.run());
    frames
}

impl Frames {
    /// A new viewer, from whom nothing that happens from now on is kept; none while shutting down.
    pub(crate) async fn viewer(&self, engine: &Engine) -> Option<Viewer> {
        let frames = self.frames.upgrade()?.subscribe();
        self.first_viewer.notify_one();
        let mut live = self.live.clone();
        live.wait_for(|live| *live).await.ok()?;
        Some(Viewer::new(engine.clone(), self.slots.clone(), frames))
    }
}
