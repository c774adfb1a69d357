//! The outbox: what is accepted is on disk; what has begun is never begun again by itself.
//!
//! [`Intake`] accepts, the dispatcher sends, housekeeping takes back. None knows a vendor or decides what an outcome means (domain::outbox).

mod brake;
mod dispatcher;
mod draft;
mod housekeeping;
mod intake;
mod offer;
pub(crate) mod prepare;
mod rate;
mod rows;
mod shortness;
mod stops;
mod submission;

pub(crate) use dispatcher::{Dispatcher, DispatcherParts};
pub use draft::{AcceptError, Accepted, AcceptedMessage, Draft, DraftError, Key, MAX_RECIPIENTS, Quote, RejectedRecipient};
pub(crate) use housekeeping::{keep_house, sweep_out};
pub use intake::Intake;
pub(crate) use intake::{IntakeAccount, found_by};
pub use rows::Rows;
pub(crate) use stops::StopList;
