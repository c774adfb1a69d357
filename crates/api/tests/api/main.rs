//! The HTTP border through its real router, over an engine with the memory store and a provider that says what a test tells it to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests fail as tests do")]

mod assets;
mod balance;
mod document;
mod events;
mod messages;
mod refusals;
mod server;
mod support;
