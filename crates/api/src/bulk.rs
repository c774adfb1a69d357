//! What a stream of messages looks like in HTTP: its parameters, its bytes with the limits of patience, its answers.
//!
//! Knows nothing of: lines, columns, batches. What is in the stream is the engine's to read.

mod answer;
mod bytes;
mod params;

pub(crate) use answer::{accepted, refused};
pub(crate) use bytes::{drain, patient};
pub(crate) use params::{BulkParams, request};
