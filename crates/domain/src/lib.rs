//! Values and decisions of Salio, pure: units, numbers, segments, the balance estimate, when to ask, what to do with an answer.
//!
//! Knows nothing of: async, I/O, SQL, HTTP, vendors, the clock, randomness, logging. Time and randomness come in as arguments.
#![deny(clippy::float_arithmetic)]

pub mod admission;
pub mod alert;
pub mod balance;
pub mod ids;
pub mod ledger;
pub mod message;
pub mod msisdn;
pub mod outbox;
pub mod outgoing;
pub mod planted;
pub mod pricing;
pub mod report;
pub mod runway;
pub mod segments;
pub mod template;
pub mod time;
pub mod units;
mod words;

pub use ids::{AccountId, AlertId, BatchId, ChannelId, InboundId, MessageId, ReportId, RuleId, SubmissionId, SubscriptionId, TokenId};
pub use msisdn::Msisdn;
pub use time::{Millis, Timestamp};
pub use units::Units;
