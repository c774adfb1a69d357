//! What the provider did with a submission, and what happens to its messages next. Drivers say what happened; only this room decides.

pub mod decide;
pub mod outcome;

pub use decide::{ChargeFate, Decision, Pause, RetryPolicy, decide};
pub use outcome::{RecipientOutcome, Refusal, RefusalClass, SubmitOutcome};
