//! Runway: how long a prepaid balance lasts, with a range, and how much to buy by when.
//!
//! `history` holds what was spent hour by hour, `shape` the usual week, `level` how much goes at present, `replay` forecasts at every past instant from what was known then and
//! `errors` makes the range from how far those were off. `curve` draws what comes, `outlook` tells it, `depletion` meets it with a balance, `backtest` says how good it was.
//!
//! Knows nothing of: where the hours come from, time zones (the caller says each hour's place in the week), alerts, how it is shown.

mod backtest;
mod curve;
mod depletion;
mod errors;
mod history;
mod level;
mod outlook;
mod replay;
mod shape;

pub use backtest::{Score, backtest};
pub use depletion::{Advice, Runway};
pub use outlook::{BurnNow, Outlook, outlook};

use crate::time::Timestamp;
use crate::units::Units;
use crate::words::words;

/// The hours that are known of an account.
#[derive(Clone, Copy, Debug)]
pub struct Past<'a> {
    /// Start of the first hour, on an hour of UTC.
    pub first: Timestamp,
    /// What was spent in each whole hour, one after the other. None: not known (Salio was not running, or there was no figure). Below zero counts as nothing.
    pub hours: &'a [Option<Units>],
}

/// A scheduled or queued message, known for certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upcoming {
    /// When it is due; in the past means now.
    pub at: Timestamp,
    /// What it will cost.
    pub charge: Units,
}

/// What an outlook is made from.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The hours that are known; eight weeks of them are used, hours from `now` on are not.
    pub past: Past<'a>,
    /// The present instant.
    pub now: Timestamp,
    /// Spent since the start of the present hour.
    pub so_far: Units,
    /// What is certain to come, beside the usual burn.
    pub upcoming: &'a [Upcoming],
    /// The local hour of the week of an instant: 0 (Monday 00:00) to 167, in the server's time zone.
    pub slot_of: &'a dyn Fn(Timestamp) -> u16,
}

/// An amount with a range: it stays below `low` with 10 %, below `mid` with 50 % and below `high` with 90 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// 10 %.
    pub low: Units,
    /// 50 %.
    pub mid: Units,
    /// 90 %.
    pub high: Units,
}

words! {
    /// How much an outlook stands on.
    Basis {
        /// Not one hour is known: there is no figure.
        None = "none",
        /// Less than two weeks are known: weekdays are not told apart well, and the range is wide.
        Short = "short",
        /// Enough for the weekly shape.
        Whole = "whole",
    }
}

#[cfg(test)]
#[path = "traffic_tests.rs"]
mod traffic;

#[cfg(test)]
#[path = "runway_tests.rs"]
mod tests;
