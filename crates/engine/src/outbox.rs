//! The outbox: what is accepted is on disk; what has begun is never begun again by itself.
//!
//! [`Intake`] accepts, the dispatcher sends. Neither knows a vendor or decides what an outcome means (domain::outbox).

mod dispatcher;
mod intake;
mod submission;

pub(crate) use dispatcher::{Dispatcher, DispatcherParts};
pub(crate) use intake::IntakeAccount;
pub use intake::{AcceptError, Accepted, AcceptedMessage, Draft, DraftError, Intake, Key, RejectedRecipient};
