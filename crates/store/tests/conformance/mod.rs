//! What every store must do, told once; knows nothing of how any of them does it.

pub mod accepting;
pub mod asking;
pub mod books;
pub mod ending;
pub mod forms;
pub mod harness;
pub mod house;
pub mod looking;
pub mod pausing;
pub mod restarting;
pub mod story;
pub mod submitting;
pub mod taking;
pub mod twins;
