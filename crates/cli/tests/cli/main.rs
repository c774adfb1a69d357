//! The real binary, in directories of its own, with a clean environment and a simulated provider on a free port.
//!
//! Knows nothing of: the inside of the binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "these are tests, helpers included")]

mod balance;
mod books;
mod bulk;
mod demo;
mod doctor;
mod evidence;
mod locks;
mod secrets;
mod send;
mod serve;
mod site;
mod usage;
