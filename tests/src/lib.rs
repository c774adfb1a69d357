//! What the tests of the whole house share: models that know the truth, and auditors that share no code with the engine.
#![allow(clippy::panic, reason = "a story that cannot go on fails")]

pub mod audit;
pub mod binary;
pub mod estimate;
pub mod house;
pub mod provider;
pub mod torture;
