//! The one place of the simulator that reads a clock. The model never does: it is given the time.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A clock that starts at the system's time and then only moves forward, whatever is done to the system's clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wall {
    started_unix_micros: i64,
    started: Instant,
}

impl Wall {
    /// Starts at the present.
    #[expect(clippy::disallowed_methods, reason = "real time enters the simulator here and nowhere else")]
    pub(crate) fn start() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        Self { started_unix_micros: micros(since_epoch), started: Instant::now() }
    }

    /// Microseconds since the Unix epoch.
    pub(crate) fn now(&self) -> i64 {
        self.started_unix_micros.saturating_add(micros(self.started.elapsed()))
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
