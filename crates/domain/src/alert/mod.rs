//! Alerts: what a rule watches ([`Rule`]), what it sees ([`read`]), when it speaks ([`step`]) and what it says ([`text`]).
//!
//! Knows nothing of channels, of where states are kept, of time zones, nor of who asks the provider: a step only says that a question is wanted.
//! One [`State`] per rule and account; whoever stores it and the notices of a step in one transaction tells each crossing exactly once.

mod aging;
mod condition;
mod defaults;
mod figure;
mod notice;
mod options;
mod phase;
mod place;
mod read;
mod rule;
mod state;
mod step;
mod tell;
pub mod text;

pub use condition::{Condition, ConditionError};
pub use defaults::default_rules;
pub use figure::{Advice, ENDLESS, Figure, Reading, Seen, Unanswered};
pub use notice::{Confirmation, Notice, NoticeKind};
pub use options::{Moment, Options, QuietHours};
pub use place::{Place, place};
pub use read::{Burn, Drift, View, Waiting, read};
pub use rule::{Rule, RuleKind, Severity};
pub use state::{Acknowledged, Confirming, Firing, Phase, Snooze, State};
pub use step::{Step, step};

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod holding_tests;
#[cfg(test)]
mod path_tests;
#[cfg(test)]
mod step_tests;
