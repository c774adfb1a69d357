//! What the provider did with a submission, and what happens to its messages next. Drivers say what happened; only this room decides.

pub mod decide;
pub mod doubt;
pub mod lane;
pub mod outcome;

pub use decide::{ChargeFate, Decision, Pause, REFUSED_TOGETHER, RetryPolicy, decide};
pub use doubt::{OnUnknown, RESEND_AFTER, after_doubt, look_up_again_at, look_up_at, resend_at};
pub use lane::next_lane;
pub use outcome::{RecipientOutcome, Refusal, RefusalClass, SubmitOutcome};
