//! A store in memory for simulations in virtual time: every call completes inline and in a fixed order, and a process can be made to die between any two commits.
//!
//! Knows nothing of: clocks, disks, threads, rules. What an event does to a balance is applied with the domain's own functions.

mod accepting;
mod asking;
mod batches;
mod books;
mod claiming;
mod doubts;
mod forwards;
mod journal;
mod lists;
mod messages;
mod opening;
mod port;
mod process;
mod reading;
mod reports;
mod rows;
mod streams;
mod submitting;
mod sweeping;
#[cfg(test)]
mod tests;
mod tokens;
mod world;

use std::sync::Arc;

use parking_lot::Mutex;

pub use process::Process;
use world::World;

/// What survives a crash. Each [`Process`] over it is the connection of one process.
#[derive(Clone, Default)]
pub struct MemoryStore {
    world: Arc<Mutex<World>>,
}

impl MemoryStore {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The connection of one process; another one over the same store is the process after its restart.
    #[must_use]
    pub fn process(&self) -> Process {
        Process::new(Arc::clone(&self.world))
    }

    /// Commits so far, of all processes.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.world.lock().commits
    }
}
