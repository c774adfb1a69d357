//! The running parts: the balance tracker, the intake, the dispatcher, and the hub from which viewers hear. Each is options, a run loop and a cheap handle.
//!
//! Knows nothing of: SQL, HTTP types, vendor words, the raw clock. What to decide is decided in the domain.

pub mod balance;
pub mod batches;
pub mod bulk;
pub mod clock;
pub mod engine;
pub mod entropy;
pub mod evidence;
pub mod hub;
pub mod options;
pub mod outbox;
pub mod schedule;
mod shared;
pub mod view;
mod waiting;

pub use balance::{RefreshError, Refreshed};
pub use batches::BatchView;
pub use clock::Clock;
pub use engine::{Engine, EngineError};
pub use entropy::Entropy;
pub use evidence::{CallError, ForwardFailure, Forwarder, KeyError, Keys, NewKey, ShownKey};
pub use hub::{Event, Hub, MessageEvent, RefreshPhase};
pub use options::{AccountOptions, BalanceOptions, DispatchOptions, EngineOptions, Mode};
pub use outbox::{AcceptError, Accepted, AcceptedMessage, Draft, DraftError, Intake, Key, Quote, RejectedRecipient, Rows};
pub use salio_provider as provider;
pub use salio_store as store;
pub use view::{BalanceView, PauseCause, Paused};
