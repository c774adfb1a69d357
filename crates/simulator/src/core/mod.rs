//! The pure model of one prepaid account at the vendor. No I/O, no clock, no outside randomness: time is an argument in microseconds,
//! chance comes from a seed, so a run with the same calls at the same instants replays to the byte.
//!
//! A call goes `begin` (count it, decide its fault) → `submit` or `balance` (structured), or `answer` (the bytes as they go over the
//! wire). Whoever drives the model waits the milliseconds it names and sends the reports that [`Model::take_reports`] hands out.

mod account;
mod answer;
mod balance;
mod calendar;
mod charging;
mod codes;
mod config;
mod counters;
mod credentials;
mod dice;
mod dlr;
mod face;
mod fault;
mod fault_check;
mod fault_parts;
mod gsm;
mod inbound;
mod lists;
mod micros;
mod model;
mod plan;
mod query;
mod record;
mod render;
mod reply;
mod reports;
mod request;
mod rows;
mod service;
mod shapes;
mod submit;
mod timeline;
mod variants;

pub use account::{Books, SimAccount};
pub use answer::{Answer, Call, Wire};
pub use balance::BalanceReply;
pub use charging::{Charging, CreditCheck, OtherSpender, TwoStep};
pub use config::{ScheduledTopUp, SimConfig};
pub use counters::Calls;
pub use credentials::{AccessKeyRequired, BAD_CREDENTIALS, Credentials, Login, NO_API_ACCESS};
pub use dlr::{DlrPlan, Outcome, Report};
pub use fault::Fault;
pub use fault_parts::{Effect, NoId, StatusBody, Where};
pub use gsm::segments;
pub use inbound::{InboundMessage, InboundPlan, InboundShape, inbound_request};
pub use micros::{Micros, NotAnAmount, ONE_UNIT};
pub use model::{Begun, Model};
pub use plan::{Chance, FaultPlan, Next, RateLimit, Window};
pub use record::{Accepted, Duplicate};
pub use reply::{Refusal, RowReply, SubmitReply};
pub use request::{SubmitRequest, SubmitRow};
pub use service::Service;
pub use shapes::{DlrRequest, DlrShape, dlr_request};
pub use variants::{Casing, CodeForm, CredentialsForm, CreditsForm, DataForm, DescriptionForm, EchoForm, IdForm, OutOfCreditForm, PluginsForm, Variants};
