//! The progress bar: how many, how fast, how long. Only for people who look at stderr.
//!
//! Knows nothing of: messages.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::out;

const TEMPLATE: &str = "{msg:<10} {wide_bar} {pos}/{len}  {per_sec}  {eta} left";

/// A bar, or nothing.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// For so many messages.
    pub fn new(total: usize, quiet: bool) -> Self {
        let target = if out::stderr_is_terminal() && !quiet { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(number(total)), target);
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style);
        }
        bar.set_message("accepting");
        Self { bar }
    }

    /// From now on it counts what has left.
    pub fn sending(&self, total: usize) {
        self.bar.reset();
        self.bar.set_length(number(total));
        self.bar.set_message("sending");
    }

    /// So many are done.
    pub fn done(&self, count: usize) {
        self.bar.set_position(number(count));
    }

    /// So many more are done.
    pub fn more(&self, count: usize) {
        self.bar.inc(number(count));
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
