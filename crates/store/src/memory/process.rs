//! The connection of one process, and its death: after it every call pends for ever, as if the process had been killed.
//!
//! Knows nothing of: what is stored.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::watch;

use super::world::World;
use crate::{Result, StoreError};

/// The connection of one process to a [`MemoryStore`](super::MemoryStore). Clones belong to the same process and die with it.
#[derive(Clone)]
pub struct Process {
    world: Arc<Mutex<World>>,
    life: Arc<Life>,
}

struct Life {
    fuse: Mutex<Fuse>,
    crashed: watch::Sender<bool>,
}

#[derive(Default)]
struct Fuse {
    /// Commits until the crash, once armed.
    left: Option<u64>,
    /// Whether whoever made the last commit still hears of it.
    unheard: bool,
    commits: u64,
    closed: bool,
}

impl Process {
    pub(super) fn new(world: Arc<Mutex<World>>) -> Self {
        let life = Life { fuse: Mutex::new(Fuse::default()), crashed: watch::Sender::new(false) };
        Self { world, life: Arc::new(life) }
    }

    /// Dies after so many further commits of this process (0: at once). The caller of the last commit hears of it; no later call ever completes, and nothing more is written.
    pub fn crash_after(&self, commits: u64) {
        self.arm(commits, false);
    }

    /// As [`crash_after`](Self::crash_after), but the caller of the last commit never hears that it happened.
    pub fn crash_unheard_after(&self, commits: u64) {
        self.arm(commits, true);
    }

    /// Dies now.
    pub fn crash(&self) {
        self.arm(0, false);
    }

    fn arm(&self, commits: u64, unheard: bool) {
        // The world's lock orders this against commits of other tasks.
        let _world = self.world.lock();
        let mut fuse = self.life.fuse.lock();
        (fuse.left, fuse.unheard) = (Some(commits), unheard);
        if commits == 0 {
            self.life.crashed.send_replace(true);
        }
    }

    /// Whether it is dead.
    #[must_use]
    pub fn has_crashed(&self) -> bool {
        *self.life.crashed.borrow()
    }

    /// Waits until it is dead.
    pub async fn crashed(&self) {
        let mut crashed = self.life.crashed.subscribe();
        // The sender lives as long as `self`, so waiting cannot fail.
        let _seen = crashed.wait_for(|crashed| *crashed).await.is_ok();
    }

    /// Commits of this process.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.life.fuse.lock().commits
    }

    pub(super) fn shut(&self) {
        self.life.fuse.lock().closed = true;
    }

    /// One transaction: inline while the process lives, never once it is dead.
    pub(super) async fn run<T>(&self, work: impl FnOnce(&mut World) -> Result<T> + Send) -> Result<T>
    where
        T: Send,
    {
        match self.attempt(work) {
            Some(done) => done,
            None => std::future::pending().await,
        }
    }

    fn attempt<T>(&self, work: impl FnOnce(&mut World) -> Result<T>) -> Option<Result<T>> {
        let mut world = self.world.lock();
        if self.has_crashed() {
            return None;
        }
        if self.life.fuse.lock().closed {
            return Some(Err(StoreError::Closed));
        }
        let before = world.commits;
        world.written = false;
        let done = work(&mut world);
        if world.written {
            world.commits = before + 1;
            return self.burn().then_some(done);
        }
        Some(done)
    }

    /// Counts one commit; whether its caller hears of it.
    fn burn(&self) -> bool {
        let mut fuse = self.life.fuse.lock();
        fuse.commits += 1;
        fuse.left = fuse.left.map(|left| left.saturating_sub(1));
        let dies = fuse.left == Some(0);
        if dies {
            self.life.crashed.send_replace(true);
        }
        !(dies && fuse.unheard)
    }
}
