//! Streams of messages, of any length: CSV and NDJSON, line by line, in constant memory, resumed where they broke.
//!
//! Bytes are cut into blocks (`cut`, `scan`), lines read into messages (`header`, `cells`, `json`, `reader`), blocks staged and released (`stream`). Knows nothing of: HTTP, SQL.

mod cells;
mod compare;
mod cut;
mod feed;
mod guard;
mod header;
mod json;
mod own;
mod reader;
mod refusal;
mod request;
mod scan;
mod seen;
mod source;
mod stream;

pub use request::{Broken, BulkBody, BulkError, BulkForm, BulkOutcome, BulkRequest, ERRORS_TOLD};
pub use scan::{LINE_LIMIT, QUOTED_BREAKS};
pub use seen::GENERATION;

#[cfg(test)]
mod tests;
