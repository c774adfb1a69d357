//! The balance: how a shown figure is derived from what the provider said and what was sent. Product section 2.
//!
//! [`take`] folds one answer into the estimate, [`standing`] says what is shown, [`plan`] when to ask next, [`budget`] whether that is allowed.

pub mod budget;
pub mod charge;
pub mod plan;
pub mod reading;
pub mod standing;
pub mod take;

pub use budget::{Budget, Call, CallClass, Grant, Pool, Shares};
pub use charge::OpenCharge;
pub use plan::{AskSettings, Plan, Reason, next_ask};
pub use reading::BalanceForm;
pub use standing::{EndSums, Failed, Failure, Health, Standing, State};
pub use take::{Observed, Opening, Remembered, SettleRules, Take, TakeInput, Taken, TopUp, Verdict, reassign, take};
