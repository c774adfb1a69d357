//! What comes after a submission: delivery reports, messages from phones, look-ups of messages in doubt, a person's word, keys and what is forwarded to their programs.
//!
//! Knows no rules: what evidence means is decided in the domain and applied by the store.

mod doubts;
mod forwards;
mod found;
mod intake;
mod keys;
#[cfg(test)]
mod tests_support;

pub use forwards::{ForwardFailure, Forwarder};
pub use intake::CallError;
pub use keys::{KeyError, Keys, NewKey, ShownKey};

pub(crate) use doubts::{Doubts, settle_doubts};
pub(crate) use forwards::forward_reports;
