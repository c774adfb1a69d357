//! The books: double entry per provider account, in millionths. Rows are chained by hashes, days are sealed, and a [`Verifier`] finds whatever was changed since.
//!
//! Knows nothing of where rows are kept. Corrections are new entries: nothing here edits one.
//!
//! A day is sealed by the first entry of a later day, in the same commit ([`seal_due`]): the seals follow from the entries alone.

mod chain;
mod entry;
mod verify;

pub use chain::{Hash, NOTHING_BEFORE, Seal, day_of, entry_hash, seal_due, seal_hash};
pub use entry::{Balances, Entry, EntryKind, Purpose};
pub use verify::{LedgerFault, Verifier};

#[cfg(test)]
mod tests;
