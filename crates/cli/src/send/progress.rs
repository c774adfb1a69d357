//! The progress bar: how many, how fast, how long. Only for people who look at stderr.
//!
//! Knows nothing of: messages.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::out;

const BYTES: &str = "{msg:<9} {wide_bar} {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left";
const MESSAGES: &str = "{msg:<9} {wide_bar} {human_pos}/{human_len}  {prefix}";

/// A bar, or nothing. Clones are the same bar.
#[derive(Clone, Debug)]
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// For whoever looks, unless `quiet`.
    pub fn new(quiet: bool) -> Self {
        let target = if out::stderr_is_terminal() && !quiet { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self { bar: ProgressBar::with_draw_target(Some(0), target) }
    }

    /// For nobody.
    #[cfg(test)]
    pub fn hidden() -> Self {
        Self { bar: ProgressBar::hidden() }
    }

    /// From now on it counts bytes.
    pub fn bytes(&self, what: &'static str, total: u64) {
        self.begin(BYTES, what, total);
    }

    /// From now on it counts messages.
    pub fn messages(&self, what: &'static str, total: u64) {
        self.begin(MESSAGES, what, total);
    }

    fn begin(&self, template: &str, what: &'static str, total: u64) {
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
        self.bar.reset();
        self.bar.set_length(total);
        self.bar.set_message(what);
    }

    /// So many are done, with what there is to say about it.
    pub fn done(&self, count: u64, pace: String) {
        self.bar.set_prefix(pace);
        self.bar.set_position(count);
    }

    /// So many more are done.
    pub fn more(&self, count: usize) {
        self.bar.inc(u64::try_from(count).unwrap_or(0));
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}
