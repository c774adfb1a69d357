//! One open stream: first every balance, then what the framer shares. Holds no buffer of its own and never goes back in `version`.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use futures::Stream;
use futures::stream;
use salio_domain::AccountId;
use salio_engine::Engine;
use salio_engine::hub::Watching;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use super::frame::{self, BEAT, Frame};

/// While it lives a dashboard is open.
pub(crate) struct Viewer {
    engine: Engine,
    slots: Arc<[AccountId]>,
    /// The newest version that went out, for each account.
    seen: Box<[i64]>,
    frames: broadcast::Receiver<Frame>,
    begun: bool,
    _watching: Watching,
}

impl Viewer {
    pub(super) fn new(engine: Engine, slots: Arc<[AccountId]>, frames: broadcast::Receiver<Frame>) -> Self {
        let watching = engine.watch();
        Self { seen: vec![i64::MIN; slots.len()].into(), engine, slots, frames, begun: false, _watching: watching }
    }

    /// Until the viewer leaves or Salio stops.
    pub(crate) fn into_stream(self) -> impl Stream<Item = Result<Bytes, Infallible>> + Send + 'static {
        stream::unfold(self, |mut viewer| async move { viewer.next().await.map(|text| (Ok(text), viewer)) })
    }

    async fn next(&mut self) -> Option<Bytes> {
        if !self.begun {
            self.begun = true;
            return Some(self.newer());
        }
        loop {
            match self.frames.recv().await {
                Ok(Frame::Balance { slot, version, text }) => {
                    if self.is_newer(slot, version) {
                        return Some(text);
                    }
                }
                Ok(Frame::Other(text)) => return Some(text),
                Err(RecvError::Lagged(_)) => return Some(self.newer()),
                Err(RecvError::Closed) => return None,
            }
        }
    }

    fn is_newer(&mut self, slot: usize, version: i64) -> bool {
        match self.seen.get_mut(slot) {
            Some(seen) if version > *seen => {
                *seen = version;
                true
            }
            _ => false,
        }
    }

    /// Every balance that this viewer has not seen yet, as it is now. With none to show, a comment: the stream must begin.
    fn newer(&mut self) -> Bytes {
        let slots = self.slots.clone();
        let mut text = Vec::with_capacity(1024 * slots.len().max(1));
        for (slot, account) in slots.iter().enumerate() {
            if let Some(view) = self.engine.view(*account)
                && self.is_newer(slot, view.version)
            {
                frame::balance(&mut text, view);
            }
        }
        if text.is_empty() {
            text.extend_from_slice(BEAT);
        }
        text.into()
    }
}
