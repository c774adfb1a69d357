//! The only reader of the clock. In simulations it runs on tokio's paused time.

use salio_domain::Timestamp;
use std::time::Duration;

/// Wall time for people and the database, steady time for budgets.
#[derive(Clone, Debug)]
pub struct Clock {
    started_wall: Timestamp,
    started: tokio::time::Instant,
    simulated: bool,
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self { started_wall: wall(), started: instant(), simulated: false }
    }

    /// Starts at `at` and runs with tokio's time, which a test may pause.
    #[must_use]
    pub fn simulated(at: Timestamp) -> Self {
        Self { started_wall: at, started: instant(), simulated: true }
    }

    /// Wall time: what is written down.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        if self.simulated { self.steady() } else { wall() }
    }

    /// Time that no clock step moves: what budgets are counted by. Starts at the wall time of this clock's making.
    #[must_use]
    pub fn steady(&self) -> Timestamp {
        self.started_wall.after(instant().saturating_duration_since(self.started))
    }

    /// Waits until wall time `at`, as seen now.
    pub async fn sleep_until(&self, at: Timestamp) {
        tokio::time::sleep(self.now().until(at)).await;
    }

    /// Waits.
    pub async fn sleep(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }
}

#[expect(clippy::disallowed_methods, reason = "this room owns the clock")]
fn instant() -> tokio::time::Instant {
    tokio::time::Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "this room owns the clock")]
fn wall() -> Timestamp {
    let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
}
