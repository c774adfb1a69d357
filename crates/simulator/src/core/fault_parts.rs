//! The choices inside a fault. Must not know which fault has which.

use serde::{Deserialize, Serialize};

/// Whether a submission whose answer is spoiled takes effect all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Nothing was accepted.
    #[default]
    None,
    /// Everything was accepted at once.
    Now,
    /// Everything is accepted this many milliseconds later (the vendor has been seen to do so an hour after a 429).
    LaterMs(u64),
}

/// What stands in the body of a bare HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusBody {
    /// The vendor's envelope with a code that fits the status (7 for 401, else 6).
    Envelope,
    /// A proxy's page.
    #[default]
    Html,
    /// Nothing.
    Empty,
    /// A line of plain text.
    Text,
}

/// Which rows a fault of rows leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Where {
    /// The last ones.
    #[default]
    End,
    /// The first ones.
    Start,
    /// Any, by chance.
    Anywhere,
}

/// How an accepted row fails to carry its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoId {
    /// `""`
    #[default]
    Empty,
    /// `null`
    Null,
    /// The field is not there.
    Absent,
    /// `"  "`
    Blank,
}
