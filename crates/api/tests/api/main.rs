//! The HTTP border through its real router, over an engine with the memory store and a provider that says what a test tells it to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests fail as tests do")]

mod accounts;
mod admission;
mod assets;
mod balance;
mod batches;
mod books;
mod bulk;
mod document;
mod doubts;
mod driver;
mod dropin;
mod events;
mod hanging_up;
mod messages;
mod refusals;
mod reports;
mod server;
mod stops;
mod support;
mod tokens;
mod traffic;
mod webhooks;
