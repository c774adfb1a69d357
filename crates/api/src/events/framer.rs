//! The run loop that hears of everything and frames it, once, while anybody looks on.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::stream::{self, BoxStream, SelectAll};
use futures::{FutureExt, StreamExt};
use salio_domain::AccountId;
use salio_engine::store::AccountSnapshot;
use salio_engine::{Engine, Event, Hub};
use tokio::sync::{Notify, broadcast, watch};
use tokio::time::{Interval, MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;

use super::frame::{self, BEAT, Frame};
use crate::metrics::Metrics;

/// One timer for all viewers.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// After a round of frames the next one waits this long, so that a burst becomes a few frames instead of thousands; a single change is framed at once.
const COALESCE: Duration = Duration::from_millis(2);
/// Happenings of one round; what is more waits for the next round.
const ROUND_BYTES: usize = 64 * 1024;

type Change = (usize, Arc<AccountSnapshot>);
type Changes = SelectAll<BoxStream<'static, Change>>;

pub(super) struct Framer {
    pub engine: Engine,
    pub metrics: Metrics,
    pub slots: Arc<[AccountId]>,
    pub out: broadcast::Sender<Frame>,
    pub live: watch::Sender<bool>,
    pub first_viewer: Arc<Notify>,
    pub stop: CancellationToken,
}

/// What one round brings.
#[derive(Default)]
struct Round {
    balances: Vec<Option<Arc<AccountSnapshot>>>,
    happenings: Vec<u8>,
    beat: bool,
}

impl Framer {
    /// Runs until told to stop; its end closes every stream.
    pub(super) async fn run(self) {
        let stop = self.stop.clone();
        stop.run_until_cancelled(self.forever()).await;
    }

    async fn forever(self) {
        // Subscribed for good: what changes between a viewer's snapshot and the first round is still heard.
        let mut changes = changes(self.engine.hub(), &self.slots);
        let mut beat = interval(HEARTBEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = self.first_viewer.notified() => self.frame_for_viewers(&mut changes, &mut beat).await,
                _ = beat.tick() => self.metrics.upkeep(),
            }
        }
    }

    async fn frame_for_viewers(&self, changes: &mut Changes, beat: &mut Interval) {
        let mut events = self.engine.hub().events();
        self.live.send_replace(true);
        while self.out.receiver_count() > 0 {
            let round = self.round(changes, &mut events, beat).await;
            self.send(round);
            sleep(COALESCE).await;
        }
        self.live.send_replace(false);
    }

    /// Waits for the first happening and takes along whatever else is there.
    async fn round(&self, changes: &mut Changes, events: &mut broadcast::Receiver<Event>, beat: &mut Interval) -> Round {
        let mut round = Round { balances: vec![None; self.slots.len()], ..Round::default() };
        tokio::select! {
            Some(change) = changes.next() => round.change(change),
            // One that was too slow has lost happenings, never balances.
            event = events.recv() => if let Ok(event) = event { round.event(&self.engine, &event) },
            _ = beat.tick() => {
                self.metrics.upkeep();
                round.beat = true;
            }
        }
        while let Some(Some(change)) = changes.next().now_or_never() {
            round.change(change);
        }
        while round.happenings.len() < ROUND_BYTES
            && let Ok(event) = events.try_recv()
        {
            round.event(&self.engine, &event);
        }
        round
    }

    fn send(&self, round: Round) {
        if !round.happenings.is_empty() {
            let _ = self.out.send(Frame::Other(Bytes::from(round.happenings)));
        }
        for (slot, snapshot) in round.balances.into_iter().enumerate() {
            if let Some(view) = snapshot.and_then(|snapshot| self.engine.view_of(&snapshot)) {
                let version = view.version;
                let mut text = Vec::with_capacity(1024);
                frame::balance(&mut text, view);
                let _ = self.out.send(Frame::Balance { slot, version, text: text.into() });
            }
        }
        if round.beat {
            let _ = self.out.send(Frame::Other(Bytes::from_static(BEAT)));
        }
    }
}

impl Round {
    fn change(&mut self, (slot, snapshot): Change) {
        if let Some(newest) = self.balances.get_mut(slot) {
            *newest = Some(snapshot);
        }
    }

    fn event(&mut self, engine: &Engine, event: &Event) {
        frame::happening(&mut self.happenings, engine, event);
    }
}

/// Newer snapshots of all accounts, each account's newest only.
fn changes(hub: &Hub, slots: &[AccountId]) -> Changes {
    let heard = slots.iter().enumerate().filter_map(|(slot, account)| hub.subscribe(*account).map(|receiver| (slot, receiver)));
    stream::select_all(heard.map(|(slot, receiver)| {
        stream::unfold(receiver, move |mut receiver| async move {
            receiver.changed().await.ok()?;
            let snapshot = receiver.borrow_and_update().clone();
            Some(((slot, snapshot), receiver))
        })
        .boxed()
    }))
}
