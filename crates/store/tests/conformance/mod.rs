//! What every store must do, told once; knows nothing of how any of them does it.
//!
//! Where the trait's documentation leaves a choice, these tests fix it, and a store follows the tests (not another store):
//! - a scheduled message gets a step `queued` with cause `due` when a claim finds its time come; `cancelled` and `expired` carry the causes
//!   `cancelled` and `valid_until`; only what a claim meets on its way expires, when `valid_until` ≤ now;
//! - an older answer's row shows what was shown (unchanged); history leaves it out, and counts steps from the epoch;
//! - happenings of a submission carry its sender; `refused` means that all were refused for good; a restart tells `unknown`; `agreed` moves 0; a top-up tells the least that is known of it by now;
//! - `resume` makes what waits for another try due, paused or not; a figure in the account's own form ends a quarantine.

pub mod accepting;
pub mod asking;
pub mod booking;
pub mod books;
pub mod dice;
pub mod ending;
pub mod forms;
pub mod harness;
pub mod holding;
pub mod house;
pub mod keys;
pub mod lanes;
pub mod listing;
pub mod looking;
pub mod ordering;
pub mod pausing;
pub mod reporting;
pub mod resending;
pub mod restarting;
pub mod settling;
pub mod story;
pub mod streams;
pub mod submitting;
pub mod sweeping;
pub mod taking;
pub mod tales;
pub mod twins;
